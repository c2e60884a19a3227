"""The room, the live board and one person's time, in every state: their pages are accessible."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.answering import actions
from assessments.models import Seat
from courses.models import Course, Enrolment
from tests import factories
from tests.journeys.accessibility.asking import at

pytestmark = pytest.mark.django_db
Wrong = Callable[..., list[str]]

MINUTE = timedelta(minutes=1)
NAMES = """
Abena Owusu, Bartholomew Featherstonehaugh-Cholmondeley, Cerys Vaughan, Dmitri Volkov, Eilidh Macrae,
Femi Adeyemi, Gráinne Ní Bhriain, Hannah Okafor, Ivo Petrov, Jun Tanaka, Khadija Rahman, Lena Brandt,
Mohammed Iqbal, Nia Griffiths, Oskar Lind, Priya Nair, Quentin Dubois, Róisín Kelly, Sunita Patel,
Tomasz Wilk, Uma Krishnan, Viktor Hale, Wanjiru Mwangi, Zoë O’Neill
"""


@pytest.fixture
def course() -> Course:
    programme = factories.ProgrammeFactory.create()
    factories.version(programme, questions=6)
    return factories.course(programme=programme)


def crowd(course: Course) -> list[Enrolment]:
    """Twenty-four people, in every state that the board knows."""
    now, by = timezone.now(), factories.trainer_of(course)
    made = [
        factories.enrolment(course, factories.PersonFactory.create(name=name.strip()))
        for name in NAMES.split(",")
    ]
    for turn, enrolment in enumerate(made):
        seat = Seat(enrolment=enrolment)
        if turn % 6:
            seat.seen_at = now - (timedelta(seconds=5) if turn % 3 else 7 * MINUTE)
        if turn in (3, 9, 13):
            seat.help_wanted_at = now - turn * MINUTE
        if turn == 13:
            seat.help_answered_at, seat.help_answered_by = now - MINUTE, by
        seat.save()
        if turn % 8 == 7:
            factories.submission(enrolment)
        elif turn % 4:
            draft = factories.submission(
                enrolment, submitted=False, answers=["One.", "", "Three.", "Four.", "Five."][: turn % 6]
            )
            draft.answers.filter(question__number__in=(1, 3)).update(finished_at=now)
            draft.answers.update(saved_at=now - (turn % 5) * MINUTE)
    for enrolment in made[4:6]:
        actions.grant_extra_time(enrolment=enrolment, minutes=15, reason="An adjustment.", by=by)
    return made


def pages(course: Course) -> list[str]:
    board = at("assessments:board", course)
    return [at("assessments:room", course), board, f"{board}?names=without"]


def test_room_without_people(wrong: Wrong, course: Course) -> None:
    assert not wrong(factories.trainer_of(course), *pages(course))
    factories.sitting(course)
    assert not wrong(factories.admin(), *pages(course))


@pytest.mark.parametrize("colours", ["light", "dark", "forced"])
def test_room_of_24_in_every_state(wrong: Wrong, course: Course, colours: str) -> None:
    factories.sitting(course, closes_at=timezone.now() + 12 * MINUTE)
    crowd(course)
    media = {"dark": {"color_scheme": "dark"}, "forced": {"forced_colors": "active"}}.get(colours)
    assert not wrong(factories.trainer_of(course), *pages(course), media=media)


def test_room_closed_and_opened_again(wrong: Wrong, course: Course) -> None:
    factories.sitting(course, closes_at=timezone.now() - MINUTE)
    people = crowd(course)
    trainer = factories.trainer_of(course)
    assert not wrong(trainer, *pages(course))
    assert not wrong(trainer, at("assessments:reopen", course), sent={"minutes": "soon"})
    actions.reopen_questions(course=course, reason="The bus was late.", minutes=10, by=trainer)
    assert not wrong(trainer, *pages(course))
    assert not wrong(people[3].person, at("assessments:task_list", people[3]))


def test_one_persons_time(wrong: Wrong, course: Course) -> None:
    factories.sitting(course, closed=True)
    people, trainer = crowd(course), factories.trainer_of(course)
    actions.reopen_for_one(
        enrolment=people[7], until=timezone.now() + 30 * MINUTE, reason="Sent by mistake.", by=trainer
    )
    for enrolment in (people[0], people[5], people[7], people[15]):
        page = at("assessments:person", course, enrolment)
        assert not wrong(trainer, page)
        assert not wrong(factories.admin(), page)


def test_participant_who_wants_help(wrong: Wrong, course: Course) -> None:
    factories.sitting(course, closes_at=timezone.now() + 12 * MINUTE)
    people = crowd(course)
    for enrolment in (people[0], people[3], people[13]):
        assert not wrong(
            enrolment.person,
            at("assessments:task_list", enrolment),
            at("assessments:question", enrolment, 1),
        )
