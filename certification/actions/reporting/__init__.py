"""Reports: asked for on a page, built by a worker, kept for a day, then deleted."""

from certification.actions.reporting.asking import (
    FormatNotOffered,
    NobodyToReport,
    ReportExpired,
    ReportNotReady,
    check_downloadable,
    request_report,
)
from certification.actions.reporting.building import build_report, reports_due, retry_reports
from certification.actions.reporting.keeping import (
    delete_expired,
    lock_for_reports,
    rebuild_missing,
    rebuild_reports_of,
)

__all__ = [
    "FormatNotOffered",
    "NobodyToReport",
    "ReportExpired",
    "ReportNotReady",
    "build_report",
    "check_downloadable",
    "delete_expired",
    "lock_for_reports",
    "rebuild_missing",
    "rebuild_reports_of",
    "reports_due",
    "request_report",
    "retry_reports",
]
