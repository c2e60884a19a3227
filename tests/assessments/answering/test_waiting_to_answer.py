"""What home says of the day of answering, stage by stage: the words, and the day by the course's calendar."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils.formats import date_format

from accounts.models import Person
from assessments.waiting import waiting_for
from courses.models import Course, Enrolment
from tests import factories

pytestmark = pytest.mark.django_db

ZONE = "Pacific/Kiritimati"


def begun(place: Enrolment, **sitting: bool) -> None:
    factories.submission(place, submitted=False)
    factories.sitting(place.course, **sitting)


def sent(place: Enrolment) -> None:
    factories.submission(place)
    factories.sitting(place.course)


STAGES: dict[str, Callable[[Enrolment], object]] = {
    "Read the case study": lambda place: factories.sitting(place.course, opened=False),
    "Answer the questions": begun,
    "Declare and submit what you saved": lambda place: begun(place, closed=True),
    "Your answers are in": sent,
}


def check(course: Course, person: Person, words: str) -> None:
    fresh = Person.objects.get(pk=person.pk)
    [line] = [one for one in waiting_for(fresh) if one.words.startswith(words)]
    assert course.title in line.words
    assert line.when is not None
    assert line.said_day.endswith(date_format(line.when.astimezone(course.zone)))
    assert line.zone == course.zone


@pytest.mark.parametrize("words", STAGES)
def test_who_answers_reads_what_is_next_and_on_which_day(words: str) -> None:
    place = factories.enrolment(factories.course(time_zone=ZONE))
    STAGES[words](place)
    check(place.course, place.person, words)


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (None, "Release the case study"),
        ({"opened": False}, "Open the questions"),
        ({}, "Close answering when the room is ready, 0 of 1"),
    ],
)
def test_trainer_reads_what_is_next_and_on_which_day(stage: dict[str, bool] | None, words: str) -> None:
    course = factories.enrolment(factories.course(time_zone=ZONE)).course
    if stage is not None:
        factories.sitting(course, **stage)
    check(course, factories.trainer_of(course), words)
