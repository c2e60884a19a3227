"""Texts of a version as HTML: paragraphs and lists, everything escaped."""

from __future__ import annotations

import re
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

BULLET = "- "


def prose(text: str) -> SafeString:
    """`text` with its blocks as paragraphs, and lines that begin with "- " as a list."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return format_html_join("\n", "{}", ((_block(block),) for block in blocks if block))


def _block(block: str) -> SafeString:
    parts = groupby(block.split("\n"), key=lambda line: line.lstrip().startswith(BULLET))
    return format_html_join("\n", "{}", ((_part(listed, [*lines]),) for listed, lines in parts))


def _part(listed: bool, lines: list[str]) -> SafeString:
    if listed:
        items = ((line.lstrip().removeprefix(BULLET),) for line in lines)
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", items))
    return format_html("<p>{}</p>", format_html_join("\n", "{}", ((line,) for line in lines)))
