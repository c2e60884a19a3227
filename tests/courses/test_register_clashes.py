"""Two people write the same register: neither overwrites the other without having seen what stands."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from courses.actions import Entry, take_register
from courses.models import Course, Enrolment, RegisterEntry
from courses.states import Judgement, Presence
from tests import factories as make
from tests.courses.factories import NOON, running
from tests.courses.pages import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


@pytest.fixture
def course() -> Course:
    programme = make.ProgrammeFactory.create()
    trainers = [make.associate(programme), make.associate(programme, name="Jo Colleague")]
    return running(programme=programme, trainers=trainers)


@pytest.fixture
def colleague(course: Course) -> Person:
    return Person.objects.get(name="Jo Colleague")


@pytest.fixture
def client(course: Course) -> Client:
    return signed_in(make.trainer_of(course))


def on_page(page: str) -> dict[str, str]:
    """What a browser sends of the register's page as it came, without a press of anything."""
    form = re.split(r'<form method="post"[^>]* novalidate', page)[1].split("</form>")[0]
    sent = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and ('type="hidden"' in tag or " checked" in tag):
            sent[name[1]] = value[1]
    return sent


def records(course: Course, enrolment: Enrolment, presence: str, by: Person, **said: object) -> None:
    entry = Entry(enrolment, presence, **said)  # type: ignore[arg-type]
    take_register(session=course.sessions.get(number=1), entries=[entry], by=by)


def url_of(course: Course) -> str:
    return reverse("courses:register_session", args=[course.uuid, 1])


def stands(enrolment: Enrolment) -> str:
    return RegisterEntry.objects.get(enrolment=enrolment, session__number=1).presence


def test_saving_again_after_a_clash_overwrites_nothing_until_somebody_chose(course, client, colleague):
    enrolment = make.enrolment(course, certificate_name="Ann Able")
    page = on_page(text(client.get(url_of(course))))
    records(course, enrolment, Presence.ABSENT, colleague)
    response = client.post(url_of(course), page | {f"p-{enrolment.uuid}": "present"})
    assert response.status_code == 409
    shown = text(response)
    assert "You chose Present." in shown
    assert re.search(r"Jo Colleague recorded Absent on 22 November 2026, 12:\d\d", shown)
    assert "checked" not in shown
    again = client.post(url_of(course), on_page(shown))
    assert again.status_code == 409
    assert "You chose Present." in text(again)
    assert stands(enrolment) == Presence.ABSENT
    chosen = on_page(text(again)) | {f"p-{enrolment.uuid}": "present"}
    assert client.post(url_of(course), chosen).status_code == 302
    assert stands(enrolment) == Presence.PRESENT


def test_what_stands_can_be_chosen_after_a_clash(course, client, colleague):
    enrolment, other = make.enrolment(course), make.enrolment(course)
    page = on_page(text(client.get(url_of(course))))
    records(course, enrolment, Presence.ABSENT, colleague)
    sent = page | {f"p-{enrolment.uuid}": "present", f"p-{other.uuid}": "present"}
    shown = on_page(text(client.post(url_of(course), sent)))
    assert shown[f"p-{other.uuid}"] == "present"
    assert client.post(url_of(course), shown | {f"p-{enrolment.uuid}": "absent"}).status_code == 302
    assert (stands(enrolment), stands(other)) == (Presence.ABSENT, Presence.PRESENT)
    assert RegisterEntry.objects.get(enrolment=enrolment).recorded_by == colleague


def test_entry_that_changes_once_more_clashes_once_more(course, client, colleague):
    enrolment = make.enrolment(course)
    page = on_page(text(client.get(url_of(course))))
    records(course, enrolment, Presence.ABSENT, colleague)
    shown = on_page(text(client.post(url_of(course), page | {f"p-{enrolment.uuid}": "present"})))
    records(course, enrolment, Presence.LATE, colleague, judged_later=True)
    again = client.post(url_of(course), shown | {f"p-{enrolment.uuid}": "present"})
    assert again.status_code == 409
    assert "Jo Colleague recorded Came late" in text(again)
    assert stands(enrolment) == Presence.LATE


def test_refusal_for_another_cause_leaves_a_clash_a_clash(course, colleague):
    enrolment = make.enrolment(course)
    admin = signed_in(make.admin())
    page = on_page(text(admin.get(url_of(course))))
    records(course, enrolment, Presence.ABSENT, colleague)
    # Without its reason, which an AIM admin gives.
    answer = admin.post(url_of(course), page | {f"p-{enrolment.uuid}": "present"})
    assert "recorded Absent" in text(answer)
    answer = admin.post(url_of(course), on_page(text(answer)) | {"reason": "By telephone"})
    assert answer.status_code == 409
    assert stands(enrolment) == Presence.ABSENT


def test_choices_that_nobody_made_take_nothing_back(course, client, colleague):
    corrected, other = make.enrolment(course), make.enrolment(course)
    records(course, corrected, Presence.PRESENT, colleague)
    page = on_page(text(client.get(url_of(course))))
    records(course, corrected, Presence.ABSENT, colleague)
    assert client.post(url_of(course), page | {f"p-{other.uuid}": "present"}).status_code == 302
    assert (stands(corrected), stands(other)) == (Presence.ABSENT, Presence.PRESENT)


def test_the_rest_are_those_without_an_entry_now(course, client, colleague):
    gone, here = make.enrolment(course), make.enrolment(course)
    page = on_page(text(client.get(url_of(course))))
    records(course, gone, Presence.ABSENT, colleague)
    rest = on_page(text(client.post(url_of(course), page | {"rest": "1"})))
    assert rest[f"p-{gone.uuid}"] == "absent"
    assert rest[f"p-{here.uuid}"] == "present"
    assert client.post(url_of(course), rest).status_code == 302
    assert (stands(gone), stands(here)) == (Presence.ABSENT, Presence.PRESENT)


def test_the_rest_does_not_settle_a_clash(course, client, colleague):
    enrolment = make.enrolment(course)
    page = on_page(text(client.get(url_of(course))))
    records(course, enrolment, Presence.ABSENT, colleague)
    chosen = page | {f"p-{enrolment.uuid}": "present"}
    rest = text(client.post(url_of(course), chosen | {"rest": "1"}))
    assert "You chose Present." in rest
    assert f"p-{enrolment.uuid}" not in on_page(rest)
    assert client.post(url_of(course), on_page(rest)).status_code == 409
    assert stands(enrolment) == Presence.ABSENT


def test_judgement_pressed_twice_overwrites_nothing_until_somebody_chose(course, client, colleague):
    enrolment = make.enrolment(course)
    records(course, enrolment, Presence.LATE, colleague, judged_later=True)
    url = reverse("courses:register_entry", args=[course.uuid, 1, enrolment.uuid])
    was = {"was": re.search(r'name="was" value="(\w+)"', text(client.get(url)))[1]}
    judged = {"judge": "1", "presence": "late", "minutes_missed": "9", "judgement": "nothing_missed"}
    records(course, enrolment, Presence.LATE, colleague, minutes_missed=40, judgement=Judgement.MAKE_UP.value)
    # Incomplete first: what comes back still says what its author saw.
    incomplete = text(client.post(url, {**judged, **was, "minutes_missed": ""}))
    assert re.search(r'name="was" value="(\w+)"', incomplete)[1] == was["was"]
    refused = client.post(url, {**judged, **was})
    assert refused.status_code == 409
    page = text(refused)
    assert re.search(r"Jo Colleague, 22 November 2026, 12:\d\d", page)
    assert "40" in page
    assert "Keep what is saved, discard mine" in page
    row = RegisterEntry.objects.get(enrolment=enrolment)
    assert (row.minutes_missed, row.judgement) == (40, Judgement.MAKE_UP)
    assert client.post(url, on_page(page)).status_code == 302
    row.refresh_from_db()
    assert (row.minutes_missed, row.judgement) == (9, Judgement.NOTHING_MISSED)
