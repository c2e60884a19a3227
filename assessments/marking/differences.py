"""Where two markings of one submission differ, criterion by criterion."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.case_studies.models import Criterion
from assessments.marking.models import CriterionMark, Marking, stands_as
from assessments.states import Judged, MarkingRole


@dataclass(frozen=True)
class Pair:
    """Two judgements of one criterion, each as it stands with its oral question counted."""

    criterion: Criterion
    first: CriterionMark
    second: CriterionMark

    @property
    def differ(self) -> bool:
        return self.first_stands != self.second_stands

    @property
    def first_stands(self) -> str:
        return stands_as(self.first.judged, self.first.settled)

    @property
    def second_stands(self) -> str:
        return stands_as(self.second.judged, self.second.settled)

    @property
    def name(self) -> str:
        """How forms call the criterion."""
        return f"{self.criterion.question.number}_{self.criterion.number}"

    @property
    def first_said(self) -> str:
        return str(Judged(self.first_stands).label)

    @property
    def second_said(self) -> str:
        return str(Judged(self.second_stands).label)


def first_of(submission: int) -> Marking | None:
    """The latest round of the first marking of a submission, by its primary key."""
    return _latest(submission, MarkingRole.FIRST)


def second_of(submission: int) -> Marking | None:
    """The latest second marking of a submission, by its primary key; not one handed back before."""
    return _latest(submission, MarkingRole.SECOND)


def _latest(submission: int, role: MarkingRole) -> Marking | None:
    return Marking.objects.filter(submission=submission, role=role).order_by("-round").first()


def pairs_of(first: Marking, second: Marking) -> list[Pair]:
    """Every criterion that both judged, in order: two statements."""
    rows = CriterionMark.objects.judged().select_related("criterion__question", "judged_by")
    marks = {
        marking.pk: {mark.criterion_id: mark for mark in rows.filter(marking=marking)}
        for marking in (first, second)
    }
    pairs = [
        Pair(mark.criterion, mark, marks[second.pk][pk])
        for pk, mark in marks[first.pk].items()
        if pk in marks[second.pk]
    ]
    return sorted(pairs, key=lambda one: (one.criterion.question.number, one.criterion.number))
