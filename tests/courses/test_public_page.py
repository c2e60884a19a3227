"""A course's public page: what it says, where the course stands, and that it reads no session."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories as make
from tests.courses.factories import NOON, coming, running
from tests.courses.pages import SCRIPT, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


def test_public_page_says_what_is_expected_and_reads_no_session(client, django_assert_max_num_queries):
    course = coming()
    with django_assert_max_num_queries(5) as queries:
        response = client.get(reverse("courses:public", args=[course.uuid]))
    assert response.status_code == 200
    page = text(response)
    for words in ("Full attendance", "An individual case study", "marked on the day", "not yet competent"):
        assert words in page
    assert course.experience_sought in page
    assert make.trainer_of(course).name in page
    assert not any("session_key" in one["sql"] for one in queries.captured_queries)
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


def test_public_page_keeps_how_to_join_online_to_those_who_hold_a_place(client):
    course = coming(delivery="online", venue="https://meet.example/room")
    page = text(client.get(reverse("courses:public", args=[course.uuid])))
    assert "Online" in page
    assert "meet.example" not in page
    here = text(client.get(reverse("courses:public", args=[coming(venue="Civic Hall").uuid])))
    assert "Civic Hall" in here


@pytest.mark.parametrize("method", ["get", "head"])
def test_public_page_of_a_draft_or_an_unknown_course_is_not_there(client, method):
    draft = make.course(published=False)
    for uuid in (draft.uuid, uuid4()):
        assert getattr(client, method)(reverse("courses:public", args=[uuid])).status_code == 404


def test_public_page_says_where_it_stands(client):
    full = coming(capacity=1)
    make.enrolment(full)
    cancelled = coming(cancelled_at=timezone.now(), cancelled_by=make.admin(), cancelled_because=SCRIPT)
    for course, words in (
        (full, "All places on this course are taken"),
        (cancelled, "This course was cancelled"),
        (running(), "This course has begun"),
        (coming(-7), "This course is over"),
    ):
        page = text(client.get(reverse("courses:public", args=[course.uuid])))
        assert words in page
        assert SCRIPT not in page
