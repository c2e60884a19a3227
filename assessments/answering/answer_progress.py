"""How far one person's answers are, in words for who runs or marks their course; never a word of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.answering.hours import TimeGranted, ends_for, with_hours
from assessments.answering.models import Sitting, Transcription

# Words, and the tone of their tag.
Said = tuple[Promise, str]

SUBMITTED: Said = (_("Submitted"), "good")
AGAIN: Said = (_("Submitted; open again for another attempt"), "waiting")
ON_PAPER: Said = (_("On paper: being typed in or checked"), "waiting")
LEFT: Said = (_("Left the course without submitting"), "attention")
NOT_OPEN: Said = (_("The questions are not open yet"), "neutral")
NOT_STARTED: Said = (_("Not started"), "neutral")
WRITING: Said = (_("Started; answering is open"), "waiting")
REOPENED: Said = (_("Open again for them; not submitted"), "waiting")
NEVER_STARTED: Said = (_("Answering is over; nothing was started"), "attention")
NOT_SUBMITTED: Said = (_("Answering is over; started and not submitted"), "attention")


class WithStandingAnswers(TimeGranted, Protocol):
    """An enrolment read `with_standing_answers`, and with when the attempt that counts was submitted."""

    submitted_at: datetime | None
    withdrawn_at: datetime | None
    is_on_paper: bool


def with_standing_answers(enrolments: QuerySet[Any]) -> QuerySet[Any]:
    """`enrolments` with what `said_of_answers` reads, in the one query that reads them."""
    paper = Transcription.objects.underway().filter(enrolment=OuterRef("pk"))
    return with_hours(enrolments).annotate(is_on_paper=Exists(paper))


def said_of_answers(one: WithStandingAnswers, sitting: Sitting | None, *, has_begun: bool) -> Said:
    """How far the answers of an enrolment are.

    Args:
        one: read `with_standing_answers`, with `submitted_at` of the attempt that counts.
        sitting: the day of its course, if it was begun.
        has_begun: whether there is any attempt.
    """
    ends_at = ends_for(sitting, one)
    is_over = ends_at is not None and ends_at <= timezone.now()
    if one.submitted_at is not None:
        is_again = one.reopened_at is not None and one.reopened_at > one.submitted_at and not is_over
        return AGAIN if is_again else SUBMITTED
    if one.withdrawn_at is not None:
        return LEFT
    if one.is_on_paper:
        return ON_PAPER
    if sitting is None or sitting.opened_at is None:
        return NOT_OPEN
    if is_over:
        return NOT_SUBMITTED if has_begun else NEVER_STARTED
    if one.reopened_at is not None and sitting.is_over:
        return REOPENED
    return WRITING if has_begun else NOT_STARTED
