"""Who waits for a decision, over courses and on one: rows, columns, and what narrows both queues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.name_order import name_key
from aimcert.foundation.rows_in_memory import OneOf, RowColumn, RowNarrowing, TypedSearch
from certification.eligibility import Code, Requirement, Stage
from certification.states import CertificateState
from courses.models import Course

# What a queue says in few words; eligibility's own words, which say what to do, stand with each person.
SHORT = {
    Code.WITHDRAWN: _("withdrew"),
    Code.ATTENDANCE: _("attendance is not full"),
    Code.INDIVIDUAL_WORK: _("answers are missing"),
    Code.MARKING: _("marking is not complete"),
    Code.MARKING_FINALISED: _("marking is not finalised"),
    Code.ESSENTIAL_CRITERIA: _("an essential criterion is not met"),
    Code.SECOND_MARKING: _("needs a second marker"),
    Code.RECOMMENDATION: _("not recommended as competent"),
    Code.REFUSED: _("was refused on these answers"),
    Code.FINALISED: _("outcome is not finalised"),
    Code.SPONSOR: _("sponsor or acceptance is not confirmed"),
    Code.APPROVER: _("you may not decide"),
    Code.CONFLICT: _("you have a conflict"),
}
# Of somebody eligible who is left out where all are approved at once.
SAME_ASSOCIATE = _("the same Associate again: decide on their own page")

# Where somebody stands who waits: approved with all others, on their own page alone, or not yet.
TOGETHER, APART, NOT_ELIGIBLE = "together", "apart", "not-eligible"
REVOKED = "revoked"
STAGES: dict[str, tuple[str | Promise, str]] = {
    Stage.WITH_TRAINER: (_("With the trainer"), "neutral"),
    Stage.APPROVED: (_("Approved"), "good"),
    Stage.NOT_YET: (_("Not yet competent"), "waiting"),
    Stage.NOT_ASSESSED: (_("Not assessed"), "waiting"),
    REVOKED: (CertificateState.REVOKED.label, "attention"),
}
_STATES: tuple[tuple[str, str | Promise], ...] = (
    (TOGETHER, _("Eligible")),
    (APART, _("To be decided on their own page")),
    (NOT_ELIGIBLE, _("Not eligible")),
    *((str(state), words) for state, (words, _tone) in STAGES.items()),
)
_ORDER = {state: number for number, (state, _words) in enumerate(_STATES)}


@dataclass
class CourseWaiting:
    """One course in the queue."""

    course: Course
    together: int = 0
    others: int = 0
    reasons: Counter[Promise] = field(default_factory=Counter)

    @property
    def why(self) -> list[str]:
        """Why some cannot be approved with all the others, the most frequent first."""
        return [f"{count} × {words}" for words, count in self.reasons.most_common()]


COURSES_COLUMNS = (
    RowColumn("course", _("Course"), lambda row: name_key(row.course.title)),
    RowColumn("programme", _("Programme"), lambda row: name_key(row.course.programme.name)),
    RowColumn("together", _("Ready to approve"), lambda row: row.together, is_number=True),
    RowColumn("others", _("Not ready"), lambda row: row.others, is_number=True),
    RowColumn("why", _("What is missing")),
)


class CoursesNarrowing(RowNarrowing):
    """What is typed, and whether somebody can be approved there."""

    q = TypedSearch(_("Title, number or programme"))
    show = OneOf(
        _("Show only"),
        [(TOGETHER, _("With people ready to approve")), (NOT_ELIGIBLE, _("With people not ready"))],
    )

    def names_of(self, row: CourseWaiting) -> tuple[str, ...]:
        return (row.course.title, row.course.reference, row.course.programme.name)

    def by_show(self, which: str) -> Callable[[CourseWaiting], bool]:
        return lambda row: bool(row.together if which == TOGETHER else row.others)


@dataclass(frozen=True, slots=True)
class Line:
    """One person in a course's queue, ready to be written.

    Args:
        state: `TOGETHER`, `APART` or `NOT_ELIGIBLE`.
        met: how many sessions, questions and essential criteria are met, to sort by.
        repeats: with whom they did this version before, where that is so.
    """

    name: str
    url: str
    state: str
    met: tuple[int, int, int]
    sessions: str
    questions: str
    essential: str
    missing: list[Requirement]
    repeats: list[str]


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody on the course who does not wait for a decision, and where they stand."""

    name: str
    url: str
    state: str
    words: str | Promise
    tone: str


QUEUE_COLUMNS = (
    RowColumn("name", _("Person"), lambda row: name_key(row.name)),
    RowColumn("sessions", _("Sessions"), lambda row: row.met[0], is_number=True),
    RowColumn("questions", _("Answered"), lambda row: row.met[1], is_number=True),
    RowColumn("essential", _("Essential met"), lambda row: row.met[2], is_number=True),
    RowColumn("state", _("Whether eligible"), lambda row: _ORDER[row.state]),
)
OTHER_COLUMNS = (
    RowColumn("name", _("Person"), lambda row: name_key(row.name)),
    RowColumn("state", _("Where it stands"), lambda row: _ORDER[row.state]),
)


class QueueNarrowing(RowNarrowing):
    """Whom somebody typed, and where they stand."""

    q = TypedSearch(_("Name"))
    state = OneOf(_("Where they stand"), _STATES)

    def by_state(self, state: str) -> Callable[[Line | Other], bool]:
        return lambda row: row.state == state
