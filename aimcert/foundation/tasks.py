"""The worker's and beat's signs of life."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from celery.signals import after_task_publish, beat_init
from django.db import Error, close_old_connections

from aimcert.foundation.health import beat

logger = logging.getLogger(__name__)

SIGN = "foundation.beat"


@shared_task(name=SIGN)
def worker_beats() -> None:
    """The worker is alive: it runs this."""
    beat("worker")


@beat_init.connect
def _in_the_beat_process(**_: Any) -> None:
    # Here, since the web and the worker publish tasks too: only beat's own sending is its sign.
    after_task_publish.connect(_beat_beats, sender=SIGN, weak=False)
    # Now, and not only after the first interval, so that a start is seen to be complete at once.
    try:
        worker_beats.apply_async(retry=False)
    except Exception as error:  # kombu raises redis', socket's and its own errors
        logger.warning("no first sign of life sent", extra={"error": type(error).__name__})


def _beat_beats(**_: Any) -> None:
    close_old_connections()
    try:
        beat("beat")
    except Error as error:
        # Beat goes on; without a database /healthz says so by itself.
        logger.warning("no sign of life written", extra={"error": type(error).__name__})
