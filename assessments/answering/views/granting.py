"""One person in the room, for its trainers: their own closing time, and what they are granted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.sent_forms import sent_once
from aimcert.foundation.times import local_clock
from assessments.answering import actions
from assessments.answering.answer_progress import said_of_answers, with_standing_answers
from assessments.answering.forms.room import ExtraTimeForm, ReopenForOneForm
from assessments.answering.hours import can_answer, ends_for, has_own_end, is_open_again, is_over
from assessments.answering.views.room import course_of_room, sitting_of
from assessments.permissions import Assessments
from courses.forms import telling
from courses.models import Course


@require_safe
def person(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """When answering ends for one person, what they were granted, by whom and why."""
    found, about = _about(request, course, enrolment, Assessments.SEE_SITTING)
    return _person_page(request, found, about)


@require_POST
@sent_once
def extra(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Let one person write for longer than the room."""
    found, about = _about(request, course, enrolment, Assessments.RUN_SITTING)
    form = ExtraTimeForm(request.POST)
    if form.is_valid():
        with telling(form):
            actions.grant_extra_time(enrolment=about, by=request.user, **form.cleaned_data)
            messages.success(
                request,
                _("%(name)s has %(minutes)d minutes more than the room.")
                % {
                    "name": about.person.name,
                    "minutes": about.granted_minutes + form.cleaned_data["minutes"],
                },
            )
            return redirect("assessments:person", course, enrolment)
    return _person_page(request, found, about, extra=form)


@require_POST
@sent_once
def reopen(request: SignedInRequest, course: UUID, enrolment: UUID) -> HttpResponse:
    """Take answers of one person again, until a moment."""
    found, about = _about(request, course, enrolment, Assessments.RUN_SITTING)
    form = ReopenForOneForm(request.POST, course=found)
    if form.is_valid() and form.until_at is not None:
        with telling(form):
            actions.reopen_for_one(
                enrolment=about, until=form.until_at, reason=form.cleaned_data["reason"], by=request.user
            )
            messages.success(
                request, _("Answering is open again for %(name)s.") % {"name": about.person.name}
            )
            return redirect("assessments:person", course, enrolment)
    return _person_page(request, found, about, reopen=form)


def _about(request: SignedInRequest, course: UUID, enrolment: UUID, permission: str) -> tuple[Course, Any]:
    """The course and one of its people, read `with_hours`."""
    found = course_of_room(request, course)
    visible = with_standing_answers(found.enrolments.visible_to(request.user)).select_related("person")
    about = get_object_or_404(visible, uuid=enrolment)
    must(request.user, permission, found)
    return found, about


def _person_page(request: SignedInRequest, course: Course, about: Any, **typed: forms.Form) -> HttpResponse:
    sitting = sitting_of(course)
    now = timezone.now()
    soon = local_clock(now + timedelta(minutes=30), course.zone)
    ends_at = ends_for(sitting, about)
    attempts = list(about.submissions.order_by("attempt").values_list("attempt", "submitted_at"))
    submitted = [at for _attempt, at in attempts if at is not None]
    submitted_at = submitted[-1] if submitted else None
    about.submitted_at = submitted_at
    is_again = submitted_at is not None and is_open_again(about, submitted_at)
    is_opened = sitting.opened_at is not None
    # Nothing is granted of what is refused: see `OutcomeFinalised`.
    is_finalised = about.recommendations.filter(finalised_at__isnull=False).exists()
    can_reopen = (
        is_opened and not is_finalised and (not can_answer(about, submitted_at) or has_own_end(about))
    )
    context = {
        "course": course,
        "about": about,
        "sitting": sitting,
        "ends_at": ends_at,
        "is_over": is_over(about),
        "is_longer": ends_at is not None and sitting.ends_at is not None and ends_at > sitting.ends_at,
        "submitted_at": submitted_at,
        "is_again": is_again,
        "said": said_of_answers(about, sitting, has_begun=bool(attempts))[0],
        "grants": about.time_grants.select_related("granted_by"),
        "runs": request.user.has_perm(Assessments.RUN_SITTING, course),
        "form": next(iter(typed.values()), None),
        # What came back with errors stands alone: the other form has fields of the same name.
        "is_finalised": is_finalised,
        "shows_extra": "extra" in typed or (not typed and not is_finalised and (not submitted or is_again)),
        "shows_reopen": "reopen" in typed or (not typed and can_reopen),
        "extra_form": typed.get("extra") or ExtraTimeForm(auto_id="id_extra_%s"),
        "reopen_form": typed.get("reopen")
        or ReopenForOneForm(
            course=course, initial={"day": soon.date(), "until": soon.time()}, auto_id="id_reopen_%s"
        ),
    }
    return render(request, "assessments/answering/person.html", context)
