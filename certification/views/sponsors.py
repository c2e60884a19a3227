"""What a sponsor's commissioners and AIM admins see: results, and the report of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Organisation
from accounts.requests import SignedInRequest
from accounts.views.proving import asks_anew
from aimcert.foundation.files import open_stored
from aimcert.foundation.name_order import name_key
from aimcert.foundation.pages import render
from aimcert.foundation.refusals import must
from aimcert.foundation.rows_in_memory import listed_rows
from aimcert.foundation.sent_forms import sent_once
from aimcert.foundation.spreadsheets import MEDIA_TYPE
from certification.actions import (
    ReportNotReady,
    check_downloadable,
    rebuild_missing,
    request_report,
)
from certification.disclosure import people_of, told, viewer_of, with_results
from certification.forms import ReportForm
from certification.lists import RESULT_COLUMNS, TO_FOLLOW_UP, Result, ResultNarrowing, grouped
from certification.models import Report
from certification.permissions import Certification
from certification.report_kinds import Kind, kind_of, kinds_for
from certification.states import ReportFormat, ReportState
from courses.models import Course
from courses.rules import course_nav

CONTENT_TYPES = {
    ReportFormat.PDF: "application/pdf",
    ReportFormat.XLSX: MEDIA_TYPE,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A report that can be asked for below the results."""

    kind: Kind[Any, Any]
    lead: Promise
    form: ReportForm
    one_organisation: bool


@require_safe
def results(request: SignedInRequest, course: UUID) -> HttpResponse:
    """The results of one's organisation's people on one course, those with something to do first."""
    return _results_page(request, _course(request, course))


def _results_page(request: SignedInRequest, course: Course, sent: ReportForm | None = None) -> HttpResponse:
    viewer, now = viewer_of(request.user), timezone.now()
    people = with_results(people_of(course, request.user)).select_related(
        "course", "course__sitting", "sponsor_organisation", "nomination"
    )
    rows = [Result(one, told(one, viewer, now)) for one in people]
    rows.sort(key=lambda row: (row.group != TO_FOLLOW_UP, name_key(row.name)))
    groups = grouped(rows)
    narrowing = ResultNarrowing(request.GET, groups=groups)
    columns = [one for one in RESULT_COLUMNS if one.name != "sponsor" or request.user.is_aim_admin]
    context = {
        "course": course,
        "nav": course_nav(request.user, course),
        "listing": listed_rows(request, rows, columns=columns, narrowing=narrowing),
        "total": len(rows),
        "groups": groups,
        "is_admin": request.user.is_aim_admin,
        "form": sent,
        "offers": _offers(request, course, sent),
    }
    return render(request, "certification/results.html", context)


@asks_anew("POST")
@require_POST
@sent_once
def report_request(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Have a report built, and go to its page."""
    found = _course(request, course)
    kinds = kinds_for(request.user, found)
    form = ReportForm(request.POST, kinds=kinds, organisations=_organisations(request, found))
    if not form.is_valid():
        return _results_page(request, found, form)
    report = request_report(
        course=found,
        organisation=form.cleaned_data["organisation"],
        kind=form.cleaned_data["kind"].code,
        format=form.cleaned_data["format"],
        by=request.user,
    )
    return redirect("certification:report", report.uuid)


@require_safe
def report(request: SignedInRequest, report: UUID) -> HttpResponse:
    """How far a report has come, and the link to its file once it is built."""
    found = _report(request, report)
    is_over = found.expires_at is not None and found.expires_at <= timezone.now()
    context = {
        "report": found,
        "is_expired": found.state == ReportState.EXPIRED or is_over,
        "is_built": found.state == ReportState.BUILT and not is_over,
        "has_failed": found.state == ReportState.FAILED,
        "zone": found.organisation.time_zone,
    }
    return render(request, "certification/report.html", context)


@asks_anew("GET")
@require_safe
def report_download(request: SignedInRequest, report: UUID) -> FileResponse:
    """The file; whether one may have it is asked again each time."""
    found = _report(request, report)
    check_downloadable(report=found, now=timezone.now())
    try:
        file = open_stored(found.file)
    except FileNotFoundError:
        rebuild_missing(report=found)
        raise ReportNotReady(
            _(
                "This report’s file is missing, so it is being made again."
                " Go back: its page shows how far it has come."
            )
        ) from None
    return FileResponse(
        file,
        as_attachment=True,
        filename=kind_of(found.kind).file_name(found),
        content_type=CONTENT_TYPES[ReportFormat(found.format)],
    )


def _course(request: SignedInRequest, uuid: UUID) -> Course:
    visible = Course.objects.visible_to(request.user).select_related("programme", "organisation")
    course = get_object_or_404(visible, uuid=uuid)
    must(request.user, Certification.SEE_RESULTS, course)
    return course


def _offers(request: SignedInRequest, course: Course, sent: ReportForm | None) -> list[Offer]:
    viewer, organisations = viewer_of(request.user), _organisations(request, course)
    offers = []
    for kind in kinds_for(request.user, course):
        is_sent = sent is not None and sent.report_kind == kind
        form = sent if sent and is_sent else ReportForm(kinds=[kind], organisations=organisations)
        offers.append(Offer(kind, kind.leads[viewer], form, form["organisation"].is_hidden))
    return offers


def _organisations(request: SignedInRequest, course: Course) -> QuerySet[Organisation]:
    sponsors = people_of(course, request.user).values("sponsor_organisation")
    return Organisation.objects.visible_to(request.user).filter(pk__in=sponsors)


def _report(request: SignedInRequest, uuid: UUID) -> Report:
    related = ("course__programme", "organisation")
    report = get_object_or_404(Report.objects.visible_to(request.user).select_related(*related), uuid=uuid)
    must(request.user, Certification.DOWNLOAD_REPORT, report)
    return report
