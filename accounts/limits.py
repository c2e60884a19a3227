"""How often something may be asked for: counted in PostgreSQL, atomically, also by many at once.

A limit lets some through at once, and then one in each interval. What is kept of it is one moment, until
which it is spent (the generic cell rate algorithm), so that how long somebody has to wait is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import LimitCount

TABLE = LimitCount._meta.db_table


@dataclass(frozen=True)
class Limit:
    """One limit.

    Attributes:
        name: apart from every other's.
        at_once: how many it lets through where none was asked for lately.
        every: how long until it lets one more through.
    """

    name: str
    at_once: int
    every: timedelta


NONE = timedelta(0)
# Several who ask at one moment are counted in another order than that in which they read the clock.
SAME_MOMENT = timedelta(seconds=1)


def spend(limit: Limit, *of: object) -> timedelta:
    """Ask `limit` to let one through.

    Args:
        limit: which.
        of: whose count it is, such as a network and an address; nothing for everybody's.

    Returns:
        How long to wait until it would; zero where it did, and has counted it. A transaction that is undone
        undoes the count too, so limits are spent before one begins.
    """
    now, most = timezone.now(), limit.every * limit.at_once
    given: dict[str, Any] = {
        "key": _key(limit, of),
        "now": now,
        "every": limit.every,
        "until": now + most + SAME_MOMENT,
    }
    with connection.cursor() as cursor:
        # The row is locked while it is looked at, so two at once count as two. One statement also where it
        # refuses, which takes as long then.
        cursor.execute(
            f"WITH spent AS (INSERT INTO {TABLE} AS held (key_hash, spent_until)"  # noqa: S608 (a name of ours)
            " VALUES (%(key)s, %(now)s::timestamptz + %(every)s)"
            " ON CONFLICT (key_hash) DO UPDATE"
            " SET spent_until = GREATEST(held.spent_until, %(now)s::timestamptz) + %(every)s"
            " WHERE GREATEST(held.spent_until, %(now)s::timestamptz) + %(every)s"
            " <= %(until)s::timestamptz RETURNING 1)"
            f" SELECT EXISTS (SELECT FROM spent), (SELECT spent_until FROM {TABLE} WHERE key_hash = %(key)s)",
            given,
        )
        is_let_through, spent_until = cursor.fetchone()
    if is_let_through:
        return NONE
    wait: timedelta = (spent_until or now) + limit.every - most - now
    # Somebody else may have spent, or given back, meanwhile.
    return max(wait, timedelta(seconds=1))


def give_back(limit: Limit, *of: object) -> None:
    """Count one less than was spent."""
    LimitCount.objects.filter(pk=_key(limit, of)).update(spent_until=F("spent_until") - limit.every)


def _key(limit: Limit, of: tuple[object, ...]) -> str:
    said = "\n".join([limit.name, *map(str, of)])
    return salted_hmac("accounts.limits", said, algorithm="sha256").hexdigest()
