"""What is kept for a while alone goes when its time is over, and nothing before it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from celery import current_app
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from aimcert.foundation import retention
from aimcert.foundation.health import PROCESSES, beat
from aimcert.foundation.models import Heartbeat, SentForm
from aimcert.foundation.periodic import forget_expired
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

DAYS = settings.AIM["SENT_FORM_DAYS"]


def sent_form(*, days_ago: float) -> SentForm:
    form = SentForm.objects.create(key=uuid4(), sent_by=PersonFactory(), path="/a/", answer="/b/")
    SentForm.objects.filter(pk=form.pk).update(sent_at=timezone.now() - timedelta(days=days_ago))
    return form


def session(*, seconds_left: int) -> str:
    """The key of a session with a half-done sign-in in it."""
    store = SessionStore()
    store["account_login"] = {"code": "12345678"}
    store.create()
    assert store.session_key is not None
    runs_out = timezone.now() + timedelta(seconds=seconds_left)
    Session.objects.filter(session_key=store.session_key).update(expire_date=runs_out)
    return store.session_key


def cached() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        return {key for (key,) in cursor.fetchall()}


def test_sent_forms_go_after_their_days_and_not_before() -> None:
    sent_form(days_ago=DAYS + 0.1)
    kept = sent_form(days_ago=DAYS - 0.1)
    assert [forget_expired(), forget_expired()] == [1, 0]
    assert SentForm.objects.get() == kept


def test_sessions_that_ran_out_go_with_the_codes_in_them() -> None:
    session(seconds_left=-1)
    kept = session(seconds_left=60)
    assert [forget_expired(), forget_expired()] == [1, 0]
    assert Session.objects.get().session_key == kept


@pytest.fixture(autouse=True)
def _empty_cache(db: None) -> None:
    """No model's table, so that what a real server left there stays when a test's rows go."""
    cache.clear()


def test_cached_values_go_once_their_time_is_over() -> None:
    cache.set("over", "1", timeout=60)
    cache.set("lasting", "1", timeout=3600)
    cache.set("for-ever", "1", timeout=None)
    assert {":1:over", ":1:lasting", ":1:for-ever"} <= cached()
    assert retention.forget_cached(now=timezone.now() + timedelta(seconds=120)) >= 1
    assert {":1:over", ":1:lasting", ":1:for-ever"} & cached() == {":1:lasting", ":1:for-ever"}
    assert cache.get("lasting") == "1"


def test_every_batch_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for _each in range(5):
        sent_form(days_ago=DAYS + 1)
        session(seconds_left=-1)
    for number in range(5):
        cache.set(f"batch-{number}", "1", timeout=1)
    now = timezone.now() + timedelta(seconds=60)
    assert retention.forget_sent_forms(now=now) == 5
    assert retention.forget_sessions(now=now) == 5
    assert retention.forget_cached(now=now) == 5


@pytest.fixture
def held(transactional_db: None) -> Iterator[str]:
    """The key of a session that ran out, and that another connection is giving more time."""
    key = session(seconds_left=-1)
    taken, done = threading.Event(), threading.Event()

    def give_more_time() -> None:
        try:
            with transaction.atomic():
                Session.objects.filter(session_key=key).update(
                    expire_date=timezone.now() + timedelta(hours=1)
                )
                taken.set()
                done.wait(20)
        finally:
            connection.close()

    other = threading.Thread(target=give_more_time)
    other.start()
    assert taken.wait(20)
    yield key
    done.set()
    other.join(20)


def test_session_that_is_being_used_is_neither_waited_for_nor_lost(held: str) -> None:
    session(seconds_left=-1)
    assert retention.forget_sessions(now=timezone.now()) == 1
    assert Session.objects.filter(session_key=held).exists()


def test_signs_of_life_never_grow_in_number() -> None:
    for _each in range(3):
        for name in PROCESSES:
            beat(name)
    assert Heartbeat.objects.filter(name__in=PROCESSES).count() == len(PROCESSES)


def test_whatever_goes_by_the_clock_is_known_to_the_worker() -> None:
    current_app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {"foundation.forget_expired", "accounts.forget_expired"} <= scheduled
    assert scheduled <= set(current_app.tasks)
