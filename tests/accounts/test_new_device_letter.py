"""Who signs in on a device that is new for them is told: not the first time ever, and not for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.actions import end_sessions
from accounts.models import OutgoingEmail, Person
from tests.accounts.entering import ask, code_to, type_code
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

SUBJECT = "You signed in to AIMcert on a new device"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 23, 9, 5, tzinfo=UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def person() -> Person:
    made: Person = PersonFactory.create()
    return made


def signs_in(person: Person, browser: Client | None = None) -> Client:
    browser = browser or Client(headers={"user-agent": IPHONE})
    ask(browser, person.email)
    assert type_code(browser, code_to(person.email)).status_code == 302
    return browser


def told() -> list[OutgoingEmail]:
    return list(OutgoingEmail.objects.filter(subject=SUBJECT).order_by("pk"))


def test_second_device_is_told_with_time_kind_and_what_to_do(
    person: Person, clock: time_machine.Traveller
) -> None:
    signs_in(person)
    assert not told()
    signs_in(person)
    [letter] = told()
    assert letter.to_address == person.email
    assert "23 November 2026, 09:05 (London\N{NO-BREAK SPACE}time)" in letter.text
    assert "Safari on iPhone" in letter.text
    assert "sign out on all other devices" in letter.text


def test_known_device_is_told_once(person: Person) -> None:
    signs_in(person)
    phone = signs_in(person)
    phone.post(reverse("account_logout"))
    signs_in(person, phone)
    assert len(told()) == 1


def test_shared_machine_tells_each_person_of_their_own_first_time_alone(person: Person) -> None:
    tablet, others = Client(), PersonFactory.create_batch(3)
    for one in others:
        signs_in(one, tablet)
        tablet.post(reverse("account_logout"))
    assert not told()


def test_browser_that_forgets_each_time_writes_three_letters_a_day(
    person: Person, clock: time_machine.Traveller
) -> None:
    for _ in range(8):
        signs_in(person)
        clock.shift(timedelta(minutes=20))
    assert len(told()) == 2
    clock.shift(timedelta(days=1))
    signs_in(person)
    assert len(told()) == 3


def test_who_was_signed_out_everywhere_is_told_of_the_next_one(person: Person) -> None:
    signs_in(person)
    end_sessions(person=person, by=person)
    person.known_devices.all().delete()
    signs_in(person)
    assert len(told()) == 1
