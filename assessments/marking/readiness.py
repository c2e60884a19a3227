"""What is still to be done before an outcome can be finalised: one list, which every page reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.marking.facts import is_marked, is_override, suggested_outcome, with_assessment
from assessments.marking.models import CriterionMark, Recommendation
from assessments.marking.second_marking import (
    SecondMarked,
    Why,
    holds_up_finalising,
    is_settled,
    with_second_marking,
)
from assessments.states import Outcome, Reason
from courses.models import Enrolment, EnrolmentQuerySet


class Assessment(SecondMarked, Protocol):
    """What is read here of an enrolment: its assessment, its attendance, whether it was withdrawn."""

    pk: int
    withdrawn_at: datetime | None
    sessions_total: int
    sessions_entered: int
    sessions_met: int
    last_session_ends_at: datetime | None
    is_course_over: bool
    is_attended_in_full: bool


# An Enrolment that is an Assessment too, which no annotation of Django's can say.
AssessedEnrolment: TypeAlias = Any


class Step(StrEnum):
    """What has to be done, and so on which page."""

    MARK = "mark"
    OUTCOME = "outcome"
    CONVERSATION = "conversation"
    FEEDBACK = "feedback"
    DISAGREEMENT = "disagreement"
    SECOND_MARKING = "second_marking"


@dataclass(frozen=True)
class Missing:
    """One thing that is still to be done, and the words that say it."""

    step: Step
    words: str | Promise


NOT_RECOMMENDED = Missing(Step.OUTCOME, _("Recommend an outcome."))
NOT_MARKED = Missing(Step.MARK, _("Mark every criterion."))
ANSWERED_AGAIN = Missing(
    Step.OUTCOME,
    _("Other answers were submitted since this outcome was recommended: recommend one on those."),
)
NO_REASONS = Missing(Step.OUTCOME, _("Choose at least one reason."))
NO_INTEREST = Missing(
    Step.OUTCOME,
    _("Where interest is a reason, write what was observed and the person’s own account."),
)
NO_EXPERIENCE = Missing(
    Step.OUTCOME,
    _("Where experience is a reason, write what shows it and which experience is needed."),
)
STILL_SUBMITS = Missing(
    Step.OUTCOME,
    _(
        "They have saved answers and can still submit them. Ask them to; if they do not, this can be said"
        " from a day after the last session on."
    ),
)
NO_BECAUSE = Missing(Step.OUTCOME, _("Say why there is nothing to assess."))
NO_OVERRIDE_REASON = Missing(Step.OUTCOME, _("The outcome differs from what the marks suggest: say why."))
NO_CONVERSATION = Missing(
    Step.CONVERSATION,
    _("Record the conversation with the person, or why it could not be held and who holds it by when."),
)
TOO_LATE_TO_SPEAK = Missing(
    Step.CONVERSATION,
    _("The day by which the conversation was to be held has passed: record it, or say a new day."),
)
NO_FEEDBACK = Missing(
    Step.FEEDBACK,
    _("Write what the participant reads and what the commissioner is told."),
)
DISAGREED = Missing(
    Step.DISAGREEMENT,
    _(
        "A co-trainer disagrees. This outcome cannot be finalised until they withdraw that, or until a second"
        " marking is settled. The AIM Project asks a second marker."
    ),
)
YOU_DISAGREE = Missing(
    Step.DISAGREEMENT,
    _(
        "You disagree. This outcome cannot be finalised until you withdraw that, or until a second marking is"
        " settled. The AIM Project asks a second marker."
    ),
)
NEEDS_SECOND_MARKER = Missing(
    Step.SECOND_MARKING,
    _(
        "Competent is recommended although an essential criterion is not met. This is saved, and cannot be"
        " finalised until a second marking is settled. The AIM Project asks a second marker."
    ),
)
NEEDS_SECOND_LOOK = Missing(
    Step.SECOND_MARKING,
    _(
        "These answers are marked a second time before anybody is told not yet competent: they are close to"
        " the line, or it is one of the Associate’s first courses, or they were drawn in the sample. The AIM"
        " Project asks a second marker. Speak with the person today all the same."
    ),
)
NOT_SUPPORTED = Missing(
    Step.OUTCOME,
    _(
        "The second marking was settled: an essential criterion is not met, and competent is not supported."
        " Recommend another outcome."
    ),
)


def assessed(enrolments: EnrolmentQuerySet) -> QuerySet[AssessedEnrolment]:
    """`enrolments` with every fact that this module reads."""
    return with_second_marking(with_assessment(enrolments.with_attendance()))


def assessment_of(enrolment: Enrolment) -> AssessedEnrolment:
    """The facts of `enrolment`, one that was looked up as visible, as they are now."""
    return assessed(Enrolment.objects.filter(pk=enrolment.pk)).get()


def needs_override_reason(
    assessment: Assessment,
    *,
    outcome: str,
    reasons: Iterable[str],
    begun_because: str = "",
) -> bool:
    """Whether an outcome differs from what the marks suggest, and nothing else on record says why.

    On record are an attendance that is not full, a withdrawal, and a refusal by The AIM Project.
    """
    if outcome == suggested_outcome(assessment):
        return False
    if outcome == Outcome.COMPETENT:
        return True
    absent = assessment.sessions_met < assessment.sessions_total
    if outcome == Outcome.NOT_YET and Reason.ATTENDANCE in reasons and absent:
        return False
    withdrew = outcome == Outcome.NOT_ASSESSED and assessment.withdrawn_at is not None
    return not withdrew and not begun_because


def missing_to_finalise(assessment: Assessment, recommendation: Recommendation | None) -> list[Missing]:
    """What is still to be done before `recommendation` can be finalised, in the order to do it.

    Args:
        assessment: the enrolment with its facts.
        recommendation: its latest round, or None.

    Returns:
        nothing where it can be finalised. Attendance, approval and the sponsor's confirmation are
        the certification rule's, which is asked elsewhere.
    """
    if recommendation is None:
        return [NOT_RECOMMENDED] if is_marked(assessment) else [NOT_MARKED, NOT_RECOMMENDED]
    missing = []
    outcome = recommendation.outcome
    # Somebody who submitted nothing can still be found not yet competent.
    stands_on_marks = outcome == Outcome.COMPETENT or (
        outcome == Outcome.NOT_YET and assessment.submitted_at is not None
    )
    if stands_on_marks and not is_marked(assessment):
        missing.append(NOT_MARKED)
    elif stands_on_marks and not _stands_on_latest(assessment, recommendation):
        missing.append(ANSWERED_AGAIN)
    if outcome == Outcome.NOT_YET:
        if not recommendation.reasons:
            missing.append(NO_REASONS)
        if Reason.INTEREST in recommendation.reasons and not (
            recommendation.interest_observed and recommendation.interest_own_account
        ):
            missing.append(NO_INTEREST)
        if Reason.EXPERIENCE in recommendation.reasons and not (
            recommendation.experience_shown and recommendation.experience_needed
        ):
            missing.append(NO_EXPERIENCE)
    if outcome == Outcome.NOT_ASSESSED:
        if not recommendation.not_assessed_because:
            missing.append(NO_BECAUSE)
        if may_still_submit(assessment):
            missing.append(STILL_SUBMITS)
    if not recommendation.override_reason and needs_override_reason(
        assessment,
        outcome=outcome,
        reasons=recommendation.reasons,
        begun_because=recommendation.begun_because,
    ):
        missing.append(NO_OVERRIDE_REASON)
    if outcome == Outcome.NOT_YET and not recommendation.conversation:
        if recommendation.conversation_due_on is None:
            missing.append(NO_CONVERSATION)
        elif recommendation.conversation_due_on < timezone.localdate():
            missing.append(TOO_LATE_TO_SPEAK)
    # Whoever left without a conversation has the words alone to go by.
    if outcome != Outcome.COMPETENT and not (
        recommendation.told_participant and recommendation.told_commissioner
    ):
        missing.append(NO_FEEDBACK)
    missing.extend(
        {Why.DISAGREEMENT: DISAGREED, Why.OVERRIDE: NEEDS_SECOND_MARKER}.get(why, NEEDS_SECOND_LOOK)
        for why in holds_up_finalising(assessment, outcome)
    )
    if is_settled(assessment) and is_override(assessment) and not assessment.supports_override:
        missing.append(NOT_SUPPORTED)
    return list(dict.fromkeys(missing))


def may_still_submit(assessment: Assessment) -> bool:
    """Whether they saved answers that they did not submit, and are given time to.

    Until an outcome is finalised nothing but that keeps them from it; what their device still holds can
    reach us as long as its key is kept.
    """
    if assessment.submitted_at is not None or not assessment.questions_answered or assessment.withdrawn_at:
        return False
    ends_at = assessment.last_session_ends_at
    return ends_at is None or timezone.now() < ends_at + timedelta(hours=settings.AIM["JOURNAL_HOURS"])


def marking_revision_of(marking: int | None) -> int:
    """What rises with each change of a mark of the marking with this primary key; 0 where there is none."""
    marks = CriterionMark.objects.filter(marking=marking or 0)
    return marks.aggregate(changes=Sum("revision"))["changes"] or 0


def said_to(missing: Iterable[Missing], *, disagrees: bool) -> list[Missing]:
    """`missing`, as it is said to a trainer who disagrees, or does not."""
    return [YOU_DISAGREE if one is DISAGREED and disagrees else one for one in missing]


def _stands_on_latest(assessment: Assessment, recommendation: Recommendation) -> bool:
    return recommendation.marking_id in (assessment.marking_id, assessment.settled_from_id)
