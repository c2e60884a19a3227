"""Creating a course, its sessions and its Associates, publishing and cancelling it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from courses.actions import (
    CourseBegun,
    CourseCancelled,
    CourseOver,
    CourseRefused,
    NotLicensed,
    NotReady,
    SessionsRefused,
    SessionTimes,
    TakesPart,
    assign_associate,
    cancel,
    covering_licences,
    create_course,
    edit_course,
    publish,
    set_sessions,
    unassign_associate,
    unlicensed_associates,
)
from courses.models import Course
from tests import factories as make
from tests.courses.factories import NOON, coming, course_fields, letters_to, running, times

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


def changed(course: Course, **fields):
    names = [
        "title",
        "organisation",
        "country",
        "time_zone",
        "delivery",
        "venue",
        "capacity",
        "experience_sought",
    ]
    return {name: getattr(course, name) for name in names} | fields


# --- Creating and editing -----------------------------------------------------------------------


def test_create_course_numbers_it_and_its_sessions():
    by = make.admin()
    later, sooner = times(9)[0], times(7)[0]
    course = create_course(**course_fields(), sessions=[later, sooner], by=by)
    assert course.reference == f"C{course.number:05d}"
    assert course.published_at is None
    assert [(row.number, row.starts_at) for row in course.sessions.all()] == [
        (1, sooner.starts_at),
        (2, later.starts_at),
    ]


def test_create_course_with_impossible_sessions_makes_nothing():
    with pytest.raises(SessionsRefused):
        create_course(**course_fields(), sessions=times(-1), by=make.admin())
    assert not Course.objects.exists()


def test_edit_draft_keeps_clock_times_when_the_zone_changes():
    by = make.admin()
    start = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    course = create_course(
        **course_fields(), sessions=[SessionTimes(start, start + timedelta(hours=3))], by=by
    )
    edit_course(course=course, **changed(course, country="AU", time_zone="Australia/Sydney"), by=by)
    assert course.sessions.get().starts_at == datetime(2026, 11, 30, 22, 30, tzinfo=UTC)


def test_edit_published_course_keeps_what_people_were_invited_on():
    course = coming()
    for field, value in {
        "organisation": None,
        "country": "IE",
        "time_zone": "Europe/Dublin",
    }.items():
        with pytest.raises(CourseRefused) as refused:
            edit_course(course=course, **changed(course, **{field: value}), by=make.admin())
        assert refused.value.field == field


def test_edit_tells_people_when_a_published_course_moves_and_only_then():
    course = coming()
    enrolled, invited = make.enrolment(course), make.nomination(course)
    edit_course(course=course, **changed(course, title="Another title"), by=make.admin())
    assert not letters_to(enrolled.person.email)
    edit_course(course=course, **changed(course, venue="Room 2"), by=make.admin())
    for address in (enrolled.person.email, invited.email, make.trainer_of(course).email):
        assert len(letters_to(address)) == 1


def test_edit_of_a_course_that_was_held_asks_nobody_to_come_elsewhere():
    course = coming(-7)
    enrolled = make.enrolment(course)
    edit_course(course=course, **changed(course, venue="Room 2"), by=make.admin())
    assert Course.objects.get(pk=course.pk).venue == "Room 2"
    assert not letters_to(enrolled.person.email)
    assert not letters_to(make.trainer_of(course).email)


def test_edit_cannot_take_places_away_from_people():
    course = coming(capacity=5)
    for _ in range(2):
        make.enrolment(course)
    with pytest.raises(CourseRefused) as refused:
        edit_course(course=course, **changed(course, capacity=1), by=make.admin())
    assert refused.value.field == "capacity"
    assert edit_course(course=course, **changed(course, capacity=2), by=make.admin()).capacity == 2


def test_edit_refuses_a_country_where_its_associates_are_not_licensed():
    course = make.course(published=False, starts=timezone.now() + timedelta(days=7))
    with pytest.raises(CourseRefused) as refused:
        edit_course(course=course, **changed(course, country="IE"), by=make.admin())
    assert make.trainer_of(course).name in refused.value.message
    course.refresh_from_db()
    assert course.country == "GB"


# --- Sessions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shift",
    [
        lambda one: SessionTimes(one.ends_at, one.starts_at),
        lambda one: SessionTimes(one.starts_at, one.starts_at),
        lambda one: SessionTimes(one.starts_at, one.starts_at + timedelta(hours=13)),
        lambda one: SessionTimes(one.starts_at - timedelta(days=30), one.ends_at - timedelta(days=30)),
    ],
)
def test_set_sessions_refuses_impossible_times(shift):
    course = make.course(published=False, sessions=0)
    with pytest.raises(SessionsRefused):
        set_sessions(course=course, sessions=[shift(times()[0])], by=make.admin())
    assert not course.sessions.exists()


def test_set_sessions_refuses_overlaps_and_too_many():
    course = make.course(published=False, sessions=0)
    one = times()[0]
    overlapping = [one, SessionTimes(one.ends_at - timedelta(minutes=1), one.ends_at + timedelta(hours=1))]
    for sessions in (overlapping, times(count=21)):
        with pytest.raises(SessionsRefused):
            set_sessions(course=course, sessions=sessions, by=make.admin())


def test_set_sessions_twice_is_once_and_tells_nobody():
    course = coming()
    kept = [SessionTimes(row.starts_at, row.ends_at) for row in course.sessions.all()]
    rows = set_sessions(course=course, sessions=kept, by=make.admin())
    assert [row.pk for row in rows] == [row.pk for row in course.sessions.all()]
    assert not letters_to(make.trainer_of(course).email)


def test_set_sessions_of_a_published_course_tells_everyone():
    course = coming()
    enrolled = make.enrolment(course)
    set_sessions(course=course, sessions=times(20), by=make.admin())
    assert course.sessions.count() == 1
    assert len(letters_to(enrolled.person.email)) == 1


def test_set_sessions_leaves_a_begun_session_alone_and_a_published_course_some():
    course = running()
    first, second = [SessionTimes(row.starts_at, row.ends_at) for row in course.sessions.all()]
    moved = SessionTimes(first.starts_at + timedelta(minutes=5), first.ends_at)
    for sessions in ([moved, second], [second], []):
        with pytest.raises(SessionsRefused):
            set_sessions(course=course, sessions=sessions, by=make.admin())
    set_sessions(course=course, sessions=[first, times(1)[0]], by=make.admin())
    assert course.sessions.count() == 2


def test_set_sessions_refuses_once_an_outcome_was_approved():
    course = running()
    make.enrolment(course, frozen_at=timezone.now())
    first = course.sessions.first()
    with pytest.raises(SessionsRefused):
        set_sessions(course=course, sessions=[SessionTimes(first.starts_at, first.ends_at)], by=make.admin())


def test_set_sessions_refuses_dates_that_an_associate_s_licence_does_not_cover():
    course = make.course(published=False, starts=timezone.now() + timedelta(days=7))
    trainer = make.trainer_of(course)
    trainer.licences.update(valid_until=timezone.localdate() + timedelta(days=10))
    with pytest.raises(SessionsRefused) as refused:
        set_sessions(course=course, sessions=times(11), by=make.admin())
    assert trainer.name in refused.value.message


def test_set_sessions_refuses_a_cancelled_course():
    course = coming()
    cancel(course=course, because="The trainer is ill.", by=make.admin())
    with pytest.raises(CourseCancelled):
        set_sessions(course=course, sessions=times(20), by=make.admin())


# --- Associates ---------------------------------------------------------------------------------


def draft(**fields):
    return make.course(published=False, trainers=[], starts=timezone.now() + timedelta(days=7), **fields)


def test_assign_associate_twice_is_once():
    course, by = draft(), make.admin()
    associate = make.associate(course.programme)
    first = assign_associate(course=course, associate=associate, by=by)
    assert assign_associate(course=course, associate=associate, by=by) == first
    assert first.licence.associate == associate
    assert not letters_to(associate.email)


def test_assign_two_associates_who_train_together():
    course, by = draft(), make.admin()
    for _ in range(2):
        assign_associate(course=course, associate=make.associate(course.programme), by=by)
    assert course.associates.count() == 2


@pytest.mark.parametrize(
    "licence",
    [
        {"country": "IE"},
        {"valid_from": (NOON + timedelta(days=8)).date()},
        {"valid_until": (NOON + timedelta(days=6)).date()},
        {"cleared_at": None},
        {"withdrawn": True},
        {"programme": True},
    ],
)
def test_assign_refuses_an_associate_whose_licence_does_not_cover_the_course(licence):
    course = draft()
    associate = make.associate(course.programme)
    fields = dict(licence)
    if fields.pop("withdrawn", None):
        fields |= {"withdrawn_at": timezone.now(), "withdrawn_by": associate}
    if fields.get("programme"):
        fields["programme"] = make.ProgrammeFactory.create()
    associate.licences.update(**fields)
    with pytest.raises(NotLicensed):
        assign_associate(course=course, associate=associate, by=make.admin())
    assert covering_licences(course) == []


def test_assign_compares_a_licence_with_the_local_date_of_the_course():
    # 22:30 UTC on the 29th is the 30th in Sydney.
    course = draft(sessions=0, time_zone="Australia/Sydney", country="AU")
    start = datetime(2026, 11, 29, 22, 30, tzinfo=UTC)
    set_sessions(course=course, sessions=[SessionTimes(start, start + timedelta(hours=2))], by=make.admin())
    associate = make.associate(course.programme, "AU")
    associate.licences.update(valid_until=start.date())
    assert covering_licences(course) == []
    associate.licences.update(valid_until=start.date() + timedelta(days=1))
    assert [one.associate for one in covering_licences(course)] == [associate]


def test_assign_refuses_a_course_without_sessions_and_a_participant():
    without = draft(sessions=0)
    with pytest.raises(CourseRefused):
        assign_associate(course=without, associate=make.associate(without.programme), by=make.admin())
    course = coming()
    for person in (
        make.enrolment(course, make.associate(course.programme)).person,
        make.enrolment(
            course,
            make.associate(course.programme),
            withdrawn_at=timezone.now(),
            withdrawn_by=course.created_by,
        ).person,
        make.enrolment(
            course,
            make.PersonFactory.create(is_active=False, merged_into=make.associate(course.programme)),
        ).person.merged_into,
        make.associate(course.programme, email=make.nomination(course).email),
    ):
        with pytest.raises(TakesPart):
            assign_associate(course=course, associate=person, by=make.admin())


def test_assign_to_a_published_course_tells_the_associate():
    course = coming()
    associate = make.associate(course.programme)
    assign_associate(course=course, associate=associate, by=make.admin())
    assert len(letters_to(associate.email)) == 1


def test_unassign_until_the_course_begins_and_never_the_last_of_a_published_one():
    course, by = coming(), make.admin()
    only = make.trainer_of(course)
    with pytest.raises(CourseRefused):
        unassign_associate(course=course, associate=only, by=by)
    other = make.associate(course.programme)
    assign_associate(course=course, associate=other, by=by)
    unassign_associate(course=course, associate=other, by=by)
    unassign_associate(course=course, associate=other, by=by)
    assert course.associates.count() == 1
    begun = running(trainers=[make.associate(course.programme)], programme=course.programme)
    assign_associate(course=begun, associate=other, by=by)
    with pytest.raises(CourseBegun):
        unassign_associate(course=begun, associate=other, by=by)


# --- Publishing and cancelling --------------------------------------------------------------------


def test_publish_twice_is_once_and_tells_associates_and_commissioners():
    course, by = make.course(published=False, starts=timezone.now() + timedelta(days=7)), make.admin()
    commissioner = make.commissioner(course.organisation)
    first = publish(course=course, by=by).published_at
    assert first is not None
    assert publish(course=course, by=make.admin()).published_at == first
    assert len(letters_to(commissioner.email)) == 1
    assert len(letters_to(make.trainer_of(course).email)) == 1


@pytest.mark.parametrize(
    "fields",
    [{"sessions": 0}, {"trainers": []}, {"starts": NOON - timedelta(hours=1)}],
)
def test_publish_refuses_a_course_that_lacks_something(fields):
    course = make.course(**{"published": False, "starts": NOON + timedelta(days=7), **fields})
    with pytest.raises(NotReady):
        publish(course=course, by=make.admin())
    course.refresh_from_db()
    assert course.published_at is None


def test_publish_refuses_an_associate_who_is_licensed_no_more():
    course = make.course(published=False, starts=timezone.now() + timedelta(days=7))
    trainer = make.trainer_of(course)
    trainer.licences.update(cleared_at=None)
    assert unlicensed_associates(course) == [trainer]
    with pytest.raises(NotReady):
        publish(course=course, by=make.admin())


def test_cancel_twice_is_once_and_tells_everyone_without_the_reason():
    course, by = coming(), make.admin()
    enrolled = make.enrolment(course)
    cancel(course=course, because="SECRET-REASON", by=by)
    again = cancel(course=course, because="Another reason", by=by)
    assert again.cancelled_because == "SECRET-REASON"
    (letter,) = letters_to(enrolled.person.email)
    assert "SECRET-REASON" not in letter.text


def test_cancel_refuses_what_is_over_or_says_no_reason():
    with pytest.raises(CourseRefused):
        cancel(course=coming(), because="  ", by=make.admin())
    with pytest.raises(CourseOver):
        cancel(course=coming(-7), because="Too late", by=make.admin())


def test_cancelled_draft_is_never_published():
    course = make.course(published=False, starts=timezone.now() + timedelta(days=7))
    cancel(course=course, because="Not needed", by=make.admin())
    with pytest.raises(CourseCancelled):
        publish(course=course, by=make.admin())
    with pytest.raises(CourseCancelled):
        edit_course(course=course, **changed(course, title="x"), by=make.admin())
    with pytest.raises(CourseCancelled):
        assign_associate(course=course, associate=make.associate(course.programme), by=make.admin())
