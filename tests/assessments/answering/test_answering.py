"""Saving answers, confirming blanks and submitting: what is kept, and what is refused when."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import OutgoingEmail
from aimcert.foundation.refusals import Refused
from assessments.answering import actions as answering_actions
from assessments.case_studies import actions as case_study_actions
from assessments.models import Answer, Submission
from assessments.states import Outcome
from courses.models import Enrolment
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment() -> Enrolment:
    """Somebody in a room whose questions are open: two of them."""
    course = factories.course()
    factories.sitting(course)
    return factories.enrolment(course)


def save(enrolment: Enrolment, number: int = 1, text: str = "Mine.", base: int = 0, **more: Any) -> Any:
    """Save, and read what is kept; None where nothing is."""
    answering_actions.save_answer(
        enrolment=enrolment, number=number, text=text, base_revision=base, by=enrolment.person, **more
    )
    return Answer.objects.filter(submission__enrolment=enrolment, question__number=number).first()


def submit(enrolment: Enrolment, *, declared: bool = True) -> Submission:
    return answering_actions.submit(enrolment=enrolment, declared=declared, by=enrolment.person)


def withdraw(enrolment: Enrolment) -> None:
    enrolment.withdrawn_at, enrolment.withdrawn_by = timezone.now(), enrolment.person
    enrolment.save()


def cancel(enrolment: Enrolment) -> None:
    course = enrolment.course
    course.cancelled_at, course.cancelled_by = timezone.now(), course.created_by
    course.save()


def close(enrolment: Enrolment) -> None:
    factories.sitting(enrolment.course, closed=True)


def unopen(enrolment: Enrolment) -> None:
    factories.sitting(enrolment.course, opened=False)


def finalise_without(enrolment: Enrolment) -> None:
    factories.recommendation(enrolment, outcome=Outcome.NOT_ASSESSED)


NOT_NOW = [
    (withdraw, answering_actions.NotTakingPart),
    (cancel, answering_actions.NotTakingPart),
    (unopen, answering_actions.QuestionsNotOpen),
    (close, answering_actions.AnsweringClosed),
    (finalise_without, answering_actions.OutcomeFinalised),
]


def test_start_submission_twice_is_one(enrolment: Enrolment) -> None:
    first = answering_actions.start_submission(enrolment=enrolment, by=enrolment.person)
    assert answering_actions.start_submission(enrolment=enrolment, by=enrolment.person) == first
    assert (first.attempt, first.version) == (1, enrolment.course.pin.version)
    assert Submission.objects.count() == 1


def test_save_answer_keeps_every_character_and_only_line_ends_change(enrolment: Enrolment) -> None:
    text = "  Zoë O’Neill\r\n\r\n\tשלום & <b>\r end  \n"
    answer = save(enrolment, text=text)
    assert answer.text == "  Zoë O’Neill\n\n\tשלום & <b>\n end  \n"
    assert answer.revision == 1
    assert answer.finished_at


def test_save_answer_again_with_the_same_text_changes_nothing(enrolment: Enrolment) -> None:
    """A double click, or the back button and once more."""
    first = save(enrolment)
    again = save(enrolment)
    assert (again.pk, again.revision, again.saved_at) == (first.pk, 1, first.saved_at)
    assert Answer.objects.count() == 1


def test_save_answer_builds_on_the_revision_it_was_typed_over(enrolment: Enrolment) -> None:
    save(enrolment, text="One.")
    assert save(enrolment, text="Two.", base=1).revision == 2
    assert save(enrolment, text="", base=2).text == ""
    assert Answer.objects.get().revision == 3


@pytest.mark.parametrize("base", [0, 1, 3, 999_999])
def test_save_answer_over_another_revision_is_refused_with_both_texts(
    enrolment: Enrolment, base: int
) -> None:
    save(enrolment, text="One.")
    save(enrolment, text="Two.", base=1)
    with pytest.raises(answering_actions.StaleAnswer) as refused:
        save(enrolment, text="Other.", base=base)
    assert (refused.value.saved.text, refused.value.text) == ("Two.", "Other.")
    assert Answer.objects.get().text == "Two."


def test_save_answer_meaning_to_come_back_is_not_finished(enrolment: Enrolment) -> None:
    assert save(enrolment, finished=False).finished_at is None
    finished = save(enrolment, base=1)
    assert finished.finished_at
    assert finished.revision == 1
    assert save(enrolment, text="", base=1).finished_at is None


def test_save_answer_of_nothing_where_nothing_is_keeps_nothing(enrolment: Enrolment) -> None:
    assert save(enrolment, text=" \r\n\t ") is None
    assert not Answer.objects.exists()


def test_save_answer_takes_twenty_thousand_characters_and_no_more(enrolment: Enrolment) -> None:
    longest = "é" * 20_000
    assert len(save(enrolment, text=longest).text) == 20_000
    with pytest.raises(case_study_actions.TextRefused, match="20,001"):
        save(enrolment, text=longest + "é", base=1)
    # Line ends count as one character each, whatever the browser sends.
    assert save(enrolment, number=2, text="a\r\n" * 10_000).text == "a\n" * 10_000


@pytest.mark.parametrize(
    ("sign", "stays"),
    [
        *((sign, "\n") for sign in ("\r", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029")),
        *((sign, "") for sign in ("\x00", "\x07", "\x1b", "\x1e", "\x1f", "\x7f", "\x84", "\x9f")),
        *((sign, sign) for sign in ("\t", "\xa0", "\ufeff", "\ufffd", "👍")),
        ("\ud83d", "\ufffd"),
    ],
)
def test_nothing_of_a_texts_layout_holds_up_saving(enrolment: Enrolment, sign: str, stays: str) -> None:
    kept = f"one\ntwo{stays}three"
    assert save(enrolment, text=f"one\ntwo{sign}three").text == kept
    assert Answer.objects.get().text == kept


@pytest.mark.parametrize(("happens", "refusal"), NOT_NOW)
def test_nothing_is_saved_at_the_wrong_time(
    enrolment: Enrolment, happens: Any, refusal: type[Exception]
) -> None:
    save(enrolment, text="Kept.")
    happens(enrolment)
    for act in (
        lambda: save(enrolment, text="Late.", base=1),
        lambda: answering_actions.start_submission(enrolment=enrolment, by=enrolment.person),
    ):
        with pytest.raises(refusal):
            act()
    assert [answer.text for answer in Answer.objects.all()] == ["Kept."]
    assert Submission.objects.get().submitted_at is None


@pytest.mark.parametrize("happens", [withdraw, unopen, close, finalise_without])
def test_nothing_is_started_at_the_wrong_time(enrolment: Enrolment, happens: Any) -> None:
    happens(enrolment)
    with pytest.raises(Refused):
        save(enrolment)
    assert not Submission.objects.exists()


@pytest.mark.parametrize("act", [save, submit])
def test_a_finalised_outcome_is_named_before_a_closed_room(enrolment: Enrolment, act: Any) -> None:
    """More time would not help somebody whose outcome is final."""
    finalise_without(enrolment)
    close(enrolment)
    with pytest.raises(answering_actions.OutcomeFinalised, match="Speak to your trainer"):
        act(enrolment)


def test_nobody_acts_on_anothers_enrolment(enrolment: Enrolment) -> None:
    for stranger in (
        factories.PersonFactory.create(),
        factories.trainer_of(enrolment.course),
        factories.admin(),
    ):
        for act in (
            lambda by: answering_actions.save_answer(
                enrolment=enrolment, number=1, text="x", base_revision=0, by=by
            ),
            lambda by: answering_actions.confirm_blank(enrolment=enrolment, number=1, by=by),
            lambda by: answering_actions.start_submission(enrolment=enrolment, by=by),
            lambda by: answering_actions.submit(enrolment=enrolment, declared=True, by=by),
        ):
            with pytest.raises(answering_actions.NotTheirs):
                act(stranger)
    assert not Submission.objects.exists()


@pytest.mark.parametrize("number", [0, 3, 10**12])
def test_save_answer_to_a_question_that_is_not_there_keeps_nothing(enrolment: Enrolment, number: int) -> None:
    with pytest.raises(answering_actions.NotTheirs):
        save(enrolment, number=number)
    assert not Submission.objects.exists()


def test_confirm_blank_counts_until_an_answer_is_written(enrolment: Enrolment) -> None:
    first = answering_actions.confirm_blank(enrolment=enrolment, number=1, by=enrolment.person)
    again = answering_actions.confirm_blank(enrolment=enrolment.uuid, number=1, by=enrolment.person)
    assert (again.pk, again.blank_confirmed_at) == (first.pk, first.blank_confirmed_at)
    assert save(enrolment, base=first.revision).blank_confirmed_at is None
    with pytest.raises(answering_actions.HasText):
        answering_actions.confirm_blank(enrolment=enrolment, number=1, by=enrolment.person)


def test_submit_needs_every_question_and_the_declaration(enrolment: Enrolment) -> None:
    save(enrolment)
    with pytest.raises(answering_actions.Unanswered) as refused:
        submit(enrolment)
    assert refused.value.numbers == [2]
    answering_actions.confirm_blank(enrolment=enrolment, number=2, by=enrolment.person)
    with pytest.raises(answering_actions.NotDeclared):
        submit(enrolment, declared=False)
    submission = submit(enrolment)
    assert submission.submitted_at
    assert "manual" in submission.declaration
    assert "artificial intelligence" in submission.declaration


def test_submit_without_any_question_is_refused() -> None:
    """Zero questions are unmet, never vacuously answered."""
    programme = factories.ProgrammeFactory.create()
    factories.version(programme, questions=0)
    course = factories.course(programme=programme)
    factories.sitting(course)
    with pytest.raises(answering_actions.Unanswered):
        submit(factories.enrolment(course))


def test_the_letter_says_the_hour_by_the_clock_that_it_names() -> None:
    course = factories.course(time_zone="America/New_York")
    factories.sitting(course)
    enrolment = factories.enrolment(course)
    save(enrolment)
    save(enrolment, number=2)
    submission = submit(enrolment)
    assert submission.submitted_at
    at = submission.submitted_at.astimezone(ZoneInfo("America/New_York"))
    letter = OutgoingEmail.objects.get(to_address=enrolment.person.email)
    assert f"{at:%H:%M:%S} (New\N{NO-BREAK SPACE}York\N{NO-BREAK SPACE}time)" in letter.text


def test_submit_twice_is_one_receipt_and_one_letter(enrolment: Enrolment) -> None:
    save(enrolment)
    save(enrolment, number=2)
    first = submit(enrolment)
    again = submit(enrolment)
    for name in ("pk", "submitted_at", "receipt", "fingerprint"):
        assert getattr(again, name) == getattr(first, name)
    letter = OutgoingEmail.objects.get(to_address=enrolment.person.email)
    assert first.receipt in letter.text
    assert first.fingerprint in letter.text
    assert "Mine." not in letter.text + letter.html
    assert str(enrolment.uuid) in letter.text
    factories.sitting(enrolment.course, closed=True)
    assert submit(enrolment, declared=False).receipt == first.receipt


def test_submitted_answers_take_no_change(enrolment: Enrolment) -> None:
    save(enrolment)
    save(enrolment, number=2)
    submit(enrolment)
    with pytest.raises(answering_actions.AlreadySubmitted):
        save(enrolment, text="Other.", base=1)
    with pytest.raises(answering_actions.AlreadySubmitted):
        answering_actions.confirm_blank(enrolment=enrolment, number=1, by=enrolment.person)


def test_submitted_answers_are_fixed_by_postgresql(enrolment: Enrolment) -> None:
    """The application's role cannot change, add, move or delete them, whoever writes the SQL."""
    save(enrolment)
    save(enrolment, number=2)
    submission = submit(enrolment)
    draft = factories.submission(factories.enrolment(enrolment.course), submitted=False, answers=["A draft."])
    ids = {"draft": draft.pk, "submitted": submission.pk}
    move = "UPDATE assessments_answer SET submission_id = %(draft)s WHERE submission_id = %(submitted)s"
    add = "UPDATE assessments_answer SET submission_id = %(submitted)s WHERE submission_id = %(draft)s"
    undo = (
        "UPDATE assessments_submission SET submitted_at = NULL, declaration = '', fingerprint = ''"
        ", receipt = '' WHERE id = %(submitted)s"
    )
    for statement in (
        "UPDATE assessments_answer SET text = 'x'",
        move,
        add,
        undo,
        "UPDATE assessments_submission SET receipt = 'X' WHERE id = %(submitted)s",
        "DELETE FROM assessments_answer",
        "DELETE FROM assessments_submission",
        "TRUNCATE assessments_answer",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, ids)


def test_submission_and_answer_stay_within_one_course_and_version(enrolment: Enrolment) -> None:
    """Composite keys: no submission to a version that the course has not pinned, no other's question."""
    other = factories.course()
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.create(enrolment=enrolment, course=enrolment.course, version=other.pin.version)
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.create(enrolment=enrolment, course=other, version=other.pin.version)
    submission = answering_actions.start_submission(enrolment=enrolment, by=enrolment.person)
    question = other.pin.version.questions.first()
    for version in (submission.version, other.pin.version):
        with pytest.raises(DatabaseError), transaction.atomic():
            Answer.objects.create(submission=submission, version=version, question=question, text="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.create(
            enrolment=enrolment, course=enrolment.course, version=submission.version, attempt=2
        )


def test_submit_from_an_old_form_never_submits_a_later_attempt(enrolment: Enrolment) -> None:
    save(enrolment)
    save(enrolment, number=2)
    first = submit(enrolment)
    later = factories.submission(enrolment, submitted=False)
    again = answering_actions.submit(
        enrolment=enrolment, declared=True, by=enrolment.person, submission=first.uuid
    )
    assert (again.pk, again.receipt) == (first.pk, first.receipt)
    assert Submission.objects.get(pk=later.pk).submitted_at is None
    stranger = factories.submission(factories.enrolment(enrolment.course))
    with pytest.raises(answering_actions.NotTheirs):
        answering_actions.submit(
            enrolment=enrolment, declared=True, by=enrolment.person, submission=stranger.uuid
        )
