"""The receipt: its canonical form to the byte, its code, and what it finds changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from uuid import UUID

import pytest
from django.db import connection

from assessments.answering import actions
from assessments.answering.receipts import canonical_form, receipt_holds
from assessments.case_studies.fingerprints import fingerprint, receipt_code, submission_canonical
from assessments.models import Submission
from tests import factories
from tests.conftest import as_owner

CANONICAL = (
    "AIMcert submission, form 1\n"
    "enrolment 0b5c0c5e-6d8d-4a0e-9c3e-6a2f5c1e7b11\n"
    "attempt 1\n"
    f"version {'a' * 64}\n"
    "submitted 2026-11-22T15:04:05.000007Z\n"
    "declaration 4\n"
    "Mine\n"
    "answer 1 11\n"
    "  Zoë\n’\n\n"
    "answer 2 blank\n"
).encode()


def test_canonical_form_is_what_the_documentation_says() -> None:
    found = submission_canonical(
        enrolment=UUID("0b5c0c5e-6d8d-4a0e-9c3e-6a2f5c1e7b11"),
        attempt=1,
        version="a" * 64,
        submitted_at=datetime(2026, 11, 22, 17, 4, 5, 7, tzinfo=timezone(timedelta(hours=2))),
        declaration="Mine",
        answers=[(1, "  Zoë\n’\n"), (2, None)],
    )
    assert found == CANONICAL
    assert fingerprint(found) == sha256(CANONICAL).hexdigest()


def test_canonical_form_cannot_be_pretended_by_a_text() -> None:
    """One answer that contains what the next would look like is still another submission."""

    def form(*answers: str) -> bytes:
        return submission_canonical(
            enrolment=UUID(int=0),
            attempt=1,
            version="",
            submitted_at=datetime(2026, 1, 1, tzinfo=UTC),
            declaration="",
            answers=[*enumerate(answers, start=1)],
        )

    assert form("a\nanswer 2 1\nb") != form("a", "b")


def test_receipt_code_is_the_first_sixty_bits() -> None:
    assert receipt_code("0" * 64) == "0000-0000-0000"
    assert receipt_code("f" * 64) == "ZZZZ-ZZZZ-ZZZZ"
    assert receipt_code("08421084210842f" + "0" * 49) == "1111-1111-111F"


@pytest.fixture
def submission() -> Submission:
    course = factories.course()
    factories.sitting(course)
    enrolment = factories.enrolment(course)
    actions.save_answer(
        enrolment=enrolment, number=1, text=" Mine.\r\n", base_revision=0, by=enrolment.person
    )
    actions.confirm_blank(enrolment=enrolment, number=2, by=enrolment.person)
    return actions.submit(enrolment=enrolment, declared=True, by=enrolment.person)


@pytest.mark.django_db
def test_receipt_holds_for_what_was_submitted(submission: Submission) -> None:
    kept = Submission.objects.get(pk=submission.pk)
    assert receipt_holds(kept)
    assert sha256(canonical_form(kept)).hexdigest() == kept.fingerprint
    assert b"answer 1 7\n Mine.\n\nanswer 2 blank\n" in canonical_form(kept)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE assessments_answer SET text = 'Mine. ' WHERE text <> ''",
        "UPDATE assessments_answer SET blank_confirmed_at = NULL",
        "DELETE FROM assessments_answer WHERE text = ''",
        "UPDATE assessments_submission SET submitted_at = submitted_at + interval '1 microsecond'",
        "UPDATE assessments_submission SET declaration = declaration || '.'",
        "UPDATE assessments_submission SET receipt = '0000-0000-0000'",
        "UPDATE assessments_submission SET attempt = 2",
    ],
)
def test_receipt_finds_any_change(submission: Submission, change: str) -> None:
    """What only the owner could do, with the triggers switched off, the receipt still finds."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("assessments_answer", "assessments_submission"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(change)
    assert not receipt_holds(Submission.objects.get(pk=submission.pk))


@pytest.mark.django_db
def test_a_draft_has_no_receipt() -> None:
    draft = factories.submission(factories.enrolment(factories.course()), submitted=False)
    with pytest.raises(ValueError, match="draft"):
        canonical_form(draft)
