"""What a page says, however its template is broken into lines."""

from __future__ import annotations

import re


def flat(html: str) -> str:
    """`html` in one line, with no white space beside an element: `<li><a href="/">Home</a></li>`."""
    return re.sub(r"\s*(<)|\s*(/?>)\s*", r"\1\2", " ".join(html.split()))
