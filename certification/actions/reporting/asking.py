"""Asking for a report, and for its file."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, Person
from aimcert.foundation.refusals import Refused
from aimcert.foundation.task_queue import enqueue
from certification.models import Report
from certification.report_kinds import kind_of
from certification.states import ReportState
from courses.models import Course


class NobodyToReport(Refused):
    """The organisation has nobody on the course."""


class FormatNotOffered(Refused):
    """The kind of report has no such file."""


class ReportNotReady(Refused):
    """It is still being built, or could not be."""


class ReportExpired(Refused):
    """Its file has been deleted, as it was said it would be."""


@transaction.atomic
def request_report(
    *, course: Course, organisation: Organisation, kind: str, format: str, by: Person
) -> Report:
    """Have a report on `organisation`'s people on `course` built.

    It leaves out `by`, where they are one of these people: nobody handles their own.

    Args:
        course: any.
        organisation: the sponsor whose people it is about.
        kind: one of `ReportKind`.
        format: one that the kind has.
        by: one of the kind's audience; it is written in their language.

    Returns:
        The report; one that `by` asked for before and that is not built yet, where there is one.

    Raises:
        FormatNotOffered: the kind has no such format.
        NobodyToReport: there is nobody that it would be about.

    Side effects:
        Enqueues `certification.build_report` after the commit.
    """
    if format not in kind_of(kind).writers:
        raise FormatNotOffered(_("This report is not made in that form. Choose one that is offered."))
    # Two clicks at once wait for one another here.
    Person.objects.select_for_update(of=("self",)).get(pk=by.pk)
    asked = {"course": course, "organisation": organisation, "kind": kind, "format": format}
    report = Report.objects.started().filter(requested_by=by, **asked).first()
    if report is None:
        report = Report(language=by.language, requested_by=by, **asked)
        report.total = kind_of(kind).people(report).count()
        if report.total == 0:
            raise NobodyToReport(_("There is nobody on this course to report on."))
        report.save()
        enqueue("certification.build_report", report.pk)
    return report


def check_downloadable(*, report: Report, now: datetime) -> None:
    """Let go on only where the file can be had now.

    Raises:
        ReportNotReady: it is not built.
        ReportExpired: its time is over.
    """
    is_over = report.expires_at is not None and report.expires_at <= now
    if report.state == ReportState.EXPIRED or is_over:
        raise ReportExpired(
            _("This report has been deleted after its time. Ask for a new one on the results page.")
        )
    if report.state != ReportState.BUILT:
        raise ReportNotReady(_("This report is not ready. Its page shows how far it has come."))
