"""Publishing a course pins the version in force, once everything is there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Person
from assessments.answering import actions as answering_actions
from assessments.case_studies import actions as case_study_actions
from assessments.models import CoursePin
from courses.models import Course
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Person:
    return factories.admin()


def draft(**fields) -> Course:
    """A course that can be published: next week, trained by a licensed and cleared Associate."""
    programme = fields.pop("programme", None) or factories.ProgrammeFactory.create()
    if fields.pop("version", True):
        factories.version(programme)
    return factories.course(
        programme=programme, published=False, **{"starts": timezone.now() + timedelta(days=7), **fields}
    )


def test_publishing_pins_the_version_in_force(admin: Person) -> None:
    course = draft()
    pin = answering_actions.publish_course(course=course, by=admin)
    course.refresh_from_db()
    assert (course.published_by, pin.pinned_by) == (admin, admin)
    assert pin.version == answering_actions.version_in_force(course)


def test_publishing_twice_keeps_the_first_pin(admin: Person) -> None:
    course = draft()
    pin = answering_actions.publish_course(course=course, by=admin)
    factories.version(course.programme)
    assert answering_actions.publish_course(course=course, by=factories.admin()) == pin
    assert CoursePin.objects.get(course=course).version == pin.version


def test_a_proposed_version_is_not_pinned(admin: Person) -> None:
    course = draft(version=False)
    factories.version(course.programme, frozen=False)
    with pytest.raises(answering_actions.NotReadyToPublish, match="No version of this programme"):
        answering_actions.publish_course(course=course, by=admin)


def test_another_programmes_version_is_not_pinned(admin: Person) -> None:
    factories.version(factories.ProgrammeFactory.create())
    with pytest.raises(answering_actions.NotReadyToPublish, match="No version"):
        answering_actions.publish_course(course=draft(version=False), by=admin)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"sessions": 0}, "no sessions"),
        ({"trainers": []}, "no Associate"),
        ({"starts": timezone.now() - timedelta(days=1)}, "in the past"),
    ],
)
def test_what_is_missing_is_said(admin: Person, fields: dict, words: str) -> None:
    course = draft(**fields)
    with pytest.raises(answering_actions.NotReadyToPublish, match=words):
        answering_actions.publish_course(course=course, by=admin)
    course.refresh_from_db()
    assert course.published_at is None
    assert not CoursePin.objects.exists()


@pytest.mark.parametrize(
    "licence",
    [
        {"cleared_at": None},
        {"country": "IE"},
        {"valid_until": timezone.localdate() + timedelta(days=1)},
        {"valid_from": timezone.localdate() + timedelta(days=30)},
    ],
)
def test_every_associate_needs_a_licence_and_to_have_agreed(admin: Person, licence: dict) -> None:
    programme = factories.ProgrammeFactory.create()
    trainers = [factories.associate(programme), factories.associate(programme, name="Ada Quill")]
    course = draft(programme=programme, trainers=trainers)
    trainers[1].licences.update(**licence)
    with pytest.raises(answering_actions.NotReadyToPublish, match="Ada Quill"):
        answering_actions.publish_course(course=course, by=admin)
    assert not CoursePin.objects.exists()


def test_a_cancelled_course_is_not_published(admin: Person) -> None:
    course = draft()
    Course.objects.filter(pk=course.pk).update(
        cancelled_at=timezone.now(), cancelled_by=admin, cancelled_because="Snow."
    )
    with pytest.raises(answering_actions.NotReadyToPublish, match="cancelled"):
        answering_actions.publish_course(course=course, by=admin)


def test_only_an_admin_publishes() -> None:
    course = draft()
    with pytest.raises(case_study_actions.NotForYou):
        answering_actions.publish_course(course=course, by=factories.trainer_of(course))
    assert not CoursePin.objects.exists()


def test_a_pin_is_not_deleted(admin: Person) -> None:
    answering_actions.publish_course(course=draft(), by=admin)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM assessments_coursepin")
    assert CoursePin.objects.count() == 1
