"""From when until when it can be recorded that something happened to somebody on a course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, Max, Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from aimcert.foundation.working_days import working_days_after
from assessments.answering.models import SpecialConsideration
from courses.models import Course, Enrolment, Session


@dataclass(frozen=True)
class TellingWindow:
    """From the beginning of a course's first session until some working days after its last.

    Args:
        opens_at: None: it has no sessions.
        closes_at: by the clock where the course meets.
    """

    opens_at: datetime | None
    closes_at: datetime | None

    @property
    def is_too_early(self) -> bool:
        """Whether it has not opened yet."""
        return self.opens_at is None or timezone.now() < self.opens_at

    @property
    def is_too_late(self) -> bool:
        """Whether it has closed."""
        return self.closes_at is not None and self.closes_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        """Whether something can be recorded now."""
        return not self.is_too_early and not self.is_too_late


def telling_window(course: Course) -> TellingWindow:
    """The window of `course`: one statement."""
    found = course.sessions.aggregate(first=Min("starts_at"), last=Max("ends_at"))
    return _window(found["first"], found["last"], course.zone)


@dataclass(frozen=True)
class Offered:
    """What somebody's own pages of a course offer.

    Args:
        tells: whether they can tell what happened to them now.
        reads: whether something about them stands there to read.
    """

    tells: bool = False
    reads: bool = False


def offered_to(enrolment: Enrolment) -> Offered:
    """What the pages of `enrolment` offer its person: one statement."""
    sessions = Session.objects.filter(course=OuterRef("course")).order_by().values("course")
    told = SpecialConsideration.objects.filter(enrolment=OuterRef("pk"))
    rows: QuerySet[Enrolment, Any] = Enrolment.objects.filter(pk=enrolment.pk).values(
        "withdrawn_at",
        "course__cancelled_at",
        "course__time_zone",
        first_start=Subquery(sessions.annotate(at=Min("starts_at")).values("at")),
        last_end=Subquery(sessions.annotate(at=Max("ends_at")).values("at")),
        has_considerations=Exists(told.order_by()),
    )
    found = rows.get()
    takes_part = found["withdrawn_at"] is None and found["course__cancelled_at"] is None
    window = _window(found["first_start"], found["last_end"], ZoneInfo(found["course__time_zone"]))
    return Offered(tells=takes_part and window.is_open, reads=found["has_considerations"])


def _window(first: datetime | None, last: datetime | None, zone: ZoneInfo) -> TellingWindow:
    if first is None or last is None:
        return TellingWindow(None, None)
    days = settings.AIM["CONSIDERATION_TOLD_WORKING_DAYS"]
    return TellingWindow(first, working_days_after(last, days, zone))
