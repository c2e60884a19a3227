"""What runs by the clock for accounts: letters that wait to be sent, and what is kept for a while alone."""

import time

from celery import shared_task
from django.utils import timezone

from accounts.actions import (
    deliver_email,
    forget_devices,
    forget_letters,
    forget_sign_ins,
    reseal_secrets,
)
from accounts.models import OutgoingEmail

# Well below the task's time limit; what is left is the next sweep's.
SECONDS = 120


@shared_task(name="accounts.sweep_emails")
def sweep_emails() -> int:
    """Send what is due, oldest first; how many were sent."""
    end = time.monotonic() + SECONDS
    due = OutgoingEmail.objects.waiting(timezone.now()).order_by("next_attempt_at")
    sent = 0
    for letter_id in due.values_list("pk", flat=True)[:500]:
        if time.monotonic() > end:
            break
        sent += deliver_email(letter_id=letter_id)
    return sent


@shared_task(name="accounts.reseal_secrets")
def reseal() -> int:
    """Seal anew what an older SECRET_KEY sealed; how many rows."""
    return reseal_secrets()


@shared_task(name="accounts.forget_expired")
def forget_expired() -> int:
    """Delete old letters, where sessions that ended were, and what signing in left; how many rows went."""
    now = timezone.now()
    return forget_letters(now=now) + forget_devices(now=now) + forget_sign_ins(now=now)
