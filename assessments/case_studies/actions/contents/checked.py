"""A version's content, checked against its programme, its framework and the kinds of question there are."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from aimcert.foundation.fields import is_readable
from assessments.case_studies.actions.contents.reading import CODE, NAME, TITLE, VERSION_KEYS, Reading, Row
from assessments.case_studies.canonical import area_key, canonical_json
from assessments.case_studies.exchange import LARGEST_CONTENT, Path
from assessments.case_studies.figures import figure_problems
from assessments.case_studies.kinds import KINDS, PLAIN, Kind
from assessments.case_studies.models import Construct, FrameworkEdition
from assessments.case_studies.spelling import all_one_way
from courses.models import Programme

MOST_WORDS = 5_000
SLUG = re.compile(r"[-a-zA-Z0-9_]+")


class CheckedContent:
    """A version's content, read once, with what is wrong with it in the order in which it is met.

    Args:
        content: in the shape of docs/version.schema.json without its head.

    Attributes:
        faults: each with the path to where it is; empty where the content can be used.
        content: as `canonical.content_of` gives it.
        constructs: code, name and is_illustrative of each construct that it brings along.
        programme: the programme that it names, where there is one.
        edition: of its framework, the one in use; None where it has none.
    """

    def __init__(self, content: Any) -> None:
        self._in = Reading()
        self.content: dict[str, Any] = {}
        self.constructs: list[dict[str, Any]] = []
        self.programme: Programme | None = None
        self.edition: FrameworkEdition | None = None
        if isinstance(content, dict):
            self._read(content)
        else:
            words = _("This is not a version: it has no programme, title, sections and questions.")
            self._in.say((), words)
        self.faults = self._in.faults

    @property
    def problems(self) -> list[str]:
        """The sentence of each fault."""
        return [fault.words for fault in self.faults]

    def _read(self, content: Row) -> None:
        read = self._in
        read.refuse_unknown(content, VERSION_KEYS, ())
        code = read.text(content, "programme", (), longest=CODE, lines=False)
        self.programme = Programme.objects.filter(code=code).first() if is_readable(code) else None
        if code and self.programme is None:
            read.say(("programme",), _("There is no programme “%(code)s”."), code=code)
        paths = self._read_constructs(content)
        constructs = self._known_constructs(paths)
        self.edition = FrameworkEdition.objects.current().filter(programme=self.programme).first()
        areas = {area_key(area) for area in self.edition.areas.all()} if self.edition else set()
        self.content = {
            "programme": code,
            "title": read.text(content, "title", (), longest=TITLE, lines=False),
            "content_note": read.text(content, "content_note", ()),
            "fictional_statement": read.text(content, "fictional_statement", ()),
            "sections": [
                {
                    "title": read.text(row, "title", path, longest=TITLE, lines=False),
                    "body": read.text(row, "body", path),
                    "figure": self._figure(row, path),
                }
                for row, path in read.rows(content, "sections", ())
            ],
            "questions": [
                self._question(row, path, constructs, areas)
                for row, path in read.rows(content, "questions", ())
            ],
        }
        if not any(
            row["essential"] for question in self.content["questions"] for row in question["criteria"]
        ):
            words = _("No criterion is essential, so the marks could never show that somebody is competent.")
            read.say((), words)
        if not read.faults and len(canonical_json(self.content)) > LARGEST_CONTENT:
            words = _("%(where)s: it is too long; altogether it can have %(most)s KB.")
            read.say((), words, most=LARGEST_CONTENT // 1024)

    def _question(self, row: Row, path: Path, constructs: set[str], areas: set[str]) -> Row:
        read = self._in
        words = row.get("guide_words")
        if words is not None and (type(words) is not int or not 1 <= words <= MOST_WORDS):
            read.say(
                (*path, "guide_words"),
                _("%(where)s: guide_words is not a whole number from 1 to %(most)s."),
                most=MOST_WORDS,
            )
            words = None
        kind, settings = self._kind(row, path)
        parts = {key for key, _title in kind.parts(settings)} if kind and settings is not None else set()
        return {
            "title": read.text(row, "title", path, longest=TITLE, lines=False),
            "text": read.text(row, "text", path),
            "guidance": read.text(row, "guidance", path, optional=True),
            "guide_words": words,
            "kind": kind.code if kind else "",
            "settings": settings or {},
            "model_answer": read.text(row, "model_answer", path),
            "criteria": [
                {
                    "text": read.text(criterion, "text", inner),
                    "essential": read.flag(criterion, "essential", inner),
                    "essential_because": self._because(criterion, inner, kind),
                    "part": self._part(criterion, inner, parts),
                    "met": read.text(criterion, "met", inner),
                    "partly_met": read.text(criterion, "partly_met", inner),
                    "not_met": read.text(criterion, "not_met", inner),
                    "constructs": read.names(criterion, "constructs", inner, constructs, least=1),
                    "areas": read.names(criterion, "areas", inner, areas),
                }
                for criterion, inner in read.rows(row, "criteria", path)
            ],
        }

    def _kind(self, row: Row, path: Path) -> tuple[Kind | None, Row | None]:
        """The question's kind and its settings; None for what cannot be used."""
        code = row.get("kind", PLAIN)
        kind = KINDS.get(code) if isinstance(code, str) else None
        if kind is None:
            words = _("%(where)s: kind is none of %(kinds)s.")
            self._in.say((*path, "kind"), words, kinds=", ".join(sorted(KINDS)))
            return None, None
        settings = all_one_way(row.get("settings", {}))
        problems = kind.problems_of(settings)
        self._in.say_problems(path, "settings", problems)
        return kind, None if problems else settings

    def _because(self, row: Row, path: Path, kind: Kind | None) -> str:
        """Why a criterion is essential, where its question's kind asks for that."""
        essential = row.get("essential") is True
        asked = essential and kind is not None and kind.essential_by_decision
        if row.get("essential_because") and not essential:
            words = _("%(where)s: essential_because is for an essential criterion alone.")
            self._in.say((*path, "essential_because"), words)
        return self._in.text(row, "essential_because", path, optional=not asked)

    def _part(self, row: Row, path: Path, parts: set[str]) -> str:
        part = self._in.text(row, "part", path, optional=True, longest=NAME)
        if part and part not in parts:
            words = _("%(where)s: part names “%(part)s”, which the answer does not have.")
            self._in.say((*path, "part"), words, part=part)
        return part

    def _figure(self, row: Row, path: Path) -> Row | None:
        if row.get("figure") is None:
            return None
        figure = all_one_way(row["figure"])
        problems = figure_problems(figure)
        self._in.say_problems(path, "figure", problems)
        return None if problems else figure

    def _read_constructs(self, content: Row) -> list[Path]:
        """Read the constructs that come along; the way to each."""
        read = self._in
        rows = read.rows(content, "constructs", ())
        for row, path in rows:
            code = read.text(row, "code", path, longest=CODE, lines=False)
            if code and not SLUG.fullmatch(code):
                read.say((*path, "code"), _("%(where)s: code can have letters, digits and hyphens alone."))
            self.constructs.append(
                {
                    "code": code,
                    "name": read.text(row, "name", path, longest=NAME, lines=False),
                    "is_illustrative": read.flag(row, "illustrative", path),
                }
            )
        return [path for _row, path in rows]

    def _known_constructs(self, paths: list[Path]) -> set[str]:
        """Codes that criteria may name: the programme's, and those that come along and fit them."""
        names = dict(Construct.objects.filter(programme=self.programme).values_list("code", "name"))
        for row, path in zip(self.constructs, paths, strict=True):
            if names.setdefault(row["code"], row["name"]) != row["name"]:
                self._in.say(
                    (*path, "name"),
                    _("The construct “%(code)s” is called “%(known)s” already, not “%(name)s”."),
                    code=row["code"],
                    known=names[row["code"]],
                    name=row["name"],
                )
        if len({row["code"] for row in self.constructs}) < len(self.constructs):
            self._in.say(("constructs",), _("One of the constructs is there twice."))
        return set(names)
