"""The page of figures over time: which courses count when, its tables, and what it asks of the database."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from certification.over_time import By
from courses.models import Course
from tests import factories
from tests.certification import crowds, outcomes
from tests.certification.over_time import LEAST, charts, page, signed_in, tables, totals

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    return factories.course()


@pytest.fixture
def commissioner(course: Course) -> Person:
    return factories.commissioner(course.organisation)


# --- Which courses, and when ------------------------------------------------------------------------


def test_only_courses_that_were_held_count(commissioner: Person, course: Course) -> None:
    soon = timezone.now() + timedelta(days=3)
    factories.over(course)
    for fields in (
        {"starts": soon},
        {"published": False, "pinned": False},
        {"cancelled_at": timezone.now(), "cancelled_by": commissioner},
        {"sessions": 0},
    ):
        made = factories.course(programme=course.programme, organisation=course.organisation, **fields)
        if "starts" not in fields:
            factories.over(made)
        factories.enrolment(made)
    assert totals(commissioner)["courses"] == (1, 0)
    assert totals(commissioner)["people"] == (0, 0, 0, 0)


def test_course_counts_in_the_quarter_of_its_last_day_where_it_meets() -> None:
    organisation = factories.OrganisationFactory.create()
    # Its last session ends on 1 January there, on 31 December in London.
    factories.course(
        organisation=organisation,
        sessions=1,
        starts=datetime(2025, 12, 31, 11, tzinfo=UTC),
        time_zone="Pacific/Auckland",
    )
    with time_machine.travel(datetime(2026, 11, 30, 12, tzinfo=UTC)):
        chart = charts(factories.commissioner(organisation), by=By.QUARTER)["courses"]
    assert [line.words for line in chart.lines if line.sum] == ["Jan–Mar 2026"]
    assert [line.words for line in chart.lines][:2] == ["Jan–Mar 2024", "Apr–Jun 2024"]
    assert chart.lines[-1].words == "Oct–Dec 2026"
    assert len(chart.lines) == 12


def test_years_are_ten_and_earlier_ones_can_be_reached() -> None:
    organisation = factories.OrganisationFactory.create()
    for year in (2014, 2020, 2026):
        factories.course(organisation=organisation, starts=datetime(year, 5, 1, 9, tzinfo=UTC))
    commissioner = factories.commissioner(organisation)
    with time_machine.travel(datetime(2026, 11, 30, 12, tzinfo=UTC)):
        quarters, years = page(commissioner), page(commissioner, by="year")
        assert "2024 to 2026" in quarters
        assert "2017 to 2026" in years
        assert "?to=2023" in quarters
        assert "Later years" not in quarters
        earlier = page(commissioner, by="year", to="2016")
        assert "2007 to 2016" in earlier
        assert "Earlier years" not in earlier
        assert "by=year&amp;to=2026" in earlier
        # What there is not narrows nothing.
        for odd in ("2013", "2027", "abc", "9" * 40):
            assert "2024 to 2026" in page(commissioner, to=odd)


def test_programmes_beyond_five_are_counted_together() -> None:
    organisation = factories.OrganisationFactory.create()
    for number in range(6):
        programme = factories.ProgrammeFactory.create(name=f"Model {number}", position=number)
        factories.over(factories.course(programme=programme, organisation=organisation))
    chart = charts(factories.commissioner(organisation))["courses"]
    assert list(map(str, chart.series)) == ["Model 0", "Model 1", "Model 2", "Model 3", "Other programmes"]
    assert chart.total.values == (1, 1, 1, 1, 2)


# --- The page ---------------------------------------------------------------------------------------


def test_page_is_for_commissioners_and_aim_admins(course: Course, commissioner: Person) -> None:
    people = {
        commissioner: 200,
        factories.admin(): 200,
        factories.trainer_of(course): 403,
        factories.enrolment(course).person: 403,
    }
    for name in ("over_time", "over_time_file"):
        url = reverse(f"certification:{name}")
        assert {one: signed_in(one).get(url).status_code for one in people} == people


def test_page_says_each_number_of_its_pictures_in_a_table(course: Course, commissioner: Person) -> None:
    crowds.recommended(course, LEAST)
    outcomes.released(course)
    text = page(commissioner)
    assert re.findall(r"<h3 id=\"([\w-]+)\"", text) == ["courses", "people", "outcomes", "follow-ups"]
    assert text.count('role="img"') == text.count("<table") == 4
    for words in (f">{LEAST + 1}</text>", f'<td class="num">{LEAST + 1}</td>'):
        assert words in text
    assert "style=" not in text
    assert "<script" not in text


def test_page_names_nobody(course: Course) -> None:
    person = factories.PersonFactory.create(name="Zoë O’Neill")
    outcomes.released(course, person=person)
    crowds.recommended(course, LEAST)
    for reader in (factories.commissioner(course.organisation), factories.admin()):
        assert "Zoë" not in page(reader)


def test_too_few_are_said_to_be(course: Course, commissioner: Person) -> None:
    outcomes.released(course)
    text = page(commissioner)
    assert text.count('<td class="num">too few</td>') == 4  # the period and all together, of two charts
    assert '<td class="num">1</td>' in text
    assert totals(commissioner)["outcomes"] == (0, 0, 0, 0, 0, 1)


def test_organisation_that_is_not_ones_own_cannot_be_asked_for() -> None:
    course, ours, theirs = outcomes.two_sponsors()
    factories.enrolment(course, sponsor=theirs)
    factories.over(course)
    commissioner = factories.commissioner(ours)
    assert tables(commissioner, organisation=str(theirs.uuid)) == tables(commissioner)
    text = page(factories.admin(), organisation=str(theirs.uuid))
    assert f'<option value="{theirs.uuid}" selected>' in text


def test_organisation_without_anybody_has_nothing_to_count(course: Course) -> None:
    crowds.recommended(course, LEAST)
    nobody = factories.OrganisationFactory.create()
    text = page(factories.admin(), organisation=str(nobody.uuid))
    assert f'<option value="{nobody.uuid}" selected>' in text
    assert text.count("There is nothing to count in these years.") == 4


def test_narrowing_by_programme_and_organisation_narrows_every_chart() -> None:
    ours, theirs = factories.OrganisationFactory.create_batch(2)
    aim3, other = factories.ProgrammeFactory.create_batch(2)
    for programme, organisation in product((aim3, other), (ours, theirs)):
        crowds.recommended(factories.course(programme=programme, organisation=organisation), LEAST)
    admin = factories.admin()
    found = {
        "all": tables(admin),
        "programme": tables(admin, programme=aim3.code),
        "organisation": tables(admin, organisation=str(ours.uuid)),
        "both": tables(admin, organisation=str(ours.uuid), programme=aim3.code),
        "neither": tables(admin, organisation="none", programme="\0", by="<", to="٣"),
    }
    together = {name: [sheet[-1][1] for sheet in sheets.values()] for name, sheets in found.items()}
    assert together == {
        "all": [4, 40, 40, 0],
        "programme": [2, 20, 20, 0],
        "organisation": [2, 20, 20, 0],
        "both": [1, 10, 10, 0],
        "neither": [4, 40, 40, 0],
    }


def test_file_says_what_the_page_does(course: Course, commissioner: Person) -> None:
    crowds.recommended(course, LEAST)
    other = factories.course(programme=course.programme, organisation=course.organisation)
    outcomes.released(other)
    sheets = tables(commissioner, by="year")
    year = str(date.today().year)
    assert sheets["Outcomes"][0] == (
        "Period",
        "People",
        "Competent",
        "Not yet competent",
        "Not assessed",
        "Still open",
        "Withdrew, or certificate no longer valid",
        "Not told: too few",
    )
    assert sheets["Outcomes"][-2:] == [
        (year, LEAST + 1, 0, 1, 0, LEAST, 0, 0),
        ("Together", LEAST + 1, 0, 1, 0, LEAST, 0, 0),
    ]
    assert sheets["Follow-ups"][-1] == ("Together", 1, 0, 1, 0, None)
    assert sheets["Courses"][-1] == ("Together", 2, 2)


def test_file_of_too_few_tells_no_more_than_the_page(course: Course, commissioner: Person) -> None:
    outcomes.released(course)
    sheets = tables(commissioner, by="year")
    assert sheets["Outcomes"][-1] == ("Together", *["too few"] * 6, 1)
    assert sheets["Follow-ups"][-1] == ("Together", *["too few"] * 3, 1, None)


def _statements(client: Client, *queries: dict[str, str]) -> Iterable[int]:
    for query in queries:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("certification:over_time"), query).status_code == 200
        yield len(asked)


@pytest.mark.whole_run
def test_page_asks_the_same_of_the_database_for_three_and_three_hundred(course: Course) -> None:
    Course.objects.update(capacity=300)
    commissioner, admin = signed_in(factories.commissioner(course.organisation)), signed_in(factories.admin())
    crowds.recommended(factories.course(), 1)
    found = []
    for more in (1, 2, 12, 285):
        crowds.recommended(course, more)
        if more == 2:
            outcomes.released(course)
        narrowed = {"by": "year", "organisation": str(course.organisation.uuid)}
        found.append((*_statements(commissioner, {}, narrowed), *_statements(admin, {}, narrowed)))
    assert found == [found[0]] * 4
    assert max(found[0]) <= 13, found[0]
