"""A version on paper: the case study, the questions and room to answer them, as a PDF."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db.models import Max
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aimcert.foundation.pdf import render_pdf
from aimcert.foundation.prose import prose
from assessments.case_studies.figures import figure_shown
from assessments.case_studies.kinds import Field, kind_of
from assessments.case_studies.models import Question, Version
from assessments.case_studies.reading import Asked, Part, Reading, reading_of
from assessments.states import VersionStage

LINE_MM = 9  # between two lines to write on
WORDS_IN_A_LINE = 9
FEWEST_LINES, MOST_LINES = 6, 60


@dataclass(frozen=True)
class Box:
    """One field of an answer on paper.

    Args:
        lines: how many to write on; none where something is chosen.
        choices: heading and options, as they stand together.
    """

    label: str
    hint: str
    lines: range
    choices: list[tuple[str, list[str]]]
    several: bool


@dataclass(frozen=True)
class Criterion:
    """What a marker looks for, in words."""

    text: str
    is_essential: bool
    part: str
    met: str
    partly_met: str
    not_met: str


@dataclass(frozen=True)
class Marking:
    """What a marker reads of one question, and a participant never."""

    model_answer: SafeString
    criteria: list[Criterion]


@dataclass(frozen=True)
class Printed:
    """One question on paper; `marking` only in a marker's booklet."""

    asked: Asked
    groups: list[tuple[str, str, list[Box]]]
    marking: Marking | None


def booklet_pdf(
    version: Version, *, for_marker: bool, is_personal: bool = False, is_larger: bool = False
) -> bytes:
    """The booklet of `version` as a tagged A4 PDF.

    One of eight questions takes about half a second of CPU. What is frozen does not change, so each
    process makes its booklets once for as long as it stands where it stands.

    Args:
        version: any; its number and its fingerprint stand at the foot of each page, or that it is a
            draft.
        for_marker: with model answers and criteria; they are not even read for a participant's.
        is_personal: a cover of its own says whose it is.
        is_larger: in larger print, with more room to write.
    """
    how = _How(for_marker, is_personal, is_larger)
    if version.frozen_at is None:
        return _made(version, how)
    return _made_once(_Frozen(version, get_language()), how)


@dataclass(frozen=True)
class _How:
    for_marker: bool
    is_personal: bool
    is_larger: bool


class _Frozen:
    """A frozen version as a key: its random name, where it stands, and the language of its reader."""

    def __init__(self, version: Version, language: str | None) -> None:
        self.version = version
        self.key = (version.uuid, version.stage, language)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and other.key == self.key


@lru_cache(maxsize=8)
def _made_once(frozen: _Frozen, how: _How) -> bytes:
    return _made(frozen.version, how)


def _made(version: Version, how: _How) -> bytes:
    for_marker = how.for_marker
    reading = reading_of(version)
    title = _("Marker’s booklet: %(title)s") if for_marker else _("Booklet: %(title)s")
    title = title % {"title": reading.title}
    language = get_language() or settings.LANGUAGE_CODE
    saved_at = version.wordings.aggregate(last=Max("saved_at"))["last"]
    html = render_to_string(
        "documents/booklet.html",
        {
            "language": language,
            "title": title,
            "for_marker": for_marker,
            "is_personal": how.is_personal,
            "is_larger": how.is_larger,
            "programme_name": version.case_study.programme.name,
            "number": version.number,
            "fingerprint": version.fingerprint,
            "standing": _standing(version),
            "reading": reading,
            "parts": [(part, _figure(part)) for part in reading.parts],
            "questions": _printed(version, reading, for_marker=for_marker),
        },
    )
    return render_pdf(
        html,
        stylesheet="documents/booklet.css",
        title=title,
        language=language,
        created=version.frozen_at or saved_at or version.drafted_at,
    )


def _figure(part: Part) -> SafeString:
    """The figure of a section as paper shows it."""
    return figure_shown(part.figure_kind, part.figure_data, title=part.title, for_paper=True)


def _standing(version: Version) -> str:
    if version.stage is VersionStage.DRAFT:
        return _("Draft, not agreed")
    if version.stage is VersionStage.PROPOSED:
        return _("Proposed, not yet agreed by all")
    return str(version.stage.label)


def _printed(version: Version, reading: Reading, *, for_marker: bool) -> list[Printed]:
    rows: dict[int, Question] = {}
    if for_marker:
        rows = {question.pk: question for question in version.questions.prefetch_related("criteria")}
    found = []
    for question in reading.questions:
        fields = sum(field.is_text for group in question.groups for field in group.fields)
        lines = _lines(question.guide_words, fields)
        boxed = [
            (one.title, one.hint, [_box(field, lines) for field in one.fields]) for one in question.groups
        ]
        found.append(Printed(question, boxed, _marking(rows[question.pk]) if for_marker else None))
    return found


def _lines(guide_words: int | None, fields: int) -> int | None:
    """How many lines each field gets of an answer of about `guide_words`; None where nothing is said."""
    if guide_words is None or not fields:
        return None
    return max(FEWEST_LINES, min(MOST_LINES, guide_words // WORDS_IN_A_LINE // fields + 2))


def _box(field: Field, lines: int | None) -> Box:
    choices: dict[str, list[str]] = {}
    for option in field.options:
        choices.setdefault(option.heading, []).append(option.label)
    count = 0
    if field.is_text:
        count = 1 if field.shape.value == "text" else lines or max(FEWEST_LINES, field.rows)
    return Box(
        label=field.label,
        hint=field.hint,
        lines=range(count),
        choices=list(choices.items()),
        several=field.shape.value == "several",
    )


def _marking(question: Question) -> Marking:
    parts = dict(kind_of(question.kind).parts(question.settings))
    return Marking(
        model_answer=prose(question.model_answer, highest=4),
        criteria=[
            Criterion(
                text=row.text,
                is_essential=row.is_essential,
                part=parts.get(row.part, ""),
                met=row.met,
                partly_met=row.partly_met,
                not_met=row.not_met,
            )
            for row in question.criteria.all()
        ],
    )
