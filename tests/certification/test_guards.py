"""What the database refuses, tried by plain SQL as the application's own role."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Membership
from certification.actions import approve, build_document, open_follow_up
from certification.models import Certificate
from courses.models import Course, Enrolment
from tests import factories


@pytest.fixture
def certificate(db: None) -> Certificate:
    return approve(enrolment=factories.recommended(factories.course()), by=factories.admin())


def refused(sql: str, *values: object) -> bool:
    """Whether the database refuses `sql`, which would otherwise change a row."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            assert cursor.rowcount, "there was nothing to change"
    except DatabaseError:
        return True
    return False


def test_tests_act_as_the_applications_role(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("aimcert_app",)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE certification_certificate SET name = 'Somebody else'",
        "UPDATE certification_certificate SET issued_on = issued_on - 1",
        "DELETE FROM certification_certificate",
        "UPDATE certification_decision SET kind = 'refused', reason = 'x'",
        "DELETE FROM certification_decision",
        "UPDATE courses_enrolment SET certificate_name = 'Somebody else'",
        "UPDATE courses_enrolment SET frozen_at = NULL",
        "UPDATE courses_enrolment SET withdrawn_at = now(), withdrawn_by_id = person_id",
        "UPDATE courses_registerentry SET presence = 'absent'",
        "DELETE FROM courses_registerentry",
        "UPDATE courses_session SET ends_at = ends_at + interval '1 hour'",
        "DELETE FROM courses_courseassociate",
        "UPDATE assessments_answer SET text = 'Another'",
        "UPDATE assessments_submission SET submitted_at = NULL",
        "UPDATE assessments_criterionmark SET judged = 'not_met'",
        "UPDATE assessments_recommendation SET outcome = 'not_yet'",
        "UPDATE assessments_section SET body = 'Another'",
        "UPDATE assessments_question SET text = 'Another'",
        "UPDATE assessments_criterion SET is_essential = false",
        "DELETE FROM assessments_criterion_constructs",
        "UPDATE assessments_version SET title = 'Another'",
        "DELETE FROM accounts_staffappointment",
        "UPDATE accounts_staffappointment SET started_at = now() - interval '1 year'",
        "TRUNCATE certification_certificate CASCADE",
    ],
)
def test_what_was_decided_does_not_change(certificate: Certificate, sql: str) -> None:
    assert refused(sql)


def test_register_entry_is_not_moved_out_of_an_approved_enrolment(certificate: Certificate) -> None:
    other = factories.enrolment(certificate.enrolment.course)
    assert refused(
        "UPDATE courses_registerentry SET enrolment_id = %s WHERE enrolment_id = %s",
        other.pk,
        certificate.enrolment_id,
    )


def test_follow_up_of_a_sponsored_person_is_not_made_self_funded(db: None) -> None:
    enrolment = factories.recommended(factories.course(), outcome="not_yet")
    trainer = factories.trainer_of(enrolment.course)
    follow_up = open_follow_up(recommendation=enrolment.recommendations.get(), by=trainer)
    assert refused(
        "UPDATE certification_followup SET sponsor_organisation_id = NULL WHERE id = %s", follow_up.pk
    )


@pytest.mark.whole_run
def test_built_document_is_not_swapped(certificate: Certificate) -> None:
    assert build_document(document_id=certificate.document.pk)
    assert refused("UPDATE certification_certificatedocument SET sha256 = repeat('a', 64)")


def test_ended_membership_stays_ended(db: None) -> None:
    person = factories.commissioner(factories.OrganisationFactory.create())
    membership = Membership.objects.get(person=person)
    membership.ended_at, membership.ended_by = membership.started_at, person
    membership.save()
    assert refused("UPDATE accounts_membership SET ended_at = NULL, ended_by_id = NULL")
    assert refused("DELETE FROM accounts_membership")


def test_guards_leave_the_rest_alone(certificate: Certificate) -> None:
    """The same statements change what is not certified: the guards are no blanket ban."""
    other = factories.enrolment(factories.course(), attended=True)
    assert not refused("UPDATE courses_enrolment SET certificate_name = 'New' WHERE id = %s", other.pk)
    assert not refused("DELETE FROM courses_registerentry WHERE enrolment_id = %s", other.pk)
    assert Enrolment.objects.get(pk=other.pk).certificate_name == "New"
    assert Course.objects.count() == 2
