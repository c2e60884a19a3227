"""Moving a published course to a newer version, before its case study is released."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

import courses.actions
from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.answering.actions.sittings import lock_sitting
from assessments.answering.emails import tell_moved
from assessments.answering.models import CoursePin, PinMove, Sitting
from assessments.case_studies.actions.versions import lock_version, require_admin
from assessments.case_studies.models import Version
from courses.models import Course


class CannotMove(Refused):
    """The course keeps the version that it has, or somebody who trains it is not cleared for the newer."""


def cannot_move(course: Course, version: Version) -> str:
    """Why `course` cannot be given `version` now, in words; nothing where it can.

    Args:
        course: a course.
        version: the version that it would use.
    """
    pin = CoursePin.objects.filter(course=course).first()
    if pin is None or course.published_at is None or course.cancelled_at is not None:
        return _("This course is not published, or it was cancelled, so it uses no case study.")
    if Sitting.objects.filter(course=course, released_at__isnull=False).exists():
        return _("The case study was released to this course already, so it keeps the version that it has.")
    if version.case_study.programme_id != course.programme_id:
        return _("That version belongs to another programme.")
    if version.frozen_at is None or version.retired_at is not None:
        return _("That version is not in force. Open the page again.")
    if uncleared := courses.actions.unlicensed_associates(course):
        return _(
            "%(names)s cannot train this course with the newer version: their licence has to cover it,"
            " and they have to have agreed to the case study in force."
        ) % {"names": get_text_list([str(person) for person in uncleared], _("and"))}
    return ""


@transaction.atomic
def move_pin(*, course: Course, version: Version, by: Person) -> CoursePin:
    """Give a published course a newer version of its case study.

    Args:
        course: published, not cancelled, its case study not released.
        version: the one in force for its programme.
        by: an AIM admin.

    Returns:
        the pin; asked twice, as it was moved first.

    Raises:
        NotForYou: `by` is not an AIM admin.
        CannotMove: the course is not one of these, the version is not in force, or somebody who trains
            the course has not agreed to it.

    Side effects:
        Keeps which version it had, and writes to its trainers.
    """
    require_admin(by)
    # No stronger, since the day's row, which releasing may be making, refers to the course's.
    course = Course.objects.select_for_update(of=("self",), no_key=True).get(pk=course.pk)
    pin = CoursePin.objects.filter(course=course).first()
    if pin is not None and pin.version_id == version.pk:
        return pin
    # Releasing waits for this, and this for releasing; so does retiring.
    lock_sitting(course)
    version = lock_version(version)
    problem = cannot_move(course, version)
    if pin is None or problem:
        raise CannotMove(problem)
    PinMove.objects.create(course=course, from_version_id=pin.version_id, to_version=version, moved_by=by)
    pin.version, pin.pinned_at, pin.pinned_by = version, timezone.now(), by
    pin.save(update_fields=["version", "pinned_at", "pinned_by"])
    tell_moved(course, version)
    return pin
