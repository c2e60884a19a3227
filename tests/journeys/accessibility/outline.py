"""What a page's source says of itself: its skeleton, and what must be so on every page."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

from django.http import HttpResponse

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# How they are drawn, named and operated hangs on these; on the words and ids of others it does not.
TELLING = {"class", "role", "type", "disabled", "checked", "open", "hidden", "href", "scope", "lang"}
# One more of these, alike, makes no other page.
REPEATED = {"li", "tr", "option", "div", "fieldset", "p", "dt", "dd"}
# The same on page after page, and told apart from them: the areas, in the bar and in the menu.
FRAME = ("class=areas>", "class=menu-areas>")


@dataclass
class Form:
    """One form that is posted: where it goes, and what it sends when nobody fills it in.

    Attributes:
        sent: its hidden fields.
        button: what its first button sends, which the Enter key presses; None where it has none.
    """

    action: str
    sent: dict[str, str]
    button: dict[str, str] | None = None


class Outline(HTMLParser):
    """One page, read.

    Attributes:
        title: the words between its title's tags.
        words: all of its words.
        skeleton: a hash that pages share which differ in words, addresses and the number of rows alone,
            or in the areas around them.
        frame: the same of these areas.
        forms: those that are posted.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.title = self.words = ""
        self.lang = ""
        self.tags: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.has_error_summary = False
        self.leads_nowhere = 0
        self._frame = ""
        self.forms: list[Form] = []
        self._open: list[tuple[str, str, list[str]]] = [("", "", [])]
        self.feed(html)
        self.close()
        while len(self._open) > 1:
            self._end()
        self.skeleton = hashlib.sha256("".join(self._open[0][2]).encode()).hexdigest()
        self.frame = hashlib.sha256(self._frame.encode()).hexdigest()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        self.leads_nowhere += not given.get("href", "-")
        if "id" in given:
            self.ids[given["id"]] += 1
        if tag == "html":
            self.lang = given.get("lang", "")
        self.has_error_summary |= "data-error-summary" in given
        self._read_form(tag, given)
        told = [
            f"{name}={'' if name == 'href' else value}" if name in TELLING else name
            for name, value in sorted(given.items())
        ]
        self._open.append((tag, f"<{tag} {' '.join(told)}>", []))
        if tag in VOID:
            self._end()

    def handle_endtag(self, tag: str) -> None:
        if any(tag == opened for opened, _, _ in self._open):
            while self._open[-1][0] != tag:
                self._end()
            self._end()

    def handle_data(self, data: str) -> None:
        if self._open[-1][0] == "title" and self._open[-2][0] == "head":
            self.title += data
        self.words += data
        if data.strip():
            self._add("", "·")

    def _read_form(self, tag: str, given: dict[str, str]) -> None:
        if tag == "form" and given.get("method") == "post":
            self.forms.append(Form(given.get("action", ""), {}))
        elif any(opened == "form" for opened, _, _ in self._open) and self.forms:
            form, own = self.forms[-1], {given["name"]: given.get("value", "")} if "name" in given else {}
            if given.get("type") == "hidden":
                form.sent |= own
            elif tag == "button" and given.get("type", "submit") == "submit" and form.button is None:
                form.button = own

    def _end(self) -> None:
        tag, start, inside = self._open.pop()
        part = f"{start}{''.join(inside)}</{tag}>"
        if start.endswith(FRAME):
            self._frame += part
        else:
            self._add(tag, part)

    def _add(self, tag: str, part: str) -> None:
        inside = self._open[-1][2]
        if not (tag in REPEATED and part in inside):
            inside.append(part)

    def faults(self) -> list[str]:
        """What is wrong with it, in words."""
        found = [f"two elements have the id {name}" for name, count in self.ids.items() if count > 1]
        found += [f"{self.tags[tag]} {tag}" for tag in ("h1", "main") if self.tags[tag] != 1]
        # Django's own words say neither which field nor what to do.
        found += ["says: This field is required."] * ("This field is required." in self.words)
        if self.leads_nowhere:
            found.append(f"{self.leads_nowhere} links with no address")
        if not self.lang:
            found.append("no language")
        subject = self.title.removesuffix(" – AIMcert").removeprefix("Error: ").strip()
        if not subject or subject == "AIMcert" or not self.title.endswith(" – AIMcert"):
            found.append(f"the title does not say which page it is: {self.title!r}")
        if self.has_error_summary != self.title.startswith("Error: "):
            found.append(f"the title and the error summary disagree: {self.title!r}")
        return found


def outline_of(response: HttpResponse) -> Outline:
    """The outline of a page that was asked for; each of those who want it gets the same one."""
    return _read(response.content)


@lru_cache(maxsize=2)
def _read(content: bytes) -> Outline:
    return Outline(content.decode())
