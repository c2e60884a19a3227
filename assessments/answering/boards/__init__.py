"""The live board of a room: where everybody is, question by question; never a word of what they write."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.answering.boards.seats import LEGEND, Board, Seat
from assessments.answering.boards.telling import Telling
from assessments.answering.models import Sitting
from assessments.answering.participation import GRANTS
from assessments.case_studies.models import Version
from assessments.case_studies.reading import reading_of
from courses.models import Course

__all__ = ["LEGEND", "Board", "Seat", "board_of"]

# One statement, and one look at each table, however many are in the room. The length of a text is all
# that it asks of it.
_BOARD = f"""
SELECT e.id, e.uuid, p.name, t.seen_at, t.help_wanted_at, t.help_answered_at,
    coalesce(g.extra, 0), g.until, g.reopened_at, s.submitted_at, a.saved_at, a.steps,
    EXISTS (
        SELECT FROM assessments_transcription x
        WHERE x.enrolment_id = e.id AND x.submission_id IS NULL AND x.ended_at IS NULL
    )
FROM courses_enrolment e
JOIN accounts_person p ON p.id = e.person_id
LEFT JOIN assessments_seat t ON t.enrolment_id = e.id
{GRANTS}
LEFT JOIN LATERAL (
    SELECT id, submitted_at FROM assessments_submission
    WHERE enrolment_id = e.id ORDER BY attempt DESC LIMIT 1
) s ON true
LEFT JOIN LATERAL (
    SELECT max(saved_at) AS saved_at, jsonb_object_agg(question_id, CASE
        WHEN blank_confirmed_at IS NOT NULL THEN 'blank'
        WHEN length(text) = 0 THEN 'none'
        WHEN finished_at IS NOT NULL AND gaps = 0 THEN 'done'
        ELSE 'progress' END)::text AS steps
    FROM assessments_answer WHERE submission_id = s.id
) a ON true
WHERE e.course_id = %(course)s AND e.withdrawn_at IS NULL
ORDER BY public.name_key(p.name), e.id
"""  # noqa: S608  only what is written above is put together


def board_of(
    course: Course, sitting: Sitting | None, version: Version | None, *, names: bool = True
) -> Board:
    """The room of `course` now: one statement; the case study is read once by each process.

    Args:
        course: whose.
        sitting: its day, if it was begun.
        version: the case study, if there is one.
        names: whether people are named. Without names nobody can tell who has time of their own.
    """
    questions = reading_of(version).questions if version is not None else ()
    with connection.cursor() as cursor:
        cursor.execute(_BOARD, {"course": course.pk})
        rows = cursor.fetchall()
    telling = Telling(sitting, [(asked.pk, asked.number) for asked in questions], timezone.now())
    if names:
        seats = [telling.seat(row[2], row) for row in rows]
    else:
        # In the order in which they enrolled, so that the place in the list does not say who it is.
        order = sorted(rows, key=lambda row: row[0])
        seats = [
            telling.seat(_("Person %(number)d") % {"number": number}, row, shows_hours=False)
            for number, row in enumerate(order, start=1)
        ]
    return Board(
        seats=tuple(seats),
        questions=tuple((asked.number, asked.title) for asked in questions),
        closes=telling.closes(),
        is_over=sitting is not None and sitting.is_over,
        shows_names=names,
    )
