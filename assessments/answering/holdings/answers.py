"""Somebody's answers, handed in or not."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from django.utils.translation import gettext_lazy as _

from accounts.personal_data import ITS_OWN, SECRET, HeldFile, Holding, add_holding, done_by, names, says
from assessments.answering.models import (
    AcknowledgedSave,
    Answer,
    JournalKey,
    KeptAnswer,
    Submission,
    UnsentUpload,
)
from assessments.answering.receipts import canonical_form

OF_SUBMISSION = says("submission", _("Course"), "submission.enrolment.course.title")
QUESTION = says("question", _("Question"), "question.number")
SUBMISSION = ("submission__enrolment__course",)


def _as_submitted(submission: Submission) -> Iterator[HeldFile]:
    """The bytes that the receipt is of; there are none of a draft."""
    if submission.submitted_at is not None:
        yield HeldFile(f"{submission.receipt}.txt", lambda: BytesIO(canonical_form(submission)))


add_holding(
    Holding(
        name="submissions",
        title=_("Your answers, handed in or begun"),
        about=_(
            "Each attempt. Of one that you handed in, the file is what its receipt is of. Questions are named"
            " by their number, since what they ask is the case study’s."
        ),
        model=Submission,
        find=lambda whose: Submission.objects.filter(enrolment__person__in=whose.accounts),
        columns=(
            names("uuid"),
            says("enrolment", _("Course"), "enrolment.course.title"),
            says("attempt", _("Attempt")),
            says("started_at", _("Begun")),
            says("submitted_at", _("Handed in")),
            says("declaration", _("What you declared")),
            says("fingerprint", _("SHA-256 of what you handed in")),
            says("receipt", _("Receipt")),
        ),
        without={"course": ITS_OWN, "version": ITS_OWN},
        related=("enrolment__course", "version"),
        files=_as_submitted,
    )
)
add_holding(
    Holding(
        name="answers",
        title=_("What you answered"),
        about=_(
            "Question by question. What you have not handed in is read by you alone. An answer of several"
            " parts stands as it is kept, with the names of its parts."
        ),
        model=Answer,
        find=lambda whose: Answer.objects.filter(submission__enrolment__person__in=whose.accounts),
        columns=(
            OF_SUBMISSION,
            says("attempt", _("Attempt"), "submission.attempt"),
            QUESTION,
            says("text", _("Answer")),
            says("blank_confirmed_at", _("Left blank on purpose")),
            says("blank_parts", _("Parts left blank on purpose")),
            says("finished_at", _("Went on from it")),
            says("revision", _("How often it was saved")),
            says("saved_at", _("Last saved")),
        ),
        without={"version": ITS_OWN, "gaps": ITS_OWN},
        related=(*SUBMISSION, "question"),
    )
)
add_holding(
    Holding(
        name="earlier_answers",
        title=_("Earlier wordings of your answers"),
        about=_("What an answer said before, a side of a conflict, and what came too late. Yours alone."),
        model=KeptAnswer,
        find=lambda whose: KeptAnswer.objects.filter(submission__enrolment__person__in=whose.accounts),
        columns=(
            OF_SUBMISSION,
            QUESTION,
            says("why", _("Why it is kept")),
            says("text", _("Text")),
            says("saved_at", _("Saved")),
        ),
        without={"minute": ITS_OWN},
        related=(*SUBMISSION, "question"),
    )
)
add_holding(
    Holding(
        name="saves",
        title=_("Each time an answer was saved"),
        about=_("So that a page can be told what is stored: when, from which page, and the text’s SHA-256."),
        model=AcknowledgedSave,
        find=lambda whose: AcknowledgedSave.objects.filter(submission__enrolment__person__in=whose.accounts),
        columns=(
            OF_SUBMISSION,
            QUESTION,
            says("device", _("Page")),
            says("sequence", _("Its number")),
            says("revision", _("Revision")),
            says("sha256", _("SHA-256")),
            says("saved_at", _("Saved")),
        ),
        related=(*SUBMISSION, "question"),
        is_listed=False,
    )
)
add_holding(
    Holding(
        name="journal_keys",
        title=_("Keys to what your own devices keep"),
        about=_("That there is or was one. It is destroyed soon after the course."),
        model=JournalKey,
        find=lambda whose: JournalKey.objects.filter(submission__enrolment__person__in=whose.accounts),
        columns=(OF_SUBMISSION, says("made_at", _("Made")), says("destroyed_at", _("Destroyed"))),
        without={"key": SECRET},
        related=SUBMISSION,
    )
)
add_holding(
    Holding(
        name="files_of_unsent_answers",
        title=_("Files of answers that a device could not send"),
        about=_("That one was taken in for you. What was in it stands among your answers."),
        model=UnsentUpload,
        find=lambda whose: UnsentUpload.objects.filter(submission__enrolment__person__in=whose.accounts),
        columns=(
            OF_SUBMISSION,
            says("sha256", _("SHA-256 of the file")),
            says("answers", _("Answers in it")),
            says("uploaded_at", _("Taken in")),
            done_by("uploaded_by", _("By")),
        ),
        related=SUBMISSION,
    )
)
