"""What the home page says about courses, to each of their people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.waiting import Urgency
from courses.models import Course, Nomination
from courses.states import Presence
from courses.waiting import waiting_for
from tests import factories as make
from tests.courses.factories import NOON, coming, fresh, running

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


def lines(person: Person) -> list[tuple[str, int, bool]]:
    found = waiting_for(fresh(person))
    # Each is about a course, and says its day by the course's calendar.
    assert all(one.zone for one in found)
    return [(one.words, one.urgency, one.done) for one in found]


def test_trainer_has_the_registers_of_today_and_of_the_past_until_they_are_complete():
    course = running(title="AIM3, Leeds")
    trainer = make.trainer_of(course)
    assert lines(trainer) == []
    enrolment = make.enrolment(course)
    assert lines(trainer) == [
        ("Take the register: AIM3, Leeds, session 1, today", Urgency.NOW, False),
        ("Take the register: AIM3, Leeds, session 2, today", Urgency.NOW, False),
    ]
    course.sessions.filter(number=1).update(starts_at=NOON - timedelta(days=1))
    assert ("Finish the register: AIM3, Leeds, session 1", Urgency.SOON, False) in lines(trainer)
    make.attend(enrolment)
    assert lines(trainer) == [("Register taken: AIM3, Leeds, session 2", Urgency.LATER, True)]


def test_register_that_waits_for_a_judgement_is_not_complete():
    course = running(title="AIM3, Leeds")
    trainer, enrolment = make.trainer_of(course), make.enrolment(course)
    make.attend(enrolment)
    enrolment.register_entries.filter(session__number=1).update(presence=Presence.LATE)
    assert lines(trainer) == [
        ("Take the register: AIM3, Leeds, session 1, today", Urgency.NOW, False),
        ("Register taken: AIM3, Leeds, session 2", Urgency.LATER, True),
    ]


def test_trainer_without_a_licence_and_of_a_cancelled_course_has_none():
    course = running()
    make.enrolment(course)
    trainer = make.trainer_of(course)
    course.cancelled_at, course.cancelled_by = timezone.now(), trainer
    course.save()
    assert lines(trainer) == []
    course.cancelled_at = course.cancelled_by = None
    course.save()
    trainer.licences.update(withdrawn_at=timezone.now(), withdrawn_by=trainer)
    assert lines(trainer) == []


def test_participant_has_the_next_session_of_each_course():
    course = running(title="AIM3, Leeds")
    enrolment = make.enrolment(course)
    ((words, urgency, done),) = lines(enrolment.person)
    assert words.startswith("Come to your course today: AIM3, Leeds, 22 November 2026, 11:00")
    assert (urgency, done) == (Urgency.NOW, False)
    later = coming(title="Later")
    ((words, urgency, _),) = lines(make.enrolment(later).person)
    assert words.startswith("Come to your course: Later, 29 November 2026")
    assert urgency == Urgency.LATER
    enrolment.withdrawn_at, enrolment.withdrawn_by = timezone.now(), enrolment.person
    enrolment.save()
    assert lines(enrolment.person) == []
    assert lines(make.enrolment(coming(-7)).person) == []


def test_day_beside_a_line_is_that_of_the_course_s_zone(client):
    # Noon in London is the next day in Kiritimati.
    course = running(title="AIM3, Kiritimati", time_zone="Pacific/Kiritimati")
    client.force_login(make.enrolment(course).person)
    page = client.get(reverse("home")).content.decode()
    assert "23 November 2026, 01:00 to" in page
    assert ">on 23 November 2026</time>" in page


def test_who_accepted_in_the_room_has_to_confirm_it_also_after_the_course():
    held = coming(-7, title="AIM3, Leeds")
    enrolment = make.enrolment(held)
    enrolment.nomination.link_shown_to = make.trainer_of(held)
    enrolment.nomination.save()
    asked = ("Confirm that you accepted your place yourself: AIM3, Leeds", Urgency.NOW, False)
    assert lines(enrolment.person) == [asked]
    held.sessions.filter(number=2).update(ends_at=NOON + timedelta(hours=1))
    (first, (words, *_rest)) = lines(enrolment.person)
    assert (first, words[:20]) == (asked, "Come to your course:")
    enrolment.acceptance_confirmed_at = timezone.now()
    enrolment.save()
    assert asked not in lines(enrolment.person)


def test_whoever_has_or_had_a_place_has_no_register_there():
    course = running(title="AIM3, Leeds")
    trainer = make.trainer_of(course)
    make.enrolment(course)
    make.enrolment(course, trainer, withdrawn_at=timezone.now(), withdrawn_by=trainer)
    assert lines(trainer) == []


def test_admin_has_drafts_to_publish_and_everybody_s_walk_ins():
    admin = make.admin()
    make.course(published=False, title="Draft", starts=timezone.now() + timedelta(days=7))
    assert lines(admin) == [("Complete and publish: Draft, 29 November 2026", Urgency.SOON, False)]


def test_commissioner_has_walk_ins_to_confirm_and_people_who_have_not_answered():
    organisation = make.OrganisationFactory.create()
    person = make.commissioner(organisation)
    held = running(organisation=organisation, title="AIM3, Leeds")
    for _ in range(2):
        make.enrolment(held, confirmed=False)
    Nomination.objects.update(is_walk_in=True)
    assert lines(person) == [("Confirm 2 walk-ins: AIM3, Leeds", Urgency.SOON, False)]
    ahead = coming(organisation=organisation, title="AIM3, York", capacity=2)
    make.nomination(ahead)
    make.nomination(ahead, declined_at=timezone.now())
    make.nomination(ahead, withdrawn_at=timezone.now(), withdrawn_by=person)
    make.enrolment(ahead)
    assert lines(person)[1:] == [
        ("Remind 1 person who has not answered their invitation: AIM3, York", Urgency.LATER, False)
    ]
    assert lines(make.commissioner(make.OrganisationFactory.create())) == []


def test_commissioner_is_told_of_places_that_are_neither_taken_nor_offered():
    organisation = make.OrganisationFactory.create()
    person = make.commissioner(organisation)
    course = coming(organisation=organisation, title="AIM3, Hull", capacity=3)
    line = "Nominate people: AIM3, Hull has %s"
    assert lines(person) == [(line % "3 free places", Urgency.LATER, False)]
    make.enrolment(course)
    # Declined, withdrawn, or by a link that works no more: the place is free again.
    make.nomination(course, declined_at=timezone.now())
    make.nomination(course, withdrawn_at=timezone.now(), withdrawn_by=person)
    make.nomination(course, token_expires_at=timezone.now() - timedelta(minutes=1))
    asked = make.nomination(course)
    assert (line % "1 free place", Urgency.LATER, False) in lines(person)
    (told,) = (one for one in waiting_for(fresh(person)) if "free" in one.words)
    assert told.url == reverse("courses:nominate", args=[course.uuid])
    assert told.when == course.sessions.earliest("starts_at").starts_at
    make.enrolment(course)
    assert not any("free" in words for words, *_ in lines(person))
    asked.withdrawn_at, asked.withdrawn_by = timezone.now(), person
    asked.save()
    assert any("1 free place" in words for words, *_ in lines(person))


@pytest.mark.parametrize("which", ["draft", "cancelled", "begun", "far away", "another's", "open to all"])
def test_free_places_that_are_not_theirs_to_fill_are_no_line(which: str):
    organisation = make.OrganisationFactory.create()
    person = make.commissioner(organisation)
    if which == "draft":
        make.course(organisation=organisation, published=False, starts=timezone.now() + timedelta(days=7))
    elif which == "cancelled":
        course = coming(organisation=organisation)
        cancelled = {
            "cancelled_at": timezone.now(),
            "cancelled_by": make.admin(),
            "cancelled_because": "Ill.",
        }
        Course.objects.filter(pk=course.pk).update(**cancelled)
    elif which == "begun":
        running(organisation=organisation)
    elif which == "far away":
        coming(61, organisation=organisation)
    elif which == "another's":
        coming(organisation=make.OrganisationFactory.create())
    else:
        coming(hosted=True)
    assert lines(person) == []


def test_commissioner_s_own_nomination_is_not_theirs_to_handle():
    organisation = make.OrganisationFactory.create()
    person = make.commissioner(organisation)
    make.nomination(coming(organisation=organisation, capacity=1), email=person.email)
    assert lines(person) == []


def test_nominations_that_pay_for_themselves_are_the_aim_project_s():
    admin = make.admin()
    make.nomination(coming(hosted=True, title="Open"), sponsor=None)
    assert lines(admin) == [
        ("Remind 1 person who has not answered their invitation: Open", Urgency.LATER, False)
    ]


def test_waiting_takes_as_many_queries_for_any_number_of_courses(
    django_assert_num_queries,
):
    admin = make.admin()
    programme = make.ProgrammeFactory.create()
    for _ in range(5):
        make.enrolment(running(programme=programme), admin)
    with django_assert_num_queries(4):
        waiting_for(fresh(admin))
