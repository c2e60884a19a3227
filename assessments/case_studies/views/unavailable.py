"""Associates who cannot be asked for a while, as an AIM admin records it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from aimcert.foundation.sent_forms import sent_once
from assessments.case_studies import actions
from assessments.case_studies.forms.agreeing import UnavailableForm
from assessments.case_studies.models import Unavailability
from assessments.case_studies.stances import stances_on
from assessments.case_studies.views.agreeing import page, version_of
from assessments.permissions import Assessments
from courses.forms import telling
from courses.views.finding import sent


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def record(request: SignedInRequest, version: UUID) -> HttpResponse:
    """Who cannot be asked, from when until when, and why."""
    found = version_of(request, version, Assessments.LEAD_AGREEMENT)
    associates = [
        stance.associate for stance in stances_on(found).licensed if stance.associate != request.user
    ]
    chosen = {"associate": request.GET.get("associate", ""), "from_on": timezone.localdate()}
    form = UnavailableForm(sent(request), associates=associates, initial=chosen)
    if form.is_valid():
        with telling(form):
            made = actions.record_unavailable(
                programme=found.case_study.programme, by=request.user, **form.cleaned_data
            )
            messages.success(request, _("%(name)s is recorded as unavailable.") % {"name": made.associate})
            return redirect("assessments:version_agreement", version)
    return page(request, "unavailable", found, form=form)


@require_POST
def end(request: SignedInRequest, version: UUID, unavailability: UUID) -> HttpResponse:
    """They can be asked again."""
    found = version_of(request, version, Assessments.LEAD_AGREEMENT)
    rows = Unavailability.objects.visible_to(request.user).filter(programme=found.case_study.programme_id)
    ended = actions.end_unavailable(
        unavailability=get_object_or_404(rows, uuid=unavailability), by=request.user
    )
    messages.success(request, _("%(name)s can be asked again.") % {"name": ended.associate})
    return redirect("assessments:version_agreement", version)
