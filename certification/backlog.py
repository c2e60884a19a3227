"""How many certificates and reports wait to be written."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from aimcert.foundation.backlog import Backlog, add_backlog, counted
from certification.models import CertificateDocument, Report
from certification.states import ReportState

CERTIFICATES, REPORTS = "certificates", "reports"
# Who asked for a report that could not be made was told, and has asked again by then.
REPORT_DAYS = 7


def certificates() -> Backlog:
    """Certificates without their PDF; trying goes on for ever."""
    return counted(
        CERTIFICATES,
        CertificateDocument.objects.filter(built_at__isnull=True),
        since="certificate__issued_at",
    )


def reports() -> Backlog:
    """Reports that were asked for, and those of the last days that could not be made."""
    started = Q(state__in=[ReportState.WAITING, ReportState.BUILDING])
    failed = Q(state=ReportState.FAILED)
    lately = Q(requested_at__gte=timezone.now() - timedelta(days=REPORT_DAYS))
    return counted(
        REPORTS,
        Report.objects.filter(started | (failed & lately)),
        since="requested_at",
        is_given_up=failed,
    )


add_backlog(CERTIFICATES, count=certificates)
add_backlog(REPORTS, count=reports)
