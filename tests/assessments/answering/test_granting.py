"""Time for one person: longer than the room, or answering opened again; and what follows for marking."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from assessments import locks
from assessments.answering import actions as answering_actions
from assessments.answering import waiting
from assessments.answering.participation import Stage, place_of
from assessments.marking import actions as marking_actions
from assessments.marking.facts import with_assessment
from assessments.marking.marking_list import Turn, marking_list_of
from assessments.models import Answer, Sitting, Submission, TimeGrant
from assessments.states import Granted, Outcome
from certification.actions import approve, finalise
from certification.disclosure import Shown, Viewer, told, with_results
from courses.models import Course, Enrolment
from tests import factories

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def course() -> Course:
    return factories.course()


@pytest.fixture
def trainer(course: Course) -> Person:
    return factories.trainer_of(course)


@pytest.fixture
def enrolment(course: Course) -> Enrolment:
    return factories.enrolment(course, attended=True)


def save(
    enrolment: Enrolment, text: str = "Mine.", number: int = 1, base: int = 0
) -> answering_actions.Keeping:
    return answering_actions.save_answer(
        enrolment=enrolment, number=number, text=text, base_revision=base, by=enrolment.person
    )


def submit(enrolment: Enrolment) -> Submission:
    for number in (1, 2):
        save(enrolment, f"Answer {number}.", number)
    return answering_actions.submit(enrolment=enrolment, declared=True, by=enrolment.person)


def in_(minutes: int) -> datetime:
    return timezone.now() + minutes * MINUTE


def stage(enrolment: Enrolment) -> Stage:
    place = place_of(enrolment.person, enrolment.uuid)
    assert place is not None
    return place.stage


def test_extra_time_ends_so_much_later_than_the_room(
    course: Course, trainer: Person, enrolment: Enrolment
) -> None:
    other = factories.enrolment(course)
    factories.sitting(course, closes_at=in_(10))
    for minutes in (10, 5):
        answering_actions.grant_extra_time(
            enrolment=enrolment, minutes=minutes, reason="Reads slowly.", by=trainer
        )
    with time_machine.travel(in_(20)):
        save(enrolment)
        assert (stage(enrolment), stage(other)) == (Stage.ANSWERING, Stage.CLOSED)
        # A trainer's list does not ask them to give up somebody who still writes; home says what waits.
        rows = marking_list_of(course, Sitting.objects.get(), reader=trainer, acts=True).rows
        assert {row.turn for row in rows} == {Turn.NOT_SUBMITTED, Turn.OUTCOME}
        assert "Go on with your answers" in waiting.answering_for(enrolment.person)[0].words
        shown = with_results(Enrolment.objects.filter(course=course))
        theirs = {one.pk: told(one, Viewer.PARTICIPANT).stage for one in shown}
        assert theirs == {enrolment.pk: Shown.ANSWERING, other.pk: Shown.NOTHING_SENT}
        # An employer learns nothing of it.
        assert len({told(one, Viewer.SPONSOR).stage for one in shown}) == 1
    with time_machine.travel(in_(26)):
        assert stage(enrolment) is Stage.CLOSED
    assert TimeGrant.objects.filter(granted_by=trainer, reason="Reads slowly.").count() == 2


def test_extra_time_can_be_granted_before_the_room_opens(trainer: Person, enrolment: Enrolment) -> None:
    answering_actions.grant_extra_time(enrolment=enrolment, minutes=30, reason="An adjustment.", by=trainer)
    factories.sitting(enrolment.course, closed=True)
    assert stage(enrolment) is Stage.ANSWERING


@pytest.mark.parametrize("minutes", [0, -5, 601])
def test_extra_time_that_nobody_means_is_refused(trainer: Person, enrolment: Enrolment, minutes: int) -> None:
    factories.sitting(enrolment.course)
    with pytest.raises(answering_actions.MinutesRefused):
        answering_actions.grant_extra_time(enrolment=enrolment, minutes=minutes, reason="Why.", by=trainer)
    answering_actions.grant_extra_time(enrolment=enrolment, minutes=590, reason="Why.", by=trainer)
    with pytest.raises(answering_actions.MinutesRefused, match="1 and 10"):
        answering_actions.grant_extra_time(enrolment=enrolment, minutes=11, reason="Why.", by=trainer)


def test_extra_time_that_would_be_over_already_is_refused(trainer: Person, enrolment: Enrolment) -> None:
    factories.sitting(enrolment.course, closes_at=in_(-1))
    with time_machine.travel(in_(30)), pytest.raises(answering_actions.CannotGrant, match="too long ago"):
        answering_actions.grant_extra_time(enrolment=enrolment, minutes=10, reason="Why.", by=trainer)


def test_reopening_gives_another_attempt_and_leaves_the_first_as_it_was(
    trainer: Person, enrolment: Enrolment
) -> None:
    factories.sitting(enrolment.course, closes_at=in_(60))
    first = submit(enrolment)
    before = list(Answer.objects.filter(submission=first).values())
    with pytest.raises(answering_actions.CannotGrant, match="have submitted"):
        answering_actions.grant_extra_time(enrolment=enrolment, minutes=5, reason="Why.", by=trainer)
    with pytest.raises(answering_actions.AlreadySubmitted):
        save(enrolment, "More.")
    answering_actions.reopen_for_one(
        enrolment=enrolment, until=in_(90), reason="Sent by mistake.", by=trainer
    )
    assert stage(enrolment) is Stage.ANSWERING
    assert not waiting.answering_for(enrolment.person)[0].done
    save(enrolment, "Another.")
    assert Submission.objects.get(attempt=2).answers.get().text == "Another."
    assert list(Answer.objects.filter(submission=first).values()) == before
    first.refresh_from_db()
    assert first.receipt
    with time_machine.travel(in_(91)):
        assert stage(enrolment) is Stage.CLOSED


def test_reopening_for_somebody_who_did_not_submit_goes_on_with_what_they_saved(
    trainer: Person, enrolment: Enrolment
) -> None:
    factories.sitting(enrolment.course)
    with pytest.raises(answering_actions.CannotGrant, match="can answer now"):
        answering_actions.reopen_for_one(enrolment=enrolment, until=in_(30), reason="Why.", by=trainer)
    save(enrolment, "Begun.")
    factories.sitting(enrolment.course, closed=True)
    answering_actions.reopen_for_one(enrolment=enrolment, until=in_(30), reason="The wifi went.", by=trainer)
    save(enrolment, "Begun, and more.", base=1)
    assert Submission.objects.count() == 1
    # Their own end can be moved on, and not back.
    with pytest.raises(answering_actions.CannotGrant):
        answering_actions.reopen_for_one(enrolment=enrolment, until=in_(20), reason="Why.", by=trainer)
    answering_actions.reopen_for_one(
        enrolment=enrolment, until=in_(40), reason="The wifi went again.", by=trainer
    )
    assert TimeGrant.objects.filter(what=Granted.REOPENED).count() == 2


@pytest.mark.parametrize("minutes", [-1, 0, 60 * 24 * 32])
def test_reopening_until_a_moment_that_nobody_means_is_refused(
    trainer: Person, enrolment: Enrolment, minutes: int
) -> None:
    factories.sitting(enrolment.course, closed=True)
    with time_machine.travel(timezone.now(), tick=False), pytest.raises(answering_actions.UntilRefused):
        answering_actions.reopen_for_one(enrolment=enrolment, until=in_(minutes), reason="Why.", by=trainer)


def test_nothing_is_granted_without_a_reason_or_before_the_questions_opened(
    trainer: Person, enrolment: Enrolment
) -> None:
    with pytest.raises(answering_actions.ReasonMissing):
        answering_actions.grant_extra_time(enrolment=enrolment, minutes=5, reason=" ", by=trainer)
    with pytest.raises(answering_actions.NotOpened):
        answering_actions.reopen_for_one(enrolment=enrolment, until=in_(5), reason="Why.", by=trainer)
    factories.sitting(enrolment.course, closed=True)
    with pytest.raises(answering_actions.ReasonMissing):
        answering_actions.reopen_for_one(enrolment=enrolment, until=in_(5), reason="", by=trainer)
    assert not TimeGrant.objects.exists()


def test_nothing_is_granted_once_the_outcome_is_finalised_or_approved(
    course: Course, trainer: Person
) -> None:
    factories.sitting(course, closed=True)
    eligible, approved = factories.recommended(course), factories.recommended(course)
    approve(enrolment=approved, by=factories.admin())
    gone = factories.enrolment(course, withdrawn_at=timezone.now(), withdrawn_by=trainer)
    browser = Client()
    browser.force_login(trainer)
    still_open = factories.enrolment(course)
    for enrolment, offered in ((eligible, False), (still_open, True)):
        path = reverse("assessments:person", args=[course.uuid, enrolment.uuid])
        page = browser.get(path).content.decode()
        assert ("Let them answer again" in page) is offered
        assert ("so no answers can follow" in page) is not offered
    for enrolment, refusal in (
        (eligible, answering_actions.OutcomeFinalised),
        (approved, locks.MarkingFinalised),
        (gone, answering_actions.CannotGrant),
    ):
        with pytest.raises(refusal):
            answering_actions.reopen_for_one(enrolment=enrolment, until=in_(5), reason="Why.", by=trainer)
        with pytest.raises(refusal):
            answering_actions.grant_extra_time(enrolment=enrolment, minutes=5, reason="Why.", by=trainer)


def test_only_a_trainer_of_the_course_grants(course: Course, enrolment: Enrolment) -> None:
    factories.sitting(course, closed=True)
    for by in (factories.admin(), factories.associate(course.programme), enrolment.person):
        with pytest.raises((locks.NotTheTrainer, locks.OwnWork)):
            answering_actions.reopen_for_one(enrolment=enrolment, until=in_(5), reason="Why.", by=by)
    for statement in ("UPDATE assessments_timegrant SET reason = 'x'", "DELETE FROM assessments_timegrant"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


# --- A marking that was begun on the first attempt ----------------------------------------------------


def facts(enrolment: Enrolment) -> tuple[int | None, int | None]:
    found = with_assessment(Enrolment.objects.filter(pk=enrolment.pk)).get()
    return found.submission_id, found.marking_id  # type: ignore[attr-defined]


def test_marking_goes_on_until_the_second_attempt_is_submitted(trainer: Person, enrolment: Enrolment) -> None:
    factories.sitting(enrolment.course)
    first = submit(enrolment)
    marked = factories.marking(first)
    answering_actions.reopen_for_one(
        enrolment=enrolment, until=in_(30), reason="Sent by mistake.", by=trainer
    )
    save(enrolment, "Another.")
    assert facts(enrolment) == (first.pk, marked.pk)
    shown = with_results(Enrolment.objects.filter(pk=enrolment.pk)).get()
    assert told(shown, Viewer.PARTICIPANT).stage == Shown.BEING_MARKED
    save(enrolment, "And the other.", 2)
    second = answering_actions.submit(enrolment=enrolment, declared=True, by=enrolment.person)
    assert facts(enrolment) == (second.pk, None)
    # Marks of the first attempt are not saved on the second, which their marker has not read.
    with pytest.raises(marking_actions.AnsweredAgain):
        marking_actions.mark(enrolment=enrolment, marks=[], seen=first.uuid, by=trainer)
    assert not second.markings.exists()
    assert marked.marks.exists()


def test_outcome_waits_while_answering_is_open_again(trainer: Person, enrolment: Enrolment) -> None:
    factories.sitting(enrolment.course, closed=True)
    recommendation = factories.recommendation(
        enrolment, marking=factories.marking(factories.submission(enrolment)), finalised=False
    )
    answering_actions.reopen_for_one(
        enrolment=enrolment, until=in_(30), reason="Sent by mistake.", by=trainer
    )
    with pytest.raises(marking_actions.NotReadyToFinalise, match="open again for them until"):
        finalise(recommendation=recommendation, by=trainer)
    save(enrolment, "Another.")
    with time_machine.travel(in_(31)):
        assert finalise(recommendation=recommendation, by=trainer).finalised_at
        # What was still a draft then comes to nothing, and they read what they submitted.
        assert stage(enrolment) is Stage.SUBMITTED
        with pytest.raises(answering_actions.OutcomeFinalised):
            answering_actions.start_submission(enrolment=enrolment, by=enrolment.person)
        draft = Submission.objects.get(attempt=2)
        with pytest.raises(answering_actions.OutcomeFinalised):
            answering_actions.submit(
                enrolment=enrolment, declared=True, by=enrolment.person, submission=draft.uuid
            )
        assert waiting.answering_for(enrolment.person)[0].done


def test_recommendation_on_the_first_attempt_does_not_stand_for_the_second(
    trainer: Person, enrolment: Enrolment
) -> None:
    factories.sitting(enrolment.course)
    first = submit(enrolment)
    open_one = factories.recommendation(enrolment, marking=factories.marking(first), finalised=False)
    answering_actions.reopen_for_one(
        enrolment=enrolment, until=in_(30), reason="Sent by mistake.", by=trainer
    )
    second = submit(enrolment)
    with pytest.raises(marking_actions.NotReadyToFinalise):
        marking_actions.close_marking(recommendation=open_one, by=trainer)
    factories.marking(second)
    changed = marking_actions.recommend(enrolment=enrolment, outcome=Outcome.COMPETENT, by=trainer)
    assert changed.submission == second
