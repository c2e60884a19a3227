"""Marking by question: all answers to one, whose nobody is told, the next as soon as one is judged."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import keeping_typed, must, refusal_page
from assessments import locks
from assessments.answering.views.signed_out import signed_out
from assessments.case_studies.models import Question
from assessments.marking import actions
from assessments.marking.forms.judging import typed_in
from assessments.marking.forms.marking import MarksForm
from assessments.marking.piles import GONE, InPile, Pile, attempt_behind, pile_of, piles_of
from assessments.marking.scripts import script_in_pile
from assessments.marking.views.judging import of_enrolment, save_judgement
from assessments.marking.views.marking import ON, course_to_mark
from assessments.permissions import Assessments
from courses.models import Course
from courses.rules import course_nav


@require_safe
def questions(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Every question with how far its answers are marked, and who has some open."""
    found = course_to_mark(request, course)
    nav = course_nav(request.user, found)
    context = {
        "course": found,
        "nav": nav,
        "acts": nav.is_trainer,
        "piles": piles_of(found, reader=request.user),
    }
    return render(request, "assessments/marking/questions.html", context)


@require_POST
def next_answer(request: SignedInRequest, course: UUID, number: int) -> HttpResponse:
    """Take the next answer to a question; where co-trainers have all that is left, say who.

    With `again`, the first of all, to look at what was marked.
    """
    found, question = _question(request, course, number)
    if "again" in request.POST:
        pile = pile_of(found, question, reader=request.user)
        if pile.answers:
            return redirect(_address(found, question, pile.answers[0]))
    return _on(request, found, question, after="")


@require_http_methods(["GET", "HEAD", "POST"])
@keeping_typed(typed_in)
def answer(request: SignedInRequest, course: UUID, number: int, code: str) -> HttpResponse:
    """One answer, whose nobody is told, beside the model answer and the criteria."""
    if not request.user.is_authenticated:
        typed = typed_in(request.POST)
        return signed_out(request, typed=typed, save=lambda again: answer(again, course, number, code))
    found, question = _question(request, course, number)
    pile = pile_of(found, question, reader=request.user)
    one = pile.find(code)
    if one is None:
        if request.method == "POST":
            return refusal_page(request, GONE, 409, typed=typed_in(request.POST))
        raise Http404(GONE)
    if request.method == "POST":
        return _save(request, found, pile, one)
    form = MarksForm(script_in_pile(pile, one), reader=request.user)
    return _page(request, found, pile, one, form)


@require_POST
def judge(request: SignedInRequest, course: UUID, code: str, question: int, criterion: int) -> HttpResponse:
    """Save one judgement as JSON, as `views.judging.judge` does."""
    behind = attempt_behind(course, question, code)
    if behind is None:
        _question(request, course, question)
        return JsonResponse({"state": "over", "message": str(GONE)}, status=409)
    enrolment, submission = behind
    return save_judgement(
        request, f"{question}_{criterion}", of_enrolment(request, enrolment, seen=submission)
    )


@require_POST
def stay(request: SignedInRequest, course: UUID, number: int, code: str) -> HttpResponse:
    """Say that the page of an answer is still open: it stays theirs for some minutes more."""
    found, question = _question(request, course, number)
    try:
        actions.take_answer(course=found, question=question, code=code, by=request.user)
    except actions.NotInPile as refused:
        return JsonResponse({"state": "over", "message": refused.message}, status=409)
    return JsonResponse({"state": "here"})


@require_POST
def take_over(request: SignedInRequest, course: UUID, number: int, code: str) -> HttpResponse:
    """Go on with an answer that a co-trainer has open; that it was theirs stays on record."""
    found, question = _question(request, course, number)
    one = actions.take_answer(course=found, question=question, code=code, by=request.user, over=True)
    if one.is_open:
        messages.success(request, _("This answer is yours to mark now."))
    return redirect(_address(found, question, one) + ON)


# --- What they share ----------------------------------------------------------------------------------


def _question(request: SignedInRequest, course: UUID, number: int) -> tuple[Course, Question]:
    """A question of the course's version, for one who marks there."""
    found = course_to_mark(request, course)
    must(request.user, Assessments.MARK, found)
    pin = getattr(found, "pin", None)
    return found, get_object_or_404(Question, version=pin.version_id if pin else None, number=number)


def _address(course: Course, question: Question, one: InPile) -> str:
    return reverse("assessments:mark_answer", args=[course.uuid, question.number, one.code])


def _on(request: SignedInRequest, course: Course, question: Question, *, after: str) -> HttpResponse:
    try:
        one = actions.take_next(course=course, question=question, by=request.user, after=after)
    except actions.AllTaken as refused:
        messages.info(request, refused.message)
        return redirect(_address(course, question, refused.answers[0]))
    if one is None:
        messages.success(
            request, _("Every answer to question %(number)d is marked.") % {"number": question.number}
        )
        return redirect("assessments:mark_questions", course.uuid)
    return redirect(_address(course, question, one) + ON)


def _save(request: SignedInRequest, course: Course, pile: Pile, one: InPile) -> HttpResponse:
    form = MarksForm(script_in_pile(pile, one), request.POST, reader=request.user)
    if not form.is_valid():
        return _page(request, course, pile, one, form)
    try:
        actions.mark(enrolment=one.enrolment, marks=form.marks(), seen=one.submission, by=request.user)
    except actions.MarkedMeanwhile as refused:
        again = script_in_pile(pile, one)
        form = MarksForm(again, request.POST, reader=request.user, refused=refused)
        return _page(request, course, pile, one, form, status=refused.status)
    except (actions.AnsweredAgain, locks.MarkingFinalised) as refused:
        return refusal_page(request, refused.message, refused.status, typed=typed_in(request.POST))
    then = request.POST.get("then")
    if then == "next":
        return _on(request, course, pile.question, after=one.code)
    if then == "list":
        return redirect("assessments:mark_questions", course.uuid)
    messages.success(request, _("Saved."))
    return redirect(_address(course, pile.question, one))


def _page(
    request: SignedInRequest,
    course: Course,
    pile: Pile,
    one: InPile,
    form: MarksForm,
    *,
    status: int | None = None,
) -> HttpResponse:
    parts = [(part, form.rows(part)) for part in form.script.parts]
    here = pile.answers.index(one)
    context = {
        "place": here + 1,
        "previous": pile.answers[here - 1] if here else None,
        "following": next(iter(pile.answers[here + 1 :]), None),
        "course": course,
        "question": pile.question,
        "pile": pile,
        "code": one.code,
        "form": form,
        "script": form.script,
        "parts": parts,
        "has_errors": bool(form.errors) or status is not None,
        "clashing": [row for _part, rows in parts for row in rows if row.refused],
        "held": one if one.is_held_from(request.user) else None,
        "edits": one.is_open,
        "first_unmarked": next((actions.name_of(each) for each in form.script.unmarked), None),
        "is_blind": True,
    }
    return render(request, "assessments/marking/mark_answer.html", context, status=status)
