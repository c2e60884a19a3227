"""Paper typed in by one, compared by another, and only then its author's submission."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import OutgoingEmail, Person
from assessments.answering import actions as answering_actions
from assessments.answering.receipts import DECLARATION, canonical_form, receipt_holds
from assessments.answering.scans import ScanRefused
from assessments.case_studies import actions as case_study_actions
from assessments.case_studies.fingerprints import fingerprint
from assessments.marking.readiness import assessment_of
from assessments.models import Answer, Scan, Submission, TimeGrant, TranscribedAnswer, Transcription
from assessments.states import Granted, Outcome
from courses.models import Enrolment
from tests import factories
from tests.paper import attach, scan_of_paper, typed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment() -> Enrolment:
    course = factories.course()
    factories.sitting(course)
    return factories.enrolment(course)


def trainer(enrolment: Enrolment) -> Person:
    return factories.trainer_of(enrolment.course)


def begin(enrolment: Enrolment, by: Person | None = None, reason: str = "No network.") -> Transcription:
    return answering_actions.begin_transcription(
        enrolment=enrolment, reason=reason, by=by or trainer(enrolment)
    )


def type_in(row: Transcription, text: str, number: int = 1, **more: Any) -> TranscribedAnswer | None:
    given = {"is_blank": False, "base_revision": 0, "by": row.begun_by, **more}
    return answering_actions.type_answer(transcription=row, number=number, values={"text": text}, **given)


def check(row: Transcription, by: Person | None = None, **more: bool) -> Submission:
    confirmed = {"is_the_same": True, "is_signed": True, **more}
    return answering_actions.check_transcription(
        transcription=row, by=by or row.enrolment.person, **confirmed
    )


def test_what_was_typed_and_compared_is_submitted_for_its_author(enrolment: Enrolment) -> None:
    row = typed_in(enrolment, "Zoë wrote\r\nthis.", "")
    OutgoingEmail.objects.all().delete()
    made = check(row)
    assert (made.enrolment, made.attempt) == (enrolment, 1)
    answers = list(made.answers.order_by("question__number"))
    assert [answer.text for answer in answers] == ["Zoë wrote\nthis.", ""]
    assert answers[1].blank_confirmed_at
    assert made.declaration == str(DECLARATION)
    row.refresh_from_db()
    assert (row.submission, row.checked_by, row.declared_on_paper) == (made, enrolment.person, True)
    assert not TranscribedAnswer.objects.exists()
    letter = OutgoingEmail.objects.get()
    assert letter.to_address == enrolment.person.email
    assert made.receipt in letter.text
    assert "Zoë wrote" not in letter.text
    assert assessment_of(enrolment).questions_answered == 2  # type: ignore[arg-type]


def test_its_receipt_covers_how_it_came_from_paper_and_anyone_can_check_it(enrolment: Enrolment) -> None:
    made = check(typed_in(enrolment))
    form = canonical_form(made)
    row = made.transcription
    assert form.startswith(b"AIMcert submission, form 2\n")
    scan = row.scans.get()
    assert f"typed {row.typed_by.uuid} " in form.decode()  # type: ignore[union-attr]
    assert f"checked {enrolment.person.uuid} " in form.decode()
    assert f"scan {scan.sha256}\n" in form.decode()
    assert hashlib.sha256(form).hexdigest() == fingerprint(form) == made.fingerprint
    assert receipt_holds(Submission.objects.get(pk=made.pk))


def test_a_submission_from_a_screen_keeps_form_1(enrolment: Enrolment) -> None:
    for number in (1, 2):
        answering_actions.save_answer(
            enrolment=enrolment, number=number, text="Typed.", base_revision=0, by=enrolment.person
        )
    made = answering_actions.submit(enrolment=enrolment, declared=True, by=enrolment.person)
    assert canonical_form(made).startswith(b"AIMcert submission, form 1\n")
    assert receipt_holds(made)


def test_checking_twice_submits_once(enrolment: Enrolment) -> None:
    row = typed_in(enrolment)
    first = check(row)
    OutgoingEmail.objects.all().delete()
    assert check(row) == first
    assert Submission.objects.count() == 1
    assert not OutgoingEmail.objects.exists()
    with pytest.raises(answering_actions.AlreadySubmitted):
        check(row, by=factories.admin())


def test_whoever_typed_it_never_checks_it(enrolment: Enrolment) -> None:
    row = typed_in(enrolment)
    with pytest.raises(answering_actions.CannotTranscribe):
        check(row, by=row.begun_by)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE assessments_transcription SET checked_at = now(), checked_by_id = typed_by_id")
    own = typed_in(factories.enrolment(enrolment.course), by=None)
    assert check(own, by=factories.admin()).submitted_at


@pytest.mark.parametrize("missing", ["is_the_same", "is_signed"])
def test_nothing_is_submitted_without_comparing_and_a_signature(enrolment: Enrolment, missing: str) -> None:
    row = typed_in(enrolment)
    with pytest.raises(answering_actions.CannotTranscribe):
        check(row, **{missing: False})
    assert not Submission.objects.exists()


def test_what_differs_goes_back_and_comes_again(enrolment: Enrolment) -> None:
    row = typed_in(enrolment)
    with pytest.raises(answering_actions.CannotTranscribe):
        type_in(row, "Changed after handing over.", base_revision=1)
    with pytest.raises(answering_actions.CannotTranscribe):
        answering_actions.return_transcription(transcription=row, differs=" ", by=enrolment.person)
    answering_actions.return_transcription(
        transcription=row, differs="Question 1: a word.", by=enrolment.person
    )
    type_in(row, "On the paper.", base_revision=1)
    answering_actions.hand_over(transcription=row, by=row.begun_by)
    assert check(row).answers.get(question__number=1).text == "On the paper."


def test_all_must_be_typed_in_and_scanned_before_it_is_handed_over(enrolment: Enrolment) -> None:
    row = begin(enrolment)
    with pytest.raises(answering_actions.CannotTranscribe, match="Questions 1, 2"):
        answering_actions.hand_over(transcription=row, by=row.begun_by)
    type_in(row, "One.")
    type_in(row, "", number=2, is_blank=True)
    with pytest.raises(answering_actions.CannotTranscribe, match="scan"):
        answering_actions.hand_over(transcription=row, by=row.begun_by)
    attach(row, scan_of_paper())
    assert answering_actions.hand_over(transcription=row, by=row.begun_by).typed_by == row.begun_by
    assert answering_actions.hand_over(transcription=row, by=row.begun_by).typed_at


def test_one_person_types_all_of_it(enrolment: Enrolment) -> None:
    row = begin(enrolment)
    assert begin(enrolment) == row
    with pytest.raises(answering_actions.CannotTranscribe):
        begin(enrolment, by=enrolment.person)
    with pytest.raises(answering_actions.CannotTranscribe):
        type_in(row, "Mine.", by=enrolment.person)


def test_the_person_may_type_their_own_and_another_compares_it(enrolment: Enrolment) -> None:
    row = typed_in(enrolment, by=enrolment.person)
    with pytest.raises(answering_actions.CannotTranscribe):
        check(row)
    assert check(row, by=trainer(enrolment)).submitted_at


def test_why_on_paper_is_said(enrolment: Enrolment) -> None:
    with pytest.raises(answering_actions.CannotTranscribe):
        begin(enrolment, reason=" ")


def test_two_tabs_never_write_over_one_another(enrolment: Enrolment) -> None:
    row = begin(enrolment)
    first = type_in(row, "One.")
    assert first is not None
    assert type_in(row, "One.") == first
    with pytest.raises(answering_actions.TypedMeanwhile):
        type_in(row, "Two.")
    type_in(row, "", base_revision=1)
    assert not row.answers.exists()


def test_blank_is_said_and_never_with_text(enrolment: Enrolment) -> None:
    row = begin(enrolment)
    with pytest.raises(answering_actions.CannotTranscribe):
        type_in(row, "Something.", is_blank=True)
    with pytest.raises(case_study_actions.TextRefused):
        type_in(row, "x" * 20_001)
    with pytest.raises(answering_actions.NotTheirs):
        type_in(row, "One.", number=9)


def answer_online(enrolment: Enrolment, text: str = "Online.") -> None:
    answering_actions.save_answer(
        enrolment=enrolment, number=1, text=text, base_revision=0, by=enrolment.person
    )


def test_nothing_answered_online_is_ever_written_over(enrolment: Enrolment) -> None:
    answer_online(enrolment)
    with pytest.raises(answering_actions.AnsweredOnline):
        begin(enrolment)
    assert Answer.objects.get().text == "Online."


def test_who_begins_online_meanwhile_keeps_what_they_wrote(enrolment: Enrolment) -> None:
    row, handed_over = begin(enrolment), typed_in(factories.enrolment(enrolment.course))
    answer_online(enrolment)
    answer_online(handed_over.enrolment)
    with pytest.raises(answering_actions.AnsweredOnline):
        type_in(row, "From paper.")
    with pytest.raises(answering_actions.AnsweredOnline):
        check(handed_over)
    assert {answer.text for answer in Answer.objects.all()} == {"Online."}


def test_an_attempt_that_was_only_opened_is_filled(enrolment: Enrolment) -> None:
    opened = answering_actions.open_journal(enrolment=enrolment, by=enrolment.person).submission
    assert check(typed_in(enrolment)) == opened
    assert Submission.objects.count() == 1


def test_a_submission_is_never_followed_by_paper_unless_answering_was_opened_again(
    enrolment: Enrolment,
) -> None:
    first = factories.submission(enrolment)
    with pytest.raises(answering_actions.AlreadySubmitted):
        begin(enrolment)
    TimeGrant.objects.create(
        enrolment=enrolment,
        what=Granted.REOPENED,
        until=timezone.now() + timedelta(hours=1),
        reason="Ill.",
        granted_by=trainer(enrolment),
    )
    second = check(typed_in(enrolment))
    assert (second.attempt, first.answers.count()) == (2, 2)


def test_nothing_follows_a_finalised_outcome_or_a_withdrawal(enrolment: Enrolment) -> None:
    row = typed_in(enrolment)
    factories.recommendation(enrolment, outcome=Outcome.NOT_ASSESSED)
    with pytest.raises(answering_actions.OutcomeFinalised):
        check(row)
    gone = factories.enrolment(enrolment.course)
    gone.withdrawn_at, gone.withdrawn_by = timezone.now(), gone.person
    gone.save()
    with pytest.raises(answering_actions.NotTakingPart):
        begin(gone)


def test_paper_belongs_to_a_course_that_has_begun() -> None:
    course = factories.course(starts=timezone.now() + timedelta(days=2))
    with pytest.raises(answering_actions.CannotTranscribe):
        begin(factories.enrolment(course))


@pytest.mark.django_db(transaction=True)
def test_giving_up_deletes_what_was_typed_and_its_scans() -> None:
    enrolment = factories.enrolment(factories.course())
    row = begin(enrolment)
    type_in(row, "For somebody else.")
    [scan] = attach(row, scan_of_paper("given up"))
    assert default_storage.exists(scan.file)
    for _twice in range(2):
        answering_actions.give_up_transcription(transcription=row, by=row.begun_by)
    assert not TranscribedAnswer.objects.exists()
    assert not Scan.objects.exists()
    assert not default_storage.exists(scan.file)
    assert begin(enrolment) != row


@pytest.mark.django_db(transaction=True)
def test_a_file_that_another_scan_needs_stays() -> None:
    course = factories.course()
    rows = [begin(factories.enrolment(course)) for _ in range(2)]
    content = scan_of_paper("twice")
    for row in rows:
        attach(row, content, content)
        assert row.scans.count() == 1
    answering_actions.remove_scan(scan=rows[0].scans.get(), by=rows[0].begun_by)
    file = rows[1].scans.get().file
    assert default_storage.exists(file)
    answering_actions.remove_scan(scan=rows[1].scans.get(), by=rows[1].begun_by)
    assert not default_storage.exists(file)


def test_scans_are_taken_all_or_none_and_stay_once_handed_over(enrolment: Enrolment) -> None:
    row = begin(enrolment)
    with pytest.raises(ScanRefused):
        attach(row, scan_of_paper("good"), b"<html>")
    assert not Scan.objects.exists()
    done = typed_in(factories.enrolment(enrolment.course))
    with pytest.raises(answering_actions.CannotTranscribe):
        answering_actions.remove_scan(scan=done.scans.get(), by=done.begun_by)
    check(done)
    with pytest.raises(answering_actions.AlreadySubmitted):
        attach(done, scan_of_paper("late"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessments_transcription SET typed_by_id = begun_by_id",
        "UPDATE assessments_transcription SET checked_at = now() - interval '1 day'",
        "UPDATE assessments_transcription SET reason = 'x'",
        "DELETE FROM assessments_transcription",
        "UPDATE assessments_scan SET sha256 = repeat('0', 64)",
        "DELETE FROM assessments_scan",
        "UPDATE assessments_booklet SET code = 'AAAAAAAA'",
        "DELETE FROM assessments_unsentupload",
    ],
)
def test_postgresql_keeps_how_a_submission_came_from_paper(enrolment: Enrolment, statement: str) -> None:
    check(typed_in(enrolment))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_was_handed_over_stays_as_it_is(enrolment: Enrolment) -> None:
    typed_in(enrolment)
    for statement in (
        "UPDATE assessments_transcribedanswer SET text = 'x' WHERE NOT is_blank",
        "DELETE FROM assessments_transcribedanswer",
        "UPDATE assessments_transcription SET submission_id = NULL, checked_at = now()",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_transcription_becomes_its_own_persons_submission(enrolment: Enrolment) -> None:
    row, other = typed_in(enrolment), factories.enrolment(enrolment.course)
    theirs = factories.submission(other)
    with pytest.raises(DatabaseError), transaction.atomic():
        Transcription.objects.filter(pk=row.pk).update(
            submission=theirs,
            checked_at=timezone.now(),
            checked_by=other.person,
            declared_on_paper=True,
        )


def test_who_reads_what_was_typed(enrolment: Enrolment) -> None:
    row = typed_in(enrolment)
    assert enrolment.sponsor_organisation is not None
    for reader in (enrolment.person, trainer(enrolment), factories.admin()):
        assert Transcription.objects.visible_to(reader).get() == row
        assert Scan.objects.visible_to(reader).exists()
    for other in (
        factories.commissioner(enrolment.sponsor_organisation),
        factories.enrolment(enrolment.course).person,
        factories.associate(enrolment.course.programme),
    ):
        assert not Transcription.objects.visible_to(other).exists()
        assert not Scan.objects.visible_to(other).exists()
