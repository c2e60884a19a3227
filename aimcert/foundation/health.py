"""Whether web, workers and beat are alive, each by its own sign of life, and whether what they do waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from aimcert.foundation.backlog import backlogs
from aimcert.foundation.models import Heartbeat

PATH = "/healthz"
WORKERS = ("worker", "urgent")
PROCESSES = ("web", *WORKERS, "beat")
NEVER = datetime.min.replace(tzinfo=UTC)


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
    alive = set(Heartbeat.objects.filter(beat_at__gte=_alive_since(now)).values_list("name", flat=True))
    return {name: name in alive for name in PROCESSES}


def signs() -> dict[str, datetime | None]:
    """When each process last showed a sign of life; None where it never did."""
    found = dict(Heartbeat.objects.values_list("name", "beat_at"))
    return {name: found.get(name) for name in PROCESSES}


def silent(now: datetime) -> dict[str, datetime | None]:
    """Which of the workers and beat show no sign of life, each with its last; None where it never did.

    The workers show theirs when beat asks for it: where beat is silent too, only a sign that was missing
    already when it asked last counts against them.
    """
    last = signs()

    def missed(names: tuple[str, ...], at: datetime) -> dict[str, datetime | None]:
        return {name: last[name] for name in names if (last[name] or NEVER) < _alive_since(at)}

    beat_silent = missed(("beat",), now)
    asked = last["beat"] if beat_silent else now
    return (missed(WORKERS, asked) if asked else {}) | beat_silent


def _alive_since(now: datetime) -> datetime:
    return now - timedelta(seconds=3 * settings.SWEEP_SECONDS)


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
