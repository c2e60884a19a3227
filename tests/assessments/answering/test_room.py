"""The room's pages: the trainer's steps, who has started and submitted, the case study."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.stale_forms import seen_of
from assessments.answering import actions
from assessments.case_studies.booklets import booklet_pdf
from assessments.models import Sitting
from courses.models import Course
from tests import factories
from tests.journeys.people import text_of_pdf
from tests.stale import filled_in

pytestmark = pytest.mark.django_db

STEPS = ("release", "open", "close", "reopen", "marking_date")


@pytest.fixture
def course() -> Course:
    return factories.course()


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(name: str, course: Course) -> str:
    return reverse(f"assessments:{name}", args=[course.uuid])


def press(client: Client, step: str, course: Course, **data: Any) -> Any:
    return client.post(page(step, course), {"idempotency_key": str(uuid4()), **data})


def test_trainer_runs_the_day_step_by_step(course: Course) -> None:
    client = signed_in(factories.trainer_of(course))
    room = page("room", course)
    for step, says, data in (
        ("release", "The case study is released", {}),
        ("open", "The questions are open", {}),
        ("close", "Answering is closed", {}),
        ("reopen", "Answers are taken again", {"reason": "The wrong button."}),
    ):
        assert press(client, step, course, **data).headers["Location"] == room
        assert says in client.get(room).content.decode()
        # Pressed again, or by a co-trainer at the same moment.
        assert press(client, step, course, **data).status_code == 302
    on = timezone.localdate() + timedelta(days=3)
    told = filled_in(client.get(room)) | {"on": on.isoformat()}
    assert client.post(page("marking_date", course), told).headers["Location"] == room
    assert f"Marked by {on:%-d %B %Y}" in client.get(room).content.decode()


def test_release_is_offered_from_the_day_of_the_first_session_on() -> None:
    for days, is_offered in ((2, False), (0, True)):
        course = factories.course(starts=timezone.now() + timedelta(days=days))
        day = course.sessions.get(number=1).starts_at.astimezone(course.zone)
        shown = signed_in(factories.trainer_of(course)).get(page("room", course)).content.decode()
        assert (f'action="{page("release", course)}"' in shown) is is_offered
        assert (f"You can release it from {day:%-d %B %Y} on" in shown) is not is_offered


def test_steps_at_the_wrong_time_say_what_to_do(course: Course) -> None:
    client = signed_in(factories.trainer_of(course))
    for step, words in (
        ("open", "Release the case study first"),
        ("close", "The questions are not open"),
        ("reopen", "were not opened yet"),
    ):
        response = press(client, step, course, reason="Too early.")
        assert response.status_code == 409
        assert words in response.content.decode()
    factories.sitting(course, closed=True)
    assert press(client, "open", course).status_code == 409
    early = factories.course(starts=timezone.now() + timedelta(days=9))
    response = press(signed_in(factories.trainer_of(early)), "release", early)
    assert response.status_code == 409
    assert "on the day of the first session" in response.content.decode()


@pytest.mark.parametrize("on", ["", "soon", "2020-01-01", "99999-01-01", "2026-02-30", "\x00"])
def test_marking_date_that_cannot_be_is_refused_beside_its_field(course: Course, on: str) -> None:
    factories.sitting(course)
    client = signed_in(factories.trainer_of(course))
    response = client.post(
        page("marking_date", course), filled_in(client.get(page("room", course))) | {"on": on}
    )
    text = response.content.decode()
    assert response.status_code == 422
    assert 'href="#id_on"' in text
    assert "<title>Error:" in text
    assert Sitting.objects.get().marking_due_on is None


@pytest.mark.parametrize(
    ("role", "sees", "acts"),
    [
        ("trainer", 200, 302),
        ("co-trainer", 200, 302),
        ("AIM admin", 200, 403),
        ("participant", 403, 403),
        ("commissioner", 403, 403),
        ("Associate of the programme", 404, 404),
        ("trainer without a licence", 403, 403),
        ("trainer of another course", 404, 404),
        ("stranger", 404, 404),
        ("anonymous", 302, 302),
    ],
)
def test_room_is_run_by_its_trainers_alone(role: str, sees: int, acts: int) -> None:
    programme = factories.ProgrammeFactory.create()
    trainers = [factories.associate(programme) for _ in range(3)]
    course = factories.course(programme=programme, trainers=trainers)
    trainers[2].licences.update(withdrawn_at=timezone.now(), withdrawn_by=trainers[2])
    people: dict[str, Any] = {
        "trainer": lambda: trainers[0],
        "co-trainer": lambda: trainers[1],
        "trainer without a licence": lambda: trainers[2],
        "AIM admin": factories.admin,
        "participant": lambda: factories.enrolment(course).person,
        "commissioner": lambda: factories.commissioner(course.organisation),
        "Associate of the programme": lambda: factories.associate(programme),
        "trainer of another course": lambda: factories.trainer_of(factories.course(programme=programme)),
        "stranger": factories.PersonFactory.create,
    }
    client = Client() if role == "anonymous" else signed_in(people[role]())
    assert client.get(page("room", course)).status_code == sees
    for step in STEPS:
        data = {"on": timezone.localdate().isoformat(), "seen": seen_of(None), "reason": "Too early."}
        assert press(client, step, course, **data).status_code == acts
        assert client.get(page(step, course)).status_code == (302 if role == "anonymous" else 405)
    if acts != 302 or role == "anonymous":
        assert not Sitting.objects.exists()


def test_room_shows_who_has_started_and_submitted_and_no_word_of_a_draft(course: Course) -> None:
    factories.sitting(course)
    names = ["Ann Idle", "Ben Writing", "Cas Done", "Dee Gone"]
    _idle, writing, done, gone = (
        factories.enrolment(course, factories.PersonFactory.create(name=name)) for name in names
    )
    actions.save_answer(enrolment=writing, number=1, text="SECRET DRAFT", base_revision=0, by=writing.person)
    actions.save_answer(enrolment=done, number=1, text="SUBMITTED TEXT", base_revision=0, by=done.person)
    actions.confirm_blank(enrolment=done, number=2, by=done.person)
    actions.submit(enrolment=done, declared=True, by=done.person)
    gone.withdrawn_at, gone.withdrawn_by = timezone.now(), gone.person
    gone.save()
    for reader in (factories.trainer_of(course), factories.admin()):
        text = signed_in(reader).get(page("room", course)).content.decode()
        assert "1 of 3 have submitted. Started: 2. Connected now: 2." in text
        rows = {name: text[text.index(name) :].split("</tr>")[0] for name in names[:3]}
        assert "Not started" in rows["Ann Idle"]
        assert rows["Ben Writing"].count("1 of 2") == 2
        assert ("Submitted" in rows["Cas Done"], "2 of 2" in rows["Cas Done"]) == (True, True)
        assert "Dee Gone" not in text
        assert "SECRET" not in text
        assert "SUBMITTED TEXT" not in text
        by_question = text[text.index("How many have answered") :]
        assert by_question.index('<td class="num">2</td>') < by_question.index('<td class="num">1</td>')


def test_room_of_a_course_without_people_or_case_study_says_so(course: Course) -> None:
    admin = signed_in(factories.admin())
    assert "Nobody is taking part yet." in admin.get(page("room", course)).content.decode()
    draft = factories.course(published=False)
    assert "There is no case study yet." in admin.get(page("room", draft)).content.decode()


def test_case_study_is_read_from_its_release_to_after_the_course(course: Course) -> None:
    enrolment = factories.enrolment(course)
    client = signed_in(enrolment.person)
    url = page("case_study", course)
    refused = client.get(url)
    assert refused.status_code == 409
    assert "has not been released" in refused.content.decode()
    assert "Robin" not in refused.content.decode()
    actions.release_case_study(course=course, by=factories.trainer_of(course))
    text = client.get(url).content.decode()
    order = [
        text.index(words)
        for words in ("This describes harm", "Everyone in it is made up", "Robin was referred")
    ]
    assert order == sorted(order)
    assert "<ul>\n<li>one</li>\n<li>two</li>\n</ul>" in text
    factories.sitting(course, closed=True)
    course.sessions.update(
        starts_at=timezone.now() - timedelta(days=90), ends_at=timezone.now() - timedelta(days=89)
    )
    assert client.get(url).status_code == 200


def test_where_to_turn_stands_once_wherever_a_case_study_is_read(course: Course) -> None:
    enrolment = factories.enrolment(course)
    factories.sitting(course)
    client = signed_in(enrolment.person)
    read = {
        "case study": client.get(page("case_study", course)).text,
        "question": client.get(reverse("assessments:question", args=[enrolment.uuid, 1])).text,
        "paper": text_of_pdf(booklet_pdf(course.pin.version, for_marker=False)),
    }
    for where, text in read.items():
        assert "This describes harm" in text, where
        assert [text.count(words) for words in ("Samaritans", "NAPAC")] == [1, 1], where
        assert "support@aimcert.example" in text, where


@pytest.mark.parametrize(
    ("role", "before", "after"),
    [
        ("trainer", 200, 200),
        ("AIM admin", 200, 200),
        ("participant", 409, 200),
        ("withdrawn participant", 403, 403),
        ("commissioner", 403, 403),
        ("participant of another course", 404, 404),
        ("Associate of the programme", 404, 404),
        ("stranger", 404, 404),
        ("anonymous", 302, 302),
    ],
)
def test_case_study_is_for_its_course_alone(course: Course, role: str, before: int, after: int) -> None:
    withdrawn = {"withdrawn_at": timezone.now(), "withdrawn_by": course.created_by}
    people: dict[str, Any] = {
        "trainer": lambda: factories.trainer_of(course),
        "AIM admin": factories.admin,
        "participant": lambda: factories.enrolment(course).person,
        "withdrawn participant": lambda: factories.enrolment(course, **withdrawn).person,
        "commissioner": lambda: factories.commissioner(course.organisation),
        "participant of another course": lambda: factories.enrolment(factories.course()).person,
        "Associate of the programme": lambda: factories.associate(course.programme),
        "stranger": factories.PersonFactory.create,
    }
    client = Client() if role == "anonymous" else signed_in(people[role]())
    assert client.get(page("case_study", course)).status_code == before
    factories.sitting(course, opened=False)
    assert client.get(page("case_study", course)).status_code == after
