"""What Prometheus is told: requests and tasks as they are counted, and what waits as it is asked for.

No label holds what anybody typed or was sent: a request is named by its route, whose arguments may be an
invitation's token or a certificate's code, and a task by its name.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import Counter, Histogram, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from aimcert.foundation.backlog import backlogs
from aimcert.foundation.health import signs
from aimcert.foundation.logs import route_of

# Anybody can send a method of their own, and each would be a series for ever.
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")

# Registered nowhere: what all children counted is read from their files, see metrics_server.py.
REQUESTS = Counter(
    "aimcert_requests", "Requests that were answered.", ["method", "route", "status"], registry=None
)
REQUEST_SECONDS = Histogram(
    "aimcert_request_seconds",
    "How long answering took, without the network.",
    ["route"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=None,
)
TASKS = Counter(
    "aimcert_tasks",
    "Tasks that ended by themselves, with or without an error.",
    ["task", "state"],
    registry=None,
)
TASK_SECONDS = Histogram(
    "aimcert_task_seconds",
    "How long a task took, without its waiting.",
    ["task"],
    buckets=(0.1, 0.5, 1, 5, 30, 120, 240),
    registry=None,
)


class MetricsMiddleware:
    """Counts each request that reaches a page, and how long it took; static files and /healthz are none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        took = time.perf_counter() - began
        method = request.method if request.method in METHODS else "other"
        route = route_of(request)
        REQUESTS.labels(method, route, response.status_code).inc()
        REQUEST_SECONDS.labels(route).observe(took)
        return response


def count_task(name: str, state: str, seconds: float) -> None:
    """Count a task that ended.

    Args:
        name: the task's.
        state: how it ended, as Celery calls it.
        seconds: how long it took.
    """
    TASKS.labels(name, state.lower()).inc()
    TASK_SECONDS.labels(name).observe(seconds)


class Waiting(Collector):
    """What waits for a worker, and how long ago each process gave a sign of life: PostgreSQL knows."""

    def collect(self) -> Iterable[Metric]:
        """A statement for each kind, and one for the signs of life."""
        try:
            found, last = backlogs(), signs()
        except Error:
            found, last, is_up = [], {}, False
        else:
            is_up = True
        finally:
            # Each question comes in a thread of its own, which would leave its connection behind.
            connection.close()
        now = timezone.now()
        yield GaugeMetricFamily("aimcert_database_up", "Whether PostgreSQL answers.", value=is_up)
        waiting = _gauge("backlog_waiting", "How many are still to be done.", "kind")
        oldest = _gauge(
            "backlog_oldest_seconds", "How long the oldest has waited; 0 where none does.", "kind"
        )
        late = _gauge("backlog_late", "Whether one has waited for longer than it should.", "kind")
        failing = _gauge("backlog_failing", "How many of these were tried in vain.", "kind")
        given_up = _gauge("backlog_given_up", "How many are tried no more unless somebody asks.", "kind")
        for each in found:
            waiting.add_metric([each.kind], each.waiting)
            oldest.add_metric([each.kind], (now - each.since).total_seconds() if each.since else 0)
            late.add_metric([each.kind], each.is_late(now))
            failing.add_metric([each.kind], each.failing)
            given_up.add_metric([each.kind], each.given_up)
        alive = _gauge("sign_of_life_seconds", "How long ago the process gave a sign of life.", "process")
        for name, at in last.items():
            if at is not None:
                alive.add_metric([name], (now - at).total_seconds())
        yield from (waiting, oldest, late, failing, given_up, alive)


def _gauge(name: str, help_text: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"aimcert_{name}", help_text, labels=[label])
