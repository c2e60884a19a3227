"""How many uploaded scans wait to be read."""

from __future__ import annotations

from aimcert.foundation.backlog import Backlog, add_backlog, counted
from assessments.answering.models import ScanUpload

SCANS = "scans"


def scans() -> Backlog:
    """Scans and photographs of paper that came, and that no worker has read."""
    unread = ScanUpload.objects.filter(read_at__isnull=True)
    return counted(SCANS, unread, since="uploaded_at", tells_reasons=False)


add_backlog(SCANS, count=scans)
