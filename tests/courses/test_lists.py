"""Lists ask the database the same number of questions for 1, 3 and 300 rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import Course, RegisterEntry
from courses.states import Presence
from tests import factories as make
from tests.courses.factories import NOON, coming, running

pytestmark = pytest.mark.django_db
ROWS = (1, 3, 300)


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)
    cache.clear()


def queries_of(person, url, capture):
    """How many statements a page takes, without the session's and the transaction's own."""
    client = Client()
    client.force_login(person)
    with capture() as captured:
        response = client.get(url)
    assert response.status_code == 200
    return len([one for one in captured.captured_queries if one["sql"] not in ("BEGIN", "COMMIT")])


@pytest.fixture
def capture():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return lambda: CaptureQueriesContext(connection)


def grown(count, make_one, existing):
    for _ in range(count - existing):
        make_one()
    return count


def counts(person, url, make_one, capture):
    """Statements for each number of rows, the rows made as it goes."""
    existing, found = 0, []
    for rows in ROWS:
        existing = grown(rows, make_one, existing)
        found.append(queries_of(person, url, capture))
    return found


def test_course_list_takes_five_queries_for_any_number_of_rows(capture):
    programme, organisation, by = (
        make.ProgrammeFactory.create(),
        make.OrganisationFactory.create(),
        make.admin(),
    )

    def one():
        number = Course.objects.count() + 1000
        course = Course.objects.create(
            number=number,
            programme=programme,
            title=f"Course {number}",
            organisation=organisation,
            country="GB",
            time_zone="Europe/London",
            delivery="online",
            venue="x",
            capacity=9,
            experience_sought="x",
            created_by=by,
        )
        start = timezone.now() + timedelta(days=number)
        course.sessions.create(number=1, starts_at=start, ends_at=start + timedelta(hours=1))

    assert counts(by, reverse("courses:list"), one, capture) == [5, 5, 5]
    commissioner = make.commissioner(organisation)
    Course.objects.update(published_at=timezone.now(), published_by=by)
    assert queries_of(commissioner, reverse("courses:list"), capture) == 5


def test_nominations_take_the_same_number_for_any_number_of_rows(capture):
    course = coming(capacity=300)
    commissioner = make.commissioner(course.organisation)

    def one():
        make.enrolment(course) if course.nominations.count() % 2 else make.nomination(course)

    found = counts(commissioner, reverse("courses:nominations", args=[course.uuid]), one, capture)
    assert found == [10, 10, 10]


@pytest.mark.whole_run
def test_register_pages_take_the_same_number_for_any_number_of_rows(capture):
    course = running(capacity=300)
    trainer = make.trainer_of(course)
    session = course.sessions.get(number=1)

    def one():
        enrolment = make.enrolment(course)
        RegisterEntry.objects.create(
            course=course,
            enrolment=enrolment,
            session=session,
            presence=Presence.PRESENT,
            recorded_by=trainer,
        )

    url = reverse("courses:register_session", args=[course.uuid, 1])
    assert counts(trainer, url, one, capture) == [9, 9, 9]
    assert queries_of(trainer, reverse("courses:register", args=[course.uuid]), capture) == 9


def test_licences_take_the_same_number_for_any_number_of_rows(capture):
    programme = make.ProgrammeFactory.create()
    admin = make.admin()
    found = counts(admin, reverse("courses:licences"), lambda: make.associate(programme), capture)
    assert found == [5, 5, 5]


def test_hub_takes_at_most_twelve(capture):
    course = coming()
    for _ in range(3):
        make.enrolment(course)
    for person in (make.admin(), make.trainer_of(course), make.commissioner(course.organisation)):
        assert queries_of(person, reverse("courses:detail", args=[course.uuid]), capture) <= 12


def test_long_list_is_paged_and_keeps_what_was_searched(capture):
    programme = make.ProgrammeFactory.create()
    by = make.admin()
    for _ in range(60):
        make.associate(programme, name="Alex")
    client = Client()
    client.force_login(by)
    page = client.get(reverse("courses:licences"), {"q": "Alex", "page": "2"}).content.decode()
    assert "Page 2 of 2" in page
    assert "?q=Alex&amp;page=1" in page
