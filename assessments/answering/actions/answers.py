"""Answering: saving one answer, confirming that one stays blank. Drafts are their author's alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import NoReturn, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.answering.actions.drafts import locked_answer
from assessments.answering.actions.keeping import Keeping, Page, Verdict, keep, keep_aside, sha256_of
from assessments.answering.actions.submissions import AlreadySubmitted, NotTheirs, TooLate, start_submission
from assessments.answering.models import AcknowledgedSave, Answer, Submission
from assessments.answering.participation import GRACE
from assessments.case_studies.actions.texts import kept_of, left_out_of
from assessments.case_studies.kinds import PLAIN_FIELD
from assessments.case_studies.models import Question
from assessments.states import Kept
from courses.models import Enrolment

T = TypeVar("T")


class HasText(Refused):
    """An answer with text is no blank."""


class StaleAnswer(Refused):
    """The answer was saved meanwhile, from another tab or device; both texts are kept.

    Attributes:
        saved: the answer as it is kept now.
        text: the one that was refused.
    """

    def __init__(self, saved: Answer, text: str) -> None:
        super().__init__(
            _(
                "This answer was saved in another tab or on another device after you opened this page. "
                "Nothing is lost: both texts are here. Choose what to keep."
            )
        )
        self.saved, self.text = saved, text


def save_answer(
    *,
    enrolment: Enrolment | UUID,
    number: int,
    base_revision: int,
    by: Person,
    text: str = "",
    values: Mapping[str, str] | None = None,
    finished: bool | None = True,
    page: Page | None = None,
    submission: UUID | None = None,
) -> Keeping:
    """Keep one answer as a draft, exactly as typed; nobody but its author reads it.

    Where answering goes on, this takes two statements: it reads and locks the submission together with
    all that decides whether it may be saved, then writes the answer.

    Args:
        enrolment: the enrolment, or its UUID where the caller has not read it.
        number: the question's.
        base_revision: the revision that the text was typed over; 0 where there was no answer.
        by: the person enrolled.
        text: the whole of a written answer; empty takes it away again.
        values: in its place, what stands in each field, by name, of an answer of another kind.
        finished: whether they go on from it, or mean to come back to it; None leaves that as it is.
        page: which page sends it, and which of its saves it is, where it has a script to tell.
        submission: the attempt that it was typed for; None for whichever is open.

    Returns:
        What is kept. Saving the same text again changes nothing, whatever it builds on; a save that
        was acknowledged to the same page before changes nothing either, and is answered as it was.

    Raises:
        TextRefused: it is too long, holds characters that cannot be kept, or fits another question.
        StaleAnswer: it builds on an older revision; the refusal carries both texts, and both are kept.
        AnsweringClosed: more than `participation.GRACE` after closing. What was sent is kept for its author,
            and is no part of what can be submitted.
        AlreadySubmitted, OutcomeFinalised: likewise. Each says whether anything was kept.
        NotTakingPart, QuestionsNotOpen: not now.
        NotTheirs: there is no such question, or the enrolment is not theirs.
    """
    typed = {PLAIN_FIELD: text} if values is None else values
    now = timezone.now()

    def save(answer: Answer) -> Keeping | StaleAnswer:
        wanted = kept_of(answer.question, typed)
        kept = keep(
            answer,
            wanted,
            base=base_revision,
            finished=finished,
            now=now,
            page=page,
            left_out=left_out_of(answer.question, wanted),
        )
        if kept.verdict != Verdict.STALE:
            return kept
        saved = Answer.objects.get(submission=answer.submission_id, question=answer.question_id)
        for side, at in ((saved.text, saved.saved_at), (wanted, now)):
            keep_aside(
                submission=answer.submission_id,
                question=answer.question_id,
                text=side,
                why=Kept.CONFLICT,
                at=at,
            )
        return StaleAnswer(saved, wanted)

    try:
        found = _with_answer(enrolment, number, by, save, submission=submission, taken_at=now - GRACE)
    except TooLate as refused:
        known = _came_too_late(enrolment, number, by, typed, page, submission, now)
        if isinstance(known, Keeping):
            return known
        refused.is_kept = known
        raise
    # Raised here, since the transaction that kept both sides must not be undone.
    if isinstance(found, StaleAnswer):
        raise found
    return found


def confirm_blank(*, enrolment: Enrolment | UUID, number: int, by: Person) -> Answer:
    """Leave one question blank on purpose: it then counts as answered, and as not met.

    Args:
        enrolment: the enrolment, or its UUID.
        number: the question's.
        by: the person enrolled.

    Returns:
        The blank answer; confirmed earlier, it stays as it was. Writing an answer undoes it.

    Raises:
        HasText: there is an answer.
        AlreadySubmitted, NotTakingPart, QuestionsNotOpen, AnsweringClosed, OutcomeFinalised: not now.
        NotTheirs: there is no such question, or the enrolment is not theirs.
    """
    now = timezone.now()

    def confirm(answer: Answer) -> Answer:
        # What was read with the lock may be older than it.
        current, is_new = Answer.objects.get_or_create(
            submission_id=answer.submission_id,
            question_id=answer.question_id,
            defaults={"version_id": answer.version_id, "saved_at": now, "blank_confirmed_at": now},
        )
        if current.text:
            raise HasText(
                _("Question %(number)d has an answer. To leave it blank, delete the answer first.")
                % {"number": number}
            )
        if not is_new and current.blank_confirmed_at is None:
            current.blank_confirmed_at = current.saved_at = now
            current.revision += 1
            current.save(update_fields=["blank_confirmed_at", "saved_at", "revision"])
        return current

    # After closing too: it adds no word, and whoever may still submit must be able to.
    return _with_answer(enrolment, number, by, confirm, submission=None, taken_at=None)


def confirm_blank_parts(
    *, enrolment: Enrolment | UUID, number: int, parts: Collection[str], by: Person
) -> Answer:
    """Leave some parts of an answer blank on purpose: they then count as answered, and as not met.

    Args:
        enrolment: the enrolment, or its UUID.
        number: the question's.
        parts: the names of these parts, as the question's kind has them.
        by: the person enrolled.

    Returns:
        The answer. Its text and its revision stay as they are, so that a page goes on saving; filling a
        part in undoes that it was confirmed. Confirmed earlier, it stays as it was.

    Raises:
        HasText: one of them is filled in, or is no part of this question, or nothing of it was begun.
        AlreadySubmitted, NotTakingPart, QuestionsNotOpen, OutcomeFinalised: not now.
        NotTheirs: there is no such question, or the enrolment is not theirs.
    """

    def confirm(answer: Answer) -> Answer:
        # What was read with the lock may be older than it.
        current = Answer.objects.filter(submission=answer.submission_id, question=answer.question_id).first()
        empty = left_out_of(answer.question, current.text) if current is not None else []
        if current is None or not set(parts) <= set(empty):
            raise HasText(
                _("Question %(number)d was changed since. Open this page again to see what is blank now.")
                % {"number": number}
            )
        wanted = {*parts, *current.blank_parts}
        blank = [name for name in empty if name in wanted]
        if blank != current.blank_parts:
            current.blank_parts, current.gaps = blank, len(empty) - len(blank)
            current.save(update_fields=["blank_parts", "gaps"])
        return current

    # After closing too: it adds no word, and whoever may still submit must be able to.
    return _with_answer(enrolment, number, by, confirm, submission=None, taken_at=None)


# --- What they share ------------------------------------------------------------------------------


def _with_answer(
    enrolment: Enrolment | UUID,
    number: int,
    by: Person,
    act: Callable[[Answer], T],
    *,
    submission: UUID | None,
    taken_at: datetime | None,
) -> T:
    """`act` on the answer to question `number`, perhaps not saved yet, with its submission locked.

    Each of the two tries is a transaction of its own: PostgreSQL keeps the lock on a submission that
    was submitted while the first one waited for it, and starting one locks the enrolment before it.
    """
    uuid = enrolment if isinstance(enrolment, UUID) else enrolment.uuid
    with transaction.atomic():
        answer = locked_answer(uuid, number, by, submission=submission, taken_at=taken_at)
        if answer is not None:
            return act(answer)
    with transaction.atomic():
        if submission is None:
            meant = start_submission(enrolment=enrolment, by=by)
        else:
            meant = _own(uuid, by).filter(uuid=submission).first() or _nobodys()
            if meant.submitted_at is None:
                # Says why, where it is not taken any more.
                start_submission(enrolment=enrolment, by=by)
        if meant.submitted_at is not None:
            raise AlreadySubmitted(
                _("Your answers were submitted, and nothing in them can change. Your receipt shows them.")
            )
        answer = locked_answer(uuid, number, by, submission=submission, taken_at=taken_at)
        if answer is None:
            raise NotTheirs
        return act(answer)


@transaction.atomic
def _came_too_late(
    enrolment: Enrolment | UUID,
    number: int,
    by: Person,
    typed: Mapping[str, str],
    page: Page | None,
    submission: UUID | None,
    now: datetime,
) -> Keeping | bool:
    """Keep for its author what came too late; a save that was acknowledged in time is answered as it was.

    Returns:
        The answer to such a save; else whether there was anything to keep, and an attempt to keep it with.
    """
    uuid = enrolment if isinstance(enrolment, UUID) else enrolment.uuid
    own = _own(uuid, by).select_for_update(of=("self",)).order_by("-attempt")
    meant = (own.filter(uuid=submission) if submission else own).first()
    if meant is None:
        return False
    question = Question.objects.filter(version=meant.version_id, number=number).first()
    if question is None:
        raise NotTheirs
    if page is not None:
        known = AcknowledgedSave.objects.filter(
            submission=meant, device=page.device, sequence=page.sequence
        ).first()
        if known is not None:
            return Keeping(Verdict.KNOWN, known.revision, known.saved_at, known.sha256)
    text = kept_of(question, typed)
    answer = meant.answers.filter(question=question).first()
    if answer is not None and answer.text == text:
        # The very text that is there: it is not late but in.
        return Keeping(Verdict.SAME, answer.revision, answer.saved_at, sha256_of(text))
    keep_aside(submission=meant.pk, question=question.pk, text=text, why=Kept.LATE, at=now)
    return bool(text)


def _own(enrolment: UUID, by: Person) -> QuerySet[Submission]:
    return Submission.objects.filter(enrolment__uuid=enrolment, enrolment__person=by)


def _nobodys() -> NoReturn:
    raise NotTheirs
