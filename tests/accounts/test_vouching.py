"""Who signs in from a room vouches for it, on that day: whoever else asks there is no stranger."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.actions import vouch_for_network
from accounts.models import VouchedNetwork
from courses.actions import cancel, withdraw_enrolment
from tests import factories
from tests.accounts.entering import ROOM, ask, at, attack, sign_in
from tests.everywhere import where_it_stands
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def test_somebody_of_a_course_that_is_today_vouches_for_where_they_sign_in() -> None:
    first, second = factories.enrolment(course := factories.course()), factories.enrolment(course)
    elsewhere = PersonFactory.create()
    attack(second.person.email)
    sign_in(at("192.0.2.251"), elsewhere)
    attack(second.person.email)
    assert ask(at("192.0.2.251"), second.person.email).status_code == 429
    sign_in(at(ROOM), first.person)
    # Signing in forgot what was asked for before.
    attack(second.person.email)
    assert ask(at("192.0.2.252"), second.person.email).status_code == 429
    assert ask(at(ROOM), second.person.email).status_code == 302


@pytest.mark.parametrize("why", ["another day", "a draft", "cancelled", "given up"])
def test_course_that_does_not_meet_for_them_today_vouches_for_nothing(why: str) -> None:
    starts = timezone.now() + timedelta(days=2 if why == "another day" else 0)
    course = factories.course(starts=starts, published=why != "a draft")
    enrolment = factories.enrolment(course)
    if why == "cancelled":
        cancel(course=course, because="Nobody came.", by=factories.admin())
    if why == "given up":
        withdraw_enrolment(enrolment=enrolment, by=enrolment.person)
    sign_in(at(ROOM), enrolment.person)
    assert not VouchedNetwork.objects.exists()


def test_network_is_vouched_for_a_working_day() -> None:
    person = PersonFactory.create()
    with time_machine.travel("2026-11-23 02:00:00Z", tick=False) as clock:
        vouch_for_network(network=ROOM, by=person)
        clock.shift(timedelta(hours=12, seconds=-1))
        attack(person.email)
        assert ask(at(ROOM), person.email).status_code == 302
        clock.shift(timedelta(seconds=2))
        assert ask(at(ROOM), person.email).status_code == 429


def test_trainer_who_opens_the_room_vouches_for_where_it_is() -> None:
    course = factories.course()
    factories.sitting(course)
    person = PersonFactory.create()
    trainer = at(ROOM)
    trainer.force_login(factories.trainer_of(course))
    attack(person.email)
    assert ask(at(ROOM), person.email).status_code == 429
    trainer.get(reverse("assessments:room", args=[course.uuid]))
    assert ask(at(ROOM), person.email).status_code == 302


def test_no_address_of_a_network_is_kept() -> None:
    sign_in(at(ROOM), factories.enrolment(factories.course()).person)
    ask(at(ROOM), "x@people.example")
    assert VouchedNetwork.objects.exists()
    assert where_it_stands(ROOM) == set()
