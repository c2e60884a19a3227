"""Follow-ups, for those who act for a sponsor, and for somebody self-funded about themself."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.lists import listed
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.sent_forms import sent_once
from assessments.states import Outcome
from certification.actions import (
    DayImpossible,
    NothingSaid,
    NotReadYet,
    NotWithSponsorYet,
    record_step,
    zone_of_steps,
)
from certification.disclosure import follow_ups_of, with_commissioner
from certification.forms import StepForm
from certification.lists import (
    CLOSED,
    ClosedFollowUpTable,
    FollowUpNarrowing,
    FollowUpTable,
    follow_ups_shown,
)
from certification.models import FollowUp
from certification.permissions import Certification
from certification.report_contents import reasons_of, with_what_is_told


@require_safe
def follow_ups(request: SignedInRequest) -> HttpResponse:
    """Every follow-up that one handles, across courses: the open ones, or the closed ones."""
    must(request.user, Certification.SEE_FOLLOW_UPS)
    shows_closed = request.GET.get("show") == CLOSED
    handled = with_commissioner(follow_ups_of(request.user)).annotate(
        outcome=F("recommendation__outcome"), steps_count=Count("steps")
    )
    rows = follow_ups_shown(handled, closed=shows_closed)
    listing = listed(
        request,
        rows.select_related("enrolment__course__programme", "sponsor_organisation"),
        table=ClosedFollowUpTable if shows_closed else FollowUpTable,
        narrowing=FollowUpNarrowing,
    )
    context = {"listing": listing, "shows_closed": shows_closed}
    return render(request, "certification/follow_ups.html", context)


@require_http_methods(["GET", "POST"])
def follow_up(request: SignedInRequest, follow_up: UUID) -> HttpResponse:
    """One follow-up: what is told, what was done, and a form for what was done since."""
    related = ("enrolment__course__programme", "enrolment__nomination", "sponsor_organisation", "closed_by")
    visible = with_what_is_told(FollowUp.objects.visible_to(request.user))
    found = get_object_or_404(visible.select_related(*related), uuid=follow_up)
    must(request.user, Certification.SEE_FOLLOW_UP, found)
    is_own = found.enrolment.person_id == request.user.pk
    if is_own and found.read_at is None:
        raise NotReadYet(_("Read your feedback first: it is on your course’s page."))
    if is_own and found.released_at is None:
        raise NotWithSponsorYet(
            _("Your follow-up opens once you say, on your feedback’s page, that you have read it.")
        )
    if found.released_at is None and not request.user.is_aim_admin:
        raise NotWithSponsorYet(
            _("The person reads this first. It comes to you once they have had their time to.")
        )
    if request.method == "POST":
        must(request.user, Certification.RECORD_STEP, found)
        return _step(request, found)
    today = timezone.localdate(timezone=zone_of_steps(found))
    return _follow_up_page(request, found, StepForm(initial={"done_on": today}))


@sent_once
def _step(request: SignedInRequest, found: FollowUp) -> HttpResponse:
    form = StepForm(request.POST)
    if form.is_valid():
        try:
            step = record_step(follow_up=found, by=request.user, **form.cleaned_data)
        except DayImpossible as impossible:
            form.add_error("done_on", impossible.message)
        except NothingSaid as nothing:
            form.add_error("done", nothing.message)
        else:
            closed = _("It is recorded, and the follow-up is closed.")
            messages.success(request, closed if step.closes else _("It is recorded."))
            return redirect("certification:follow_up", found.uuid)
    return _follow_up_page(request, found, form)


def _follow_up_page(request: SignedInRequest, found: FollowUp, form: StepForm) -> HttpResponse:
    steps = list(found.steps.select_related("recorded_by").order_by("recorded_at", "pk"))
    context = {
        "follow_up": found,
        "enrolment": found.enrolment,
        "course": found.enrolment.course,
        "recommendation": found.recommendation,
        "outcome": Outcome(found.recommendation.outcome).label,
        "reasons": reasons_of(found.recommendation),
        "steps": steps,
        "form": form,
        "is_own": found.enrolment.person_id == request.user.pk,
        "is_admin": request.user.is_aim_admin,
        "may_record": (
            found.released_at is not None
            and found.closed_at is None
            and request.user.has_perm(Certification.RECORD_STEP, found)
        ),
    }
    return render(request, "certification/follow_up.html", context)
