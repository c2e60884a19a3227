"""Whom the tests of marking mark, where their pages are, and what is typed there."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import Person
from assessments.models import CriterionMark
from assessments.states import Judged
from courses.models import Course, Enrolment
from tests import factories


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def enrolled(course: Course, name: str = "Zoë O’Neill", **fields: Any) -> Enrolment:
    return factories.enrolment(course, factories.PersonFactory.create(name=name), attended=True, **fields)


def standing(name: str = "1_1") -> CriterionMark:
    question, number = name.split("_")
    return CriterionMark.objects.get(criterion__question__number=question, criterion__number=number)


def page(name: str, enrolment: Enrolment) -> str:
    return reverse(f"assessments:{name}", args=[enrolment.course.uuid, enrolment.uuid])


NAMES = ("1_1", "1_2", "2_1", "2_2")


def typed(judged: str = "met", *, base: int = 0, **more: str) -> dict[str, str]:
    """Every criterion of the factories' version judged alike, over the same revision of each."""
    marks = {f"judged_{name}": judged for name in NAMES}
    return {**{f"base_{name}": str(base) for name in NAMES}, **marks, **more}


def marked(course: Course, judged: str = Judged.MET, name: str = "Zoë O’Neill") -> Enrolment:
    enrolment = enrolled(course, name)
    factories.marking(factories.submission(enrolment), judged=judged)
    return enrolment
