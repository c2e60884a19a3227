"""Keeping a report's file for as long as it was said, and no longer: built again, taken back, deleted."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from aimcert.foundation.files import is_stored
from aimcert.foundation.task_queue import enqueue
from certification.models import Report
from certification.states import ReportState
from courses.models import Course, Enrolment

logger = logging.getLogger(__name__)


@transaction.atomic
def rebuild_missing(*, report: Report) -> Report:
    """Have a built report whose file is gone built again; it is still deleted when it was said to be.

    Returns:
        The report as it stands; where the file is there after all, or its time is over, untouched.

    Side effects:
        Enqueues `certification.build_report` after the commit.
    """
    report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if report.state == ReportState.BUILT and not is_stored(report.file):
        logger.error("report's file is gone", extra={"report": report.pk})
        _build_again(report)
    return report


@transaction.atomic
def rebuild_reports_of(enrolment: Enrolment) -> None:
    """Have the reports that tell of `enrolment` built again, since something in it was taken out.

    Also those that a worker is at, which may have read it before: what that worker writes does not count.
    The caller holds the course (`lock_for_reports`), so that none begins until it is taken out.

    Side effects:
        Deletes their files, and wakes `certification.build_report` after the commit.
    """
    told = Report.objects.select_for_update(of=("self",)).filter(
        course=enrolment.course_id,
        organisation=enrolment.sponsor_organisation_id,
        state__in=[ReportState.BUILDING, ReportState.BUILT],
    )
    for report in told.order_by("pk"):
        if report.file:
            transaction.on_commit(partial(forget_report_file, report.file, but=report))
        _build_again(report)


def lock_for_reports(course_id: int) -> None:
    """Hold a course, before anything else of it, so that no report on it begins meanwhile."""
    Course.objects.select_for_update(of=("self",), no_key=True).get(pk=course_id)


def delete_expired(*, now: datetime, limit: int = 200) -> int:
    """Delete the files of reports whose time is over; the rows stay, to say so.

    Returns:
        How many were deleted by this call; those that another worker holds are left to it.
    """
    deleted = 0
    while deleted < limit:
        with transaction.atomic():
            over = Report.objects.select_for_update(of=("self",), skip_locked=True)
            report = over.filter(state=ReportState.BUILT, expires_at__lte=now).order_by("expires_at").first()
            if report is None:
                break
            forget_report_file(report.file, but=report)
            report.expire()
            report.built_at, report.file, report.sha256 = None, "", ""
            report.save(update_fields=["state", "built_at", "file", "sha256"])
        deleted += 1
    return deleted


def forget_report_file(file: str, *, but: Report) -> None:
    """Delete a file, unless another report than this one needs it: the same content is one file."""
    if not Report.objects.filter(Q(file=file) | Q(storing=file)).exclude(pk=but.pk).exists():
        default_storage.delete(file)


def _build_again(report: Report) -> None:
    report.lose()
    report.built_at, report.file, report.sha256, report.done = None, "", "", 0
    report.save(update_fields=["state", "built_at", "file", "sha256", "done", *report.try_afresh()])
    enqueue("certification.build_report", report.pk)
