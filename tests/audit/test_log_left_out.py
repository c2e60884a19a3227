"""Who may not know what the audit log tells."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions import end_staff_appointment
from certification import actions
from tests import factories
from tests.audit.telling import browser, lines, page, sheet, table
from tests.certification import outcomes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("merged", [False, True], ids=["own account", "merged account"])
def test_an_admin_reads_nothing_of_a_course_on_which_they_had_a_place(merged: bool) -> None:
    reader = factories.admin(name="Reader Ryder")
    theirs = factories.PersonFactory.create(is_active=False, merged_into=reader) if merged else reader
    course = factories.course(title="Own course")
    factories.enrolment(course, theirs, withdrawn_at=timezone.now(), withdrawn_by=reader)
    other = factories.recommended(course, person=factories.PersonFactory.create(name="Somebody Else"))
    certificate = actions.approve(enrolment=other, by=factories.admin())
    follow_up = outcomes.released(course)
    factories.asked_report(course, factories.admin())
    elsewhere = factories.enrolment(factories.course(title="Elsewhere"), other.person)
    assert not [one for one in lines(reader, hidden=[course.pk]) if one.course == course]
    for asked in (
        {},
        {"q": "somebody"},
        {"q": certificate.reference},
        {"q": course.reference},
        {"of": str(other.person.uuid)},
        {"of": str(follow_up.enrolment.person.uuid)},
        {"of": str(reader.uuid)},
        {"by": str(reader.uuid)},
        {"course": str(course.uuid)},
        {"course": "own course"},
        {"kind": "decisions"},
    ):
        text = page(reader, **asked)
        assert "Own course" not in text, asked
        assert course.reference not in table(text), asked
        assert certificate.reference not in table(text), asked
        assert "are left out" in text
    assert elsewhere.course.title in page(reader, of=str(other.person.uuid))
    assert "Own course" not in str(sheet(reader))
    # Whoever has no place there reads it, and is not told of anything left out.
    text = page(factories.admin())
    assert "Own course" in text
    assert "are left out" not in text


def test_nobody_but_an_aim_admin_opens_it_and_who_was_one_no_more() -> None:
    course = factories.course(organisation=factories.OrganisationFactory.create())
    commissioner = factories.commissioner(course.organisation)
    admin = factories.admin()
    client = browser(admin)
    for route in ("audit_log", "audit_log_sheet"):
        for person in (factories.trainer_of(course), factories.enrolment(course).person, commissioner):
            assert browser(person).get(reverse(route)).status_code == 403
        assert client.get(reverse(route)).status_code == 200
    end_staff_appointment(appointment=admin.staff_appointments.get(), by=factories.admin())
    assert client.get(reverse("audit_log")).status_code == 403
    assert reverse("audit_log") not in browser(commissioner).get("/").text
