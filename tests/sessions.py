"""What tests share where two sessions are at one thing: that one waits for the other is known, not hoped."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Barrier, Event
from typing import Any

from django.db import connection, connections, transaction
from django.db.models import QuerySet

from tests.stack import wait_until


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each of `acts` gave or raised, begun at the same moment in sessions of their own."""
    barrier = Barrier(len(acts))

    def begin(act: Callable[[], Any]) -> Any:
        connection.ensure_connection()
        barrier.wait(timeout=20)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [_ended(one) for one in [pool.submit(_alone, partial(begin, act)) for act in acts]]


def while_held(holds: Callable[[], Any], waits: Callable[[], Any]) -> Any:
    """What `waits` gave or raised, which waited for what `holds` locked in this session."""
    with transaction.atomic():
        holds()
        begun = begun_while_held(waits)
        assert not begun[0].done(), "nothing waited"
    return _ended(begun[0])


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


def held_until_waited_for(rows: QuerySet[Any]) -> Future[None]:
    """Lock `rows` in a session of its own, which lets go of them once somebody waits."""
    held = Event()

    def hold() -> None:
        with transaction.atomic():
            list(rows.select_for_update(of=("self",)))
            held.set()
            wait_until(lambda: waiting_for_locks() == 1)

    pool = ThreadPoolExecutor(1)
    begun = pool.submit(_alone, hold)
    pool.shutdown(wait=False)
    assert held.wait(20)
    return begun


def waiting_for_locks() -> int:
    """How many requests for a lock are not granted in this database."""
    with connection.cursor() as cursor:
        # Else a transaction goes on seeing the sessions that there were when it first looked at them.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN"
            " (SELECT pid FROM pg_stat_activity WHERE datname = current_database())"
        )
        return int(cursor.fetchone()[0])


def _ended(begun: Future[Any]) -> Any:
    error = begun.exception(60)
    return begun.result() if error is None else error


def _alone(act: Callable[[], Any]) -> Any:
    try:
        return act()
    finally:
        connections.close_all()
