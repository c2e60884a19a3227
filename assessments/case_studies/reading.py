"""What a participant reads of a version: never a model answer, a criterion or a marker's note."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString

from aimcert.foundation.prose import prose
from assessments.case_studies.figures import figure_shown
from assessments.case_studies.kinds import PLAIN, Group, Kind, kind_of
from assessments.case_studies.models import Version


@dataclass(frozen=True)
class Part:
    """One section of the case study; `figure` is empty where it has none, and its data for paper too."""

    number: int
    title: str
    body: SafeString
    figure: SafeString
    figure_kind: str
    figure_data: Any


@dataclass(frozen=True)
class Asked:
    """One question, as it is put to a participant; `framework` is the edition that it refers to, if any."""

    pk: int
    number: int
    title: str
    text: SafeString
    guidance: SafeString
    guide_words: int | None
    kind: Kind
    settings: dict[str, Any]
    framework: UUID | None = None

    @property
    def is_plain(self) -> bool:
        """Whether its answer is one text and nothing else."""
        return self.kind.code == PLAIN

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The fields of its answer."""
        return self.kind.groups(self.settings)


@dataclass(frozen=True)
class Reading:
    """A version's case study and questions, ready for a page."""

    title: str
    content_note: SafeString
    fictional_statement: SafeString
    parts: tuple[Part, ...]
    questions: tuple[Asked, ...]

    def question(self, number: int) -> Asked | None:
        """The question with this number, if there is one."""
        return next((asked for asked in self.questions if asked.number == number), None)


def reading_of(version: Version) -> Reading:
    """`version` as a participant reads it. A frozen one never changes, so each process reads it once.

    Args:
        version: with at least its `uuid` and `frozen_at`; what else is missing is read with the rest.
    """
    if version.frozen_at is None:
        return _read(version)
    return _read_once(_Frozen(version))


class _Frozen:
    """A frozen version as a key of the cache: its random name, not its number in one database."""

    def __init__(self, version: Version) -> None:
        self.version = version

    def __hash__(self) -> int:
        return hash(self.version.uuid)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and other.version.uuid == self.version.uuid


@lru_cache(maxsize=32)
def _read_once(frozen: _Frozen) -> Reading:
    return _read(frozen.version)


def _read(version: Version) -> Reading:
    if version.get_deferred_fields():
        version = Version.objects.select_related("edition").get(pk=version.pk)
    sections = version.sections.order_by("number").values_list(
        "number", "title", "body", "figure_kind", "figure"
    )
    questions = version.questions.order_by("number").values_list(
        "pk", "number", "title", "text", "guidance", "guide_words", "kind", "settings"
    )
    edition = version.edition.uuid if version.edition else None
    return Reading(
        title=version.title,
        content_note=prose(version.content_note),
        fictional_statement=prose(version.fictional_statement),
        parts=tuple(
            Part(number, title, prose(body), figure_shown(kind, figure, title=title), kind, figure)
            for number, title, body, kind, figure in sections
        ),
        questions=tuple(
            Asked(
                pk,
                number,
                title,
                prose(text),
                prose(guidance),
                guide_words,
                kind_of(kind),
                settings,
                framework=edition if kind_of(kind).uses_framework else None,
            )
            for pk, number, title, text, guidance, guide_words, kind, settings in questions
        ),
    )
