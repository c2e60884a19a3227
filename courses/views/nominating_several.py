"""Several people put forward at once: from a spreadsheet, looked at before anything is sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.limits import Limit, spend
from accounts.models import Organisation
from accounts.requests import SignedInRequest
from aimcert.foundation.pages import refusal_of, render
from aimcert.foundation.refusals import Refused, refused_with
from aimcert.foundation.sent_forms import FormNotRecognised, sent_once
from aimcert.foundation.spreadsheets import MEDIA_TYPE, Column, Sheet, write_xlsx
from courses.actions import (
    SeveralRefused,
    nominate_several,
    places_left,
    refuse_nominating,
    too_few_places,
)
from courses.forms import telling
from courses.forms.nominating_several import CarriedList, GivenListForm, SeveralForm, hints
from courses.models import Course
from courses.permissions import Courses
from courses.views.finding import course_context, found
from courses.views.nominating_rows import MOST_SHOWN, MOST_TICKS, CheckedRows, left_out, ticked

# Each reading takes a process of its own, for up to some seconds.
READINGS = Limit("spreadsheets read for somebody", 20, timedelta(seconds=20))


class ReadTooOften(Refused):
    """Many files were handed in within minutes."""

    status = 429


@require_http_methods(["GET", "HEAD", "POST"])
def nominate_several_people(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Hand over a list; then look at what was read of it, put it right, and nominate those who are on it."""
    if request.method == "POST" and "rows" in request.POST:
        return _checked(request, course)
    row = found(request, course, Courses.NOMINATE)
    is_sent = request.method == "POST"
    form = GivenListForm(request.POST, request.FILES) if is_sent else GivenListForm()
    if form.is_valid() and (read := _read(request, form)) is not None:
        rows = CheckedRows(read, course=row, by=request.user)
        return _check_page(request, row, rows, _several_form(request, None))
    return render(
        request,
        "courses/nominate_several.html",
        {
            **course_context(request, row),
            "form": form,
            "hints": hints(),
            "places_left": places_left(row, invited=True),
            "closed": "" if is_sent else refused_with(refuse_nominating, row),
        },
    )


@sent_once
def _checked(request: SignedInRequest, course: UUID) -> HttpResponse:
    """The list after somebody looked at it: as it stands now, or nominated."""
    row = found(request, course, Courses.NOMINATE)
    act = request.POST.get("act")
    form = _several_form(request, request.POST, decided=act == "nominate")
    is_right = form.is_valid()
    if "rows" in form.errors:
        raise FormNotRecognised(str(form.errors["rows"][0]))
    carried = ticked(form.cleaned_data["rows"].typed_over(request.POST.dict()), request.POST.getlist("out"))
    asked: dict[str, Any] = {"course": row, "by": request.user, "anyway": request.POST.getlist("anyway")}
    rows = CheckedRows(carried, **asked)
    if act == "leave_wrong" and rows.wrong:
        rows = CheckedRows(left_out(carried, rows.wrong), **asked)
    elif act == "leave_last" and rows.too_many:
        rows = CheckedRows(left_out(carried, rows.going[-rows.too_many :]), **asked)
    elif act == "nominate" and is_right and rows.can_go:
        if not rows.as_promised:
            return _check_page(request, row, rows, form, has_changed=True)
        with telling(form):
            try:
                made = nominate_several(
                    course=row,
                    nominees=[one.nominee for one in rows.going],
                    sponsor=form.chosen_sponsor,
                    by=request.user,
                )
            except SeveralRefused as refused:
                rows.refuse(refused)
            else:
                messages.success(
                    request,
                    ngettext(
                        "%(number)d person was nominated. A link to answer goes to them.",
                        "%(number)d people were nominated. A link to answer goes to each of them.",
                        len(made),
                    )
                    % {"number": len(made)},
                )
                return redirect("courses:nominations", row.uuid)
    return _check_page(request, row, rows, form)


@require_safe
def nominees_example(request: SignedInRequest, course: UUID) -> HttpResponse:
    """A spreadsheet to fill in."""
    row = found(request, course, Courses.NOMINATE)
    explained = [Column(_("Column"), 40), Column(_("What goes into it"), 80)]
    sheets = [
        Sheet(_("People"), [Column(heading, 30) for heading, _hint in hints()], []),
        Sheet(_("What goes where"), explained, hints()),
    ]
    response = HttpResponse(write_xlsx(sheets, title=row.title), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = 'attachment; filename="people-to-nominate.xlsx"'
    return response


def _read(request: SignedInRequest, form: GivenListForm) -> CarriedList | None:
    """What was handed over; None where `form` says by now why it cannot be read."""
    try:
        if spend(READINGS, request.user.pk):
            raise ReadTooOften(
                _("Many lists were handed in within a few minutes. Wait a minute, then try again.")
            )
        return CarriedList.of(form.read(), form.source)
    except Refused as refused:
        form.add_error(form.given, refusal_of(refused, on_field=True))
        return None


def _several_form(request: SignedInRequest, data: Any, *, decided: bool = True) -> SeveralForm:
    return SeveralForm(
        data,
        sponsors=list(Organisation.objects.visible_to(request.user)),
        themself=request.user.is_aim_admin,
        decided=decided,
    )


def _check_page(
    request: SignedInRequest,
    course: Course,
    rows: CheckedRows,
    form: SeveralForm,
    *,
    has_changed: bool = False,
) -> HttpResponse:
    wrong, going = rows.wrong, rows.going
    context = {
        **course_context(request, course),
        "form": form,
        "rows": rows,
        "carried": rows.carried_on(),
        "shown": wrong[:MOST_SHOWN],
        "more_wrong": max(len(wrong) - MOST_SHOWN, 0),
        # More than these cannot be nominated: no course has so many places.
        "going_shown": going[:MOST_TICKS],
        "more_going": max(len(going) - MOST_TICKS, 0),
        "has_errors": bool(wrong) or bool(form.errors) or bool(rows.too_many),
        "too_few_places": too_few_places(course, rows.places_left, len(going)) if rows.too_many else "",
        "has_changed": has_changed,
    }
    return render(request, "courses/nominate_several_check.html", context)
