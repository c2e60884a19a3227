"""Associates who cannot be asked for a while, as an AIM admin records it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from aimcert.foundation.sent_forms import sent_once
from aimcert.foundation.undoing import Undo, named_again, say_done
from assessments.case_studies import actions
from assessments.case_studies.forms.agreeing import UnavailableForm
from assessments.case_studies.models import Unavailability, Version
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
    chosen: dict[str, Any] = {"associate": request.GET.get("associate", ""), "from_on": timezone.localdate()}
    if again := named_again(request, _recorded(request, found).select_related("associate")):
        chosen = {name: getattr(again, name) for name in ("from_on", "until_on", "reason")}
        chosen["associate"] = str(again.associate.uuid)
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
    row = get_object_or_404(_recorded(request, found), uuid=unavailability)
    ended = actions.end_unavailable(unavailability=row, by=request.user)
    undo = Undo(
        _("Record them as unavailable again"),
        reverse("assessments:version_unavailable", args=[version], query={"again": ended.uuid}),
    )
    say_done(request, _("%(name)s can be asked again.") % {"name": ended.associate}, undo)
    return redirect("assessments:version_agreement", version)


def _recorded(request: SignedInRequest, version: Version) -> QuerySet[Unavailability]:
    return Unavailability.objects.visible_to(request.user).filter(programme=version.case_study.programme_id)
