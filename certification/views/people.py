"""One person, as The AIM Project sees them: what they are to it, their places, certificates and courses."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

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
from certification.disclosure import Told, Viewer, told, with_results
from certification.models import Certificate
from certification.permissions import Certification
from courses.models import Course, CourseAssociate, Enrolment, Licence, Nomination
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


@require_safe
def person(request: SignedInRequest, person: UUID) -> HttpResponse:
    """Everything about one person that an AIM admin looks for, each with the way to its own page."""
    must(request.user, Certification.SEE_PERSON)
    found = get_object_or_404(
        Person.objects.visible_to(request.user).select_related("merged_into"), uuid=person
    )
    accounts = Person.objects.accounts_of(found).values("pk")
    # About oneself one is told what every participant is.
    viewer = Viewer.PARTICIPANT if found.pk == request.user.pk else Viewer.AIM
    assigned = CourseAssociate.objects.filter(associate__in=accounts).values("course")
    trained = list(Course.objects.filter(pk__in=assigned).order_by("-number")[: MOST_COURSES + 1])
    places, own = Enrolment.objects.filter(person__in=accounts), own_places(request.user)
    if found.pk != request.user.pk:
        # As on the pages of such a course: who has or had a place on it oversees nobody there.
        places = places.exclude(course__in=own.values("course"))
    shown = with_results(places).select_related("course__programme", "sponsor_organisation", "nomination")
    context = {
        "person": found,
        "addresses": found.confirmed_addresses.filter(given_up_at__isnull=False).order_by("-given_up_at"),
        "merged": found.merged.order_by("pk"),
        "appointments": found.staff_appointments.order_by("-started_at"),
        "memberships": found.memberships.select_related("organisation").order_by("-started_at"),
        "licences": _licences(found),
        "places": [Place(one, told(one, viewer)) for one in shown.order_by("-course__number")],
        "leaves_out": found.pk != request.user.pk and own.exists(),
        "invited": _invited(found),
        "certificates": Certificate.objects.filter(enrolment__person__in=accounts).order_by("-number"),
        "trained": trained[:MOST_COURSES],
        "more_trained": len(trained) > MOST_COURSES,
    }
    return render(request, "certification/person.html", context)


def _licences(found: Person) -> list[Licensed]:
    names, today = country_names(), timezone.localdate()
    in_force = Exists(Licence.objects.in_force(today).filter(pk=OuterRef("pk")))
    licences = found.licences.select_related("programme").annotate(is_in_force=in_force)
    return [
        Licensed(one, names.get(one.country, one.country), one.is_in_force)
        for one in licences.order_by("-valid_from", "-pk")
    ]


def _invited(found: Person) -> list[Invited]:
    now = timezone.now()
    waiting = Nomination.objects.about(found).filter(enrolment__isnull=True).with_who_withdrew()
    rows = waiting.select_related("course", "sponsor_organisation").order_by("-pk")
    return [Invited(one, one.stage_at(now, None)) for one in rows]
