"""Reports: asked for on a page, built by a worker, kept for a day, then deleted."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Organisation, Person
from aimcert.foundation.files import StoredFile, is_stored, store
from aimcert.foundation.logs import error_code
from aimcert.foundation.refusals import Refused
from aimcert.foundation.task_queue import enqueue
from certification.backlog import REPORT_DAYS
from certification.models import Report
from certification.report_kinds import kind_of
from certification.states import ReportFormat, ReportState
from courses.models import Course, Enrolment

logger = logging.getLogger(__name__)

# How long a worker that says nothing more is waited for; each step forward renews it.
LEASE = timedelta(minutes=1)
FIRST_PAUSE = timedelta(seconds=30)
MOST_ATTEMPTS = 5
# People between two steps forward.
STEP = 25
STARTED = (ReportState.WAITING, ReportState.BUILDING)


class NobodyToReport(Refused):
    """The organisation has nobody on the course."""


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
        NobodyToReport: there is nobody that it would be about.

    Side effects:
        Enqueues `certification.build_report` after the commit.
    """
    # Two clicks at once wait for one another here.
    Person.objects.select_for_update(of=("self",)).get(pk=by.pk)
    asked = {"course": course, "organisation": organisation, "kind": kind, "format": format}
    report = Report.objects.filter(state__in=STARTED, requested_by=by, **asked).first()
    if report is None:
        report = Report(language=by.language, requested_by=by, **asked)
        report.total = kind_of(kind).people(report).count()
        if report.total == 0:
            raise NobodyToReport(_("There is nobody on this course to report on."))
        report.save()
        enqueue("certification.build_report", report.pk)
    return report


def build_report(*, report_id: int) -> bool:
    """Build one report, unless it is built, is being built by another, or waits for its next attempt.

    The attempt is counted, and the report kept from other workers for `LEASE`, before anything is
    written; each step forward is committed, so that the page shows it, and renews the lease. What a
    killed worker leaves is taken up by the sweep, and built from the beginning.

    Args:
        report_id: primary key of a `Report`.

    Returns:
        Whether it was built by this call.
    """
    report = _begin(report_id)
    if report is None:
        return False
    try:
        return _finish(report, store(_write(report, _gather(report)), suffix=f".{report.format}"))
    except Exception as error:
        # The error's words may hold names, which logs must not.
        logger.warning("report not built", extra={"report": report.pk, "error": error_code(error)})
        _put_off(report, error_code(error))
        return False


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
def retry_reports(*, by: Person) -> int:
    """Have reports that could not be made tried again at once, those too that were given up lately.

    What a worker is at is left to it.

    Args:
        by: the AIM admin who asks.

    Returns:
        How many are tried again.

    Side effects:
        Starts their count of attempts afresh, and wakes `certification.sweep_reports`.
    """
    now = timezone.now()
    lately = Q(state=ReportState.FAILED, requested_at__gte=now - timedelta(days=REPORT_DAYS))
    put_off = Q(state__in=STARTED, next_attempt_at__gt=now + LEASE)
    tried = 0
    for report in Report.objects.select_for_update(of=("self",), skip_locked=True).filter(lately | put_off):
        if report.state == ReportState.FAILED:
            report.ask_again()
        report.attempts, report.next_attempt_at = 0, now
        report.save(update_fields=["state", "attempts", "next_attempt_at"])
        tried += 1
    enqueue("certification.sweep_reports")
    return tried


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
            transaction.on_commit(partial(_forget, report.file, but=report))
        _build_again(report)


def lock_for_reports(course_id: int) -> None:
    """Hold a course, before anything else of it, so that no report on it begins meanwhile."""
    Course.objects.select_for_update(of=("self",), no_key=True).get(pk=course_id)


def _build_again(report: Report) -> None:
    report.lose()
    report.built_at, report.file, report.sha256 = None, "", ""
    report.attempts, report.done, report.next_attempt_at = 0, 0, timezone.now()
    report.save(update_fields=["state", "built_at", "file", "sha256", "attempts", "done", "next_attempt_at"])
    enqueue("certification.build_report", report.pk)


def reports_due(*, at_most: int) -> list[int]:
    """Primary keys of reports that a lost message, a failure or a dead worker left, oldest first."""
    due = Report.objects.filter(state__in=STARTED, next_attempt_at__lte=timezone.now())
    return list(due.order_by("next_attempt_at").values_list("pk", flat=True)[:at_most])


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
            _forget(report.file, but=report)
            report.expire()
            report.built_at, report.file, report.sha256 = None, "", ""
            report.save(update_fields=["state", "built_at", "file", "sha256"])
        deleted += 1
    return deleted


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


def _begin(report_id: int) -> Report | None:
    now = timezone.now()
    with transaction.atomic():
        course_id = Report.objects.filter(pk=report_id).values_list("course", flat=True).first()
        if course_id is None:
            return None
        # What is being taken out of somebody's texts at this moment is taken out before they are read.
        lock_for_reports(course_id)
        waiting = Q(state__in=STARTED, next_attempt_at__lte=now)
        report = (
            _rows().select_for_update(of=("self",), skip_locked=True).filter(waiting, pk=report_id).first()
        )
        if report is None:
            return None
        if report.attempts >= MOST_ATTEMPTS:
            # Its worker died each time, so that nobody could say so.
            report.give_up()
            report.save(update_fields=["state"])
            return None
        report.begin()
        report.attempts += 1
        report.done = 0
        report.total = kind_of(report.kind).people(report).count()
        report.next_attempt_at = now + LEASE
        report.save(update_fields=["state", "attempts", "done", "total", "next_attempt_at"])
    return report


def _gather(report: Report) -> list[Any]:
    people: list[Any] = []
    kind = kind_of(report.kind)
    wanted = list(kind.people(report).values_list("pk", flat=True))
    with override(report.language), timezone.override(report.organisation.time_zone):
        for start in range(0, len(wanted), STEP):
            some = kind.people(report).filter(pk__in=wanted[start : start + STEP])
            people += kind.gather(some, kind.audience.told_as)
            ours, lease = _ours(report), timezone.now() + LEASE
            ours.update(done=len(people), next_attempt_at=lease)
            report.next_attempt_at = lease
    return people


def _write(report: Report, people: Sequence[Any]) -> bytes:
    kind = kind_of(report.kind)
    with override(report.language), timezone.override(report.organisation.time_zone):
        return kind.writers[ReportFormat(report.format)](report, people, kind.title(report))


def _finish(report: Report, file: StoredFile) -> bool:
    with transaction.atomic():
        mine = _ours(report).select_for_update(of=("self",)).first()
        if mine is None:
            # Another worker took it up after the lease, or something that it quotes was taken out: what is
            # built after that is what counts.
            _forget(file.name, but=None)
            return False
        now = timezone.now()
        mine.finish()
        mine.file, mine.sha256, mine.built_at = file.name, file.sha256, now
        # One that is built again is deleted when its page said that it would be.
        mine.expires_at = mine.expires_at or now + timedelta(hours=cast(int, settings.AIM["REPORT_HOURS"]))
        mine.last_error = ""
        mine.save(update_fields=["state", "file", "sha256", "built_at", "expires_at", "last_error"])
    return True


def _put_off(report: Report, error: str) -> None:
    with transaction.atomic():
        mine = _ours(report).select_for_update(of=("self",)).first()
        if mine is None:
            return
        mine.last_error = error
        mine.next_attempt_at = timezone.now() + FIRST_PAUSE * 2 ** (mine.attempts - 1)
        if mine.attempts >= MOST_ATTEMPTS:
            mine.give_up()
        mine.save(update_fields=["state", "last_error", "next_attempt_at"])


def _forget(file: str, *, but: Report | None) -> None:
    """Delete a file, unless a report (but the given one) needs it: the same content is one file."""
    needing = Report.objects.filter(file=file)
    if but is not None:
        needing = needing.exclude(pk=but.pk)
    if not needing.exists():
        default_storage.delete(file)


def _ours(report: Report) -> QuerySet[Report]:
    """The row, while it is still this worker's attempt: it has the lease that this worker wrote last."""
    return _rows().filter(
        pk=report.pk,
        state=ReportState.BUILDING,
        attempts=report.attempts,
        next_attempt_at=report.next_attempt_at,
    )


def _rows() -> QuerySet[Report]:
    return Report.objects.select_related("course__programme", "organisation", "requested_by")
