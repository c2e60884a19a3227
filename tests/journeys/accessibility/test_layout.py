"""What lies where: eight questions stand beside one another on the board, and in one column on a phone."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import Person
from tests import factories
from tests.journeys.accessibility.asking import asked, at
from tests.journeys.accessibility.looking import Looking
from tests.journeys.accessibility.test_the_room import crowd

pytestmark = pytest.mark.django_db

# How many rows the questions of each seat take.
ROWS = """() => [...document.querySelectorAll(".seat .steps")].map(
    steps => new Set([...steps.children].map(each => Math.round(each.getBoundingClientRect().top))).size)"""
# Of words that are cut off or stand over the edge of their box.
OVER = """() => [...document.querySelectorAll(".step")].filter(
    each => each.scrollWidth > each.clientWidth).length"""
# Where the words of each row's state end.
ENDS = """() => [...document.querySelectorAll(".task-list > li > .tag")].map(
    each => Math.round(each.getBoundingClientRect().right))"""


def shown_to(person: Person, path: str) -> HttpResponse:
    client = Client()
    client.force_login(person)
    return asked(client, path)


def test_eight_questions_stand_beside_one_another_on_the_board(looking: Looking) -> None:
    programme = factories.ProgrammeFactory.create()
    factories.version(programme, questions=8)
    course = factories.course(programme=programme)
    factories.sitting(course)
    crowd(course)
    path = at("assessments:board", course)
    page = shown_to(factories.trainer_of(course), path)
    for width in (390, 1280, 1440, 1920):
        assert set(looking.measured(path, page, width, ROWS)) == {1}, width
        assert looking.measured(path, page, width, OVER) == 0, width


def test_what_is_done_of_each_question_stands_in_one_column_on_a_phone(looking: Looking) -> None:
    programme = factories.ProgrammeFactory.create()
    version = factories.version(programme, questions=3, frozen=False)
    version.questions.filter(number=2).update(
        title="What would you want to know about Robin’s family, and why?"
    )
    factories.freeze(version)
    enrolment = factories.enrolment(factories.course(programme=programme))
    factories.sitting(enrolment.course)
    factories.submission(enrolment, submitted=False, answers=["One.", ""])
    path = at("assessments:task_list", enrolment)
    page = shown_to(enrolment.person, path)
    for width in (320, 390):
        ends = looking.measured(path, page, width, ENDS)
        assert len(ends) == 3
        assert len(set(ends)) == 1, ends
