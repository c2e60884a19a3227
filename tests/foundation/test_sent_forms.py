"""Irreversible forms act once, whoever sends them how often, at the same moment or later."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.models import Heartbeat, SentForm
from aimcert.foundation.refusals import Refused
from aimcert.foundation.sent_forms import FIELD, FormNotRecognised, sent_once


@pytest.fixture
def person(db: None) -> Person:
    return Person.objects.create(email="ada@example.org", name="Ada Lovelace")


def act() -> None:
    """An effect that can be counted: one row each time."""
    Heartbeat.objects.create(name=f"act-{uuid4().hex[:16]}", beat_at=timezone.now())


def acts() -> int:
    """How often; a stack that another test left running has its own heartbeats in the same table."""
    return Heartbeat.objects.filter(name__startswith="act-").count()


@sent_once
def approving(request: HttpRequest) -> HttpResponse:
    act()
    return HttpResponseRedirect("/approved/")


@sent_once
def with_errors(request: HttpRequest) -> HttpResponse:
    return HttpResponse("the form again, with its errors")


def send(
    view: Callable[[HttpRequest], HttpResponse],
    person: Person,
    key: object,
    path: str = "/approve/",
) -> HttpResponse:
    request = RequestFactory().post(path, {FIELD: str(key)})
    request.user = person
    return view(request)


def test_second_sending_leads_where_the_first_did_and_acts_once(person: Person) -> None:
    key = uuid4()
    answers = [send(approving, person, key) for _ in range(3)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/approved/")] * 3
    assert acts() == 1
    assert SentForm.objects.get().answer == "/approved/"


def test_another_key_acts_again(person: Person) -> None:
    send(approving, person, uuid4())
    send(approving, person, uuid4())
    assert acts() == 2


def test_form_with_errors_can_be_sent_again_with_the_same_key(person: Person) -> None:
    key = uuid4()
    assert send(with_errors, person, key).status_code == 200
    assert not SentForm.objects.exists()
    assert send(approving, person, key).status_code == 302
    assert acts() == 1


def test_refusal_leaves_the_key_unspent_and_undoes_what_was_begun(
    person: Person,
) -> None:
    @sent_once
    def refusing(request: HttpRequest) -> HttpResponse:
        act()
        raise Refused("The course has not begun.")

    key = uuid4()
    with pytest.raises(Refused, match="not begun"):
        send(refusing, person, key)
    assert not SentForm.objects.exists()
    assert acts() == 0
    send(approving, person, key)
    assert acts() == 1


def test_another_persons_key_is_refused(person: Person) -> None:
    key = uuid4()
    send(approving, person, key)
    other = Person.objects.create(email="grace@example.org", name="Grace Hopper")
    with pytest.raises(FormNotRecognised) as refusal:
        send(approving, other, key)
    assert refusal.value.status == 400
    assert acts() == 1


def test_key_of_another_page_is_refused(person: Person) -> None:
    key = uuid4()
    send(approving, person, key)
    with pytest.raises(FormNotRecognised, match="another page"):
        send(approving, person, key, path="/revoke/")
    assert acts() == 1


@pytest.mark.parametrize(
    "key", ["", "7", "not-a-uuid", "\x00", "é" * 40, "12345678-1234-4234-8234-1234567890ab0"]
)
def test_missing_or_malformed_key_is_refused_in_words(person: Person, key: str) -> None:
    with pytest.raises(FormNotRecognised, match="reload the page"):
        send(approving, person, key)
    assert acts() == 0


def test_reading_needs_no_key(person: Person) -> None:
    request = RequestFactory().get("/approve/")
    request.user = person
    assert with_errors(request).status_code == 200
    assert not SentForm.objects.exists()


def test_tag_draws_a_hidden_key_that_is_new_each_time() -> None:
    template = engines["django"].from_string("{% load sent_forms %}{% idempotency_key %}")
    first, second = template.render(), template.render()
    assert first != second
    assert first.startswith(f'<input type="hidden" name="{FIELD}" value="')
    assert 'autocomplete="off"' in first


@pytest.mark.django_db(transaction=True)
def test_same_form_sent_at_the_same_moment_acts_once() -> None:
    person = Person.objects.create(email="ada@example.org", name="Ada Lovelace")
    key = uuid4()
    inside, go_on = threading.Event(), threading.Event()

    @sent_once
    def slow(request: HttpRequest) -> HttpResponse:
        act()
        inside.set()
        assert go_on.wait(10)
        return HttpResponseRedirect("/approved/")

    answers: list[str] = []

    def send_once() -> None:
        try:
            answers.append(send(slow, person, key)["Location"])
        finally:
            connection.close()

    first, second = (
        threading.Thread(target=send_once),
        threading.Thread(target=send_once),
    )
    first.start()
    assert inside.wait(10)
    second.start()
    _until_one_waits_for_another()
    go_on.set()
    first.join(10)
    second.join(10)
    assert answers == ["/approved/", "/approved/"]
    assert acts() == 1


@pytest.mark.django_db(transaction=True)
def test_second_sending_acts_where_the_first_that_it_waited_for_was_undone() -> None:
    person = Person.objects.create(email="ada@example.org", name="Ada Lovelace")
    key = uuid4()
    inside, go_on = threading.Event(), threading.Event()
    refused: list[str] = []

    @sent_once
    def refusing(request: HttpRequest) -> HttpResponse:
        act()
        inside.set()
        assert go_on.wait(10)
        raise Refused("no")

    def send_refused() -> None:
        try:
            send(refusing, person, key)
        except Refused as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    answers: list[str] = []

    def send_accepted() -> None:
        try:
            answers.append(send(approving, person, key)["Location"])
        finally:
            connection.close()

    first, second = (
        threading.Thread(target=send_refused),
        threading.Thread(target=send_accepted),
    )
    first.start()
    assert inside.wait(10)
    second.start()
    _until_one_waits_for_another()
    go_on.set()
    first.join(10)
    second.join(10)
    assert (refused, answers) == (["no"], ["/approved/"])
    assert acts() == 1


def _until_one_waits_for_another() -> None:
    """Return once PostgreSQL holds one connection back for another's row."""
    pause = threading.Event()
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            if cursor.fetchone():
                return
        pause.wait(0.05)
    raise AssertionError("No connection waited for another within 10 seconds.")
