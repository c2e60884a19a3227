"""What waits to be done by a worker, as every app counts its own, for staff and for monitors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

# Everything is done within a minute where all is well, and tried several times within this.
LATE = timedelta(minutes=15)
REASONS = 5

Reasons = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Backlog:
    """How much of one kind waits for a worker.

    Args:
        kind: what it is, as addresses and metrics name it.
        waiting: how many are still to be done.
        since: since when the oldest of these has waited that nothing of its own hinders.
        failing: how many of these were tried in vain.
        given_up: how many are tried no more unless somebody asks.
        late_after: how long one may wait.
        why: asks PostgreSQL for the `reasons`.
    """

    kind: str
    waiting: int
    since: datetime | None
    failing: int
    given_up: int
    late_after: timedelta = LATE
    why: Callable[[], Reasons] = tuple

    @cached_property
    def reasons(self) -> Reasons:
        """What hindered them, as `error_code` says it, with how many; the most frequent first."""
        return self.why()

    def is_late(self, now: datetime) -> bool:
        """Whether something waits that should have been done long before `now`."""
        return self.since is not None and self.since < now - self.late_after


_counted: dict[str, Callable[[], Backlog]] = {}


def add_backlog(kind: str, *, count: Callable[[], Backlog]) -> None:
    """From now on `backlogs` tells of this kind too.

    Args:
        kind: its name.
        count: counts it; each time anew, in one statement.
    """
    _counted[kind] = count


def backlogs() -> list[Backlog]:
    """All that waits for a worker now, a kind each."""
    return [count() for count in _counted.values()]


def counted(
    kind: str,
    rows: QuerySet[Any],
    *,
    since: str,
    is_given_up: Q | None = None,
    is_hindered_by_itself: Q | None = None,
    tells_reasons: bool = True,
    late_after: timedelta = LATE,
) -> Backlog:
    """Count `rows`, none of which is done.

    Args:
        kind: what they are.
        rows: those that are still to be done, and those that were given up.
        since: the field that says since when one waits.
        is_given_up: which are tried no more.
        is_hindered_by_itself: which wait for nothing that we run, such as a letter that its reader's
            server refuses.
        tells_reasons: whether they have a `last_error`.
        late_after: how long one may wait.
    """
    waits = ~is_given_up if is_given_up is not None else Q()
    in_time = waits & ~is_hindered_by_itself if is_hindered_by_itself is not None else waits
    failed = ~Q(last_error="") if tells_reasons else Q(attempts__gt=1)
    found = rows.order_by().aggregate(
        waiting=Count("pk", filter=waits),
        since=Min(since, filter=in_time),
        failing=Count("pk", filter=waits & failed),
        given_up=Count("pk", filter=is_given_up if is_given_up is not None else Q(pk__isnull=True)),
    )
    has_reasons = tells_reasons and (found["failing"] or found["given_up"])
    why = partial(_reasons, rows.filter(failed)) if has_reasons else tuple
    return Backlog(kind=kind, late_after=late_after, why=why, **found)


def _reasons(failed: QuerySet[Any]) -> Reasons:
    errors = failed.order_by().values_list("last_error").annotate(n=Count("pk"))
    return tuple(errors.order_by("-n", "last_error")[:REASONS])
