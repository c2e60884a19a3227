"""The components of a page, in every template: `{% notice tone="warning" %}…{% endnotice %}` and the like.

Each writes one element of the style sheet with what belongs to it, and refuses an argument it does not know.
`templates/components/README.md` shows them; docs/adr/0029 says why their HTML stands here.
"""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def back_link(words: str, to: str, *of: Any) -> SafeString:
    """Where one came from, above the page. `to`: a route's name, with what it is `of`; or an address."""
    return format_html(
        '<nav class="back" aria-label="{}"><a class="back-link" href="{}">{}</a></nav>',
        _("Back"),
        to if to.startswith(("/", "?")) else reverse(to, args=of),
        words or _("Back"),
    )


@register.simple_tag
def page_heading(heading: str, *, caption: Any = "", lead: Any = "") -> SafeString:
    """The page's `h1`; `caption`: whose or which, above it; `lead`: the page's first sentence."""
    above = format_html('<span class="caption">{}</span> ', caption) if caption else ""
    below = format_html('<p class="lead">{}</p>', lead) if lead else ""
    return format_html('<div class="page-heading"><h1>{}{}</h1>{}</div>', above, heading, below)


@register.simple_block_tag
def notice(content: str, *, tone: str = "", title: Any = "", role: str = "") -> SafeString:
    """What must not be overlooked. `tone`: none (information), `warning`, `good`, `attention`."""
    return format_html(
        '<div class="notice{}"{}>{}{}</div>',
        format_html(" notice-{}", tone) if tone else "",
        format_html(' role="{}"', role) if role else "",
        format_html('<p class="notice-title">{}</p>', title) if title else "",
        content,
    )


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """What is said beside, set apart by a line."""
    return format_html('<div class="inset">{}</div>', content)


@register.simple_block_tag
def details(content: str, summary: Any, *, is_open: Any = False, kind: str = "") -> SafeString:
    """What is opened by its `summary`. `kind`: another class of its own, such as `confirm`."""
    return format_html(
        '<details class="details{}"{}><summary>{}</summary><div class="details-body">{}</div></details>',
        format_html(" {}", kind) if kind else "",
        SafeString(" open") if is_open else "",
        summary,
        content,
    )


@register.simple_block_tag
def summary_row(content: str, key: Any) -> SafeString:
    """A row of a `<dl class="summary-list">`: what it is, and what stands there."""
    return format_html('<div class="summary-row"><dt>{}</dt><dd>{}</dd></div>', key, content)


@register.simple_tag
def tag(words: Any, *, tone: str = "neutral") -> SafeString:
    """A word about a state. `tone`: `neutral`, `good`, `waiting`, `attention`, `info`; never colour alone."""
    return format_html('<strong class="tag tag-{}">{}</strong>', tone, words)


@register.simple_block_tag
def empty_state(content: str, words: Any, *, url: str = "", action: Any = "") -> SafeString:
    """What a list without anything says: what will appear there, and within the tag, how."""
    return format_html(
        '<div class="empty"><p>{}</p>{}{}</div>',
        words,
        format_html('<p class="quiet">{}</p>', content) if content.strip() else "",
        format_html('<p><a class="btn btn-secondary" href="{}">{}</a></p>', url, action) if url else "",
    )
