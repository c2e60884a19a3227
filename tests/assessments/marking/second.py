"""Whose answers are marked a second time in a test, and by whom."""

from __future__ import annotations

from typing import Any

from accounts.models import Person
from assessments.answering.actions.seeding import keep_seed
from assessments.marking import actions
from assessments.marking.actions import Mark
from assessments.models import SecondMarker as SecondMarker
from assessments.models import SecondMarkingNumbers
from assessments.states import Judged, Outcome
from courses.models import Course, Enrolment
from tests import factories
from tests.assessments.marking.scripts import NAMES, enrolled


def numbers(course: Course, at_least: int = 0, percent: int = 0, first_courses: int = 0) -> None:
    """What The AIM Project asks for in the course's programme."""
    SecondMarkingNumbers.objects.create(
        programme=course.programme,
        sample_at_least=at_least,
        sample_percent=percent,
        first_courses=first_courses,
        because="A test.",
        set_by=factories.admin(),
    )


def sampled(course: Course, **asked: Any) -> None:
    """The course draws a sample: its seed is kept."""
    numbers(course, **{"at_least": 3, "percent": 10, **asked})
    keep_seed(course.pk)


def marks(judged: str = Judged.MET, **others: str) -> list[Mark]:
    """Every criterion of the factories' version alike, but for those named, as in `c1_1`."""
    return [Mark(name, others.get(f"c{name}", judged)) for name in NAMES]


def first_marked(course: Course, judged: str = Judged.MET, name: str = "Zoë O’Neill") -> Enrolment:
    """Somebody whose answers were marked once."""
    enrolment = enrolled(course, name)
    factories.marking(factories.submission(enrolment), judged=judged)
    return enrolment


def second_marker(course: Course, name: str = "Cleo Marsh") -> Person:
    """Licensed for the programme, without a part in the course."""
    return factories.associate(course.programme, name=name)


def asked(enrolment: Enrolment, marker: Person | None = None) -> SecondMarker:
    """Somebody was asked to mark the latest answers a second time."""
    return SecondMarker.objects.create(
        submission=enrolment.submissions.latest("submitted_at"),
        marker=marker or second_marker(enrolment.course),
        asked_by=factories.admin(),
    )


def finished(enrolment: Enrolment, judged: str = Judged.MET, **others: str) -> SecondMarker:
    """A second marking that is finished, each criterion `judged` but for `others`."""
    script = asked(enrolment)
    actions.mark_again(script=script.uuid, marks=marks(judged, **others), by=script.marker)
    actions.finish_second_marking(script=script, by=script.marker)
    return script


def recommended(enrolment: Enrolment, outcome: str = Outcome.COMPETENT, **fields: Any) -> Any:
    """An open outcome on the first marks."""
    marking = enrolment.submissions.get().markings.get(role="first")
    return factories.recommendation(enrolment, outcome=outcome, marking=marking, finalised=False, **fields)
