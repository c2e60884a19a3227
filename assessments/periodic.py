"""What runs by the clock for assessments: keys whose time is over, scans that were left unread."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from aimcert.foundation.outbox import sweep
from assessments.answering.actions import destroy_keys, forget_received, read_upload, uploads_due

# Well below the task's time limit, with one more that is just begun; what is left is the next sweep's.
READING_LASTS = timedelta(seconds=60)


@shared_task(name="assessments.sweep_keys")
def sweep_keys() -> int:
    """Destroy the keys to what devices hold of courses that are over; how many were destroyed."""
    return destroy_keys(now=timezone.now())


@shared_task(name="assessments.sweep_scans")
def sweep_scans() -> int:
    """Read uploaded scans that are due, oldest first; how many were read."""
    forget_received(at_most=500)
    return sweep(uploads_due(at_most=100), lambda pk: read_upload(upload_id=pk), lasts=READING_LASTS)
