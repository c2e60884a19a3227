"""Home: what needs you now, across all that one is to The AIM Project."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Person
from accounts.relationships import relationships_of
from accounts.requests import SignedInRequest
from accounts.waiting import waiting_for as waiting_in_accounts
from aimcert.areas import places_of
from aimcert.foundation.pages import render
from aimcert.foundation.waiting import Waiting
from assessments.waiting import waiting_for as waiting_in_assessments
from certification.waiting import waiting_for as waiting_in_certification
from courses.waiting import waiting_for as waiting_in_courses
from safeguarding.waiting import waiting_for as waiting_in_safeguarding

SOURCES: tuple[Callable[[Person], list[Waiting]], ...] = (
    waiting_in_accounts,
    waiting_in_courses,
    waiting_in_assessments,
    waiting_in_certification,
    waiting_in_safeguarding,
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
        for place in places_of(request.user)
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
