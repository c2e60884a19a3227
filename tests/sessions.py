"""What tests share where two sessions are at one thing: that one waits for the other is known, not hoped."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import connection, connections

from tests.stack import wait_until


def in_another_session(act: Callable[[], Any]) -> Any:
    """What `act` gives, done over a connection of its own while this one goes on."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_alone, act).result(60)


def begun_while_held(*acts: Callable[[], Any]) -> list[Future[Any]]:
    """Begin each of `acts` in a session of its own, and return once each is done or waits for a lock.

    Whoever calls holds what they wait for, in a transaction, and reads the results after its end.
    """
    pool = ThreadPoolExecutor(len(acts))
    begun = [pool.submit(_alone, act) for act in acts]
    pool.shutdown(wait=False)
    wait_until(lambda: waiting_for_locks() >= sum(not one.done() for one in begun))
    return begun


def waiting_for_locks() -> int:
    """How many requests for a lock are not granted in this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN"
            " (SELECT pid FROM pg_stat_activity WHERE datname = current_database())"
        )
        return int(cursor.fetchone()[0])


def _alone(act: Callable[[], Any]) -> Any:
    try:
        return act()
    finally:
        connections.close_all()
