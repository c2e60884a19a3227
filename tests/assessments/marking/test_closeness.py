"""Who is close to the line, who must be spoken to, and how long the rest of a room takes."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from assessments.marking import actions
from assessments.marking.actions import Mark
from assessments.marking.closeness import is_close_to_the_line, with_closeness
from assessments.marking.facts import with_assessment
from assessments.marking.pace import Pace, pace_of
from assessments.states import Judged, Outcome
from courses.models import Course, Enrolment
from tests import factories

pytestmark = pytest.mark.django_db
ORAL = {"oral_question": "And why?", "oral_answer": "So.", "settled": "met"}


@pytest.fixture
def course() -> Course:
    return factories.course()


@pytest.fixture
def trainer(course: Course) -> Person:
    return factories.trainer_of(course)


def marked(course: Course, *marks: Mark) -> Enrolment:
    """Somebody of whom everything is met but what `marks` say; 1_1 and 2_1 are essential."""
    made = factories.enrolment(course, attended=True)
    factories.submission(made)
    said = {name: Mark(name, Judged.MET) for name in ("1_1", "1_2", "2_1", "2_2")}
    said |= {one.criterion: one for one in marks}
    actions.mark(enrolment=made, marks=said.values(), by=factories.trainer_of(course))
    return made


def is_close(enrolment: Enrolment) -> bool:
    return is_close_to_the_line(
        with_closeness(with_assessment(Enrolment.objects.filter(pk=enrolment.pk))).get()
    )


@pytest.mark.parametrize(
    ("marks", "close"),
    [
        ([], False),
        ([Mark("1_1", Judged.NOT_MET)], True),
        ([Mark("1_1", Judged.PARTLY_MET)], True),
        ([Mark("1_1", Judged.NOT_MET), Mark("2_1", Judged.PARTLY_MET)], False),
        ([Mark("1_2", Judged.NOT_MET), Mark("2_2", Judged.NOT_MET)], False),
        ([Mark("1_1", Judged.PARTLY_MET, **ORAL)], True),
        ([Mark("1_2", Judged.PARTLY_MET, **ORAL)], False),
        ([Mark("1_1", Judged.PARTLY_MET, oral_question="And why?")], True),
        ([Mark("1_1", ""), Mark("2_1", Judged.NOT_MET)], False),
    ],
)
def test_close_to_the_line_is_one_short_or_settled_aloud(
    course: Course, marks: list[Mark], close: bool
) -> None:
    assert is_close(marked(course, *marks)) == close


def test_close_to_the_line_is_where_the_recommendation_differs(course: Course, trainer: Person) -> None:
    clear, differs = marked(course), marked(course)
    actions.recommend(enrolment=clear, outcome=Outcome.COMPETENT, by=trainer)
    factories.recommendation(differs, outcome=Outcome.NOT_YET, override_reason="WHY", finalised=False)
    assert (is_close(clear), is_close(differs)) == (False, True)


def test_nobody_is_close_before_they_submitted(course: Course) -> None:
    made = factories.enrolment(course)
    assert not is_close(made)
    factories.submission(made, submitted=False)
    assert not is_close(made)


def test_pace_tells_the_rest_of_the_work(course: Course, trainer: Person) -> None:
    assert pace_of(course).minutes_for(10) is None
    with time_machine.travel(timezone.now(), tick=False) as clock:
        clock.shift(timedelta(minutes=-40))
        marked(course)
        clock.shift(timedelta(minutes=30))
        marked(course)
        clock.shift(timedelta(minutes=5))
        marked(course)
        clock.shift(timedelta(minutes=5))
        pace = pace_of(course)
        # What is older than half an hour tells nothing of the pace now.
        assert pace == Pace(8, 10)
        assert (pace.minutes_for(8), pace.minutes_for(9), pace.minutes_for(0)) == (10, 15, None)
    assert Pace(4, 10).minutes_for(8) is None


def test_list_says_who_is_close_who_to_speak_to_and_how_long_it_takes(
    course: Course, trainer: Person
) -> None:
    marked(course, Mark("1_1", Judged.NOT_MET))
    marked(course, Mark("1_1", Judged.PARTLY_MET, **ORAL))
    marked(course)
    factories.submission(factories.enrolment(course))
    client = Client()
    client.force_login(trainer)
    url = reverse("assessments:marking", args=[course.uuid])
    html = client.get(url).text
    for words in ("2 close to the line", "1 person to speak to before they leave", "about 5 minutes to go"):
        assert words in html
    for show, count in (("close", 2), ("speak", 1), ("mine", 3)):
        assert f"{count} of 4 people enrolled" in " ".join(client.get(url, {"show": show}).text.split())
