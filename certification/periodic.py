"""What runs by the clock for certification: what a lost message or a dead worker left."""

import time

from celery import shared_task
from django.utils import timezone

from certification.actions import (
    build_document,
    build_report,
    delete_expired,
    documents_due,
    release_due,
    reports_due,
)

# Well below the task's time limit; what is left is the next sweep's.
SECONDS = 120


@shared_task(name="certification.sweep_documents")
def sweep_documents() -> int:
    """Write the certificates' PDFs that are due, oldest first; how many were written."""
    end = time.monotonic() + SECONDS
    built = 0
    for document_id in documents_due(at_most=500):
        if time.monotonic() > end:
            break
        built += build_document(document_id=document_id)
    return built


@shared_task(name="certification.sweep_reports")
def sweep_reports() -> int:
    """Build reports that are due, oldest first; delete those whose time is over; how many were built."""
    delete_expired(now=timezone.now())
    end = time.monotonic() + SECONDS
    built = 0
    for report_id in reports_due(at_most=100):
        if time.monotonic() > end:
            break
        built += build_report(report_id=report_id)
    return built


@shared_task(name="certification.sweep_follow_ups")
def sweep_follow_ups() -> int:
    """Let sponsors have the follow-ups that their people had their time to send on; how many went."""
    return release_due(now=timezone.now())
