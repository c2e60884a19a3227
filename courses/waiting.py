"""What waits for a person in courses: for the home page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict
from uuid import UUID

from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
)
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from accounts.relationships import relationships_of
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.rows import counted, first
from aimcert.foundation.times import said_days, said_times
from aimcert.foundation.waiting import DayIs, Urgency, Waiting
from courses.models import (
    Course,
    Enrolment,
    MakeUpRequest,
    Nomination,
    RegisterEntry,
    Session,
    entry_complete,
    pays_unconfirmed,
)
from courses.rules import ASKED_TO_MAKE_UP, ENROLLED, TRAINS, trains_others_now

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

# How far ahead something is worth a line, and how far back a register still is.
AHEAD = timedelta(days=60)
BEHIND = timedelta(days=120)
MOST = 20


def waiting_for(user: Person) -> list[Waiting]:
    """What this person has to do about courses, in every role that they have: at most two queries.

    And one, where an Associate is asked about a session that they held.
    """
    found: list[Waiting] = []
    held = relationships_of(user)
    if TRAINS in held or ENROLLED in held:
        found += _sessions(user)
    if user.is_aim_admin or user.organisation_ids:
        found += _looked_after(user)
    if ASKED_TO_MAKE_UP in held:
        found += _made_up(user)
    return found


class _OfSession(TypedDict):
    """What a session is to the one whose lines are asked for; `own` names their enrolment."""

    trains: bool
    own: UUID | None
    accepted_at: datetime | None
    pays_at: datetime | None
    people: int
    entered: int


class _OfCourse(TypedDict):
    first_start: datetime | None
    last_end: datetime | None
    without_sponsor: int
    walk_ins: int
    silent: int
    enrolled: int
    offered: int


SessionRow: TypeAlias = "WithAnnotations[Session, _OfSession]"
CourseRow: TypeAlias = "WithAnnotations[Course, _OfCourse]"


def _sessions(user: Person) -> list[Waiting]:
    """Registers of courses that they train; the next session of each course that they take part in.

    And, with its first session, each of these where they have yet to say that they accepted it themself,
    or that they pay for themself.
    """
    now = timezone.now()
    # Of whom an outcome is finalised, The AIM Project alone writes.
    enrolled = Enrolment.objects.filter(
        course=OuterRef("course"), withdrawn_at__isnull=True, outcome_finalised_at__isnull=True
    ).order_by()
    entered = RegisterEntry.objects.filter(
        entry_complete(),
        session=OuterRef("pk"),
        enrolment__withdrawn_at__isnull=True,
        enrolment__outcome_finalised_at__isnull=True,
        enrolment__course=OuterRef("course"),
    ).order_by()
    own = user.enrolments.filter(withdrawn_at__isnull=True)
    # Accepted in the room, by a link that others saw.
    unproven = own.filter(nomination__link_shown_to__isnull=False, acceptance_confirmed_at__isnull=True)
    unpaid = own.filter(pays_unconfirmed())
    coming = Session.objects.filter(course=OuterRef("course"), ends_at__gt=now).order_by("starts_at")
    has_register = Q(
        trains=True,
        course__published_at__isnull=False,
        starts_at__gt=now - BEHIND,
        starts_at__lt=now + timedelta(days=1),
    )
    is_next = Q(course__in=own.values("course"), pk=first(coming, "pk"))
    to_confirm = Q(course__in=unproven.values("course")) | Q(course__in=unpaid.values("course"))
    sessions = (
        Session.objects.filter(course__cancelled_at__isnull=True)
        .annotate(
            trains=ExpressionWrapper(Q(course__in=trains_others_now(user).values("course")), BooleanField()),
            own=first(own.filter(course=OuterRef("course")), "uuid"),
            accepted_at=first(unproven.filter(course=OuterRef("course")), "enrolled_at"),
            pays_at=first(unpaid.filter(course=OuterRef("course")), "enrolled_at"),
            people=counted(enrolled),
            entered=counted(entered),
        )
        .filter(has_register | is_next | (to_confirm & Q(number=1)))
        .select_related("course")
        .order_by("starts_at")
    )
    found = []
    for session in sessions:
        if session.trains and session.starts_at < now + timedelta(days=1):
            found += _register(session)
        if (session.accepted_at or session.pays_at) and session.number == 1:
            found.append(_acceptance(session))
        if session.own and session.ends_at > now:
            found.append(_own(session))
    return found


def _register(session: SessionRow) -> list[Waiting]:
    """The register of one session, if it is taken by now or today."""
    course = session.course
    day, today = timezone.localdate(session.starts_at, course.zone), timezone.localdate(timezone=course.zone)
    if day > today or not session.people:
        return []
    url = reverse("courses:register_session", args=[course.uuid, session.number])
    named = {"course": course.title, "number": session.number}
    if session.entered >= session.people:
        if day < today:
            return []
        words = _("Register taken: %(course)s, session %(number)d") % named
        return [Waiting(words, url, session.starts_at, Urgency.LATER, done=True, zone=course.zone)]
    if day == today:
        words = _("Take the register: %(course)s, session %(number)d, today") % named
        return [Waiting(words, url, session.starts_at, Urgency.NOW, zone=course.zone, day_is=DayIs.ON)]
    words = _("Finish the register: %(course)s, session %(number)d") % named
    return [Waiting(words, url, session.starts_at, Urgency.SOON, zone=course.zone, day_is=DayIs.ON)]


def _acceptance(session: SessionRow) -> Waiting:
    """Their own place, accepted in the room by a link that others saw, or which they are to pay for."""
    words = (
        _("Confirm that you accepted your place yourself: %(course)s")
        if session.accepted_at
        else _("Confirm that you pay for yourself: %(course)s")
    )
    url = reverse("certification:my_course", args=[session.own])
    words %= {"course": session.course.title}
    since = session.accepted_at or session.pays_at
    return Waiting(words, url, since, Urgency.NOW, zone=session.course.zone)


def _own(session: SessionRow) -> Waiting:
    """The next session of a course in which they take part: today, or to come."""
    course = session.course
    url = reverse("certification:my_course", args=[session.own])
    when = said_times(session.starts_at, session.ends_at, course.zone)
    named = {"course": course.title, "when": when}
    if timezone.localdate(session.starts_at, course.zone) == timezone.localdate(timezone=course.zone):
        words = _("Come to your course today: %(course)s, %(when)s") % named
        return Waiting(words, url, session.starts_at, Urgency.NOW, zone=course.zone, day_is=DayIs.ON)
    words = _("Come to your course: %(course)s, %(when)s") % named
    return Waiting(words, url, session.starts_at, Urgency.LATER, zone=course.zone, day_is=DayIs.ON)


def _looked_after(user: Person) -> list[Waiting]:
    """By course: a draft to complete, and walk-ins without a sponsor, for an AIM admin; walk-ins to
    confirm; who has not answered; places that are free, for who commissioned it.
    """
    now = timezone.now()
    own = Nomination.objects.about(user).values("pk")
    mine = Nomination.objects.visible_to(user).exclude(pk__in=own).filter(withdrawn_at__isnull=True)
    of_course = mine.filter(course=OuterRef("pk")).order_by()
    unconfirmed = of_course.filter(
        is_walk_in=True,
        enrolment__isnull=False,
        enrolment__sponsor_confirmed_at__isnull=True,
        enrolment__withdrawn_at__isnull=True,
    )
    to_name, to_confirm = (unconfirmed.filter(sponsor_to_be_named=yes) for yes in (True, False))
    silent = of_course.filter(enrolment__isnull=True, declined_at__isnull=True)
    is_soon = Q(first_start__gt=now, first_start__lt=now + AHEAD)
    needs = Q(walk_ins__gt=0) | Q(without_sponsor__gt=0) | (is_soon & Q(silent__gt=0))
    if user.is_aim_admin:
        needs |= Q(published_at__isnull=True)
    commissioned = Q(organisation__in=user.organisation_ids, published_at__isnull=False)
    needs |= commissioned & is_soon & Q(capacity__gt=F("enrolled") + F("offered"))
    offered = Nomination.objects.that_may_be_accepted(now).filter(course=OuterRef("pk"))
    # What `with_dates` adds, its type does not say.
    courses: Any = (
        Course.objects.filter(cancelled_at__isnull=True)
        .with_dates()
        .with_places()
        .annotate(
            offered=counted(offered),
            without_sponsor=counted(to_name),
            walk_ins=counted(to_confirm),
            silent=counted(silent),
        )
        .filter(needs)
        .order_by(F("first_start").asc(nulls_last=True), InOrder("title"), "pk")
    )
    drafts = [_draft(course) for course in courses if user.is_aim_admin and course.published_at is None]
    nominations = [line for course in courses for line in _nominations(course, now)]
    free = [line for course in courses for line in _free(course, user, now)]
    return drafts[:MOST] + nominations[:MOST] + free[:MOST]


def _draft(course: CourseRow) -> Waiting:
    """A draft that an AIM admin completes and publishes."""
    begins = course.first_start
    ends = course.last_end
    when = f", {said_days(begins, ends, course.zone)}" if begins and ends else ""
    passed = begins is not None and begins <= timezone.now()
    words = (
        _("Change the dates, or cancel: %(course)s%(when)s")
        if passed
        else _("Complete and publish: %(course)s%(when)s")
    )
    words %= {"course": course.title, "when": when}
    return Waiting(
        words,
        reverse("courses:detail", args=[course.uuid]),
        begins,
        Urgency.SOON,
        zone=course.zone,
        day_is=DayIs.STARTS,
    )


def _nominations(course: CourseRow, now: datetime) -> Iterator[Waiting]:
    """Walk-ins without a sponsor, or to confirm; who has not answered, where the course comes soon."""
    begins = course.first_start
    url = reverse("courses:nominations", args=[course.uuid])
    if course.without_sponsor:
        words = ngettext(
            "Name who sponsors %(n)d walk-in: %(course)s",
            "Name who sponsors %(n)d walk-ins: %(course)s",
            course.without_sponsor,
        )
        named = {"n": course.without_sponsor, "course": course.title}
        yield Waiting(words % named, url, begins, Urgency.SOON, zone=course.zone, day_is=DayIs.STARTS)
    if course.walk_ins:
        words = ngettext(
            "Confirm %(n)d walk-in: %(course)s", "Confirm %(n)d walk-ins: %(course)s", course.walk_ins
        )
        named = {"n": course.walk_ins, "course": course.title}
        yield Waiting(words % named, url, begins, Urgency.SOON, zone=course.zone, day_is=DayIs.STARTS)
    if course.silent and begins and now < begins < now + AHEAD:
        words = ngettext(
            "Remind %(n)d person who has not answered their invitation: %(course)s",
            "Remind %(n)d people who have not answered their invitations: %(course)s",
            course.silent,
        )
        named = {"n": course.silent, "course": course.title}
        yield Waiting(words % named, url, begins, Urgency.LATER, zone=course.zone, day_is=DayIs.STARTS)


def _free(course: CourseRow, user: Person, now: datetime) -> Iterator[Waiting]:
    """Places of a course that comes soon, neither taken nor offered to anybody, for who commissioned it."""
    begins, free = course.first_start, course.capacity - course.enrolled - course.offered
    if course.organisation_id not in user.organisation_ids or course.published_at is None or free < 1:
        return
    if begins and now < begins < now + AHEAD:
        words = ngettext(
            "Nominate people: %(course)s has %(n)d free place",
            "Nominate people: %(course)s has %(n)d free places",
            free,
        )
        url = reverse("courses:nominate", args=[course.uuid])
        named = {"n": free, "course": course.title}
        yield Waiting(words % named, url, begins, Urgency.LATER, zone=course.zone, day_is=DayIs.STARTS)


def _made_up(user: Person) -> list[Waiting]:
    """Whether somebody attended a session that they held in place of one that was missed."""
    asked = MakeUpRequest.objects.waiting().filter(associate=user).select_related("enrolment__course")
    return [
        Waiting(
            _("Say whether somebody made up a session with you: %(course)s")
            % {"course": one.enrolment.course.title},
            reverse("courses:made_up", args=[one.uuid]),
            one.asked_at,
            Urgency.SOON,
            zone=one.enrolment.course.zone,
        )
        for one in asked.order_by("asked_at", "pk")
    ]
