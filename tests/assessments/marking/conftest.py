"""A course with two trainers, who mark."""

from __future__ import annotations

import pytest

from accounts.models import Person
from courses.models import Course
from tests import factories


@pytest.fixture
def course() -> Course:
    programme = factories.ProgrammeFactory.create()
    trainers = [factories.associate(programme, name=name) for name in ("Ada Quill", "Ben Rook")]
    return factories.course(programme=programme, trainers=trainers)


@pytest.fixture
def trainer(course: Course) -> Person:
    """Ada Quill."""
    return factories.trainer_of(course)


@pytest.fixture
def other(course: Course) -> Person:
    """Ben Rook."""
    return course.associates.order_by("pk").last().associate  # type: ignore[union-attr]
