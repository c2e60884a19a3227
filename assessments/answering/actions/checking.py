"""A transcription that was compared with its paper: from then on it is its author's submission."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from assessments.answering.actions.on_paper import (
    CannotTranscribe,
    being_checked,
    must_take_part,
    open_attempt,
    typed_of,
)
from assessments.answering.actions.receiving import tell_received
from assessments.answering.models import Answer, Submission, Transcription
from assessments.answering.receipts import DECLARATION
from assessments.case_studies.fingerprints import Transcribed, fingerprint, receipt_code, submission_canonical


@transaction.atomic
def check_transcription(
    *, transcription: Transcription, is_the_same: bool, is_signed: bool, by: Person
) -> Submission:
    """Confirm that what was typed is what the paper says, and submit it for its author; final.

    Args:
        transcription: handed over.
        is_the_same: whether every answer was compared with the paper and is the same, word for word.
        is_signed: whether the paper carries the declaration, signed by its author.
        by: the person themself, another trainer of the course, or an AIM admin; never who typed it.

    Returns:
        The submission with its receipt and fingerprint; submitted earlier, exactly as it was then.

    Raises:
        CannotTranscribe: one of both is not confirmed, a question is missing, there is no scan, it is
            not there to be checked, or `by` typed it.
        AnsweredOnline: they began to answer online meanwhile.
        AlreadySubmitted, OutcomeFinalised, NotTakingPart: nothing more is taken.

    Side effects:
        The answers move into the submission. A letter to the person: the receipt, without a word of
        the answers.
    """
    done = Transcription.objects.filter(pk=transcription.pk, checked_by=by).select_related("submission")
    if (earlier := done.first()) is not None and earlier.submission is not None:
        return earlier.submission
    row = being_checked(transcription, by)
    enrolment = row.enrolment
    must_take_part(enrolment)
    made = open_attempt(enrolment)
    if not is_the_same:
        raise CannotTranscribe(
            _("Compare every answer with the paper, and tick that they are the same."), "same"
        )
    if not is_signed:
        raise CannotTranscribe(
            _("Tick that the paper carries the declaration, signed. Without it nothing is submitted."),
            "signed",
        )
    answers = typed_of(row)
    scans = tuple(row.scans.order_by("pk").values_list("sha256", flat=True))
    if not answers or not scans or any(given.is_missing for given in answers):
        raise CannotTranscribe(_("Something is missing: send it back to who typed it."))
    if made is None:
        attempt = enrolment.submissions.count() + 1
        made = Submission(enrolment=enrolment, course=enrolment.course, version=row.version, attempt=attempt)
    made.version = row.version
    made.save()
    now = timezone.now()
    questions = {question.number: question for question in row.version.questions.all()}
    Answer.objects.bulk_create(
        Answer(
            submission=made,
            version=row.version,
            question=questions[given.number],
            text=given.text or "",
            blank_confirmed_at=now if given.text is None else None,
            blank_parts=list(given.blank_parts),
            finished_at=None if given.text is None else now,
            saved_at=now,
        )
        for given in answers
    )
    row.checked_at, row.checked_by, row.declared_on_paper, row.submission = now, by, True, made
    row.save(update_fields=["checked_at", "checked_by", "declared_on_paper", "submission"])
    row.answers.all().delete()
    if row.typed_by is None or row.typed_at is None:
        raise CannotTranscribe(_("This is not there to be checked now. Open the page again."))
    made.submitted_at, made.declaration = now, str(DECLARATION)
    made.fingerprint = fingerprint(
        submission_canonical(
            enrolment=enrolment.uuid,
            attempt=made.attempt,
            version=row.version.fingerprint,
            submitted_at=now,
            declaration=made.declaration,
            answers=[(given.number, given.text) for given in answers],
            blank_parts={given.number: given.blank_parts for given in answers},
            transcribed=Transcribed(row.typed_by.uuid, row.typed_at, by.uuid, now, scans),
        )
    )
    made.receipt = receipt_code(made.fingerprint)
    made.save()
    tell_received(
        made,
        to=enrolment.person,
        enrolment=enrolment.uuid,
        course_title=enrolment.course.title,
        time_zone=enrolment.course.time_zone,
    )
    return made
