"""Marking and recommended outcomes."""

from assessments.marking.models.marking import CriterionMark, Marking, MarkingQuerySet
from assessments.marking.models.recommendations import (
    Disagreement,
    DisagreementQuerySet,
    Recommendation,
    RecommendationQuerySet,
)

__all__ = [
    "CriterionMark",
    "Disagreement",
    "DisagreementQuerySet",
    "Marking",
    "MarkingQuerySet",
    "Recommendation",
    "RecommendationQuerySet",
]
