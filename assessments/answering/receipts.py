"""What participants declare, and the receipt that proves what they submitted."""

from __future__ import annotations

from hmac import compare_digest

from django.utils.translation import gettext_lazy as _

from assessments.answering.models import Redaction, Submission, Transcription
from assessments.case_studies.fingerprints import Transcribed, fingerprint, receipt_code, submission_canonical

# Kept with each submission as it read on that day, so that it can be reworded later.
DECLARATION = _(
    "These answers are my own individual work. While I wrote them I used nothing but the case study, the "
    "manual and my own notes from the training. Nobody else wrote or suggested any part of them, and neither "
    "did an artificial intelligence tool, such as a chatbot or a writing assistant. I have not named or "
    "described a real child."
)


def canonical_form(submission: Submission) -> bytes:
    """What the receipt of `submission` is taken over, read afresh from its rows.

    Raises:
        ValueError: it was not submitted.
    """
    if submission.submitted_at is None:
        raise ValueError("A draft has no receipt.")
    answers = submission.answers.order_by("question__number").values_list(
        "question__number", "text", "blank_confirmed_at", "blank_parts"
    )
    return submission_canonical(
        enrolment=submission.enrolment.uuid,
        attempt=submission.attempt,
        version=submission.version.fingerprint,
        submitted_at=submission.submitted_at,
        declaration=submission.declaration,
        answers=[(number, None if blank else text) for number, text, blank, _parts in answers],
        transcribed=transcribed_of(submission),
        blank_parts={number: parts for number, _text, _blank, parts in answers},
    )


def transcribed_of(submission: Submission) -> Transcribed | None:
    """How `submission` came from paper, if it did."""
    people = Transcription.objects.select_related("typed_by", "checked_by")
    row = people.filter(submission=submission).first()
    if row is None:
        return None
    if row.typed_by is None or row.typed_at is None or row.checked_by is None or row.checked_at is None:
        raise ValueError("What was submitted was typed and checked.")
    return Transcribed(
        typed_by=row.typed_by.uuid,
        typed_at=row.typed_at,
        checked_by=row.checked_by.uuid,
        checked_at=row.checked_at,
        scans=tuple(row.scans.order_by("pk").values_list("sha256", flat=True)),
    )


def redaction_of(submission: Submission) -> Redaction | None:
    """The latest redaction that took something out of these answers, whose receipt is of what was before."""
    return Redaction.objects.filter(texts__submission=submission).order_by("-pk").first()


def receipt_holds(submission: Submission) -> bool:
    """Whether the answers that are kept are, byte for byte, those that the receipt was given for."""
    found = fingerprint(canonical_form(submission))
    return compare_digest(found, submission.fingerprint) and compare_digest(
        receipt_code(found), submission.receipt
    )
