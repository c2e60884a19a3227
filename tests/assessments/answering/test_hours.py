"""The room's hours: every state that it can be in, and what each step makes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.answering import actions, waiting
from assessments.models import RoomReopening, Sitting
from courses.models import Course
from tests import factories

pytestmark = pytest.mark.django_db

Act = Callable[[Course, Person], Sitting]

MINUTE = timedelta(minutes=1)


def nothing(course: Course) -> None:
    """The day has come, and nobody has done anything."""


def released(course: Course) -> None:
    factories.sitting(course, opened=False)


def opened(course: Course) -> None:
    factories.sitting(course)


def planned(course: Course) -> None:
    factories.sitting(course, closes_at=timezone.now() + 20 * MINUTE)


def warned(course: Course) -> None:
    factories.sitting(course, closes_at=timezone.now() + MINUTE)


def closed_by_plan(course: Course) -> None:
    factories.sitting(course, closes_at=timezone.now() - MINUTE)


def closed_by_hand(course: Course) -> None:
    factories.sitting(course, closed=True)


def reopened(course: Course) -> None:
    factories.sitting(course, closed=True)
    actions.reopen_questions(course=course, reason="Too early.", by=factories.trainer_of(course))


STATES = (nothing, released, opened, planned, warned, closed_by_plan, closed_by_hand, reopened)


def release(course: Course, by: Person) -> Sitting:
    return actions.release_case_study(course=course, by=by)


def open_(course: Course, by: Person) -> Sitting:
    return actions.open_questions(course=course, minutes=30, by=by)


def more(course: Course, by: Person) -> Sitting:
    seen = Sitting.objects.filter(course=course).values_list("closes_at", flat=True).first()
    return actions.give_room_time(course=course, minutes=10, seen=seen, by=by)


def soon(course: Course, by: Person) -> Sitting:
    return actions.close_soon(course=course, minutes=5, by=by)


def close(course: Course, by: Person) -> Sitting:
    return actions.close_questions(course=course, by=by)


def reopen(course: Course, by: Person) -> Sitting:
    return actions.reopen_questions(course=course, reason="The bus was late.", minutes=15, by=by)


# What each step makes of each state: minutes until the end (None: no end, 0: over), or the refusal.
NOT_YET, CLOSED, MOVED, UNRELEASED = (
    actions.NotOpened,
    actions.AlreadyClosed,
    actions.EndMoved,
    actions.NotReleased,
)
TABLE: dict[Act, list[Any]] = {
    release: [None, None, None, 20, 1, 0, 0, None],
    open_: [UNRELEASED, 30, None, 20, 1, CLOSED, CLOSED, None],
    more: [NOT_YET, NOT_YET, MOVED, 30, 11, CLOSED, CLOSED, MOVED],
    soon: [NOT_YET, NOT_YET, 5, 5, MOVED, CLOSED, CLOSED, 5],
    close: [NOT_YET, NOT_YET, 0, 0, 0, 0, 0, 0],
    reopen: [NOT_YET, NOT_YET, None, 20, 1, 15, 15, None],
}
CASES = [
    pytest.param(state, act, then, id=f"{act.__name__} when {state.__name__}")
    for act, row in TABLE.items()
    for state, then in zip(STATES, row, strict=True)
]


@pytest.mark.parametrize(("state", "act", "then"), CASES)
def test_each_step_of_each_state(state: Callable[[Course], None], act: Act, then: Any) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        course = factories.course()
        state(course)
        trainer = factories.trainer_of(course)
        if isinstance(then, type):
            before = list(Sitting.objects.values())
            with pytest.raises(then) as refused:
                act(course, trainer)
            assert isinstance(refused.value, Refused)
            assert str(refused.value.message)
            after = [row for row in Sitting.objects.values() if row["released_at"]]
            assert after == [row for row in before if row["released_at"]]
            return
        sitting = act(course, trainer)
        again = act(course, trainer) if act is not more else sitting
        sitting.refresh_from_db()
        assert (again.closed_at, again.closes_at) == (sitting.closed_at, sitting.closes_at)
        if then == 0:
            assert sitting.is_over
        elif then is None:
            assert sitting.ends_at is None
        else:
            assert sitting.ends_at == timezone.now() + then * MINUTE
        assert sitting.is_open == (sitting.opened_at is not None and then != 0)


def test_planned_room_closes_by_itself_and_everything_that_asks_reads_so() -> None:
    course = factories.course()
    factories.sitting(course, opened=False)
    trainer, enrolment = factories.trainer_of(course), factories.enrolment(course)
    sitting = actions.open_questions(course=course, minutes=30, by=trainer)
    assert (sitting.planned_minutes, sitting.is_open) == (30, True)
    assert waiting.answering_for(trainer)
    with time_machine.travel(timezone.now() + 31 * MINUTE):
        assert not Sitting.objects.get().is_open
        assert not waiting.answering_for(trainer)
        assert not waiting.answering_for(enrolment.person)
        with pytest.raises(actions.AnsweringClosed):
            actions.save_answer(
                enrolment=enrolment, number=1, text="Late.", base_revision=0, by=enrolment.person
            )


@pytest.mark.parametrize("minutes", [0, -1, 601])
def test_length_that_nobody_means_is_refused(minutes: int) -> None:
    course = factories.course()
    factories.sitting(course, opened=False)
    with pytest.raises(actions.MinutesRefused):
        actions.open_questions(course=course, minutes=minutes, by=factories.trainer_of(course))
    factories.sitting(course)
    with pytest.raises(actions.MinutesRefused):
        actions.close_soon(course=course, minutes=minutes, by=factories.trainer_of(course))


def test_more_time_pressed_twice_from_one_page_adds_once_and_history_keeps_each_end() -> None:
    course = factories.course()
    planned(course)
    trainer = factories.trainer_of(course)
    seen = Sitting.objects.get().closes_at
    assert seen is not None
    for _ in range(2):
        moved = actions.give_room_time(course=course, minutes=10, seen=seen, by=trainer)
        assert moved.closes_at == seen + 10 * MINUTE
    with pytest.raises(actions.EndMoved, match="moved meanwhile"):
        actions.give_room_time(course=course, minutes=5, seen=seen, by=trainer)
    kept = apps.get_model("assessments.SittingEvent").objects.filter(course=course)
    assert {seen, seen + 10 * MINUTE} <= set(kept.values_list("closes_at", flat=True))


def test_closing_soon_pressed_by_two_trainers_is_one_warning() -> None:
    course = factories.course()
    opened(course)
    trainer = factories.trainer_of(course)
    first = actions.close_soon(course=course, minutes=2, by=trainer)
    with time_machine.travel(timezone.now() + timedelta(seconds=20)):
        assert actions.close_soon(course=course, minutes=2, by=trainer).closes_at == first.closes_at
    with pytest.raises(actions.EndMoved, match="sooner"):
        actions.close_soon(course=course, minutes=5, by=trainer)


def test_reopening_the_room_needs_a_reason_and_keeps_it_with_a_name() -> None:
    course = factories.course()
    closed_by_plan(course)
    trainer = factories.trainer_of(course)
    for reason in ("", "  \n", "x" * 1001):
        with pytest.raises(actions.ReasonMissing):
            actions.reopen_questions(course=course, reason=reason, by=trainer)
    assert Sitting.objects.get().is_over
    actions.reopen_questions(course=course, reason=" The bus was late. ", by=trainer)
    actions.reopen_questions(course=course, reason="Pressed again.", by=trainer)
    kept = RoomReopening.objects.get()
    assert (kept.reason, kept.reopened_by) == ("The bus was late.", trainer)
    assert Sitting.objects.get().is_open


def test_cancelled_course_is_not_opened_again() -> None:
    course = factories.course()
    closed_by_hand(course)
    course.cancelled_at, course.cancelled_by = timezone.now(), course.created_by
    course.save()
    with pytest.raises(actions.NotReleasable):
        actions.reopen_questions(course=course, reason="Too early.", by=factories.trainer_of(course))
