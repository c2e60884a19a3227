"""What a page says, however its template is broken into lines."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser


def flat(page: str) -> str:
    """`page` in one line, with no white space beside an element: `<li><a href="/">Home</a></li>`."""
    return re.sub(r"\s*(<)|\s*(/?>)\s*", r"\1\2", " ".join(page.split()))


def words_in(page: str) -> str:
    """What `page` says, without its elements."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, str] = {}
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, self._text = given.get("name", ""), ""
        is_left = given.get("type") in ("radio", "checkbox") and "checked" not in given
        if tag == "input" and name and not is_left:
            self.found[name] = given.get("value", "on")
        elif tag == "textarea":
            self._text = name
            self.found[name] = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.found[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        self._text = ""


def fields_in(page: str) -> dict[str, str]:
    """What a browser would send of every field of `page`, as it stands; of several of a name the last."""
    parsed = _Fields()
    parsed.feed(page)
    return parsed.found
