"""What home says of the day of answering, stage by stage: the words, and the day by the course's calendar."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone
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


def half(place: Enrolment) -> None:
    factories.submission(place, submitted=False, answers=["What I think."])
    factories.sitting(place.course)


def sent(place: Enrolment) -> None:
    factories.submission(place)
    factories.sitting(place.course)


STAGES: dict[str, Callable[[Enrolment], object]] = {
    "Read the case study": lambda place: factories.sitting(place.course, opened=False),
    "Answer the questions": lambda place: factories.sitting(place.course),
    "Go on with your answers": half,
    "Check and submit your answers": begun,
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


def going_on(place: Enrolment) -> tuple[str, str]:
    """How far home says that they are, and the page that it leads to."""
    [line] = [one for one in waiting_for(Person.objects.get(pk=place.person_id)) if " answered" in one.words]
    return line.words.partition(f"{place.course.title}, ")[2], line.url


def test_whoever_began_reads_how_far_they_are_and_goes_on_there() -> None:
    place = factories.enrolment(factories.course())
    half(place)
    draft = place.submissions.get()
    assert going_on(place) == ("1 of 2 answered", reverse("assessments:question", args=[place.uuid, 2]))
    # A second question that is begun and has a gap is not answered yet; a blank that is meant is.
    second = draft.version.questions.get(number=2)
    answer = draft.answers.create(
        version=draft.version, question=second, text="", blank_confirmed_at=timezone.now()
    )
    assert going_on(place) == ("all 2 answered", reverse("assessments:check", args=[place.uuid]))
    answer.text, answer.blank_confirmed_at, answer.gaps = "Half of it", None, 1
    answer.save()
    assert going_on(place)[0] == "1 of 2 answered"
    draft.answers.filter(question__number=1).update(text="")
    assert going_on(place) == ("0 of 2 answered", reverse("assessments:question", args=[place.uuid, 1]))


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
