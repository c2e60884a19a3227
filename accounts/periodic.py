"""What runs by the clock for accounts: letters and exports that wait, and what is kept for a while alone."""

from celery import shared_task
from django.utils import timezone

from accounts.actions import (
    delete_expired_exports,
    deliver_email,
    exports_due,
    forget_devices,
    forget_letters,
    forget_sign_ins,
    make_export,
    reseal_secrets,
)
from accounts.models import OutgoingEmail, OutgoingEmailQuerySet
from aimcert.foundation.outbox import sweep


@shared_task(name="accounts.sweep_emails")
def sweep_emails() -> int:
    """Send what is due, urgent letters first, then the oldest; how many were sent.

    The urgent ones too: where their own worker is out, they are late, and not lost.
    """
    return _send(OutgoingEmail.objects.waiting(timezone.now()))


@shared_task(name="accounts.sweep_urgent_emails")
def sweep_urgent_emails() -> int:
    """Send the urgent letters that are due, oldest first; how many were sent."""
    return _send(OutgoingEmail.objects.waiting(timezone.now()).filter(is_urgent=True))


def _send(due: OutgoingEmailQuerySet) -> int:
    letters = due.order_by("-is_urgent", "next_attempt_at").values_list("pk", flat=True)[:500]
    return sweep(letters, lambda pk: deliver_email(letter_id=pk))


@shared_task(name="accounts.sweep_exports")
def sweep_exports() -> int:
    """Make exports that are due, oldest first; delete the files whose time is over; how many were made."""
    delete_expired_exports(now=timezone.now())
    return sweep(exports_due(at_most=100), lambda pk: make_export(export_id=pk))


@shared_task(name="accounts.reseal_secrets")
def reseal() -> int:
    """Seal anew what an older SECRET_KEY sealed; how many rows."""
    return reseal_secrets()


@shared_task(name="accounts.forget_expired")
def forget_expired() -> int:
    """Delete old letters, where sessions that ended were, and what signing in left; how many rows went."""
    now = timezone.now()
    return forget_letters(now=now) + forget_devices(now=now) + forget_sign_ins(now=now)
