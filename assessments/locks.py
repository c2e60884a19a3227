"""Locking an enrolment, and who may go on: what every act on the day and on an outcome begins with."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from courses.models import Enrolment
from courses.rules import own_places, trains_now


class NotTheTrainer(Refused):
    """Only somebody who trains the course, under a licence that holds, marks and recommends."""


class OwnWork(Refused):
    """Nobody marks or recommends about themself, nor about anyone beside whom they took part."""


class MarkingFinalised(Refused):
    """What was finalised does not change."""


def require_trainer(*, enrolment: Enrolment, by: Person) -> None:
    """Go on only if `by` trains the course of `enrolment` under a licence that holds, without a place on it.

    Raises:
        OwnWork, NotTheTrainer.
    """
    require_trainer_of(course=enrolment.course_id, by=by)


def require_trainer_of(*, course: int, by: Person) -> None:
    """As `require_trainer`, asked of a course by its primary key."""
    require_no_place(course=course, by=by)
    if not trains_now(by).filter(course=course).exists():
        raise NotTheTrainer(
            _(
                "Only an Associate who trains this course, under a licence that holds today or held at its"
                " last session, can do this. Ask The AIM Project about your licence."
            )
        )


def require_no_place(*, course: int, by: Person) -> None:
    """Go on only if `by` neither has nor had a place on the course of this primary key.

    Raises:
        OwnWork.
    """
    if own_places(by).filter(course=course).exists():
        raise OwnWork(_("You have or had a place on this course yourself, so somebody else has to do this."))


def lock_enrolment(pk: int) -> Enrolment:
    """The enrolment, locked: whatever changes a fact of the certification rule does this first.

    Raises:
        MarkingFinalised: it was approved.
    """
    enrolment = Enrolment.objects.select_for_update(of=("self",)).select_related("course").get(pk=pk)
    if enrolment.frozen_at is not None:
        raise MarkingFinalised(_("The AIM Project has approved this outcome, so nothing about it changes."))
    return enrolment
