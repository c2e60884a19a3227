"""Unsent answers out of an encrypted file that a participant's device saved: taken in for their author."""

from __future__ import annotations

import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.answering.actions.answers import StaleAnswer, save_answer
from assessments.answering.actions.keeping import Page, Verdict
from assessments.answering.actions.submissions import (
    AlreadySubmitted,
    AnsweringClosed,
    NotTakingPart,
    NotTheirs,
    OutcomeFinalised,
)
from assessments.answering.models import JournalKey, Submission, UnsentUpload
from assessments.case_studies.actions.texts import TextRefused
from courses.models import Enrolment

FORMAT = "aimcert-unsent-1"
LARGEST = 5 * 1024 * 1024
MOST_ENTRIES = 2000
MOST = 2**31 - 1
IV_BYTES = 12


class FileRefused(Refused):
    """A file of unsent answers that cannot be read, or is another's; nothing was changed."""

    status = 422
    field = "file"


class FileTooLarge(FileRefused):
    """A file that is larger than any that we hand out."""

    status = 413


class Became(Enum):
    """What became of one text."""

    SAVED = gettext_lazy("Saved")
    THERE = gettext_lazy("Was there already")
    CONFLICT = gettext_lazy("Kept beside a later answer, for its author to choose")
    LATE = gettext_lazy("Came too late: kept for its author, not submitted")
    REFUSED = gettext_lazy("Could not be kept as it is")


@dataclass(frozen=True)
class Entry:
    """One text of the file, as it was typed."""

    question: int
    page: Page
    base: int
    values: dict[str, str]


def take_unsent(*, enrolment: Enrolment, content: bytes, by: Person) -> dict[Became, int]:
    """Take in the answers of an encrypted file, each as a save of the page that it comes from.

    Everything is read before anything is kept. What arrives while answering goes on is saved, as if
    its page had sent it; what comes after that is kept for its author alone, and not submitted.

    Args:
        enrolment: whose file it should be.
        content: the whole file.
        by: the person themself, or a trainer of the course, who learns nothing of what it says.

    Returns:
        How many texts came to what. The same file again changes nothing.

    Raises:
        FileRefused: it is damaged or no such file, another person's or another attempt's, or its key was
            destroyed a day after the course.
        NotTakingPart: they withdrew, or the course was cancelled.

    Side effects:
        A row that says who took it in.
    """
    author = enrolment.person
    submission, entries = _read(enrolment, content)
    # The enrolment first, as whoever starts a submission does.
    with transaction.atomic():
        locked = Enrolment.objects.select_for_update(of=("self",)).select_related("course")
        enrolment = locked.get(pk=enrolment.pk)
        if enrolment.withdrawn_at is not None or enrolment.course.cancelled_at is not None:
            raise NotTakingPart(_("This course goes on without this person, or was cancelled."))
        became = Counter(_take(enrolment, submission, entry, author) for entry in entries)
        UnsentUpload.objects.create(
            submission=submission,
            sha256=sha256(content).hexdigest(),
            answers=len(entries),
            uploaded_by=by,
        )
    return {each: became[each] for each in Became if became[each]}


def _take(enrolment: Enrolment, submission: Submission, entry: Entry, author: Person) -> Became:
    try:
        kept = save_answer(
            enrolment=enrolment,
            number=entry.question,
            values=entry.values,
            base_revision=entry.base,
            finished=None,
            page=entry.page,
            submission=submission.uuid,
            by=author,
        )
    except StaleAnswer:
        return Became.CONFLICT
    except (AnsweringClosed, AlreadySubmitted, OutcomeFinalised):
        return Became.LATE
    except TextRefused:
        return Became.REFUSED
    except NotTheirs:
        raise _damaged() from None
    return Became.SAVED if kept.verdict is Verdict.WRITTEN else Became.THERE


def _read(enrolment: Enrolment, content: bytes) -> tuple[Submission, list[Entry]]:
    """The attempt that the file belongs to, and every text of it in the order of its typing."""
    if len(content) > LARGEST:
        raise FileTooLarge(_("This file is far larger than any that we hand out. Choose the file again."))
    try:
        file = json.loads(content)
        if file["format"] != FORMAT:
            raise ValueError
        uuid, rows = UUID(file["submission"]), file["entries"]
        if not isinstance(rows, list) or len(rows) > MOST_ENTRIES:
            raise ValueError
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise FileRefused(
            _("This is no file of unsent answers, or it is damaged. Choose the file that the page saved.")
        ) from None
    submission = Submission.objects.filter(uuid=uuid, enrolment=enrolment).first()
    if submission is None:
        raise FileRefused(_("This file belongs to another person or another course. Nothing of it was read."))
    key = JournalKey.objects.filter(submission=submission).values_list("key", flat=True).first()
    if key is None:
        raise FileRefused(
            _(
                "The key to this file was destroyed a day after the course, so that nobody can read it any "
                "more. Nothing of it was taken in."
            )
        )
    cipher = AESGCM(bytes(key))
    entries = [_entry(cipher, uuid, row) for row in rows]
    return submission, sorted(entries, key=lambda entry: (entry.page.device.int, entry.page.sequence))


def _entry(cipher: AESGCM, submission: UUID, row: Any) -> Entry:
    try:
        question, iv = _whole(row["question"]), b64decode(row["iv"], validate=True)
        if len(iv) != IV_BYTES:
            raise ValueError
        data = b64decode(row["data"], validate=True)
        said = json.loads(cipher.decrypt(iv, data, f"{submission}/{question}".encode()))
        values = said["values"]
        if not isinstance(values, dict) or not all(isinstance(each, str) for each in values.values()):
            raise ValueError
        page = Page(UUID(row["device"]), _whole(row["sequence"], 2**53))
        return Entry(question, page, _whole(row["base"]), values)
    except (InvalidTag, NotBase64, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _damaged() from None


def _whole(number: Any, most: int = MOST) -> int:
    if type(number) is not int or not 0 <= number <= most:
        raise ValueError
    return number


def _damaged() -> FileRefused:
    return FileRefused(
        _("This file is damaged or was changed, so nothing of it was taken in. Save it again if you can.")
    )
