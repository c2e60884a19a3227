"""A published course is moved to the version in force, until its case study is released."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import OutgoingEmail, Person
from assessments.answering import actions as answering_actions
from assessments.case_studies import actions as case_study_actions
from assessments.models import CoursePin, PinMove, Version
from courses.models import Course, Programme
from tests import factories
from tests.courses.pages import key, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return factories.ProgrammeFactory.create()


@pytest.fixture
def admin() -> Person:
    return factories.admin(name="Ada Admin")


@pytest.fixture
def older(programme: Programme) -> Version:
    return factories.version(programme)


@pytest.fixture
def course(programme: Programme, older: Version) -> Course:
    return factories.course(programme=programme)


@pytest.fixture
def newer(programme: Programme, older: Version, course: Course, admin: Person) -> Version:
    made = factories.version(programme)
    Version.objects.filter(pk=older.pk).update(retired_at=timezone.now(), retired_by=admin)
    return made


def test_a_course_is_moved_once_and_its_trainers_are_told(
    course: Course, older: Version, newer: Version, admin: Person
) -> None:
    pin = answering_actions.move_pin(course=course, version=newer, by=admin)
    assert answering_actions.move_pin(course=course, version=newer, by=factories.admin()) == pin
    (move,) = PinMove.objects.all()
    assert (move.course, move.from_version, move.to_version, move.moved_by) == (course, older, newer, admin)
    assert (CoursePin.objects.get().version, CoursePin.objects.get().pinned_by) == (newer, admin)
    (letter,) = OutgoingEmail.objects.filter(to_address=factories.trainer_of(course).email)
    assert "version 2" in letter.text


def test_after_the_release_it_is_refused_and_the_database_refuses_it_too(
    course: Course, older: Version, newer: Version, admin: Person
) -> None:
    answering_actions.release_case_study(course=course, by=factories.trainer_of(course))
    with pytest.raises(answering_actions.CannotMove, match="released"):
        answering_actions.move_pin(course=course, version=newer, by=admin)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE assessments_coursepin SET version_id = %s", [newer.pk])
    assert CoursePin.objects.get().version == older
    assert not PinMove.objects.exists()
    assert not OutgoingEmail.objects.exists()


def test_a_trainer_who_is_not_cleared_holds_it_up(
    course: Course, older: Version, newer: Version, admin: Person
) -> None:
    trainer = factories.trainer_of(course)
    trainer.licences.update(cleared_at=None)
    with pytest.raises(answering_actions.CannotMove, match=trainer.name):
        answering_actions.move_pin(course=course, version=newer, by=admin)
    assert CoursePin.objects.get().version == older


@pytest.mark.parametrize("which", ["retired", "proposed", "of another programme"])
def test_it_is_moved_to_the_version_in_force_alone(
    course: Course, newer: Version, admin: Person, which: str
) -> None:
    answering_actions.move_pin(course=course, version=newer, by=admin)
    others = {
        "retired": lambda: Version.objects.get(case_study=newer.case_study, number=1),
        "proposed": lambda: factories.version(course.programme, frozen=False),
        "of another programme": lambda: factories.version(factories.ProgrammeFactory.create()),
    }
    with pytest.raises(answering_actions.CannotMove):
        answering_actions.move_pin(course=course, version=others[which](), by=admin)
    assert CoursePin.objects.get(course=course).version == newer


def test_a_draft_and_a_cancelled_course_are_not_moved(course: Course, newer: Version, admin: Person) -> None:
    draft = factories.course(programme=course.programme, published=False)
    Course.objects.filter(pk=course.pk).update(
        cancelled_at=timezone.now(), cancelled_by=admin, cancelled_because="Snow."
    )
    for one in (draft, course):
        with pytest.raises(answering_actions.CannotMove):
            answering_actions.move_pin(course=one, version=newer, by=admin)


def test_only_an_admin_moves_a_course(course: Course, newer: Version) -> None:
    with pytest.raises(case_study_actions.NotForYou):
        answering_actions.move_pin(course=course, version=newer, by=factories.trainer_of(course))
    assert not PinMove.objects.exists()


def test_a_move_is_kept_for_good(course: Course, newer: Version, admin: Person) -> None:
    answering_actions.move_pin(course=course, version=newer, by=admin)
    for statement in ("UPDATE assessments_pinmove SET moved_at = now()", "DELETE FROM assessments_pinmove"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


# --- Pages ------------------------------------------------------------------------------------------


def publish_page(client: Client, course: Course) -> str:
    return text(client.get(reverse("assessments:publish", args=[course.uuid])))


def test_an_admin_is_offered_the_newer_version_reads_what_it_does_and_moves(
    course: Course, older: Version, newer: Version, admin: Person
) -> None:
    client = signed_in(admin)
    url = reverse("assessments:move_pin", args=[course.uuid, newer.uuid])
    assert url in publish_page(client, course)
    asked = text(client.get(url))
    for words in ("version 1", "version 2", factories.trainer_of(course).name, "on record"):
        assert words in asked
    assert client.post(url, key()).status_code == 302
    after = publish_page(client, course)
    assert "Moved from version 1 to version 2" in after
    assert url not in after


def test_its_trainers_see_which_version_it_uses(course: Course, newer: Version, admin: Person) -> None:
    client = signed_in(factories.trainer_of(course))
    room = reverse("assessments:room", args=[course.uuid])
    assert "This course uses version 1" in text(client.get(room))
    answering_actions.move_pin(course=course, version=newer, by=admin)
    assert "This course uses version 2" in text(client.get(room))


def test_nothing_is_offered_once_it_is_released_or_where_nothing_is_newer(
    course: Course, newer: Version, admin: Person
) -> None:
    client = signed_in(admin)
    answering_actions.release_case_study(course=course, by=factories.trainer_of(course))
    url = reverse("assessments:move_pin", args=[course.uuid, newer.uuid])
    assert url not in publish_page(client, course)
    page = text(client.get(url))
    assert "cannot be moved" in page
    assert client.post(url, key()).status_code == 409
