"""Approving, returning, refusing, appointing: once, without a conflict, and never against the rule."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Membership, OutgoingEmail, Person
from aimcert.foundation.stale_forms import ChangedMeanwhile
from assessments.marking.actions import recommend, record_conversation, write_feedback
from assessments.models import Recommendation
from assessments.states import Outcome
from certification import actions
from certification.codes import fingerprint
from certification.models import Certificate, CertificateDocument, Decision, FollowUp
from certification.states import CertificateState, DecisionKind
from courses.models import Course, Enrolment
from tests import factories
from tests.sessions import at_once


@pytest.fixture
def admin(db: None) -> Person:
    return factories.admin(name="Ada Admin")


@pytest.fixture
def enrolment(db: None) -> Enrolment:
    return factories.recommended(factories.course())


def conflicted(person: Person, enrolment: Enrolment) -> None:
    Membership.objects.create(person=person, organisation=enrolment.sponsor_organisation, started_by=person)


# --- Approving -------------------------------------------------------------------------------------


def test_approving_issues_what_was_true(admin: Person, enrolment: Enrolment) -> None:
    course = enrolment.course
    certificate = actions.approve(enrolment=enrolment, by=admin)
    last = course.sessions.order_by("-ends_at")[0].ends_at
    assert certificate.name == enrolment.certificate_name
    assert (certificate.programme_code, certificate.programme_name) == (
        course.programme.code,
        course.programme.name,
    )
    assert certificate.course_title == course.title
    assert certificate.course_reference == course.reference
    assert certificate.course_ended_on == last.astimezone(course.zone).date()
    assert certificate.associates == [factories.trainer_of(course).name]
    assert certificate.version_fingerprint == course.pin.version.fingerprint
    assert certificate.sponsor_organisation == enrolment.sponsor_organisation
    assert certificate.issued_by == admin
    assert certificate.state == CertificateState.VALID
    assert certificate.code_sha256 == fingerprint(certificate.code)
    assert certificate.decision.kind == DecisionKind.APPROVED
    assert certificate.document.built_at is None
    enrolment.refresh_from_db()
    assert enrolment.frozen_at is not None


def test_numbers_run_without_gaps(admin: Person, enrolment: Enrolment) -> None:
    first = actions.approve(enrolment=enrolment, by=admin)
    with pytest.raises(actions.NotEligible):
        actions.approve(enrolment=walk_in_unconfirmed(enrolment.course), by=admin)
    second = actions.approve(enrolment=factories.recommended(enrolment.course), by=admin)
    assert second.number == first.number + 1


def walk_in_unconfirmed(course: Course) -> Enrolment:
    made = factories.recommended(course, confirmed=False)
    made.nomination.is_walk_in = True
    made.nomination.save()
    return made


def test_the_letter_says_that_an_outcome_waits_and_not_which(admin: Person, enrolment: Enrolment) -> None:
    actions.approve(enrolment=enrolment, by=admin)
    letter = OutgoingEmail.objects.get(to_address=enrolment.person.email)
    said = (letter.subject + letter.text + letter.html).lower()
    assert "waits" in said
    for word in ("competent", "approved", "certificate ", "congratulations", "result"):
        assert word not in said


def test_approving_twice_gives_the_same_certificate(admin: Person, enrolment: Enrolment) -> None:
    first = actions.approve(enrolment=enrolment, by=admin)
    assert actions.approve(enrolment=enrolment, by=factories.admin()) == first
    assert Certificate.objects.count() == Decision.objects.count() == 1
    assert OutgoingEmail.objects.filter(to_address=enrolment.person.email).count() == 1


def test_approving_is_refused_where_the_rule_is_not_met(admin: Person, enrolment: Enrolment) -> None:
    enrolment.register_entries.filter(session__number=1).update(presence="absent")
    with pytest.raises(actions.NotEligible) as refused:
        actions.approve(enrolment=enrolment, by=admin)
    assert "not attended in full" in str(refused.value.message)
    assert not Decision.objects.exists()


def test_approving_reads_the_rule_inside_the_lock(admin: Person, enrolment: Enrolment) -> None:
    """What was loaded before somebody changed the register counts for nothing."""
    stale = Enrolment.objects.get(pk=enrolment.pk)
    enrolment.register_entries.filter(session__number=1).delete()
    with pytest.raises(actions.NotEligible):
        actions.approve(enrolment=stale, by=admin)


@pytest.mark.parametrize("act", ["approve", "return", "refuse"])
def test_nobody_decides_with_a_conflict(admin: Person, enrolment: Enrolment, act: str) -> None:
    conflicted(admin, enrolment)
    with pytest.raises(actions.MayNotDecide):
        decide(act, enrolment, admin)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("act", ["approve", "return", "refuse"])
def test_nobody_decides_who_is_neither_admin_nor_appointed(enrolment: Enrolment, act: str) -> None:
    associate = factories.associate(enrolment.course.programme)
    with pytest.raises(actions.MayNotDecide):
        decide(act, enrolment, associate)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("act", ["approve", "return", "refuse"])
@pytest.mark.parametrize("outcome", [Outcome.NOT_YET, None])
def test_nothing_is_decided_where_nothing_waits(admin: Person, act: str, outcome: str | None) -> None:
    course = factories.course()
    made = factories.recommended(course, outcome=outcome) if outcome else factories.enrolment(course)
    with pytest.raises(actions.NothingToDecide):
        decide(act, made, admin)
    assert not Decision.objects.exists()


def decide(act: str, enrolment: Enrolment, by: Person) -> Any:
    if act == "approve":
        return actions.approve(enrolment=enrolment, by=by)
    if act == "return":
        return actions.return_to_trainer(enrolment=enrolment, question="Which session?", by=by)
    return actions.refuse(enrolment=enrolment, reason="The register is in doubt.", by=by)


# --- All at once -------------------------------------------------------------------------------------


def test_approving_all_approves_the_eligible_and_says_why_not_the_others(admin: Person, db: None) -> None:
    course = factories.course()
    eligible = [factories.recommended(course) for _ in range(3)]
    unconfirmed = walk_in_unconfirmed(course)
    managed = factories.recommended(course)
    managed.nomination.manager_email = admin.email
    managed.nomination.save()
    factories.recommended(course, outcome=Outcome.NOT_YET)
    elsewhere = factories.recommended(factories.course())
    done = actions.approve_all(course=course, by=admin)
    assert {one.enrolment_id for one in done.certificates} == {one.pk for one in eligible}
    assert {one.enrolment.pk for one in done.left_out} == {unconfirmed.pk, managed.pk}
    assert all(one.why for one in done.left_out)
    assert not Decision.objects.filter(enrolment__in=[elsewhere, unconfirmed, managed]).exists()
    assert set(Decision.objects.values_list("decided_at", flat=True)) == {done.at}


def test_approving_all_approves_nobody_on_a_course_that_one_was_on(admin: Person, db: None) -> None:
    course = factories.course()
    factories.recommended(course)
    factories.recommended(course, person=admin)
    with pytest.raises(actions.MayNotDecide):
        actions.approve_all(course=course, by=admin)
    assert not Decision.objects.exists()


def test_approving_all_again_approves_nobody(admin: Person, enrolment: Enrolment) -> None:
    assert len(actions.approve_all(course=enrolment.course, by=admin).certificates) == 1
    assert actions.approve_all(course=enrolment.course, by=admin).certificates == []
    assert Certificate.objects.count() == 1


def test_approving_all_leaves_out_who_was_not_shown(admin: Person, enrolment: Enrolment) -> None:
    later = factories.recommended(enrolment.course)
    done = actions.approve_all(course=enrolment.course, by=admin, shown=[latest(enrolment).uuid])
    assert [one.enrolment_id for one in done.certificates] == [enrolment.pk]
    assert [one.enrolment.pk for one in done.left_out] == [later.pk]


# --- What was seen ------------------------------------------------------------------------------------


def latest(enrolment: Enrolment) -> Recommendation:
    return enrolment.recommendations.order_by("-round")[0]


def test_a_round_that_nobody_read_is_not_decided(admin: Person, enrolment: Enrolment) -> None:
    first = latest(enrolment)
    actions.return_to_trainer(enrolment=enrolment, question="Which session?", by=admin, seen=first.uuid)
    second = latest(enrolment)
    actions.finalise(recommendation=second, by=second.recommended_by)
    for act, words in (
        (actions.approve, {}),
        (actions.return_to_trainer, {"question": "Which?"}),
        (actions.refuse, {"reason": "In doubt."}),
    ):
        with pytest.raises(ChangedMeanwhile):
            act(enrolment=enrolment, **words, by=admin, seen=first.uuid)  # type: ignore[operator]
    done = actions.approve_all(course=enrolment.course, by=admin, shown=[first.uuid])
    assert (done.certificates, [one.enrolment for one in done.left_out]) == ([], [enrolment])
    assert Decision.objects.count() == 1
    issued = actions.approve(enrolment=enrolment, by=admin, seen=second.uuid)
    assert actions.approve(enrolment=enrolment, by=admin, seen=second.uuid) == issued
    with pytest.raises(ChangedMeanwhile):
        actions.approve(enrolment=enrolment, by=admin, seen=first.uuid)


# --- Returning and refusing ---------------------------------------------------------------------------


def test_returning_opens_a_round_with_the_question_and_keeps_the_outcome(
    admin: Person, enrolment: Enrolment
) -> None:
    decision = actions.return_to_trainer(enrolment=enrolment, question="Which session?", by=admin)
    assert (decision.kind, decision.reason) == (DecisionKind.RETURNED, "Which session?")
    again = enrolment.recommendations.get(round=2)
    assert (again.outcome, again.finalised_at) == (Outcome.COMPETENT, None)
    assert again.begun_because == "Which session?"
    assert again.recommended_by != admin
    trainer = factories.trainer_of(enrolment.course)
    assert OutgoingEmail.objects.filter(to_address=trainer.email).count() == 1
    with pytest.raises(actions.NothingToDecide):
        actions.return_to_trainer(enrolment=enrolment, question="And?", by=admin)


def test_what_was_returned_and_finalised_again_can_be_approved(admin: Person, enrolment: Enrolment) -> None:
    actions.return_to_trainer(enrolment=enrolment, question="Which session?", by=admin)
    trainer = factories.trainer_of(enrolment.course)
    actions.finalise(recommendation=enrolment.recommendations.get(round=2), by=trainer)
    certificate = actions.approve(enrolment=enrolment, by=admin)
    assert certificate.decision.recommendation.round == 2


def test_what_was_refused_is_competent_again_only_by_another_attempt(
    admin: Person, enrolment: Enrolment
) -> None:
    actions.refuse(enrolment=enrolment, reason="The register is in doubt.", by=admin)
    trainer = factories.trainer_of(enrolment.course)
    again = recommend(enrolment=enrolment, outcome=Outcome.COMPETENT, by=trainer)
    with pytest.raises(actions.CannotBeFinalised, match="another attempt"):
        actions.finalise(recommendation=again, by=trainer)
    marks = factories.marking(factories.submission(enrolment))
    anew = recommend(enrolment=enrolment, outcome=Outcome.COMPETENT, by=trainer)
    assert anew.marking == marks
    actions.finalise(recommendation=anew, by=trainer)
    assert actions.approve(enrolment=enrolment, by=admin).decision.recommendation == anew


def test_a_refusal_is_followed_by_conversation_feedback_and_follow_up(
    admin: Person, enrolment: Enrolment
) -> None:
    actions.refuse(enrolment=enrolment, reason="The register is in doubt.", by=admin)
    trainer = factories.trainer_of(enrolment.course)
    again = enrolment.recommendations.get(round=2)
    assert (again.outcome, again.finalised_at) == (Outcome.NOT_YET, None)
    assert not OutgoingEmail.objects.filter(to_address=enrolment.person.email).exists()
    with pytest.raises(actions.CannotBeFinalised):
        actions.finalise(recommendation=again, by=trainer)
    Recommendation.objects.filter(pk=again.pk).update(reasons=["attendance"])
    record_conversation(recommendation=again, held_on=timezone.now(), words="We spoke.", by=trainer)
    write_feedback(recommendation=again, told_participant="You…", told_commissioner="They…", by=trainer)
    actions.finalise(recommendation=again, by=trainer)
    assert FollowUp.objects.get().recommendation == again
    assert OutgoingEmail.objects.filter(to_address=enrolment.person.email).count() == 1


@pytest.mark.parametrize("words", ["", "   \n"])
def test_returning_and_refusing_need_words(admin: Person, enrolment: Enrolment, words: str) -> None:
    with pytest.raises(actions.ReasonMissing):
        actions.return_to_trainer(enrolment=enrolment, question=words, by=admin)
    with pytest.raises(actions.ReasonMissing):
        actions.refuse(enrolment=enrolment, reason=words, by=admin)
    assert not Decision.objects.exists()


# --- Appointing --------------------------------------------------------------------------------------


@pytest.fixture
def nobody_free(admin: Person, enrolment: Enrolment) -> Enrolment:
    conflicted(admin, enrolment)
    return enrolment


def test_an_appointed_associate_decides(admin: Person, nobody_free: Enrolment) -> None:
    associate = factories.associate(nobody_free.course.programme)
    appointed = actions.appoint(
        enrolment=nobody_free, associate=associate, reason="Ada acts for the sponsor.", by=admin
    )
    certificate = actions.approve(enrolment=nobody_free, by=associate)
    assert certificate.decision.appointment == appointed
    assert OutgoingEmail.objects.filter(to_address=associate.email).count() == 1


def test_appointing_twice_is_one_appointment(admin: Person, nobody_free: Enrolment) -> None:
    associate = factories.associate(nobody_free.course.programme)
    said = {"enrolment": nobody_free, "associate": associate, "reason": "Why.", "by": admin}
    assert actions.appoint(**said) == actions.appoint(**said)
    assert OutgoingEmail.objects.filter(to_address=associate.email).count() == 1


def test_nobody_is_appointed_while_an_admin_is_free(admin: Person, nobody_free: Enrolment) -> None:
    free = factories.admin(name="Grace Free")
    associate = factories.associate(nobody_free.course.programme)
    with pytest.raises(actions.CannotBeAppointed) as refused:
        actions.appoint(enrolment=nobody_free, associate=associate, reason="Why.", by=admin)
    assert free.name in str(refused.value.message)


@pytest.mark.parametrize("who", ["trainer", "unlicensed", "same employer"])
def test_nobody_is_appointed_who_may_not_decide(admin: Person, nobody_free: Enrolment, who: str) -> None:
    chosen = {
        "trainer": lambda: factories.trainer_of(nobody_free.course),
        "unlicensed": factories.PersonFactory.create,
        "same employer": lambda: factories.associate(nobody_free.course.programme),
    }[who]()
    if who == "same employer":
        conflicted(chosen, nobody_free)
    with pytest.raises(actions.CannotBeAppointed):
        actions.appoint(enrolment=nobody_free, associate=chosen, reason="Why.", by=admin)


def test_a_conflict_that_arises_after_the_appointment_counts(admin: Person, nobody_free: Enrolment) -> None:
    associate = factories.associate(nobody_free.course.programme)
    actions.appoint(enrolment=nobody_free, associate=associate, reason="Why.", by=admin)
    conflicted(associate, nobody_free)
    with pytest.raises(actions.MayNotDecide):
        actions.approve(enrolment=nobody_free, by=associate)


# --- At the same moment, on two connections --------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_the_same_moment_issue_one_certificate() -> None:
    with transaction.atomic():
        enrolment = factories.recommended(factories.course())
        one, two = factories.admin(), factories.admin()
    results = at_once(
        lambda: actions.approve(enrolment=enrolment, by=one),
        lambda: actions.approve(enrolment=enrolment, by=two),
    )
    assert results[0] == results[1] == Certificate.objects.get()
    assert Decision.objects.count() == CertificateDocument.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_approving_all_at_the_same_moment_issues_one_certificate_each() -> None:
    with transaction.atomic():
        course = factories.course()
        people = [factories.recommended(course) for _ in range(4)]
        one, two = factories.admin(), factories.admin()
    results = at_once(
        lambda: actions.approve_all(course=course, by=one),
        lambda: actions.approve_all(course=course, by=two),
        lambda: actions.approve(enrolment=people[-1], by=two),
    )
    assert not [result for result in results if isinstance(result, Exception)]
    assert Certificate.objects.count() == Decision.objects.count() == 4
    assert len(set(Certificate.objects.values_list("number", flat=True))) == 4


@pytest.mark.django_db(transaction=True)
def test_an_approval_and_a_refusal_at_the_same_moment_are_one_decision() -> None:
    with transaction.atomic():
        enrolment = factories.recommended(factories.course())
        one, two = factories.admin(), factories.admin()
    results = at_once(
        lambda: actions.approve(enrolment=enrolment, by=one),
        lambda: actions.refuse(enrolment=enrolment, reason="In doubt.", by=two),
    )
    assert sum(isinstance(result, Exception) for result in results) == 1
    assert Decision.objects.count() == 1


# --- What the database refuses to the application's role ---------------------------------------------------


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(DatabaseError), transaction.atomic():
        yield


def insert_certificate(decision: Decision) -> None:
    from tests.certification.outcomes import _certificate

    _certificate(decision, decision.decided_by)


def test_there_is_no_certificate_without_an_approval(admin: Person, enrolment: Enrolment) -> None:
    decision = actions.return_to_trainer(enrolment=enrolment, question="Which?", by=admin)
    with refused():
        insert_certificate(decision)


def test_there_is_no_approval_without_a_certificate(admin: Person, enrolment: Enrolment) -> None:
    with refused():
        Decision.objects.create(
            enrolment=enrolment,
            recommendation=enrolment.recommendations.get(),
            kind=DecisionKind.APPROVED,
            decided_by=admin,
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_there_is_no_second_live_certificate(admin: Person, enrolment: Enrolment) -> None:
    certificate = actions.approve(enrolment=enrolment, by=admin)
    with refused():
        insert_certificate(certificate.decision)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM certification_certificate",
        "DELETE FROM certification_certificatedocument",
        "DELETE FROM certification_decision",
        "TRUNCATE certification_certificate CASCADE",
        "UPDATE certification_certificate SET name = 'Another'",
        "UPDATE certification_certificate SET programme_name = 'AIM9'",
        "UPDATE certification_certificate SET code = repeat('0', 26), code_sha256 = repeat('0', 64)",
        "UPDATE certification_certificate SET issued_on = '2020-01-01'",
        "UPDATE certification_certificate SET state = 'revoked'",
        "UPDATE certification_decision SET kind = 'refused', reason = 'x'",
        "UPDATE courses_enrolment SET certificate_name = 'Another'",
        "UPDATE courses_enrolment SET frozen_at = NULL",
        "UPDATE courses_registerentry SET presence = 'absent'",
        "DELETE FROM courses_registerentry",
    ],
)
def test_what_was_issued_does_not_change(admin: Person, enrolment: Enrolment, sql: str) -> None:
    actions.approve(enrolment=enrolment, by=admin)
    with refused(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_revoked_certificate_never_stands_again(admin: Person, enrolment: Enrolment) -> None:
    certificate = actions.approve(enrolment=enrolment, by=admin)
    actions.revoke(certificate=certificate, reason="Issued to the wrong person.", by=admin)
    with refused(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE certification_certificate SET state = 'valid', revoked_at = NULL,"
            " revoked_by_id = NULL, revoked_because = ''"
        )
