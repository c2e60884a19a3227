"""The lists of certification: their columns, and what narrows them."""

from certification.lists.certificates import CertificateNarrowing, CertificateTable
from certification.lists.follow_ups import (
    CLOSED,
    ClosedFollowUpTable,
    FollowUpNarrowing,
    FollowUpTable,
    follow_ups_shown,
)
from certification.lists.queues import (
    APART,
    COURSES_COLUMNS,
    NOT_ELIGIBLE,
    OTHER_COLUMNS,
    QUEUE_COLUMNS,
    REVOKED,
    SAME_ASSOCIATE,
    SHORT,
    STAGES,
    TOGETHER,
    CoursesNarrowing,
    CourseWaiting,
    Line,
    Other,
    QueueNarrowing,
)
from certification.lists.results import RESULT_COLUMNS, TO_FOLLOW_UP, Result, ResultNarrowing, grouped

__all__ = [
    "APART",
    "CLOSED",
    "COURSES_COLUMNS",
    "NOT_ELIGIBLE",
    "OTHER_COLUMNS",
    "QUEUE_COLUMNS",
    "RESULT_COLUMNS",
    "REVOKED",
    "SAME_ASSOCIATE",
    "SHORT",
    "STAGES",
    "TOGETHER",
    "TO_FOLLOW_UP",
    "CertificateNarrowing",
    "CertificateTable",
    "ClosedFollowUpTable",
    "CourseWaiting",
    "CoursesNarrowing",
    "FollowUpNarrowing",
    "FollowUpTable",
    "Line",
    "Other",
    "QueueNarrowing",
    "Result",
    "ResultNarrowing",
    "follow_ups_shown",
    "grouped",
]
