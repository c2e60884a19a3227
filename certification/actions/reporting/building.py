"""Building a report, in the background: taken by one worker, step by step, tried again, given up."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Person
from aimcert.foundation.files import name_of, store
from aimcert.foundation.logs import error_code
from aimcert.foundation.outbox import Attempts, try_afresh
from aimcert.foundation.task_queue import enqueue
from certification.actions.reporting.keeping import forget_report_file, lock_for_reports
from certification.backlog import REPORT_DAYS
from certification.models import Report
from certification.report_kinds import kind_of
from certification.states import ReportFormat, ReportState

logger = logging.getLogger(__name__)

# How long a worker that says nothing more is waited for; each step forward renews it.
BUILDING = Attempts(lease=timedelta(minutes=1), most=5)
# People between two steps forward.
STEP = 25


def build_report(*, report_id: int) -> bool:
    """Build one report, unless it is built, is being built by another, or waits for its next attempt.

    The attempt is counted, and the report kept from other workers for its lease, before anything is
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
        return _finish(report, _write(report, _gather(report)))
    except Exception as error:
        # The error's words may hold names, which logs must not.
        logger.warning("report not built", extra={"report": report.pk, "error": error_code(error)})
        _put_off(report, error_code(error))
        return False


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
    put_off = BUILDING.idle(Report.objects.started(), now)
    tried = try_afresh(Report.objects.filter(lately | Q(pk__in=put_off.values("pk"))))
    for report in Report.objects.filter(pk__in=tried, state=ReportState.FAILED):
        report.ask_again()
        report.save(update_fields=["state"])
    enqueue("certification.sweep_reports")
    return len(tried)


def reports_due(*, at_most: int) -> list[int]:
    """Primary keys of reports that a lost message, a failure or a dead worker left, oldest first."""
    due = BUILDING.due(Report.objects.started(), timezone.now())
    return list(due.values_list("pk", flat=True)[:at_most])


@transaction.atomic
def _begin(report_id: int) -> Report | None:
    course_id = Report.objects.filter(pk=report_id).values_list("course", flat=True).first()
    if course_id is None:
        return None
    # What is being taken out of somebody's texts at this moment is taken out before they are read.
    lock_for_reports(course_id)
    rows = Report.objects.started().select_related("course__programme", "organisation", "requested_by")
    report = BUILDING.take(rows, report_id)
    if report is None:
        return None
    if report.storing:
        # What a worker stored that died before it could say so.
        forget_report_file(report.storing, but=report)
        report.storing = ""
    if report.attempts > cast(int, BUILDING.most):
        # Its worker died each time, so that nobody could say so.
        report.give_up()
        report.save(update_fields=["state", "storing"])
        return None
    report.begin()
    report.done, report.total = 0, kind_of(report.kind).people(report).count()
    report.save(update_fields=["state", "done", "total", "storing"])
    return report


def _gather(report: Report) -> list[Any]:
    people: list[Any] = []
    kind = kind_of(report.kind)
    wanted = list(kind.people(report).values_list("pk", flat=True))
    with override(report.language), timezone.override(report.organisation.time_zone):
        for start in range(0, len(wanted), STEP):
            some = kind.people(report).filter(pk__in=wanted[start : start + STEP])
            people += kind.gather(some, kind.audience.told_as)
            ours, lease = _ours(report), timezone.now() + BUILDING.lease
            ours.update(done=len(people), next_attempt_at=lease)
            report.next_attempt_at = lease
    return people


def _write(report: Report, people: Sequence[Any]) -> bytes:
    kind = kind_of(report.kind)
    with override(report.language), timezone.override(report.organisation.time_zone):
        return kind.writers[ReportFormat(report.format)](report, people, kind.title(report))


def _finish(report: Report, content: bytes) -> bool:
    suffix = f".{report.format}"
    # Said before it is stored, so that the next attempt deletes what a worker leaves that dies over it.
    _ours(report).update(storing=name_of(content, suffix=suffix))
    with transaction.atomic():
        mine = _ours(report).select_for_update(of=("self",)).first()
        if mine is None:
            # Another worker took it up after the lease, or something that it quotes was taken out: what is
            # built after that is what counts.
            return False
        file, now = store(content, suffix=suffix), timezone.now()
        mine.finish()
        mine.file, mine.sha256, mine.built_at, mine.storing = file.name, file.sha256, now, ""
        # One that is built again is deleted when its page said that it would be.
        mine.expires_at = mine.expires_at or now + timedelta(hours=settings.AIM["REPORT_HOURS"])
        mine.last_error = ""
        said = ["state", "file", "sha256", "built_at", "storing", "expires_at", "last_error"]
        mine.save(update_fields=said)
    return True


@transaction.atomic
def _put_off(report: Report, error: str) -> None:
    mine = BUILDING.put_off(Report.objects.filter(state=ReportState.BUILDING), report, error)
    if mine is not None and BUILDING.is_last(mine):
        mine.give_up()
        mine.save(update_fields=["state"])


def _ours(report: Report) -> QuerySet[Report]:
    """The row, while it is still this worker's attempt."""
    return BUILDING.still(Report.objects.filter(state=ReportState.BUILDING), report)
