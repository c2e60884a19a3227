"""The workers' and beat's signs of life."""

from __future__ import annotations

import logging
from typing import Any

import structlog
from celery import shared_task
from celery.signals import after_task_publish, beat_init, task_postrun, task_prerun
from django.db import Error, close_old_connections

from aimcert.foundation.health import beat
from aimcert.foundation.logs import error_code

logger = logging.getLogger(__name__)

SIGN, URGENT_SIGN = "foundation.beat", "foundation.urgent_beat"


@shared_task(name=SIGN)
def worker_beats() -> None:
    """The worker is alive: it runs this."""
    beat("worker")


@shared_task(name=URGENT_SIGN)
def urgent_worker_beats() -> None:
    """So is the one for what somebody waits for."""
    beat("urgent")


@task_prerun.connect
def _says_which_task(task_id: str, task: Any, **_: Any) -> None:
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)


@task_postrun.connect
def _says_it_no_more(**_: Any) -> None:
    structlog.contextvars.unbind_contextvars("task", "task_id")


@beat_init.connect
def _in_the_beat_process(**_: Any) -> None:
    # Here, since the web and the worker publish tasks too: only beat's own sending is its sign.
    after_task_publish.connect(_beat_beats, sender=SIGN, weak=False)
    # Now, and not only after the first interval, so that a start is seen to be complete at once.
    try:
        for sign in (worker_beats, urgent_worker_beats):
            sign.apply_async(retry=False)
    except Exception as error:  # kombu raises redis', socket's and its own errors
        logger.warning("no first sign of life sent", extra={"error": error_code(error)})


def _beat_beats(**_: Any) -> None:
    close_old_connections()
    try:
        beat("beat")
    except Error as error:
        # Beat goes on; without a database /healthz says so by itself.
        logger.warning("no sign of life written", extra={"error": error_code(error)})
