"""The areas of the site stand on every page, each for whom it is for, at no statement of their own."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from tests import factories
from tests.statements import statements

pytestmark = pytest.mark.django_db


CURRENT = r'href="([^"]*)" aria-current="(\w+)"'


def bar(client: Client, url: str) -> str:
    """The bar on the page at `url`; "" where it has none."""
    found = re.search(r'<nav class="areas".*?</nav>', client.get(url).text, re.DOTALL)
    return found[0] if found else ""


def names(client: Client, url: str) -> list[str]:
    return re.findall(r"<a[^>]*>\s*(.*?)\s*</a>", bar(client, url), re.DOTALL)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_each_person_sees_their_own_areas() -> None:
    programme = factories.ProgrammeFactory.create()
    commissioner = factories.commissioner(factories.OrganisationFactory.create())
    seen = {
        "nobody": names(signed_in(factories.PersonFactory.create()), reverse("account")),
        "Associate": names(signed_in(factories.associate(programme)), reverse("account")),
        "commissioner": names(signed_in(commissioner), reverse("account")),
        "lead": names(signed_in(factories.lead().person), reverse("account")),
    }
    assert seen == {
        "nobody": ["Courses", "Help"],
        "Associate": ["Courses", "Case studies", "Help"],
        "commissioner": ["Courses", "Follow-ups", "Organisations", "Over time", "Help"],
        "lead": ["Courses", "Safeguarding records", "Help"],
    }
    admin = names(signed_in(factories.admin()), reverse("account"))
    assert admin[:2] == ["Approvals", "Courses"]
    assert {"Staff", "Licences", "Legal pages"} <= set(admin)
    assert "Safeguarding records" not in admin


def test_framework_is_an_area_once_it_is_published_and_taught() -> None:
    programme = factories.ProgrammeFactory.create()
    person = factories.associate(programme)
    words = "The intervention framework"
    assert words not in names(signed_in(person), reverse("account"))
    factories.framework(programme)
    assert words in names(signed_in(person), reverse("account"))
    assert words not in names(signed_in(factories.PersonFactory.create()), reverse("account"))


def test_area_that_one_is_in_is_said() -> None:
    client = signed_in(factories.admin())
    course = factories.course()
    assert re.findall(CURRENT, bar(client, reverse("courses:list"))) == [(reverse("courses:list"), "page")]
    inside = bar(client, reverse("courses:detail", args=[course.uuid]))
    assert re.findall(CURRENT, inside) == [(reverse("courses:list"), "true")]
    # The longest address counts: licences are among the courses' addresses, and an area of their own.
    licences = bar(client, reverse("courses:licences"))
    assert re.findall(CURRENT, licences) == [(reverse("courses:licences"), "page")]
    assert "aria-current" not in bar(client, reverse("account"))


def test_bar_of_one_person_is_never_shown_to_another() -> None:
    """Its markup is kept, by the areas that stand in it."""
    url = reverse("account")
    admin, nobody = signed_in(factories.admin()), signed_in(factories.PersonFactory.create())
    seen = [names(client, url) for client in (admin, nobody, admin, nobody)]
    assert seen[0] == seen[2] != seen[1] == seen[3]


def test_role_that_ended_takes_its_areas_with_it() -> None:
    person = factories.admin()
    client = signed_in(person)
    assert "Staff" in names(client, reverse("account"))
    other = factories.admin()
    appointment = person.staff_appointments.get()
    signed_in(other).post(reverse("end_staff_appointment", args=[appointment.uuid]))
    assert names(signed_in(person), reverse("account")) == ["Courses", "Help"]


def test_question_page_shows_no_areas_and_asks_for_none() -> None:
    course = factories.course()
    factories.sitting(course)
    place = factories.enrolment(course)
    client = signed_in(place.person)
    url = reverse("assessments:question", args=[place.uuid, 1])
    assert client.get(url).status_code == 200
    assert bar(client, url) == ""
    assert "menu-areas" not in client.get(url).text


def test_areas_roles_and_organisations_are_one_statement() -> None:
    organisation = factories.OrganisationFactory.create()
    person = Person.objects.get(pk=factories.commissioner(organisation).pk)
    taken = statements(lambda: (person.is_aim_admin, person.organisation_ids, person.roles.others))
    assert len(taken) == 1
    assert person.organisation_ids == {organisation.pk}
