"""How many statements each hot page takes, for few and for many, BEGIN, COMMIT and SAVEPOINT apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.answering import actions, waiting
from courses.models import Course, Enrolment
from tests import factories
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    course = factories.course()
    factories.sitting(course)
    return course


@pytest.fixture
def enrolment(course: Course) -> Enrolment:
    return factories.enrolment(course)


@pytest.fixture
def client(enrolment: Enrolment) -> Client:
    client = Client()
    client.force_login(enrolment.person)
    return client


def question(enrolment: Enrolment, number: int = 1) -> str:
    return reverse("assessments:question", args=[enrolment.uuid, number])


def save(client: Client, enrolment: Enrolment, text: str, base: int, number: int = 1) -> Any:
    response = client.post(
        question(enrolment, number), {"text": text, "base_revision": str(base), "then": "next"}
    )
    assert response.status_code == 302
    return response


def test_saving_takes_four_statements(client: Client, enrolment: Enrolment) -> None:
    """Session, person, one that reads and locks all that decides, one that writes."""
    actions.start_submission(enrolment=enrolment, by=enrolment.person)
    first = statements(lambda: save(client, enrolment, "One.", 0))
    again = statements(lambda: save(client, enrolment, "Two.", 1))
    assert (len(first), len(again)) == (4, 4)
    assert "FOR UPDATE OF" in first[2]
    assert "INSERT INTO" in first[3]
    assert "UPDATE" in again[3]


def test_saving_what_is_already_there_takes_four_statements(client: Client, enrolment: Enrolment) -> None:
    actions.save_answer(enrolment=enrolment, number=1, text="One.", base_revision=0, by=enrolment.person)
    assert len(statements(lambda: save(client, enrolment, "One.", 0))) == 4


def test_question_page_takes_four_statements(client: Client, enrolment: Enrolment) -> None:
    """Session, person, place, answers; the case study is read once by each process."""
    actions.save_answer(enrolment=enrolment, number=1, text="One.", base_revision=0, by=enrolment.person)
    client.get(question(enrolment))
    assert len(statements(lambda: client.get(question(enrolment)))) == 4


def test_question_page_of_a_new_version_takes_seven_statements(client: Client, enrolment: Enrolment) -> None:
    actions.start_submission(enrolment=enrolment, by=enrolment.person)
    assert len(statements(lambda: client.get(question(enrolment)))) == 7


def test_submitting_takes_six_statements(client: Client, enrolment: Enrolment) -> None:
    for number in (1, 2):
        actions.save_answer(
            enrolment=enrolment, number=number, text="Mine.", base_revision=0, by=enrolment.person
        )
    url = reverse("assessments:submit", args=[enrolment.uuid])
    data = {"declared": "on", "idempotency_key": str(uuid4())}
    assert len(statements(lambda: client.post(url, data))) == 6


def test_other_pages_take_few_statements(client: Client, enrolment: Enrolment) -> None:
    for number in (1, 2):
        actions.save_answer(
            enrolment=enrolment, number=number, text="Mine.", base_revision=0, by=enrolment.person
        )
    # The task list also asks whether they can tell what happened to them, and so does the receipt.
    for name, taken in (("task_list", 5), ("check", 4), ("submit", 4)):
        url = reverse(f"assessments:{name}", args=[enrolment.uuid])
        client.get(url)
        assert len(statements(lambda url=url: client.get(url))) == taken
    actions.submit(enrolment=enrolment, declared=True, by=enrolment.person)
    receipt = reverse("assessments:receipt", args=[enrolment.uuid])
    assert len(statements(lambda: client.get(receipt))) == 10


@pytest.mark.parametrize("people", [1, 3, 30])
def test_room_takes_the_same_statements_for_few_and_for_many(course: Course, people: int) -> None:
    for _ in range(people):
        enrolment = factories.enrolment(course)
        factories.submission(enrolment, submitted=False)
    client = Client()
    client.force_login(factories.trainer_of(course))
    room = reverse("assessments:room", args=[course.uuid])
    client.get(room)
    assert len(statements(lambda: client.get(room))) == 10


@pytest.mark.parametrize("many", [1, 5])
def test_waiting_takes_one_statement_beside_the_ties_for_few_and_for_many(many: int) -> None:
    programme = factories.ProgrammeFactory.create()
    person = factories.associate(programme)
    for _ in range(many):
        factories.sitting(factories.course(programme=programme, trainers=[person]))
        taken = factories.course(programme=programme)
        factories.sitting(taken)
        factories.enrolment(taken, person)
    found: list[Any] = []
    assert len(statements(lambda: found.extend(waiting.answering_for(person)))) == 2
    assert len(found) == 2 * many


def test_waiting_says_what_to_do_as_the_day_goes_on(enrolment: Enrolment) -> None:
    course, trainer = enrolment.course, factories.trainer_of(enrolment.course)

    def words(person: Any) -> list[tuple[str, bool]]:
        return [(each.words.split(":")[0], each.done) for each in waiting.answering_for(person)]

    course.sitting.__class__.objects.update(
        released_at=None, released_by=None, opened_at=None, opened_by=None
    )
    assert words(enrolment.person) == []
    assert words(trainer) == [("Release the case study when the room is ready", False)]
    actions.release_case_study(course=course, by=trainer)
    assert words(enrolment.person) == [("Read the case study", False)]
    assert words(trainer) == [("Open the questions when the room is ready", False)]
    # Read, never asked about, and over for weeks: nothing is to be done about it any more.
    times = list(course.sessions.values_list("pk", "starts_at", "ends_at"))
    for days, left in ((13, [("Read the case study", False)]), (15, [])):
        ends_at = timezone.now() - timedelta(days=days)
        course.sessions.update(starts_at=ends_at - timedelta(hours=1), ends_at=ends_at)
        assert words(enrolment.person) == left
    for pk, starts_at, ends_at in times:
        course.sessions.filter(pk=pk).update(starts_at=starts_at, ends_at=ends_at)
    actions.open_questions(course=course, by=trainer)
    assert words(enrolment.person) == [("Answer the questions", False)]
    assert words(trainer) == [("Close answering when the room is ready, 0 of 1 have submitted", False)]
    for number in (1, 2):
        actions.confirm_blank(enrolment=enrolment, number=number, by=enrolment.person)
    actions.submit(enrolment=enrolment, declared=True, by=enrolment.person)
    assert words(enrolment.person) == [("Your answers are in", True)]
    assert words(trainer) == [("Close answering when the room is ready, 1 of 1 have submitted", False)]
    actions.close_questions(course=course, by=trainer)
    assert words(trainer) == []
    assert enrolment.withdrawn_at is None
    enrolment.withdrawn_at, enrolment.withdrawn_by = timezone.now(), enrolment.person
    enrolment.save()
    assert words(enrolment.person) == []
