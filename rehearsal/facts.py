"""The facts that the ledgers are held against, read from the database with SQL."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from rehearsal.judge import Acknowledgement, AnswerNow, Facts, KeptText

RECEIPT_SUBJECT = "We have your answers"
SIGN_IN_SUBJECT = "Your AIMcert sign-in code"
_OF = """
FROM courses_enrolment e
JOIN assessments_submission s ON s.enrolment_id = e.id
"""
_SUBMISSIONS = f"SELECT e.uuid, s.attempt, s.submitted_at {_OF} WHERE e.uuid = ANY(%s)"
_ANSWERS = f"""
SELECT e.uuid, q.number, a.text, a.revision, a.saved_at, a.blank_confirmed_at IS NOT NULL
{_OF}
JOIN assessments_answer a ON a.submission_id = s.id
JOIN assessments_question q ON q.id = a.question_id
WHERE e.uuid = ANY(%s)
"""
_KEPT = f"""
SELECT e.uuid, q.number, k.why, k.text, k.saved_at
{_OF}
JOIN assessments_keptanswer k ON k.submission_id = s.id
JOIN assessments_question q ON q.id = k.question_id
WHERE e.uuid = ANY(%s)
"""
_ACKNOWLEDGED = f"""
SELECT e.uuid, q.number, k.device, k.sequence, k.revision, k.sha256
{_OF}
JOIN assessments_acknowledgedsave k ON k.submission_id = s.id
JOIN assessments_question q ON q.id = k.question_id
WHERE e.uuid = ANY(%s)
"""
_LETTERS = """
SELECT to_address, count(*), count(sent_at) FROM accounts_outgoingemail
WHERE subject = %s AND to_address = ANY(%s) GROUP BY to_address
"""


def facts_of(enrolments: Mapping[UUID, str]) -> dict[UUID, Facts]:
    """What the database holds of these enrolments, whose people have these addresses."""
    found = {enrolment: Facts() for enrolment in enrolments}
    of = list(enrolments)
    for enrolment, attempt, submitted_at in _rows(_SUBMISSIONS, [of]):
        found[enrolment].attempts.append(attempt)
        if submitted_at is not None:
            found[enrolment].submitted.append(attempt)
    for enrolment, number, text, revision, saved_at, is_blank in _rows(_ANSWERS, [of]):
        found[enrolment].answers[number] = AnswerNow(text, revision, saved_at, is_blank)
    for enrolment, number, why, text, saved_at in _rows(_KEPT, [of]):
        found[enrolment].kept.append(KeptText(number, why, text, saved_at))
    for enrolment, *noted in _rows(_ACKNOWLEDGED, [of]):
        found[enrolment].acknowledgements.append(Acknowledgement(*noted))
    letters = {
        address: count for address, count, _ in _rows(_LETTERS, [RECEIPT_SUBJECT, list(enrolments.values())])
    }
    for enrolment, address in enrolments.items():
        found[enrolment].receipt_letters = letters.get(address, 0)
    return found


def letters_unsent(addresses: list[str], seconds: float) -> int:
    """How many receipts' letters are still not sent after `seconds` at most."""
    until = time.monotonic() + seconds
    while True:
        unsent = sum(count - sent for _, count, sent in _rows(_LETTERS, [RECEIPT_SUBJECT, addresses]))
        if not unsent or time.monotonic() > until:
            return unsent
        time.sleep(1)


def _rows(statement: str, given: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


def sign_in_letters(addresses: Sequence[str]) -> dict[str, int]:
    """How many letters with a code to sign in each of `addresses` was sent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_address, count(*) FROM accounts_outgoingemail"
            " WHERE to_address = ANY(%s) AND subject LIKE %s GROUP BY to_address",
            [list(addresses), f"{SIGN_IN_SUBJECT}%"],
        )
        return dict(cursor.fetchall())


def letters_to_strangers() -> int:
    """How many letters were written to addresses that nobody has: the attack makes these up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM accounts_outgoingemail WHERE to_address LIKE %s",
            ["nobody%@elsewhere.example"],
        )
        found: int = cursor.fetchone()[0]
        return found
