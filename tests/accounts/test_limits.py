"""Each limit refuses beyond what it lets through, says how long to wait, and saves nothing up."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.actions import set_password, vouch_for_network
from accounts.limits import NONE, Limit, give_back, spend
from accounts.models import LimitCount, OutgoingEmail, Person
from tests.accounts.entering import HOME, ROOM, ask, ask_with, at, code_to, done, sign_in, work_in
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

PASSWORD = "quiet harbour lantern 42"
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TEN_SECONDS = timedelta(seconds=10)


@pytest.fixture(autouse=True)
def clock() -> time_machine.Traveller:
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def person() -> Person:
    made: Person = PersonFactory.create()
    return made


def tight(monkeypatch: pytest.MonkeyPatch, name: str, at_once: int) -> None:
    """Let the limit of this name let only so many through at once."""
    path, _, short = name.rpartition(".")
    monkeypatch.setattr(name, replace(getattr(import_module(path), short), at_once=at_once))


SIGNING_IN = "accounts.actions.signing_in"

# --- One limit ------------------------------------------------------------------------------------

THREE = Limit("three of a test", 3, TEN_SECONDS)


def test_limit_lets_through_so_many_and_then_one_in_each_interval(clock: time_machine.Traveller) -> None:
    assert [spend(THREE) for _ in range(4)] == [NONE, NONE, NONE, TEN_SECONDS]
    clock.shift(timedelta(seconds=4))
    assert spend(THREE) == timedelta(seconds=6)
    clock.shift(timedelta(seconds=6))
    assert [spend(THREE), spend(THREE)] == [NONE, TEN_SECONDS]


def test_limit_saves_nothing_up_while_nobody_asks(clock: time_machine.Traveller) -> None:
    spend(THREE)
    clock.shift(timedelta(days=1))
    assert [bool(spend(THREE)) for _ in range(5)] == [False, False, False, True, True]


def test_limit_is_counted_for_each_by_itself() -> None:
    for whose in ("a", "b"):
        assert [bool(spend(THREE, whose)) for _ in range(4)] == [False, False, False, True]
    assert not spend(replace(THREE, name="another"), "a")


def test_what_is_given_back_can_be_spent_again() -> None:
    for _ in range(3):
        spend(THREE, "a")
    give_back(THREE, "a")
    assert [spend(THREE, "a"), spend(THREE, "a")] == [NONE, TEN_SECONDS]


# --- Codes ----------------------------------------------------------------------------------------


def test_strangers_of_one_network_work_once_they_asked_for_many(monkeypatch: pytest.MonkeyPatch) -> None:
    tight(monkeypatch, f"{SIGNING_IN}.NETWORK", 2)
    asked = [ask(at(HOME), f"x{number}@people.example").status_code for number in range(3)]
    assert asked == [302, 302, 429]
    assert ask(at("192.0.2.1"), "x3@people.example").status_code == 302


def test_strangers_altogether_work_once_they_asked_for_many_and_nobody_else_does(
    monkeypatch: pytest.MonkeyPatch, person: Person
) -> None:
    own = sign_in(at(HOME), person)
    own.post(reverse("account_logout"))
    vouch_for_network(network=ROOM, by=person)
    LimitCount.objects.all().delete()
    tight(monkeypatch, f"{SIGNING_IN}.STRANGERS", 2)
    asked = [ask(at(f"192.0.2.{number}"), f"x{number}@people.example").status_code for number in range(3)]
    assert asked == [302, 302, 429]
    assert ask(own, person.email).status_code == 302
    assert ask(at(ROOM), PersonFactory.create().email).status_code == 302


@pytest.mark.parametrize("name", ["WORKING_NETWORK", "WORKING"])
def test_work_buys_only_so_many_codes_and_then_a_wait(
    monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller, name: str
) -> None:
    tight(monkeypatch, f"{SIGNING_IN}.NETWORK", 1)
    tight(monkeypatch, f"{SIGNING_IN}.{name}", 1)
    first, second = PersonFactory.create_batch(2)
    client = at(HOME)
    ask(client, "x@people.example")
    assert ask_with(client, first.email, done(work_in(ask(client, first.email)))).status_code == 302
    refused = ask_with(client, second.email, done(work_in(ask(client, second.email))))
    assert refused.status_code == 429
    work = work_in(refused)
    assert work["wait"] > 0
    assert ask_with(client, second.email, done(work)).status_code == 429
    clock.shift(timedelta(seconds=work["wait"]))
    assert ask_with(client, second.email, done(work)).status_code == 302


def test_known_device_is_a_stranger_once_it_asked_for_many(
    monkeypatch: pytest.MonkeyPatch, person: Person
) -> None:
    own = sign_in(at(HOME), person)
    own.post(reverse("account_logout"))
    tight(monkeypatch, f"{SIGNING_IN}.DEVICE", 2)
    # Spent by the sign-in before.
    tight(monkeypatch, f"{SIGNING_IN}.ADDRESS", 1)
    assert [ask(own, person.email).status_code for _ in range(3)] == [302, 302, 429]


@pytest.mark.parametrize("name", ["ROOM", "ROOM_ADDRESS"])
def test_room_that_asked_for_many_is_sent_long_codes(
    monkeypatch: pytest.MonkeyPatch, person: Person, name: str
) -> None:
    vouch_for_network(network=ROOM, by=person)
    tight(monkeypatch, f"{SIGNING_IN}.{name}", 1)
    lengths = []
    for _ in range(2):
        assert ask(at(ROOM), person.email).status_code == 302
        lengths.append(len(code_to(person.email).replace("-", "")))
    assert lengths == [8, 12]


def test_letters_to_a_new_address_have_an_end_whoever_asks() -> None:
    for number in range(4):
        client = Client()
        client.force_login(PersonFactory.create())
        last = client.post(reverse("account_change_email"), {"email": "victim@home.example"})
        assert last.status_code == (429 if number == 3 else 302)
    assert OutgoingEmail.objects.filter(to_address="victim@home.example").count() == 3


# --- Passwords ------------------------------------------------------------------------------------


def typed(client: Client, person: Person, password: str) -> int:
    sent = {"login": person.email, "password": password}
    return client.post(reverse("account_password_sign_in"), sent).status_code


@pytest.mark.whole_run
def test_right_passwords_are_not_counted(person: Person) -> None:
    set_password(person=person, password=PASSWORD, by=person)
    assert {typed(at(HOME), person, PASSWORD) for _ in range(12)} == {302}


def test_wrong_passwords_of_one_network_end_for_all_its_addresses(
    monkeypatch: pytest.MonkeyPatch, person: Person
) -> None:
    set_password(person=person, password=PASSWORD, by=person)
    tight(monkeypatch, "accounts.signing_in.PASSWORD_NETWORK", 2)
    tried = [typed(at(HOME), other, "wrong") for other in PersonFactory.create_batch(2)]
    assert tried == [422, 422]
    assert typed(at(HOME), person, PASSWORD) == 429
    assert typed(at("192.0.2.1"), person, PASSWORD) == 302


def test_wrong_passwords_on_ones_own_device_end_too(monkeypatch: pytest.MonkeyPatch, person: Person) -> None:
    own = sign_in(at(HOME), person)
    own.post(reverse("account_logout"))
    set_password(person=person, password=PASSWORD, by=person)
    tight(monkeypatch, "accounts.signing_in.PASSWORD_OWN", 2)
    assert [typed(own, person, "wrong") for _ in range(2)] == [422, 422]
    refused = own.post(reverse("account_password_sign_in"), {"login": person.email, "password": PASSWORD})
    assert refused.status_code == 429
    assert re.search("Sign in with an emailed code", refused.text)
