"""A participant's own pages: task list, questions, checking, submitting, the receipt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.refusals import Refused, keeping_typed, must
from assessments import actions
from assessments.forms.answering import PREFIX, BlanksForm, DeclarationForm, drawn, typed_in, values_in
from assessments.hands import paper_of
from assessments.kinds import PLAIN_FIELD
from assessments.models import KeptAnswer, Seat, Submission
from assessments.permissions import Assessments
from assessments.places import FINISHED_WITHOUT, Place, Stage, Task, place_of
from assessments.reading import Asked
from assessments.receipts import DECLARATION, canonical_form, receipt_holds
from assessments.views.signed_out import signed_out
from courses.models import Enrolment


class NotNow(Refused):
    """The page has nothing to show yet, or no longer."""


@require_safe
def task_list(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """Every question with how far one has come; before they open, what to wait for."""
    place = own_place(request, enrolment)
    actions.be_seen(place=place, by=request.user)
    context = {
        "place": place,
        "stage": place.stage.value,
        "finished": FINISHED_WITHOUT,
        "saved": _just_saved(request, place),
        "support_email": settings.AIM["SUPPORT_EMAIL"],
    }
    with timezone.override(place.course.zone):
        return render(request, "assessments/task_list.html", context)


@keeping_typed(typed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: SignedInRequest, enrolment: UUID, number: int) -> HttpResponse:
    """One question with one's own answer, beside the case study; posting saves the answer.

    Posted without a session, it asks to sign in first, and loses nothing.
    """
    if request.method == "POST" and not request.user.is_authenticated:
        return signed_out(request, enrolment, number, save=_save)
    if request.method == "POST":
        return _save(request, enrolment, number)
    place = own_place(request, enrolment)
    if place.stage is Stage.SUBMITTED:
        return redirect("assessments:receipt", enrolment)
    _must_show_questions(place)
    if number == len(place.tasks) + 1:
        return redirect("assessments:check", enrolment)
    task = _task(place, number)
    answer = task.answer
    values = task.asked.kind.values_of(answer.text if answer else "")
    return _question_page(request, place, task, values=values, base=answer.revision if answer else 0)


def _save(request: SignedInRequest, enrolment: UUID, number: int) -> HttpResponse:
    """Save, then go on. What was typed stands on the page again wherever it could not be saved."""
    sent = request.POST
    then, choice, base = sent.get("then"), sent.get("choice"), _revision(sent)
    values = values_in(sent)
    if values is None:
        values = {PLAIN_FIELD: sent.get("text", "")}
    if then == "clear":
        values, then = {}, "here"
    if choice == "saved":
        own_place(request, enrolment)
        return _go_on(enrolment, number, then)
    if choice == "both":
        # Both texts stand in one answer, which its author then tidies up.
        task = _task(own_place(request, enrolment), number)
        kept = sent.get("kept", "") if task.asked.is_plain else task.answer.text if task.answer else ""
        values, then = task.asked.kind.merged(kept, values, task.asked.settings), "here"
    try:
        actions.save_answer(
            enrolment=enrolment,
            number=number,
            values=values,
            base_revision=base,
            by=request.user,
            finished=then not in ("list", "here", *HELP),
        )
    except actions.NotTheirs:
        place = own_place(request, enrolment)
        _task(place, number)
        raise
    except actions.TextRefused as refused:
        place = own_place(request, enrolment)
        return _question_page(
            request, place, _task(place, number), values=_shown(values), base=base, refused=refused
        )
    except Refused as refused:
        place = own_place(request, enrolment)
        context = {
            "place": place,
            "number": number,
            "refused": refused,
            "then": then,
        }
        shown = _shown(values)
        if isinstance(refused, actions.StaleAnswer):
            context["task"] = task = _task(place, number)
            context |= fields_of(task.asked, shown)
            context["said"] = task.asked.kind.said(refused.saved.text, task.asked.settings)
            with timezone.override(place.course.zone):
                return render(request, "assessments/question_conflict.html", context, status=refused.status)
        # What was typed, to be copied from; a plain answer's text by itself.
        context["text"] = "\n\n".join(text for text in shown.values() if text.strip())
        return render(request, "assessments/question_refused.html", context, status=refused.status)
    if then in HELP:
        # Without a script the button of a question saves what was typed first.
        HELP[then](enrolment=enrolment, by=request.user)
    return _go_on(enrolment, number, then)


# What the buttons beside an answer that are about help send, and what they do.
HELP: dict[str | None, Callable[..., Seat]] = {"help": actions.ask_for_help, "no_help": actions.need_no_help}


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """All of one's answers before submitting; every blank must be confirmed."""
    place = own_place(request, enrolment)
    if place.stage is Stage.SUBMITTED:
        return redirect("assessments:receipt", enrolment)
    _must_show_questions(place)
    blanks = [task.asked.number for task in place.tasks if not task.is_answered]
    form = BlanksForm(request.POST if request.method == "POST" else None, numbers=blanks)
    if request.method == "POST":
        _must_be_submittable(place)
        if form.is_valid():
            for number in blanks:
                actions.confirm_blank(enrolment=place.enrolment, number=number, by=request.user)
            return redirect("assessments:submit", enrolment)
    boxes = {field.name.removeprefix("blank_"): field for field in form}
    lines = [(task, boxes.get(str(task.asked.number))) for task in place.tasks]
    context = {
        "place": place,
        "is_open": place.stage is Stage.ANSWERING,
        "is_closed": place.stage is Stage.CLOSED,
        "finished": FINISHED_WITHOUT if place.stage is Stage.FINISHED else "",
        "lines": lines,
        "blanks": len(blanks),
        "form": form,
        "saved": _just_saved(request, place),
    }
    with timezone.override(place.course.zone):
        return render(request, "assessments/check.html", context)


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
                submission=_uuid_of(request.POST.get("submission", "")),
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
    context = {"place": place, "form": form, "declaration": DECLARATION, "blanks": blanks}
    return render(request, "assessments/declare.html", context)


@require_safe
def earlier(request: SignedInRequest, enrolment: UUID, number: int) -> HttpResponse:
    """Every text of one's own that one answer had before, or that did not come to be it."""
    place = own_place(request, enrolment)
    _must_show_questions(place)
    task = _task(place, number)
    kind, settings_ = task.asked.kind, task.asked.settings
    kept = KeptAnswer.objects.visible_to(request.user).filter(
        submission=place.submission, question=task.asked.pk
    )
    texts = [(one, kind.said(one.text, settings_)) for one in kept]
    with timezone.override(place.course.zone):
        context = {"place": place, "task": task, "asked": task.asked, "texts": texts}
        return render(request, "assessments/earlier.html", context)


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
            "assessments/receipt.html",
            {
                "place": place,
                "submission": submission,
                "holds": receipt_holds(submission),
                "paper": paper_of(submission.pk),
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


def own_place(request: SignedInRequest, enrolment: UUID, permission: str = Assessments.ANSWER) -> Place:
    """One's own place: 404 for a stranger, 403 for anyone else who may see the enrolment, or who withdrew."""
    place = place_of(request.user, enrolment)
    if place is None:
        must(
            request.user,
            permission,
            get_object_or_404(Enrolment.objects.visible_to(request.user), uuid=enrolment),
        )
        raise Http404
    must(request.user, permission, place.enrolment)
    return place


def _submitted(request: SignedInRequest, enrolment: UUID) -> tuple[Place, Submission]:
    place = own_place(request, enrolment, Assessments.READ_OWN_SUBMISSION)
    if place.submission is None or place.submission.submitted_at is None:
        raise NotNow(_("You have not submitted your answers, so there is no receipt yet."))
    return place, place.submission


def _task(place: Place, number: int) -> Task:
    for task in place.tasks:
        if task.asked.number == number:
            return task
    raise Http404


def _must_show_questions(place: Place) -> None:
    """Questions are shown while they can be answered; after that, to those who began to answer them."""
    if place.stage is Stage.FINISHED and place.submission is None:
        raise NotNow(str(FINISHED_WITHOUT))
    if place.stage in (Stage.WAITING, Stage.READING):
        raise NotNow(_("The questions are not open yet. Your trainer opens them when the room is ready."))
    if place.stage is Stage.CLOSED and place.submission is None:
        raise NotNow(_("Answering is closed. If you could not answer, speak to your trainer."))


def _must_be_submittable(place: Place) -> None:
    """What was saved in time can be declared and submitted after closing too; it cannot be changed."""
    _must_show_questions(place)
    if place.stage is Stage.FINISHED:
        raise NotNow(str(FINISHED_WITHOUT))


def _question_page(
    request: SignedInRequest,
    place: Place,
    task: Task,
    *,
    values: Mapping[str, str],
    base: int,
    refused: actions.TextRefused | None = None,
) -> HttpResponse:
    context = fields_of(task.asked, values, refused) | {
        "place": place,
        "task": task,
        "asked": task.asked,
        "reading": place.reading,
        "total": len(place.tasks),
        "base": base,
        "refused": refused,
        "has_errors": refused is not None,
        "is_open": place.stage is Stage.ANSWERING,
        "is_closed": place.stage is Stage.CLOSED,
        "finished": FINISHED_WITHOUT if place.stage is Stage.FINISHED else "",
        "is_last": task.asked.number == len(place.tasks),
        "is_change": "change" in request.GET,
        "saved": _just_saved(request, place),
    }
    status = refused.status if refused else 200
    with timezone.override(place.course.zone):
        return render(request, "assessments/question.html", context, status=status)


def fields_of(
    asked: Asked, values: Mapping[str, str], refused: actions.TextRefused | None = None
) -> dict[str, Any]:
    """What stands in the answer: as one text, or in its groups of fields."""
    if asked.is_plain:
        return {"text": values.get(PLAIN_FIELD, ""), "first_field": "answer"}
    where = refused.field if refused else ""
    first = where or asked.groups[0].fields[0].name
    return {
        "groups": drawn(asked.groups, values, field=where, error=refused.message if refused else ""),
        "first_field": f"{PREFIX}{first}",
    }


def _shown(values: Mapping[str, str]) -> dict[str, str]:
    """`values` as they are shown again when they were refused."""
    return {name: actions.shown(value) for name, value in values.items()}


def _revision(sent: QueryDict) -> int:
    """The revision that was typed over; a form without one builds on nothing."""
    digits = sent.get("base_revision", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


def _uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _just_saved(request: SignedInRequest, place: Place) -> Task | None:
    """The question that the last page saved, if it is still so."""
    number = request.GET.get("saved", "")
    found = (task for task in place.tasks if str(task.asked.number) == number)
    return next((task for task in found if task.answer and task.answer.text), None)


def _go_on(enrolment: UUID, number: int, then: str | None) -> HttpResponse:
    if then == "list":
        url = reverse("assessments:task_list", args=[enrolment])
    elif then == "check":
        url = reverse("assessments:check", args=[enrolment])
    else:
        url = reverse(
            "assessments:question", args=[enrolment, number if then == "here" or then in HELP else number + 1]
        )
    return HttpResponseRedirect(f"{url}?saved={number}")
