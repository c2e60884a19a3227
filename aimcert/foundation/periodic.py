"""What runs by the clock for everyone: rows whose time is over go."""

from celery import shared_task
from django.utils import timezone

from aimcert.foundation.retention import forget_cached, forget_sent_forms, forget_sessions


@shared_task(name="foundation.forget_expired")
def forget_expired() -> int:
    """Delete sent forms, sessions and cached values whose time is over; how many rows went."""
    now = timezone.now()
    return forget_sent_forms(now=now) + forget_sessions(now=now) + forget_cached(now=now)
