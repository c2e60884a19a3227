"""The workers' and beat's signs of life, and their metrics."""

from __future__ import annotations

import logging
import time
from typing import Any

import structlog
from celery import shared_task
from celery.signals import after_task_publish, beat_init, task_postrun, task_prerun, worker_init
from django.conf import settings
from django.db import Error, close_old_connections

from aimcert.foundation.health import beat
from aimcert.foundation.logs import error_code
from aimcert.foundation.metrics import Waiting, count_task
from aimcert.foundation.metrics_server import serve_metrics

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


# When each task that runs here began.
_begun: dict[str, float] = {}


@task_prerun.connect
def _says_which_task(task_id: str, task: Any, **_: Any) -> None:
    _begun[task_id] = time.perf_counter()
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)


@task_postrun.connect
def _says_it_no_more(task_id: str, task: Any, state: str | None = None, **_: Any) -> None:
    if (began := _begun.pop(task_id, None)) is not None:
        count_task(task.name, state or "unknown", time.perf_counter() - began)
    structlog.contextvars.unbind_contextvars("task", "task_id")


@worker_init.connect
def _in_a_workers_own_process(sender: Any, **_: Any) -> None:
    queues = sender.app.amqp.queues.consume_from
    serve_metrics("urgent" if settings.URGENT_QUEUE in queues else "worker")


@beat_init.connect
def _in_the_beat_process(**_: Any) -> None:
    # There is one beat, so that nothing is told twice.
    serve_metrics("beat", Waiting())
    # Here, since the web and the worker publish tasks too: only beat's own sending is its sign.
    after_task_publish.connect(_beat_beats, sender=SIGN, weak=False)
    # Now, and not only after the first interval, so that a start is seen to be complete at once.
    try:
        for sign in (worker_beats, urgent_worker_beats):
            sign.apply_async(retry=False, expires=settings.SWEEP_SECONDS)
    except Exception as error:  # kombu raises redis', socket's and its own errors
        logger.warning("no first sign of life sent", extra={"error": error_code(error)})


def _beat_beats(**_: Any) -> None:
    close_old_connections()
    try:
        beat("beat")
    except Error as error:
        # Beat goes on; without a database /healthz says so by itself.
        logger.warning("no sign of life written", extra={"error": error_code(error)})
