"""Case studies and their versions, agreement, and the framework."""

from assessments.case_studies.models.agreements import (
    Agreement,
    AgreementReminder,
    Objection,
    ObjectionQuerySet,
    ObjectionReply,
    Unavailability,
    UnavailabilityQuerySet,
)
from assessments.case_studies.models.contents import (
    CaseStudy,
    Criterion,
    Question,
    Section,
    Version,
    VersionAuthor,
    VersionQuerySet,
    Wording,
)
from assessments.case_studies.models.frameworks import (
    Construct,
    EditionQuerySet,
    FrameworkArea,
    FrameworkDomain,
    FrameworkEdition,
    FrameworkStage,
)

__all__ = [
    "Agreement",
    "AgreementReminder",
    "CaseStudy",
    "Construct",
    "Criterion",
    "EditionQuerySet",
    "FrameworkArea",
    "FrameworkDomain",
    "FrameworkEdition",
    "FrameworkStage",
    "Objection",
    "ObjectionQuerySet",
    "ObjectionReply",
    "Question",
    "Section",
    "Unavailability",
    "UnavailabilityQuerySet",
    "Version",
    "VersionAuthor",
    "VersionQuerySet",
    "Wording",
]
