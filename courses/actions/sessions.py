"""When a course meets."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.fields import lines
from aimcert.foundation.stale_forms import ChangedMeanwhile, seen_of
from courses.actions.associates import unlicensed_associates
from courses.actions.refusals import CourseRefused, locked, refuse_cancelled
from courses.emails import tell_changed
from courses.models import Course, RegisterEntry, Session, SessionChange

LONGEST_SESSION = timedelta(hours=12)
MOST_SESSIONS = 20


class SessionsRefused(CourseRefused):
    """These sessions cannot be: in the past, overlapping, too long, begun, or not covered by a licence."""

    status = 422


class SessionsReasonNeeded(CourseRefused):
    """Somebody's outcome is finalised, so a change of the sessions is explained."""

    status = 422


class SessionTimes(NamedTuple):
    """When one session is, as moments in UTC (or any other zone)."""

    starts_at: datetime
    ends_at: datetime


@transaction.atomic
def set_sessions(
    *, course: Course, sessions: Sequence[SessionTimes], by: Person, seen: str = "", reason: str = ""
) -> list[Session]:
    """Say when a course meets; sessions of a published course that have begun stay as they are.

    They are a fact of the one rule, so once somebody's outcome is finalised a change is explained
    (docs/adr/0021-after-finalising.md).

    Args:
        course: which.
        sessions: all of them, in any order; at least one where it is published.
        by: the AIM admin.
        seen: `sessions_seen` of what the page showed; empty: whatever it was.
        reason: why; needed, and kept, where somebody's outcome is finalised.

    Returns:
        The sessions, numbered from 1 in the order of their times.

    Raises:
        CourseCancelled: it was cancelled.
        ChangedMeanwhile: they are others by now than were `seen`.
        SessionsReasonNeeded: an outcome is finalised, and nothing says why they change.
        SessionsRefused: one is in the past, ends before it starts, lasts longer than twelve hours or
            overlaps another; there are none, or too many; one that has begun would change; an
            Associate's licence does not cover them; somebody's outcome was approved already.

    Side effects:
        One row says who changed them, when and why. Where a published course's times change, tells whom
        `edit_course` tells that it moves.
    """
    course = locked(course)
    refuse_cancelled(course)
    now = timezone.now()
    wanted = [SessionTimes(start.astimezone(UTC), end.astimezone(UTC)) for start, end in sorted(sessions)]
    existing = list(course.sessions.order_by("number"))
    kept = [SessionTimes(session.starts_at, session.ends_at) for session in existing]
    if wanted == kept:
        return existing
    if seen and seen != sessions_seen(course):
        raise ChangedMeanwhile
    _refuse_impossible(wanted, course)
    # Sessions are a fact of the one rule.
    enrolments = list(course.enrolments.select_for_update(of=("self",)).order_by("pk"))
    if any(enrolment.frozen_at for enrolment in enrolments):
        raise SessionsRefused(_("An outcome of this course was approved, so its sessions cannot change."))
    is_final = any(one.outcome_finalised_at and not one.withdrawn_at for one in enrolments)
    reason = lines(reason) if is_final else ""
    if is_final and not reason:
        raise SessionsReasonNeeded(
            _("Somebody’s outcome on this course is finalised. Say why its sessions change all the same."),
            field="reason",
        )
    # Nobody met for a draft, whatever its dates say: it can be put right.
    begun = [times for times in kept if times.starts_at <= now] if course.published_at else []
    if wanted[: len(begun)] != begun:
        raise SessionsRefused(_("A session that has begun cannot be changed or removed."))
    if any(times.starts_at <= now for times in wanted[len(begun) :]):
        raise SessionsRefused(_("A session starts in the past. Check its date and its time."))
    made = _write_sessions(course, existing, wanted)
    unlicensed = unlicensed_associates(course)
    if unlicensed:
        raise SessionsRefused(
            _("%(names)s would not be licensed on all these dates. Remove them from the course first.")
            % {"names": ", ".join(str(associate) for associate in unlicensed)}
        )
    SessionChange.objects.create(course=course, changed_by=by, reason=reason)
    if course.published_at:
        tell_changed(course)
    return made


def sessions_seen(course: Course) -> str:
    """What a page carries to say which sessions it showed, as clocks in the course's zone show them."""
    times = course.sessions.order_by("number").values_list("starts_at", "ends_at")
    return seen_of(course.time_zone, *(moment for one in times for moment in one))


def needs_session_reason(course: Course) -> bool:
    """Whether whoever changes the sessions of `course` says why: somebody's outcome is finalised."""
    return course.enrolments.filter(outcome_finalised_at__isnull=False, withdrawn_at__isnull=True).exists()


def _refuse_impossible(wanted: Sequence[SessionTimes], course: Course) -> None:
    if not wanted and course.published_at:
        raise SessionsRefused(_("A published course has at least one session."))
    if len(wanted) > MOST_SESSIONS:
        raise SessionsRefused(_("A course has at most %(most)d sessions.") % {"most": MOST_SESSIONS})
    for times in wanted:
        if times.ends_at <= times.starts_at:
            raise SessionsRefused(_("A session ends before it starts. Check its times."))
        if times.ends_at - times.starts_at > LONGEST_SESSION:
            raise SessionsRefused(
                _("A session lasts longer than twelve hours. Check its times, or make two of it.")
            )
    for earlier, later in itertools.pairwise(wanted):
        if later.starts_at < earlier.ends_at:
            raise SessionsRefused(_("Two sessions overlap. Check their dates and their times."))


def _write_sessions(course: Course, existing: list[Session], wanted: Sequence[SessionTimes]) -> list[Session]:
    made = []
    for number, times in enumerate(wanted, start=1):
        session = existing[number - 1] if number <= len(existing) else Session(course=course, number=number)
        session.starts_at, session.ends_at = times
        session.save()
        made.append(session)
    surplus = [session.pk for session in existing[len(wanted) :]]
    if RegisterEntry.objects.filter(session__in=surplus).exists():
        raise SessionsRefused(_("A session whose register was taken cannot be removed."))
    Session.objects.filter(pk__in=surplus).delete()
    return made
