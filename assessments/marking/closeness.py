"""Who is close to the line: the one definition, which every page and every draw of a second look reads."""

from __future__ import annotations

from typing import Any, Protocol

from django.db.models import OuterRef, QuerySet

from aimcert.foundation.rows import counted, first
from assessments.marking.facts import Assessed, suggested_outcome
from assessments.marking.models import CriterionMark, Recommendation
from assessments.states import Outcome


class Close(Assessed, Protocol):
    """What `with_closeness` adds."""

    essential_settled: int
    override_reason: str | None


def with_closeness(assessed: QuerySet[Any]) -> QuerySet[Any]:
    """With `essential_settled`: how many essential criteria an oral question settled; and `override_reason`.

    Args:
        assessed: enrolments with their assessment.
    """
    marks = CriterionMark.objects.filter(marking=OuterRef("marking_id"), criterion__is_essential=True)
    latest = Recommendation.objects.filter(enrolment=OuterRef("pk")).latest_first()
    return assessed.annotate(
        essential_settled=counted(marks.exclude(settled="")), override_reason=first(latest, "override_reason")
    )


def is_close_to_the_line(facts: Close) -> bool:
    """Whether a second look could well come out otherwise.

    So it is where every criterion is marked and exactly one essential one is not met; where an essential one
    was settled by an oral question; and where the recommended outcome differs from what the marks suggest,
    unless the register, or a refusal of The AIM Project, says why already.
    """
    suggested = suggested_outcome(facts)
    if suggested is None or facts.submitted_at is None:
        return False
    one_short = facts.essential_total > 0 and facts.essential_total - facts.essential_met == 1
    explained = facts.outcome == Outcome.COMPETENT or bool(facts.override_reason)
    differs = facts.outcome is not None and facts.outcome != suggested and explained
    return one_short or facts.essential_settled > 0 or differs
