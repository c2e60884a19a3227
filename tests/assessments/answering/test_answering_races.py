"""Two connections at once: nothing overwritten silently, nothing twice, nothing after the end."""

from __future__ import annotations

import pytest
from django.db import transaction

from accounts.models import OutgoingEmail
from assessments.answering import actions
from assessments.answering.receipts import receipt_holds
from assessments.models import Answer, Submission
from courses.models import Enrolment
from tests import factories
from tests.sessions import at_once, while_held

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def enrolment() -> Enrolment:
    with transaction.atomic():
        course = factories.course()
        factories.sitting(course)
        return factories.enrolment(course)


def save(enrolment: Enrolment, text: str, base: int = 0, number: int = 1) -> actions.Keeping:
    return actions.save_answer(
        enrolment=enrolment, number=number, text=text, base_revision=base, by=enrolment.person
    )


def submit(enrolment: Enrolment) -> Submission:
    return actions.submit(enrolment=enrolment, declared=True, by=enrolment.person)


def test_two_saves_over_the_same_revision_keep_both_texts(enrolment: Enrolment) -> None:
    save(enrolment, "First.")
    found = while_held(lambda: save(enrolment, "Tab one.", 1), lambda: save(enrolment, "Tab two.", 1))
    assert isinstance(found, actions.StaleAnswer)
    assert (found.saved.text, found.text) == ("Tab one.", "Tab two.")
    assert Answer.objects.get().text == "Tab one."


def test_two_first_saves_of_one_answer_keep_both_texts(enrolment: Enrolment) -> None:
    actions.start_submission(enrolment=enrolment, by=enrolment.person)
    found = while_held(lambda: save(enrolment, "Tab one."), lambda: save(enrolment, "Tab two."))
    assert isinstance(found, actions.StaleAnswer)
    assert Answer.objects.get().text == "Tab one."


def test_a_double_click_is_one_save(enrolment: Enrolment) -> None:
    actions.start_submission(enrolment=enrolment, by=enrolment.person)
    found = while_held(lambda: save(enrolment, "Same."), lambda: save(enrolment, "Same."))
    assert isinstance(found, actions.Keeping)
    assert Answer.objects.get().revision == 1


def test_many_first_saves_start_one_submission(enrolment: Enrolment) -> None:
    found = at_once(*(lambda n=n: save(enrolment, f"Answer {n}.", number=n % 2 + 1) for n in range(8)))
    assert Submission.objects.count() == 1
    kept = [answer for answer in found if isinstance(answer, actions.Keeping)]
    stale = [refused for refused in found if isinstance(refused, actions.StaleAnswer)]
    assert (len(kept), len(stale)) == (2, 6)


def test_save_that_waits_for_submit_is_refused(enrolment: Enrolment) -> None:
    save(enrolment, "One.")
    save(enrolment, "Two.", number=2)
    found = while_held(lambda: submit(enrolment), lambda: save(enrolment, "Late.", 1))
    assert isinstance(found, actions.AlreadySubmitted)
    assert receipt_holds(Submission.objects.get())


def test_submit_that_waits_for_a_save_takes_it_along(enrolment: Enrolment) -> None:
    save(enrolment, "One.")
    save(enrolment, "Two.", number=2)
    found = while_held(lambda: save(enrolment, "Better.", 1), lambda: submit(enrolment))
    assert found.submitted_at
    assert found.answers.filter(text="Better.").exists()
    assert receipt_holds(Submission.objects.get())


def test_many_submits_and_saves_at_once_end_as_one_submission(enrolment: Enrolment) -> None:
    save(enrolment, "One.")
    save(enrolment, "Two.", number=2)
    found = at_once(
        *[lambda: submit(enrolment)] * 4, *(lambda n=n: save(enrolment, f"Other {n}.", 1) for n in range(4))
    )
    receipts = {submission.receipt for submission in found if isinstance(submission, Submission)}
    assert len(receipts) == 1
    assert OutgoingEmail.objects.count() == 1
    kept = Submission.objects.get()
    assert kept.receipt in receipts
    assert receipt_holds(kept)
    # Each save that was acknowledged stands in what was submitted.
    stand = {actions.sha256_of(answer.text) for answer in kept.answers.all()}
    assert {answer.sha256 for answer in found if isinstance(answer, actions.Keeping)} <= stand
