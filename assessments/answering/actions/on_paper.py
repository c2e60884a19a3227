"""What each step of a transcription asks first: whose it is, whether it may go on, what stands in it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.files import forget_file
from aimcert.foundation.refusals import Refused
from assessments.answering.actions.drafts import Given, given
from assessments.answering.actions.submissions import AlreadySubmitted, NotTakingPart, OutcomeFinalised
from assessments.answering.models import Answer, KeptAnswer, Scan, ScanUpload, Submission, Transcription
from assessments.states import Granted
from courses.models import Enrolment


class CannotTranscribe(Refused):
    """Paper of this person cannot be typed in now, or not like this.

    Attributes:
        field: the name of the field that is meant.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class AnsweredOnline(CannotTranscribe):
    """Something was answered online: nobody writes over that."""


class TypedMeanwhile(CannotTranscribe):
    """The answer was saved in another tab since; what was typed is shown again."""


def locked_enrolment(enrolment: Enrolment) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("course", "person")
    return rows.get(pk=enrolment.pk)


def locked_transcription(transcription: Transcription) -> Transcription:
    """The transcription, locked after its enrolment."""
    enrolment = locked_enrolment(transcription.enrolment)
    row = (
        Transcription.objects.select_for_update(of=("self",))
        .select_related("version")
        .get(pk=transcription.pk)
    )
    row.enrolment = enrolment
    return row


def delete_scans(scans: QuerySet[Scan]) -> None:
    """Delete `scans`, and after the commit their files, unless another scan is the same file."""
    files = set(scans.values_list("file", flat=True))
    scans.delete()
    for file in files:
        transaction.on_commit(partial(_forget, file))


def delete_uploads(uploads: Iterable[ScanUpload]) -> None:
    """Delete `uploads`, and after the commit their files."""
    for upload in uploads:
        if upload.file:
            transaction.on_commit(partial(forget_file, upload.file))
        upload.delete()


def _forget(file: str) -> None:
    if not Scan.objects.filter(file=file).exists():
        forget_file(file)


def must_take_part(enrolment: Enrolment) -> None:
    if enrolment.withdrawn_at is not None or enrolment.course.cancelled_at is not None:
        raise NotTakingPart(_("This course goes on without this person, or was cancelled."))


def open_attempt(enrolment: Enrolment) -> Submission | None:
    """The attempt of this locked enrolment that paper can fill: begun without a word, or none so far.

    Raises:
        AlreadySubmitted: and answering was not opened again for them since.
        OutcomeFinalised: nothing can follow it.
        AnsweredOnline: something was answered in it online.
    """
    rows = Submission.objects.select_for_update(of=("self",)).filter(enrolment=enrolment)
    latest = rows.order_by("-attempt").first()
    finalised = enrolment.recommendations.filter(finalised_at__isnull=False)
    if finalised.filter(submission__isnull=True).exists() or (
        latest is not None and finalised.filter(submission=latest).exists()
    ):
        raise OutcomeFinalised(_("The outcome was finalised, so no paper can follow it."))
    if latest is None:
        return None
    if latest.submitted_at is not None:
        again = enrolment.time_grants.filter(what=Granted.REOPENED).aggregate(at=Max("granted_at"))["at"]
        if again is None or again < latest.submitted_at:
            raise AlreadySubmitted(
                _("Answers of this person were submitted, and nothing in them can change.")
            )
        return None
    begun = Answer.objects.filter(submission=latest).exists()
    if begun or KeptAnswer.objects.filter(submission=latest).exists():
        raise AnsweredOnline(
            _(
                "This person answered online, and nobody writes over that. If they want the paper to count,"
                " speak to The AIM Project."
            )
        )
    return latest


def being_typed(transcription: Transcription, by: Person) -> Transcription:
    row = locked_transcription(transcription)
    if row.submission_id is not None:
        raise AlreadySubmitted(_("This was submitted, and nothing in it can change."))
    if row.ended_at is not None:
        raise CannotTranscribe(_("This was given up. Begin again to type in the paper."))
    if row.begun_by_id != by.pk:
        raise CannotTranscribe(_("Somebody else types this paper. Only they can change what they typed."))
    if row.typed_at is not None:
        raise CannotTranscribe(_("This was handed over for checking. It can be changed once it comes back."))
    must_take_part(row.enrolment)
    open_attempt(row.enrolment)
    return row


def being_checked(transcription: Transcription, by: Person) -> Transcription:
    row = locked_transcription(transcription)
    if row.submission_id is not None:
        raise AlreadySubmitted(_("This was submitted, and nothing in it can change."))
    if row.ended_at is not None or row.typed_at is None:
        raise CannotTranscribe(_("This is not there to be checked now. Open the page again."))
    if row.typed_by_id == by.pk:
        raise CannotTranscribe(_("You typed this yourself, so somebody else compares it with the paper."))
    return row


def typed_of(row: Transcription) -> list[Given]:
    """What was typed in for every question, in order; None is blank on the paper, "" not typed in."""
    typed = {answer.question_id: answer for answer in row.answers.all()}
    found = []
    for question in row.version.questions.order_by("number"):
        answer = typed.get(question.pk)
        text = "" if answer is None else None if answer.is_blank else answer.text
        blank = answer.blank_parts if answer is not None else ()
        found.append(given(question.number, question.kind, question.settings, text, blank))
    return found
