"""Whoever asks and guesses in somebody's name, and however often: its owner still gets in.

What is limited, and for whom, is docs/adr/0016-getting-in.md.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import forget_sign_ins, set_password, vouch_for_network
from accounts.models import LimitCount, OutgoingEmail, PendingSignIn, Person, SignInCode, VouchedNetwork
from accounts.proof_of_work import PLAIN_WAIT
from tests import factories
from tests.accounts.entering import (
    HOME,
    ROOM,
    ask,
    ask_with,
    at,
    attack,
    code_to,
    done,
    sign_in,
    type_code,
    work_in,
)
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

PASSWORD = "quiet harbour lantern 42"


def gets_in(client: Client, email: str) -> bool:
    return bool(type_code(client, code_to(email)).url == reverse("home"))


# --- Who gets in though others try ---------------------------------------------------------------


def test_wrong_tries_elsewhere_are_nobody_elses() -> None:
    person = PersonFactory.create()
    own = at(HOME)
    ask(own, person.email)
    code = code_to(person.email)
    for number in range(6):
        other = at(f"192.0.2.{number}")
        ask(other, person.email)
        for _try in range(5):
            type_code(other, "0000-0000")
    assert type_code(own, code).url == reverse("home")


def test_own_device_gets_a_short_code_whatever_others_ask() -> None:
    person = PersonFactory.create()
    own = at(HOME)
    sign_in(own, person)
    own.post(reverse("account_logout"))
    attack(person.email)
    assert ask(own, person.email).status_code == 302
    assert re.fullmatch(r"\d{4}-\d{4}", code_to(person.email))
    assert gets_in(own, person.email)


def test_room_gets_short_codes_whatever_others_ask() -> None:
    person = PersonFactory.create()
    vouch_for_network(network=ROOM, by=person)
    attack(person.email)
    own = at(ROOM)
    assert ask(own, person.email).status_code == 302
    assert re.fullmatch(r"\d{4}-\d{4}", code_to(person.email))
    assert gets_in(own, person.email)


def test_nobody_in_a_room_is_ever_made_to_work_or_wait() -> None:
    person = PersonFactory.create()
    vouch_for_network(network=ROOM, by=person)
    assert {ask(at(ROOM), person.email).status_code for _number in range(20)} == {302}
    # Not sent a letter for each, and still the right code is in their newest letter.
    assert OutgoingEmail.objects.count() < 10
    own = at(ROOM)
    ask(own, person.email)
    assert gets_in(own, person.email)


def test_stranger_works_and_gets_in_by_the_newest_code_though_no_letter_may_go() -> None:
    person = PersonFactory.create()
    attack(person.email)
    own = at(HOME)
    for number in range(8):
        other = at(f"192.0.2.{number}")
        ask_with(other, person.email, done(work_in(ask(other, person.email))))
    letters = OutgoingEmail.objects.count()
    asked = ask_with(own, person.email, done(work_in(ask(own, person.email))))
    assert asked.status_code == 302
    assert OutgoingEmail.objects.count() == letters
    page = own.get(asked.url).text
    label = re.search(r'code-label">(\w+)<', page)
    assert label
    letter = OutgoingEmail.objects.order_by("-pk")[0]
    assert letter.subject.endswith(label[1])
    assert label[1] in letter.text
    assert re.fullmatch(r"\d{4}-\d{4}-\d{4}", code_to(person.email))
    assert gets_in(own, person.email)


def test_code_ends_with_its_own_time_whoever_still_waits_to_type_it() -> None:
    person = PersonFactory.create()
    with time_machine.travel("2026-11-23 09:00:00Z", tick=False) as clock:
        attack(person.email, 3)
        for number in range(3):
            other = at(f"192.0.2.{number}")
            ask_with(other, person.email, done(work_in(ask(other, person.email))))
        clock.shift(timedelta(minutes=9))
        own = at(HOME)
        attack(person.email, 3)
        ask_with(own, person.email, done(work_in(ask(own, person.email))))
        code = code_to(person.email)
        assert PendingSignIn.objects.latest("pk").code.made_at < timezone.now()
        clock.shift(timedelta(minutes=6, seconds=1))
        assert type_code(own, code).url == reverse("account_login")
        assert own.get(reverse("account")).status_code == 302


@pytest.mark.whole_run
def test_forty_people_get_in_at_one_moment_from_one_network_that_nobody_knows() -> None:
    people = PersonFactory.create_batch(40)
    with time_machine.travel(timezone.now(), tick=False):
        browsers = [at(ROOM) for _person in people]
        for browser, person in zip(browsers, people, strict=True):
            assert ask(browser, person.email).status_code == 302
        for browser, person in zip(browsers, people, strict=True):
            assert type_code(browser, "0000-0000").status_code == 422
            assert gets_in(browser, person.email)


@pytest.mark.whole_run
def test_wrong_passwords_elsewhere_do_not_refuse_the_right_one_on_ones_own_device() -> None:
    person = PersonFactory.create(email="a@people.example")
    own = at(HOME)
    sign_in(own, person)
    set_password(person=person, password=PASSWORD, by=person)
    own.post(reverse("account_logout"))
    page = reverse("account_password_sign_in")
    for number in range(12):
        at(f"192.0.2.{number}").post(page, {"login": person.email, "password": "wrong"})
    assert own.post(page, {"login": person.email, "password": PASSWORD}).status_code == 302


# --- What strangers may not ------------------------------------------------------------------------


def test_letters_in_somebodys_name_have_an_end() -> None:
    person = PersonFactory.create()
    with time_machine.travel(timezone.now(), tick=False):
        for number in range(20):
            other = at(f"192.0.2.{number}")
            page = ask(other, person.email)
            if page.status_code == 429:
                ask_with(other, person.email, done(work_in(page)))
    assert OutgoingEmail.objects.count() == 6


@pytest.mark.whole_run
def test_letters_to_unknown_addresses_have_an_end_for_a_network_and_altogether() -> None:
    with time_machine.travel(timezone.now(), tick=False):
        for number in range(30):
            assert ask(at(HOME), f"nobody{number}@people.example").status_code == 302
        assert OutgoingEmail.objects.count() == 10
        for number in range(100):
            ask(at(f"192.0.2.{number}"), f"nobody{number}@elsewhere.example")
        assert OutgoingEmail.objects.count() == 60


def test_spoofed_header_makes_no_new_network(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(30):
        said = {"X-Forwarded-For": f"192.0.2.{number}, {HOME}"}
        Client().post(reverse("account_login"), {"email": f"x{number}@people.example"}, headers=said)
    assert OutgoingEmail.objects.count() == 10


@pytest.mark.parametrize(
    ("networks", "letters"),
    [
        ([f"2001:db8:0:1::{number}" for number in range(20)], 10),
        ([f"::ffff:192.0.2.{number}" for number in range(20)], 20),
        ([f"2001:db8:0:{number}::1" for number in range(20)], 20),
    ],
)
def test_network_of_ipv6_is_its_first_64_bits(networks: list[str], letters: int) -> None:
    for number, network in enumerate(networks):
        ask(at(network), f"x{number}@people.example")
    assert OutgoingEmail.objects.count() == letters


# --- Work and waiting --------------------------------------------------------------------------------


def asked_for_work(email: str) -> tuple[Client, Any]:
    attack(email, 3)
    client = at(HOME)
    return client, ask(client, email)


def test_waiting_stands_in_for_work() -> None:
    person = PersonFactory.create()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client, page = asked_for_work(person.email)
        assert f"Wait {PLAIN_WAIT} seconds" in page.text
        token = {"signing-work": work_in(page)["token"], "signing-answers": ""}
        clock.shift(PLAIN_WAIT - 5)
        early = ask_with(client, person.email, token)
        assert (early.status_code, "Wait 5 seconds" in early.text) == (429, True)
        clock.shift(5)
        assert ask_with(client, person.email, token).status_code == 302
        assert gets_in(client, person.email)


def test_work_counts_once_and_for_its_own_address() -> None:
    person, other = PersonFactory.create_batch(2)
    client, page = asked_for_work(person.email)
    work = done(work_in(page))
    attack(other.email, 3)
    assert ask_with(at(HOME), other.email, work).status_code == 429
    assert ask_with(client, person.email, work).status_code == 302
    assert ask_with(at(HOME), person.email, work).status_code == 429


@pytest.mark.parametrize("answers", ["", "1,2,3,4,5,6,7,8", "x", "1" * 900])
def test_work_that_was_not_done_is_set_again(answers: str) -> None:
    person = PersonFactory.create()
    client, page = asked_for_work(person.email)
    given = {"signing-work": work_in(page)["token"], "signing-answers": answers}
    assert ask_with(client, person.email, given).status_code == 429
    assert ask_with(client, person.email, given | {"signing-work": "made:up"}).status_code == 429


def test_script_is_told_what_to_do() -> None:
    person = PersonFactory.create()
    attack(person.email, 3)
    script = {"X-Requested-With": "XMLHttpRequest"}
    told = at(HOME).post(reverse("account_login"), {"email": person.email}, headers=script)
    assert told.status_code == 429
    assert set(told.json()["work"]) == {"token", "wait", "puzzles", "bits"}


def test_code_of_before_still_works_while_work_is_asked_for() -> None:
    person = PersonFactory.create()
    client = at(HOME)
    ask(client, person.email)
    code = code_to(person.email)
    attack(person.email, 3)
    assert ask(client, person.email).status_code == 429
    assert type_code(client, code).url == reverse("home")


# --- Nobody learns who has an account ----------------------------------------------------------------


def test_known_and_unknown_address_cost_the_same_also_beyond_every_limit() -> None:
    PersonFactory.create(email="known@people.example")
    counts: dict[str, list[tuple[int, int]]] = {}
    for number in range(80):
        ask(at(f"192.0.2.{number}"), f"nobody{number}@elsewhere.example")
    for email in ("known@people.example", "other@people.example"):
        counts[email] = []
        for number in range(8):
            client = at(f"198.51.100.{number}")
            with CaptureQueriesContext(connection) as captured:
                asked = ask(client, email)
            counts[email].append((asked.status_code, len(_without_savepoints(captured))))
            if asked.status_code == 429:
                with CaptureQueriesContext(connection) as captured:
                    asked = ask_with(client, email, done(work_in(asked)))
                counts[email].append((asked.status_code, len(_without_savepoints(captured))))
    assert counts["known@people.example"] == counts["other@people.example"]
    assert OutgoingEmail.objects.filter(to_address="other@people.example").count() == 0


def _without_savepoints(captured: CaptureQueriesContext) -> list[str]:
    return [each["sql"] for each in captured.captured_queries if "SAVEPOINT" not in each["sql"]]


# --- What PostgreSQL holds ----------------------------------------------------------------------------


def test_used_code_cannot_be_made_new_again(client: Client) -> None:
    person = PersonFactory.create()
    ask(client, person.email)
    type_code(client, code_to(person.email))
    for change in ({"used_at": None}, {"used_at": timezone.now()}, {"code_hmac": "0" * 64}):
        with pytest.raises(DatabaseError), transaction.atomic():
            SignInCode.objects.update(**change)


def test_tries_do_not_come_back(client: Client) -> None:
    person: Person = PersonFactory.create()
    ask(client, person.email)
    type_code(client, "0000-0000")
    for tries in (0, 6):
        with pytest.raises(DatabaseError), transaction.atomic():
            PendingSignIn.objects.update(wrong_tries=tries)


def test_session_holds_no_code(client: Client) -> None:
    person = PersonFactory.create()
    ask(client, person.email)
    held = str(dict(client.session)) + str(list(SignInCode.objects.values()))
    code = code_to(person.email)
    assert code not in held
    assert code.replace("-", "") not in held


# --- What is forgotten --------------------------------------------------------------------------------


def test_codes_counts_and_networks_go_once_they_are_of_no_use() -> None:
    person = factories.enrolment(factories.course()).person
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        sign_in(at(ROOM), person)
        ask(at(HOME), person.email)
    forget_sign_ins(now=now + timedelta(minutes=14))
    assert PendingSignIn.objects.filter(code__used_at=None).count() == 1
    forget_sign_ins(now=now + timedelta(minutes=16))
    assert not SignInCode.objects.exists()
    assert VouchedNetwork.objects.exists()
    forget_sign_ins(now=now + timedelta(hours=13))
    assert not VouchedNetwork.objects.exists()
    assert not LimitCount.objects.exists()
