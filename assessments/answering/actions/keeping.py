"""Keeping one text of an answer, as one statement: what a whole room sends, again and again.

The submission is locked by the statement before it, so that this one, whose view of the tables begins
later, sees every save that went through, and its verdict is the truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from django.db import connection

from assessments.answering.models import Answer
from assessments.states import Kept


class Verdict(StrEnum):
    """What became of a text that was sent."""

    # It is the answer now.
    WRITTEN = "written"
    # It was the answer already.
    SAME = "same"
    # The same page sent the same save before, and has the same reply again.
    KNOWN = "known"
    # The answer was saved since the revision that it builds on.
    STALE = "stale"


@dataclass(frozen=True)
class Page:
    """Who sends: one page in one tab, and which of its saves this is."""

    device: UUID
    sequence: int


@dataclass(frozen=True)
class Keeping:
    """The verdict, and the answer as it then is; of `KNOWN`, as it was then."""

    verdict: Verdict
    revision: int
    saved_at: datetime | None
    sha256: str


def sha256_of(text: str) -> str:
    """What page and server compare: of the text in UTF-8, untrimmed, with LF alone at line ends."""
    return sha256(text.encode()).hexdigest()


# A save of a page may build on an earlier one of its own whose reply was lost: nobody else's text is
# written over where all that came after its base is its own, and older.
_KEEP = """
WITH old AS (
    SELECT text, revision, saved_at, finished_at, blank_confirmed_at, blank_parts FROM assessments_answer
    WHERE submission_id = %(submission)s AND question_id = %(question)s
), known AS (
    SELECT revision, sha256, saved_at FROM assessments_acknowledgedsave
    WHERE submission_id = %(submission)s AND device = %(device)s AND sequence = %(sequence)s
), own AS (
    SELECT count(*) AS count, max(sequence) AS last FROM assessments_acknowledgedsave
    WHERE submission_id = %(submission)s AND question_id = %(question)s
    AND device = %(device)s AND revision > %(base)s
), verdict AS (
    SELECT CASE
        WHEN EXISTS (SELECT FROM known) THEN 'known'
        WHEN coalesce((SELECT text FROM old), '') = %(text)s THEN 'same'
        WHEN coalesce((SELECT revision FROM old), 0) = %(base)s THEN 'written'
        WHEN (SELECT own.count > 0 AND own.last < %(sequence)s AND old.revision - own.count = %(base)s
              FROM own, old) THEN 'written'
        ELSE 'stale'
    END AS verdict
), still AS (
    SELECT ARRAY(
        SELECT name FROM unnest(%(left_out)s::varchar[]) AS name
        WHERE name = ANY ((SELECT blank_parts FROM old)::varchar[])
    ) AS blank
), written AS (
    INSERT INTO assessments_answer
        (submission_id, version_id, question_id, text, revision, saved_at, finished_at, blank_confirmed_at,
        blank_parts, gaps)
    SELECT %(submission)s, %(version)s, %(question)s, %(text)s, coalesce((SELECT revision FROM old), 0) + 1,
        %(now)s, CASE WHEN %(text)s <> '' AND %(finished)s THEN %(now)s END, NULL,
        still.blank, cardinality(%(left_out)s::varchar[]) - cardinality(still.blank)
    FROM verdict, still WHERE verdict = 'written'
    ON CONFLICT (submission_id, question_id) DO UPDATE SET
        text = EXCLUDED.text, revision = EXCLUDED.revision, saved_at = EXCLUDED.saved_at,
        blank_confirmed_at = NULL, blank_parts = EXCLUDED.blank_parts, gaps = EXCLUDED.gaps,
        finished_at = CASE WHEN %(finished)s IS NULL AND EXCLUDED.text <> ''
            THEN assessments_answer.finished_at ELSE EXCLUDED.finished_at END
    RETURNING revision
), finished AS (
    UPDATE assessments_answer SET finished_at = CASE WHEN %(finished)s THEN %(now)s END
    FROM verdict
    WHERE submission_id = %(submission)s AND question_id = %(question)s AND verdict = 'same'
    AND text <> '' AND %(finished)s <> (finished_at IS NOT NULL)
), acknowledged AS (
    INSERT INTO assessments_acknowledgedsave
        (submission_id, question_id, device, sequence, revision, sha256, saved_at)
    SELECT %(submission)s, %(question)s, %(device)s, %(sequence)s, revision, %(sha256)s, %(now)s
    FROM written WHERE %(device)s IS NOT NULL
), kept AS (
    INSERT INTO assessments_keptanswer (submission_id, question_id, why, text, saved_at, minute)
    SELECT %(submission)s, %(question)s, 'replaced', text, saved_at, date_trunc('minute', saved_at)
    FROM old, verdict WHERE verdict = 'written' AND text <> ''
    ON CONFLICT (submission_id, question_id, minute) WHERE why = 'replaced'
    DO UPDATE SET text = EXCLUDED.text, saved_at = EXCLUDED.saved_at
)
SELECT verdict,
    CASE verdict
        WHEN 'known' THEN (SELECT revision FROM known)
        WHEN 'written' THEN (SELECT revision FROM written)
        ELSE coalesce((SELECT revision FROM old), 0)
    END,
    CASE verdict
        WHEN 'known' THEN (SELECT saved_at FROM known)
        WHEN 'written' THEN %(now)s
        ELSE (SELECT saved_at FROM old)
    END,
    (SELECT sha256 FROM known)
FROM verdict
"""


def keep(
    answer: Answer,
    text: str,
    *,
    base: int,
    finished: bool | None,
    now: datetime,
    page: Page | None,
    left_out: Sequence[str] = (),
) -> Keeping:
    """Make `text` the answer, unless it was saved since by somebody else; every text it replaces is kept.

    Args:
        answer: from `drafts.locked_answer`: says which submission and question, and holds their lock.
        text: as it is kept.
        base: the revision that it builds on; 0 where there was no answer.
        finished: whether its author went on from it; None leaves that as it is.
        now: the moment.
        page: the page that sends it; None for a plain form.
        left_out: the parts of it that are empty. Of those that were confirmed to stay blank, these stay so.
    """
    digest = sha256_of(text)
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            {
                "submission": answer.submission_id,
                "version": answer.version_id,
                "question": answer.question_id,
                "device": page.device if page else None,
                "sequence": page.sequence if page else None,
                "base": base,
                "text": text,
                "left_out": list(left_out),
                "sha256": digest,
                "finished": finished,
                "now": now,
            },
        )
        verdict, revision, saved_at, known = cursor.fetchone()
    return Keeping(Verdict(verdict), revision, saved_at, known or digest)


_KEEP_ASIDE = """
INSERT INTO assessments_keptanswer (submission_id, question_id, why, text, saved_at, minute)
SELECT %(submission)s, %(question)s, %(why)s, %(text)s, %(at)s, date_trunc('minute', %(at)s)
WHERE NOT EXISTS (
    SELECT FROM assessments_keptanswer
    WHERE submission_id = %(submission)s AND question_id = %(question)s AND why = %(why)s AND text = %(text)s
)
"""


def keep_aside(*, submission: int, question: int, text: str, why: Kept, at: datetime) -> None:
    """Keep `text` for its author beside the answer, once, however often it comes.

    Args:
        submission: primary key; the caller holds its lock.
        question: primary key.
        text: as it is kept; an empty one is not.
        why: a side of a conflict, or too late.
        at: when it was saved, or came.
    """
    if not text:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP_ASIDE,
            {"submission": submission, "question": question, "text": text, "why": why.value, "at": at},
        )
