"""What one viewer may be told of the courses of some years: a few statements, however many people.

Everybody is told what a sponsor is (`told(…, Viewer.SPONSOR)`), The AIM Project too: what is printed here is
passed on, and says no result before its time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.db.models.expressions import ExpressionWrapper
from django.utils import timezone

from accounts.models import Membership, Organisation, Person, StaffAppointment
from aimcert.foundation.name_order import name_key
from certification.disclosure import Shown, Viewer, follow_ups_of, people_on, told, with_results
from certification.over_time.groups import Counted, Stood
from certification.over_time.periods import Period, Window, quarter_of
from courses.models import Course, Enrolment, Nomination, Programme
from courses.rules import own_places

# Some part of the world has a day before others do.
_A_DAY = timedelta(days=1)
STOOD = {
    Shown.CERTIFIED: Stood.COMPETENT,
    Shown.NOT_YET: Stood.NOT_YET,
    Shown.NOT_ASSESSED: Stood.NOT_ASSESSED,
    Shown.CERTIFICATE_ENDED: Stood.OTHER,
    Shown.WITHDRAWN: Stood.OTHER,
    Shown.CANCELLED: Stood.OTHER,
}


@dataclass(frozen=True, slots=True)
class Held:
    """One course that was held.

    Args:
        programme: its primary key.
        quarter: of its last day.
        is_asked: whether the organisation that is asked for commissioned it or sent somebody.
    """

    programme: int
    quarter: Period
    is_asked: bool


@dataclass(frozen=True, slots=True)
class PutForward:
    """How many people one sponsor put forward for courses of one programme in one quarter.

    Args:
        organisation: the sponsor's primary key; None: themselves, or it is still to be named.
        programme: its primary key.
        quarter: of the courses' last days.
        came: who hold a place.
        left: who gave theirs up.
        stayed_away: who took none.
    """

    organisation: int | None
    programme: int
    quarter: Period
    came: int
    left: int
    stayed_away: int


@dataclass(frozen=True)
class Facts:
    """What is counted, of whole years.

    Args:
        programmes: names by primary key, in order.
        courses: those held.
        put_forward: nominations.
        people: places on these courses, of whom something may be told.
        over_sponsors: whether the viewer is told of all sponsors together.
    """

    programmes: dict[int, str]
    courses: Sequence[Held]
    put_forward: Sequence[PutForward]
    people: Sequence[Counted]
    over_sponsors: bool


def held_courses(user: Person, now: datetime) -> QuerySet[Any, Any]:
    """Courses that were held, with their `last_end`, of which `user` is told something.

    A commissioner's are those that their organisation commissioned or sent somebody to. An AIM admin's are
    all but those on which they have or had a place themself.
    """
    courses = Course.objects.visible_to(user)
    if user.is_aim_admin:
        courses = courses.exclude(pk__in=own_places(user).values("course"))
    else:
        theirs = Course.objects.sponsored_by(user.organisation_ids)
        courses = courses.filter(pk__in=theirs.values("pk"))
    held = courses.published().filter(cancelled_at__isnull=True)
    return held.annotate(last_end=Max("sessions__ends_at")).filter(last_end__lt=now)


def first_year(user: Person, now: datetime) -> int | None:
    """In which year the first course was held of which `user` is told something; None: there was none."""
    first: datetime | None = held_courses(user, now).aggregate(first=Min("last_end"))["first"]
    return first.year if first else None


def programmes_by_code() -> dict[str, Programme]:
    """Programmes that the page may be narrowed to, in their order."""
    return {one.code: one for one in Programme.objects.only("code", "name")}


def sponsors_for(user: Person) -> list[Organisation]:
    """Organisations whose people `user` may ask for alone, by name; none for whom there is one to ask for."""
    found = Organisation.objects.visible_to(user)
    named = sorted(found.only("uuid", "name"), key=lambda one: name_key(one.name))
    return named if user.is_aim_admin or len(named) > 1 else []


def read_facts(user: Person, window: Window, *, organisation: int | None, now: datetime) -> Facts:
    """What `user` may be told of the courses held in the years of `window`: five statements.

    Args:
        user: who looks.
        window: whole years.
        organisation: primary key of the one that is asked for, of those that `user` may ask for.
        now: the moment.
    """
    courses = _courses(user, window, organisation, now)
    held = [Held(course.programme_id, quarter, course.is_asked_for) for course, quarter in courses.values()]
    return Facts(
        programmes=dict(Programme.objects.values_list("pk", "name")),
        courses=held,
        put_forward=list(_put_forward(user, courses)),
        people=list(_people(user, courses, now)),
        over_sponsors=user.is_aim_admin,
    )


# Courses by primary key, each with the quarter of its last day.
_Courses = dict[int, tuple[Any, Period]]


def _courses(user: Person, window: Window, organisation: int | None, now: datetime) -> _Courses:
    begins = datetime(window.first, 1, 1, tzinfo=UTC) - _A_DAY
    ends = datetime(window.last + 1, 1, 1, tzinfo=UTC) + _A_DAY
    asked_for = Q(pk__isnull=False)
    if organisation is not None:
        asked_for = Q(pk__in=Course.objects.sponsored_by(frozenset({organisation})).values("pk"))
    staff = StaffAppointment.objects.filter(ended_at__isnull=True).values("person")
    places = Enrolment.objects.filter(course=OuterRef("pk"))
    of_staff = Q(person__in=staff) | Q(person__merged_into__in=staff)
    found = (
        held_courses(user, now)
        .filter(last_end__gte=begins, last_end__lt=ends)
        .annotate(
            is_asked_for=ExpressionWrapper(asked_for, output_field=BooleanField()),
            has_staff=Exists(places.filter(of_staff)),
        )
        .select_related("sitting")
        .defer("venue", "experience_sought", "cancelled_because")
    )
    dated = ((course, quarter_of(_last_day(course))) for course in found)
    return {
        course.pk: (course, quarter)
        for course, quarter in dated
        if window.first <= quarter.year <= window.last
    }


def _last_day(course: Any) -> date:
    """The day of its last session, in its own zone."""
    last: datetime = course.last_end
    return last.astimezone(course.zone).date()


def _put_forward(user: Person, courses: _Courses) -> Iterable[PutForward]:
    took_place = Q(enrolment__isnull=False)
    counted = (
        Nomination.objects.visible_to(user)
        .filter(course__in=courses)
        .order_by()
        .values_list("course", "sponsor_organisation")
        .annotate(
            came=Count("pk", filter=took_place & Q(enrolment__withdrawn_at__isnull=True)),
            left=Count("pk", filter=took_place & Q(enrolment__withdrawn_at__isnull=False)),
            stayed_away=Count("pk", filter=~took_place),
        )
    )
    for pk, organisation, came, left, stayed_away in counted:
        course, quarter = courses[pk]
        yield PutForward(organisation, course.programme_id, quarter, came, left, stayed_away)


def _people(user: Person, courses: _Courses, now: datetime) -> Iterable[Counted]:
    acting = Membership.objects.filter(
        Q(person=OuterRef("person")) | Q(person=OuterRef("person__merged_into")),
        organisation=OuterRef("sponsor_organisation"),
        ended_at__isnull=True,
    )
    people = with_results(people_on(list(courses), user)).annotate(
        acts_for_sponsor=Exists(acting), is_walk_in=F("nomination__is_walk_in")
    )
    opened, closed_after = _follow_ups(user, courses)
    narrow = people.select_related(None).only(
        "course", "sponsor_organisation", "sponsor_confirmed_at", "withdrawn_at"
    )
    for one in narrow:
        course, quarter = courses[one.course_id]
        one.course = course
        # Whoever acts for their sponsor, and whom it has not taken on, no page of the sponsor's counts: so it
        # is one page, whoever of them opens it.
        is_theirs = (one.sponsor_confirmed_at is not None or not one.is_walk_in) and not one.acts_for_sponsor
        organisation = one.sponsor_organisation_id if is_theirs else None
        if organisation is None and not user.is_aim_admin:
            continue
        yield Counted(
            organisation=organisation,
            programme=course.programme_id,
            apart=course.pk if course.has_staff else 0,
            quarter=quarter,
            stood=STOOD.get(told(one, Viewer.SPONSOR, now).stage, Stood.OPEN),
            opened=opened[one.pk],
            closed_after=tuple(closed_after[one.pk]),
        )


def _follow_ups(user: Person, courses: _Courses) -> tuple[dict[int, int], dict[int, list[int]]]:
    """By enrolment: how many went to the sponsor, and after how many days those that are closed were."""
    opened: dict[int, int] = defaultdict(int)
    closed_after: dict[int, list[int]] = defaultdict(list)
    went = follow_ups_of(user).filter(released_at__isnull=False, enrolment__course__in=courses)
    for pk, of, released_at, closed_at in went.values_list(
        "enrolment", "enrolment__course", "released_at", "closed_at"
    ):
        opened[pk] += 1
        if closed_at:
            zone = courses[of][0].zone
            days = timezone.localdate(closed_at, zone) - timezone.localdate(released_at, zone)
            closed_after[pk].append(days.days)
    return opened, closed_after
