"""Who may decide: approvers, what tells of a conflict, and who is free of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ConfirmedAddress, Membership, Person, StaffAppointment
from aimcert.foundation.compiled import Compiled, Given
from aimcert.foundation.name_order import InOrder
from certification.eligibility.facts import Parties, with_parties
from courses.models import Enrolment, Licence


@dataclass(frozen=True)
class Approver:
    """Somebody who would decide, and what tells of a conflict.

    Args:
        person_id: primary key of the person.
        identities: primary keys of that person and of accounts merged into theirs.
        addresses: the email addresses of these, and those that they gave up.
        acted_for: primary keys of organisations that they act or acted for, each with when that ended;
            None: they do now.
        course_ids: primary keys of courses on which they have or had a place themself.
        is_aim_admin: whether they belong to The AIM Project's staff now.
        licensed_for: primary keys of programmes for which they hold a licence in force today.
    """

    person_id: int
    identities: frozenset[int]
    addresses: frozenset[str]
    acted_for: frozenset[tuple[int, datetime | None]]
    course_ids: frozenset[int]
    is_aim_admin: bool
    licensed_for: frozenset[int]

    def acted_for_since(self, moment: datetime) -> set[int]:
        """Primary keys of organisations that they acted for at some time from `moment` on."""
        return {pk for pk, ended_at in self.acted_for if ended_at is None or ended_at >= moment}


_COLUMNS = (
    "pk",
    "account_ids",
    "addresses",
    "earlier_addresses",
    "acted_for_ids",
    "acted_until",
    "own_course_ids",
    "on_staff",
    "licensed_ids",
)


def approvers(people: QuerySet[Person]) -> list[Approver]:
    """`people` as approvers, in one query."""
    return _as_approvers(_with_approver_facts(people, timezone.localdate()))


def as_approver(person: Person) -> Approver:
    """`person` as an approver, read afresh."""
    today = timezone.localdate()
    return _as_approvers(_one_approver(settings.STAFF_SECOND_FACTOR).rows(person=person.pk, today=today))[0]


# By the setting on which it depends who is staff.
@cache
def _one_approver(_second_factor: bool) -> Compiled[Person, Any]:
    return Compiled(
        lambda: _with_approver_facts(Person.objects.filter(pk=Given("person")), Given("today", DateField()))
    )


def _as_approvers(rows: Iterable[Any]) -> list[Approver]:
    return [
        Approver(
            person_id=pk,
            identities=frozenset(accounts_),
            addresses=frozenset([*addresses, *earlier]),
            acted_for=frozenset(zip(organisations, ended, strict=True)),
            course_ids=frozenset(courses),
            is_aim_admin=on_staff,
            licensed_for=frozenset(licensed),
        )
        for pk, accounts_, addresses, earlier, organisations, ended, courses, on_staff, licensed in rows
    ]


def _with_approver_facts(people: QuerySet[Person], today: date | Given) -> QuerySet[Person, Any]:
    accounts = Person.objects.accounts_of(OuterRef("pk"))
    is_theirs = Q(person__in=Person.objects.accounts_of(OuterRef(OuterRef("pk"))).values("pk"))
    # Ordered, as two arrays are read of them.
    memberships = Membership.objects.filter(is_theirs).order_by("pk")
    places = Enrolment.objects.filter(is_theirs).order_by()
    licences = Licence.objects.in_force(today).filter(associate=OuterRef("pk"))
    staff = StaffAppointment.objects.in_force().filter(person=OuterRef("pk"))
    return people.annotate(
        account_ids=ArraySubquery(accounts.values("pk")),
        addresses=ArraySubquery(accounts.values("email")),
        earlier_addresses=ArraySubquery(
            ConfirmedAddress.objects.filter(is_theirs).order_by().values("email")
        ),
        acted_for_ids=ArraySubquery(memberships.values("organisation")),
        acted_until=ArraySubquery(memberships.values("ended_at")),
        own_course_ids=ArraySubquery(places.values("course")),
        licensed_ids=ArraySubquery(licences.values("programme")),
        on_staff=Exists(staff),
    ).values_list(*_COLUMNS)


def conflicts_of(approver: Approver, enrolment: Parties) -> list[str]:
    """Why `approver` may not decide on `enrolment`, in words; nothing where nothing tells of one.

    Args:
        approver: from `approvers`.
        enrolment: as `with_parties` read it.
    """
    me = approver.identities
    found = []
    if enrolment.person_id in me or enrolment.person.merged_into_id in me:
        found.append(_("You are the candidate."))
    elif enrolment.course_id in approver.course_ids:
        found.append(_("You have or had a place on this course yourself."))
    if not me.isdisjoint(enrolment.trainer_ids):
        found.append(_("You trained them on this course."))
    if not me.isdisjoint(enrolment.recorder_ids):
        found.append(_("You took or corrected their register."))
    # Nobody confirms the others: theirs is who nominated them, which is no part in the outcome.
    if enrolment.nomination.is_walk_in and enrolment.sponsor_confirmed_by_id in me:
        found.append(_("You confirmed who sponsors them."))
    if not me.isdisjoint(enrolment.marker_ids):
        found.append(_("You marked their answers or recommended their outcome."))
    manager = enrolment.nomination.manager_email.strip().lower()
    if manager and manager in approver.addresses:
        found.append(_("You are named as their line manager."))
    # Nobody's organisation is None, which stands for the self-funded.
    acted_for = approver.acted_for_since(enrolment.enrolled_at)
    if not acted_for.isdisjoint([enrolment.sponsor_organisation_id, *enrolment.employer_ids]):
        found.append(
            _("You act, or acted since they enrolled, for an organisation that employs or sponsors them.")
        )
    return found


def conflicts(approver: Person, enrolments: QuerySet[Enrolment]) -> dict[int, list[str]]:
    """Why `approver` may not decide, by primary key of enrolment, in two queries for any number."""
    facts = as_approver(approver)
    return {row.pk: conflicts_of(facts, cast(Parties, row)) for row in with_parties(enrolments)}


def free_admins(enrolment: Enrolment) -> list[Person]:
    """AIM admins who may decide on `enrolment`, read by `with_parties`, by name; in two queries."""
    staff = Person.objects.filter(
        Exists(StaffAppointment.objects.filter(person=OuterRef("pk"), ended_at__isnull=True)), is_active=True
    )
    return _without_conflict(staff, enrolment)


def associates_to_appoint(enrolment: Enrolment) -> list[Person]:
    """Licensed Associates of the programme with no part in `enrolment` or its course, by name."""
    licences = Licence.objects.in_force(timezone.localdate()).filter(
        associate=OuterRef("pk"), programme=enrolment.course.programme_id
    )
    return _without_conflict(Person.objects.filter(Exists(licences), is_active=True), enrolment)


def _without_conflict(people: QuerySet[Person], enrolment: Enrolment) -> list[Person]:
    parties = cast(Parties, enrolment)
    free = {found.person_id for found in approvers(people) if not conflicts_of(found, parties)}
    return list(Person.objects.filter(pk__in=free).order_by(InOrder("name"), "pk"))
