"""Releasing, opening, closing, opening again, telling a date: each once, each at its time."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Person
from assessments.answering import actions
from assessments.models import Sitting
from courses.models import Course
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    return factories.course()


@pytest.fixture
def trainer(course: Course) -> Person:
    return factories.trainer_of(course)


def test_release_case_study_twice_keeps_the_first(course: Course, trainer: Person) -> None:
    other = factories.PersonFactory.create()
    first = actions.release_case_study(course=course, by=trainer)
    again = actions.release_case_study(course=course, by=other)
    assert (again.pk, again.released_at, again.released_by) == (first.pk, first.released_at, trainer)
    assert Sitting.objects.count() == 1
    assert not again.is_open


def test_release_case_study_waits_for_the_first_sessions_day(trainer: Person) -> None:
    course = factories.course(starts=timezone.now() + timedelta(days=2))
    with pytest.raises(actions.NotReleasable, match="day of the first session"):
        actions.release_case_study(course=course, by=trainer)
    assert not Sitting.objects.filter(released_at__isnull=False).exists()


def test_release_case_study_counts_the_day_in_the_courses_zone(trainer: Person) -> None:
    """At 20:00 UTC on the 21st it is the morning of the 22nd in Auckland, where the course meets at 9."""
    with time_machine.travel("2026-11-21T20:00:00Z", tick=False):
        course = factories.course(starts=timezone.now() + timedelta(hours=3), time_zone="Pacific/Auckland")
        assert actions.release_case_study(course=course, by=trainer).released_at


@pytest.mark.parametrize("problem", ["unpublished", "unpinned", "cancelled", "no sessions"])
def test_release_case_study_refuses_a_course_without_one(problem: str) -> None:
    course = factories.course(
        published=problem != "unpublished",
        pinned=problem != "unpinned",
        sessions=0 if problem == "no sessions" else 1,
    )
    if problem == "cancelled":
        course.cancelled_at, course.cancelled_by = timezone.now(), course.created_by
        course.save()
    with pytest.raises(actions.NotReleasable):
        actions.release_case_study(course=course, by=factories.trainer_of(course))


def test_open_questions_needs_the_release(course: Course, trainer: Person) -> None:
    with pytest.raises(actions.NotReleased):
        actions.open_questions(course=course, by=trainer)
    actions.release_case_study(course=course, by=trainer)
    first = actions.open_questions(course=course, by=trainer)
    assert first.is_open
    assert actions.open_questions(course=course, by=trainer).opened_at == first.opened_at


def test_close_questions_needs_them_open_and_keeps_the_first_closing(course: Course, trainer: Person) -> None:
    with pytest.raises(actions.NotOpened):
        actions.close_questions(course=course, by=trainer)
    factories.sitting(course)
    first = actions.close_questions(course=course, by=trainer)
    again = actions.close_questions(course=course, by=factories.PersonFactory.create())
    assert (again.closed_at, again.closed_by) == (first.closed_at, trainer)
    assert not again.is_open


def test_open_questions_does_not_undo_a_closing(course: Course, trainer: Person) -> None:
    """A page that was left open since the morning cannot open again what a co-trainer closed."""
    factories.sitting(course, closed=True)
    with pytest.raises(actions.AlreadyClosed):
        actions.open_questions(course=course, by=trainer)


def test_reopen_questions_takes_answers_again_and_history_keeps_the_closing(
    course: Course, trainer: Person
) -> None:
    with pytest.raises(actions.NotOpened):
        actions.reopen_questions(course=course, reason="Too early.", by=trainer)
    factories.sitting(course)
    closed = actions.close_questions(course=course, by=trainer)
    opened = actions.reopen_questions(course=course, reason="Too early.", by=trainer)
    assert opened.is_open
    assert opened.opened_at == closed.opened_at
    assert actions.reopen_questions(course=course, reason="Again.", by=trainer).is_open
    kept = apps.get_model("assessments.SittingEvent").objects.filter(course=course)
    assert trainer.pk in kept.values_list("closed_by", flat=True)


def test_tell_marking_date_can_be_told_anew_but_not_for_the_past(course: Course, trainer: Person) -> None:
    today = timezone.localdate()
    with pytest.raises(actions.NotOpened):
        actions.tell_marking_date(course=course, on=today, by=trainer)
    factories.sitting(course)
    assert actions.tell_marking_date(course=course, on=today, by=trainer).marking_due_on == today
    later = today + timedelta(days=5)
    assert actions.tell_marking_date(course=course, on=later, by=trainer).marking_due_on == later
    for refused in (today - timedelta(days=1), today + timedelta(days=400)):
        with pytest.raises(actions.DateRefused):
            actions.tell_marking_date(course=course, on=refused, by=trainer)
    assert Sitting.objects.get().marking_due_on == later


def test_sitting_is_never_deleted_nor_opened_before_its_release(course: Course) -> None:
    """What PostgreSQL refuses the application's role, whoever writes the SQL."""
    factories.sitting(course)
    for statement in (
        "DELETE FROM assessments_sitting",
        "UPDATE assessments_sitting SET released_at = NULL, released_by_id = NULL",
        "UPDATE assessments_sitting SET closed_at = now()",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
