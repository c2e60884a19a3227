"""Whose a walk-in is: a sponsor's yes or no, and The AIM Project's naming of another."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Organisation
from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.sent_forms import sent_once
from aimcert.foundation.stale_forms import ChangedMeanwhile
from courses.actions import (
    NotAccepted,
    confirm_sponsor,
    name_sponsor,
    refuse_answering_no,
    refuse_naming,
    refuse_sponsor,
    whose,
)
from courses.forms import SponsorForm, telling
from courses.models import Enrolment, Nomination
from courses.permissions import Courses
from courses.views.finding import course_context, nomination_found, sent


@require_POST
@sent_once
def confirm_a_sponsor(request: SignedInRequest, course: UUID, nomination: UUID) -> HttpResponse:
    """Say that a walk-in is the sponsor's."""
    child = nomination_found(request, course, nomination, Courses.CONFIRM_SPONSOR)
    confirm_sponsor(nomination=child, by=request.user)
    is_theirs = child.sponsor_organisation_id in request.user.organisation_ids
    words = (
        _("You confirmed that you sponsor %(name)s.")
        if is_theirs
        else _("You recorded that the sponsor of %(name)s confirms them.")
    )
    messages.success(request, words % {"name": child.name})
    return redirect("courses:nominations", course)


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def refuse_a_sponsor(request: SignedInRequest, course: UUID, nomination: UUID) -> HttpResponse:
    """Say that a walk-in is not the sponsor's, after reading what that means."""
    child = nomination_found(request, course, nomination, Courses.REFUSE_SPONSOR)
    enrolment = _place_of(child)
    if request.method != "POST":
        refuse_answering_no(enrolment, request.user)
        return render(request, "courses/refuse_sponsor.html", _nomination_context(request, child))
    refuse_sponsor(nomination=child, by=request.user)
    said = _("You said that you do not sponsor %(name)s. The AIM Project was told.")
    messages.success(request, said % {"name": child.name})
    # Nothing of the course may be left to them.
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def name_a_sponsor(request: SignedInRequest, course: UUID, nomination: UUID) -> HttpResponse:
    """Name who sponsors a walk-in."""
    child = nomination_found(request, course, nomination, Courses.NAME_SPONSOR)
    enrolment = _place_of(child)
    form = SponsorForm(
        sent(request),
        sponsors=Organisation.objects.visible_to(request.user),
        initial={"seen": whose(enrolment)},
    )
    stale = None
    if request.method != "POST":
        refuse_naming(enrolment, request.user)
    elif form.is_valid():
        with telling(form):
            seen = form.cleaned_data["seen"]
            try:
                name_sponsor(nomination=child, sponsor=form.chosen, seen=seen, by=request.user)
            except ChangedMeanwhile:
                enrolment.refresh_from_db()
                stale = form.beside(SponsorForm.initial_of(enrolment), None, None)
            else:
                messages.success(request, _named(child, form.chosen))
                return redirect("courses:nominations", course)
    refusals = enrolment.sponsor_refusals.select_related("organisation", "refused_by")
    context = _nomination_context(request, child) | {
        "form": form,
        "asked": enrolment.sponsor_organisation,
        "refusals": refusals,
        "stale": stale,
    }
    return render(request, "courses/name_sponsor.html", context)


def _named(nomination: Nomination, sponsor: Organisation | None) -> str:
    if sponsor is None:
        return _("%(name)s is asked to confirm that they pay for themself.") % {"name": nomination.name}
    return _("%(sponsor)s is asked to confirm that it sponsors %(name)s.") % {
        "sponsor": sponsor.name,
        "name": nomination.name,
    }


def _place_of(nomination: Nomination) -> Enrolment:
    """The place that a walk-in holds."""
    enrolment: Enrolment | None = getattr(nomination, "enrolment", None)
    if enrolment is None or enrolment.withdrawn_at:
        raise NotAccepted(_("%(name)s holds no place on this course.") % {"name": nomination.name})
    return enrolment


def _nomination_context(request: SignedInRequest, nomination: Nomination) -> dict[str, object]:
    return course_context(request, nomination.course) | {"nomination": nomination}
