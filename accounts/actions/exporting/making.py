"""Making an export, in the background: taken by one worker, step by step, tried again, given up."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import IO, cast

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from accounts.actions.exporting.keeping import forget_export_file
from accounts.actions.letters import write_to
from accounts.backlog import EXPORT_DAYS_BACK
from accounts.exports import steps, write_export
from accounts.models import DataExport, Person
from aimcert.foundation.files import name_of_file, store_file, unnamed_file
from aimcert.foundation.logs import error_code
from aimcert.foundation.outbox import Attempts, try_afresh
from aimcert.foundation.task_queue import enqueue

logger = logging.getLogger(__name__)

# How long a worker that says nothing more is waited for; each step forward renews it.
MAKING = Attempts(lease=timedelta(minutes=2), most=5)
SUFFIX = ".zip"


def make_export(*, export_id: int) -> bool:
    """Make one export, unless it is made, is being made by another, or waits for its next attempt.

    The attempt is counted, and the export kept from other workers for its lease, before anything is
    written; each step forward renews the lease, and the page shows it. What a killed worker leaves is taken
    up by the sweep, and made from the beginning.

    Args:
        export_id: primary key of a `DataExport`.

    Returns:
        Whether it was made by this call.

    Side effects:
        Tells the person by email, the first time that it is made.
    """
    export = _begin(export_id)
    if export is None:
        return False
    try:
        with unnamed_file() as file, override(export.language):
            write_export(export, file, step=lambda done: _go_on(export, done))
            return _finish(export, file)
    except Exception as error:
        # The error's words may hold names, which logs must not.
        logger.warning("export not made", extra={"export": export.pk, "error": error_code(error)})
        _put_off(export, error_code(error))
        return False


@transaction.atomic
def retry_exports(*, by: Person) -> int:
    """Have exports that could not be made tried again at once, those too that were given up lately.

    What a worker is at is left to it, and so is who has asked again meanwhile.

    Args:
        by: the AIM admin who asks.

    Returns:
        How many are tried again.

    Side effects:
        Starts their count of attempts afresh, and wakes `accounts.sweep_exports`.
    """
    now = timezone.now()
    later = DataExport.objects.filter(person=OuterRef("person"), pk__gt=OuterRef("pk"))
    lately = Q(given_up_at__isnull=False, asked_at__gte=now - timedelta(days=EXPORT_DAYS_BACK)) & ~Exists(
        later
    )
    put_off = MAKING.idle(DataExport.objects.underway(), now)
    tried = try_afresh(DataExport.objects.filter(lately | Q(pk__in=put_off.values("pk"))))
    DataExport.objects.filter(pk__in=tried).update(given_up_at=None)
    enqueue("accounts.sweep_exports")
    return len(tried)


def exports_due(*, at_most: int) -> list[int]:
    """Primary keys of exports that a lost message, a failure or a dead worker left, oldest first."""
    due = MAKING.due(DataExport.objects.underway(), timezone.now())
    return list(due.values_list("pk", flat=True)[:at_most])


@transaction.atomic
def _begin(export_id: int) -> DataExport | None:
    export = MAKING.take(DataExport.objects.underway().select_related("person"), export_id)
    if export is None:
        return None
    if export.storing:
        # What a worker stored that died before it could say so.
        forget_export_file(export.storing, but=export)
    export.storing, export.done, export.total = "", 0, steps()
    if export.attempts > cast(int, MAKING.most):
        # Its worker died each time, so that nobody could say so.
        export.given_up_at = timezone.now()
    export.save(update_fields=["storing", "done", "total", "given_up_at"])
    return export if export.is_underway else None


def _go_on(export: DataExport, done: int) -> None:
    ours, lease = _ours(export), timezone.now() + MAKING.lease
    ours.update(done=done, next_attempt_at=lease)
    export.next_attempt_at = lease


def _finish(export: DataExport, file: IO[bytes]) -> bool:
    # Said before it is stored, so that the next attempt deletes what a worker leaves that dies over it.
    _ours(export).update(storing=name_of_file(file, suffix=SUFFIX))
    with transaction.atomic():
        mine = _ours(export).select_for_update(of=("self",)).first()
        if mine is None:
            # Another worker took it up after the lease, or something was taken out of what is in it: what is
            # made after that is what counts.
            return False
        kept, now = store_file(file, suffix=SUFFIX), timezone.now()
        is_first = mine.expires_at is None
        mine.file, mine.sha256, mine.size = kept.name, kept.sha256, kept.size
        mine.made_at, mine.done, mine.storing, mine.last_error = now, mine.total, "", ""
        # One that is made again is deleted when its page said that it would be.
        mine.expires_at = mine.expires_at or now + timedelta(days=settings.AIM["EXPORT_DAYS"])
        mine.save()
        if is_first:
            subject = gettext_lazy("What you asked for waits for you on AIMcert")
            path = reverse("account_data")
            write_to(person=mine.person, subject=subject, template="export_waits", context={"path": path})
    return True


@transaction.atomic
def _put_off(export: DataExport, error: str) -> None:
    mine = MAKING.put_off(DataExport.objects.underway(), export, error)
    if mine is not None and MAKING.is_last(mine):
        mine.given_up_at = timezone.now()
        mine.save(update_fields=["given_up_at"])


def _ours(export: DataExport) -> QuerySet[DataExport]:
    """The row, while it is still this worker's attempt."""
    return MAKING.still(DataExport.objects.underway(), export)
