"""What a page says, however its template is broken into lines."""

from __future__ import annotations

import html
import re


def flat(page: str) -> str:
    """`page` in one line, with no white space beside an element: `<li><a href="/">Home</a></li>`."""
    return re.sub(r"\s*(<)|\s*(/?>)\s*", r"\1\2", " ".join(page.split()))


def words_in(page: str) -> str:
    """What `page` says, without its elements."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
