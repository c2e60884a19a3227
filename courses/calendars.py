"""The sessions of a course as a file for somebody's own calendar: iCalendar, RFC 5545."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from courses.models import Course, Session

PRODUCT = "-//The AIM Project//AIMcert//EN"
# Around the first and the last session: what the file says of its time zone holds for them.
AROUND = timedelta(days=1)


def calendar_of(course: Course, sessions: list[Session]) -> bytes:
    """The file of a course's sessions; whoever takes it again finds the times of now in place of the old.

    A session keeps its UID, and SEQUENCE rises with each change of the course. Of a cancelled course each
    is cancelled.

    Args:
        course: which; its venue and its title stand in the file, and nobody's name.
        sessions: all of them, at least one, by number.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if course.cancelled_at else "PUBLISH")
    changed_at = _changed_at(course)
    for session in sessions:
        calendar.add_component(_event(course, session, len(sessions), changed_at))
    first, last = sessions[0].starts_at.date(), sessions[-1].ends_at.date()
    calendar.add_missing_timezones(first_date=first - AROUND, last_date=last + AROUND)
    return bytes(calendar.to_ical())


def _event(course: Course, session: Session, count: int, changed_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{course.uuid}-{session.number}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", changed_at)
    event.add("sequence", int((changed_at - course.created_at).total_seconds()))
    event.add("dtstart", session.starts_at.astimezone(course.zone))
    event.add("dtend", session.ends_at.astimezone(course.zone))
    event.add("summary", course.title if count == 1 else _numbered(course, session, count))
    event.add("location", ", ".join(line.strip() for line in course.venue.splitlines() if line.strip()))
    event.add("url", settings.SITE_URL + reverse("courses:detail", args=[course.uuid]))
    event.add("status", "CANCELLED" if course.cancelled_at else "CONFIRMED")
    return event


def _numbered(course: Course, session: Session, count: int) -> str:
    return _("%(course)s: session %(number)d of %(count)d") % {
        "course": course.title,
        "number": session.number,
        "count": count,
    }


def _changed_at(course: Course) -> datetime:
    """When anything of it changed last that stands in the file."""
    moved_at = course.session_changes.aggregate(last=Max("changed_at"))["last"]
    moments = (course.created_at, course.published_at, course.changed_at, course.cancelled_at, moved_at)
    return max(moment for moment in moments if moment is not None)
