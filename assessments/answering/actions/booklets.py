"""Booklets: the personal codes that stand on paper."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from assessments.answering.actions.sittings import NotReleasable
from assessments.answering.codes import new_code
from assessments.answering.hours import with_answers_in
from assessments.answering.models import Booklet, CoursePin
from courses.models import Course, Enrolment

TRIES = 5


@transaction.atomic
def give_codes(*, course: Course, by: Person) -> int:
    """Give everyone who takes part a personal code for their paper; who has one keeps it.

    Nobody gets one whose answers are in: no paper could follow them.

    Args:
        course: the course.
        by: a trainer of it, or an AIM admin without a place on it.

    Returns:
        How many were given now.

    Raises:
        NotReleasable: the course is cancelled or has no case study.
    """
    if course.cancelled_at is not None or not CoursePin.objects.filter(course=course).exists():
        raise NotReleasable(
            _("This course was cancelled, or has no case study yet, so there is nothing to print.")
        )
    rows = Enrolment.objects.select_for_update(of=("self",)).order_by("pk")
    without = rows.filter(course=course, withdrawn_at__isnull=True, booklet__isnull=True)
    people = list(with_answers_in(without).filter(has_answers_in=False))
    for enrolment in people:
        _give(enrolment, by)
    return len(people)


def _give(enrolment: Enrolment, by: Person) -> None:
    for tried in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                Booklet.objects.create(enrolment=enrolment, code=new_code(), made_by=by)
            return
        except IntegrityError:
            # Somebody else's code, once in a billion.
            if tried == TRIES:
                raise
