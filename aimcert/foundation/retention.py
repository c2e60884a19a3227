"""Rows that are kept for a while alone: sent forms, sessions, what the cache holds."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import QuerySet

from aimcert.foundation.models import SentForm

# Few enough that nobody waits for the locks of one batch.
BATCH = 1000
# Well below a task's time limit; what is left is the next sweep's.
SECONDS = 60


def delete_batches(rows: QuerySet[Any]) -> int:
    """Delete `rows`, a batch at a time, leaving those that another transaction holds to a later sweep.

    A row that changes meanwhile so that it is none of `rows` any more stays.

    Args:
        rows: of a table on which the application's role may DELETE, and that nothing points at.

    Returns:
        How many were deleted by this call.
    """
    end, deleted = time.monotonic() + SECONDS, 0
    while time.monotonic() < end:
        with transaction.atomic():
            held = rows.select_for_update(of=("self",), skip_locked=True)
            keys = list(held.values_list("pk", flat=True)[:BATCH])
            deleted += rows.model._base_manager.filter(pk__in=keys).delete()[0]
        if len(keys) < BATCH:
            break
    return deleted


def forget_sent_forms(*, now: datetime) -> int:
    """Delete the keys of forms sent longer ago than `AIM["SENT_FORM_DAYS"]`; how many went.

    A form that is sent again after that acts again, if its action allows it.
    """
    before = now - timedelta(days=settings.AIM["SENT_FORM_DAYS"])
    return delete_batches(SentForm.objects.filter(sent_at__lt=before))


def forget_sessions(*, now: datetime) -> int:
    """Delete sessions that ran out, with the sign-in codes and half-done forms in them; how many went."""
    return delete_batches(Session.objects.filter(expire_date__lt=now))


def forget_cached(*, now: datetime) -> int:
    """Delete what the cache holds beyond its time, such as the counts of rate limits; how many went.

    Django's own cache does so only once it is full.
    """
    table = connection.ops.quote_name(cast(str, settings.CACHES["default"]["LOCATION"]))
    end, deleted = time.monotonic() + SECONDS, 0
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute(
                f"DELETE FROM {table} WHERE cache_key IN (SELECT cache_key FROM {table}"  # noqa: S608 (a name of ours)
                " WHERE expires < %s LIMIT %s FOR UPDATE SKIP LOCKED)",
                [now, BATCH],
            )
            deleted += cursor.rowcount
            if cursor.rowcount < BATCH:
                break
    return deleted
