"""The page of figures over time: nothing so far, too few, one period, three years, ten years; its colours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Organisation
from certification.models import FollowUp
from courses.models import Programme
from tests import factories
from tests.certification import crowds, outcomes
from tests.journeys.accessibility.asking import at
from tests.journeys.accessibility.test_lists import COLOURS

pytestmark = pytest.mark.django_db
Wrong = Callable[..., list[str]]

PAGE = "certification:over_time"
A_QUARTER = timedelta(days=91)


@pytest.fixture
def programmes() -> list[Programme]:
    names = ("AIM3", "AIM Under 12s")
    return [
        factories.ProgrammeFactory.create(name=name, code=f"model{number}", position=number)
        for number, name in enumerate(names)
    ]


def held(programme: Programme, organisation: Organisation, quarters: int, size: int) -> None:
    """A course that many quarters ago, with some of each outcome."""
    starts = timezone.now() - A_QUARTER * quarters - timedelta(hours=9)
    course = factories.course(programme=programme, organisation=organisation, starts=starts)
    people = crowds.recommended(course, size)
    for one in people[: size * 2 // 3]:
        outcomes.decided(one)
    for number in range(size // 6):
        follow_up = outcomes.released(course)
        if number:
            FollowUp.objects.filter(pk=follow_up.pk).update(
                closed_at=timezone.now() + timedelta(days=20 + number), closed_by=course.created_by
            )
    left = factories.enrolment(course)
    left.withdrawn_at, left.withdrawn_by = timezone.now(), left.person
    left.save()
    factories.nomination(course)


def test_over_time_with_nothing_and_with_too_few(wrong: Wrong, programmes: list[Programme]) -> None:
    organisation = factories.OrganisationFactory.create()
    admin, commissioner = factories.admin(), factories.commissioner(organisation)
    assert not wrong(admin, at(PAGE))
    assert not wrong(commissioner, at(PAGE))
    outcomes.released(factories.course(programme=programmes[0], organisation=organisation))
    assert not wrong(admin, at(PAGE))
    assert not wrong(commissioner, at(PAGE))


def test_over_time_one_period(wrong: Wrong, programmes: list[Programme]) -> None:
    organisation = factories.OrganisationFactory.create()
    held(programmes[0], organisation, 0, 12)
    assert not wrong(factories.commissioner(organisation), at(PAGE), at(PAGE) + "?by=year")


@pytest.mark.parametrize("media", [pytest.param(None, id="light"), *COLOURS])
def test_over_time_three_years_and_ten(
    wrong: Wrong, programmes: list[Programme], media: dict[str, Any] | None
) -> None:
    organisation, other = (
        factories.OrganisationFactory.create(name=name)
        for name in ("Saltmere Council", "Northamptonshire Kinderschutzbundesverband")
    )
    for quarters, size in ((0, 18), (1, 4), (2, 24), (4, 12), (5, 30), (9, 13), (10, 3), (30, 12)):
        held(programmes[quarters % 2], organisation, quarters, size)
    held(programmes[1], other, 2, 6)
    admin, commissioner = factories.admin(), factories.commissioner(organisation)
    years = at(PAGE) + "?by=year"
    assert not wrong(commissioner, at(PAGE), years, media=media)
    assert not wrong(admin, at(PAGE), years + f"&organisation={organisation.uuid}", media=media)
