"""JSON as its values, with the line on which each stands.

The standard library tells where a file is broken, and not where a value stands; the one package
for Python that does (json-source-map) has had no release since 2021, and knows neither a key that is
there twice nor a limit. So this walks objects and lists itself, and leaves what is intricate, strings
and numbers, to the standard library.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]  # in no list of names
from json.scanner import NUMBER_RE
from typing import Any

from django.utils.translation import gettext as _

from assessments.case_studies.exchange.faults import Fault, Path, place_of, said

DEEPEST = 20
LONGEST_NUMBER = 15  # digits
SPACE = re.compile(r"[ \t\r\n]*")
WORD = re.compile(r"[-+\w.]+")
WORDS = {"true": True, "false": False, "null": None}


class Broken(Exception):
    """The text is no JSON; `words` says why, with line and column."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Positioned:
    """JSON, read once.

    Args:
        text: the whole file.

    Raises:
        Broken: it is no JSON, or nested too deeply.

    Attributes:
        value: what it says, as `json.loads` would give it.
        faults: names that stand twice in one object, and numbers that are none we could keep.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        # Where each line begins.
        self._begins = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        self._offsets: dict[Path, int] = {}
        self.faults: list[Fault] = []
        self.value, end = self._read(self._skip(0), ())
        if (end := self._skip(end)) < len(text):
            raise self._broken(end, _("nothing can follow the last }"))

    def line_of(self, path: Path) -> int:
        """The line of what `path` leads to; where that is missing, of what it is missing from."""
        while path and path not in self._offsets:
            path = path[:-1]
        return self._line(self._offsets.get(path, 0))

    def _line(self, offset: int) -> int:
        return bisect_right(self._begins, offset)

    def _broken(self, at: int, why: str) -> Broken:
        line = self._line(at)
        told = {"line": line, "column": at - self._begins[line - 1] + 1, "why": why}
        return Broken(_("Line %(line)d, column %(column)d: %(why)s.") % told)

    def _skip(self, at: int) -> int:
        found = SPACE.match(self._text, at)
        return found.end() if found else at

    def _read(self, at: int, path: Path) -> tuple[Any, int]:
        """The value that begins at `at`, and where it ends."""
        self._offsets.setdefault(path, at)
        if len(path) > DEEPEST:
            raise self._broken(at, _("there are too many brackets inside one another"))
        match self._text[at : at + 1]:
            case "{":
                return self._object(at + 1, path)
            case "[":
                return self._list(at + 1, path)
            case '"':
                return self._string(at)
            case _:
                return self._word(at, path)

    def _object(self, at: int, path: Path) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        at = self._skip(at)
        if self._text[at : at + 1] == "}":
            return found, at + 1
        while True:
            if self._text[at : at + 1] != '"':
                raise self._broken(at, _("a name in double quotes is expected here"))
            begin = at
            key, at = self._string(at)
            inner = (*path, key)
            if key in found:
                told = {"line": self._line(self._offsets[inner]), "key": said(key), "where": place_of(inner)}
                self.faults.append(
                    Fault(inner, _("%(where)s: “%(key)s” is there twice, first on line %(line)d.") % told)
                )
            at = self._skip(at)
            if self._text[at : at + 1] != ":":
                raise self._broken(at, _("a colon is expected here, after the name"))
            # A second of the same name is where the fault is.
            self._offsets[inner] = begin
            found[key], at = self._read(self._skip(at + 1), inner)
            at = self._skip(at)
            sign = self._text[at : at + 1]
            if sign == "}":
                return found, at + 1
            if sign != ",":
                raise self._broken(at, _("a comma or } is expected here"))
            at = self._skip(at + 1)

    def _list(self, at: int, path: Path) -> tuple[list[Any], int]:
        found: list[Any] = []
        at = self._skip(at)
        if self._text[at : at + 1] == "]":
            return found, at + 1
        while True:
            value, at = self._read(at, (*path, len(found)))
            found.append(value)
            at = self._skip(at)
            sign = self._text[at : at + 1]
            if sign == "]":
                return found, at + 1
            if sign != ",":
                raise self._broken(at, _("a comma or ] is expected here"))
            at = self._skip(at + 1)

    def _string(self, at: int) -> tuple[str, int]:
        try:
            return scanstring(self._text, at + 1, True)
        except JSONDecodeError as wrong:
            if wrong.pos == at or wrong.pos >= len(self._text):
                raise self._broken(at, _("this text has no closing double quote")) from None
            if ord(self._text[wrong.pos]) < 32:
                why = _(
                    "a text goes on over a line end, or holds a control character: write \\n for a line end"
                )
                raise self._broken(wrong.pos, why) from None
            raise self._broken(wrong.pos, _("after \\ something stands that JSON does not know")) from None

    def _word(self, at: int, path: Path) -> tuple[Any, int]:
        """A number, true, false or null."""
        found = WORD.match(self._text, at)
        if found is None:
            if at >= len(self._text):
                raise self._broken(at, _("the file ends too early"))
            raise self._broken(at, _("a value is expected here"))
        word = found[0]
        if word in WORDS:
            return WORDS[word], found.end()
        number = NUMBER_RE.fullmatch(word)
        if number is None or not word.isascii():
            told = {"word": said(word)}
            raise self._broken(
                at, _("“%(word)s” is no value that JSON knows: text needs double quotes") % told
            )
        if len(word) > LONGEST_NUMBER:
            told = {"where": place_of(path), "longest": LONGEST_NUMBER}
            self.faults.append(Fault(path, _("%(where)s: a number has more than %(longest)d digits.") % told))
            return 0, found.end()
        whole, fraction, exponent = number.groups()
        return (float(word) if fraction or exponent else int(whole)), found.end()
