"""Home: what needs you now, across all that one is to The AIM Project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import Person
from accounts.relationships import relationships_of
from accounts.requests import SignedInRequest
from accounts.waiting import waiting_for as waiting_in_accounts
from aimcert.foundation.pages import render
from aimcert.foundation.waiting import Waiting
from assessments.case_studies.rules import FRAMEWORK, READS_FRAMEWORK
from assessments.waiting import waiting_for as waiting_in_assessments
from certification.waiting import waiting_for as waiting_in_certification
from courses.rules import LICENSED
from courses.waiting import waiting_for as waiting_in_courses
from safeguarding.rules import LEADS
from safeguarding.waiting import waiting_for as waiting_in_safeguarding


def _is_anybody(person: Person) -> bool:
    return True


def _is_admin(person: Person) -> bool:
    return person.is_aim_admin


def _reads_case_studies(person: Person) -> bool:
    return person.is_aim_admin or LICENSED in relationships_of(person)


def _sponsors(person: Person) -> bool:
    return person.is_aim_admin or bool(person.organisation_ids)


def _reads_framework(person: Person) -> bool:
    # Those that `FrameworkEdition.objects.visible_to` shows them, of what is published.
    return (FRAMEWORK if _sponsors(person) else READS_FRAMEWORK) in relationships_of(person)


def _leads(person: Person) -> bool:
    return LEADS in relationships_of(person)


SOURCES: tuple[Callable[[Person], list[Waiting]], ...] = (
    waiting_in_accounts,
    waiting_in_courses,
    waiting_in_assessments,
    waiting_in_certification,
    waiting_in_safeguarding,
)


@dataclass(frozen=True)
class Place:
    """Where one goes without being called; `name` is the address's."""

    name: str
    words: Promise
    hint: Promise
    is_for: Callable[[Person], bool]


PLACES = (
    Place("certification:queue", _("Approvals"), _("Who waits for a decision, and why"), _is_admin),
    Place("courses:list", _("Courses"), _("Those you attend, train, commission or look after"), _is_anybody),
    Place(
        "assessments:case_studies",
        _("Case studies"),
        _("What every Associate has agreed, and what is written next"),
        _reads_case_studies,
    ),
    Place(
        "certification:follow_ups",
        _("Follow-ups"),
        _("People not yet competent, and what is done for them"),
        _sponsors,
    ),
    Place("certification:certificates", _("Certificates"), _("Every one that was issued"), _is_admin),
    Place(
        "organisations",
        _("Organisations"),
        _("Who commissions and sponsors, and who acts for them"),
        _sponsors,
    ),
    Place(
        "courses:licences",
        _("Licences"),
        _("Which Associates may train what, where and until when"),
        _is_admin,
    ),
    Place(
        "assessments:framework",
        _("The intervention framework"),
        _("Its stages, strands and areas, to look up or print"),
        _reads_framework,
    ),
    Place(
        "assessments:programme_strengths",
        _("Strong and weak"),
        _("Domains and areas, over all courses of a programme"),
        _is_admin,
    ),
    Place("staff", _("Staff"), _("Who is an AIM admin"), _is_admin),
    Place(
        "legal_pages",
        _("Legal pages"),
        _("Accessibility, privacy, complaints: what visitors read"),
        _is_admin,
    ),
    Place("safeguarding:records", _("Safeguarding records"), _("What the leads alone read"), _leads),
    Place("safeguarding:leads", _("Safeguarding leads"), _("Who reads safeguarding records"), _is_admin),
    Place(
        "certification:backlog",
        _("What is being sent and written"),
        _("Letters, certificates, reports and scans that wait, since when and why"),
        _is_admin,
    ),
)
DONE_SHOWN = 12
LAST = datetime.max.replace(tzinfo=UTC)
FIRST = datetime.min.replace(tzinfo=UTC)


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """One list: what waits, the most urgent first; below it what is done, the latest first."""
    relationships_of(request.user)  # answers what is asked next, and once for all that follows
    if request.user.awaits_second_factor and not hasattr(request, "confined"):
        return redirect("account_second_step")
    found = [waiting for source in SOURCES for waiting in source(request.user)]
    waiting = sorted(
        (one for one in found if not one.done), key=lambda one: (one.urgency, one.when or LAST, one.words)
    )
    done = sorted((one for one in found if one.done), key=lambda one: one.when or FIRST, reverse=True)
    places = [
        {"url": reverse(place.name), "words": place.words, "hint": place.hint}
        for place in PLACES
        if place.is_for(request.user)
    ]
    return render(request, "home.html", {"waiting": waiting, "done": done[:DONE_SHOWN], "places": places})


@login_not_required
@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """What this is and for whom; where to sign in, and where to check a certificate."""
    return render(request, "welcome.html")


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may show the public course pages, never who is certified."""
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")
