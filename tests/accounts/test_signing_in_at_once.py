"""Several who type one code, or ask, at one moment, over connections of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.limits import NONE, Limit, spend
from accounts.models import PendingSignIn
from tests.accounts.entering import ask, code_to, type_code
from tests.factories import PersonFactory
from tests.sessions import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def many_at_once(times: int, act: Callable[[int], Any]) -> list[Any]:
    """What `act` gives, called so many times at one moment."""
    return at_once(*[partial(act, number) for number in range(times)])


def signed_in() -> int:
    return sum("_auth_user_id" in each.get_decoded() for each in Session.objects.all())


def test_one_code_signs_in_once_also_six_times_at_once() -> None:
    person = PersonFactory.create()
    first = Client()
    ask(first, person.email)
    code = code_to(person.email)
    copies = [Client() for _number in range(6)]
    for copy in copies:
        copy.cookies.update(first.cookies)
    led = many_at_once(6, lambda number: type_code(copies[number], code).url)
    assert led.count(reverse("home")) == 1
    assert signed_in() == 1


def test_wrong_tries_at_one_moment_all_count() -> None:
    person = PersonFactory.create()
    first = Client()
    ask(first, person.email)
    copies = [Client() for _number in range(8)]
    for copy in copies:
        copy.cookies.update(first.cookies)
    many_at_once(8, lambda number: type_code(copies[number], "0000-0000"))
    assert PendingSignIn.objects.get().wrong_tries == 5
    assert type_code(first, code_to(person.email)).url != reverse("home")


def test_limit_lets_through_so_many_at_one_moment_and_no_more() -> None:
    limit = Limit("tried at once", 5, timedelta(hours=1))
    with time_machine.travel(timezone.now(), tick=False):
        spent = many_at_once(12, lambda _number: spend(limit, "somebody"))
    assert spent.count(NONE) == 5


def test_limit_counts_who_read_the_clock_first_and_came_second() -> None:
    limit = Limit("tried in another order", 5, timedelta(hours=1))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        spent = [spend(limit, "somebody")]
        clock.shift(timedelta(milliseconds=-20))
        spent += [spend(limit, "somebody") for _number in range(6)]
    assert [wait == NONE for wait in spent] == [True] * 5 + [False] * 2
