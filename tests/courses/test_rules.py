"""What a person is to a course, and how many questions it takes to know."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Person
from courses.models import Course
from courses.permissions import Courses
from courses.rules import (
    course_nav,
    is_about_oneself,
    is_commissioner_for,
    is_commissioner_of,
    is_participant_of,
    is_trainer_of,
    may_nominate_for,
    trains_now,
)
from tests import factories as make

pytestmark = pytest.mark.django_db


def fresh(person: Person) -> Person:
    """The same person as another request would load them."""
    return Person.objects.get(pk=person.pk)


def test_trainer_is_one_only_of_the_course_they_are_assigned_to():
    course, other = make.course(), make.course()
    trainer = make.trainer_of(course)
    assert is_trainer_of(trainer, course)
    assert not is_trainer_of(trainer, other)
    assert is_trainer_of(trainer, make.enrolment(course))


def test_trainer_whose_licence_was_withdrawn_trains_no_more():
    course = make.course()
    trainer = make.trainer_of(course)
    trainer.licences.update(withdrawn_at=timezone.now(), withdrawn_by=trainer)
    assert not is_trainer_of(trainer, course)


@pytest.mark.parametrize(
    ("valid_until", "trains"),
    [(None, True), (timedelta(days=-31), False), (timedelta(days=-29), True), (timedelta(0), True)],
)
def test_trainer_finishes_a_course_whose_last_session_the_licence_covered(valid_until, trains):
    course = make.course(starts=timezone.now() - timedelta(days=30))
    trainer = make.trainer_of(course)
    until = None if valid_until is None else timezone.localdate() + valid_until
    trainer.licences.update(valid_until=until)
    assert is_trainer_of(trainer, course) is trains


def test_trainer_of_a_past_course_whose_licence_was_renewed_under_another_row_still_trains_it():
    course = make.course(starts=timezone.now() - timedelta(days=30))
    trainer = make.trainer_of(course)
    trainer.licences.update(withdrawn_at=timezone.now(), withdrawn_by=trainer)
    trainer.licences.create(
        programme=course.programme, country="GB", valid_from=date(2020, 1, 1), granted_by=trainer
    )
    assert is_trainer_of(fresh(trainer), course)


def test_licence_of_another_country_or_programme_does_not_train():
    course = make.course()
    trainer = make.trainer_of(course)
    trainer.licences.update(country="IE")
    assert not is_trainer_of(trainer, course)
    trainer.licences.update(country="GB", programme=make.ProgrammeFactory.create())
    assert not is_trainer_of(fresh(trainer), course)


def test_licence_is_compared_with_the_sessions_local_date(time_machine):
    # 22:30 UTC on the 30th is the 1st in Sydney.
    starts = timezone.datetime(2026, 6, 30, 22, 30, tzinfo=timezone.get_fixed_timezone(0))
    time_machine.move_to(starts + timedelta(days=10))
    course = make.course(starts=starts, sessions=1, time_zone="Australia/Sydney")
    trainer = make.trainer_of(course)
    trainer.licences.update(valid_from=date(2026, 1, 1), valid_until=date(2026, 6, 30))
    assert not is_trainer_of(trainer, course)
    trainer.licences.update(valid_until=date(2026, 7, 1))
    assert is_trainer_of(fresh(trainer), course)


def test_course_without_sessions_is_trained_by_today_s_licence():
    course = make.course(sessions=0)
    trainer = make.trainer_of(course)
    assert is_trainer_of(trainer, course)
    trainer.licences.update(valid_until=timezone.localdate() - timedelta(days=1))
    assert not is_trainer_of(fresh(trainer), course)


def test_commissioner_of_a_draft_is_nobody_to_it_yet():
    course = make.course(published=False)
    person = make.commissioner(course.organisation)
    assert not is_commissioner_of(person, course)
    assert not Course.objects.visible_to(person).filter(pk=course.pk).exists()


def test_commissioner_of_the_course_s_organisation_and_of_a_sponsor_but_no_other():
    course = make.course()
    sponsor, stranger = make.OrganisationFactory.create(), make.OrganisationFactory.create()
    make.nomination(course, sponsor=sponsor)
    assert is_commissioner_of(make.commissioner(course.organisation), course)
    assert is_commissioner_of(make.commissioner(sponsor), course)
    assert not is_commissioner_of(make.commissioner(stranger), course)
    assert not may_nominate_for(make.commissioner(sponsor), course)


def test_membership_that_ended_gives_nothing():
    course = make.course()
    person = make.commissioner(course.organisation)
    person.memberships.update(ended_at=timezone.now(), ended_by=person)
    assert not is_commissioner_of(fresh(person), course)


def test_open_course_takes_nominations_from_any_commissioner():
    course = make.course(hosted=True)
    person = make.commissioner(make.OrganisationFactory.create())
    assert may_nominate_for(person, course)
    assert not is_commissioner_of(person, course)
    assert Course.objects.visible_to(person).filter(pk=course.pk).exists()
    assert not may_nominate_for(make.PersonFactory.create(), course)


def test_nobody_handles_their_own():
    course = make.course()
    person = make.commissioner(course.organisation)
    own = make.nomination(course, email=person.email)
    other = make.nomination(course)
    assert is_about_oneself(person, own)
    assert not is_commissioner_for(person, own)
    assert is_commissioner_for(person, other)
    boss = make.admin()
    assert not boss.has_perm(Courses.HANDLE_NOMINATION, make.nomination(course, email=boss.email))
    assert boss.has_perm(Courses.HANDLE_NOMINATION, own)


def test_own_enrolment_under_an_old_address_is_still_one_s_own():
    course = make.course()
    person = make.commissioner(course.organisation)
    enrolment = make.enrolment(course, person)
    Person.objects.filter(pk=person.pk).update(email="new@people.example")
    assert is_about_oneself(fresh(person), enrolment.nomination)
    assert is_about_oneself(fresh(person), enrolment)


def test_participant_of_a_course_until_withdrawn_and_of_an_enrolment_always():
    course = make.course()
    enrolment = make.enrolment(course)
    person = enrolment.person
    assert is_participant_of(person, course)
    assert is_participant_of(person, enrolment)
    assert not is_participant_of(person, make.enrolment(course))
    enrolment.withdrawn_at, enrolment.withdrawn_by = timezone.now(), person
    enrolment.save()
    assert not is_participant_of(fresh(person), course)
    assert is_participant_of(fresh(person), enrolment)


def test_nobody_signed_in_is_nothing():
    course = make.course()
    nobody = AnonymousUser()
    for predicate in (is_trainer_of, is_commissioner_of, is_participant_of, may_nominate_for):
        assert not predicate(nobody, course)
    assert not is_commissioner_for(nobody, make.nomination(course))
    assert not is_about_oneself(nobody, make.nomination(course))


@pytest.mark.parametrize("permission", list(Courses))
def test_stranger_has_no_permission_at_all(permission):
    course = make.course()
    stranger = make.PersonFactory.create()
    for thing in (None, course, make.nomination(course), make.enrolment(course)):
        assert not stranger.has_perm(permission, thing)


def test_everything_about_one_course_takes_two_queries(django_assert_num_queries):
    course = make.course()
    person = fresh(make.commissioner(course.organisation))
    # The course, and what they are to The AIM Project.
    with django_assert_num_queries(2):
        course_nav(person, course)
        for permission in (Courses.VIEW, Courses.EDIT, Courses.NOMINATE, Courses.TAKE_REGISTER):
            person.has_perm(permission, course)


def test_trains_now_lists_each_course_once():
    programme = make.ProgrammeFactory.create()
    trainer = make.associate(programme)
    courses = [make.course(programme=programme, trainers=[trainer]) for _ in range(2)]
    assert {row.course_id for row in trains_now(trainer)} == {course.pk for course in courses}
