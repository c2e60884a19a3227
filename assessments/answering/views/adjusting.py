"""Adjustments: a person's own page, the trainers' pages of a course, and what The AIM Project answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.rows_in_memory import listed_rows
from aimcert.foundation.sent_forms import sent_once
from assessments.answering import actions
from assessments.answering.forms.adjusting import AnswerForm, AskForm, GrantForm
from assessments.answering.lists import ADJUSTMENT_COLUMNS, AdjustmentNarrowing
from assessments.answering.models import Adjustment, AdjustmentRequest
from assessments.permissions import Assessments
from assessments.states import Adjusted
from courses.forms import telling
from courses.models import Course, Enrolment
from courses.views.finding import sent


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def own(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """What somebody asked for, what is agreed with them, and asking for something."""
    visible = Enrolment.objects.visible_to(request.user).select_related("course__programme")
    found = get_object_or_404(visible, uuid=enrolment)
    must(request.user, Assessments.ASK_ADJUSTMENT, found)
    form = AskForm(sent(request))
    if form.is_valid():
        with telling(form):
            actions.ask_adjustment(enrolment=found, by=request.user, **form.cleaned_data)
            messages.success(
                request, _("We have your request. The AIM Project answers it on this page, and emails you.")
            )
            return redirect("assessments:my_adjustments", enrolment)
    return _adjustments_page(request, "mine", found.course, about=found, form=form)


@require_safe
def course(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Everyone who takes part, with what was agreed: for who leads the course alone."""
    found = _course(request, course)
    must(request.user, Assessments.SEE_SITTING, found)
    standing = Adjustment.objects.visible_to(request.user).standing().select_related("time_grant")
    asked = AdjustmentRequest.objects.visible_to(request.user).filter(answered_at__isnull=True)
    people = (
        found.enrolments.filter(withdrawn_at__isnull=True)
        .select_related("person")
        .prefetch_related(
            Prefetch("adjustments", standing, to_attr="standing"),
            Prefetch("adjustment_requests", asked, to_attr="unanswered"),
        )
        .order_by(InOrder("person__name"), "pk")
    )
    narrowing = AdjustmentNarrowing(request.GET)
    listing = listed_rows(request, list(people), columns=ADJUSTMENT_COLUMNS, narrowing=narrowing)
    return _adjustments_page(request, "course", found, people=people, listing=listing)


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def person(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """What one person asked for and was granted; granting something at once."""
    found = _course(request, course)
    about = _enrolment(request, found, enrolment)
    must(request.user, Assessments.GRANT_ADJUSTMENT, about)
    form = GrantForm(sent(request))
    if form.is_valid():
        with telling(form):
            actions.grant_adjustment(enrolment=about, agreed=form.agreed(), by=request.user)
            messages.success(request, _("Granted. It is on record, and they can read it."))
            return redirect("assessments:adjustments", course, enrolment)
    answers = request.user.has_perm(Assessments.ANSWER_ADJUSTMENT, about)
    return _adjustments_page(request, "person", found, about=about, form=form, answers=answers)


@require_POST
def end(request: SignedInRequest, course: UUID, enrolment: UUID, adjustment: UUID) -> HttpResponse:
    """One adjustment stands no longer."""
    about = _enrolment(request, _course(request, course), enrolment)
    must(request.user, Assessments.GRANT_ADJUSTMENT, about)
    rows = Adjustment.objects.visible_to(request.user).filter(enrolment=about)
    actions.end_adjustment(adjustment=get_object_or_404(rows, uuid=adjustment), by=request.user)
    messages.success(request, _("Ended. That it stood is kept."))
    return redirect("assessments:adjustments", course, enrolment)


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def answer(request: SignedInRequest, course: UUID, enrolment: UUID, asked: UUID) -> HttpResponse:
    """What The AIM Project answers to what somebody asked for."""
    found = _course(request, course)
    about = _enrolment(request, found, enrolment)
    must(request.user, Assessments.ANSWER_ADJUSTMENT, about)
    rows = AdjustmentRequest.objects.visible_to(request.user).filter(enrolment=about)
    wish = get_object_or_404(rows.select_related("enrolment__person", "answered_by"), uuid=asked)
    form = AnswerForm(sent(request), asked=wish)
    if form.is_valid():
        with telling(form):
            actions.answer_adjustment(
                request=wish,
                agreed=form.agreed(),
                answer=form.cleaned_data["answer"],
                by=request.user,
            )
            messages.success(request, _("Answered. %(name)s can read it now.") % {"name": about.person.name})
            return redirect("assessments:adjustments", course, enrolment)
    return _adjustments_page(request, "answer", found, about=about, asked=wish, form=form)


@require_safe
def to_answer(request: SignedInRequest) -> HttpResponse:
    """Every request that waits for The AIM Project."""
    must(request.user, Assessments.SEE_ALL_ADJUSTMENT_REQUESTS)
    waiting = (
        AdjustmentRequest.objects.visible_to(request.user)
        .to_answer(request.user)
        .select_related("enrolment__person", "enrolment__course")
        .order_by("asked_at", "pk")
    )
    return render(request, "assessments/answering/adjustments/to_answer.html", {"waiting": waiting})


# --- What they share ------------------------------------------------------------------------------


def _course(request: SignedInRequest, course: UUID) -> Course:
    return get_object_or_404(Course.objects.visible_to(request.user), uuid=course)


def _enrolment(request: SignedInRequest, course: Course, enrolment: UUID) -> Enrolment:
    rows = course.enrolments.visible_to(request.user).select_related("person", "course")
    return get_object_or_404(rows, uuid=enrolment)


def _adjustments_page(
    request: SignedInRequest, name: str, course: Course, *, about: Enrolment | None = None, **more: Any
) -> HttpResponse:
    context = {"course": course, "support_email": settings.AIM["SUPPORT_EMAIL"], **more}
    if about is not None:
        rows = Adjustment.objects.visible_to(request.user).filter(enrolment=about)
        agreed = list(rows.select_related("time_grant", "granted_by", "ended_by", "request"))
        wishes = AdjustmentRequest.objects.visible_to(request.user).filter(enrolment=about)
        context |= {
            "enrolment": about,
            "agreed": agreed,
            "again": {one.pk for one in agreed if _can_stand_again(one, agreed)},
            "wishes": wishes.select_related("answered_by").order_by("-pk"),
        }
    return render(request, f"assessments/answering/adjustments/{name}.html", context)


def _can_stand_again(ended: Adjustment, agreed: list[Adjustment]) -> bool:
    """Whether one that ended can be granted again as it was, without ending another of its kind."""
    standing = [one for one in agreed if one.ended_at is None and one.kind == ended.kind]
    if ended.kind == Adjusted.OTHER:
        standing = [one for one in standing if one.details == ended.details]
    return ended.ended_at is not None and not standing
