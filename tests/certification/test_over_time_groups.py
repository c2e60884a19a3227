"""Nothing that can be put together of what is told over time is about fewer people than may be told of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.conf import settings as django_settings
from hypothesis import example, given, settings
from hypothesis import strategies as st

from certification.over_time import By, Chart, Facts, Line, Window, charts_of
from certification.over_time.groups import Asked, Counted, Stood, groups_of
from certification.over_time.periods import Period

LEAST = django_settings.AIM["COHORT_LEAST"]
TODAY = date(2026, 12, 31)
ORGANISATIONS, PROGRAMMES, STAFF_COURSES = (1, 2, 3), (1, 2), (7, 8)


def person(organisation: int | None = 1, programme: int = 1, quarter: int = 1, **fields: Any) -> Counted:
    made = {"year": 2026, "apart": 0, "stood": Stood.COMPETENT, **fields}
    return Counted(
        organisation,
        programme,
        made.pop("apart"),
        Period(made.pop("year"), quarter),
        made.pop("stood"),
        **made,
    )


def facts(people: Iterable[Counted], *, over_sponsors: bool = True) -> Facts:
    return Facts({1: "AIM3", 2: "AIM Under 12s"}, [], [], list(people), over_sponsors)


def charts(of: Facts, asked: Asked = Asked(), by: By = By.QUARTER) -> dict[str, Chart]:  # noqa: B008
    return {chart.code: chart for chart in charts_of(of, Window(by, 2026, TODAY), asked)}


# --- Every page that anybody can open, put together -------------------------------------------------


def pages(people: list[Counted]) -> Iterable[tuple[Facts, Asked]]:
    """What each reader may ask for: admins, one of them with a place on each staff course; commissioners."""
    narrowed = [Asked(one, other) for one in (None, *ORGANISATIONS) for other in (None, *PROGRAMMES)]
    for left_out in ((), *((course,) for course in STAFF_COURSES), STAFF_COURSES):
        told = facts(one for one in people if one.apart not in left_out)
        yield from ((told, asked) for asked in narrowed)
    for whose in ((1,), (2,), (3,), (1, 2), (1, 2, 3)):
        told = facts((one for one in people if one.organisation in whose), over_sponsors=False)
        yield from ((told, asked) for asked in narrowed if asked.organisation in (None, *whose))


def lines(people: list[Counted]) -> Iterable[Line]:
    for told, asked in pages(people):
        for by in By:
            chart = charts(told, asked, by)["follow-ups"]
            yield from (*chart.lines, chart.total)


def told_apart(people: list[Counted]) -> list[int]:
    """How many people there are in each set that no difference of any figures divides.

    Whoever is counted is known from the figure: each has a power of two of follow-ups.
    """
    marked = [replace(one, opened=1 << number) for number, one in enumerate(people)]
    counted_in: dict[int, list[int]] = defaultdict(list)
    for place, line in enumerate(lines(marked)):
        figure = line.sum
        while figure:
            lowest = figure & -figure
            counted_in[lowest].append(place)
            figure ^= lowest
    return list(Counter(map(tuple, counted_in.values())).values())


SETS = st.tuples(
    st.sampled_from([None, *ORGANISATIONS]),
    st.sampled_from(PROGRAMMES),
    st.integers(1, 4),
    st.sampled_from([2025, 2026]),
    st.sampled_from([0, 0, 0, *STAFF_COURSES]),
    st.integers(1, LEAST + 2),
)


def crowd(sets: Iterable[tuple[int | None, int, int, int, int, int]]) -> list[Counted]:
    return [
        person(organisation, programme, quarter, year=year, apart=apart)
        for organisation, programme, quarter, year, apart, size in sets
        for _ in range(size)
    ]


@pytest.mark.whole_run
@settings(max_examples=25, deadline=None)
@given(st.lists(SETS, max_size=14))
# Two programmes, quarters, organisations, of which one is too few; and a course of staff's own.
@example([(1, 1, 1, 2026, 0, LEAST), (1, 2, 1, 2026, 0, 1)])
@example([(1, 1, 1, 2026, 0, LEAST), (1, 1, 2, 2026, 0, LEAST - 1)])
@example([(1, 1, 1, 2026, 0, LEAST), (2, 1, 1, 2026, 0, LEAST - 1)])
@example([(1, 1, 1, 2026, 0, 6), (1, 1, 1, 2026, 7, 6), (2, 1, 1, 2026, 0, 6)])
@example([(1, 1, 1, 2026, 0, 6), (2, 1, 2, 2026, 0, 6), (3, 2, 3, 2026, 0, 6), (None, 1, 1, 2026, 0, 6)])
def test_no_difference_of_figures_is_about_too_few(sets: list[Any]) -> None:
    assert all(size >= LEAST for size in told_apart(crowd(sets)))


@settings(max_examples=50, deadline=None)
@given(st.lists(SETS, max_size=14))
def test_each_person_is_in_one_group_at_most(sets: list[Any]) -> None:
    people = [replace(one, opened=number) for number, one in enumerate(crowd(sets))]
    found = [
        one.opened for group in groups_of(people, least=LEAST, over_sponsors=True) for one in group.people
    ]
    assert len(found) == len(set(found))


# --- What that leaves to be told --------------------------------------------------------------------


def shown(chart: Chart) -> dict[str, tuple[int, int]]:
    """By period: of how many people something is told, and of how many nothing."""
    return {line.words: (line.sum, line.untold) for line in (*chart.lines, chart.total)}


def test_nine_are_not_told_and_ten_are() -> None:
    for size, told in ((LEAST - 1, 0), (LEAST, LEAST)):
        chart = charts(facts(person() for _ in range(size)))["outcomes"]
        assert shown(chart)["Jan–Mar 2026"] == (told, size - told)
        assert [line.is_told for line in chart.lines if line.words == "Jan–Mar 2026"] == [told > 0]


def test_periods_too_small_are_told_in_their_year_alone() -> None:
    people = [person(quarter=quarter) for quarter in (1, 2) for _ in range(6)]
    by_quarter = charts(facts(people))["outcomes"]
    assert shown(by_quarter)["Jan–Mar 2026"] == (0, 6)
    assert shown(by_quarter)["Together"] == (12, 0)
    assert shown(charts(facts(people), by=By.YEAR)["outcomes"])["2026"] == (12, 0)


def test_programme_of_too_few_is_told_with_the_others_alone_and_they_are_told_less() -> None:
    people = [person(programme=programme) for programme in PROGRAMMES for _ in range(6)]
    told = facts(people)
    assert shown(charts(told)["outcomes"])["Jan–Mar 2026"] == (12, 0)
    for programme in PROGRAMMES:
        assert shown(charts(told, Asked(programme=programme))["outcomes"])["Together"] == (0, 6)


def test_whole_leaves_out_what_a_narrowing_would_open() -> None:
    people = [person() for _ in range(LEAST)] + [person(programme=2) for _ in range(3)]
    told = facts(people)
    assert shown(charts(told)["outcomes"])["Together"] == (LEAST, 3)
    assert shown(charts(told, Asked(programme=1))["outcomes"])["Together"] == (LEAST, 0)


def test_small_organisations_are_told_together_to_the_aim_project_alone() -> None:
    people = [person(organisation=one) for one in ORGANISATIONS for _ in range(4)]
    assert shown(charts(facts(people))["outcomes"])["Together"] == (12, 0)
    assert shown(charts(facts(people), Asked(organisation=1))["outcomes"])["Together"] == (0, 4)
    two_of_theirs = facts((one for one in people if one.organisation != 3), over_sponsors=False)
    assert shown(charts(two_of_theirs)["outcomes"])["Together"] == (0, 8)


def test_years_are_told_apart() -> None:
    people = [person(year=year) for year in (2025, 2026) for _ in range(6)]
    assert shown(charts(facts(people))["outcomes"])["Together"] == (0, 12)


def test_days_are_the_median_of_as_many_as_it_takes() -> None:
    closed = [person(opened=1, closed_after=(days,)) for days in range(1, LEAST)]
    assert charts(facts([*closed, person()]))["follow-ups"].total.days is None
    closed.append(person(opened=1, closed_after=(300,)))
    chart = charts(facts(closed))["follow-ups"]
    assert chart.total.days == 6  # between the fifth and the sixth, rounded up
    assert chart.total.values == (LEAST, 0)


def test_median_of_too_few_is_not_told_though_they_are_many_people() -> None:
    people = [person() for _ in range(20)] + [person(opened=1, closed_after=(9,))]
    line = charts(facts(people))["follow-ups"].total
    assert (line.values, line.days) == ((1, 0), None)


def test_each_way_to_stand_is_a_series_of_its_own() -> None:
    people = [person(stood=stood) for number, stood in enumerate(Stood, start=1) for _ in range(number)]
    assert charts(facts(people))["outcomes"].total.values == (1, 2, 3, 4, 5)
