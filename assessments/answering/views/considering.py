"""Special consideration: a person's own page, the trainers' of a course, and what The AIM Project decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.lists import listed
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.rows_in_memory import listed_rows
from aimcert.foundation.sent_forms import sent_once
from assessments.answering import actions
from assessments.answering.consideration_lists import (
    COURSE_COLUMNS,
    ConsiderationFilter,
    ConsiderationTable,
    CourseNarrowing,
    in_list_order,
)
from assessments.answering.forms.considering import DecideForm, HappenedForm, RecordForm
from assessments.answering.models import SpecialConsideration, SpecialConsiderationQuerySet
from assessments.answering.telling_window import telling_window
from assessments.permissions import Assessments
from courses.forms import telling
from courses.models import Course, Enrolment
from courses.views.finding import sent

FOLDER = "assessments/answering/considerations"


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def own(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """Telling what happened to oneself; what was told or recorded so far, and what was decided."""
    visible = Enrolment.objects.visible_to(request.user).select_related("course__programme")
    found = get_object_or_404(visible, uuid=enrolment)
    must(request.user, Assessments.TELL_WHAT_HAPPENED, found)
    course, window = found.course, telling_window(found.course)
    form = HappenedForm(sent(request), course=course, initial=_today(course))
    if form.is_valid():
        with telling(form):
            actions.tell_what_happened(
                enrolment=found,
                happened=form.happened(),
                trainers_may_read=form.cleaned_data["trainers_may_read"],
                by=request.user,
            )
            messages.success(
                request, _("We have it. The AIM Project decides, and you read here what it decided.")
            )
            return redirect("assessments:my_considerations", enrolment)
    rows = _rows(request).filter(enrolment=found).order_by("-pk")
    takes_part = found.withdrawn_at is None and course.cancelled_at is None
    context = {
        "course": course,
        "enrolment": found,
        "rows": rows,
        "form": form,
        "window": window,
        # What was typed stays on the page, whatever it was refused for.
        "tells": form.is_bound or (takes_part and window.is_open),
        "takes_part": takes_part,
        "support_email": settings.AIM["SUPPORT_EMAIL"],
    }
    return _page(request, course, "mine", context)


@require_safe
def course(request: SignedInRequest, course: UUID) -> HttpResponse:
    """What was recorded on a course, for who leads it."""
    found = _course(request, course)
    must(request.user, Assessments.SEE_CONSIDERATIONS, found)
    rows = list(_rows(request).filter(enrolment__course=found).order_by("-pk"))
    free = _is_free(request, found)
    for row in rows:
        row.is_read = free or row.trainers_may_read
    listing = listed_rows(request, rows, columns=COURSE_COLUMNS, narrowing=CourseNarrowing(request.GET))
    context = {
        "course": found,
        "rows": rows,
        "listing": listing,
        "window": telling_window(found),
        "records": _records(request, found),
    }
    return _page(request, found, "course", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def record(request: SignedInRequest, course: UUID) -> HttpResponse:
    """A trainer records what happened to one person, several or everybody."""
    found = _course(request, course)
    must(request.user, Assessments.RECORD_CONSIDERATION, found)
    window = telling_window(found)
    people = found.enrolments.filter(withdrawn_at__isnull=True).select_related("person")
    everyone = list(people.order_by(InOrder("person__name"), "pk"))
    form = RecordForm(sent(request), course=found, people=everyone, initial=_today(found))
    if form.is_valid():
        with telling(form):
            happened = form.happened()
            whom = actions.who_was_in_the_room(found, happened.at) if form.is_everybody else form.ticked()
            rows = actions.record_consideration(enrolments=whom, happened=happened, by=request.user)
            words = ngettext(
                "Recorded for %(people)d person. The AIM Project decides what follows.",
                "Recorded for %(people)d people. The AIM Project decides what follows.",
                len(rows),
            )
            messages.success(request, words % {"people": len(rows)})
            return redirect("assessments:course_considerations", course)
    context = {
        "course": found,
        "people": everyone,
        "form": form,
        "window": window,
        "records": form.is_bound or (found.cancelled_at is None and window.is_open),
        "support_email": settings.AIM["SUPPORT_EMAIL"],
    }
    return _page(request, found, "record", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def one(request: SignedInRequest, course: UUID, enrolment: UUID, consideration: UUID) -> HttpResponse:
    """What happened to one person, as far as the reader may read it; deciding what follows."""
    found = _course(request, course)
    people = found.enrolments.visible_to(request.user).select_related("person", "course")
    about = get_object_or_404(people, uuid=enrolment)
    must(request.user, Assessments.SEE_CONSIDERATIONS, about)
    decides = request.user.has_perm(Assessments.DECIDE_CONSIDERATION, about)
    if request.method == "POST":
        must(request.user, Assessments.DECIDE_CONSIDERATION, about)
    row = get_object_or_404(_rows(request).filter(enrolment=about), uuid=consideration)
    others = _others(request, row) if decides and row.decided is None else []
    form = DecideForm(sent(request), course=found, others=others)
    if form.is_valid():
        with telling(form):
            actions.decide_considerations(
                considerations=[row, *form.ticked()],
                following=form.following(),
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
            messages.success(request, _("Decided. They can read it now."))
            return redirect("assessments:consideration", course, enrolment, consideration)
        # Somebody else may have decided meanwhile.
        row = _rows(request).get(pk=row.pk)
    context = {
        "course": found,
        "about": about,
        "row": row,
        "reads": decides or row.trainers_may_read,
        "decides": decides,
        "form": form if decides and (row.decided is None or form.is_bound) else None,
        "grants": request.user.has_perm(Assessments.RUN_SITTING, found),
    }
    return _page(request, found, "one", context)


@require_safe
def everything(request: SignedInRequest) -> HttpResponse:
    """All that whoever reads it may decide or read the decision of, over all courses."""
    must(request.user, Assessments.SEE_ALL_CONSIDERATIONS)
    rows = in_list_order(_rows(request).free_to(request.user))
    listing = listed(request, rows, table=ConsiderationTable, narrowing=ConsiderationFilter)
    return render(request, f"{FOLDER}/all.html", {"listing": listing})


# --- What they share ------------------------------------------------------------------------------


def _course(request: SignedInRequest, course: UUID) -> Course:
    return get_object_or_404(Course.objects.visible_to(request.user), uuid=course)


def _rows(request: SignedInRequest) -> SpecialConsiderationQuerySet:
    """What the reader sees, with all that is said of it."""
    return SpecialConsideration.objects.visible_to(request.user).select_related(
        "decision__decided_by",
        "decision__time_grant",
        "recorded_by",
        "enrolment__person",
        "enrolment__course",
    )


def _others(request: SignedInRequest, row: SpecialConsideration) -> list[SpecialConsideration]:
    """The undecided ones that were recorded together with `row`."""
    rows = _rows(request).to_decide(request.user).filter(together=row.together).exclude(pk=row.pk)
    return list(rows.order_by(InOrder("enrolment__person__name"), "pk"))


def _is_free(request: SignedInRequest, course: Course) -> bool:
    """Whether the reader decides on this course, and so reads what is kept from its trainers."""
    return request.user.has_perm(Assessments.DECIDE_CONSIDERATION, course)


def _records(request: SignedInRequest, course: Course) -> bool:
    return course.cancelled_at is None and request.user.has_perm(Assessments.RECORD_CONSIDERATION, course)


def _today(course: Course) -> dict[str, Any]:
    return {"day": timezone.localdate(timezone=course.zone)}


def _page(request: SignedInRequest, course: Course, name: str, context: dict[str, Any]) -> HttpResponse:
    with timezone.override(course.zone):
        return render(request, f"{FOLDER}/{name}.html", context)
