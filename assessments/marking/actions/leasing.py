"""Whose turn it is at an answer: taken one after the other, for some minutes, never for good."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.case_studies.models import Question
from assessments.locks import require_trainer_of
from assessments.marking.models import MarkingLease
from assessments.marking.piles import GONE, InPile, Pile, pile_of
from courses.models import Course


class AllTaken(Refused):
    """Co-trainers have every answer that is left open.

    Args:
        message: until when.
        answers: which.
    """

    def __init__(self, message: str, answers: list[InPile]) -> None:
        super().__init__(message)
        self.answers = answers


class NotInPile(Refused):
    """There is no such answer, or not any more: another attempt was submitted."""


def turn() -> timedelta:
    """How long an answer is somebody's to mark, from when they were last seen there."""
    return timedelta(minutes=settings.AIM["MARKING_TURN_MINUTES"])


@transaction.atomic
def take_next(*, course: Course, question: Question, by: Person, after: str = "") -> InPile | None:
    """Take the next answer to `question` that is not wholly judged and that no co-trainer has open.

    Args:
        course: whose answers.
        question: of its version.
        by: a trainer of the course.
        after: the code of the answer that they come from.

    Returns:
        the answer, theirs for some minutes; None: all are marked.

    Raises:
        NotTheTrainer, OwnWork.
        AllTaken: what is left, co-trainers have open.
    """
    pile = _locked_pile(course, question, by)
    left = pile.to_mark(after=after)
    for one in left:
        if not one.is_held_from(by):
            _take(one, question, by)
            return one
    if left:
        raise AllTaken(
            _("Co-trainers have what is left of this question open. See who, or take an answer over."), left
        )
    return None


@transaction.atomic
def take_answer(*, course: Course, question: Question, code: str, by: Person, over: bool = False) -> InPile:
    """Take this answer, or stay at it: said again while its page is open, it goes on for some minutes more.

    Args:
        course, question: whose pile.
        code: of the answer.
        by: a trainer of the course.
        over: also from a co-trainer who has it open; that it was theirs stays on record.

    Returns:
        the answer as it was found; one that a co-trainer has open is not taken, unless `over`.

    Raises:
        NotTheTrainer, OwnWork, NotInPile.
    """
    pile = _locked_pile(course, question, by)
    found = pile.find(code)
    if found is None:
        raise NotInPile(GONE)
    if found.is_open and (over or not found.is_held_from(by)):
        _take(found, question, by)
    return found


def _locked_pile(course: Course, question: Question, by: Person) -> Pile:
    """The pile as it is now, while nobody else takes from the course's.

    Who marks needs the lock; who judges, submits or enrols goes on meanwhile.
    """
    Course.objects.select_for_update(of=("self",), no_key=True).get(pk=course.pk)
    require_trainer_of(course=course.pk, by=by)
    return pile_of(course, question, reader=by)


def _take(one: InPile, question: Question, by: Person) -> None:
    now = timezone.now()
    open_ones = MarkingLease.objects.filter(
        submission=one.submission_pk, question=question, ended_at__isnull=True
    )
    if one.held_by == by.pk:
        open_ones.update(until=now + turn())
        return
    open_ones.update(ended_at=now)
    MarkingLease.objects.create(
        submission_id=one.submission_pk,
        question=question,
        taken_at=now,
        taken_by=by,
        taken_from_id=one.held_by,
        until=now + turn(),
    )
