"""Submissions: starting one, and submitting it. What was submitted never changes."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.answering.actions.drafts import Draft, Given, answers_of, locked_draft
from assessments.answering.actions.receiving import tell_received
from assessments.answering.hours import WithHours, is_open_again, is_over, read_with_hours, sitting_of
from assessments.answering.models import CoursePin, Submission
from assessments.answering.participation import FINISHED_WITHOUT, GRACE
from assessments.answering.receipts import DECLARATION
from assessments.case_studies.fingerprints import fingerprint, receipt_code, submission_canonical
from courses.models import Enrolment


class NotTheirs(Exception):
    """The enrolment is not the actor's own, or its version has no question of this number."""


class NotTakingPart(Refused):
    """The person withdrew, or the course was cancelled."""


class QuestionsNotOpen(Refused):
    """The trainer has not opened the questions yet."""


class TooLate(Refused):
    """Text that can be no part of the answers any more.

    Attributes:
        is_kept: whether it is kept for its author alone.
    """

    is_kept = False


class AnsweringClosed(TooLate):
    """The trainer closed answering; what was saved stays, unsubmitted."""


class AlreadySubmitted(TooLate):
    """What was submitted does not change."""


class OutcomeFinalised(TooLate):
    """The trainer finalised an outcome without a submission, so that none can follow."""


class NotDeclared(Refused):
    """Nothing is submitted without the declaration."""


class Unanswered(Refused):
    """Questions of which all or some has neither an answer nor a confirmed blank.

    Attributes:
        numbers: of those questions.
    """

    def __init__(self, message: str, numbers: list[int]) -> None:
        super().__init__(message)
        self.numbers = numbers


@transaction.atomic
def start_submission(*, enrolment: Enrolment | UUID, by: Person) -> Submission:
    """The submission that this enrolment's answers go to; made now where there is none.

    Args:
        enrolment: the enrolment, or its UUID where the caller has not read it.
        by: the person enrolled.

    Returns:
        The latest attempt, also where it was submitted already; the next one where answering was
        opened again for this person since.

    Raises:
        NotTakingPart, QuestionsNotOpen, AnsweringClosed: answers are not taken from this person now.
        OutcomeFinalised: the outcome was finalised without one.
        NotTheirs: the enrolment is not the actor's own.
    """
    return _start(_locked_enrolment(enrolment if isinstance(enrolment, UUID) else enrolment.uuid, by))


@transaction.atomic
def submit(
    *, enrolment: Enrolment | UUID, declared: bool, by: Person, submission: UUID | None = None
) -> Submission:
    """Submit all answers, with the declaration that they are the person's own work; final.

    It is possible after answering closed too, until the outcome is finalised: then nothing can be
    changed, and what was saved in time is declared and submitted.

    Args:
        enrolment: the enrolment, or its UUID.
        declared: whether they declared `receipts.DECLARATION`.
        by: the person enrolled.
        submission: the attempt that they looked at: an old form never submits a later one.

    Returns:
        The submission with its receipt and fingerprint; submitted earlier, exactly as it was then.

    Raises:
        NotDeclared: without the declaration.
        Unanswered: a question has neither an answer nor a confirmed blank, or a part of it has not, or there
            is no question.
        NotTakingPart, QuestionsNotOpen, OutcomeFinalised: not now.
        AnsweringClosed: nothing was saved while answering was open.
        NotTheirs: the enrolment is not theirs, or `submission` is another's.

    Side effects:
        Queues a letter to the person: the receipt, without a word of the answers.
    """
    uuid = enrolment if isinstance(enrolment, UUID) else enrolment.uuid
    draft = locked_draft(uuid, by)
    if draft is None:
        latest = _latest(_locked_enrolment(uuid, by))
        if latest is not None and latest.submitted_at is not None and submission in (None, latest.uuid):
            return latest
        if submission is None:
            start_submission(enrolment=uuid, by=by)
            draft = locked_draft(uuid, by)
    if draft is None or submission not in (None, draft.submission.uuid):
        return _submitted_earlier(uuid, submission, by)
    if not declared:
        raise NotDeclared(_("Tick the box to declare that the answers are your own work. Then submit."))
    answers = _all_answered(draft)
    made = draft.submission
    made.submitted_at = timezone.now()
    made.declaration = str(DECLARATION)
    made.fingerprint = fingerprint(
        submission_canonical(
            enrolment=draft.enrolment,
            attempt=made.attempt,
            version=draft.version_fingerprint,
            submitted_at=made.submitted_at,
            declaration=made.declaration,
            answers=[(given.number, given.text) for given in answers],
            blank_parts={given.number: given.blank_parts for given in answers},
        )
    )
    made.receipt = receipt_code(made.fingerprint)
    Submission.objects.filter(pk=made.pk).update(
        submitted_at=made.submitted_at,
        declaration=made.declaration,
        fingerprint=made.fingerprint,
        receipt=made.receipt,
    )
    tell_received(
        made,
        to=by,
        enrolment=draft.enrolment,
        course_title=draft.course_title,
        time_zone=draft.time_zone,
    )
    return made


# --- What they share ------------------------------------------------------------------------------


def _submitted_earlier(enrolment: UUID, submission: UUID | None, by: Person) -> Submission:
    """What an old form is about."""
    own = Submission.objects.filter(
        enrolment__uuid=enrolment, enrolment__person=by, submitted_at__isnull=False
    )
    found = own.filter(uuid=submission).first() if submission else None
    if found is None:
        raise NotTheirs
    return found


def _locked_enrolment(enrolment: UUID, by: Person) -> Enrolment:
    found = Enrolment.objects.select_for_update().filter(uuid=enrolment, person=by).first()
    if found is None:
        raise NotTheirs
    return found


def _latest(enrolment: Enrolment) -> Submission | None:
    """The latest attempt of this locked enrolment, itself locked."""
    return (
        Submission.objects.select_for_update(of=("self",))
        .select_related("version")
        .filter(enrolment=enrolment)
        .order_by("-attempt")
        .first()
    )


def _start(locked: Enrolment) -> Submission:
    """The latest attempt of this locked enrolment, itself locked; made where there is none."""
    latest = _latest(locked)
    enrolment = read_with_hours(locked.pk)
    submitted_at = latest.submitted_at if latest is not None else None
    if latest is not None and submitted_at and not is_open_again(enrolment, submitted_at, grace=GRACE):
        return latest
    _must_take_part(enrolment)
    if _is_finalised(enrolment.pk, latest):
        raise OutcomeFinalised(str(FINISHED_WITHOUT))
    _must_be_answering(enrolment)
    if latest is not None and submitted_at is None:
        return latest
    pin = CoursePin.objects.select_related("version").get(course=enrolment.course)
    attempt = 1 if latest is None else latest.attempt + 1
    return Submission.objects.create(
        enrolment=enrolment, course=enrolment.course, version=pin.version, attempt=attempt
    )


def _must_take_part(enrolment: Enrolment) -> None:
    if enrolment.withdrawn_at is not None or enrolment.course.cancelled_at is not None:
        raise NotTakingPart(_("This course goes on without you, or was cancelled, so no answers are taken."))


def _must_be_answering(enrolment: WithHours) -> None:
    sitting = sitting_of(enrolment)
    if sitting is None or sitting.opened_at is None:
        raise QuestionsNotOpen(
            _("The questions are not open yet. Your trainer opens them when the room is ready.")
        )
    if is_over(enrolment, grace=GRACE):
        raise AnsweringClosed(
            _(
                "Answering is closed, so nothing more is taken. What was saved in time is still there, and "
                "can be submitted. If you need more time, speak to your trainer."
            )
        )


def _is_finalised(enrolment: int, submission: Submission | None) -> bool:
    """Was an outcome finalised about this attempt or about none, or while it was underway."""
    about_it = Q(recommendations__submission__isnull=True) | Q(recommendations__submission=submission)
    if submission is not None:
        about_it |= Q(recommendations__finalised_at__gt=submission.started_at)
    finalised = Enrolment.objects.filter(about_it, pk=enrolment, recommendations__finalised_at__isnull=False)
    return finalised.exists()


def _all_answered(draft: Draft) -> list[Given]:
    """The answer to every question, in order.

    Raises:
        OutcomeFinalised: before the enrolment was locked, its outcome was finalised without this.
        Unanswered: one is missing, or a part of one, or there is no question at all.
    """
    answers = answers_of(draft)
    if not answers and _is_finalised(draft.submission.enrolment_id, draft.submission):
        raise OutcomeFinalised(str(FINISHED_WITHOUT))
    missing = [given.number for given in answers if given.is_missing]
    if not answers:
        raise Unanswered(_("There is no question to answer, so nothing can be submitted."), [])
    if missing:
        told = {"numbers": ", ".join(map(str, missing))}
        raise Unanswered(
            ngettext(
                "Question %(numbers)s is not answered in all its parts. Answer it, or confirm what you leave"
                " blank.",
                "Questions %(numbers)s are not answered in all their parts. Answer them, or confirm what you"
                " leave blank.",
                len(missing),
            )
            % told,
            missing,
        )
    return answers
