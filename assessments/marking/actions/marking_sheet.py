"""What was judged in a marking sheet, saved as if each had been judged on its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from accounts.models import Person
from assessments.locks import MarkingFinalised, require_trainer_of
from assessments.marking.actions.judging import Mark
from assessments.marking.actions.marking import (
    AnsweredAgain,
    MarkedMeanwhile,
    MarkNotPossible,
    NotSubmitted,
    mark,
)
from assessments.marking.marking_sheet import SheetAnswer
from courses.models import Course


@dataclass(frozen=True)
class Brought:
    """What became of one judgement of a sheet.

    Args:
        answer: which it is about.
        mark: what was judged.
        why: why it was not saved; empty: it is saved.
    """

    answer: SheetAnswer
    mark: Mark
    why: str = ""


def bring_back(*, course: Course, judged: Iterable[tuple[SheetAnswer, Mark]], by: Person) -> list[Brought]:
    """Save the judgements of a marking sheet; what cannot be saved by now is left out, and the rest is saved.

    The judgements of each submission go through `mark`, by themselves: each builds on the revision that the
    sheet showed, so that none overwrites another's unseen, and saving what is saved already changes nothing.
    Done twice, it is as if it were done once.

    Args:
        course: whose answers.
        judged: each answer with a judgement of one of its criteria; at most one for each criterion.
        by: a trainer of the course.

    Returns:
        What became of each.

    Raises:
        NotTheTrainer, OwnWork: nothing was saved.

    Side effects:
        As of `mark`: what a mark was before is kept, and so is what was not saved.
    """
    require_trainer_of(course=course.pk, by=by)
    done: list[Brought] = []
    in_order = sorted(judged, key=lambda one: one[0].enrolment_pk)
    for _enrolment, group in groupby(in_order, key=lambda one: one[0].enrolment_pk):
        done.extend(_brought(list(group), by))
    return done


def _brought(judged: list[tuple[SheetAnswer, Mark]], by: Person) -> list[Brought]:
    about = judged[0][0]
    refused: dict[str, str] = {}
    try:
        mark(enrolment=about.enrolment, marks=[one for _answer, one in judged], seen=about.submission, by=by)
    except MarkedMeanwhile as clash:
        refused = {one.sent.criterion: str(clash.message) for one in clash.refused}
    except (AnsweredAgain, MarkNotPossible, MarkingFinalised, NotSubmitted) as why:
        refused = {one.criterion: str(why.message) for _answer, one in judged}
    return [Brought(answer, one, refused.get(one.criterion, "")) for answer, one in judged]
