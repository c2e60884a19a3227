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
from assessments.marking.models.second import (
    DrawnScript,
    SampleDraw,
    SecondMarker,
    SecondMarkerQuerySet,
    SecondMarkingNumbers,
)
from assessments.marking.models.settling import (
    ProposedMark,
    Settlement,
    SettlementProposal,
    SettlingMessage,
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
    "DrawnScript",
    "KeptMark",
    "Marking",
    "MarkingLease",
    "MarkingQuerySet",
    "ProposedMark",
    "Recommendation",
    "RecommendationQuerySet",
    "SampleDraw",
    "SecondMarker",
    "SecondMarkerQuerySet",
    "SecondMarkingNumbers",
    "Settlement",
    "SettlementProposal",
    "SettlingMessage",
    "stands_as",
]
