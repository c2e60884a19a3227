"""What runs by the clock for certification: what a lost message or a dead worker left."""

from celery import shared_task
from django.utils import timezone

from aimcert.foundation.outbox import sweep
from certification.actions import (
    build_document,
    build_report,
    delete_expired,
    documents_due,
    release_due,
    remind_of_conversations,
    reports_due,
    tell_of_overdue_appeals,
)


@shared_task(name="certification.sweep_documents")
def sweep_documents() -> int:
    """Write the certificates' PDFs that are due, oldest first; how many were written."""
    return sweep(documents_due(at_most=500), lambda pk: build_document(document_id=pk))


@shared_task(name="certification.sweep_reports")
def sweep_reports() -> int:
    """Build reports that are due, oldest first; delete those whose time is over; how many were built."""
    delete_expired(now=timezone.now())
    return sweep(reports_due(at_most=100), lambda pk: build_report(report_id=pk))


@shared_task(name="certification.sweep_follow_ups")
def sweep_follow_ups() -> int:
    """Let sponsors have the follow-ups that their people had their time to send on; how many went."""
    return release_due(now=timezone.now())


@shared_task(name="certification.sweep_conversations")
def sweep_conversations() -> int:
    """Remind of conversations that are due or late; how many were reminded of."""
    return remind_of_conversations(now=timezone.now())


@shared_task(name="certification.sweep_appeals")
def sweep_appeals() -> int:
    """Tell of appeals that should have been answered; how many were told of."""
    return tell_of_overdue_appeals(now=timezone.now())
