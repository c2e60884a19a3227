"""A co-trainer's page about an outcome that they see otherwise."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from assessments.marking import actions
from assessments.marking.forms.recommending import DisagreeForm
from assessments.marking.models import Disagreement
from assessments.marking.views.outcomes import outcome_about, outcome_page, recommended_for
from assessments.permissions import Assessments


@require_http_methods(["GET", "HEAD", "POST"])
def disagree(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """A co-trainer sees the outcome otherwise."""
    found, about = outcome_about(request, course, enrolment, Assessments.DISAGREE)
    latest = recommended_for(about)
    form = DisagreeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.disagree(recommendation=latest, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(
            request, _("Your disagreement is recorded. The outcome cannot be finalised while it stands.")
        )
        return redirect("assessments:disagree", course, enrolment)
    standing = list(
        latest.disagreements.filter(withdrawn_at__isnull=True).select_related("disagreed_by").order_by("pk")
    )
    return outcome_page(
        request,
        "assessments/marking/disagree.html",
        found,
        about,
        "disagreement",
        form=form,
        standing=standing,
        own=next((one for one in standing if one.disagreed_by_id == request.user.pk), None),
    )


@require_POST
def withdraw_disagreement(
    request: SignedInRequest, course: UUID, enrolment: UUID, disagreement: UUID
) -> HttpResponse:
    """Take one's own disagreement back."""
    _found, about = outcome_about(request, course, enrolment, Assessments.DISAGREE)
    mine = Disagreement.objects.visible_to(request.user).filter(
        recommendation__enrolment=about, disagreed_by=request.user
    )
    actions.withdraw_disagreement(disagreement=get_object_or_404(mine, uuid=disagreement), by=request.user)
    messages.success(request, _("Your disagreement is withdrawn."))
    return redirect("assessments:disagree", course, enrolment)
