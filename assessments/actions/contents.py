"""What a proposed version's content must be: everything that is wrong with it, said at once."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.utils.translation import gettext as _

from assessments.canonical import area_key
from assessments.figures import figure_problems
from assessments.kinds import KINDS, PLAIN, Kind
from assessments.models import Construct, FrameworkEdition
from courses.models import Programme

TITLE = 150
LONGEST = 40_000
ROWS = {
    "constructs": 0,
    "sections": 1,
    "questions": 1,
    "criteria": 1,
}  # how many there must be
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
VERSION_KEYS = {"programme", "title", "content_note", "fictional_statement", *ROWS} - {"criteria"}


class CheckedContent:
    """A version's content, read once, with what is wrong with it in the order in which it is met.

    Args:
        content: in the shape of certification/sample/aim3.yaml, once read from YAML or JSON.

    Attributes:
        problems: each a sentence that says where and what; empty where the content can be used.
        content: as `fingerprints.content_of` gives it.
        constructs: code, name and is_illustrative of each construct that it brings along.
        programme: the programme that it names, where there is one.
        edition: of its framework, the one in use; None where it has none.
    """

    def __init__(self, content: Any) -> None:
        self.problems: list[str] = []
        self.content: dict[str, Any] = {}
        self.constructs: list[dict[str, Any]] = []
        self.programme: Programme | None = None
        self.edition: FrameworkEdition | None = None
        if isinstance(content, dict):
            self._read(content)
        else:
            self._say(_("This is not a version: it has no programme, title, sections and questions."))

    def _read(self, content: dict[str, Any]) -> None:
        version = _("Version")
        self._refuse_unknown(content, VERSION_KEYS, version)
        code = self._text(content, "programme", version, longest=50)
        self.programme = Programme.objects.filter(code=code).first()
        if code and self.programme is None:
            self._say(_("There is no programme “%(code)s”."), code=code)
        self.constructs = [
            {
                "code": self._text(row, "code", where, longest=50),
                "name": self._text(row, "name", where, longest=100),
                "is_illustrative": self._flag(row, "illustrative", where),
            }
            for row, where in self._rows(content, "constructs", _("Construct %(number)s"))
        ]
        constructs = self._known_constructs()
        self.edition = FrameworkEdition.objects.current().filter(programme=self.programme).first()
        areas = {area_key(area) for area in self.edition.areas.all()} if self.edition else set()
        self.content = {
            "programme": code,
            "title": self._text(content, "title", version, longest=TITLE),
            "content_note": self._text(content, "content_note", version),
            "fictional_statement": self._text(content, "fictional_statement", version),
            "sections": [
                {
                    "title": self._text(row, "title", where, longest=TITLE),
                    "body": self._text(row, "body", where),
                    "figure": self._figure(row, where),
                }
                for row, where in self._rows(content, "sections", _("Section %(number)s"))
            ],
            "questions": [
                self._question(row, where, constructs, areas)
                for row, where in self._rows(content, "questions", _("Question %(number)s"))
            ],
        }
        if not any(
            row["essential"] for question in self.content["questions"] for row in question["criteria"]
        ):
            self._say(
                _("No criterion is essential, so the marks could never show that somebody is competent.")
            )

    def _question(
        self, row: dict[str, Any], where: str, constructs: set[str], areas: set[str]
    ) -> dict[str, Any]:
        words = row.get("guide_words")
        if words is not None and (type(words) is not int or not 1 <= words <= 5_000):
            self._say(
                _("%(where)s: guide_words is not a whole number from 1 to 5000."),
                where=where,
            )
            words = None
        kind, settings = self._kind(row, where)
        parts = {key for key, _title in kind.parts(settings)} if kind and settings is not None else set()
        return {
            "title": self._text(row, "title", where, longest=TITLE),
            "text": self._text(row, "text", where),
            "guidance": self._text(row, "guidance", where, optional=True),
            "guide_words": words,
            "kind": kind.code if kind else "",
            "settings": settings or {},
            "model_answer": self._text(row, "model_answer", where),
            "criteria": [
                {
                    "text": self._text(criterion, "text", place),
                    "essential": self._flag(criterion, "essential", place),
                    "essential_because": self._because(criterion, place, kind),
                    "part": self._part(criterion, place, parts),
                    "met": self._text(criterion, "met", place),
                    "partly_met": self._text(criterion, "partly_met", place),
                    "not_met": self._text(criterion, "not_met", place),
                    "constructs": self._names(criterion, "constructs", place, constructs, least=1),
                    "areas": self._names(criterion, "areas", place, areas),
                }
                for criterion, place in self._rows(
                    row, "criteria", _("%(where)s, criterion %(number)s"), within=where
                )
            ],
        }

    def _kind(self, row: dict[str, Any], where: str) -> tuple[Kind | None, dict[str, Any] | None]:
        """The question's kind and its settings; None for what cannot be used."""
        kind = KINDS.get(row.get("kind", PLAIN)) if isinstance(row.get("kind", PLAIN), str) else None
        if kind is None:
            self._say(_("%(where)s: kind is none of %(kinds)s."), where=where, kinds=", ".join(sorted(KINDS)))
            return None, None
        settings = row.get("settings", {})
        problems = kind.problems_of(settings)
        for problem in problems:
            path = f"settings.{problem.path}" if problem.path else "settings"
            self._say("%(where)s: %(path)s %(said)s", where=where, path=path, said=problem.words)
        return kind, None if problems else settings

    def _because(self, row: dict[str, Any], where: str, kind: Kind | None) -> str:
        """Why a criterion is essential, where its question's kind asks for that."""
        essential = row.get("essential") is True
        asked = essential and kind is not None and kind.essential_by_decision
        if row.get("essential_because") and not essential:
            self._say(_("%(where)s: essential_because is for an essential criterion alone."), where=where)
        return self._text(row, "essential_because", where, optional=not asked)

    def _part(self, row: dict[str, Any], where: str, parts: set[str]) -> str:
        part = self._text(row, "part", where, optional=True, longest=100)
        if part and part not in parts:
            self._say(
                _("%(where)s: part names “%(part)s”, which the answer does not have."), where=where, part=part
            )
        return part

    def _figure(self, row: dict[str, Any], where: str) -> dict[str, Any] | None:
        figure = row.get("figure")
        if figure is None:
            return None
        problems = figure_problems(figure)
        for problem in problems:
            path = f"figure.{problem.path}" if problem.path else "figure"
            self._say("%(where)s: %(path)s %(said)s", where=where, path=path, said=problem.words)
        return None if problems else figure

    def _known_constructs(self) -> set[str]:
        """Codes that criteria may name: the programme's, and those that come along and fit them."""
        names = dict(Construct.objects.filter(programme=self.programme).values_list("code", "name"))
        for row in self.constructs:
            if names.setdefault(row["code"], row["name"]) != row["name"]:
                self._say(
                    _("The construct “%(code)s” is called “%(known)s” already, not “%(name)s”."),
                    code=row["code"],
                    known=names[row["code"]],
                    name=row["name"],
                )
        if len({row["code"] for row in self.constructs}) < len(self.constructs):
            self._say(_("One of the constructs is there twice."))
        return set(names)

    def _names(
        self,
        row: dict[str, Any],
        key: str,
        where: str,
        known: set[str],
        *,
        least: int = 0,
    ) -> list[str]:
        names = row.get(key) or []
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            self._say(_("%(where)s: %(key)s is not a list of names."), where=where, key=key)
            return []
        names = [one_way(name) for name in names]
        if len(names) < least:
            self._say(_("%(where)s: %(key)s names none."), where=where, key=key)
        if len(set(names)) < len(names):
            self._say(_("%(where)s: %(key)s names one twice."), where=where, key=key)
        for name in names:
            if name not in known:
                self._say(
                    _("%(where)s: %(key)s names “%(name)s”, which is not known."),
                    where=where,
                    key=key,
                    name=name,
                )
        return sorted(set(names))

    def _rows(
        self, content: dict[str, Any], key: str, called: str, *, within: str = ""
    ) -> list[tuple[dict[str, Any], str]]:
        """The rows under `key`, each with the words that say where it is."""
        rows = content.get(key) or []
        outer = within or _("Version")
        if not isinstance(rows, list) or len(rows) < ROWS[key]:
            self._say(_("%(where)s: there are no %(key)s."), where=outer, key=key)
            return []
        found = []
        for number, row in enumerate(rows, start=1):
            where = called % {"where": within, "number": number}
            if isinstance(row, dict):
                self._refuse_unknown(row, KEYS[key], where)
                found.append((row, where))
            else:
                self._say(_("%(where)s has no parts that are named."), where=where)
        return found

    def _text(
        self,
        row: dict[str, Any],
        key: str,
        where: str,
        *,
        optional: bool = False,
        longest: int = LONGEST,
    ) -> str:
        text = row.get(key)
        if text is None and optional:
            return ""
        if not isinstance(text, str) or not (text := one_way(text)):
            if not optional:
                self._say(_("%(where)s: %(key)s is missing."), where=where, key=key)
            return ""
        if len(text) > longest:
            self._say(
                _("%(where)s: %(key)s has more than %(longest)s characters."),
                where=where,
                key=key,
                longest=longest,
            )
        if any(unicodedata.category(char) == "Cc" and char != "\n" for char in text):
            self._say(_("%(where)s: %(key)s holds a control character."), where=where, key=key)
        return text

    def _flag(self, row: dict[str, Any], key: str, where: str) -> bool:
        value = row.get(key, False)
        if not isinstance(value, bool):
            self._say(_("%(where)s: %(key)s is neither true nor false."), where=where, key=key)
        return value is True

    def _refuse_unknown(self, row: dict[str, Any], known: set[str], where: str) -> None:
        for key in row:
            if key not in known:
                self._say(_("%(where)s: “%(key)s” is not known."), where=where, key=key)

    def _say(self, words: str, **values: Any) -> None:
        self.problems.append(words % values)


def one_way(text: str) -> str:
    """One way of writing each character and line end, so that the same text has one fingerprint."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()
