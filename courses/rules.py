"""Who may do what with courses: what a person is to a course, asked of the database once per request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import rules
from django.db.models import DateField, DateTimeField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.utils import timezone

from accounts.models import Person
from accounts.networks import add_reason_to_vouch
from accounts.relationships import add_relationship
from accounts.rules import is_aim_admin
from aimcert.foundation.compiled import Compiled, Given, GivenKeys
from aimcert.foundation.rows import first
from courses.models import Course, CourseAssociate, Enrolment, Licence, MakeUpRequest, Nomination, Session
from courses.permissions import Courses

# What `accounts.relationships` tells of somebody, so that home asks only where there can be an answer.
TRAINS = "trains_some_course"
ENROLLED = "enrolled_on_some_course"
LICENSED = "has_or_had_a_licence"
ASKED_TO_MAKE_UP = "is_asked_whether_a_session_was_made_up"
add_relationship(TRAINS, found=lambda _day: Exists(CourseAssociate.objects.filter(associate=OuterRef("pk"))))
add_relationship(ENROLLED, found=lambda _day: Exists(Enrolment.objects.filter(person=OuterRef("pk"))))
add_relationship(
    LICENSED,
    found=lambda _day: Exists(Licence.objects.filter(associate=OuterRef("pk"))),
    leads_somewhere=True,
)
add_relationship(
    ASKED_TO_MAKE_UP,
    found=lambda _day: Exists(MakeUpRequest.objects.waiting().filter(associate=OuterRef("pk"))),
)
# How far from now a session may start or have ended for its course to be today's, wherever that is.
ABOUT_TODAY = timedelta(hours=12)


def _meets_about_today(now: datetime) -> Q:
    """The condition on a person that they take part in, or train, a course that meets today."""
    near = Session.objects.filter(
        starts_at__lt=now + ABOUT_TODAY,
        ends_at__gt=now - ABOUT_TODAY,
        course__cancelled_at__isnull=True,
        course__published_at__isnull=False,
    ).values("course")
    takes_part = Enrolment.objects.filter(person=OuterRef("pk"), withdrawn_at__isnull=True, course__in=near)
    trains = CourseAssociate.objects.filter(associate=OuterRef("pk"), course__in=near)
    return Q(Exists(takes_part)) | Q(Exists(trains))


add_reason_to_vouch(_meets_about_today)


class _LocalDate(Func):
    """The date of a moment in a zone: `_LocalDate(zone, moment)`."""

    template = "(timezone(%(expressions)s))::date"
    output_field = DateField()


def training_now(now: Combinable | None = None) -> QuerySet[CourseAssociate]:
    """Assignments under which an Associate trains today.

    The licence was not withdrawn, is for the course's programme and country, and holds today or, so
    that a course can be finished, held on the local date of its last session. A renewed licence is as
    good as the one they were assigned under.

    Args:
        now: the moment, where it is given later.
    """
    zone = F("course__time_zone")
    last = Session.objects.filter(course=OuterRef("course")).order_by("-ends_at").values("ends_at")[:1]
    holds = Q()
    for day in ("today", "last_day"):
        holds |= Q(valid_from__lte=OuterRef(day)) & (
            Q(valid_until__isnull=True) | Q(valid_until__gte=OuterRef(day))
        )
    licences = Licence.objects.filter(
        holds,
        associate=OuterRef("associate"),
        programme=OuterRef("course__programme"),
        country=OuterRef("course__country"),
        withdrawn_at__isnull=True,
    )
    # Python's clock, not the server's: sample data and tests move it.
    now = now or Value(timezone.now(), output_field=DateTimeField())
    return CourseAssociate.objects.alias(
        today=_LocalDate(zone, now), last_day=_LocalDate(zone, Subquery(last))
    ).filter(Exists(licences))


def trains_now(person: Person) -> QuerySet[CourseAssociate]:
    """Of `training_now`, those of `person`."""
    return training_now().filter(associate=person)


def own_places(person: Person | Combinable) -> QuerySet[Enrolment]:
    """Places that `person` holds or gave up, on whichever account of theirs."""
    return Enrolment.objects.filter(person__in=Person.objects.accounts_of(person).values("pk"))


def trains_others_now(person: Person) -> QuerySet[CourseAssociate]:
    """Of `trains_now`, the courses on which `person` neither has nor had a place: see `trains_others`."""
    return trains_now(person).exclude(course__in=own_places(person).values("course"))


@dataclass(frozen=True)
class Standing:
    """What one person is to one course, apart from being an AIM admin.

    Args:
        trains: is assigned to it under a licence that holds.
        commissions: acts for the organisation that commissioned it, and it is published.
        sponsors: acts for an organisation that sponsors somebody on it, and it is published.
        may_propose: acts for some organisation, and it is published and open to all.
        enrolment: the UUID of their own enrolment, withdrawn or not.
        takes_part: has an enrolment that was not withdrawn.
        had_place: has an enrolment, withdrawn or not, perhaps of an account merged into theirs.
    """

    trains: bool = False
    commissions: bool = False
    sponsors: bool = False
    may_propose: bool = False
    enrolment: UUID | None = None
    takes_part: bool = False
    had_place: bool = False


def standing(person: Person, course: Course | int) -> Standing:
    """What `person` is to `course`: one query, then remembered for as long as this Person object lives.

    Args:
        person: the signed-in person; each request loads its own.
        course: the course, or its primary key.
    """
    pk = course if isinstance(course, int) else course.pk
    if not person.is_authenticated:
        return Standing()
    # On the object, like `is_aim_admin`, and so read afresh for each request. Not in its `__dict__`:
    # `request.user` is a wrapper that has one of its own.
    known: dict[int, Standing] | None = getattr(person, "_standings", None)
    if known is None:
        known = {}
        setattr(person, "_standings", known)  # noqa: B010
    if pk not in known:
        known[pk] = _standing(person, pk)
    return known[pk]


def _standings() -> QuerySet[Course, Any]:
    person, course = Given("person"), OuterRef("pk")
    own = Enrolment.objects.filter(course=course, person=person)
    sponsored = Nomination.objects.known_to_sponsor().filter(
        course=course, sponsor_organisation_id__in=GivenKeys("organisations"), withdrawn_at__isnull=True
    )
    trains = training_now(Given("now", DateTimeField())).filter(associate=person)
    return Course.objects.filter(pk=Given("course")).values_list(
        "organisation_id",
        "published_at",
        Exists(trains.filter(course=course)),
        Exists(sponsored),
        first(own, "uuid"),
        Exists(own.filter(withdrawn_at__isnull=True)),
        Exists(own_places(person).filter(course=course)),
    )


_STANDINGS = Compiled(_standings)


def _standing(person: Person, pk: int) -> Standing:
    organisations = person.organisation_ids
    found = _STANDINGS.rows(
        person=person.pk, course=pk, organisations=list(organisations), now=timezone.now()
    )
    if not found:
        return Standing()
    organisation, published_at, trains, sponsors, enrolment, takes_part, had_place = found[0]
    published = published_at is not None
    return Standing(
        trains=trains,
        commissions=published and organisation in organisations,
        sponsors=published and sponsors,
        may_propose=published and organisation is None and bool(organisations),
        enrolment=enrolment,
        takes_part=takes_part,
        had_place=had_place,
    )


_OWN_PLACES = Compiled(
    lambda: own_places(Given("person")).filter(course=Given("course")).values_list("person", "uuid")
)


def _own_place(person: Person, pk: int) -> Standing:
    """Of `standing` what only their own places tell: pages that ask nothing else pay for these alone."""
    standings: dict[int, Standing] = getattr(person, "_standings", {})
    if pk in standings:
        return standings[pk]
    known: dict[int, Standing] | None = getattr(person, "_own_places", None)
    if known is None:
        known = {}
        setattr(person, "_own_places", known)  # noqa: B010
    if pk not in known:
        places = dict(_OWN_PLACES.rows(person=person.pk, course=pk))
        known[pk] = Standing(had_place=bool(places), enrolment=places.get(person.pk))
    return known[pk]


def _course_pk(thing: Any) -> int | None:
    if isinstance(thing, Course):
        return thing.pk
    course: int | None = getattr(thing, "course_id", None)
    if course is None and getattr(thing, "enrolment_id", None) is not None:
        course = thing.enrolment.course_id
    return course


def _to(person: Person, thing: Any) -> Standing:
    pk = _course_pk(thing)
    return Standing() if pk is None or not person.is_authenticated else standing(person, pk)


# Each takes a course, or anything of a course: what has a `course` or an `enrolment`.


@rules.predicate
def is_trainer_of(person: Person, thing: Any) -> bool:
    """Trains this course: assigned to it, under a licence that holds."""
    return _to(person, thing).trains


@rules.predicate
def is_participant_of(person: Person, thing: Any) -> bool:
    """Takes part in this course; of an enrolment or what hangs on one: is the person it is about."""
    if isinstance(thing, Enrolment):
        return person.is_authenticated and thing.person_id == person.pk
    if getattr(thing, "enrolment_id", None) is not None:
        return person.is_authenticated and thing.enrolment.person_id == person.pk
    return _to(person, thing).takes_part


@rules.predicate
def has_been_enrolled_on(person: Person, thing: Any) -> bool:
    """Has an enrolment on this course, withdrawn or not, on whichever account of theirs."""
    pk = _course_pk(thing)
    if pk is None or not person.is_authenticated:
        return False
    return _own_place(person, pk).had_place


@rules.predicate
def is_commissioner_of(person: Person, thing: Any) -> bool:
    """Acts for who commissioned this published course, or for who sponsors somebody on it."""
    found = _to(person, thing)
    return found.commissions or found.sponsors


@rules.predicate
def may_nominate_for(person: Person, thing: Any) -> bool:
    """Acts for who commissioned this published course; where it is open to all, for any organisation."""
    found = _to(person, thing)
    return found.commissions or found.may_propose


@rules.predicate
def is_about_oneself(person: Person, thing: Any) -> bool:
    """The nomination, the enrolment or what hangs on it is about this person: nobody handles their own."""
    if not person.is_authenticated:
        return False
    if isinstance(thing, Nomination):
        return thing.email == person.email or Nomination.objects.about(person).filter(pk=thing.pk).exists()
    enrolment = thing if isinstance(thing, Enrolment) else getattr(thing, "enrolment", None)
    return enrolment is not None and enrolment.person_id == person.pk


@rules.predicate
def is_commissioner_for(person: Person, thing: Any) -> bool:
    """Acts for the sponsor of this nomination, enrolment or what hangs on it, and it is not about them.

    A walk-in's nomination is the sponsor's once it is asked, the enrolment once it has confirmed.
    """
    if not person.is_authenticated:
        return False
    owner = thing if hasattr(thing, "sponsor_organisation_id") else getattr(thing, "enrolment", None)
    sponsor = getattr(owner, "sponsor_organisation_id", None)
    if sponsor not in person.organisation_ids or is_about_oneself(person, thing):
        return False
    if isinstance(owner, Nomination):
        return owner.is_known_to_sponsor
    return owner.is_confirmed if isinstance(owner, Enrolment) else True


@rules.predicate
def is_asked(person: Person, request: Any) -> bool:
    """Is the Associate of whom this is asked."""
    return person.is_authenticated and getattr(request, "associate_id", None) == person.pk


@dataclass(frozen=True)
class CourseNav:
    """What the tabs of a course's pages need to know; see templates/components/course_nav.html.

    Asked when it is read; what an AIM admin sees depends on their own place alone.
    """

    person: Person
    course: Course

    @property
    def is_admin(self) -> bool:
        """Belongs to The AIM Project's staff."""
        return self.person.is_aim_admin

    @property
    def is_trainer(self) -> bool:
        """Trains it, and has no place on it."""
        found = standing(self.person, self.course)
        return found.trains and not found.had_place

    @property
    def leads_others(self) -> bool:
        """A trainer of it or an admin, and has no place on it."""
        # An admin's own place is all that their tabs depend on.
        return oversees_others.test(self.person, self.course) or self.is_trainer

    @property
    def is_commissioner(self) -> bool:
        """Acts for who commissioned it or sponsors somebody on it."""
        found = standing(self.person, self.course)
        return found.commissions or found.sponsors

    @property
    def may_nominate(self) -> bool:
        """Sees nominations, perhaps none so far."""
        return self.is_commissioner or standing(self.person, self.course).may_propose

    @property
    def enrolment(self) -> UUID | None:
        """The UUID of the person's own enrolment, if they have one."""
        return _own_place(self.person, self.course.pk).enrolment


def course_nav(person: Person, course: Course) -> CourseNav:
    """The tabs of `course` for `person`: one query at most beside that of `standing`."""
    return CourseNav(person, course)


# Nobody handles their own: whoever has or had a place on a course has no hand in what comes of it for
# anyone on it, and reads nothing that others of it wrote, nor how it is marked.
trains_others = is_trainer_of & ~has_been_enrolled_on
oversees_others = is_aim_admin & ~has_been_enrolled_on
leads_others = trains_others | oversees_others

_is_inside = is_trainer_of | has_been_enrolled_on | is_commissioner_of | may_nominate_for | is_aim_admin
_handles = (is_commissioner_for | is_aim_admin) & ~is_about_oneself

rules.add_perm(Courses.MANAGE, is_aim_admin)
rules.add_perm(Courses.VIEW, _is_inside)
rules.add_perm(Courses.EDIT, is_aim_admin)
rules.add_perm(Courses.NOMINATE, may_nominate_for | is_aim_admin)
rules.add_perm(Courses.SEE_PROGRESS, is_commissioner_of | may_nominate_for | is_aim_admin)
rules.add_perm(Courses.HANDLE_NOMINATION, _handles)
rules.add_perm(Courses.CONFIRM_SPONSOR, _handles)
rules.add_perm(Courses.REFUSE_SPONSOR, is_commissioner_for)
rules.add_perm(Courses.NAME_SPONSOR, is_aim_admin & ~is_about_oneself)
rules.add_perm(Courses.CONFIRM_ACCEPTANCE, is_participant_of)
rules.add_perm(Courses.CORRECT_CERTIFICATE_NAME, is_participant_of | is_aim_admin)
rules.add_perm(Courses.WITHDRAW_ENROLMENT, is_participant_of | is_commissioner_for | is_aim_admin)
rules.add_perm(Courses.TAKE_REGISTER, leads_others)
rules.add_perm(Courses.ADD_WALK_IN, trains_others)
rules.add_perm(Courses.NOTE_IDENTITY, trains_others)
rules.add_perm(Courses.CONFIRM_MADE_UP, trains_others)
rules.add_perm(Courses.ANSWER_MAKE_UP, is_asked)
rules.add_perm(Courses.MANAGE_LICENCES, is_aim_admin)
