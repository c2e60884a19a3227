"""A draft whose first session has passed: it is put right or cancelled, and leaves home either way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from courses.actions import publish
from courses.models import Course
from courses.waiting import waiting_for
from tests import factories as make
from tests.courses.factories import NOON, fresh
from tests.courses.pages import key, signed_in, text
from tests.stale import filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


@pytest.fixture
def admin() -> Person:
    return make.admin()


@pytest.fixture
def client(admin: Person) -> Client:
    return signed_in(admin)


@pytest.fixture
def course() -> Course:
    return make.course(published=False, sessions=1, starts=timezone.now() - timedelta(days=2))


def sessions_sent(page: HttpResponse, days: int) -> dict[str, str]:
    day = timezone.localdate() + timedelta(days=days)
    times = {"sessions-0-day": day.isoformat(), "sessions-0-starts": "09:30", "sessions-0-ends": "16:30"}
    return filled_in(page) | times


def test_dates_of_a_draft_that_have_passed_are_put_right_and_it_is_published(course, client, admin):
    url = reverse("courses:detail", args=[course.uuid])
    assert "Its first session has passed" in text(client.get(url))
    assert "See what will be public, and publish</a>" not in text(client.get(url))
    sessions = reverse("courses:sessions", args=[course.uuid])
    assert "A session starts in the past" in text(
        client.post(sessions, sessions_sent(client.get(sessions), -1))
    )
    assert client.post(sessions, sessions_sent(client.get(sessions), 14)).status_code == 302
    assert "Its first session has passed" not in text(client.get(url))
    assert "See what will be public, and publish</a>" in text(client.get(url))
    assert publish(course=course, by=admin).published_at


def test_draft_that_has_passed_is_cancelled_with_a_trace_and_leaves_home(course, client, admin):
    assert [one.words for one in waiting_for(fresh(admin))] == [
        f"Change the dates, or cancel: {course.title}, 20 November 2026"
    ]
    sent = {"because": "Nobody asked for it any more.", **key()}
    assert client.post(reverse("courses:cancel", args=[course.uuid]), sent).status_code == 302
    assert waiting_for(fresh(admin)) == []
    course.refresh_from_db()
    assert (course.cancelled_by, course.cancelled_because) == (admin, "Nobody asked for it any more.")
    assert "Nobody asked for it any more." in text(client.get(reverse("courses:detail", args=[course.uuid])))
