"""Reading what came from outside, part by part: what can be used of it, and what is wrong with the rest."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.utils.translation import gettext as _

from aimcert.foundation.fields import is_readable
from assessments.case_studies.exchange import Fault, Path, path_of, place_of
from assessments.case_studies.exchange.faults import said
from assessments.case_studies.kinds import Problem
from assessments.case_studies.spelling import one_way

TITLE = 150
LONGEST = 40_000
CODE = 50
NAME = 100
# How many there must be, and how many there can be.
LEAST = {"constructs": 0, "sections": 1, "questions": 1, "criteria": 1}
MOST = {"constructs": 60, "sections": 100, "questions": 100, "criteria": 50}
MOST_FAULTS = 500
KEYS = {
    "constructs": {"code", "name", "illustrative"},
    "sections": {"title", "body", "figure"},
    "questions": {
        "title",
        "text",
        "guidance",
        "guide_words",
        "kind",
        "settings",
        "model_answer",
        "criteria",
    },
    "criteria": {
        "text",
        "essential",
        "essential_because",
        "part",
        "met",
        "partly_met",
        "not_met",
        "constructs",
        "areas",
    },
}
VERSION_KEYS = {"programme", "title", "content_note", "fictional_statement", *LEAST} - {"criteria"}

Row = dict[str, Any]


class Reading:
    """The faults found so far, and how each shape is read.

    Attributes:
        faults: in the order in which they were met; the first 500 of them.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def say(self, path: Path, words: str, **values: Any) -> None:
        if len(self.faults) < MOST_FAULTS:
            told = {name: said(value) for name, value in values.items()}
            self.faults.append(Fault(path, words % {"where": place_of(path), **told}))

    def say_problems(self, path: Path, key: str, problems: list[Problem]) -> None:
        """What a kind or a figure says of what stands under `key`."""
        for one in problems:
            inner = f"{key}.{one.path}" if one.path else key
            way = (*path, key, *path_of(one.path))
            self.say(way, "%(where)s: %(inner)s %(said)s", inner=inner, said=one.words)

    def refuse_unknown(self, row: Row, known: set[str], path: Path) -> None:
        for key in row:
            if key not in known:
                self.say((*path, key), _("%(where)s: “%(key)s” is not known."), key=key)

    def text(
        self,
        row: Row,
        key: str,
        path: Path,
        *,
        optional: bool = False,
        longest: int = LONGEST,
        lines: bool = True,
    ) -> str:
        """The text under `key`, written in one way; empty where there is none."""
        value, place = row.get(key), (*path, key)
        if value is None and optional:
            return ""
        if not isinstance(value, str) or not (text := one_way(value)):
            if not optional:
                self.say(place, _("%(where)s: %(key)s is missing."), key=key)
            elif not isinstance(value, str):
                self.say(place, _("%(where)s: %(key)s is not text."), key=key)
            return ""
        if len(text) > longest:
            self.say(
                place,
                _("%(where)s: %(key)s has more than %(longest)s characters."),
                key=key,
                longest=longest,
            )
        if not is_readable(text):
            self.say(place, _("%(where)s: %(key)s holds a control character."), key=key)
        if not lines and any(unicodedata.category(sign) in ("Zl", "Zp") or sign == "\n" for sign in text):
            self.say(place, _("%(where)s: %(key)s has more than one line."), key=key)
        return text

    def flag(self, row: Row, key: str, path: Path) -> bool:
        value = row.get(key, False)
        if not isinstance(value, bool):
            self.say((*path, key), _("%(where)s: %(key)s is neither true nor false."), key=key)
        return value is True

    def names(self, row: Row, key: str, path: Path, known: set[str], *, least: int = 0) -> list[str]:
        """Names of what is known, sorted."""
        names, place = row.get(key), (*path, key)
        if names is None:
            names = []
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            self.say(place, _("%(where)s: %(key)s is not a list of names."), key=key)
            return []
        names = [one_way(name) for name in names]
        if len(names) < least:
            self.say(place, _("%(where)s: %(key)s names none."), key=key)
        if len(set(names)) < len(names):
            self.say(place, _("%(where)s: %(key)s names one twice."), key=key)
        for number, name in enumerate(names):
            if name not in known:
                self.say(
                    (*place, number),
                    _("%(where)s: %(key)s names “%(name)s”, which is not known."),
                    key=key,
                    name=name,
                )
        return sorted(set(names))

    def rows(self, content: Row, key: str, path: Path) -> list[tuple[Row, Path]]:
        """The rows under `key`, each with the way to it."""
        rows, place = content.get(key), (*path, key)
        if rows is None:
            rows = []
        if not isinstance(rows, list) or len(rows) < LEAST[key]:
            self.say(place, _("%(where)s: there are no %(key)s."), key=key)
            return []
        if len(rows) > MOST[key]:
            self.say(place, _("%(where)s: there are more than %(most)d %(key)s."), key=key, most=MOST[key])
            return []
        found = []
        for number, row in enumerate(rows):
            inner = (*place, number)
            if isinstance(row, dict):
                self.refuse_unknown(row, KEYS[key], inner)
                found.append((row, inner))
            else:
                self.say(inner, _("%(where)s has no parts that are named."))
        return found
