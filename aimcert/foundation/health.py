"""Whether web, workers and beat are alive, each by its own sign of life, and whether what they do waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from aimcert.foundation.backlog import backlogs
from aimcert.foundation.models import Heartbeat

PATH = "/healthz"
PROCESSES = ("web", "worker", "urgent", "beat")


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


def signs() -> dict[str, datetime | None]:
    """When each process last showed a sign of life; None where it never did."""
    found = dict(Heartbeat.objects.values_list("name", "beat_at"))
    return {name: found.get(name) for name in PROCESSES}


def _processes() -> tuple[dict[str, bool], bool]:
    beat("web")
    now = timezone.now()
    found = health(now)
    # A mail server that is out makes no process unwell, so this changes no status.
    return found | {"backlog": not any(each.is_late(now) for each in backlogs())}, all(found.values())


def _web() -> tuple[dict[str, bool], bool]:
    beat("web")
    return {"web": True}, True


def _backlog() -> tuple[dict[str, bool], bool]:
    now = timezone.now()
    found = {each.kind: not each.is_late(now) for each in backlogs()}
    return found, all(found.values())


# What each address asks, and what it says where the database does not answer.
ADDRESSES: dict[str, tuple[Callable[[], tuple[dict[str, bool], bool]], tuple[str, ...]]] = {
    PATH: (_processes, (*PROCESSES, "backlog")),
    f"{PATH}/web": (_web, ("web",)),
    f"{PATH}/backlog": (_backlog, ("database",)),
}


class HealthMiddleware:
    """Answers /healthz and what is below it before any page: 200 where all that it asks is well, else 503.

    /healthz is about web, both workers and beat; /healthz/web about web alone, for a load balancer, which
    should not take it out because letters wait; /healthz/backlog about what has waited for too long.
    Whoever asks from inside sends no Host of ours and speaks no HTTPS, and needs no session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info not in ADDRESSES:
            return self.get_response(request)
        ask, names = ADDRESSES[request.path_info]
        try:
            found, is_well = ask()
        except Error:
            # Without the database nothing here is well.
            found, is_well = dict.fromkeys(names, False), False
        response = JsonResponse(found, status=200 if is_well else 503)
        response["Cache-Control"] = "no-store"
        # Django would log each 503 as an error, many times while a deployment starts.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response
