"""Scans of paper: taken as they come, read by a worker, attached to what is typed in, taken away again."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.files import forget_file, open_stored, store
from aimcert.foundation.logs import error_code
from aimcert.foundation.task_queue import enqueue
from assessments.answering.actions.on_paper import (
    CannotTranscribe,
    delete_scans,
    delete_uploads,
    locked_transcription,
    must_take_part,
)
from assessments.answering.actions.submissions import AlreadySubmitted
from assessments.answering.models import READING, Scan, ScanUpload, Transcription
from assessments.answering.scans import ReadingFailed, ReadScan, ScanRefused, read_scan, refuse_unknown

logger = logging.getLogger(__name__)

# Of one person's paper, and of one form.
MOST_SCANS = 60
MOST_AT_ONCE = 20


@dataclass(frozen=True)
class Sheet:
    """A file as it came, with what it is called on its device."""

    content: bytes
    name: str = ""


def receive_scans(*, transcription: Transcription, sheets: Sequence[Sheet], by: Person) -> list[ScanUpload]:
    """Take scans or photographs of the paper; all of them, or none. A worker then reads each.

    Nothing of them is decoded here: see `read_upload`.

    Args:
        transcription: neither given up nor submitted.
        sheets: files, at most `MOST_AT_ONCE`.
        by: who types it, or who checks it.

    Returns:
        One row for each file; the same file again is the row that there is.

    Raises:
        ScanRefused: one is neither a PDF, nor a picture, or they are too many; nothing was kept.
        CannotTranscribe, AlreadySubmitted, NotTakingPart: it is over.

    Side effects:
        Enqueues `assessments.read_scan` for each after the commit.
    """
    if len(sheets) > MOST_AT_ONCE:
        raise ScanRefused(
            _("That is more than %(most)d files at once. Add these first, and the others after that.")
            % {"most": MOST_AT_ONCE}
        )
    for sheet in sheets:
        refuse_unknown(sheet.content)
    with transaction.atomic():
        row = locked_transcription(transcription)
        _must_be_underway(row)
        must_take_part(row.enrolment)
        if row.scans.count() + row.uploads.unread().count() + len(sheets) > MOST_SCANS:
            raise ScanRefused(
                _("That is more than %(most)d files. Put several sheets into one PDF.") % {"most": MOST_SCANS}
            )
        return [_receive(row, sheet, by) for sheet in sheets]


def _receive(row: Transcription, sheet: Sheet, by: Person) -> ScanUpload:
    digest = sha256(sheet.content).hexdigest()
    known = row.uploads.filter(sha256=digest).first()
    if known is not None:
        return known
    # A name of its own, so that deleting it once it is read takes nobody else's away.
    stored = store(sheet.content, suffix=f"-{uuid4()}.received")
    upload: ScanUpload = row.uploads.create(
        name=sheet.name[:100], file=stored.name, sha256=digest, uploaded_by=by
    )
    enqueue("assessments.read_scan", upload.pk)
    return upload


def read_upload(*, upload_id: int) -> bool:
    """Read one file that came, unless it was read, is being read, or was taken away meanwhile.

    The attempt is counted, and the row kept from other workers for its lease, before the file is looked
    at. What is kept is written anew; the file as it came is deleted.

    Args:
        upload_id: primary key of a `ScanUpload`.

    Returns:
        Whether it was read by this call, be it to be kept or refused.
    """
    upload = READING.take(ScanUpload.objects.waiting(timezone.now()), upload_id)
    if upload is None:
        return False
    try:
        with open_stored(upload.file) as file:
            read = read_scan(file.read())
    except FileNotFoundError:
        logger.error("uploaded scan is gone", extra={"upload": upload.pk})
        return _settle(upload, refused="lost")
    except ScanRefused as refused:
        return _settle(upload, refused=refused.reason)
    except ReadingFailed as error:
        logger.warning("scan not read", extra={"upload": upload.pk, "error": error_code(error)})
        return _settle(upload, refused="heavy") if READING.is_last(upload) else False
    return _settle(upload, read=read)


def uploads_due(*, at_most: int) -> list[int]:
    """Primary keys of files that a lost message or a dead worker left unread, oldest first."""
    due = ScanUpload.objects.waiting(timezone.now())
    return list(due.values_list("pk", flat=True)[:at_most])


def forget_received(*, at_most: int) -> int:
    """Delete files as they came whose worker died after reading them; how many went."""
    left = ScanUpload.objects.filter(read_at__isnull=False).exclude(file="")[:at_most]
    for upload in left:
        _forget(upload)
    return len(left)


def _settle(upload: ScanUpload, *, read: ReadScan | None = None, refused: str = "") -> bool:
    stored = store(read.content, suffix=read.suffix) if read else None
    with transaction.atomic():
        # In the order in which everything else locks them; it may have been given up meanwhile.
        locked_transcription(upload.transcription)
        mine = ScanUpload.objects.filter(pk=upload.pk, read_at__isnull=True, attempts=upload.attempts)
        current = mine.select_for_update(of=("self",)).first()
        if current is not None:
            if read is not None and stored is not None:
                current.scan, _is_new = Scan.objects.get_or_create(
                    transcription_id=current.transcription_id,
                    sha256=stored.sha256,
                    defaults={
                        "file": stored.name,
                        "content_type": read.content_type,
                        "size": stored.size,
                        "pages": read.pages,
                        "added_by": current.uploaded_by,
                    },
                )
            current.refused, current.read_at = refused, timezone.now()
            current.save(update_fields=["scan", "refused", "read_at"])
    if current is None:
        if stored is not None and not Scan.objects.filter(file=stored.name).exists():
            forget_file(stored.name)
        return False
    _forget(current)
    return True


def _forget(upload: ScanUpload) -> None:
    """Delete the file as it came, and then the name of it."""
    forget_file(upload.file)
    ScanUpload.objects.filter(pk=upload.pk).update(file="")


@transaction.atomic
def remove_scan(*, scan: Scan, by: Person) -> None:
    """Take a scan away again, as where it is of somebody else's paper.

    Args:
        scan: of a transcription that was not handed over.
        by: who types it.

    Raises:
        CannotTranscribe, AlreadySubmitted: it was handed over, given up or submitted.

    Side effects:
        The file is deleted after the commit, unless another scan is the same file.
    """
    _must_be_typed(scan.transcription)
    delete_scans(Scan.objects.filter(pk=scan.pk))


@transaction.atomic
def remove_upload(*, upload: ScanUpload, by: Person) -> None:
    """Take a file away again that was not read yet, or that could not be kept.

    Args:
        upload: of a transcription that was not handed over; one of which a scan came stays.
        by: who types it.

    Raises:
        CannotTranscribe, AlreadySubmitted: it was handed over, given up or submitted.

    Side effects:
        The file is deleted after the commit.
    """
    _must_be_typed(upload.transcription)
    delete_uploads(ScanUpload.objects.unread().filter(pk=upload.pk))


def _must_be_typed(transcription: Transcription) -> None:
    row = locked_transcription(transcription)
    _must_be_underway(row)
    if row.typed_at is not None:
        raise CannotTranscribe(_("This was handed over for checking. It can be changed once it comes back."))


def _must_be_underway(row: Transcription) -> None:
    if row.submission_id is not None:
        raise AlreadySubmitted(_("This was submitted, and nothing in it can change."))
    if row.ended_at is not None:
        raise CannotTranscribe(_("This was given up. Begin again to type in the paper."))
