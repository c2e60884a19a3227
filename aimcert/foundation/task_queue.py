"""Waking a worker for something that a row already says must be done."""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction

from aimcert.foundation.logs import error_code

logger = logging.getLogger(__name__)


# For so long nothing is asked of a broker that did not answer, so that whoever decides on a whole course at
# once waits for it once. In seconds; the sweeps do meanwhile what was not asked for.
REST = 5.0
_rests_until = 0.0


def enqueue(task: str, *args: Any) -> None:
    """After the transaction commits, ask a worker to run `task`; if that fails, a sweep will.

    Args:
        task: the task's name, so that nothing here imports upwards.
        args: ids, as text or whole numbers.
    """
    transaction.on_commit(partial(_send, task, args), robust=True)


def _send(task: str, args: tuple[Any, ...]) -> None:
    global _rests_until
    if time.monotonic() < _rests_until:
        logger.warning("task not enqueued", extra={"task": task, "error": "BrokerRests"})
        return
    try:
        current_app.send_task(task, args=args, retry=False)
    except Exception as error:  # kombu raises redis', socket's and its own errors
        # The row stands, and the periodic sweep picks it up.
        _rests_until = time.monotonic() + REST
        logger.warning("task not enqueued", extra={"task": task, "error": error_code(error)})
