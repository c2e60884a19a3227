"""The second marker's pages: what they were asked to mark, without whose it is."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import Refused, keeping_typed, refusal_page
from assessments.answering.views.signed_out import signed_out
from assessments.marking import actions
from assessments.marking.forms.judging import typed_in
from assessments.marking.forms.marking import MarksForm
from assessments.marking.forms.second_marking import HandBackForm
from assessments.marking.models import SecondMarker
from assessments.marking.second_scripts import asked_of, orals_of, second_script, standing_of
from assessments.marking.views.judging import Judging, save_judgement


@require_safe
def scripts(request: SignedInRequest) -> HttpResponse:
    """Everything that one was asked to mark a second time, and how far it is."""
    return render(request, "assessments/marking/second_scripts.html", {"asked": asked_of(request.user)})


@keeping_typed(typed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: SignedInRequest, script: UUID) -> HttpResponse:
    """One script: its answers, the model answers, the criteria; whose and how it was marked nobody says."""
    if not request.user.is_authenticated:
        typed = typed_in(request.POST)
        return signed_out(request, typed=typed, save=lambda again: mark(again, script))
    found = script_asked(request, script)
    if request.method == "POST":
        return _save(request, found)
    form = MarksForm(second_script(found, request.user), reader=request.user, orals=orals_of(found))
    return _page(request, found, form)


@require_POST
def judge(request: SignedInRequest, script: UUID, question: int, criterion: int) -> HttpResponse:
    """Save one judgement as JSON, as `views.judging.judge` does."""

    def save(mark: actions.Mark, page: actions.Page, _said: UUID | None) -> list[actions.Judged]:
        return actions.mark_again(script=script, marks=[mark], page=page, by=request.user)

    def require() -> ZoneInfo:
        script_asked(request, script)
        return timezone.get_current_timezone()

    return save_judgement(request, f"{question}_{criterion}", Judging(save, require, says_attempt=False))


@require_http_methods(["GET", "HEAD", "POST"])
def hand_back(request: SignedInRequest, script: UUID) -> HttpResponse:
    """Hand a script back, as where one knows whose it is."""
    own = SecondMarker.objects.visible_to(request.user).filter(ended_by=request.user, uuid=script)
    if own.exists():
        return redirect("assessments:second_scripts")
    found = script_asked(request, script)
    form = HandBackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.hand_back_script(script=found, because=form.cleaned_data["because"], by=request.user)
        messages.success(request, _("You handed it back. The AIM Project asks somebody else."))
        return redirect("assessments:second_scripts")
    context = {"form": form, "standing": standing_of(found, request.user)}
    return render(request, "assessments/marking/second_hand_back.html", context)


# --- What they share ----------------------------------------------------------------------------------


def script_asked(request: SignedInRequest, script: UUID) -> SecondMarker:
    """What this person was asked to mark a second time; to anybody else it is not there."""
    own = SecondMarker.objects.visible_to(request.user).filter(ended_at__isnull=True)
    return get_object_or_404(own.select_related("submission__enrolment__course"), uuid=script)


def _save(request: SignedInRequest, found: SecondMarker) -> HttpResponse:
    answers, orals = second_script(found, request.user), orals_of(found)
    form = MarksForm(answers, request.POST, reader=request.user, orals=orals)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        actions.mark_again(script=found.uuid, marks=form.marks(), by=request.user)
    except actions.MarkedMeanwhile as refused:
        again = second_script(found, request.user)
        form = MarksForm(again, request.POST, reader=request.user, refused=refused, orals=orals)
        return _page(request, found, form, status=refused.status)
    except Refused as refused:
        return refusal_page(request, refused.message, refused.status, typed=typed_in(request.POST))
    if request.POST.get("then") != "finish":
        messages.success(request, _("Saved."))
        return redirect("assessments:second_mark", found.uuid)
    try:
        settled = actions.finish_second_marking(script=found, by=request.user)
    except actions.NotWhole as refused:
        messages.warning(request, refused.message)
        return redirect("assessments:second_mark", found.uuid)
    if settled is not None:
        messages.success(request, _("Finished. You and the first marker judged everything alike."))
        return redirect("assessments:second_scripts")
    messages.success(request, _("Finished. There is something to settle with the first marker."))
    return redirect("assessments:second_settle", found.uuid)


def _page(
    request: SignedInRequest, found: SecondMarker, form: MarksForm, *, status: int | None = None
) -> HttpResponse:
    standing = standing_of(found, request.user)
    parts = [(part, form.rows(part)) for part in form.script.parts]
    context = {
        "standing": standing,
        "form": form,
        "script": form.script,
        "parts": parts,
        "has_errors": bool(form.errors) or status is not None,
        "clashing": [row for _part, rows in parts for row in rows if row.refused],
        "edits": not standing.is_finished and not standing.is_settled,
        "first_unmarked": next((actions.name_of(each) for each in form.script.unmarked), None),
        "is_blind": True,
    }
    return render(request, "assessments/marking/second_mark.html", context, status=status)
