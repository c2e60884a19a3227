"""How a process serves its metrics: on an address of their own, counted by all its children together.

Each of web, worker, urgent and beat serves its own (docs/adr/0023-metrics.md). What children count lies in
files of a folder that this process alone has; they outlive the child, so that no count goes back. gunicorn's
own process serves too, which has Django's settings but none of its apps.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
from pathlib import Path
from typing import TextIO

from django.conf import settings
from prometheus_client import CollectorRegistry, start_http_server, values
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from aimcert.foundation.logs import error_code

logger = logging.getLogger(__name__)

# What is added to METRICS_PORT, so that all of them can run on one machine.
PORTS = {"web": 0, "worker": 1, "urgent": 2, "beat": 3}


class Slots:
    """Gives each of several processes a number of its own, the lowest that is free.

    A dead one's is free again, so that its successor counts on where it stopped. By the process's id, as the
    library does unless told otherwise, each child that is replaced would leave its files behind for ever.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._holder = self._number = -1
        self._lock: TextIO | None = None

    def mine(self) -> int:
        """This process's number, which it holds until it ends."""
        if self._holder != os.getpid():
            # What was inherited through a fork stays its parent's.
            self._number, self._lock = self._claimed()
            self._holder = os.getpid()
        return self._number

    def _claimed(self) -> tuple[int, TextIO]:
        number = 0
        while True:
            lock = (self.folder / f"{number}.lock").open("w")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                number += 1
            else:
                return number, lock


def serve_metrics(process: str, *collectors: Collector) -> None:
    """Serve what this process and its children count from now on; called once, before the first child.

    Where the port or the folder cannot be had, the log says so and the process goes on: nobody's work waits
    for metrics.

    Args:
        process: which it is; its port is that of `PORTS` after METRICS_PORT, and none where that is 0.
        collectors: what else is told, read when it is asked for.
    """
    if not settings.METRICS_PORT:
        return
    port = settings.METRICS_PORT + PORTS[process]
    registry = CollectorRegistry()
    for collector in collectors:
        registry.register(collector)
    try:
        start_http_server(port, addr=settings.METRICS_HOST, registry=registry)
        # Whoever has the port has the folder too, with what an earlier run left there.
        folder = Path(settings.VAR_DIR) / "metrics" / str(port)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)
    except OSError as error:
        logger.error("metrics are not served", extra={"error": error_code(error)})
        return
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    values.ValueClass = values.MultiProcessValue(Slots(folder).mine)
    registry.register(MultiProcessCollector(None, path=str(folder)))
