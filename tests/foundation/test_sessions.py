"""A session ends after a while without use, and after a working day; a page that asks by itself is no use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
JSON = {"Accept": "application/json"}
POLL = {"HX-Request": "true"}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def signed_in(clock: time_machine.Traveller, client: Client) -> Client:
    client.force_login(factories.PersonFactory.create())
    return client


def is_in(client: Client, **headers: str) -> bool:
    return bool(client.get(reverse("courses:list"), headers=headers).status_code == 200)


def after(clock: time_machine.Traveller, minutes: int) -> None:
    clock.shift(timedelta(minutes=minutes))


def test_session_ends_an_hour_after_its_last_use(signed_in: Client, clock: time_machine.Traveller) -> None:
    for _ in range(3):
        after(clock, 59)
        assert is_in(signed_in)
    after(clock, 61)
    assert not is_in(signed_in)


def test_session_ends_after_a_working_day_however_much_it_is_used(
    signed_in: Client, clock: time_machine.Traveller
) -> None:
    for _ in range(12 * 2 - 1):
        after(clock, 30)
        assert is_in(signed_in)
    after(clock, 31)
    assert not is_in(signed_in)


@pytest.mark.parametrize("headers", [JSON, POLL])
def test_page_that_asks_by_itself_does_not_keep_a_session(
    signed_in: Client, clock: time_machine.Traveller, headers: dict[str, str]
) -> None:
    for _ in range(5):
        after(clock, 11)
        assert is_in(signed_in, **headers)
    after(clock, 11)
    assert not is_in(signed_in, **headers)


def test_what_is_sent_is_use_whoever_sends_it(signed_in: Client, clock: time_machine.Traveller) -> None:
    after(clock, 45)
    signed_in.post(reverse("account_change_name"), {"name": ""}, headers=JSON)
    after(clock, 45)
    assert is_in(signed_in)


def test_minutes_are_a_setting(signed_in: Client, clock: time_machine.Traveller, settings: Any) -> None:
    settings.SESSION_IDLE_MINUTES = 20
    after(clock, 5)
    assert is_in(signed_in)
    after(clock, 19)
    assert is_in(signed_in)
    after(clock, 21)
    assert not is_in(signed_in)


def test_use_is_written_once_in_a_minute(signed_in: Client, clock: time_machine.Traveller) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            is_in(signed_in)
        return sum("UPDATE" in query["sql"] and "django_session" in query["sql"] for query in found)

    assert asked() == 0
    after(clock, 2)
    assert (asked(), asked()) == (1, 0)


def test_noting_use_neither_undoes_what_is_kept_nor_brings_an_ended_session_back(
    signed_in: Client, clock: time_machine.Traveller
) -> None:
    mine = signed_in.session
    mine.get("read")
    after(clock, 5)
    other = signed_in.session
    other["kept"] = "meanwhile"
    other.save()
    mine.note_use()
    assert signed_in.session["kept"] == "meanwhile"
    Session.objects.all().delete()
    after(clock, 5)
    other.note_use()
    assert not Session.objects.exists()


def test_page_whose_session_ended_is_led_to_sign_in_and_back(client: Client) -> None:
    answer = client.get(
        reverse("courses:list"), headers={**POLL, "HX-Current-URL": "https://example.org/courses/?page=2"}
    )
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == f"{reverse('account_login')}?next=%2Fcourses%2F%3Fpage%3D2"
