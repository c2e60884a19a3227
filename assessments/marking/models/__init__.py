"""Marking and recommended outcomes."""

from assessments.marking.models.leases import MarkingLease
from assessments.marking.models.marking import (
    MET,
    NOT_MET,
    PARTLY_MET,
    CriterionMark,
    CriterionMarkQuerySet,
    KeptMark,
    Marking,
    MarkingQuerySet,
    stands_as,
)
from assessments.marking.models.recommendations import (
    ARRANGED_NOTHING,
    Disagreement,
    DisagreementQuerySet,
    Recommendation,
    RecommendationQuerySet,
)

__all__ = [
    "ARRANGED_NOTHING",
    "MET",
    "NOT_MET",
    "PARTLY_MET",
    "CriterionMark",
    "CriterionMarkQuerySet",
    "Disagreement",
    "DisagreementQuerySet",
    "KeptMark",
    "Marking",
    "MarkingLease",
    "MarkingQuerySet",
    "Recommendation",
    "RecommendationQuerySet",
    "stands_as",
]
