"""The room: its trainer releases, opens and closes; everyone who takes part reads the case study."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.refusals import Refused, must
from aimcert.foundation.sent_forms import sent_once
from assessments import actions
from assessments.forms.room import MarkingDateForm
from assessments.models import Sitting
from assessments.permissions import Assessments
from assessments.reading import reading_of
from assessments.rooms import room_of
from courses.models import Course
from courses.rules import course_nav, standing


class NotYetReleased(Refused):
    """The case study has not come to the room."""


@require_safe
def room(request: SignedInRequest, course: UUID) -> HttpResponse:
    """The day's steps, and who has started and submitted."""
    found = _course(request, course)
    must(request.user, Assessments.SEE_SITTING, found)
    return _room_page(request, found, MarkingDateForm(initial={"on": _sitting(found).marking_due_on}))


def _room_page(request: SignedInRequest, course: Course, form: MarkingDateForm) -> HttpResponse:
    pin = getattr(course, "pin", None)
    context = {
        "course": course,
        "nav": course_nav(request.user, course),
        "sitting": _sitting(course),
        "room": room_of(course, pin.version_id if pin else None),
        "pinned": pin is not None,
        "runs": request.user.has_perm(Assessments.RUN_SITTING, course),
        "form": form,
        "room_url": reverse("assessments:room", args=[course.uuid]),
    }
    with timezone.override(course.zone):
        return render(request, "assessments/room.html", context)


def _step(action: Callable[..., Sitting], done: Any) -> Callable[[SignedInRequest, UUID], HttpResponse]:
    """The view of one button of the room."""

    @require_POST
    def step(request: SignedInRequest, course: UUID) -> HttpResponse:
        found = _course(request, course)
        must(request.user, Assessments.RUN_SITTING, found)
        action(course=found, by=request.user)
        messages.success(request, done)
        return redirect("assessments:room", course)

    return step


release = sent_once(
    _step(
        actions.release_case_study,
        gettext_lazy("The case study is released: everyone who takes part can read it now."),
    )
)
open_ = _step(
    actions.open_questions, gettext_lazy("The questions are open: everyone who takes part can answer now.")
)
close = _step(actions.close_questions, gettext_lazy("Answering is closed."))
reopen = _step(actions.reopen_questions, gettext_lazy("Answers are taken again."))


@require_POST
def marking_date(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Tell the room by when its answers are marked."""
    found = _course(request, course)
    must(request.user, Assessments.RUN_SITTING, found)
    form = MarkingDateForm(request.POST)
    if form.is_valid():
        try:
            actions.tell_marking_date(course=found, on=form.cleaned_data["on"], by=request.user)
        except actions.DateRefused as refused:
            form.add_error("on", refused.message)
        else:
            told = {"date": date_format(form.cleaned_data["on"])}
            messages.success(request, _("Everyone who takes part now sees: marked by %(date)s.") % told)
            return redirect("assessments:room", course)
    return _room_page(request, found, form)


@require_safe
def case_study(request: SignedInRequest, course: UUID) -> HttpResponse:
    """The case study, its content note first; for who takes part from its release on."""
    found = _course(request, course)
    must(request.user, Assessments.READ_CASE_STUDY, found)
    mine = standing(request.user, found)
    sitting = _sitting(found)
    pin = getattr(found, "pin", None)
    leads = request.user.has_perm(Assessments.SEE_SITTING, found)
    if pin is None or (sitting.released_at is None and not leads):
        raise NotYetReleased(
            _("The case study has not been released yet. Your trainer releases it when the room is ready.")
        )
    context = {
        "course": found,
        "reading": reading_of(pin.version),
        "sitting": sitting,
        "leads": leads,
        "support_email": settings.AIM["SUPPORT_EMAIL"],
        "own_enrolment": mine.enrolment if mine.takes_part else None,
    }
    return render(request, "assessments/case_study.html", context)


def _course(request: SignedInRequest, course: UUID) -> Course:
    visible = Course.objects.visible_to(request.user).select_related(
        "sitting__released_by", "sitting__opened_by", "sitting__closed_by", "pin__version", "programme"
    )
    return get_object_or_404(visible, uuid=course)


def _sitting(course: Course) -> Sitting:
    """The course's day; before its first step, one that is not kept."""
    return getattr(course, "sitting", None) or Sitting(course=course)
