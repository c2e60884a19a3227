"""The room's day, submissions and their drafts, paper, adjustments, special consideration."""

from assessments.answering.models.adjustments import (
    Adjustment,
    AdjustmentQuerySet,
    AdjustmentRequest,
    AdjustmentRequestQuerySet,
)
from assessments.answering.models.considerations import (
    TO_DECIDE,
    UNDECIDED,
    ConsiderationDecision,
    SpecialConsideration,
    SpecialConsiderationQuerySet,
)
from assessments.answering.models.drafts import AcknowledgedSave, JournalKey, KeptAnswer, KeptAnswerQuerySet
from assessments.answering.models.entry import EntryCode, EntryCodeQuerySet
from assessments.answering.models.paper import (
    READING,
    SCAN_TYPES,
    Booklet,
    Scan,
    ScanUpload,
    TranscribedAnswer,
    Transcription,
    TranscriptionQuerySet,
    UnsentUpload,
)
from assessments.answering.models.redactions import MARK, RedactedText, Redaction, RemovedScan
from assessments.answering.models.sampling import SampleSeed
from assessments.answering.models.seats import Seat
from assessments.answering.models.sittings import CoursePin, PinMove, RoomReopening, Sitting, TimeGrant
from assessments.answering.models.submissions import ANSWERED, Answer, Submission, SubmissionQuerySet

__all__ = [
    "ANSWERED",
    "MARK",
    "READING",
    "SCAN_TYPES",
    "TO_DECIDE",
    "UNDECIDED",
    "AcknowledgedSave",
    "Adjustment",
    "AdjustmentQuerySet",
    "AdjustmentRequest",
    "AdjustmentRequestQuerySet",
    "Answer",
    "Booklet",
    "ConsiderationDecision",
    "CoursePin",
    "EntryCode",
    "EntryCodeQuerySet",
    "JournalKey",
    "KeptAnswer",
    "KeptAnswerQuerySet",
    "PinMove",
    "RedactedText",
    "Redaction",
    "RemovedScan",
    "RoomReopening",
    "SampleSeed",
    "Scan",
    "ScanUpload",
    "Seat",
    "Sitting",
    "SpecialConsideration",
    "SpecialConsiderationQuerySet",
    "Submission",
    "SubmissionQuerySet",
    "TimeGrant",
    "TranscribedAnswer",
    "Transcription",
    "TranscriptionQuerySet",
    "UnsentUpload",
]
