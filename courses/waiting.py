"""What waits for a person in courses: for the home page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from aimcert.foundation.waiting import Urgency, Waiting
from courses.models import Course, Enrolment, Nomination, RegisterEntry, Session, entry_complete
from courses.rules import trains_now
from courses.times import said_days, said_times

# How far ahead something is worth a line, and how far back a register still is.
AHEAD = timedelta(days=60)
BEHIND = timedelta(days=120)
MOST = 20


def waiting_for(user: Person) -> list[Waiting]:
    """What this person has to do about courses, in every role that they have: at most four queries."""
    found = [*_registers(user), *_own_courses(user)]
    if user.is_aim_admin:
        found += _drafts()
    if user.is_aim_admin or user.organisation_ids:
        found += _nominations(user)
    return found


def _registers(user: Person) -> list[Waiting]:
    """Of courses they train: registers of today and of the past that are not complete."""
    now = timezone.now()
    enrolled = Enrolment.objects.filter(course=OuterRef("course"), withdrawn_at__isnull=True).order_by()
    entered = RegisterEntry.objects.filter(
        entry_complete(),
        session=OuterRef("pk"),
        enrolment__withdrawn_at__isnull=True,
        enrolment__course=OuterRef("course"),
    ).order_by()
    sessions = (
        Session.objects.filter(
            Exists(trains_now(user).filter(course=OuterRef("course"))),
            course__published_at__isnull=False,
            course__cancelled_at__isnull=True,
            starts_at__gt=now - BEHIND,
            starts_at__lt=now + timedelta(days=1),
        )
        .annotate(people=_counted(enrolled.values("course")), entered=_counted(entered.values("session")))
        .select_related("course")
        .order_by("starts_at")
    )
    found = []
    for session in sessions:
        course = session.course
        day = timezone.localdate(session.starts_at, course.zone)
        today = timezone.localdate(timezone=course.zone)
        if day > today or not session.people:
            continue
        url = reverse("courses:register_session", args=[course.uuid, session.number])
        named = {"course": course.title, "number": session.number}
        if session.entered >= session.people:
            if day == today:
                words = _("Register taken: %(course)s, session %(number)d") % named
                found.append(Waiting(words, url, session.starts_at, Urgency.LATER, done=True))
        elif day == today:
            words = _("Take the register: %(course)s, session %(number)d, today") % named
            found.append(Waiting(words, url, session.starts_at, Urgency.NOW))
        else:
            words = _("Finish the register: %(course)s, session %(number)d") % named
            found.append(Waiting(words, url, session.starts_at, Urgency.SOON))
    return found


def _own_courses(user: Person) -> list[Waiting]:
    """Courses that they take part in: today's, and what comes."""
    now = timezone.now()
    next_session = Session.objects.filter(course=OuterRef("course"), ends_at__gt=now).order_by("starts_at")
    coming = (
        user.enrolments.filter(
            withdrawn_at__isnull=True,
            course__cancelled_at__isnull=True,
        )
        .annotate(
            next_start=Subquery(next_session.values("starts_at")[:1]),
            next_end=Subquery(next_session.values("ends_at")[:1]),
        )
        .filter(next_start__isnull=False)
        .select_related("course")
        .order_by("next_start")
    )
    found = []
    for enrolment in coming:
        course = enrolment.course
        url = reverse("certification:my_course", args=[enrolment.uuid])
        times = said_times(enrolment.next_start, enrolment.next_end, course.zone)
        named = {"course": course.title, "when": times}
        if timezone.localdate(enrolment.next_start, course.zone) == timezone.localdate(timezone=course.zone):
            words = _("Your course today: %(course)s, %(when)s") % named
            found.append(Waiting(words, url, enrolment.next_start, Urgency.NOW))
        else:
            words = _("Your course: %(course)s, %(when)s") % named
            found.append(Waiting(words, url, enrolment.next_start, Urgency.LATER))
    return found


def _drafts() -> list[Waiting]:
    """Drafts that an AIM admin completes and publishes."""
    drafts: Any = (
        Course.objects.filter(published_at__isnull=True, cancelled_at__isnull=True)
        .with_dates()
        .order_by(F("first_start").asc(nulls_last=True), "pk")[:MOST]
    )
    return [
        Waiting(
            _("Complete and publish: %(course)s%(when)s")
            % {
                "course": course.title,
                "when": f", {said_days(course.first_start, course.last_end, course.zone)}"
                if course.first_start
                else "",
            },
            reverse("courses:detail", args=[course.uuid]),
            course.first_start,
            Urgency.SOON,
        )
        for course in drafts
    ]


def _nominations(user: Person) -> list[Waiting]:
    """Walk-ins to confirm; people who have not answered on courses that come soon."""
    now = timezone.now()
    own = Q(email=user.email) | Q(enrolment__person=user)
    mine = Nomination.objects.visible_to(user).exclude(own).filter(withdrawn_at__isnull=True)
    begins = Session.objects.filter(course=OuterRef("course")).order_by("starts_at").values("starts_at")[:1]
    to_confirm = Q(
        is_walk_in=True,
        enrolment__isnull=False,
        enrolment__sponsor_confirmed_at__isnull=True,
        enrolment__withdrawn_at__isnull=True,
    )
    silent = Q(enrolment__isnull=True, declined_at__isnull=True, begins_at__gt=now, begins_at__lt=now + AHEAD)
    counted = (
        mine.filter(course__cancelled_at__isnull=True)
        .annotate(begins_at=Subquery(begins))
        .filter(to_confirm | silent)
        .values("course__uuid", "course__title")
        .annotate(
            walk_ins=Count("pk", filter=to_confirm),
            silent=Count("pk", filter=silent),
            begins=Min("begins_at"),
        )
        .order_by("begins", "course__title")[:MOST]
    )
    found = []
    for row in counted:
        url = reverse("courses:nominations", args=[row["course__uuid"]])
        if row["walk_ins"]:
            words = ngettext(
                "Confirm %(n)d walk-in: %(course)s", "Confirm %(n)d walk-ins: %(course)s", row["walk_ins"]
            )
            named = {"n": row["walk_ins"], "course": row["course__title"]}
            found.append(Waiting(words % named, url, row["begins"], Urgency.SOON))
        if row["silent"]:
            words = ngettext(
                "%(n)d person has not answered their invitation: %(course)s",
                "%(n)d people have not answered their invitations: %(course)s",
                row["silent"],
            )
            named = {"n": row["silent"], "course": row["course__title"]}
            found.append(Waiting(words % named, url, row["begins"], Urgency.LATER))
    return found


def _counted(rows: object) -> Coalesce:
    counted = Subquery(
        rows.annotate(n=Count("pk")).values("n"),  # type: ignore[attr-defined]
        output_field=IntegerField(),
    )
    return Coalesce(counted, Value(0))
