"""Every page on which a worry can come up leads to the safeguarding leads, and says where it came up."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.permissions.asking import browser_of, path_of
from tests.permissions.world import World, build

pytestmark = pytest.mark.django_db

# The page, who opens it, the kind of page that is named, and whether it is about a person or a course.
PAGES = [
    ("assessments:mark", "trainer", "marking", "eligible"),
    ("assessments:recommend", "trainer", "feedback", "unfinished"),
    ("assessments:conversation", "trainer", "conversation", "not yet"),
    ("assessments:feedback", "trainer", "feedback", "not yet"),
    ("assessments:room", "trainer", "room", ""),
    ("assessments:board", "trainer", "room", ""),
    ("assessments:person", "trainer", "room", ""),
    ("assessments:paper", "trainer", "paper", ""),
    ("assessments:transcription", "AIM admin who trained", "paper", "on paper"),
    ("assessments:adjustments", "trainer", "adjustments", "own"),
    ("assessments:my_adjustments", "participant", "adjustments", "own"),
    ("assessments:my_considerations", "participant", "my_course", "own"),
    ("assessments:consideration_record", "trainer", "room", ""),
    ("assessments:task_list", "participant", "answering", "own"),
    ("assessments:question", "participant", "answering", "own"),
    ("assessments:check", "participant", "answering", "own"),
    ("assessments:case_study", "participant", "case_study", "own"),
    ("assessments:case_study", "trainer", "case_study", ""),
    ("courses:register", "trainer", "register", ""),
    ("courses:register_session", "trainer", "register", ""),
    ("courses:register_entry", "trainer", "register", "own"),
    ("courses:nominations", "commissioner", "nomination", ""),
    ("courses:nominate", "commissioner", "nomination", ""),
    ("certification:my_course", "participant", "my_course", "own"),
    ("certification:results", "commissioner", "follow_up", ""),
    ("certification:follow_up", "commissioner", "follow_up", "not yet"),
    ("certification:decide", "AIM admin", "decision", "eligible"),
    ("certification:finalise", "trainer", "marking", "eligible"),
]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.mark.parametrize(("route", "role", "place", "about"), PAGES)
def test_page_leads_to_the_leads_and_says_where_it_came_up(
    world: World, route: str, role: str, place: str, about: str
) -> None:
    whose = world.things[about] if about not in ("", "own") else world.enrolment
    path = path_of(route, world, "" if route == "certification:follow_up" or about in ("", "own") else about)
    client = browser_of(world, role)
    page = client.get(path)
    assert page.status_code == 200
    target = (
        reverse("safeguarding:tell_of_person", args=[whose.uuid])
        if about
        else reverse("safeguarding:tell_of_course", args=[world.course.uuid])
    )
    link = f"{target}?place={place}&next={quote(path)}"
    assert link in html.unescape(page.content.decode())
    form = client.get(link)
    assert form.status_code == 200
    assert f'href="{path}"' in form.content.decode()


def test_every_page_leads_to_what_to_do_now(world: World) -> None:
    for client in (Client(), browser_of(world, "participant")):
        page = client.get(reverse("courses:public", args=[world.course.uuid])).content.decode()
        assert reverse("safeguarding:worried") in page
