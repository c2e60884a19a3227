"""The room on two connections at once: closing while words are on their way, two trainers at the buttons."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from assessments.answering import actions as answering_actions
from assessments.answering.participation import GRACE
from assessments.marking import actions as marking_actions
from assessments.models import Answer, KeptAnswer, RoomReopening, Seat, Sitting, Submission, TimeGrant
from courses.models import Enrolment
from tests import factories
from tests.assessments.answering.test_answering_races import save
from tests.sessions import at_once, while_held

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def enrolment() -> Enrolment:
    with transaction.atomic():
        course = factories.course()
        factories.sitting(course)
        return factories.enrolment(course)


def closes(enrolment: Enrolment) -> Sitting:
    return answering_actions.close_questions(
        course=enrolment.course, by=factories.trainer_of(enrolment.course)
    )


def test_saves_on_their_way_while_the_room_is_closed_count(enrolment: Enrolment) -> None:
    save(enrolment, "First.")
    found = at_once(
        lambda: closes(enrolment), *(lambda n=n: save(enrolment, f"Word {n}.", n + 1) for n in range(1))
    )
    assert isinstance(found[1], answering_actions.Keeping)
    assert save(enrolment, "On its way.", found[1].revision).revision == found[1].revision + 1
    assert Answer.objects.get().text == "On its way."
    # And once the grace is over it is kept for its author alone.
    before = timezone.now() - GRACE - timedelta(seconds=1)
    Sitting.objects.update(opened_at=before, closed_at=before)
    with pytest.raises(answering_actions.AnsweringClosed):
        save(enrolment, "Too late.", found[1].revision + 1)
    assert Answer.objects.get().text == "On its way."
    assert KeptAnswer.objects.filter(text="Too late.").exists()


def test_two_trainers_at_the_same_button_do_it_once(enrolment: Enrolment) -> None:
    course, by = enrolment.course, factories.trainer_of(enrolment.course)
    seen = timezone.now() + timedelta(minutes=10)
    Sitting.objects.update(closes_at=seen)
    more = at_once(
        *[lambda: answering_actions.give_room_time(course=course, minutes=5, seen=seen, by=by)] * 4
    )
    assert {each.closes_at for each in more} == {seen + timedelta(minutes=5)}
    soon = at_once(*[lambda: answering_actions.close_soon(course=course, minutes=1, by=by)] * 4)
    assert len({each.closes_at for each in soon}) == 1
    closed = at_once(*[lambda: closes(enrolment)] * 4)
    assert len({each.closed_at for each in closed}) == 1
    at_once(*[lambda: answering_actions.reopen_questions(course=course, reason="Too early.", by=by)] * 4)
    assert RoomReopening.objects.count() == 1


def test_opening_again_for_one_waits_for_what_finalises_them(enrolment: Enrolment) -> None:
    trainer = factories.trainer_of(enrolment.course)
    with transaction.atomic():
        marking = factories.marking(factories.submission(enrolment))
        recommendation = factories.recommendation(enrolment, marking=marking, finalised=False)
    until = timezone.now() + timedelta(minutes=10)
    found = while_held(
        lambda: marking_actions.close_marking(recommendation=recommendation, by=trainer),
        lambda: answering_actions.reopen_for_one(enrolment=enrolment, until=until, reason="Why.", by=trainer),
    )
    assert isinstance(found, answering_actions.OutcomeFinalised)
    assert not TimeGrant.objects.exists()


def test_second_attempt_begins_once(enrolment: Enrolment) -> None:
    trainer = factories.trainer_of(enrolment.course)
    with transaction.atomic():
        factories.submission(enrolment)
    answering_actions.reopen_for_one(
        enrolment=enrolment, until=timezone.now() + timedelta(minutes=10), reason="Why.", by=trainer
    )
    at_once(*(lambda n=n: save(enrolment, f"Answer {n}.", number=n % 2 + 1) for n in range(6)))
    assert sorted(Submission.objects.values_list("attempt", flat=True)) == [1, 2]


def test_help_asked_for_twice_at_once_waits_since_the_first(enrolment: Enrolment) -> None:
    found = at_once(
        *[lambda: answering_actions.ask_for_help(enrolment=enrolment.uuid, by=enrolment.person)] * 4
    )
    assert len({seat.help_wanted_at for seat in found}) == 1
    assert Seat.objects.count() == 1
