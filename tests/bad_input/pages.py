"""A page as somebody reads it: its title, its errors, and what stands in its fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.http import HttpResponse

# They have no end.
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "path", "source", "wbr"}


@dataclass
class Page:
    """What a page says and holds."""

    title: str = ""
    # The error summary: where each line leads ("" for nowhere), and its words.
    summary: list[tuple[str, str]] = field(default_factory=list)
    # What stands beside the fields.
    beside: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    # What each field would be sent with.
    values: dict[str, list[str]] = field(default_factory=dict)


def read(response: HttpResponse) -> Page:
    """`response` as a page."""
    reader = _Reader()
    reader.feed(response.content.decode())
    return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._open: list[tuple[str, str]] = []
        self._select = ""
        self._text = ""
        self._collects = ""
        self._href = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.page.ids.add(given["id"])
        if tag not in VOID:
            self._open.append((tag, given.get("class", "")))
        name = given.get("name", "")
        if tag == "input" and name:
            ticked = given.get("type") not in ("radio", "checkbox") or "checked" in given
            if ticked:
                self.page.values.setdefault(name, []).append(
                    given.get("value", "on" if "checked" in given else "")
                )
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.page.values.setdefault(self._select, []).append(given.get("value", ""))
        elif tag == "textarea":
            self._begin(f"textarea {name}")
        elif tag == "title" and not self.page.title:
            self._begin("title")
        elif tag == "li" and self._within("error-summary"):
            self._href = ""
            self._begin("summary")
        elif tag == "a" and self._collects == "summary":
            self._href = given.get("href", "")
        elif "notice-attention" in given.get("class", "") or "field-error" in given.get("class", ""):
            self._begin("beside")

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            opened, classes = self._open.pop()
            if opened == tag:
                break
        else:
            return
        text = " ".join(self._text.split())
        if tag == "textarea" and self._collects.startswith("textarea"):
            # A browser leaves the first line break out.
            self.page.values.setdefault(self._collects.partition(" ")[2], []).append(
                self._text.removeprefix("\n")
            )
        elif tag == "title" and self._collects == "title":
            self.page.title = text
        elif tag == "li" and self._collects == "summary":
            self.page.summary.append((self._href, text))
        elif self._collects == "beside" and ("notice-attention" in classes or "field-error" in classes):
            self.page.beside.append(text)
        else:
            return
        self._collects = ""

    def handle_data(self, data: str) -> None:
        if self._collects:
            self._text += data

    def _begin(self, what: str) -> None:
        self._collects, self._text = what, ""

    def _within(self, css_class: str) -> bool:
        return any(css_class in classes.split() for _tag, classes in self._open)
