"""Answering: saving one answer, confirming that one stays blank. Drafts are their author's alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.actions.drafts import locked_answer, write_answer
from assessments.actions.submissions import AlreadySubmitted, NotTheirs, start_submission
from assessments.actions.texts import kept_of
from assessments.kinds import PLAIN_FIELD
from assessments.models import Answer
from courses.models import Enrolment


class HasText(Refused):
    """An answer with text is no blank."""


class StaleAnswer(Refused):
    """The answer was saved meanwhile, from another tab or device; both texts still exist.

    Attributes:
        saved: the answer as it is kept now.
        text: the one that was refused.
    """

    def __init__(self, message: str, saved: Answer, text: str) -> None:
        super().__init__(message)
        self.saved, self.text = saved, text


def save_answer(
    *,
    enrolment: Enrolment | UUID,
    number: int,
    base_revision: int,
    by: Person,
    text: str = "",
    values: Mapping[str, str] | None = None,
    finished: bool = True,
) -> Answer:
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
        finished: whether they go on from it, or mean to come back to it.

    Returns:
        The answer as it is kept. Saving the same text again changes nothing, whatever it builds on.

    Raises:
        TextRefused: it is too long, holds characters that cannot be kept, or fits another question.
        StaleAnswer: it builds on an older revision; the refusal carries both texts.
        AlreadySubmitted, NotTakingPart, QuestionsNotOpen, AnsweringClosed, OutcomeFinalised: not now.
        NotTheirs: there is no such question, or the enrolment is not theirs.
    """
    typed = {PLAIN_FIELD: text} if values is None else values
    now = timezone.now()

    def save(answer: Answer) -> Answer:
        text = kept_of(answer.question, typed)
        finished_at = now if finished and text else None
        if _says(answer, text):
            # Nothing to keep but, perhaps, that its author goes on from it.
            if answer.pk and bool(answer.finished_at) != bool(finished_at):
                write_answer(answer, finished_at=finished_at)
            return answer
        if answer.revision == base_revision and write_answer(
            answer,
            text=text,
            revision=base_revision + 1,
            saved_at=now,
            finished_at=finished_at,
            blank_confirmed_at=None,
        ):
            return answer
        answer = _saved_since(answer)
        if _says(answer, text):
            return answer
        raise StaleAnswer(
            _(
                "This answer was saved in another tab or on another device after you opened this page. "
                "Nothing is lost: both texts are here. Choose what to keep."
            ),
            answer,
            text,
        )

    return _with_answer(enrolment, number, by, save)


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
        if answer.blank_confirmed_at is None and not answer.text:
            confirmed = write_answer(
                answer, revision=answer.revision + 1, saved_at=now, blank_confirmed_at=now
            )
            answer = answer if confirmed else _saved_since(answer)
        if answer.text:
            raise HasText(
                _("Question %(number)d has an answer. To leave it blank, delete the answer first.")
                % {"number": number}
            )
        return answer

    return _with_answer(enrolment, number, by, confirm)


# --- What they share ------------------------------------------------------------------------------


def _with_answer(
    enrolment: Enrolment | UUID, number: int, by: Person, act: Callable[[Answer], Answer]
) -> Answer:
    """`act` on the answer to question `number`, perhaps not saved yet, with its submission locked.

    Each of the two tries is a transaction of its own: PostgreSQL keeps the lock on a submission that
    was submitted while the first one waited for it, and starting one locks the enrolment before it.
    """
    uuid = enrolment if isinstance(enrolment, UUID) else enrolment.uuid
    with transaction.atomic():
        answer = locked_answer(uuid, number, by)
        if answer is not None:
            return act(answer)
    with transaction.atomic():
        if start_submission(enrolment=enrolment, by=by).submitted_at is not None:
            raise AlreadySubmitted(
                _("Your answers were submitted, and nothing in them can change. Your receipt shows them.")
            )
        answer = locked_answer(uuid, number, by)
        if answer is None:
            raise NotTheirs
        return act(answer)


def _says(answer: Answer, text: str) -> bool:
    """Whether `text` is what is kept; where nothing is kept, nothing says nothing."""
    return answer.text == text and (answer.pk is not None or not text)


def _saved_since(answer: Answer) -> Answer:
    """The answer as it is kept now, of the question that `answer` is about."""
    return Answer.objects.get(submission=answer.submission_id, question=answer.question_id)
