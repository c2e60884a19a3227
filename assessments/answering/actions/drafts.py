"""Drafts: the statements that a whole room sends at once, as SQL.

Each asks in one go all that decides (whose enrolment, whether they still take part, the course, its
day, the submission) and locks what may then be written. Built by the ORM they cost a save and a
submission a fifth of their speed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import Person
from assessments.answering.models import Answer, Submission
from assessments.answering.participation import AS_WRITTEN, CLOSES_AT, GRANTS
from assessments.case_studies.kinds import Part, kind_of
from assessments.case_studies.models import Question

_BEGUN = """
FROM courses_enrolment e
JOIN courses_course c ON c.id = e.course_id AND c.cancelled_at IS NULL
JOIN assessments_sitting d ON d.course_id = c.id AND d.opened_at IS NOT NULL
JOIN assessments_submission s ON s.enrolment_id = e.id AND s.submitted_at IS NULL
"""
_THEIRS = "WHERE e.uuid = %(enrolment)s AND e.person_id = %(person)s AND e.withdrawn_at IS NULL"
# An outcome about this attempt, about there being none, or finalised while this one was underway:
# nothing can follow it.
_NOT_FINALISED = """NOT EXISTS (
    SELECT 1 FROM assessments_recommendation r
    WHERE r.enrolment_id = s.enrolment_id AND r.finalised_at IS NOT NULL
    AND (r.submission_id IS NULL OR r.submission_id = s.id OR r.finalised_at > s.started_at)
)"""

_ANSWER = f"""
{AS_WRITTEN}
SELECT s.id, s.version_id, q.id, q.kind, q.settings,
    a.id, a.text, a.revision, a.finished_at, a.blank_confirmed_at, a.saved_at
{_BEGUN}
{GRANTS}
JOIN assessments_question q ON q.version_id = s.version_id AND q.number = %(number)s
LEFT JOIN assessments_answer a ON a.submission_id = s.id AND a.question_id = q.id
{_THEIRS} AND {_NOT_FINALISED}
AND (%(submission)s IS NULL OR s.uuid = %(submission)s)
AND (%(taken_at)s IS NULL OR {CLOSES_AT} IS NULL OR {CLOSES_AT} > %(taken_at)s)
FOR UPDATE OF s
"""

_FIELDS = [field.attname for field in Submission._meta.concrete_fields]
_SUBMISSION = f"""
{AS_WRITTEN}
SELECT e.uuid, c.title, c.time_zone, v.fingerprint,
    {", ".join(f"s.{field.column}" for field in Submission._meta.concrete_fields)}
{_BEGUN}
JOIN assessments_version v ON v.id = s.version_id
{_THEIRS}
FOR UPDATE OF e, s
"""


_ANSWERS = """
SELECT q.number, q.kind, q.settings, a.text, a.blank_confirmed_at IS NOT NULL, a.blank_parts
FROM assessments_question q
LEFT JOIN assessments_answer a ON a.question_id = q.id AND a.submission_id = %(submission)s
WHERE q.version_id = %(version)s AND NOT EXISTS (
    SELECT 1 FROM assessments_recommendation r
    WHERE r.enrolment_id = %(enrolment)s AND r.finalised_at IS NOT NULL
    AND (r.submission_id IS NULL OR r.submission_id = %(submission)s OR r.finalised_at > %(started_at)s)
)
ORDER BY q.number
"""


@dataclass(frozen=True)
class Draft:
    """A submission that may be submitted now, locked after its enrolment."""

    submission: Submission
    enrolment: UUID
    course_title: str
    time_zone: str
    version_fingerprint: str


@dataclass(frozen=True)
class Given:
    """What was given to one question: its text, or None for a confirmed blank, and which of its parts are
    confirmed blanks; `gaps` are the parts that are empty without that."""

    number: int
    text: str | None
    blank_parts: tuple[str, ...]
    gaps: tuple[Part, ...]

    @property
    def is_missing(self) -> bool:
        return self.text == "" or bool(self.gaps)


def given(
    number: int, kind: str, settings: Mapping[str, Any], text: str | None, blank_parts: Collection[str]
) -> Given:
    """What `text` gives to a question of this kind, with the parts that were confirmed to stay blank."""
    empty = kind_of(kind).left_out(text or "", settings)
    return Given(
        number=number,
        text=text,
        blank_parts=tuple(part.name for part in empty if part.name in blank_parts),
        gaps=tuple(part for part in empty if part.name not in blank_parts),
    )


def locked_draft(enrolment: UUID, by: Person) -> Draft | None:
    """The draft of `by`'s own enrolment, where it may be submitted now."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBMISSION, {"enrolment": enrolment, "person": by.pk})
        row = cursor.fetchone()
    if row is None:
        return None
    of, title, zone, version, *values = row
    return Draft(Submission.from_db("default", _FIELDS, values), of, title, zone, version)


def answers_of(draft: Draft) -> list[Given]:
    """The answer to every question of a locked draft, in order.

    Empty where the outcome was finalised without this draft before its enrolment was locked.
    """
    submission = draft.submission
    with connection.cursor() as cursor:
        cursor.execute(
            _ANSWERS,
            {
                "submission": submission.pk,
                "version": submission.version_id,
                "enrolment": submission.enrolment_id,
                "started_at": submission.started_at,
            },
        )
        rows = cursor.fetchall()
    found = []
    for number, kind, settings, text, is_blank, blank_parts in rows:
        what = None if is_blank else text or ""
        found.append(given(number, kind, json.loads(settings), what, blank_parts or ()))
    return found


def locked_answer(
    enrolment: UUID, number: int, by: Person, *, submission: UUID | None, taken_at: datetime | None
) -> Answer | None:
    """The answer, perhaps not saved yet, to a question of `by`'s draft; its submission is locked.

    The question that comes with it has its kind and settings alone.

    Args:
        enrolment: its UUID.
        number: the question's.
        by: the person enrolled.
        submission: the one that is meant; None for whichever is open.
        taken_at: answering must not have ended for them before this; None where that does not matter.

    Returns:
        None where nothing may be saved there now: why not is found out apart. What it says of the
        answer may be older than the lock, for which it may have waited.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _ANSWER,
            {
                "enrolment": enrolment,
                "person": by.pk,
                "number": number,
                "submission": submission,
                "taken_at": taken_at,
            },
        )
        row = cursor.fetchone()
    if row is None:
        return None
    draft, version, question, kind, settings, pk, text, revision, finished_at, blank, saved_at = row
    return Answer(
        pk=pk,
        submission_id=draft,
        version_id=version,
        question=Question(pk=question, kind=kind, settings=json.loads(settings)),
        text=text or "",
        revision=revision or 0,
        finished_at=finished_at,
        blank_confirmed_at=blank,
        saved_at=saved_at,
    )
