"""What is chosen of one person is saved by itself, asks why where that is needed, and overwrites nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from courses.models import Course, Enrolment, RegisterEntry
from courses.states import Presence
from tests import factories as make
from tests.courses.factories import NOON, running
from tests.courses.pages import signed_in, text
from tests.courses.test_register_clashes import on_page, records, stands, url_of
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine: Any) -> None:
    time_machine.move_to(NOON, tick=True)


@pytest.fixture
def course() -> Course:
    programme = make.ProgrammeFactory.create()
    return running(programme=programme, trainers=[make.associate(programme), make.associate(programme)])


@pytest.fixture
def client(course: Course) -> Client:
    return signed_in(make.trainer_of(course))


@pytest.fixture
def colleague(course: Course) -> Person:
    return course.associates.order_by("pk").last().associate


def choose(
    client: Client, course: Course, enrolment: Enrolment, page: dict[str, str], presence: str, **more: str
) -> HttpResponse:
    """Send what a script sends of one person: what the page carries of them, and the choice."""
    own = {name: value for name, value in page.items() if str(enrolment.uuid) in name}
    url = reverse("courses:register_choose", args=[course.uuid, 1, enrolment.uuid])
    sent = own | {f"p-{enrolment.uuid}": presence} | more
    return client.post(url, sent, headers={"Accept": "application/json"})


def part_of(answer: HttpResponse) -> dict[str, str]:
    """What the part of the page that came back carries."""
    part = " ".join(answer.json()["html"].split())
    return on_page(f'<form method="post" novalidate>{part}</form>')


def test_choice_is_saved_by_itself_and_the_next_one_follows_it(course: Course, client: Client) -> None:
    first, second = make.enrolment(course, certificate_name="Ann Able"), make.enrolment(course)
    answer = choose(client, course, first, on_page(text(client.get(url_of(course)))), "present")
    told = answer.json()
    assert (answer.status_code, told["state"]) == (200, "saved")
    assert told["said"] == "Ann Able: Present, saved."
    assert told["taken"] == "1 of 2 in the register."
    assert stands(first) == Presence.PRESENT
    assert not RegisterEntry.objects.filter(enrolment=second).exists()
    again = choose(client, course, first, part_of(answer), "absent")
    assert again.status_code == 200
    assert stands(first) == Presence.ABSENT


def test_same_choice_twice_is_one_entry(course: Course, client: Client) -> None:
    enrolment = make.enrolment(course)
    page = on_page(text(client.get(url_of(course))))
    answers = [choose(client, course, enrolment, page, "present") for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert RegisterEntry.objects.filter(enrolment=enrolment).count() == 1


def test_who_came_late_is_asked_about_at_once(course: Course, client: Client) -> None:
    enrolment = make.enrolment(course)
    answer = choose(client, course, enrolment, on_page(text(client.get(url_of(course)))), "late")
    assert answer.status_code == 200
    part = answer.json()["html"]
    assert "What was missed is not judged yet" in part
    assert reverse("courses:register_entry", args=[course.uuid, 1, enrolment.uuid]) in part
    assert answer.json()["taken"] == "0 of 1 in the register."


def test_another_s_entry_is_shown_and_stands_until_somebody_chose(
    course: Course, client: Client, colleague: Person
) -> None:
    enrolment = make.enrolment(course)
    page = on_page(text(client.get(url_of(course))))
    records(course, enrolment, Presence.ABSENT, colleague)
    answer = choose(client, course, enrolment, page, "present")
    assert (answer.status_code, answer.json()["state"]) == (409, "clash")
    part = answer.json()["html"]
    assert "You chose Present." in part
    assert "recorded Absent" in part
    assert "checked" not in part
    # The part as it came, sent without a choice, and with one.
    again = choose(client, course, enrolment, part_of(answer), "")
    assert again.status_code == 409
    assert stands(enrolment) == Presence.ABSENT
    assert choose(client, course, enrolment, part_of(again), "present").status_code == 200
    assert stands(enrolment) == Presence.PRESENT


def test_reason_is_asked_beside_the_choice_that_needs_one(
    course: Course, client: Client, colleague: Person, time_machine: Any
) -> None:
    enrolment = make.enrolment(course)
    records(course, enrolment, Presence.ABSENT, colleague)
    time_machine.move_to(course.sessions.get(number=1).ends_at + timedelta(hours=1), tick=True)
    client = signed_in(make.trainer_of(course))
    page = on_page(text(client.get(url_of(course))))
    answer = choose(client, course, enrolment, page, "present")
    assert (answer.status_code, answer.json()["state"]) == (422, "lacking")
    part = answer.json()["html"]
    assert "Why do you correct this register?" in part
    assert part_of(answer)[f"p-{enrolment.uuid}"] == "present"
    assert stands(enrolment) == Presence.ABSENT
    given = choose(client, course, enrolment, part_of(answer), "present", reason="  She sat at the back. ")
    assert given.status_code == 200
    assert RegisterEntry.objects.get(enrolment=enrolment).reason == "She sat at the back."


def test_admin_is_asked_why_and_what_was_typed_stays(course: Course) -> None:
    enrolment = make.enrolment(course)
    admin = signed_in(make.admin())
    page = on_page(text(admin.get(url_of(course))))
    assert choose(admin, course, enrolment, page, "present").status_code == 422
    long = choose(admin, course, enrolment, page, "present", reason="é & <b>" * 300)
    assert long.status_code == 422
    assert "é &amp; &lt;b&gt;" in long.json()["html"]
    assert choose(admin, course, enrolment, page, "present", reason="By telephone").status_code == 200
    assert stands(enrolment) == Presence.PRESENT


def test_refusal_is_said_beside_the_person_and_nothing_changes(course: Course, client: Client) -> None:
    enrolment = make.enrolment(course)
    page = on_page(text(client.get(url_of(course))))
    Course.objects.filter(pk=course.pk).update(
        cancelled_at=NOON, cancelled_by=make.admin(), cancelled_because="Snow"
    )
    answer = choose(client, course, enrolment, page, "present")
    assert (answer.status_code, answer.json()["state"]) == (409, "refused")
    assert "register-refused" in answer.json()["html"]
    assert not RegisterEntry.objects.exists()


@pytest.mark.parametrize("sent", ["", "everywhere"])
def test_no_choice_is_none(course: Course, client: Client, sent: str) -> None:
    enrolment = make.enrolment(course)
    answer = choose(client, course, enrolment, on_page(text(client.get(url_of(course)))), sent)
    assert answer.status_code == 422
    assert "Choose what you saw of them." in answer.json()["html"]
    assert not RegisterEntry.objects.exists()


def test_who_left_the_course_is_not_found(course: Course, client: Client) -> None:
    enrolment, elsewhere = make.enrolment(course), make.enrolment(running())
    page = on_page(text(client.get(url_of(course))))
    Enrolment.objects.filter(pk=enrolment.pk).update(withdrawn_at=NOON, withdrawn_by=enrolment.person)
    for one in (enrolment, elsewhere):
        assert choose(client, course, one, page, "present").status_code == 404
    assert not RegisterEntry.objects.exists()


def test_saving_one_takes_the_same_statements_among_few_and_many(course: Course, client: Client) -> None:
    taken = set()
    for number in (1, 3, 30):
        while course.enrolments.count() < number:
            make.enrolment(course)
        enrolment = course.enrolments.latest("pk")
        page = on_page(text(client.get(url_of(course))))
        taken.add(len(statements(lambda: choose(client, course, enrolment, page, "present"))))  # noqa: B023
    assert len(taken) == 1


@pytest.mark.parametrize("field", ["frozen_at", "outcome_finalised_at"])
def test_choice_of_somebody_decided_meanwhile_is_refused_in_words(
    course: Course, client: Client, field: str
) -> None:
    """By itself and with the whole form: never said to be saved, never dropped without a word."""
    enrolment = make.enrolment(course, certificate_name="Ann Able")
    other = make.enrolment(course)
    records(course, enrolment, Presence.PRESENT, course.associates.first().associate)
    page = on_page(text(client.get(url_of(course))))
    Enrolment.objects.filter(pk=enrolment.pk).update(**{field: NOON})
    answer = choose(client, course, enrolment, page, "absent")
    assert (answer.status_code, answer.json()["state"]) == (409, "refused")
    words = "was approved" if field == "frozen_at" else "was finalised"
    assert words in answer.json()["html"]
    sent = page | {f"p-{enrolment.uuid}": "absent", f"p-{other.uuid}": "present"}
    refused = client.post(url_of(course), sent)
    assert refused.status_code == 409
    shown = text(refused)
    assert f"The outcome of Ann Able {words}" in shown
    # What was chosen of others is kept, and theirs is shown as it stands; a second press saves the others.
    again = on_page(shown)
    assert (again[f"p-{enrolment.uuid}"], again[f"p-{other.uuid}"]) == ("present", "present")
    own = {name: value for name, value in again.items() if str(enrolment.uuid) not in name}
    assert client.post(url_of(course), own).status_code == 302
    assert (stands(enrolment), stands(other)) == (Presence.PRESENT, Presence.PRESENT)
