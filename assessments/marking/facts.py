"""The facts of assessment that the certification rule reads: submission, marks, recommendation."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.db.models import F, OuterRef, QuerySet

from aimcert.foundation.rows import counted, first
from assessments.answering.models import ANSWERED, Answer, CoursePin, Submission
from assessments.case_studies.models import Criterion, Question
from assessments.marking.models import (
    MET,
    CriterionMark,
    Disagreement,
    Marking,
    Recommendation,
    Settlement,
)
from assessments.states import Outcome
from courses.models import Enrolment


class Assessed(Protocol):
    """What `with_assessment` adds to an enrolment; nothing there is None, or zero where counted."""

    version_id: int | None
    submission_id: int | None
    submitted_at: datetime | None
    questions_total: int
    questions_answered: int
    criteria_total: int
    criteria_marked: int
    essential_total: int
    essential_met: int
    marking_id: int | None
    marking_finalised_at: datetime | None
    recommendation_id: int | None
    recommendation_round: int | None
    recommendation_marking_id: int | None
    recommendation_finalised_at: datetime | None
    outcome: str | None
    standing_disagreements: int
    settled_from_id: int | None
    supports_override: bool | None


def with_assessment(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """`enrolments` with the attributes of `Assessed`, in the one query that reads them.

    `version_id` is the version that the course has pinned; without one, totals are zero, which
    meets nothing. The latest attempt that was submitted counts, its latest round of marking, and the
    latest round of recommendation. `recommendation_marking_id` is the marking that the recommendation
    stands on: see `stands_on_latest`. `settled_from_id` is the first marking that the latest one was settled
    from, None where nothing was settled; `supports_override` what was settled about an override.
    """
    # An attempt that was begun and not submitted never takes the place of one that was.
    attempts = Submission.objects.filter(enrolment=OuterRef("pk")).order_by(
        F("submitted_at").desc(nulls_last=True), "-attempt"
    )
    markings = Marking.objects.filter(submission=OuterRef("submission_id")).standing_first()
    recommendations = Recommendation.objects.filter(enrolment=OuterRef("pk")).latest_first()
    pins = CoursePin.objects.filter(course=OuterRef("course_id"))
    questions = Question.objects.filter(version=OuterRef("version_id"))
    criteria = Criterion.objects.filter(question__version=OuterRef("version_id"))
    answers = Answer.objects.filter(ANSWERED, submission=OuterRef("submission_id"))
    marks = CriterionMark.objects.judged().filter(marking=OuterRef("marking_id"))
    settlements = Settlement.objects.filter(marking=OuterRef("marking_id"))
    disagreements = Disagreement.objects.filter(
        recommendation=OuterRef("recommendation_id"), withdrawn_at__isnull=True
    )
    return (
        enrolments.annotate(
            submission_id=first(attempts, "pk"),
            submitted_at=first(attempts, "submitted_at"),
            recommendation_id=first(recommendations, "pk"),
            recommendation_round=first(recommendations, "round"),
            recommendation_marking_id=first(recommendations, "marking"),
            recommendation_finalised_at=first(recommendations, "finalised_at"),
            outcome=first(recommendations, "outcome"),
            version_id=first(pins, "version"),
        )
        .annotate(
            marking_id=first(markings, "pk"),
            marking_finalised_at=first(markings, "finalised_at"),
            questions_answered=counted(answers),
            standing_disagreements=counted(disagreements),
            questions_total=counted(questions),
            criteria_total=counted(criteria),
            essential_total=counted(criteria.filter(is_essential=True)),
        )
        .annotate(
            settled_from_id=first(settlements, "first"),
            supports_override=first(settlements, "supports_override"),
            criteria_marked=counted(marks),
            essential_met=counted(marks.filter(MET, criterion__is_essential=True)),
        )
    )


def suggested_outcome(facts: Assessed) -> Outcome | None:
    """The outcome that the marks alone suggest; None while it cannot be said yet.

    Not assessed where nothing was submitted. Competent where every criterion is marked and every
    essential one is met; a version without an essential criterion suggests nobody.
    """
    if facts.submitted_at is None:
        return Outcome.NOT_ASSESSED
    if facts.marking_id is None or not is_marked(facts):
        return None
    if _meets_essential(facts):
        return Outcome.COMPETENT
    return Outcome.NOT_YET


def is_marked(facts: Assessed) -> bool:
    """Whether every criterion of the latest answers is judged; no criterion is nothing judged."""
    return facts.criteria_total > 0 and facts.criteria_marked >= facts.criteria_total


def stands_on_latest(facts: Assessed) -> bool:
    """Whether the recommended outcome stands on the marks that count, or on those they were settled from.

    Where it does not, other answers were submitted since, or they were marked in another round.
    """
    on = facts.recommendation_marking_id
    return on is not None and on in (facts.marking_id, facts.settled_from_id)


def is_override(facts: Assessed) -> bool:
    """Whether competent is recommended although the essential criteria are not all met, or there is none."""
    return facts.outcome == Outcome.COMPETENT and not _meets_essential(facts)


def _meets_essential(facts: Assessed) -> bool:
    return facts.essential_total > 0 and facts.essential_met >= facts.essential_total
