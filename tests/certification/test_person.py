"""One person's page: everything about them that an AIM admin looks for."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import change_email
from accounts.models import Membership, Person
from assessments.states import Outcome
from certification.actions import approve
from tests import factories
from tests.statements import statements

pytestmark = pytest.mark.django_db


def page(reader: Person, person: Person) -> str:
    client = Client()
    client.force_login(reader)
    answer = client.get(reverse("certification:person", args=[person.uuid]))
    assert answer.status_code == 200
    return str(answer.text)


def test_page_of_somebody_new_says_that_there_is_nothing() -> None:
    text = page(factories.admin(), factories.PersonFactory.create(name="Zoë O’Neill & <Sons>"))
    assert "Zoë O’Neill &amp; &lt;Sons&gt;" in text
    assert "None. Once somebody put forward accepts a place" in text


def test_places_certificates_and_roles_stand_on_one_page() -> None:
    person, admin = factories.PersonFactory.create(), factories.admin()
    passed = factories.recommended(factories.course(title="Passed in Leeds"), person=person)
    approve(enrolment=passed, by=admin)
    factories.recommended(factories.course(title="Not yet in York"), person=person, outcome=Outcome.NOT_YET)
    nomination = factories.nomination(factories.course(title="Asked in Hull"), email=person.email)
    organisation = factories.OrganisationFactory.create(name="Wharfedale Council")
    Membership.objects.create(person=person, organisation=organisation, started_by=admin)
    text = page(admin, person)
    for words in ("Passed in Leeds", "Not yet in York", "Asked in Hull", "Wharfedale Council", "Competent"):
        assert words in text, words
    certificate = passed.certificates.get()
    assert reverse("certification:certificate", args=[certificate.uuid]) in text
    assert reverse("courses:nominations", args=[nomination.course.uuid]) in text


def test_associate_s_licences_and_courses_stand_there() -> None:
    course = factories.course(title="Trained in Leeds")
    trainer = factories.trainer_of(course)
    text = page(factories.admin(), trainer)
    assert "Trained in Leeds" in text
    assert "In force" in text
    trainer.licences.update(withdrawn_at=timezone.now(), withdrawn_by=factories.admin())
    assert "Withdrawn" in page(factories.admin(), trainer)


def test_what_was_done_on_a_merged_account_is_told_of_the_one_that_stays() -> None:
    admin = factories.admin()
    first, stays = factories.PersonFactory.create_batch(2)
    approve(enrolment=factories.recommended(factories.course(), person=first), by=admin)
    first.is_active, first.merged_into = False, stays
    first.save()
    text = page(admin, stays)
    assert first.email in text
    assert "AIM-" in text
    assert reverse("certification:person", args=[stays.uuid]) in page(admin, first)


def test_earlier_addresses_stand_there() -> None:
    person = factories.PersonFactory.create(email="tom@before.example.org")
    change_email(person=person, email="tom@now.example.org", by=person)
    assert "tom@before.example.org until" in page(factories.admin(), person)


def test_admin_is_told_nothing_of_a_course_on_which_they_have_a_place() -> None:
    course = factories.course(title="Together in Leeds")
    person = factories.recommended(course).person
    assert "Together in Leeds" in page(factories.admin(), person)
    colleague = factories.admin()
    factories.enrolment(course, colleague)
    text = page(colleague, person)
    assert "Together in Leeds" not in text
    assert "Courses on which you have or had a place yourself are left out." in text


def test_admin_reads_of_themself_what_a_participant_does() -> None:
    admin = factories.admin()
    factories.recommended(factories.course(), person=admin, outcome=Outcome.NOT_YET)
    assert "Not yet competent" not in page(admin, admin)
    # Nor of an account that was merged into theirs.
    before = factories.PersonFactory.create()
    factories.recommended(factories.course(), person=before, outcome=Outcome.NOT_YET)
    assert "Not yet competent" in page(factories.admin(), before)
    before.is_active, before.merged_into = False, admin
    before.save()
    assert "Not yet competent" not in page(admin, before)


@pytest.mark.parametrize("number", [1, 3, 12])
def test_page_takes_the_same_statements_for_few_and_many(number: int) -> None:
    person, admin = factories.PersonFactory.create(), factories.admin()
    for _ in range(number):
        factories.enrolment(factories.course(), person)
        factories.nomination(factories.course(), email=person.email)
        organisation = factories.OrganisationFactory.create()
        Membership.objects.create(person=person, organisation=organisation, started_by=admin)
    client, url = Client(), reverse("certification:person", args=[person.uuid])
    client.force_login(admin)
    # The session, who asks, what they are, the person; then one for each part of the page.
    assert len(statements(lambda: client.get(url))) == 12
