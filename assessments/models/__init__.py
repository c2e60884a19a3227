"""Case studies and their agreement, the day's release and opening, submissions, marking, outcomes."""

from assessments.models.adjustments import (
    Adjustment,
    AdjustmentQuerySet,
    AdjustmentRequest,
    AdjustmentRequestQuerySet,
)
from assessments.models.agreements import (
    Agreement,
    AgreementReminder,
    Objection,
    ObjectionQuerySet,
    ObjectionReply,
    Unavailability,
    UnavailabilityQuerySet,
)
from assessments.models.contents import (
    CaseStudy,
    Criterion,
    Question,
    Section,
    Version,
    VersionAuthor,
    VersionQuerySet,
    Wording,
)
from assessments.models.drafts import AcknowledgedSave, JournalKey, KeptAnswer, KeptAnswerQuerySet
from assessments.models.entry import EntryCode, EntryCodeQuerySet
from assessments.models.frameworks import (
    Construct,
    EditionQuerySet,
    FrameworkArea,
    FrameworkDomain,
    FrameworkEdition,
    FrameworkStage,
)
from assessments.models.marking import CriterionMark, Marking, MarkingQuerySet
from assessments.models.paper import (
    SCAN_TYPES,
    Booklet,
    Scan,
    ScanUpload,
    TranscribedAnswer,
    Transcription,
    TranscriptionQuerySet,
    UnsentUpload,
)
from assessments.models.recommendations import (
    Disagreement,
    DisagreementQuerySet,
    Recommendation,
    RecommendationQuerySet,
)
from assessments.models.redactions import MARK, RedactedText, Redaction, RemovedScan
from assessments.models.seats import Seat
from assessments.models.sittings import CoursePin, PinMove, RoomReopening, Sitting, TimeGrant
from assessments.models.submissions import Answer, Submission, SubmissionQuerySet

__all__ = [
    "MARK",
    "SCAN_TYPES",
    "AcknowledgedSave",
    "Adjustment",
    "AdjustmentQuerySet",
    "AdjustmentRequest",
    "AdjustmentRequestQuerySet",
    "Agreement",
    "AgreementReminder",
    "Answer",
    "Booklet",
    "CaseStudy",
    "Construct",
    "CoursePin",
    "Criterion",
    "CriterionMark",
    "Disagreement",
    "DisagreementQuerySet",
    "EditionQuerySet",
    "EntryCode",
    "EntryCodeQuerySet",
    "FrameworkArea",
    "FrameworkDomain",
    "FrameworkEdition",
    "FrameworkStage",
    "JournalKey",
    "KeptAnswer",
    "KeptAnswerQuerySet",
    "Marking",
    "MarkingQuerySet",
    "Objection",
    "ObjectionQuerySet",
    "ObjectionReply",
    "PinMove",
    "Question",
    "Recommendation",
    "RecommendationQuerySet",
    "RedactedText",
    "Redaction",
    "RemovedScan",
    "RoomReopening",
    "Scan",
    "ScanUpload",
    "Seat",
    "Section",
    "Sitting",
    "Submission",
    "SubmissionQuerySet",
    "TimeGrant",
    "TranscribedAnswer",
    "Transcription",
    "TranscriptionQuerySet",
    "Unavailability",
    "UnavailabilityQuerySet",
    "UnsentUpload",
    "Version",
    "VersionAuthor",
    "VersionQuerySet",
    "Wording",
]
