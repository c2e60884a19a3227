"""Search finds people, courses, certificates and organisations, of each what whoever asks may open."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from certification.actions import approve
from certification.codes import in_groups
from certification.models import Certificate
from courses.models import Course
from tests import factories
from tests.statements import statements

pytestmark = pytest.mark.django_db

NAME = "Zoë O’Neill & <Sons>"


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def found(person: Person, typed: str) -> dict[str, list[str]]:
    """The addresses found, under each heading."""
    text = signed_in(person).get(reverse("search"), {"q": typed}).text
    main = text[text.index("<main") : text.index("</main>")]
    groups = re.split(r"<h2[^>]*>\s*", main)[1:]
    return {
        one[: one.index("</h2>")].strip(): re.findall(r'<div>\s*<a href="([^"]*)"', one) for one in groups
    }


def only(person: Person, typed: str) -> str:
    """The address of the one thing that is found, which is opened at once."""
    answer = signed_in(person).get(reverse("search"), {"q": typed})
    assert answer.status_code == 302, "several things are found, or none"
    return answer.headers["Location"]


@pytest.fixture
def certificate() -> Certificate:
    enrolment = factories.recommended(factories.course())
    person = enrolment.person
    person.name = enrolment.certificate_name = NAME
    person.save()
    enrolment.save()
    approve(enrolment=enrolment, by=factories.admin())
    return Certificate.objects.get(enrolment=enrolment)


def pages(certificate: Certificate) -> dict[str, list[str]]:
    """Where an admin finds the person and the certificate."""
    return {
        "People": [reverse("certification:person", args=[certificate.enrolment.person.uuid])],
        "Certificates": [reverse("certification:certificate", args=[certificate.uuid])],
    }


def test_admin_finds_a_person_and_their_certificate_by_name(certificate: Certificate) -> None:
    assert found(factories.admin(), "oneill zoe") == pages(certificate)


def test_admin_finds_a_person_by_address(certificate: Certificate) -> None:
    address = certificate.enrolment.person.email
    assert [only(factories.admin(), address)] == pages(certificate)["People"]


def test_certificate_is_found_by_its_number_among_others(certificate: Certificate) -> None:
    number = certificate.reference.removeprefix("AIM-")
    factories.course(title=f"Course {number}")
    assert found(factories.admin(), number)["Certificates"] == pages(certificate)["Certificates"]


@pytest.mark.parametrize("typed", ["reference", "code", "groups", "address"])
def test_certificate_is_found_by_whatever_is_on_it(certificate: Certificate, typed: str) -> None:
    words = {
        "reference": certificate.reference,
        "code": certificate.code.lower(),
        "groups": " ".join(in_groups(certificate.code)),
        "address": f"https://aim.example/verify/{certificate.code}/",
    }
    assert [only(factories.admin(), words[typed])] == pages(certificate)["Certificates"]


def test_course_and_organisation_are_found_by_name() -> None:
    organisation = factories.OrganisationFactory.create(name="Wharfedale Council")
    course = factories.course(organisation=organisation, title="AIM3 in Otley")
    hub, page = (
        reverse("courses:detail", args=[course.uuid]),
        reverse("organisation", args=[organisation.uuid]),
    )
    assert only(factories.admin(), "otley") == only(factories.admin(), course.reference) == hub
    assert found(factories.admin(), "wharfedale") == {"Courses": [hub], "Organisations": [page]}


def test_what_one_may_not_open_is_not_found(certificate: Certificate) -> None:
    """By a name, a number and a code: another organisation's people and courses do not exist."""
    stranger = factories.commissioner(factories.OrganisationFactory.create())
    course = certificate.enrolment.course
    for typed in ("oneill", certificate.reference, certificate.code, course.title, course.organisation.name):
        assert found(stranger, typed) == {}, typed


def test_commissioner_finds_their_own_people_and_no_others() -> None:
    mine, theirs = factories.OrganisationFactory.create_batch(2)
    course = factories.course(organisation=mine)
    for name, sponsor in [("Ann Archer", mine), ("Ann Atkins", theirs)]:
        place = factories.enrolment(course, sponsor_organisation=sponsor)
        Person.objects.filter(pk=place.person_id).update(name=name)
    hub = reverse("courses:detail", args=[course.uuid])
    commissioner = factories.commissioner(mine)
    assert only(commissioner, "ann") == hub
    text = signed_in(commissioner).get(reverse("search"), {"q": "ann"}, follow=True).text
    assert "“ann” was found once: Ann Archer." in text
    assert "Ann Atkins" not in text


def test_trainer_finds_whom_they_train() -> None:
    course = factories.course()
    place = factories.enrolment(course)
    Person.objects.filter(pk=place.person_id).update(name="Ann Archer")
    elsewhere = factories.enrolment(factories.course())
    Person.objects.filter(pk=elsewhere.person_id).update(name="Ann Atkins")
    assert only(factories.trainer_of(course), "ann") == reverse("courses:detail", args=[course.uuid])


@pytest.mark.parametrize(
    "typed", ["", "  ", "\x00", "…", "<>", "%", "a" * 151, "\u202e", "9" * 40, "AIM-", "C"]
)
def test_whatever_is_typed_gets_a_page(certificate: Certificate, typed: str) -> None:
    answer = signed_in(factories.admin()).get(reverse("search"), {"q": typed}, follow=True)
    assert answer.status_code == 200


def test_what_was_found_once_says_what_was_typed_escaped(certificate: Certificate) -> None:
    Person.objects.filter(pk=certificate.enrolment.person_id).update(name="Ann Archer")
    answer = signed_in(factories.admin()).get(reverse("search"), {"q": NAME}, follow=True)
    assert [answer.redirect_chain[0][0]] == pages(certificate)["Certificates"]
    words = "“Zoë O’Neill &amp; &lt;Sons&gt;” was found once: Zoë O’Neill &amp; &lt;Sons&gt;."
    assert words in answer.text
    assert "<Sons>" not in answer.text


def test_what_was_typed_stays_and_is_escaped() -> None:
    text = signed_in(factories.admin()).get(reverse("search"), {"q": NAME}).text
    assert "Zoë O’Neill &amp; &lt;Sons&gt;" in text
    assert "<Sons>" not in text
    assert "Nothing found." in text


def test_search_takes_the_same_statements_for_few_and_many() -> None:
    client = signed_in(factories.admin())
    taken = set()
    for _ in range(3):
        organisation = factories.OrganisationFactory.create(name=f"Wharfedale {Course.objects.count()}")
        for _ in range(5):
            course = factories.course(organisation=organisation, title="Wharfedale again")
            Person.objects.filter(pk=factories.enrolment(course).person_id).update(name="Ann Wharfedale")
        taken.add(len(statements(lambda: client.get(reverse("search"), {"q": "wharfedale"}))))
    # The session, who asks, what they are; then one for each kind of thing.
    assert taken == {7}


def test_more_than_are_shown_lead_to_their_own_list() -> None:
    for _ in range(11):
        factories.course(title="Wharfedale again")
    admin = factories.admin()
    assert len(found(admin, "wharfedale")["Courses"]) == 10
    assert (
        f"{reverse('courses:list')}?q=wharfedale"
        in signed_in(admin).get(reverse("search"), {"q": "wharfedale"}).text
    )
