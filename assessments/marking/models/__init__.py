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
    EVIDENCE,
    WRITTEN_EVIDENCE,
    Disagreement,
    DisagreementQuerySet,
    Recommendation,
    RecommendationQuerySet,
)

__all__ = [
    "ARRANGED_NOTHING",
    "EVIDENCE",
    "MET",
    "NOT_MET",
    "PARTLY_MET",
    "WRITTEN_EVIDENCE",
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
