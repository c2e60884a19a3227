"""Texts that people write, as HTML: Markdown's paragraphs, headings, lists, tables, emphasis, and no more."""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from functools import cache, lru_cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

# Images and HTML stay as they were typed: nothing of a text is markup of its own. So do links, but where they
# are asked for.
UNDERSTOOD = ["heading", "list", "table", "emphasis", "escape", "hr"]
LINKS = ["link", "autolink"]
LEADS_TO = re.compile(r"(https://|mailto:|/(?!/))", re.IGNORECASE)
HIGHEST, LOWEST = 3, 6


class _Renderer(RendererHTML):
    """As markdown-it writes it, but a table scrolls on a phone, and its headers say what they head."""

    def table_open(
        self, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        region = f'<div class="table-scroll" tabindex="0" role="region" aria-label="{_("Table")}">'
        return f'{region}<table class="table">\n'

    def table_close(
        self, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        return "</table></div>\n"

    def th_open(
        self, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        return '<th scope="col">'

    def td_open(
        self, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        return "<td>"


class _Reader(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return LEADS_TO.match(url) is not None


@cache
def _reader(*, links: bool) -> MarkdownIt:
    return _Reader("zero", renderer_cls=_Renderer).enable(UNDERSTOOD + (LINKS if links else []))


# Markers open the same few texts over and over.
@lru_cache(maxsize=512)
def prose(text: str, highest: int = HIGHEST, *, links: bool = False) -> SafeString:
    """`text` as HTML; everything that is not understood as Markdown is escaped.

    Args:
        highest: what a heading of one # becomes, so that a page's headings stay in order.
        links: whether it may lead elsewhere: over HTTPS, to an address for mail, or to a page of ours.
    """
    reader = _reader(links=links)
    tokens = reader.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + highest - 1, LOWEST)}"
    # markdown-it escapes every text that it writes; HTML is not among what it understands here.
    return mark_safe(reader.renderer.render(tokens, reader.options, {}).strip())  # noqa: S308  # nosec B308 B703
