"""What runs by the clock for assessments: keys whose time is over."""

from celery import shared_task
from django.utils import timezone

from assessments.actions import destroy_keys


@shared_task(name="assessments.sweep_keys")
def sweep_keys() -> int:
    """Destroy the keys to what devices hold of courses that are over; how many were destroyed."""
    return destroy_keys(now=timezone.now())
