"""Marking and recommended outcomes."""

from assessments.marking.models.marking import (
    MET,
    NOT_MET,
    PARTLY_MET,
    CriterionMark,
    Marking,
    MarkingQuerySet,
    stands_as,
)
from assessments.marking.models.recommendations import (
    Disagreement,
    DisagreementQuerySet,
    Recommendation,
    RecommendationQuerySet,
)

__all__ = [
    "MET",
    "NOT_MET",
    "PARTLY_MET",
    "CriterionMark",
    "Disagreement",
    "DisagreementQuerySet",
    "Marking",
    "MarkingQuerySet",
    "Recommendation",
    "RecommendationQuerySet",
    "stands_as",
]
