"""Whether web, worker and beat are alive: each writes its own sign of life, /healthz reads them all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from aimcert.foundation.models import Heartbeat

PATH = "/healthz"
PROCESSES = ("web", "worker", "beat")


def beat(name: str) -> None:
    """Write that the process `name` is alive now; it must be that process which calls."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, beat_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["beat_at"],
    )


def health(now: datetime) -> dict[str, bool]:
    """Which processes showed a sign of life within three sweeps before `now`."""
    since = now - timedelta(seconds=3 * settings.SWEEP_SECONDS)
    alive = set(Heartbeat.objects.filter(beat_at__gte=since).values_list("name", flat=True))
    return {name: name in alive for name in PROCESSES}


class HealthMiddleware:
    """Answers /healthz before anything else: 200 where all are alive, else 503.

    Whoever asks from inside (a container's own check, a load balancer) sends no Host of ours and
    speaks no HTTPS, and needs no session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != PATH:
            return self.get_response(request)
        try:
            beat("web")
            found = health(timezone.now())
        except Error:
            # Without the database nothing here is well.
            found = dict.fromkeys(PROCESSES, False)
        response = JsonResponse(found, status=200 if all(found.values()) else 503)
        response["Cache-Control"] = "no-store"
        # Django would log each 503 as an error, many times while a deployment starts.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response
