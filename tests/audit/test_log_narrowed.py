"""The audit log is narrowed by who acted, whom it is about, course, kind, days and words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from accounts.models import Person
from aimcert.audit.narrowing import MOST_MEANT
from certification import actions
from tests import factories
from tests.audit.telling import lines, page, said

pytestmark = pytest.mark.django_db


def test_it_is_narrowed_to_who_acted_and_to_whom_it_is_about() -> None:
    course = factories.course()
    zoe = factories.PersonFactory.create(name="Zoë Haddad")
    enrolment = factories.recommended(course, person=zoe)
    admin = factories.admin(name="Ada King")
    actions.approve(enrolment=enrolment, by=admin)
    reader = factories.admin()
    for asked in ({"by": str(admin.uuid)}, {"by": "ada k"}, {"by": admin.email}):
        text = page(reader, **asked)
        assert "Approved, and issued" in text, asked
        assert "Nominated them" not in text, asked
    for asked in ({"of": str(zoe.uuid)}, {"of": "zoe haddad"}, {"of": zoe.email}):
        text = page(reader, **asked)
        assert "Approved, and issued" in text, asked
        assert "Nominated them" in text, asked
        assert "Made them an AIM admin" not in text, asked
    # A person that a link names stands in words, and can be let go of.
    assert f'<option value="{zoe.uuid}" selected>Zoë Haddad</option>' in page(reader, of=str(zoe.uuid))


def test_accounts_that_were_merged_are_one_person() -> None:
    now = factories.PersonFactory.create()
    before = factories.PersonFactory.create(is_active=False, merged_into=now)
    factories.enrolment(factories.course(), before)
    for uuid in (now.uuid, before.uuid):
        assert "Accepted the place" in page(factories.admin(), of=str(uuid))


def test_it_is_narrowed_to_a_course_a_kind_and_days() -> None:
    reader = factories.admin()
    leeds, york = factories.course(title="Leeds"), factories.course(title="York")
    for course in (leeds, york):
        factories.enrolment(course, factories.PersonFactory.create(name=f"Of {course.title}"))
    for asked in ({"course": str(leeds.uuid)}, {"course": "leeds"}, {"course": leeds.reference}):
        text = page(reader, **asked)
        assert "Of Leeds" in text, asked
        assert "Of York" not in text, asked
    assert set(said(lines(kind="courses"))) >= {"Published the course", "Assigned them as a trainer"}
    assert "Nominated them" not in said(lines(kind="courses"))


def test_days_are_those_of_london() -> None:
    """Half past midnight of 1 July in London is the evening before in UTC."""
    course = factories.course()
    for name, at in (
        ("Late in June", datetime(2026, 6, 30, 22, 59, tzinfo=UTC)),
        ("Early in July", datetime(2026, 6, 30, 23, 30, tzinfo=UTC)),
        ("Late in July", datetime(2026, 7, 31, 22, 59, tzinfo=UTC)),
        ("Early in August", datetime(2026, 7, 31, 23, 1, tzinfo=UTC)),
    ):
        factories.nomination(course, name=name, nominated_at=at)
    text = page(factories.admin(), since="2026-07-01", until="2026-07-31")
    assert "Early in July" in text
    assert "Late in July" in text
    assert "Late in June" not in text
    assert "Early in August" not in text
    assert "1 July 2026, 00:30" in text


def test_words_find_people_courses_organisations_and_certificates() -> None:
    reader = factories.admin()
    organisation = factories.OrganisationFactory.create(name="Trust of Otley")
    course = factories.course(title="Wharfedale", organisation=organisation)
    enrolment = factories.recommended(course, person=factories.PersonFactory.create(name="Zoë Haddad"))
    certificate = actions.approve(enrolment=enrolment, by=reader)
    factories.nomination(course, name="Ben Without-Account")
    factories.enrolment(factories.course(title="Elsewhere"))
    for q in ("haddad", "wharfedale", course.reference, certificate.reference, "otley"):
        text = page(reader, q=q)
        assert "Approved, and issued" in text or q == "otley", q
        assert "Elsewhere" not in text, q
    assert "Ben Without-Account" in page(reader, q="ben without")
    assert "Added the organisation" in page(reader, q="otley")


def test_too_many_of_a_name_asks_for_more() -> None:
    Person.objects.bulk_create(
        [
            Person(name=f"Ann {number}", email=f"ann{number}@people.example")
            for number in range(MOST_MEANT + 1)
        ]
    )
    text = page(factories.admin(), of="ann")
    assert "More than two hundred are meant by “ann”." in text
    assert "Type more of the name" in text


def test_narrowed_to_nothing_and_what_is_no_day_say_what_to_do() -> None:
    reader = factories.admin()
    assert "Nothing that was done matches." in page(reader, of="nobody of this name")
    assert "Nothing that was done matches." in page(reader, course="00000000-0000-4000-8000-000000000000")
    text = page(reader, since="31/02/2026")
    assert "From: Enter a date that exists" in text
    assert "Made them an AIM admin" in text
