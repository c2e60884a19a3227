"""/healthz: answers for web, both workers and beat, cheaply, to anybody, without a session."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

import aimcert.wsgi  # noqa: F401 (every app says what waits once its pages are loaded, as for gunicorn)
from accounts.backlog import URGENT_LATE
from accounts.models import OutgoingEmail
from aimcert.foundation.backlog import LATE, backlogs
from aimcert.foundation.health import PROCESSES, beat
from aimcert.foundation.models import Heartbeat

pytestmark = pytest.mark.django_db


def test_health_needs_a_fresh_sign_of_every_process(client: Client) -> None:
    first = client.get("/healthz")
    well = {"web": True, "worker": False, "urgent": False, "beat": False, "backlog": True}
    assert (first.status_code, first.json()) == (503, well)
    beat("worker")
    beat("beat")
    beat("beat")
    assert client.get("/healthz").status_code == 503
    beat("urgent")
    assert (client.get("/healthz").status_code, Heartbeat.objects.count()) == (200, 4)
    Heartbeat.objects.filter(name="worker").update(
        beat_at=timezone.now() - timedelta(seconds=3 * settings.SWEEP_SECONDS + 1)
    )
    stale = client.get("/healthz")
    assert (stale.status_code, stale.json()["worker"]) == (503, False)


def test_health_answers_whatever_host_is_asked_and_without_https(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/healthz", HTTP_HOST="10.0.0.7:8000")
    assert answer.status_code == 503
    assert answer["Cache-Control"] == "no-store"


def test_letters_that_wait_take_no_web_out(client: Client) -> None:
    for name in PROCESSES:
        beat(name)
    letter = OutgoingEmail.objects.create(to_address="x@people.example", subject="x", text="x")
    assert client.get("/healthz/backlog").status_code == 200
    OutgoingEmail.objects.update(created_at=timezone.now() - LATE - timedelta(seconds=1))
    assert (client.get("/healthz").status_code, client.get("/healthz").json()["backlog"]) == (200, False)
    assert client.get("/healthz/web").status_code == 200
    late = client.get("/healthz/backlog")
    assert (late.status_code, late.json()["letters"], late.json()["certificates"]) == (503, False, True)
    # Its reader's own server says no, which is no outage of ours.
    OutgoingEmail.objects.update(last_error="SMTPRecipientsRefused 550")
    assert client.get("/healthz/backlog").status_code == 200
    letter.delete()


def test_letter_that_somebody_waits_for_is_late_sooner(client: Client) -> None:
    OutgoingEmail.objects.create(to_address="x@people.example", subject="x", text="x", is_urgent=True)
    OutgoingEmail.objects.update(created_at=timezone.now() - URGENT_LATE + timedelta(seconds=30))
    assert client.get("/healthz/backlog").status_code == 200
    OutgoingEmail.objects.update(created_at=timezone.now() - URGENT_LATE - timedelta(seconds=1))
    late = client.get("/healthz/backlog")
    assert (late.status_code, late.json()["urgent_letters"], late.json()["letters"]) == (503, False, True)


def test_health_asks_few_statements_and_reads_no_session(
    client: Client, django_assert_num_queries: Any
) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "stolen"
    with django_assert_num_queries(2 + len(backlogs())):
        answer = client.get("/healthz")
    with django_assert_num_queries(1):
        client.get("/healthz/web")
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.django_db(transaction=True)
def test_running_processes_show_their_signs(live_stack: Any) -> None:
    began = timezone.now()
    live_stack.beat.restart()
    fresh = Heartbeat.objects.filter(beat_at__gte=began).exclude(name="web")
    while fresh.count() < 3 and timezone.now() < began + timedelta(seconds=40):
        pass
    assert set(fresh.values_list("name", flat=True)) == {"worker", "urgent", "beat"}
