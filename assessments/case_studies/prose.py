"""Texts of a version as HTML: Markdown's paragraphs, headings, lists, tables and emphasis, and no more."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from functools import cache, lru_cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

# Links, images and HTML stay as they were typed: nothing of a text leads elsewhere or is markup of its own.
UNDERSTOOD = ["heading", "list", "table", "emphasis", "escape", "hr"]
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


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("zero", renderer_cls=_Renderer).enable(UNDERSTOOD)


# Markers open the same few texts over and over.
@lru_cache(maxsize=512)
def prose(text: str, highest: int = HIGHEST) -> SafeString:
    """`text` as HTML; everything that is not understood as Markdown is escaped.

    Args:
        highest: what a heading of one # becomes, so that a page's headings stay in order.
    """
    tokens = _reader().parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + highest - 1, LOWEST)}"
    # markdown-it escapes every text that it writes; HTML is not among what it understands here.
    return mark_safe(_reader().renderer.render(tokens, _reader().options, {}).strip())  # noqa: S308  # nosec B308 B703
