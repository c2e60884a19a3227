"""Sign-in sheets: on paper, everybody's name and room to sign, a sheet for each session."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Person
from courses.models import Course
from tests import factories
from tests.statements import statements

pytestmark = pytest.mark.django_db
ODD = "Zoë O’Neill & <Sons>"


@pytest.fixture
def course() -> Course:
    return factories.course(title="AIM3 in Leeds", sessions=2)


def asked(course: Course, person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def sheets(course: Course, person: Person) -> PdfReader:
    answer = asked(course, person).get(reverse("courses:sign_in_sheets", args=[course.uuid]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return PdfReader(BytesIO(answer.content))


def words(pdf: PdfReader, page: int) -> str:
    return " ".join(pdf.pages[page].extract_text().split())


def test_each_session_has_a_sheet_with_everybody_who_has_a_place(course: Course) -> None:
    factories.enrolment(course, certificate_name=ODD)
    factories.enrolment(course, certificate_name="Ada Example")
    gone = factories.enrolment(course, certificate_name="Gone Away")
    gone.withdrawn_at, gone.withdrawn_by = timezone.now(), gone.person
    gone.save()
    pdf = sheets(course, factories.admin())
    assert len(pdf.pages) == 2
    for number in (1, 2):
        said = words(pdf, number - 1)
        assert f"AIM3 in Leeds, session {number}" in said
        assert "time)" in said
        assert f"1 Ada Example 2 {ODD}" in said
        assert "3 4 5 6" in said
        assert "Gone Away" not in said
        assert course.reference in said


def test_a_full_room_goes_on_on_another_page_under_the_same_heads(course: Course) -> None:
    for number in range(40):
        factories.enrolment(course, certificate_name=f"Person {number:02}")
    pdf = sheets(course, factories.admin())
    text = [words(pdf, page) for page in range(len(pdf.pages))]
    assert len(text) >= 4
    assert all("Signature" in page for page in text)
    assert sum("Person 39" in page for page in text) == 2


def test_an_empty_course_has_rows_to_write_in(course: Course) -> None:
    assert "1 2 3 4" in words(sheets(course, factories.admin()), 0)


def test_the_register_leads_to_them_where_people_meet_in_a_room(course: Course) -> None:
    admin = factories.admin()
    page, link = reverse("courses:register", args=[course.uuid]), "Print sign-in sheets"
    assert link in asked(course, admin).get(page).content.decode()
    Course.objects.filter(pk=course.pk).update(delivery="online")
    assert link not in asked(course, admin).get(page).content.decode()
    course.delivery, course.cancelled_at, course.cancelled_by = "in_person", timezone.now(), admin
    course.save()
    assert link not in asked(course, admin).get(page).content.decode()


@pytest.mark.parametrize("people", [1, 3, 100])
def test_it_takes_the_same_statements_for_a_room(people: int, course: Course) -> None:
    for number in range(people):
        factories.enrolment(course, certificate_name=f"Person {number}")
    client = asked(course, factories.admin())
    address = reverse("courses:sign_in_sheets", args=[course.uuid])
    assert len(statements(lambda: client.get(address))) == 8
