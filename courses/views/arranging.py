"""Making and changing a course, by an AIM admin."""

from __future__ import annotations

import zoneinfo
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.countries import country_names
from accounts.requests import SignedInRequest
from accounts.views.proving import asks_anew
from aimcert.foundation.pages import refusal_of, render, tell_saved
from aimcert.foundation.refusals import Refused, must, refused_with
from aimcert.foundation.sent_forms import sent_once
from aimcert.foundation.stale_forms import ChangedMeanwhile, Stale
from aimcert.foundation.undoing import say_done, undo_at
from courses.actions import (
    SessionTimes,
    assign_associate,
    cancel,
    covering_licences,
    create_course,
    edit_course,
    hindered_licences,
    refuse_cancelling,
    refuse_unassigning,
    sessions_seen,
    set_sessions,
    unassign_associate,
)
from courses.forms import (
    AssociateForm,
    CancelForm,
    CourseForm,
    SessionFormSet,
    SessionsForm,
    blank_sessions,
    sessions_of,
    telling,
    times_of,
)
from courses.forms.arranging import BaseSessionFormSet
from courses.models import Course
from courses.overlaps import meanwhile
from courses.permissions import Courses
from courses.views.finding import course_context, found, sent

FIRST_ROWS = 2
MORE = "another"


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def create(request: SignedInRequest) -> HttpResponse:
    """A new draft, with its sessions."""
    must(request.user, Courses.MANAGE)
    if request.method != "POST":
        sessions = SessionFormSet(initial=blank_sessions(FIRST_ROWS), prefix="sessions")
        return _create_page(request, CourseForm(), sessions)
    if MORE in request.POST:
        return _create_page(request, _unjudged(CourseForm, request), _one_more(request))
    form, sessions = CourseForm(request.POST), SessionFormSet(request.POST, prefix="sessions")
    fine = form.is_valid() & sessions.is_valid()
    times: list[SessionTimes] = []
    if fine:
        times = sessions.times(zoneinfo.ZoneInfo(form.cleaned_data["time_zone"]))
        fine = not any(sessions.errors)
    if fine:
        with _telling_both(form, sessions):
            course = create_course(**form.cleaned_data, sessions=times, by=request.user)
            messages.success(
                request, _("The course was created. Nobody outside The AIM Project sees it yet.")
            )
            return redirect("courses:associates" if times else "courses:sessions", course.uuid)
    return _create_page(request, form, sessions)


@require_safe
def another(request: SignedInRequest, course: UUID) -> HttpResponse:
    """The page of a new draft, filled in from a course: all but its days, its Associates and its people."""
    row = found(request, course, Courses.MANAGE)
    form = CourseForm(initial=CourseForm.initial_of(row) | {"programme": row.programme.code})
    sessions = SessionFormSet(initial=times_of(row) or blank_sessions(FIRST_ROWS), prefix="sessions")
    return _create_page(request, form, sessions, like=row)


def _create_page(
    request: SignedInRequest, form: CourseForm, sessions: BaseSessionFormSet, *, like: Course | None = None
) -> HttpResponse:
    return render(
        request,
        "courses/create.html",
        {"form": form, "formset": sessions, "has_errors": _wrong(form, sessions), "like": like},
    )


def _wrong(form: Form, sessions: BaseSessionFormSet) -> bool:
    judged = sessions.is_bound and (any(sessions.errors) or bool(sessions.non_form_errors()))
    return judged or (form.is_bound and bool(form.errors))


class _telling_both:
    """A refusal is told above the sessions where it is about them, else on the course's form."""

    def __init__(self, form: Form, sessions: BaseSessionFormSet) -> None:
        self.form, self.sessions = form, sessions

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        if not isinstance(error, Refused):
            return False
        field = getattr(error, "field", None)
        if field in self.form.fields:
            self.form.add_error(field, refusal_of(error, on_field=True))
        else:
            self.sessions.refuse(error)
        return True


def _unjudged(form: type[CourseForm], request: SignedInRequest, **kwargs: Any) -> CourseForm:
    """The form with what was typed so far, and no errors yet: it was not sent, only asked for more rows."""
    return form(initial=request.POST.dict(), **kwargs)


def _one_more(request: SignedInRequest) -> BaseSessionFormSet:
    typed = SessionFormSet(request.POST, prefix="sessions")
    rows = [{name: form[name].data or None for name in ("day", "starts", "ends")} for form in typed.forms]
    return SessionFormSet(initial=[*rows, *blank_sessions(1)], prefix="sessions")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, course: UUID) -> HttpResponse:
    """What a course is, changed."""
    row = found(request, course, Courses.EDIT)
    form = CourseForm(sent(request), course=row)
    stale = None
    if form.is_valid():
        with telling(form):
            given = form.cleaned_data | {
                "experience_sought": form.cleaned_data["experience_sought"] or row.programme.experience_sought
            }
            try:
                edited = edit_course(course=row, **given, by=request.user)
            except ChangedMeanwhile:
                row.refresh_from_db()
                stale = form.beside(CourseForm.initial_of(row), row.changed_by, row.changed_at)
            else:
                changed = edited.changed_at != row.changed_at
                tell_saved(request, _("Your changes were saved."), changed=changed)
                return redirect("courses:detail", row.uuid)
    context = {**course_context(request, row), "form": form, "stale": stale}
    return render(request, "courses/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: SignedInRequest, course: UUID) -> HttpResponse:
    """When a course meets."""
    row = found(request, course, Courses.EDIT)
    if request.method != "POST":
        rows = sessions_of(row) or blank_sessions(FIRST_ROWS)
        formset = SessionFormSet(initial=rows, prefix="sessions")
        return _sessions_page(request, row, SessionsForm(course=row), formset)
    if MORE in request.POST:
        return _sessions_page(
            request, row, SessionsForm(course=row, typed=request.POST.dict()), _one_more(request)
        )
    form = SessionsForm(request.POST, course=row)
    formset = SessionFormSet(request.POST, prefix="sessions")
    fine = form.is_valid() & formset.is_valid()
    times = formset.times(row.zone) if fine else []
    if fine and not any(formset.errors):
        before = sessions_seen(row)
        with _telling_both(form, formset):
            try:
                set_sessions(course=row, sessions=times, by=request.user, **form.cleaned_data)
            except ChangedMeanwhile:
                row.refresh_from_db()
                stale = SessionsForm.against(row, formset.times(row.zone))
                return _sessions_page(request, row, form, formset, stale)
            tell_saved(request, _("The sessions were saved."), changed=sessions_seen(row) != before)
            return redirect("courses:detail", row.uuid)
    return _sessions_page(request, row, form, formset)


def _sessions_page(
    request: SignedInRequest,
    row: Course,
    form: SessionsForm,
    formset: BaseSessionFormSet,
    stale: Stale | None = None,
) -> HttpResponse:
    context = {
        **course_context(request, row),
        "form": form,
        "formset": formset,
        "has_errors": _wrong(form, formset),
        "stale": stale,
        "changes": row.session_changes.select_related("changed_by").order_by("-pk")
        if row.published_at
        else (),
    }
    return render(request, "courses/sessions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def associates(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Who trains a course; one more, out of those who may."""
    row = found(request, course, Courses.EDIT)
    assigned = list(row.associates.select_related("associate", "licence").order_by("pk"))
    if request.POST.get("associate") in {str(one.associate.uuid) for one in assigned}:
        return redirect("courses:associates", row.uuid)  # pressed twice
    taken = {one.associate_id for one in assigned}
    context = course_context(request, row)
    covering = covering_licences(row) if context["sessions"] else []
    licensed = {licence.associate_id for licence in covering}
    free = [licence for licence in covering if licence.associate_id not in taken]
    hindered = hindered_licences(row) if context["sessions"] else []
    busy = meanwhile(row, {*taken, *licensed})
    form = AssociateForm(sent(request), licences=free, busy=busy)
    if form.is_valid():
        with telling(form):
            assign_associate(course=row, associate=form.person, by=request.user)
            messages.success(request, _("%(name)s trains this course.") % {"name": form.person})
            return redirect("courses:associates", row.uuid)
    context |= {
        "stay": refused_with(refuse_unassigning, row),
        "form": form,
        "free": free,
        "hindered": [
            {"licence": licence, "why": why, "country": country_names().get(licence.country, licence.country)}
            for licence, why in hindered
            if licence.associate_id not in taken
        ],
        "assigned": [
            {
                "row": one,
                "licensed": one.associate_id in licensed,
                "busy": busy.get(one.associate_id, []),
            }
            for one in assigned
        ],
    }
    return render(request, "courses/associates.html", context)


@require_POST
def remove_associate(request: SignedInRequest, course: UUID, associate: UUID) -> HttpResponse:
    """Take an Associate off a course."""
    row = found(request, course, Courses.EDIT)
    person = get_object_or_404(
        row.associates.select_related("associate"), associate__uuid=associate
    ).associate
    unassign_associate(course=row, associate=person, by=request.user)
    undo = undo_at(
        _("Put %(name)s back") % {"name": person}, "courses:associates", row.uuid, associate=person.uuid
    )
    say_done(request, _("%(name)s does not train this course any more.") % {"name": person}, undo)
    return redirect("courses:associates", row.uuid)


@asks_anew("POST")
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def cancel_course(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Cancel a course, after saying why."""
    row = found(request, course, Courses.EDIT)
    if request.method != "POST":
        refuse_cancelling(row)
    form = CancelForm(sent(request))
    if form.is_valid():
        with telling(form):
            cancel(course=row, because=form.cleaned_data["because"], by=request.user)
            messages.success(request, _("The course was cancelled."))
            return redirect("courses:detail", row.uuid)
    told = row.enrolments.filter(withdrawn_at__isnull=True).count()
    told += row.nominations.standing().filter(enrolment__isnull=True).count()
    return render(
        request, "courses/cancel.html", {**course_context(request, row), "form": form, "told": told}
    )
