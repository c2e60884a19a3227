"""The room: releasing the case study, telling when it is marked; its hours are in `hours`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from aimcert.foundation.stale_forms import ChangedMeanwhile, seen_of
from assessments.answering.hours import first_day
from assessments.answering.models import CoursePin, Sitting
from courses.models import Course

LATEST_MARKING_DAYS = 365


class NotReleasable(Refused):
    """The case study cannot go to the room: no training day yet, or nothing to release."""


class NotCleared(Refused):
    """The case study in force came without this trainer's agreement: they were unavailable."""


class NotOpened(Refused):
    """There is nothing to close, or no date to tell, before the questions were opened."""


class DateRefused(Refused):
    """A date for marking that has passed, or is too far away to mean it."""

    field = "on"


@transaction.atomic
def release_case_study(*, course: Course, by: Person) -> Sitting:
    """Let everyone who takes part read the case study, from now on and after the course too.

    Args:
        course: the course.
        by: its trainer.

    Returns:
        The sitting; released earlier, it stays as it was.

    Raises:
        NotReleasable: the course is unpublished, cancelled or has no version, or its first session's
            day, in its own zone, has not come.
        NotCleared: `by` has not agreed to the case study in force.
    """
    must_be_held(course)
    sitting = lock_sitting(course)
    if sitting.released_at is None:
        _must_be_cleared(course, by)
        first, now = first_day(course), timezone.now()
        if first is None or now.astimezone(course.zone).date() < first:
            raise NotReleasable(
                _("The case study belongs to the training: release it on the day of the first session.")
            )
        write(sitting, released_at=now, released_by=by)
    return sitting


@transaction.atomic
def tell_marking_date(*, course: Course, on: date, by: Person, seen: str = "") -> Sitting:
    """Tell the room by when its answers are marked, where that could not be done on the day.

    Args:
        course: the course.
        on: the day, in the course's zone; telling another one replaces it.
        by: the course's trainer.
        seen: `marking_date_seen` of what the page showed; empty: whatever it was.

    Returns:
        The sitting. Everyone who takes part sees the date beside their own submission.

    Raises:
        NotOpened: the questions were never opened.
        ChangedMeanwhile: another day is told by now than was `seen`.
        DateRefused: the day has passed, or is more than a year away.
    """
    sitting = lock_sitting(course)
    if sitting.opened_at is None:
        raise NotOpened(_("Open the questions first. Then you can tell the room when marking will be done."))
    if sitting.marking_due_on != on:
        if seen and seen != marking_date_seen(sitting):
            raise ChangedMeanwhile
        days = (on - timezone.now().astimezone(course.zone).date()).days
        if days < 0:
            raise DateRefused(
                _("%(date)s has passed. Enter today’s date or a later one.") % {"date": date_format(on)}
            )
        if days > LATEST_MARKING_DAYS:
            raise DateRefused(_("Enter a date within a year from now."))
        write(sitting, marking_due_on=on, marking_told_at=timezone.now(), marking_told_by=by)
    return sitting


def marking_date_seen(sitting: Sitting) -> str:
    """What a page carries to say which day it showed."""
    return seen_of(sitting.marking_due_on)


def must_be_held(course: Course) -> None:
    """Go on only if the course has a case study to hold.

    Raises:
        NotReleasable: it is unpublished, cancelled or has no version.
    """
    pinned = CoursePin.objects.filter(
        course=course, course__published_at__isnull=False, course__cancelled_at__isnull=True
    )
    if not pinned.exists():
        raise NotReleasable(
            _("This course is not published, or it was cancelled, so there is no case study.")
        )


def _must_be_cleared(course: Course, by: Person) -> None:
    licences = by.licences.filter(
        programme=course.programme_id, country=course.country, withdrawn_at__isnull=True
    )
    cleared = list(licences.values_list("cleared_at", flat=True))
    if cleared and not any(cleared):
        raise NotCleared(
            _(
                "A version of the case study came into force that you have not agreed to. Read it and agree"
                " to it first: it is on your home page."
            )
        )


def lock_sitting(course: Course) -> Sitting:
    """The course's day, locked; made now where there is none."""
    Sitting.objects.get_or_create(course=course)
    return Sitting.objects.select_for_update(of=("self",)).get(course=course)


def write(sitting: Sitting, **values: Any) -> None:
    """Save `values` of a locked sitting."""
    for name, value in values.items():
        setattr(sitting, name, value)
    sitting.save(update_fields=[*values])
