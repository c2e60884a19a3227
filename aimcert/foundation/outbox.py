"""What must be done and is a row first: taken by one worker, its attempts counted, put off, tried again.

The row is written in the transaction that decided it, so a lost message, a broker that is down and a worker
that dies leave it as it was, and a sweep takes it up. What is done to it is its app's. Why no library does
this: docs/adr/0028-outboxes-of-our-own.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

# How long one sweep goes on: well below a task's time limit. What is left is the next one's.
SWEEP = timedelta(seconds=120)


class Attempted(models.Model):
    """A row that a worker has to do something about."""

    attempts = models.PositiveSmallIntegerField(default=0)
    # Not before then: it is put off, or a worker is at it and has until then.
    next_attempt_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def try_afresh(self) -> list[str]:
        """Have it tried at once, its attempts counted from the beginning; the fields, for `update_fields`."""
        self.attempts, self.next_attempt_at = 0, timezone.now()
        return ["attempts", "next_attempt_at"]


class Hindered(Attempted):
    """One that also says what hindered its last attempt, as `error_code` does; "" where nothing did."""

    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=Attempted)
Rows = TypeVar("Rows", bound=QuerySet[Any])
HinderedRow = TypeVar("HinderedRow", bound=Hindered)


def waiting_index(model: str, undone: Q) -> models.Index:
    """The index by which a sweep finds what is due of the rows that are not done.

    Args:
        model: the model's name in lower case, for the index's name.
        undone: which rows are still to be done.
    """
    return models.Index(fields=["next_attempt_at"], condition=undone, name=f"{model}_waiting")


@dataclass(frozen=True)
class Attempts:
    """How one kind of rows is tried.

    In each method, `undone` are the rows of that kind that are still to be done and not given up.

    Args:
        lease: how long a worker that says nothing more is waited for.
        most: how often one is tried unless somebody asks; None: for ever, a while later each time, so that
            one of which workers die does not take them all.
        first_pause: after the first failure; twice as long after each further one.
        longest_pause: but never longer.
    """

    lease: timedelta
    most: int | None = None
    first_pause: timedelta = timedelta(seconds=30)
    longest_pause: timedelta = timedelta(hours=1)

    @property
    def is_given_up(self) -> Q:
        """The condition that one is tried no more."""
        return Q(attempts__gte=self.most) if self.most is not None else Q(pk__isnull=True)

    def due(self, undone: Rows, now: datetime) -> Rows:
        """Those to be tried now, the longest due first."""
        return undone.filter(next_attempt_at__lte=now).order_by("next_attempt_at")

    def idle(self, undone: Rows, now: datetime) -> Rows:
        """Those put off for so long, or given up, that no worker can be at them."""
        return undone.filter(Q(next_attempt_at__gt=now + self.lease) | self.is_given_up)

    def is_last(self, taken: Attempted) -> bool:
        """Whether none follows this attempt unless somebody asks."""
        return self.most is not None and taken.attempts >= self.most

    @transaction.atomic
    def take(self, undone: QuerySet[Row], pk: int) -> Row | None:
        """Count an attempt at the row, and keep it from other workers for the lease.

        It is committed before anything is done about it, so that an attempt of which the worker dies counts.

        Returns:
            The row; None where it is done, put off, or with another worker.
        """
        now = timezone.now()
        free = self.due(undone, now).select_for_update(of=("self",), skip_locked=True)
        row = free.filter(pk=pk).first()
        if row is not None:
            row.attempts += 1
            row.next_attempt_at = now + self._lease_of(row.attempts)
            row.save(update_fields=["attempts", "next_attempt_at"])
        return row

    def still(self, undone: QuerySet[Row], taken: Row) -> QuerySet[Row]:
        """The row, as long as this attempt is the one that counts: nobody took it up, or tried it afresh."""
        return undone.filter(pk=taken.pk, attempts=taken.attempts, next_attempt_at=taken.next_attempt_at)

    @transaction.atomic
    def put_off(self, undone: QuerySet[HinderedRow], taken: HinderedRow, error: str) -> HinderedRow | None:
        """Note what hindered an attempt; it is tried again after its pause.

        Args:
            taken: as `take` gave it.
            error: as `error_code` says it.

        Returns:
            The row, locked; None where another attempt counts by now.
        """
        row = self.still(undone, taken).select_for_update(of=("self",)).first()
        if row is not None:
            row.last_error = error
            row.next_attempt_at = timezone.now() + self.pause_after(row.attempts)
            row.save(update_fields=["last_error", "next_attempt_at"])
        return row

    def pause_after(self, attempts: int) -> timedelta:
        """How long nothing is tried after so many attempts in vain."""
        return min(self.first_pause * 2 ** min(attempts - 1, 10), self.longest_pause)

    def _lease_of(self, attempts: int) -> timedelta:
        return self.lease if self.most is not None else max(self.lease, self.pause_after(attempts))


@transaction.atomic
def try_afresh(rows: QuerySet[Row]) -> list[int]:
    """Have all of `rows` tried at once, their attempts counted from the beginning; their primary keys.

    What another session holds is left to it.
    """
    free = list(rows.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True))
    rows.model._base_manager.filter(pk__in=free).update(attempts=0, next_attempt_at=timezone.now())
    return free


def sweep(keys: Iterable[int], act: Callable[[int], bool], *, lasts: timedelta = SWEEP) -> int:
    """Do `act` for each of `keys` until the time is over; how many were done."""
    end = time.monotonic() + lasts.total_seconds()
    done = 0
    for key in keys:
        if time.monotonic() > end:
            break
        done += act(key)
    return done
