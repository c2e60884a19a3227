"""What somebody was asked to mark a second time, as they see it: no name, no course, no first mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.db.models import OuterRef, QuerySet

from accounts.models import Person
from aimcert.foundation.rows import counted, first
from assessments.case_studies.models import Criterion
from assessments.marking.differences import first_of
from assessments.marking.models import CriterionMark, Marking, SecondMarker, Settlement
from assessments.marking.scripts import Script, script_of
from assessments.states import MarkingRole


@dataclass(frozen=True)
class Standing:
    """How far one script is.

    Args:
        script: that asked them.
        programme: its name.
        version: the number of the case study's version.
        judged, criteria: how many criteria they judged, of how many.
        is_finished, is_settled: whether they finished it, and whether it was settled since.
    """

    script: SecondMarker
    programme: str
    version: int
    judged: int
    criteria: int
    is_finished: bool
    is_settled: bool


@dataclass(frozen=True)
class _Facts:
    """What `script_of` asks of somebody's assessment."""

    version_id: int
    submission_id: int
    marking_id: int | None


@dataclass(frozen=True)
class Oral:
    """What was asked aloud and answered, word for word: evidence, whoever recorded it."""

    question: str
    answer: str


def _own(person: Person) -> QuerySet[Any]:
    own = Marking.objects.filter(
        submission=OuterRef("submission"), role=MarkingRole.SECOND, marker=person
    ).order_by("-round")
    criteria = Criterion.objects.filter(question__version=OuterRef("submission__version"))
    marks = CriterionMark.objects.judged().filter(marking=OuterRef("own_marking"))
    settled = Settlement.objects.filter(submission=OuterRef("submission"))
    return (
        SecondMarker.objects.visible_to(person)
        .filter(ended_at__isnull=True)
        .select_related("submission__version", "submission__course__programme")
        .annotate(own_marking=first(own, "pk"), finished_at=first(own, "finalised_at"))
        .annotate(criteria=counted(criteria), judged=counted(marks), settled_at=first(settled, "settled_at"))
        .order_by("asked_at", "pk")
    )


def asked_of(person: Person) -> list[Standing]:
    """Everything that `person` was asked to mark a second time, the longest waiting first: one statement."""
    return [_standing(row) for row in _own(person)]


def standing_of(script: SecondMarker, person: Person) -> Standing:
    """How far `script` is, one that `person` sees."""
    return _standing(_own(person).get(pk=script.pk))


def _standing(row: Any) -> Standing:
    return Standing(
        script=row,
        programme=row.submission.course.programme.name,
        version=row.submission.version.number,
        judged=row.judged,
        criteria=row.criteria,
        is_finished=row.finished_at is not None,
        is_settled=row.settled_at is not None,
    )


def second_script(script: SecondMarker, person: Person) -> Script:
    """The answers of `script` with the marks that `person` made, as a script that says not whose it is."""
    own = Marking.objects.filter(submission=script.submission_id, role=MarkingRole.SECOND, marker=person)
    latest = own.order_by("-round").values_list("pk", flat=True).first()
    facts = _Facts(script.submission.version_id, script.submission_id, latest)
    found = script_of(cast(Any, facts))
    # The attempt's own UUID is what others know the answers by.
    return Script(parts=found.parts, marking=found.marking, marks=found.marks)


def orals_of(script: SecondMarker) -> dict[int, Oral]:
    """What the first marker asked aloud and was answered, by the criterion's primary key."""
    marking = first_of(script.submission_id)
    marks = CriterionMark.objects.filter(marking=marking).exclude(oral_question="", oral_answer="")
    return {mark.criterion_id: Oral(mark.oral_question, mark.oral_answer) for mark in marks}
