"""One person, as The AIM Project sees them: what they are to it, their places, certificates and courses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.countries import country_names
from accounts.models import Person
from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from certification.disclosure import Told, Viewer, is_theirs, places_of, told, with_results
from certification.models import Certificate
from certification.permissions import Certification
from courses.models import Course, Enrolment, Licence, Nomination
from courses.rules import own_places
from courses.states import NominationStage

# Of an Associate's courses, the latest.
MOST_COURSES = 20


@dataclass(frozen=True, slots=True)
class Place:
    """One place on a course, and where it stands."""

    enrolment: Enrolment
    told: Told


@dataclass(frozen=True, slots=True)
class Invited:
    """A nomination that has not become a place."""

    nomination: Nomination
    stage: NominationStage


@dataclass(frozen=True, slots=True)
class Licensed:
    """A licence, with its country in words."""

    licence: Licence
    country: str
    in_force: bool

    @property
    def started_at(self) -> date:
        """Since when, as a role has it."""
        return self.licence.valid_from

    @property
    def ended_at(self) -> date | None:
        """The last day, where there is one."""
        return self.licence.valid_until


@require_safe
def person(request: SignedInRequest, person: UUID) -> HttpResponse:
    """Everything about one person that an AIM admin looks for, each with the way to its own page."""
    must(request.user, Certification.SEE_PERSON)
    visible = Person.objects.visible_to(request.user)
    merged = visible.filter(merged_into=OuterRef("pk")).order_by("pk").values("email")
    people = visible.select_related("merged_into").annotate(
        reader_has_places=Exists(own_places(request.user)), merged_addresses=ArraySubquery(merged)
    )
    found = get_object_or_404(people, uuid=person)
    accounts = visible.accounts_of(found).values("pk")
    # About oneself one is told what every participant is.
    is_own = is_theirs(found, request.user)
    viewer = Viewer.PARTICIPANT if is_own else Viewer.AIM
    courses = Course.objects.visible_to(request.user).trained_by(found)
    trained = list(courses.order_by("-number")[: MOST_COURSES + 1])
    places = with_results(places_of(found, request.user))
    shown = places.select_related("course__programme", "sponsor_organisation", "nomination")
    context = {
        "person": found,
        "addresses": found.confirmed_addresses.filter(given_up_at__isnull=False).order_by("-given_up_at"),
        "appointments": found.staff_appointments.order_by("-started_at"),
        "memberships": found.memberships.select_related("organisation").order_by("-started_at"),
        "licences": _licences(request.user, found),
        "places": [Place(one, told(one, viewer)) for one in shown.order_by("-course__number")],
        "leaves_out": found.reader_has_places and not is_own,
        "invited": _invited(request.user, found),
        "certificates": Certificate.objects.visible_to(request.user)
        .filter(enrolment__person__in=accounts)
        .order_by("-number"),
        "trained": trained[:MOST_COURSES],
        "more_trained": len(trained) > MOST_COURSES,
    }
    return render(request, "certification/person.html", context)


def _licences(reader: Person, found: Person) -> list[Licensed]:
    names, visible = country_names(), Licence.objects.visible_to(reader)
    in_force = Exists(visible.in_force(timezone.localdate()).filter(pk=OuterRef("pk")))
    licences = visible.filter(associate=found).select_related("programme").annotate(is_in_force=in_force)
    return [
        Licensed(one, names.get(one.country, one.country), one.is_in_force)
        for one in licences.order_by("-valid_from", "-pk")
    ]


def _invited(reader: Person, found: Person) -> list[Invited]:
    now = timezone.now()
    waiting = Nomination.objects.visible_to(reader).about(found).filter(enrolment__isnull=True)
    rows = waiting.select_related("course", "sponsor_organisation").order_by("-pk")
    return [Invited(one, one.stage_at(now, None)) for one in rows]
