"""Making a course and changing it, until it is published, held or cancelled."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, Person
from aimcert.foundation.models import Counter
from aimcert.foundation.stale_forms import ChangedMeanwhile, seen_of
from aimcert.foundation.times import at_local_time, local_clock
from courses.actions.associates import unlicensed_associates
from courses.actions.refusals import (
    CourseOver,
    CourseRefused,
    first_start,
    last_end,
    locked,
    refuse_cancelled,
)
from courses.actions.sessions import SessionTimes, set_sessions
from courses.emails import tell_cancelled, tell_changed, tell_published
from courses.models import Course, Enrolment, Programme


class NotReady(CourseRefused):
    """The course lacks something that must stand before it is published."""


@transaction.atomic
def create_course(
    *,
    programme: Programme,
    title: str,
    organisation: Organisation | None,
    country: str,
    time_zone: str,
    delivery: str,
    venue: str,
    capacity: int,
    experience_sought: str,
    by: Person,
    sessions: Sequence[SessionTimes] = (),
) -> Course:
    """Make a draft that only The AIM Project and its Associates see.

    Args:
        programme: what it trains.
        title: as everyone will read it.
        organisation: who commissions it; None: hosted by The AIM Project, open to anyone.
        country: two capital letters, ISO 3166-1; its Associates are licensed there.
        time_zone: a name of the IANA database, in which its times are said.
        delivery: a `Delivery`.
        venue: the place, or how to join online.
        capacity: how many can be enrolled.
        experience_sought: told on its public page.
        by: the AIM admin.
        sessions: as for `set_sessions`; they can be set later.

    Returns:
        The course, with its reference number.

    Raises:
        SessionsRefused: see `set_sessions`.
    """
    course = Course.objects.create(
        number=Counter.next("course"),
        programme=programme,
        title=title,
        organisation=organisation,
        country=country,
        time_zone=time_zone,
        delivery=delivery,
        venue=venue,
        capacity=capacity,
        experience_sought=experience_sought,
        created_by=by,
    )
    if sessions:
        set_sessions(course=course, sessions=sessions, by=by)
    return course


@transaction.atomic
def edit_course(
    *,
    course: Course,
    title: str,
    organisation: Organisation | None,
    country: str,
    time_zone: str,
    delivery: str,
    venue: str,
    capacity: int,
    experience_sought: str,
    by: Person,
    seen: str = "",
) -> Course:
    """Change a course. Once published, who commissioned it, its country and its time zone stay.

    Sessions of a draft keep their clock times when its time zone changes.

    Args:
        course: which; the others as in `create_course`.
        seen: `course_seen` of what the page showed; empty: whatever it was.

    Returns:
        The course as it is now; where it says the same already, untouched.

    Raises:
        CourseCancelled: it was cancelled.
        ChangedMeanwhile: something else stands by now than was `seen`.
        CourseRefused: something that nominees rely on would change, or more people are enrolled than
            it would have places.

    Side effects:
        Where a published course moves that is not over, tells everyone invited and enrolled, its Associates,
        and those who act for who commissioned it or sponsors somebody on it.
    """
    course = locked(course)
    refuse_cancelled(course)
    given = (title, organisation, country, time_zone, delivery, venue, capacity, experience_sought)
    if given == _details_of(course):
        return course
    if seen and seen != course_seen(course):
        raise ChangedMeanwhile
    fixed = {
        "organisation": (course.organisation, organisation),
        "country": (course.country, country),
        "time_zone": (course.time_zone, time_zone),
    }
    for field, (old, new) in fixed.items():
        if old != new and course.published_at:
            raise CourseRefused(
                _("This cannot change after the course was published: people were invited on it."),
                field=field,
            )
    enrolled = course.enrolments.filter(withdrawn_at__isnull=True).count()
    if capacity < enrolled:
        raise CourseRefused(
            _("%(count)d people are enrolled already. Enter at least as many places.") % {"count": enrolled},
            field="capacity",
        )
    moved = bool(course.published_at) and (course.delivery, course.venue) != (delivery, venue)
    if time_zone != course.time_zone:
        _keep_clock_times(course, zoneinfo.ZoneInfo(time_zone))
    course.title, course.organisation, course.country = title, organisation, country
    course.time_zone, course.delivery, course.venue = time_zone, delivery, venue
    course.capacity, course.experience_sought = capacity, experience_sought
    course.note_change(by)
    course.save()
    unlicensed = unlicensed_associates(course)
    if unlicensed:
        raise CourseRefused(
            _("%(names)s would not be licensed there. Remove them from the course first.")
            % {"names": ", ".join(str(associate) for associate in unlicensed)},
            field="country",
        )
    # Of one that was held it is the record that is corrected, and nobody has to come anywhere.
    ends_at = last_end(course)
    if moved and (ends_at is None or ends_at > timezone.now()):
        tell_changed(course)
    return course


def course_seen(course: Course) -> str:
    """What a page carries to say what it showed of `course`, without its sessions and its Associates."""
    return seen_of(*_details_of(course))


def _details_of(course: Course) -> tuple[Any, ...]:
    return (
        course.title,
        course.organisation,
        course.country,
        course.time_zone,
        course.delivery,
        course.venue,
        course.capacity,
        course.experience_sought,
    )


def _keep_clock_times(course: Course, zone: zoneinfo.ZoneInfo) -> None:
    old = course.zone
    for session in course.sessions.all():
        session.starts_at = at_local_time(local_clock(session.starts_at, old), zone)
        session.ends_at = at_local_time(local_clock(session.ends_at, old), zone)
        session.save(update_fields=["starts_at", "ends_at"])


@transaction.atomic
def publish(*, course: Course, by: Person) -> Course:
    """Give a course its public page, from when people can be nominated for it.

    `publish_course` of assessments calls this in the transaction that pins the version.

    Args:
        course: which.
        by: the AIM admin.

    Returns:
        The course; one that was published already keeps its date.

    Raises:
        CourseCancelled: it was cancelled.
        NotReady: it has no session, no Associate, an Associate without a licence for it, or its first
            session is in the past.

    Side effects:
        Writes to its Associates and to those who act for the organisation that commissioned it.
    """
    course = locked(course)
    if course.published_at:
        return course
    refuse_cancelled(course)
    starts_at = first_start(course)
    if starts_at is None:
        raise NotReady(_("Set this course’s sessions first."))
    if starts_at <= timezone.now():
        raise NotReady(_("This course’s first session is in the past. Change its sessions first."))
    if not course.associates.exists():
        raise NotReady(_("Assign an Associate to this course first."))
    unlicensed = unlicensed_associates(course)
    if unlicensed:
        raise NotReady(
            _("%(names)s may not train this course: licensed and cleared on all its dates is what it takes.")
            % {"names": ", ".join(str(associate) for associate in unlicensed)}
        )
    course.published_at, course.published_by = timezone.now(), by
    course.save(update_fields=["published_at", "published_by"])
    tell_published(course)
    return course


@transaction.atomic
def cancel(*, course: Course, because: str, by: Person) -> Course:
    """Cancel a course that is not over; its page stays and says so.

    Args:
        course: which.
        because: why, told to everyone who was invited or enrolled.
        by: the AIM admin.

    Returns:
        The course; one that was cancelled already keeps its date and its reason.

    Raises:
        CourseOver, CourseRefused: no reason was given, or as `refuse_cancelling` says.

    Side effects:
        If it had been published, writes to everyone invited or enrolled, to its Associates, and to those
        who act for who commissioned it or sponsors somebody on it.
    """
    course = locked(course)
    if course.cancelled_at:
        return course
    if not because.strip():
        raise CourseRefused(_("Say why it is cancelled."), field="because")
    refuse_cancelling(course)
    course.cancelled_at, course.cancelled_by = timezone.now(), by
    course.cancelled_because = because.strip()
    course.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_because"])
    if course.published_at:
        tell_cancelled(course)
    return course


def refuse_cancelling(course: Course) -> None:
    """Raise where this course cannot be cancelled now.

    Raises:
        CourseCancelled: it was already.
        CourseOver: it was published, and its last session has ended.
        CourseRefused: an outcome of it was approved.
    """
    refuse_cancelled(course)
    ends_at = last_end(course)
    if course.published_at and ends_at is not None and ends_at < timezone.now():
        raise CourseOver(_("This course is over and cannot be cancelled any more."))
    if Enrolment.objects.filter(course=course, frozen_at__isnull=False).exists():
        raise CourseRefused(_("An outcome of this course was approved, so it cannot be cancelled."))
