"""Letters and devices are known for a while alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import SENDING, OutgoingEmail, Person
from accounts.periodic import forget_expired
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

DAYS = settings.AIM["LETTER_DAYS"]


@pytest.fixture
def long_ago() -> timedelta:
    return timedelta(days=DAYS, hours=1)


def letter(**facts: object) -> OutgoingEmail:
    return OutgoingEmail.objects.create(
        **{"to_address": "zoe@people.example", "subject": "Hello", "text": "", **facts}
    )


def test_sent_letters_go_after_their_days(long_ago: timedelta) -> None:
    now = timezone.now()
    letter(sent_at=now - long_ago)
    kept = letter(sent_at=now - timedelta(days=DAYS - 1), created_at=now - long_ago)
    assert [forget_expired(), forget_expired()] == [1, 0]
    assert OutgoingEmail.objects.get() == kept


def test_letters_that_were_given_up_go_with_their_text_after_their_days(long_ago: timedelta) -> None:
    now = timezone.now()
    given_up = {"text": "12345678", "attempts": SENDING.most}
    letter(**given_up, next_attempt_at=now - long_ago)
    kept = letter(**given_up, next_attempt_at=now - timedelta(days=DAYS - 1))
    assert forget_expired() == 1
    assert OutgoingEmail.objects.get() == kept


def test_letter_that_is_still_tried_never_goes(long_ago: timedelta) -> None:
    then = timezone.now() - long_ago
    letter(text="Something waits", created_at=then, next_attempt_at=then, attempts=3)
    assert forget_expired() == 0


def signed_in(person: Person, *, hours_ago: int) -> Client:
    client = Client()
    client.force_login(person)
    begun = timezone.now() - timedelta(hours=hours_ago)
    UserSession.objects.update_or_create(
        session_key=client.session.session_key,
        defaults={"user": person, "ip": "192.0.2.1", "user_agent": "Firefox", "created_at": begun},
    )
    return client


def test_device_goes_once_its_session_is_gone() -> None:
    person = PersonFactory()
    lasting, ended = signed_in(person, hours_ago=2), signed_in(person, hours_ago=2)
    ended.session.flush()
    assert [forget_expired(), forget_expired()] == [1, 0]
    assert UserSession.objects.get().session_key == lasting.session.session_key


def test_device_of_a_session_that_is_just_being_made_stays() -> None:
    signed_in(PersonFactory(), hours_ago=0).session.flush()
    assert forget_expired() == 0
    assert UserSession.objects.exists()
