"""Scans of paper: attached to what is typed in from it, and taken away again until it was checked."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.files import store
from assessments.actions.on_paper import CannotTranscribe, delete_scans, locked_transcription, must_take_part
from assessments.actions.submissions import AlreadySubmitted
from assessments.models import Scan, Transcription
from assessments.scans import ScanRefused, read_scan

MOST_SCANS = 60


def attach_scans(*, transcription: Transcription, contents: Iterable[bytes], by: Person) -> list[Scan]:
    """Attach scans or photographs of the paper; all of them, or none.

    Args:
        transcription: neither given up nor submitted.
        contents: whole files, as they came.
        by: who types it, or who checks it.

    Returns:
        One row for each file; the same file again is the row that there is.

    Raises:
        ScanRefused: one is no scan, or they are too many; nothing was kept.
        CannotTranscribe, AlreadySubmitted, NotTakingPart: it is over.
    """
    # Read before anything is locked: a picture takes a second.
    read = [read_scan(content) for content in contents]
    with transaction.atomic():
        row = locked_transcription(transcription)
        _must_be_underway(row)
        must_take_part(row.enrolment)
        if row.scans.count() + len(read) > MOST_SCANS:
            raise ScanRefused(
                _("That is more than %(most)d files. Put several sheets into one PDF.") % {"most": MOST_SCANS}
            )
        found = []
        for each in read:
            stored = store(each.content, suffix=each.suffix)
            scan, _is_new = Scan.objects.get_or_create(
                transcription=row,
                sha256=stored.sha256,
                defaults={
                    "file": stored.name,
                    "content_type": each.content_type,
                    "size": stored.size,
                    "pages": each.pages,
                    "added_by": by,
                },
            )
            found.append(scan)
    return found


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
    row = locked_transcription(scan.transcription)
    _must_be_underway(row)
    if row.typed_at is not None:
        raise CannotTranscribe(_("This was handed over for checking. It can be changed once it comes back."))
    delete_scans(Scan.objects.filter(pk=scan.pk))


def _must_be_underway(row: Transcription) -> None:
    if row.submission_id is not None:
        raise AlreadySubmitted(_("This was submitted, and nothing in it can change."))
    if row.ended_at is not None:
        raise CannotTranscribe(_("This was given up. Begin again to type in the paper."))
