"""Asking for a review, and withdrawing it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.files import store
from aimcert.foundation.refusals import Refused
from aimcert.foundation.times import said_moment
from aimcert.foundation.working_days import working_days_after
from certification.appeals import appeal_window
from certification.attachments import type_of
from certification.emails import tell_appeal_received, tell_appeal_waits
from certification.models import Appeal
from certification.states import AppealKind
from courses.models import Enrolment


class AppealRefused(Refused):
    """It cannot be done like this.

    Attributes:
        field: the name of the field that is meant.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotOpenToAppeal(Refused):
    """There is nothing to ask about yet, the time for it is over, or it was asked already."""


class AppealOver(Refused):
    """It was withdrawn or answered, and nothing about it changes."""


@dataclass(frozen=True)
class Attached:
    """A file as it came, with what it is called on its device."""

    content: bytes
    name: str = ""


@transaction.atomic
def ask_for_review(
    *, enrolment: Enrolment, kinds: Collection[str], words: str, attached: Attached | None = None, by: Person
) -> Appeal:
    """Ask for a review, once for a place and a set of answers.

    Args:
        enrolment: their own place.
        kinds: what is to be looked at, `AppealKind`; at least one.
        words: in their own words; at most 10,000 characters.
        attached: a file: a PDF, picture, DOCX, ODT or text.
        by: the person enrolled.

    Returns:
        The appeal; asked again in the same words, the one that there is.

    Raises:
        NotOpenToAppeal: the place is not theirs, there is nothing to ask about yet, it is too late, or it was
            asked already.
        AppealRefused: a kind or words are missing, or the file is none that is taken.

    Side effects:
        A letter to the person that it arrived and by when it is answered; one to each AIM admin but them.
    """
    locked = Enrolment.objects.select_for_update(of=("self",)).select_related("course", "person")
    own = locked.get(pk=enrolment.pk)
    if own.person_id != by.pk:
        raise NotOpenToAppeal(_("Only whose place it is can ask for a review."))
    kinds, words = sorted(set(kinds)), words.strip()
    window = appeal_window(own)
    if window.asked is not None:
        same = (window.asked.kinds, window.asked.words) == (kinds, words)
        if same and window.asked.withdrawn_at is None:
            return window.asked
        raise NotOpenToAppeal(_("You asked for a review of this already. It can be asked once."))
    if window.closes_at is None:
        raise NotOpenToAppeal(_("There is no outcome or decision yet of which a review can be asked."))
    if not window.is_open:
        raise NotOpenToAppeal(
            _("A review could be asked until %(when)s. Write to %(address)s instead.")
            % {
                "when": said_moment(window.closes_at, own.course.zone),
                "address": settings.AIM["SUPPORT_EMAIL"],
            }
        )
    if not kinds or not set(kinds) <= set(AppealKind.values):
        raise AppealRefused(_("Choose what should be looked at again."), "kinds")
    if not words:
        raise AppealRefused(_("Write what should be looked at again, in your own words."), "words")
    appeal = Appeal(
        enrolment=own,
        submission_id=window.submission,
        kinds=kinds,
        words=words,
        asked_at=timezone.now(),
        asked_by=by,
    )
    if attached is not None:
        _attach(appeal, attached)
    days = settings.AIM["APPEAL_ANSWER_WORKING_DAYS"]
    appeal.answer_due_at = working_days_after(appeal.asked_at, days, own.course.zone)
    appeal.save()
    tell_appeal_received(appeal)
    tell_appeal_waits(appeal)
    return appeal


def _attach(appeal: Appeal, attached: Attached) -> None:
    found = type_of(attached.content)
    if found is None:
        raise AppealRefused(
            _("This file cannot be taken. Choose a PDF, a PNG or JPEG picture, a DOCX, ODT or text file."),
            "file",
        )
    kept = store(attached.content, suffix=found.suffix)
    appeal.file, appeal.sha256, appeal.size = kept.name, kept.sha256, kept.size
    appeal.file_name, appeal.content_type = attached.name[:150], found.content_type


@transaction.atomic
def withdraw_appeal(*, appeal: Appeal, by: Person) -> Appeal:
    """Withdraw what one asked; it is not decided any more, and cannot be asked again of the same answers.

    Args:
        appeal: their own, not answered.
        by: the person who asked.

    Returns:
        The appeal; withdrawn before, as it was.

    Raises:
        AppealOver: it was answered.
        AppealRefused: it is not theirs.

    Side effects:
        None: nobody gets a letter; the list of The AIM Project says so.
    """
    appeal = locked_appeal(appeal, is_open=False)
    if appeal.asked_by_id != by.pk:
        raise AppealRefused(_("Only who asked for a review withdraws it."))
    if appeal.answered_at is not None:
        raise AppealOver(_("It was answered meanwhile, so there is nothing to withdraw."))
    if appeal.withdrawn_at is None:
        appeal.withdrawn_at, appeal.withdrawn_by = timezone.now(), by
        appeal.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return appeal


def locked_appeal(appeal: Appeal, *, is_open: bool = True) -> Appeal:
    """`appeal`, locked after its enrolment, as it is now.

    Raises:
        AppealOver: `is_open` is asked, and it was withdrawn or answered.
    """
    Enrolment.objects.select_for_update(of=("self",)).get(pk=appeal.enrolment_id)
    related = ("enrolment__course__programme", "enrolment__person")
    found = Appeal.objects.select_for_update(of=("self",)).select_related(*related).get(pk=appeal.pk)
    if is_open and found.withdrawn_at is not None:
        raise AppealOver(_("It was withdrawn, so nothing about it is decided any more."))
    if is_open and found.answered_at is not None:
        raise AppealOver(_("It was answered, and nothing about it changes any more."))
    return found
