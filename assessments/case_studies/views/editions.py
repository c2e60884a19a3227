"""Drafting, editing and publishing an edition of the framework: an AIM admin's pages."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from accounts.views.proving import asks_anew
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.sent_forms import sent_once
from assessments.case_studies import actions
from assessments.case_studies.forms.framework import EditionForm, StageForm
from assessments.case_studies.models import FrameworkEdition
from assessments.permissions import Assessments


@require_POST
@sent_once
def draft(request: SignedInRequest, edition: UUID) -> HttpResponse:
    """Begin the next edition, or go on with the one that was begun."""
    found = _edition(request, edition)
    begun = actions.draft_edition(programme=found.programme, by=request.user)
    return redirect("assessments:framework_edit", begun.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, edition: UUID) -> HttpResponse:
    """A draft's texts and domains, and the way to its stages."""
    found = _draft(request, edition)
    stale = None
    form = EditionForm(request.POST or None, initial=EditionForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_edition(edition=found, by=request.user, **form.cleaned_data)
        except actions.EditionChanged:
            found = _draft(request, edition)
            stale = form.beside(EditionForm.initial_of(found), found.changed_by, found.changed_at)
        else:
            messages.success(request, _("Saved."))
        # Sent twice, the form says what stands already.
        if stale is None or not stale.rows:
            return redirect("assessments:framework_edit", edition)
    context = {"edition": found, "form": form, "stale": stale}
    return render(request, "assessments/case_studies/framework_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def stage(request: SignedInRequest, edition: UUID, number: int) -> HttpResponse:
    """One stage of a draft."""
    found = _draft(request, edition)
    row = get_object_or_404(found.stages, number=number)
    stale = None
    form = StageForm(request.POST or None, edition=found, initial=StageForm.initial_of(found, row))
    if request.method == "POST" and form.is_valid():
        kept = {key: value for key, value in form.cleaned_data.items() if not key.startswith("areas_")}
        try:
            actions.save_stage(edition=found, number=number, by=request.user, **kept)
        except actions.EditionChanged:
            found = _draft(request, edition)
            row = get_object_or_404(found.stages, number=number)
            stale = form.beside(StageForm.initial_of(found, row), found.changed_by, found.changed_at)
        else:
            messages.success(request, _("Stage %(number)d is saved.") % {"number": number})
        if stale is None or not stale.rows:
            return redirect("assessments:framework_edit", edition)
    context = {"edition": found, "stage": row, "form": form, "stale": stale}
    return render(request, "assessments/case_studies/framework_stage.html", context)


@require_POST
@sent_once
def stage_new(request: SignedInRequest, edition: UUID) -> HttpResponse:
    """One more stage at the end."""
    found = _draft(request, edition)
    made = actions.add_stage(edition=found, revision=_revision(request), by=request.user)
    return redirect("assessments:framework_stage", edition, made.number)


@require_POST
@sent_once
def stage_remove(request: SignedInRequest, edition: UUID, number: int) -> HttpResponse:
    """Take a stage out of a draft."""
    found = _draft(request, edition)
    get_object_or_404(found.stages, number=number)
    actions.remove_stage(edition=found, number=number, revision=_revision(request), by=request.user)
    messages.success(request, _("Stage %(number)d is removed.") % {"number": number})
    return redirect("assessments:framework_edit", edition)


@asks_anew("POST")
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def publish(request: SignedInRequest, edition: UUID) -> HttpResponse:
    """What publishing does, what is missing, and the button."""
    found = _draft(request, edition)
    if request.method == "POST":
        actions.publish_edition(edition=found, revision=_revision(request), by=request.user)
        messages.success(request, _("Edition %(number)d is published.") % {"number": found.number})
        return redirect("assessments:framework_edition", edition)
    context = {"edition": found, "missing": actions.missing_to_publish_edition(found)}
    return render(request, "assessments/case_studies/framework_publish.html", context)


def _revision(request: SignedInRequest) -> int:
    """The revision that a button's page showed; a form that came without it builds on none."""
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1


def _edition(request: SignedInRequest, uuid: UUID) -> FrameworkEdition:
    visible = FrameworkEdition.objects.visible_to(request.user).select_related("programme")
    found = get_object_or_404(visible, uuid=uuid)
    must(request.user, Assessments.EDIT_FRAMEWORK, found)
    return found


def _draft(request: SignedInRequest, uuid: UUID) -> FrameworkEdition:
    found = _edition(request, uuid)
    if found.published_at is not None:
        raise actions.EditionPublished(
            _("This edition is published, so it does not change. Draft the next one.")
        )
    return found
