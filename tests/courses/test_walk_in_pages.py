"""Adding a walk-in and showing their link."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from courses import expectations
from courses.actions import add_walk_in
from courses.models import Course, Nomination
from tests import factories as make
from tests.courses.factories import NOON, accepted, coming, nominee, person_fields, running
from tests.courses.pages import key, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


def walk_in_form(course: Course, **fields):
    return {
        **person_fields(email="walks.in@people.example", manager_name="", manager_email=""),
        "sponsor": str(course.organisation.uuid),
        **key(),
        **fields,
    }


def test_nobody_is_chosen_as_a_walk_in_s_sponsor_beforehand():
    course = running()
    page = text(signed_in(make.trainer_of(course)).get(reverse("courses:walk_in", args=[course.uuid])))
    assert f'value="{course.organisation.uuid}"' in page
    assert "checked" not in page.partition("<main")[2]


def test_walk_in_page_shows_the_link_to_the_device_that_made_it_only():
    course = running()
    trainer = make.trainer_of(course)
    client = signed_in(trainer)
    url = reverse("courses:walk_in", args=[course.uuid])
    assert client.get(url).status_code == 200
    sent = walk_in_form(course)
    response = client.post(url, sent)
    nomination = Nomination.objects.get()
    code = reverse("courses:walk_in_code", args=[course.uuid, nomination.uuid])
    assert response.url == code
    assert client.post(url, sent).url == code
    page = text(client.get(code))
    (token,) = set(re.findall(r"/courses/invitations/([^/]+)/", page))
    assert "<svg" in page
    cookie = response.cookies["invitation"]
    assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, code, "Strict")
    assert token not in str(client.session.items())
    assert token not in text(signed_in(trainer).get(code))
    accept_url = reverse("courses:invitation", args=[token])
    Client().post(
        accept_url,
        {"certificate_name": "Walker", "accepted": "on", "expectations_version": expectations.CURRENT},
    )
    assert "They have accepted" in text(client.get(code))


def test_walk_in_page_makes_a_new_link(time_machine):
    course = running()
    client = signed_in(make.trainer_of(course))
    client.post(reverse("courses:walk_in", args=[course.uuid]), walk_in_form(course))
    nomination = Nomination.objects.get()
    again = reverse("courses:walk_in_again", args=[course.uuid, nomination.uuid])
    before = nomination.token_sha256
    client.post(again)
    nomination.refresh_from_db()
    assert nomination.token_sha256 == before
    time_machine.move_to(NOON + timedelta(minutes=2))
    client.post(again)
    nomination.refresh_from_db()
    assert nomination.token_sha256 != before


def test_walk_in_page_says_what_is_wrong():
    course = running()
    client = signed_in(make.trainer_of(course))
    url = reverse("courses:walk_in", args=[course.uuid])
    enrolled = make.enrolment(course)
    for fields, words in (
        ({"email": enrolled.person.email}, "is enrolled on this course already"),
        ({"sponsor": str(uuid4())}, "Choose who sponsors them."),
        ({"sponsor": ""}, "Choose who sponsors them."),
        ({"name": "\x00"}, "hidden character"),
    ):
        assert words in text(client.post(url, walk_in_form(course, **fields)))
    early = coming(3)
    page = signed_in(make.trainer_of(early)).post(
        reverse("courses:walk_in", args=[early.uuid]), walk_in_form(early)
    )
    assert "from the first day" in text(page)


def test_trainer_sees_only_open_invitations_of_their_course_as_codes():
    course, other = running(), running()
    client = signed_in(make.trainer_of(course))
    elsewhere = make.nomination(other)
    url = reverse("courses:walk_in_code", args=[course.uuid, elsewhere.uuid])
    assert client.get(url).status_code == 404


def test_person_confirms_their_acceptance_on_their_own_page():
    course = running()
    made = add_walk_in(
        course=course, nominee=nominee(), sponsor=course.organisation, by=make.trainer_of(course)
    )
    enrolment = accepted(made)
    client = signed_in(enrolment.person)
    assert "Confirm that you accepted your place yourself" in text(client.get("/"))
    page = reverse("certification:my_course", args=[enrolment.uuid])
    assert "Did you accept this place yourself?" in text(client.get(page))
    url = reverse("courses:confirm_acceptance", args=[course.uuid, enrolment.uuid])
    answer = client.post(url, {"idempotency_key": str(uuid4())}, follow=True)
    assert "Did you accept this place yourself?" not in text(answer)
    enrolment.refresh_from_db()
    assert enrolment.acceptance_confirmed_at
    assert "Confirm that you accepted" not in text(client.get("/"))
