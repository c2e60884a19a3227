"""The marking sheet: taken offline, brought back, and looked at before anything of it is saved."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.limits import Limit, spend
from accounts.requests import SignedInRequest
from aimcert.foundation.pages import refusal_of, render
from aimcert.foundation.refusals import Refused, must
from aimcert.foundation.sent_forms import FormNotRecognised
from aimcert.foundation.spreadsheets import MEDIA_TYPE
from assessments.marking import actions
from assessments.marking.exports import marking_sheet
from assessments.marking.forms.marking_sheet import (
    CarriedSheetForm,
    SheetFileForm,
    SheetRefused,
    SheetRow,
    carried,
)
from assessments.marking.forms.sheet_changes import SheetChanges
from assessments.marking.marking_sheet import Seal, sheet_of
from assessments.marking.views.marking import course_to_mark
from assessments.permissions import Assessments
from courses.models import Course

# Each reading takes a process of its own, for up to some seconds.
READINGS = Limit("marking sheets read for somebody", 20, timedelta(seconds=20))
# Of what would change, and of what is refused: as many as somebody reads.
MOST_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
def bring_back(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Take the sheet, or hand it in; then look at what it changes, and save that."""
    found = _course(request, course)
    seal = Seal(found.uuid, found.pin.version.uuid)
    if request.method == "POST" and "rows" in request.POST:
        return _save(request, found, seal)
    form = SheetFileForm(request.POST, request.FILES) if request.method == "POST" else SheetFileForm()
    if form.is_bound and form.is_valid():
        try:
            if spend(READINGS, request.user.pk):
                raise SheetRefused(
                    _("Many sheets were handed in within a few minutes. Wait a minute, then try again.")
                )
            rows = form.read(seal)
        except SheetRefused as refused:
            form.add_error("file", refusal_of(refused, on_field=True))
        else:
            return _check_page(request, found, _changes(request, found, seal, rows))
    submitted = {one.code for asked in sheet_of(found, reader=request.user)[:1] for one in asked.answers}
    context = {"course": found, "form": form, "submitted": len(submitted)}
    return render(request, "assessments/marking/marking_sheet.html", context)


@require_safe
def take(request: SignedInRequest, course: UUID) -> HttpResponse:
    """The sheet as it is now."""
    found = _course(request, course)
    content = marking_sheet(found, sheet_of(found, reader=request.user), at=timezone.now())
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = 'attachment; filename="marking-sheet.xlsx"'
    return response


def _course(request: SignedInRequest, course: UUID) -> Course:
    found = course_to_mark(request, course)
    must(request.user, Assessments.MARK, found)
    if getattr(found, "pin", None) is None:
        raise Http404
    return found


def _changes(request: SignedInRequest, course: Course, seal: Seal, rows: list[SheetRow]) -> SheetChanges:
    return SheetChanges(rows, sheet_of(course, reader=request.user), seal=seal, reader=request.user)


def _save(request: SignedInRequest, course: Course, seal: Seal) -> HttpResponse:
    """Save what the page said that it would; what cannot be saved by now is shown again, with why."""
    form = CarriedSheetForm(request.POST)
    if not form.is_valid():
        raise FormNotRecognised(str(form.errors["rows"][0]))
    rows: list[SheetRow] = form.cleaned_data["rows"]
    before = _changes(request, course, seal, rows)
    judged = [(one.answer, one.mark) for one in before.changes if one.answer and one.mark]
    done = actions.bring_back(course=course, judged=judged, by=request.user)
    saved = sum(not one.why for one in done) + before.same
    after = _changes(request, course, seal, rows)
    words = ngettext(
        "%(number)d judgement of the sheet is saved.", "%(number)d judgements of the sheet are saved.", saved
    ) % {"number": saved}
    if after.refused or after.changes:
        return _check_page(request, course, after, saved=words, status=Refused.status)
    messages.success(request, words)
    return redirect("assessments:marking_sheet", course.uuid)


def _check_page(
    request: SignedInRequest,
    course: Course,
    changes: SheetChanges,
    *,
    saved: str = "",
    status: int | None = None,
) -> HttpResponse:
    text, number = carried([one.row for one in changes.changes])
    context = {
        "course": course,
        "changes": changes,
        "shown": changes.changes[:MOST_SHOWN],
        "more": max(len(changes.changes) - MOST_SHOWN, 0),
        "refused": changes.refused[:MOST_SHOWN],
        "more_refused": max(len(changes.refused) - MOST_SHOWN, 0),
        "carried": text,
        "going": number,
        "later": len(changes.changes) - number,
        "saved": saved,
    }
    return render(request, "assessments/marking/marking_sheet_check.html", context, status=status)
