"""What a kind of question is: one interface, from the author's form to the printed page.

An answer is one text, whatever its kind: it is what is saved, compared, fingerprinted and submitted.
A kind with several fields keeps them as JSON with sorted keys and no white space, text to text, of
those fields alone that hold something: so an empty answer is the empty text, and a browser can write
the same bytes.
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aimcert.foundation.typed import is_seen
from assessments.case_studies.spelling import one_way


class Shape(Enum):
    """How one field of an answer is filled in."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    ONE = "one"
    SEVERAL = "several"


@dataclass(frozen=True)
class Option:
    """One thing to choose; those with the same `heading` stand together below it."""

    value: str
    label: str
    heading: str = ""


@dataclass(frozen=True)
class Field:
    """One field of an answer.

    Args:
        name: unique in the question; lower-case letters, digits, hyphens and dots.
        options: of ONE and SEVERAL. What is chosen of several is kept as values with spaces between.
        rows: how tall a LONG_TEXT is on the page.
    """

    name: str
    label: str
    shape: Shape
    options: tuple[Option, ...] = ()
    hint: str = ""
    rows: int = 4

    @property
    def is_text(self) -> bool:
        return self.shape in (Shape.TEXT, Shape.LONG_TEXT)

    def said(self, value: str) -> Said:
        """`value` in words: the text itself, or the labels of what was chosen."""
        if self.is_text:
            return Said(self.label, value, ())
        chosen = value.split()
        return Said(self.label, "", tuple(option.label for option in self.options if option.value in chosen))


@dataclass(frozen=True)
class Part:
    """One part of an answer that has several: the `name` of its field, and how it is called by itself."""

    name: str
    label: str


@dataclass(frozen=True)
class Said:
    """One field of an answer in words: `text`, or what was `chosen`; both empty where it was left out."""

    label: str
    text: str
    chosen: tuple[str, ...]


@dataclass(frozen=True)
class SaidGroup:
    """A group of an answer in words."""

    key: str
    title: str
    fields: tuple[Said, ...]


@dataclass(frozen=True)
class Group:
    """Fields that belong together; `key` is what a criterion refers to. Alone, a group needs no title."""

    key: str
    title: str
    fields: tuple[Field, ...]
    hint: str = ""


@dataclass(frozen=True)
class ReferenceArea:
    """One area of the framework, as a question copies it."""

    stage: int
    strand: str
    part: str
    title: str


@dataclass(frozen=True)
class Reference:
    """What a programme gives its questions to refer to. A question keeps a copy of what it uses.

    Args:
        domains: code and name of each, in order; empty where the programme has none.
        stages: number and title of the framework's, in order; empty where there is no framework.
        areas: of the framework, in order.
    """

    domains: tuple[tuple[str, str], ...] = ()
    stages: tuple[tuple[int, str], ...] = ()
    areas: tuple[ReferenceArea, ...] = ()


class TypedShape(Enum):
    """How an author fills in one setting of a question."""

    LINES = "lines"
    TICK = "tick"


@dataclass(frozen=True)
class SettingField:
    """One setting of a question on its author's page."""

    name: str
    label: str | Promise
    shape: TypedShape
    hint: str | Promise = ""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a setting: where, as a path such as `options[2].text`, and in words."""

    path: str
    words: str


class SettingsRefused(Exception):
    """Settings that no question can have; `problems` says all that is wrong with them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = [*problems]
        super().__init__("; ".join(f"{one.path}: {one.words}" for one in self.problems))


class AnswerRefused(Exception):
    """Values that the question's page cannot have sent: a field or a choice that it does not offer."""


class Kind(ABC):
    """One kind of question."""

    code: ClassVar[str]
    name: ClassVar[str | Promise]
    about: ClassVar[str | Promise]
    position: ClassVar[int]
    # Essential criteria of such a question must say who decided so, and why.
    essential_by_decision: ClassVar[bool] = False
    # An answer has parts that a criterion can be about.
    has_parts: ClassVar[bool] = False
    # Who answers such a question may want to look up the framework's domains, stages and areas.
    uses_framework: ClassVar[bool] = False

    def fits(self, reference: Reference) -> bool:
        """Whether a programme with this `reference` can ask such a question."""
        return True

    # --- For authors ----------------------------------------------------------------------------

    @abstractmethod
    def setting_fields(self) -> tuple[SettingField, ...]:
        """What an author fills in, beyond what every question has."""

    @abstractmethod
    def settings_from(self, typed: Mapping[str, Any], reference: Reference) -> dict[str, Any]:
        """What the author typed as settings, with the copy of what they use of `reference`.

        Raises:
            SettingsRefused: each problem's path begins with a setting field's name.
        """

    @abstractmethod
    def typed_of(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The reverse of `settings_from`, for the author's form."""

    @abstractmethod
    def problems_of(self, settings: Any) -> list[Problem]:
        """Everything wrong with `settings` from outside, such as an imported file's."""

    # --- For who answers, marks and prints ------------------------------------------------------

    def groups(self, settings: Mapping[str, Any]) -> tuple[Group, ...]:
        """The fields of an answer, in groups.

        Made once by each process for the same settings and language: a plan's took as long as all else
        that becomes of an answer which is saved.
        """
        return _groups_of(self, json.dumps(settings, sort_keys=True), get_language())

    @abstractmethod
    def _groups(self, settings: Mapping[str, Any]) -> tuple[Group, ...]:
        """What `groups` answers with, made anew."""

    def parts(self, settings: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        """What a criterion can be about, besides the whole answer: key and title of each group."""
        groups = self.groups(settings)
        return tuple((group.key, group.title) for group in groups) if len(groups) > 1 else ()

    def fields(self, settings: Mapping[str, Any]) -> tuple[Field, ...]:
        """Every field of an answer."""
        return tuple(field for group in self.groups(settings) for field in group.fields)

    def text_of(self, values: Mapping[str, str], settings: Mapping[str, Any]) -> str:
        """What was filled in, as the one text that is kept; empty where nothing was.

        Args:
            values: by field name; line ends are LF.

        Raises:
            AnswerRefused: a field or a choice that the question does not have.
        """
        known = {field.name: field for field in self.fields(settings)}
        if unknown := values.keys() - known.keys():
            raise AnswerRefused(sorted(unknown)[0])
        kept = {}
        for name, value in values.items():
            if not is_seen(value):
                continue
            kept[name] = value if known[name].is_text else _chosen(known[name], value)
        return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if kept else ""

    def values_of(self, text: str) -> dict[str, str]:
        """The reverse of `text_of`."""
        return dict(json.loads(text)) if text else {}

    def said(self, text: str, settings: Mapping[str, Any]) -> tuple[SaidGroup, ...]:
        """An answer in words, group by group; none where `text` says it all by itself."""
        if not text:
            return ()
        values = self.values_of(text)
        return tuple(
            SaidGroup(
                group.key,
                group.title,
                tuple(field.said(values.get(field.name, "")) for field in group.fields),
            )
            for group in self.groups(settings)
        )

    def merged(self, kept: str, typed: Mapping[str, str], settings: Mapping[str, Any]) -> dict[str, str]:
        """Two versions of an answer in one: texts one below the other; of choices, those that were typed."""
        values = self.values_of(kept)
        for field in self.fields(settings):
            mine, theirs = typed.get(field.name, ""), values.get(field.name, "")
            if field.is_text and is_seen(mine) and is_seen(theirs) and mine != theirs:
                values[field.name] = f"{theirs}\n\n{mine}"
            else:
                values[field.name] = mine if is_seen(mine) else theirs
        return values

    def answer_parts(self, settings: Mapping[str, Any]) -> list[Part]:
        """What an answer consists of: each part is filled in, or stays blank because its author says so."""
        groups = self.groups(settings)
        return [
            Part(
                field.name,
                _("%(group)s: %(field)s") % {"group": group.title, "field": field.label}
                if len(groups) > 1
                else field.label,
            )
            for group in groups
            for field in group.fields
        ]

    def left_out(self, text: str, settings: Mapping[str, Any]) -> list[Part]:
        """The parts that a begun answer leaves empty; an answer that was not begun is blank as a whole."""
        values = self.values_of(text)
        if not values or all(field.name in values for field in self.fields(settings)):
            return []
        return [part for part in self.answer_parts(settings) if part.name not in values]


@lru_cache(maxsize=256)
def _groups_of(kind: Kind, settings: str, _language: str | None) -> tuple[Group, ...]:
    return kind._groups(json.loads(settings))


def _chosen(field: Field, value: str) -> str:
    """`value` with what was chosen in the order in which it is offered."""
    chosen = value.split()
    offered = [option.value for option in field.options]
    if not set(chosen) <= set(offered) or (field.shape is Shape.ONE and len(chosen) != 1):
        raise AnswerRefused(field.name)
    return " ".join(one for one in offered if one in chosen)


# --- What several kinds use to read settings -------------------------------------------------------

LONGEST_LINE = 300
LONGEST_KEY = 60
KEY = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
# Control characters, line ends and halves of surrogate pairs, which UTF-8 cannot write.
UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")


def lines_in(typed: Any) -> list[str]:
    """The lines of a typed text that hold something, each without the spaces around it."""
    return [line for line in map(one_way, str(typed or "").splitlines()) if line]


def key_of(name: str, instead: str) -> str:
    """A key made of `name`, or `instead` where no letter or digit of it can be in one."""
    return slugify(name.replace("_", " "))[:LONGEST_KEY].strip("-") or instead


def key_text_problems(key: str, path: str) -> list[Problem]:
    """What is wrong with a key, which the names of fields begin with."""
    if len(key) > LONGEST_KEY:
        return [Problem(path, _("has more than %(longest)d characters.") % {"longest": LONGEST_KEY})]
    if not KEY.fullmatch(key):
        return [Problem(path, _("must be lower-case letters, digits and hyphens."))]
    return []


def text_problems(value: Any, path: str, *, longest: int = LONGEST_LINE) -> list[Problem]:
    """What is wrong with one line of text, where it must hold something."""
    if not isinstance(value, str) or not is_seen(value):
        return [Problem(path, _("is missing."))]
    if len(value) > longest:
        return [Problem(path, _("has more than %(longest)d characters.") % {"longest": longest})]
    if value != one_way(value) or UNREADABLE.search(value):
        return [Problem(path, _("holds a line end, a hidden character or spaces at its ends."))]
    return []


def key_problems(settings: Any, known: Sequence[str]) -> list[Problem]:
    """Whether `settings` has the keys of `known`, no more and no fewer."""
    if not isinstance(settings, dict):
        return [Problem("", _("must be an object."))]
    missing = [Problem(key, _("is missing.")) for key in known if key not in settings]
    return missing + [Problem(str(key), _("is not known.")) for key in settings if key not in known]


def rows_problems(
    settings: Mapping[str, Any],
    key: str,
    columns: Sequence[str],
    *,
    least: int,
    most: int,
    others: Sequence[str] = (),
    unique: bool = True,
) -> list[Problem]:
    """What is wrong with a list of rows, each with text in each of `columns`.

    Args:
        settings: what holds the list.
        key: under which.
        columns: that hold text; where `unique`, no two rows have the same in the first of them.
        least: how many rows there must be.
        most: how many there may be.
        others: columns that are there too, and are checked apart.
    """
    rows = settings.get(key)
    if not isinstance(rows, list):
        return [Problem(key, _("must be a list."))]
    if not least <= len(rows) <= most:
        told = {"least": least, "most": most}
        return [Problem(key, _("must have from %(least)d to %(most)d rows.") % told)]
    found = []
    for index, row in enumerate(rows):
        path = f"{key}[{index}]"
        wrong = key_problems(row, (*columns, *others))
        found += [Problem(f"{path}.{one.path}" if one.path else path, one.words) for one in wrong]
        if not isinstance(row, dict):
            continue
        for column in columns:
            if column in row:
                found += text_problems(row[column], f"{path}.{column}")
    if unique and not found:
        keys = [row[columns[0]] for row in rows]
        found += [
            Problem(f"{key}[{index}].{columns[0]}", _("is there twice."))
            for index, one in enumerate(keys)
            if one in keys[:index]
        ]
    return found
