"""Judging criteria as one statement: what a marker's page sends with every press of a key.

The enrolment is locked by the statement before it, so that this one, whose view of the tables begins later,
sees every judgement that went through, and its verdicts are the truth.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import DateField, DateTimeField, Exists, OuterRef, QuerySet, Subquery, UUIDField
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.compiled import Compiled, Given
from aimcert.foundation.rows import first
from aimcert.foundation.typed import UNSEEN
from assessments import states
from assessments.answering.models import Submission
from assessments.case_studies.models import Criterion
from assessments.marking.models import CriterionMark, Marking, SecondMarker
from courses.models import Enrolment, Licence
from courses.rules import own_places, training_now


class Verdict(StrEnum):
    """What became of a judgement that was sent."""

    # It is the mark now.
    WRITTEN = "written"
    # It was the mark already.
    SAME = "same"
    # The same page sent a later one, which is the mark.
    LATER = "later"
    # The mark was changed since the one that it builds on.
    STALE = "stale"
    # It changes what somebody else judged, and does not say why.
    UNEXPLAINED = "unexplained"
    # There is no such criterion; the answer is blank; the oral question is not whole, or out of place.
    UNKNOWN = "unknown"
    BLANK = "blank"
    ORAL = "oral"


# What a mark says; and why it changes another.
SAID = ("judged", "note", "oral_question", "oral_answer", "settled")
TEXTS = (*SAID, "because")
# A number that no question and no criterion has, and that PostgreSQL can still read.
FAR = 2**31 - 1
SAVED = (Verdict.WRITTEN, Verdict.SAME, Verdict.LATER)


@dataclass(frozen=True)
class Page:
    """Who sends: one page in one tab, and which of its saves this is."""

    device: UUID
    sequence: int


@dataclass(frozen=True)
class Mark:
    """One criterion's judgement, with what one oral question settled where it was partly met.

    Args:
        criterion: the number of its question and its own, as in "2_1".
        judged: a `Judged`; empty: not judged, or not any more.
        note: can be read by the person it is about.
        oral_question: word for word; only of what is partly met, as is `oral_answer`.
        oral_answer: word for word.
        settled: a `Settled`, with both; empty: the question has settled nothing, or not yet.
        base: the revision of the mark that its marker saw; 0 where there was none.
        because: why it changes what somebody else judged.
    """

    criterion: str
    judged: str = ""
    note: str = ""
    oral_question: str = ""
    oral_answer: str = ""
    settled: str = ""
    base: int = 0
    because: str = ""

    def as_row(self) -> CriterionMark:
        """The row that it would be, not saved."""
        return CriterionMark(**{name: getattr(self, name) for name in TEXTS})


@dataclass(frozen=True)
class Judged:
    """What became of a mark that was sent, and the mark as it is now.

    Args:
        sent: what was sent.
        verdict: what became of it.
        mark: what stands now; its `base` is the revision to build on.
        by, at: who judged that, by primary key, and when; None where there is nothing.
    """

    sent: Mark
    verdict: Verdict
    mark: Mark
    by: int | None
    at: datetime | None

    @property
    def is_saved(self) -> bool:
        return self.verdict in SAVED


@dataclass(frozen=True)
class ToMark:
    """A submission that may be marked, its enrolment locked; `marking` may be older than the lock.

    `is_second`: whether it is marked a second time, which no other marking of it is touched by.
    """

    submission: int
    submission_uuid: UUID
    version: int
    marking: int | None
    course: int
    is_second: bool = False


def name_of(criterion: Criterion) -> str:
    """How `Mark` calls a criterion: "2_1" is the first of the second question."""
    return f"{criterion.question.number}_{criterion.number}"


def sign_of(mark: Mark | CriterionMark | None) -> str:
    """What tells two marks apart by what they say; of none, as of one that says nothing."""
    said = "\x1f".join(getattr(mark, name, "") for name in SAID)
    return sha256(said.encode()).hexdigest()[:16]


def _theirs() -> QuerySet[Submission]:
    return Submission.objects.filter(enrolment=OuterRef("pk")).latest_submitted()


_TO_MARK: Compiled[Any, Any] = Compiled(
    lambda: (
        Enrolment.objects.filter(
            Exists(
                training_now(Given("now", DateTimeField())).filter(
                    associate=Given("by"), course=OuterRef("course")
                )
            ),
            ~Exists(own_places(Given("by")).filter(course=OuterRef("course"))),
            uuid=Given("enrolment", UUIDField()),
            frozen_at__isnull=True,
        )
        .annotate(
            **{f"submission_{name}": first(_theirs(), name) for name in ("pk", "uuid", "version")},
        )
        .annotate(
            marking=first(Marking.objects.filter(submission=OuterRef("submission_pk")).standing_first(), "pk")
        )
        .filter(submission_pk__isnull=False)
        # Nothing is joined that it could lock as well.
        .select_for_update()
        .values_list("submission_pk", "submission_uuid", "submission_version", "marking", "course")
    )
)


def locked_to_mark(enrolment: UUID, by: Person) -> ToMark | None:
    """What `by` may mark now of `enrolment`, which is locked; None: why not is found out apart."""
    rows = _TO_MARK.rows(enrolment=enrolment, by=by.pk, now=timezone.now())
    return ToMark(*rows[0]) if rows else None


def _seconds(field: str) -> Subquery:
    asked = SecondMarker.objects.filter(
        uuid=Given("script", UUIDField()),
        marker=Given("by"),
        submission__enrolment=OuterRef("pk"),
        submission__settlement__isnull=True,
        ended_at__isnull=True,
    )
    return first(asked, field)


_TO_MARK_AGAIN: Compiled[Any, Any] = Compiled(
    lambda: (
        Enrolment.objects.filter(
            Exists(
                Licence.objects.in_force(Given("today", DateField())).filter(
                    associate=Given("by"), programme=OuterRef("course__programme")
                )
            ),
            ~Exists(own_places(Given("by")).filter(course=OuterRef("course"))),
            frozen_at__isnull=True,
        )
        .annotate(
            submission_pk=_seconds("submission"),
            submission_uuid=_seconds("submission__uuid"),
            submission_version=_seconds("submission__version"),
        )
        .filter(submission_pk__isnull=False)
        .annotate(
            marking=first(
                Marking.objects.filter(
                    submission=OuterRef("submission_pk"), role=states.MarkingRole.SECOND, marker=Given("by")
                ).order_by("-round"),
                "pk",
            )
        )
        .select_for_update()
        .values_list("submission_pk", "submission_uuid", "submission_version", "marking", "course")
    )
)


def locked_to_mark_again(script: UUID, by: Person) -> ToMark | None:
    """What `by` was asked to mark a second time, and may now; locked; None: why not is found out apart."""
    rows = _TO_MARK_AGAIN.rows(script=script, by=by.pk, today=timezone.localdate())
    return replace(ToMark(*rows[0]), is_second=True) if rows else None


# What somebody wrote before is kept, but for their own note while they typed on: it stands in the longer one.
_JUDGE = """
WITH marking AS (
    SELECT id, finalised_at FROM assessments_marking
    WHERE submission_id = %(submission)s AND (role = 'second') = %(is_second)s
    ORDER BY round DESC, (role = 'settled') DESC LIMIT 1
), sent AS (
    SELECT s.*, c.id AS criterion_id, c.id IS NOT NULL AND NOT EXISTS (
        SELECT FROM assessments_answer a
        WHERE a.submission_id = %(submission)s AND a.question_id = q.id AND a.text ~ %(seen)s
    ) AS is_blank
    FROM jsonb_to_recordset(%(marks)s::jsonb) AS s(
        place int, question int, number int, judged text, note text, oral_question text, oral_answer text,
        settled text, because text, base int
    )
    LEFT JOIN assessments_question q ON q.version_id = %(version)s AND q.number = s.question
    LEFT JOIN assessments_criterion c ON c.question_id = q.id AND c.number = s.number
), old AS (
    SELECT m.* FROM assessments_criterionmark m, marking WHERE m.marking_id = marking.id
), verdict AS (
    SELECT sent.*, old.id AS old_id, coalesce(old.revision, 0) AS old_revision, CASE
        WHEN sent.criterion_id IS NULL OR sent.judged <> ALL (%(judged)s) OR sent.settled <> ALL (%(settled)s)
            THEN 'unknown'
        WHEN sent.is_blank AND sent.judged NOT IN ('', 'not_met') THEN 'blank'
        WHEN sent.oral_question || sent.oral_answer || sent.settled <> '' AND sent.judged <> 'partly_met'
            OR sent.settled <> '' AND (sent.oral_question = '' OR sent.oral_answer = '') THEN 'oral'
        WHEN (sent.judged, sent.note, sent.oral_question, sent.oral_answer, sent.settled) = (
            coalesce(old.judged, ''), coalesce(old.note, ''), coalesce(old.oral_question, ''),
            coalesce(old.oral_answer, ''), coalesce(old.settled, '')) THEN 'same'
        WHEN old.device = %(device)s AND old.sequence > %(sequence)s THEN 'later'
        WHEN coalesce(old.revision, 0) <> sent.base
            AND (old.device = %(device)s AND old.sequence < %(sequence)s) IS NOT TRUE THEN 'stale'
        WHEN old.judged_by_id <> %(by)s AND sent.because = '' THEN 'unexplained'
        ELSE 'written'
    END AS verdict,
    -- Why somebody changed a co-trainer's stays while they write on.
    CASE WHEN sent.because = '' AND old.judged_by_id = %(by)s THEN old.because ELSE sent.because END AS why
    FROM sent LEFT JOIN old ON old.criterion_id = sent.criterion_id
), possible AS (
    SELECT (SELECT finalised_at IS NULL FROM marking)
        AND NOT EXISTS (SELECT FROM verdict WHERE verdict IN ('unknown', 'blank', 'oral')) AS possible
), kept AS (
    INSERT INTO assessments_keptmark (marking_id, criterion_id, why, judged, note, oral_question, oral_answer,
        settled, because, revision, judged_at, judged_by_id, kept_at)
    SELECT old.marking_id, old.criterion_id, 'changed', old.judged, old.note, old.oral_question,
        old.oral_answer, old.settled, old.because, old.revision, old.judged_at, old.judged_by_id, %(now)s
    FROM verdict v JOIN old ON old.id = v.old_id, possible
    WHERE possible AND v.verdict = 'written' AND NOT (
        old.judged_by_id = %(by)s AND old.judged IN ('', v.judged) AND old.settled IN ('', v.settled)
        AND starts_with(v.note, old.note) AND starts_with(v.oral_question, old.oral_question)
        AND starts_with(v.oral_answer, old.oral_answer)
    )
    UNION ALL
    SELECT marking.id, v.criterion_id, 'conflict', v.judged, v.note, v.oral_question, v.oral_answer,
        v.settled, v.because, v.base, %(now)s, %(by)s, %(now)s
    FROM verdict v, marking, possible
    WHERE possible AND v.verdict = 'stale'
    AND v.judged || v.note || v.oral_question || v.oral_answer <> '' AND NOT EXISTS (
        SELECT FROM assessments_keptmark k
        WHERE k.marking_id = marking.id AND k.criterion_id = v.criterion_id AND k.why = 'conflict'
        AND (k.judged, k.note, k.oral_question, k.oral_answer, k.settled, k.judged_by_id)
            = (v.judged, v.note, v.oral_question, v.oral_answer, v.settled, %(by)s)
    )
), written AS (
    INSERT INTO assessments_criterionmark AS m (marking_id, criterion_id, judged, note, oral_question,
        oral_answer, settled, because, revision, judged_at, judged_by_id, device, sequence)
    SELECT marking.id, v.criterion_id, v.judged, v.note, v.oral_question, v.oral_answer, v.settled, v.why,
        v.old_revision + 1, %(now)s, %(by)s, %(device)s, %(sequence)s
    FROM verdict v, marking, possible WHERE possible AND v.verdict = 'written'
    ON CONFLICT (marking_id, criterion_id) DO UPDATE SET
        judged = EXCLUDED.judged, note = EXCLUDED.note, oral_question = EXCLUDED.oral_question,
        oral_answer = EXCLUDED.oral_answer, settled = EXCLUDED.settled, because = EXCLUDED.because,
        revision = EXCLUDED.revision, judged_at = EXCLUDED.judged_at, judged_by_id = EXCLUDED.judged_by_id,
        device = EXCLUDED.device, sequence = EXCLUDED.sequence
    RETURNING m.criterion_id, m.revision
), changed AS (
    UPDATE assessments_marking SET changed_at = %(now)s, changed_by_id = %(by)s
    WHERE id = (SELECT id FROM marking) AND EXISTS (SELECT FROM written)
)
SELECT v.verdict, (SELECT finalised_at IS NOT NULL FROM marking),
    old.judged, old.note, old.oral_question, old.oral_answer, old.settled, old.because,
    coalesce(written.revision, v.old_revision), old.judged_by_id, old.judged_at
FROM verdict v
LEFT JOIN old ON old.id = v.old_id
LEFT JOIN written ON written.criterion_id = v.criterion_id
ORDER BY v.place
"""


def judge(found: ToMark, marks: Sequence[Mark], *, by: Person, page: Page | None) -> list[Judged] | None:
    """Save `marks`, unless one of them cannot be; each that would overwrite something unseen is kept aside.

    Args:
        found: what is marked, locked, and begun.
        marks: what was sent.
        by: who judges.
        page: the page that sends it; None for a plain form.

    Returns:
        What became of each, in order. None where the marking is finalised: nothing was saved.
    """
    if not marks:
        return []
    now = timezone.now()
    sent = []
    for place, one in enumerate(marks):
        question, _, number = one.criterion.partition("_")
        values = {name: getattr(one, name) for name in (*TEXTS, "base")}
        numbers = {"question": min(int(question), FAR), "number": min(int(number), FAR)}
        sent.append({**values, **numbers, "place": place})
    with connection.cursor() as cursor:
        cursor.execute(
            _JUDGE,
            {
                "submission": found.submission,
                "version": found.version,
                "is_second": found.is_second,
                "marks": json.dumps(sent),
                "seen": f"[^{UNSEEN}]",
                "judged": ["", *states.Judged.values],
                "settled": ["", *states.Settled.values],
                "device": page.device if page else None,
                "sequence": page.sequence if page else None,
                "by": by.pk,
                "now": now,
            },
        )
        rows = cursor.fetchall()
    if rows[0][1]:
        return None
    return [_judged(one, row, by.pk, now) for one, row in zip(marks, rows, strict=True)]


def _judged(sent: Mark, row: tuple[Any, ...], by: int, now: datetime) -> Judged:
    verdict, _finalised, *texts, revision, judged_by, judged_at = row
    if verdict == Verdict.WRITTEN:
        values, judged_by, judged_at = {name: getattr(sent, name) for name in TEXTS}, by, now
    else:
        values = {name: text or "" for name, text in zip(TEXTS, texts, strict=True)}
    mark = Mark(criterion=sent.criterion, base=revision, **values)
    return Judged(sent, Verdict(verdict), mark, judged_by, judged_at)
