"""A participant's last pages: checking their answers, submitting them, the receipt."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.typed import uuid_of
from assessments.answering import actions
from assessments.answering.forms.answering import PREFIX, BlanksForm, DeclarationForm
from assessments.answering.models import Submission
from assessments.answering.participation import FINISHED_WITHOUT, Place, Stage
from assessments.answering.provenance import paper_of
from assessments.answering.receipts import DECLARATION, canonical_form, receipt_holds, redaction_of
from assessments.answering.telling_window import offered_to
from assessments.answering.views.own_places import NotNow, just_saved, must_show_questions, own_place
from assessments.permissions import Assessments


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """All of one's answers before submitting; every blank must be confirmed."""
    place = own_place(request, enrolment)
    if place.stage is Stage.SUBMITTED:
        return redirect("assessments:receipt", enrolment)
    must_show_questions(place)
    blanks = [task.asked.number for task in place.tasks if task.is_blank]
    gaps = {task.asked.number: task.gaps for task in place.tasks if task.gaps}
    sent = request.POST if request.method == "POST" else None
    form = BlanksForm(sent, numbers=blanks, gaps=gaps)
    if request.method == "POST":
        _must_be_submittable(place)
        if form.is_valid():
            for number in blanks:
                actions.confirm_blank(enrolment=place.enrolment, number=number, by=request.user)
            for number, parts in gaps.items():
                actions.confirm_blank_parts(
                    enrolment=place.enrolment,
                    number=number,
                    parts=[part.name for part in parts],
                    by=request.user,
                )
            return redirect("assessments:submit", enrolment)
    boxes = {field.name.removeprefix("blank_"): field for field in form}
    lines = [(task, boxes.get(str(task.asked.number))) for task in place.tasks]
    open_parts = [
        (task, [(part, PREFIX + part.name, boxes[f"{task.asked.number}_{part.name}"]) for part in task.gaps])
        for task in place.tasks
        if task.gaps
    ]
    context = {
        "place": place,
        "is_open": place.stage is Stage.ANSWERING,
        "is_closed": place.stage is Stage.CLOSED,
        "finished": FINISHED_WITHOUT if place.stage is Stage.FINISHED else "",
        "lines": lines,
        "open_parts": open_parts,
        "open_total": sum(len(parts) for parts in gaps.values()),
        "form": form,
        "saved": just_saved(request, place),
    }
    with timezone.override(place.course.zone):
        return render(request, "assessments/answering/check.html", context)


# Not `sent_once`: the submission that the form names is its key, and submitting is final by itself.
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """The declaration; posting it submits all answers, once and for all."""
    form = None
    if request.method == "POST":
        try:
            actions.submit(
                enrolment=enrolment,
                declared="declared" in request.POST,
                by=request.user,
                submission=uuid_of(request.POST.get("submission", "")),
            )
        except actions.NotTheirs:
            own_place(request, enrolment)
            raise NotNow(
                _(
                    "This page is not about your answers as they are now, so nothing was submitted."
                    " Open your questions again and submit from there."
                )
            ) from None
        except actions.NotTakingPart:
            own_place(request, enrolment)
            raise
        except actions.NotDeclared:
            form = DeclarationForm(request.POST)
        else:
            return redirect("assessments:receipt", enrolment)
    place = own_place(request, enrolment)
    if place.stage is Stage.SUBMITTED:
        return redirect("assessments:receipt", enrolment)
    _must_be_submittable(place)
    if not all(task.is_answered for task in place.tasks):
        return redirect("assessments:check", enrolment)
    if form is None:
        form = DeclarationForm(initial={"submission": place.submission.uuid if place.submission else None})
    blanks = [task.asked.number for task in place.tasks if task.answer and task.answer.blank_confirmed_at]
    parts = [(task.asked.number, task.blank_parts) for task in place.tasks if task.blank_parts]
    context = {"place": place, "form": form, "declaration": DECLARATION, "blanks": blanks, "parts": parts}
    return render(request, "assessments/answering/declare.html", context)


@require_safe
def receipt(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """What was submitted, when, with what proves it; to be printed or kept.

    It names nothing that can change after: the name that they accepted their place under and the
    course's reference, never the profile's name or the course's title.
    """
    place, submission = _submitted(request, enrolment)
    with timezone.override(place.course.zone):
        return render(
            request,
            "assessments/answering/receipt.html",
            {
                "place": place,
                "submission": submission,
                "holds": receipt_holds(submission),
                "redaction": redaction_of(submission),
                "paper": paper_of(submission.pk),
                "offered": offered_to(place.enrolment),
            },
        )


@require_safe
def answers_text(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """What was submitted as the very bytes whose SHA-256 the receipt names."""
    submission = _submitted(request, enrolment)[1]
    response = HttpResponse(canonical_form(submission), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="answers-{submission.receipt}.txt"'
    return response


# --- What the pages share -------------------------------------------------------------------------


def _submitted(request: SignedInRequest, enrolment: UUID) -> tuple[Place, Submission]:
    place = own_place(request, enrolment, Assessments.READ_OWN_SUBMISSION)
    if place.submission is None or place.submission.submitted_at is None:
        raise NotNow(_("You have not submitted your answers, so there is no receipt yet."))
    return place, place.submission


def _must_be_submittable(place: Place) -> None:
    """What was saved in time can be declared and submitted after closing too; it cannot be changed."""
    must_show_questions(place)
    if place.stage is Stage.FINISHED:
        raise NotNow(str(FINISHED_WITHOUT))
