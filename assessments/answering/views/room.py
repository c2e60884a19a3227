"""The room: its trainer releases, opens and closes; everyone who takes part reads the case study."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from accounts.signing_in import vouch_for_room
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import Refused, must
from aimcert.foundation.sent_forms import sent_once
from aimcert.foundation.stale_forms import ChangedMeanwhile, Stale
from aimcert.foundation.times import said_clock
from assessments.answering import actions
from assessments.answering.boards import board_of
from assessments.answering.forms.room import MarkingDateForm, OpenForm, ReopenForm
from assessments.answering.hours import first_day
from assessments.answering.models import RoomReopening, Sitting
from assessments.answering.participation import GRACE
from assessments.answering.telling_window import telling_window
from assessments.case_studies.reading import reading_of
from assessments.permissions import Assessments
from courses.models import Course
from courses.rules import course_nav, standing

# Minutes that are offered as buttons: until the room closes, and for longer.
CLOSING_SOON = (1, 2, 5)
MORE_TIME = (5, 10, 15)


class NotYetReleased(Refused):
    """The case study has not come to the room."""


@require_safe
def room(request: SignedInRequest, course: UUID) -> HttpResponse:
    """The day's steps, and who has started and submitted."""
    found = course_of_room(request, course)
    must(request.user, Assessments.SEE_SITTING, found)
    vouch_for_room(request, request.user)
    return _room_page(request, found)


def _room_page(
    request: SignedInRequest, course: Course, form: forms.Form | None = None, stale: Stale | None = None
) -> HttpResponse:
    """The room; `form` is one that came back with errors, or because something else stands by now."""
    pin, sitting = getattr(course, "pin", None), sitting_of(course)
    kept = {
        "open_form": OpenForm(),
        "reopen_form": ReopenForm(),
        "date_form": MarkingDateForm(initial=MarkingDateForm.initial_of(sitting)),
    }
    if form is not None:
        kept[FORM_NAMES[type(form)]] = form
    with timezone.override(course.zone):
        context = {
            "course": course,
            "nav": course_nav(request.user, course),
            "sitting": sitting,
            "board": board_of(course, sitting, pin.version if pin else None),
            "pinned": pin is not None,
            "runs": course.cancelled_at is None and request.user.has_perm(Assessments.RUN_SITTING, course),
            "release_on": _day_to_wait_for(sitting),
            "telling": telling_window(course),
            "reopenings": _reopenings(sitting),
            "form": form,
            "stale": stale,
            **kept,
            "closing_soon": CLOSING_SOON,
            "more_time": MORE_TIME,
            "grace": int(GRACE.total_seconds()),
            "room_url": reverse("assessments:room", args=[course.uuid]),
        }
        return render(request, "assessments/answering/room.html", context)


def _told_meanwhile(form: Any, sitting: Sitting) -> Stale:
    """The day that somebody else told the room, beside the one that was typed."""
    standing = MarkingDateForm.initial_of(sitting)
    told: Stale = form.beside(standing, sitting.marking_told_by, sitting.marking_told_at)
    return told


FORM_NAMES: dict[type[forms.Form], str] = {
    OpenForm: "open_form",
    ReopenForm: "reopen_form",
    MarkingDateForm: "date_form",
}


def _reopenings(sitting: Sitting) -> list[RoomReopening]:
    if sitting.opened_at is None:
        return []
    return list(sitting.course.room_reopenings.select_related("reopened_by"))


def _day_to_wait_for(sitting: Sitting) -> date | None:
    """The day from which the case study can be released, where it has not come yet."""
    if sitting.released_at is not None:
        return None
    day = first_day(sitting.course)
    return day if day and day > timezone.localdate(timezone=sitting.course.zone) else None


def _step(action: Callable[..., Sitting], done: Any) -> Callable[..., HttpResponse]:
    """The view of one button of the room, or of one with so many minutes."""

    @require_POST
    def step(request: SignedInRequest, course: UUID, **told: int) -> HttpResponse:
        found = _runs(request, course)
        made = action(course=found, by=request.user, **told)
        messages.success(request, done(made) if callable(done) else done)
        return redirect("assessments:room", course)

    return step


def _filled(
    form_class: type[forms.Form], action: Callable[..., Sitting], done: Any
) -> Callable[..., HttpResponse]:
    """The view of a step with something to fill in; what is wrong with it stands on the room's page."""

    @require_POST
    def step(request: SignedInRequest, course: UUID) -> HttpResponse:
        found = _runs(request, course)
        form = form_class(request.POST)
        if form.is_valid():
            try:
                made = action(course=found, by=request.user, **form.cleaned_data)
            except (actions.DateRefused, actions.MinutesRefused, actions.ReasonMissing) as refused:
                form.add_error(refused.field, str(refused.message))
            except ChangedMeanwhile:
                found = _runs(request, course)
                return _room_page(request, found, form, _told_meanwhile(form, sitting_of(found)))
            else:
                with timezone.override(found.zone):
                    messages.success(request, done(made))
                return redirect("assessments:room", course)
        return _room_page(request, found, form)

    return step


def _opened(sitting: Sitting) -> str:
    if sitting.closes_at is None:
        return _("The questions are open: everyone who takes part can answer now.")
    return _("The questions are open until %(time)s.") % {"time": said_clock(sitting.closes_at)}


def _reopened(sitting: Sitting) -> str:
    if sitting.closes_at is None:
        return _("Answers are taken again.")
    return _("Answers are taken again until %(time)s.") % {"time": said_clock(sitting.closes_at)}


def _told_of_end(sitting: Sitting) -> str:
    # Its words are written where the room's clock is read.
    with timezone.override(sitting.course.zone):
        return _("Answering now closes at %(time)s. Everyone who is writing sees that.") % {
            "time": said_clock(sitting.closes_at or timezone.now())
        }


release = sent_once(
    _step(
        actions.release_case_study,
        gettext_lazy("The case study is released: everyone who takes part can read it now."),
    )
)
open_ = _filled(OpenForm, actions.open_questions, _opened)
close = _step(actions.close_questions, gettext_lazy("Answering is closed."))
close_soon = _step(actions.close_soon, _told_of_end)
reopen = _filled(ReopenForm, actions.reopen_questions, _reopened)
marking_date = _filled(
    MarkingDateForm,
    actions.tell_marking_date,
    lambda made: (
        _("Everyone who takes part now sees: marked by %(date)s.")
        % {"date": date_format(made.marking_due_on)}
    ),
)


@require_POST
def more_time(request: SignedInRequest, course: UUID, minutes: int) -> HttpResponse:
    """Let the whole room write for longer than the end that the page said."""
    found = _runs(request, course)
    seen = _moment(request.POST.get("ends_at", ""))
    made = actions.give_room_time(course=found, minutes=minutes, seen=seen, by=request.user)
    messages.success(request, _told_of_end(made))
    return redirect("assessments:room", course)


@require_safe
def case_study(request: SignedInRequest, course: UUID) -> HttpResponse:
    """The case study, its content note first; for who takes part from its release on."""
    found = course_of_room(request, course)
    must(request.user, Assessments.READ_CASE_STUDY, found)
    mine = standing(request.user, found)
    sitting = sitting_of(found)
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
        "own_enrolment": mine.enrolment if mine.takes_part else None,
    }
    return render(request, "assessments/case_studies/case_study.html", context)


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


# --- What the pages of the room share -------------------------------------------------------------


def course_of_room(request: SignedInRequest, course: UUID) -> Course:
    """The course with its day and its case study: a stranger's is a 404."""
    visible = Course.objects.visible_to(request.user).select_related(
        "sitting__released_by", "sitting__opened_by", "sitting__closed_by", "pin__version", "programme"
    )
    return get_object_or_404(visible, uuid=course)


def sitting_of(course: Course) -> Sitting:
    """The course's day; before its first step, one that is not kept."""
    return getattr(course, "sitting", None) or Sitting(course=course)


def _runs(request: SignedInRequest, course: UUID) -> Course:
    found = course_of_room(request, course)
    must(request.user, Assessments.RUN_SITTING, found)
    return found
