"""A participant's own pages while they answer: task list, questions, what an answer was before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import Refused, keeping_typed
from aimcert.foundation.typed import laid_out
from assessments.answering import actions as answering_actions
from assessments.answering.forms.answering import PREFIX, drawn, typed_in, values_in
from assessments.answering.models import KeptAnswer, Seat
from assessments.answering.participation import FINISHED_WITHOUT, Place, Stage, Task
from assessments.answering.telling_window import offered_to
from assessments.answering.views.own_places import just_saved, must_show_questions, own_place, task_of
from assessments.answering.views.signed_out import signed_out
from assessments.case_studies import actions as case_study_actions
from assessments.case_studies.kinds import PLAIN_FIELD
from assessments.case_studies.reading import Asked


@require_safe
def task_list(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """Every question with how far one has come; before they open, what to wait for."""
    place = own_place(request, enrolment)
    answering_actions.be_seen(place=place, by=request.user)
    context = {
        "place": place,
        "stage": place.stage.value,
        "finished": FINISHED_WITHOUT,
        "saved": just_saved(request, place),
        "support_email": settings.AIM["SUPPORT_EMAIL"],
        "offered": offered_to(place.enrolment),
    }
    with timezone.override(place.course.zone):
        return render(request, "assessments/answering/task_list.html", context)


@keeping_typed(typed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: SignedInRequest, enrolment: UUID, number: int) -> HttpResponse:
    """One question with one's own answer, beside the case study; posting saves the answer.

    Posted without a session, it asks to sign in first, and loses nothing.
    """
    if request.method == "POST" and not request.user.is_authenticated:
        typed = [laid_out(text) for text in typed_in(request.POST) if text.strip()]
        return signed_out(request, typed=typed, save=lambda again: _save(again, enrolment, number))
    if request.method == "POST":
        return _save(request, enrolment, number)
    place = own_place(request, enrolment)
    if place.stage is Stage.SUBMITTED:
        return redirect("assessments:receipt", enrolment)
    must_show_questions(place)
    if number == len(place.tasks) + 1:
        return redirect("assessments:check", enrolment)
    task = task_of(place, number)
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
        task = task_of(own_place(request, enrolment), number)
        kept = sent.get("kept", "") if task.asked.is_plain else task.answer.text if task.answer else ""
        values, then = task.asked.kind.merged(kept, values, task.asked.settings), "here"
    try:
        answering_actions.save_answer(
            enrolment=enrolment,
            number=number,
            values=values,
            base_revision=base,
            by=request.user,
            finished=then not in ("list", "here", *HELP),
        )
    except answering_actions.NotTheirs:
        place = own_place(request, enrolment)
        task_of(place, number)
        raise
    except case_study_actions.TextRefused as refused:
        place = own_place(request, enrolment)
        return _question_page(
            request, place, task_of(place, number), values=_redisplayed(values), base=base, refused=refused
        )
    except Refused as refused:
        place = own_place(request, enrolment)
        context = {
            "place": place,
            "number": number,
            "refused": refused,
            "then": then,
        }
        redisplayed = _redisplayed(values)
        if isinstance(refused, answering_actions.StaleAnswer):
            context["task"] = task = task_of(place, number)
            context |= fields_of(task.asked, redisplayed)
            context["said"] = task.asked.kind.said(refused.saved.text, task.asked.settings)
            with timezone.override(place.course.zone):
                return render(
                    request, "assessments/answering/question_conflict.html", context, status=refused.status
                )
        # What was typed, to be copied from; a plain answer's text by itself.
        context["text"] = "\n\n".join(text for text in redisplayed.values() if text.strip())
        return render(request, "assessments/answering/question_refused.html", context, status=refused.status)
    if then in HELP:
        # Without a script the button of a question saves what was typed first.
        HELP[then](enrolment=enrolment, by=request.user)
    return _go_on(enrolment, number, then)


# What the buttons beside an answer that are about help send, and what they do.
HELP: dict[str | None, Callable[..., Seat]] = {
    "help": answering_actions.ask_for_help,
    "no_help": answering_actions.need_no_help,
}


@require_safe
def earlier(request: SignedInRequest, enrolment: UUID, number: int) -> HttpResponse:
    """Every text of one's own that one answer had before, or that did not come to be it."""
    place = own_place(request, enrolment)
    must_show_questions(place)
    task = task_of(place, number)
    kind, settings_ = task.asked.kind, task.asked.settings
    kept = KeptAnswer.objects.visible_to(request.user).filter(
        submission=place.submission, question=task.asked.pk
    )
    texts = [(one, kind.said(one.text, settings_)) for one in kept]
    with timezone.override(place.course.zone):
        context = {"place": place, "task": task, "asked": task.asked, "texts": texts}
        return render(request, "assessments/answering/earlier.html", context)


# --- What the pages share -------------------------------------------------------------------------


def _question_page(
    request: SignedInRequest,
    place: Place,
    task: Task,
    *,
    values: Mapping[str, str],
    base: int,
    refused: case_study_actions.TextRefused | None = None,
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
        "saved": just_saved(request, place),
    }
    status = refused.status if refused else None
    with timezone.override(place.course.zone):
        return render(request, "assessments/answering/question.html", context, status=status)


def fields_of(
    asked: Asked, values: Mapping[str, str], refused: case_study_actions.TextRefused | None = None
) -> dict[str, object]:
    """What stands in the answer: as one text, or in its groups of fields."""
    if asked.is_plain:
        return {"text": values.get(PLAIN_FIELD, ""), "first_field": "answer"}
    where = refused.field if refused else ""
    first = where or asked.groups[0].fields[0].name
    return {
        "groups": drawn(asked.groups, values, field=where, error=str(refused.message) if refused else ""),
        "first_field": f"{PREFIX}{first}",
    }


def _redisplayed(values: Mapping[str, str]) -> dict[str, str]:
    """`values` as they are shown again when they were refused."""
    return {name: laid_out(value) for name, value in values.items()}


def _revision(sent: QueryDict) -> int:
    """The revision that was typed over; a form without one builds on nothing."""
    digits = sent.get("base_revision", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


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
