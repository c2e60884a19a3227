"""Keeping an export's file for as long as it was said, and no longer: made again, deleted."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import DataExport, Person
from aimcert.foundation.files import forget_file, is_stored
from aimcert.foundation.task_queue import enqueue

logger = logging.getLogger(__name__)


@transaction.atomic
def remake_missing_export(*, export: DataExport) -> DataExport:
    """Have an export whose file is gone made again; it is still deleted when it was said to be.

    Returns:
        The export as it stands; where the file is there after all, its time is over, or another one is
        being made for them, untouched.

    Side effects:
        Wakes `accounts.make_export` after the commit.
    """
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=export.person_id)
    export = DataExport.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if export.file and not is_stored(export.file) and not _others_underway(export).exists():
        logger.error("export's file is gone", extra={"export": export.pk})
        _make_again(export)
    return export


@transaction.atomic
def remake_exports_of(person_id: int) -> None:
    """Have what was exported about somebody made again, since something in it was taken out.

    Also what a worker is at, which may have read it before: what that worker writes does not count. None
    begins until the caller's transaction ends.

    Side effects:
        Deletes the files after the commit, and wakes `accounts.make_export`. An older file, beside one that
        is made again, is gone at once.
    """
    accounts = Person.objects.filter(Q(pk=person_id) | Q(merged=person_id)).order_by("pk")
    held = [one.pk for one in accounts.select_for_update(of=("self",), no_key=True)]
    rows = DataExport.objects.select_for_update(of=("self",)).filter(person__in=held)
    again: set[int] = set()
    for export in rows.filter(given_up_at__isnull=True, deleted_at__isnull=True).order_by("-pk"):
        if export.file:
            transaction.on_commit(partial(forget_export_file, export.file, but=export))
        if export.person_id in again:
            _forget(export, timezone.now())
        else:
            again.add(export.person_id)
            _make_again(export)


def delete_expired_exports(*, now: datetime, limit: int = 200) -> int:
    """Delete the files of exports whose time is over; the rows stay, to say so.

    Returns:
        How many were deleted by this call; those that another worker holds are left to it.
    """
    deleted = 0
    while deleted < limit:
        with transaction.atomic():
            over = DataExport.objects.select_for_update(of=("self",), skip_locked=True)
            over = over.filter(made_at__isnull=False, deleted_at__isnull=True, expires_at__lte=now)
            export = over.order_by("expires_at").first()
            if export is None:
                break
            forget_export_file(export.file, but=export)
            _forget(export, now)
        deleted += 1
    return deleted


def forget_export_file(file: str, *, but: DataExport) -> None:
    """Delete a file, unless another export than this one needs it: the same content is one file."""
    if not DataExport.objects.filter(Q(file=file) | Q(storing=file)).exclude(pk=but.pk).exists():
        forget_file(file)


def _others_underway(export: DataExport) -> QuerySet[DataExport]:
    return DataExport.objects.underway().filter(person=export.person_id).exclude(pk=export.pk)


def _forget(export: DataExport, at: datetime) -> None:
    export.file, export.deleted_at = "", at
    export.save(update_fields=["file", "deleted_at"])


def _make_again(export: DataExport) -> None:
    export.made_at, export.file, export.sha256, export.size, export.done = None, "", "", 0, 0
    said = ["made_at", "file", "sha256", "size", "done", *export.try_afresh()]
    export.save(update_fields=said)
    enqueue("accounts.make_export", export.pk)
