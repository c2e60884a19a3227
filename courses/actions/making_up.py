"""Making up: an equivalent session, confirmed by the Associate who held it, for one that was missed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from courses.actions.enrolling import EnrolmentFrozen
from courses.actions.refusals import refuse_cancelled
from courses.actions.register import RegisterRefused, allowed, enrolments_locked, needs_making_up
from courses.models import Course, Licence, RegisterEntry


@transaction.atomic
def record_make_up(*, entry: RegisterEntry, made_up_on: date, made_up_how: str, by: Person) -> RegisterEntry:
    """Confirm that somebody attended an equivalent session in place of one they missed.

    Args:
        entry: what was missed: absent, or late or gone early with the judgement *must be made up*.
        made_up_on: the day of the equivalent session, not in the future, and within
            settings.AIM["MADE_UP_WITHIN_DAYS"] of the missed one.
        made_up_how: which session it was, and where.
        by: the Associate who held it, licensed for the programme in the course's country on that day.

    Returns:
        The entry; where the same was confirmed already, untouched.

    Raises:
        CourseCancelled: the course was cancelled.
        EnrolmentFrozen: the outcome was approved.
        RegisterRefused: nothing is to be made up, the day does not fit, the words are missing, or `by`
            is not licensed or has a place on the course.
    """
    course = Course.objects.get(pk=entry.course_id)
    refuse_cancelled(course)
    enrolment = allowed(enrolments_locked(course, [entry.enrolment_id]).get(entry.enrolment_id), by)
    if enrolment.frozen_at:
        raise EnrolmentFrozen(_("The outcome was approved, so this register does not change any more."))
    row = RegisterEntry.objects.select_related("session").get(pk=entry.pk)
    if not needs_making_up(row):
        raise RegisterRefused(_("Nothing of this session is to be made up."))
    made_up_how = made_up_how.strip()
    if not made_up_how:
        raise RegisterRefused(_("Say which session it was, and where."), field="made_up_how")
    missed_on = row.session.starts_at.astimezone(course.zone).date()
    last = missed_on + timedelta(days=cast(int, settings.AIM["MADE_UP_WITHIN_DAYS"]))
    if made_up_on < missed_on or made_up_on > timezone.localdate(timezone=course.zone):
        raise RegisterRefused(
            _("Enter the day of the equivalent session: after the missed one, and not in the future."),
            field="made_up_on",
        )
    if made_up_on > last:
        raise RegisterRefused(
            _("A session is made up within %(days)d days. Ask The AIM Project.")
            % {"days": settings.AIM["MADE_UP_WITHIN_DAYS"]},
            field="made_up_on",
        )
    licensed = Licence.objects.in_force(made_up_on).filter(
        associate=by, programme=course.programme_id, country=course.country
    )
    if not licensed.exists():
        raise RegisterRefused(
            _("The Associate who held the equivalent session confirms it, licensed on that day."),
            field="made_up_on",
        )
    if (row.made_up_on, row.made_up_how) != (made_up_on, made_up_how):
        row.made_up_on, row.made_up_how = made_up_on, made_up_how
        row.made_up_at, row.made_up_by = timezone.now(), by
        row.save(update_fields=["made_up_on", "made_up_how", "made_up_at", "made_up_by"])
    return row
