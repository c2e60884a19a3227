"""Case studies and their agreement, the day's release and opening, submissions, marking, outcomes."""

from assessments.models.contents import (
    Agreement,
    CaseStudy,
    Construct,
    Criterion,
    FrameworkArea,
    Question,
    Section,
    Version,
    VersionQuerySet,
)
from assessments.models.marking import CriterionMark, Marking, MarkingQuerySet
from assessments.models.recommendations import (
    Disagreement,
    DisagreementQuerySet,
    Recommendation,
    RecommendationQuerySet,
)
from assessments.models.sittings import CoursePin, Sitting
from assessments.models.submissions import Answer, Submission, SubmissionQuerySet

__all__ = [
    "Agreement",
    "Answer",
    "CaseStudy",
    "Construct",
    "CoursePin",
    "Criterion",
    "CriterionMark",
    "Disagreement",
    "DisagreementQuerySet",
    "FrameworkArea",
    "Marking",
    "MarkingQuerySet",
    "Question",
    "Recommendation",
    "RecommendationQuerySet",
    "Section",
    "Sitting",
    "Submission",
    "SubmissionQuerySet",
    "Version",
    "VersionQuerySet",
]
