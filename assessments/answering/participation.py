"""Where one participant stands: their enrolment, the room's day, their submission and its answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from aimcert.foundation.compiled import Compiled, Given
from assessments.answering.hours import minutes_until
from assessments.answering.models import Answer, CoursePin, Sitting, Submission
from assessments.case_studies.kinds import Part, SaidGroup
from assessments.case_studies.models import Version
from assessments.case_studies.reading import Asked, Reading, reading_of
from courses.models import Course, Enrolment


class Stage(Enum):
    """How far the day has come for one participant."""

    WAITING = "waiting"
    READING = "reading"
    ANSWERING = "answering"
    CLOSED = "closed"
    FINISHED = "finished"
    SUBMITTED = "submitted"


# What somebody reads, wherever they come, whose outcome was finalised without answers.
FINISHED_WITHOUT = _(
    "Your trainer has finished with your part of this course, so no answers are taken from you any more. "
    "Speak to your trainer about what happens next."
)


@dataclass(frozen=True)
class Status:
    """What the task list says of one question, and in which tone."""

    words: Promise | str
    tone: str


NOT_STARTED = Status(_("Not started"), "neutral")
IN_PROGRESS = Status(_("In progress"), "waiting")
COMPLETED = Status(_("Completed"), "good")
LEFT_BLANK = Status(_("Left blank"), "info")
_so_far = _("In progress, %(done)d of %(total)d parts")


@dataclass(frozen=True)
class Task:
    """One question beside what its author wrote, if anything."""

    asked: Asked
    answer: Answer | None

    @property
    def status(self) -> Status:
        """Completed where every part is there or stays blank on purpose, and the author went on from it."""
        if self.answer is None:
            return NOT_STARTED
        if self.answer.blank_confirmed_at:
            return LEFT_BLANK
        if not self.answer.text:
            return NOT_STARTED
        if self.gaps:
            parts = self.asked.kind.answer_parts(self.asked.settings)
            told = {"done": len(parts) - len(self.gaps), "total": len(parts)}
            return Status(_so_far % told, IN_PROGRESS.tone)
        return COMPLETED if self.answer.finished_at else IN_PROGRESS

    @property
    def said(self) -> tuple[SaidGroup, ...]:
        """The answer in words, where it has more than one field."""
        return self.asked.kind.said(self.answer.text, self.asked.settings) if self.answer else ()

    @cached_property
    def left_out(self) -> list[Part]:
        """The parts that a begun answer leaves empty."""
        return self.asked.kind.left_out(self.answer.text, self.asked.settings) if self.answer else []

    @property
    def gaps(self) -> list[Part]:
        """The parts of a begun answer that are empty, and not confirmed to stay so."""
        confirmed = self.answer.blank_parts if self.answer else ()
        return [part for part in self.left_out if part.name not in confirmed]

    @property
    def blank_parts(self) -> list[Part]:
        """The parts that its author confirmed to stay blank."""
        confirmed = self.answer.blank_parts if self.answer else ()
        return [part for part in self.left_out if part.name in confirmed]

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing at all, and nobody confirmed that."""
        return self.answer is None or not (self.answer.text or self.answer.blank_confirmed_at)

    @property
    def is_answered(self) -> bool:
        """Whether it can be submitted as it stands."""
        return not self.is_blank and not self.gaps


@dataclass
class Place:
    """One participant on one course's day.

    Each row has no more columns than the pages read, since a whole room opens them at once.

    Attributes:
        sitting: None before the trainer began the day.
        version: the one that was answered, else the one that is pinned.
        submission: the latest attempt; None before the first save of it. One that was still underway
            when the outcome of an earlier one was finalised comes to nothing: the earlier one it is.
        is_finished: whether an outcome was finalised that no answers can follow.
        closes_at: when answering ended or will for this person; None while nobody said when.
        reopened_at: when it was opened again for this person alone, if ever.
        seen_at: when their page was last heard of, about.
        help_wanted_at: when they last asked for help; and when a trainer marked that as seen.
    """

    enrolment: Enrolment
    course: Course
    sitting: Sitting | None
    version: Version | None
    submission: Submission | None
    is_finished: bool
    closes_at: datetime | None
    reopened_at: datetime | None
    seen_at: datetime | None = None
    help_wanted_at: datetime | None = None
    help_answered_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether answering has ended for this person. Text that was in flight still counts: see `GRACE`."""
        return self.closes_at is not None and self.closes_at <= timezone.now()

    @property
    def stage(self) -> Stage:
        """How far the day has come for this person."""
        sitting = self.sitting
        if self.submission is not None and self.submission.submitted_at:
            return Stage.SUBMITTED
        if self.is_finished:
            return Stage.FINISHED
        if sitting is None or sitting.released_at is None:
            return Stage.WAITING
        if sitting.opened_at is None:
            return Stage.READING
        return Stage.CLOSED if self.is_over or self.course.cancelled_at else Stage.ANSWERING

    @property
    def minutes_left(self) -> int:
        """Whole minutes until answering ends for this person, rounded up."""
        return minutes_until(self.closes_at, timezone.now()) if self.closes_at else 0

    @property
    def wants_help(self) -> bool:
        """Whether they asked for help, and no trainer has marked that as seen."""
        return self.help_wanted_at is not None and self.help_answered_at is None

    @property
    def may_ask_for_help(self) -> bool:
        """Whether there is something to be helped with: from the case study's release until they submit."""
        is_held = self.course.cancelled_at is None and self.enrolment.withdrawn_at is None
        return is_held and self.stage in (Stage.READING, Stage.ANSWERING, Stage.CLOSED)

    @cached_property
    def reading(self) -> Reading:
        """The case study and the questions."""
        if self.version is None:
            raise CoursePin.DoesNotExist
        return reading_of(self.version)

    @cached_property
    def tasks(self) -> list[Task]:
        """Every question, in order, with this person's answer to it."""
        answers: dict[int, Answer] = {}
        if self.submission is not None:
            found = _ANSWERS.rows(submission=self.submission.pk)
            answers = {answer.question_id: answer for answer in found}
        return [Task(asked, answers.get(asked.pk)) for asked in self.reading.questions]


_ANSWERS = Compiled(lambda: Answer.objects.filter(submission=Given("submission")))


def _columns(model: type[Model], *names: str) -> list[str]:
    """`names`, or all, in the order in which `Model.from_db` takes them."""
    known = [field.attname for field in model._meta.concrete_fields]
    return [name for name in known if not names or name in names]


# What is read of each row: its alias in the statement, its model, its columns.
_PARTS: tuple[tuple[str, type[Model], list[str]], ...] = (
    (
        "e",
        Enrolment,
        _columns(
            Enrolment,
            "id",
            "uuid",
            "person_id",
            "course_id",
            "certificate_name",
            "withdrawn_at",
            "frozen_at",
        ),
    ),
    ("c", Course, _columns(Course, "id", "uuid", "number", "title", "time_zone", "cancelled_at")),
    (
        "d",
        Sitting,
        _columns(
            Sitting,
            "id",
            "course_id",
            "released_at",
            "opened_at",
            "closed_at",
            "planned_minutes",
            "closes_at",
            "marking_due_on",
        ),
    ),
    ("v", Version, _columns(Version, "id", "uuid", "frozen_at", "fingerprint")),
    ("s", Submission, _columns(Submission)),
)
# Answers that come within this after closing count: they were on their way.
GRACE = timedelta(seconds=30)
# The hours of enrolment `e` at sitting `d`, for statements that join both: `Sitting.closes_at_for` in SQL.
GRANTS = """
LEFT JOIN LATERAL (
    SELECT sum(minutes) AS extra, max(until) AS until,
        max(coalesce(starts_at, granted_at)) FILTER (WHERE what = 'reopened') AS reopened_at
    FROM assessments_timegrant WHERE enrolment_id = e.id AND (starts_at IS NULL OR starts_at <= now())
) g ON true
"""
CLOSES_AT = """CASE WHEN least(d.closed_at, d.closes_at) IS NOT NULL THEN greatest(
    least(d.closed_at, d.closes_at) + coalesce(g.extra, 0) * interval '1 minute', g.until
) END"""

# What follows in this transaction is joined as it is written, which begins at the one enrolment: to look for
# a better order takes PostgreSQL longer than to read the rows. Set by a SELECT, before which pghistory sets
# nothing.
AS_WRITTEN = "SELECT set_config('join_collapse_limit', '1', true);"

_PLACE = f"""
{AS_WRITTEN}
SELECT {", ".join(f"{alias}.{column}" for alias, _model, columns in _PARTS for column in columns)},
    EXISTS (
        SELECT 1 FROM assessments_recommendation r
        WHERE r.enrolment_id = e.id AND r.finalised_at IS NOT NULL
        AND (r.submission_id IS NULL OR r.submission_id = s.id OR r.finalised_at > s.started_at)
    ), {CLOSES_AT}, g.reopened_at, t.seen_at, t.help_wanted_at, t.help_answered_at
FROM courses_enrolment e
JOIN courses_course c ON c.id = e.course_id
LEFT JOIN assessments_sitting d ON d.course_id = c.id
{GRANTS}
LEFT JOIN assessments_seat t ON t.enrolment_id = e.id
LEFT JOIN assessments_coursepin p ON p.course_id = c.id
LEFT JOIN LATERAL (
    SELECT * FROM assessments_submission a WHERE a.enrolment_id = e.id
    ORDER BY a.submitted_at IS NULL AND EXISTS (
        SELECT 1 FROM assessments_recommendation r
        WHERE r.enrolment_id = e.id AND r.finalised_at > a.started_at
    ), a.attempt DESC LIMIT 1
) s ON true
LEFT JOIN assessments_version v ON v.id = coalesce(s.version_id, p.version_id)
WHERE e.uuid = %(enrolment)s AND e.person_id = %(person)s
"""  # noqa: S608  only the names of columns above are put together


def place_of(person: Person, enrolment: UUID) -> Place | None:
    """The place of `person`'s own enrolment with this UUID; None where it is not theirs.

    One statement, as SQL: built by the ORM it takes a third of the question page's time.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, {"enrolment": enrolment, "person": person.pk})
        row = cursor.fetchone()
    if row is None:
        return None
    found: list[Any] = []
    start = 0
    for _alias, model, columns in _PARTS:
        values = row[start : start + len(columns)]
        is_there = values[columns.index("id")] is not None
        found.append(model.from_db("default", columns, values) if is_there else None)
        start += len(columns)
    own, course, sitting, version, submission = found
    own.course = course
    if submission is not None:
        submission.enrolment, submission.version = own, version
    place = Place(own, course, sitting, version, submission, *row[start:])
    submitted_at = submission.submitted_at if submission is not None else None
    reopened_at = place.reopened_at
    if submitted_at and reopened_at and submitted_at < reopened_at and not place.is_over:
        # The next attempt, which begins with its first save.
        place.submission = None
    return place
