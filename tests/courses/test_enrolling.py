"""Answering an invitation, walk-ins and their sponsor, giving a place up, identity."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import Person
from certification.eligibility import unmet, with_facts
from courses import expectations
from courses.actions import (
    AlreadyEnrolled,
    CourseBegun,
    CourseCancelled,
    CourseFull,
    CourseOver,
    CourseRefused,
    EnrolmentFrozen,
    ExpectationsChanged,
    InvitationDeclined,
    InvitationExpired,
    InvitationUnknown,
    InvitationWithdrawn,
    NominationOver,
    NominationRefused,
    NotAccepted,
    OwnNomination,
    TakesPart,
    accept,
    add_walk_in,
    cancel,
    confirm_acceptance,
    confirm_sponsor,
    decline,
    freeze_enrolment,
    note_identity,
    resend_invitation,
    withdraw_enrolment,
    withdraw_nomination,
)
from courses.models import Enrolment, Nomination
from courses.states import Delivery
from tests import factories as make
from tests.courses.factories import (
    NOON,
    coming,
    fresh,
    letters_to,
    nominated,
    nominee,
    running,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


def answer(token: str, name: str = "Zoë O’Neill & <Sons>") -> Enrolment:
    return accept(token=token, certificate_name=name, expectations_version=expectations.CURRENT)


# --- Accepting and declining ----------------------------------------------------------------------


def test_accept_finds_or_makes_the_person_and_enrols_them():
    made = nominated(coming())
    enrolment = answer(made.token)
    assert enrolment.person.email == made.email
    assert enrolment.certificate_name == "Zoë O’Neill & <Sons>"
    assert enrolment.expectations_version == expectations.CURRENT
    assert enrolment.sponsor_organisation == made.sponsor_organisation
    assert enrolment.sponsor_confirmed_by == made.nominated_by
    assert not enrolment.person.has_usable_password()
    assert len(letters_to(made.email)) == 2


def test_accept_twice_is_once():
    made = nominated(coming())
    first = answer(made.token)
    again = answer(made.token, "Another Name")
    assert again == first
    assert again.certificate_name == "Zoë O’Neill & <Sons>"
    assert len(letters_to(made.email)) == 2


def test_accept_uses_the_account_that_the_address_has_and_keeps_its_name():
    person = make.PersonFactory.create(name="Zoë")
    enrolment = answer(nominated(coming(), email=person.email).token)
    assert enrolment.person == person
    assert fresh(person).name == "Zoë"


@pytest.mark.parametrize("token", ["", "x", "é\x00", "a" * 5000])
def test_accept_and_decline_of_an_unknown_link(token):
    with pytest.raises(InvitationUnknown):
        answer(token)
    with pytest.raises(InvitationUnknown):
        decline(token=token)


def test_accept_an_expired_link(time_machine):
    made = nominated(coming(60))
    time_machine.move_to(made.token_expires_at)
    with pytest.raises(InvitationExpired):
        answer(made.token)


def test_accept_what_was_declined_withdrawn_or_cancelled():
    course = coming()
    by = make.commissioner(course.organisation)
    declined, withdrawn, silent = (nominated(course, by=by) for _ in range(3))
    decline(token=declined.token)
    withdraw_nomination(nomination=withdrawn, by=by)
    with pytest.raises(InvitationDeclined):
        answer(declined.token)
    with pytest.raises(InvitationWithdrawn):
        answer(withdrawn.token)
    with pytest.raises(InvitationWithdrawn):
        decline(token=withdrawn.token)
    cancel(course=course, because="Ill", by=make.admin())
    with pytest.raises(CourseCancelled):
        answer(silent.token)
    assert not course.enrolments.exists()


def test_accept_other_expectations_than_today_s():
    with pytest.raises(ExpectationsChanged):
        accept(token=nominated(coming()).token, certificate_name="x", expectations_version="0")


def test_accept_a_full_course_or_one_that_is_over(time_machine):
    course = coming(capacity=1)
    made = nominated(course)
    make.enrolment(course)
    with pytest.raises(CourseFull):
        answer(made.token)
    late = nominated(coming())
    time_machine.move_to(NOON + timedelta(days=20))
    with pytest.raises(CourseOver):
        answer(late.token)


def test_accept_by_somebody_who_trains_it_or_is_on_it_through_another_address():
    course = coming()
    made = nominated(course)
    trainer = make.trainer_of(course)
    make.PersonFactory.create(email=made.email, is_active=False, merged_into=trainer)
    with pytest.raises(TakesPart):
        answer(made.token)
    second = nominated(course)
    enrolled = make.enrolment(course)
    make.PersonFactory.create(email=second.email, is_active=False, merged_into=enrolled.person)
    with pytest.raises(AlreadyEnrolled):
        answer(second.token)


def test_decline_twice_is_once_and_not_after_accepting():
    course = coming()
    by = make.commissioner(course.organisation)
    made, taken = nominated(course, by=by), nominated(course, by=by)
    first = decline(token=made.token).declined_at
    assert decline(token=made.token).declined_at == first
    answer(taken.token)
    with pytest.raises(NominationOver):
        decline(token=taken.token)


# --- Walk-ins -------------------------------------------------------------------------------------


def walked_in(course, **fields):
    fields = {"sponsor": course.organisation, "by": make.trainer_of(course), **fields}
    keys = {name: fields.pop(name) for name in ("sponsor", "by")}
    return add_walk_in(course=course, nominee=nominee(**fields), **keys)


def test_walk_in_is_enrolled_by_accepting_and_waits_for_the_sponsor():
    course = running()
    commissioner = make.commissioner(course.organisation)
    made = walked_in(course, manager_name="", manager_email="")
    assert made.is_walk_in
    enrolment = answer(made.token)
    assert enrolment.sponsor_confirmed_at is None
    assert len(letters_to(commissioner.email)) == 1
    confirmed = confirm_sponsor(nomination=made, by=commissioner)
    assert confirmed.sponsor_confirmed_by == commissioner
    again = confirm_sponsor(nomination=made, by=make.admin())
    assert again.sponsor_confirmed_by == commissioner


def test_walk_in_who_pays_for_themself_confirms_it_signed_in_or_the_aim_project_does():
    made = walked_in(running(), sponsor=None)
    enrolment = answer(made.token)
    assert enrolment.sponsor_confirmed_at is None
    done = confirm_acceptance(enrolment=enrolment, by=enrolment.person)
    assert done.sponsor_confirmed_by == enrolment.person
    another, admin = walked_in(running(), sponsor=None), make.admin()
    answer(another.token)
    assert confirm_sponsor(nomination=another, by=admin).sponsor_confirmed_by == admin


def test_place_accepted_by_a_link_that_a_trainer_was_shown_is_confirmed_by_the_person_alone():
    course = running()
    trainer = make.trainer_of(course)
    pending = make.nomination(course)
    for made in (walked_in(course), walked_in(course, email=pending.email)):
        assert made.link_shown_to == trainer
        enrolment = answer(made.token)
        assert enrolment.acceptance_confirmed_at is None
        said = [need.words for need in unmet(with_facts(course.enrolments.filter(pk=enrolment.pk)).get())]
        assert any("accepted in the room" in words for words in said)
        for somebody in (trainer, make.admin(), make.commissioner(course.organisation)):
            with pytest.raises(NotAccepted):
                confirm_acceptance(enrolment=enrolment, by=somebody)
        first = confirm_acceptance(enrolment=enrolment, by=enrolment.person).acceptance_confirmed_at
        again = confirm_acceptance(enrolment=enrolment, by=enrolment.person).acceptance_confirmed_at
        assert first == again is not None
        said = [need.words for need in unmet(with_facts(course.enrolments.filter(pk=enrolment.pk)).get())]
        assert not any("accepted in the room" in words for words in said)


def test_link_that_went_to_the_mailbox_alone_needs_no_further_confirmation():
    course = running()
    made = walked_in(course, sponsor=None)
    Nomination.objects.update(link_sent_at=timezone.now() - timedelta(minutes=2))
    sent = resend_invitation(nomination=made, by=make.admin())
    enrolment = answer(sent.token)
    assert enrolment.nomination.link_shown_to is None
    assert enrolment.sponsor_confirmed_by == enrolment.person


def test_walk_in_without_another_contact_goes_to_the_aim_project():
    course = running()
    commissioner, admin = make.commissioner(course.organisation), make.admin()
    made = walked_in(course, email=commissioner.email)
    answer(made.token)
    # The invitation and the confirmed place; nothing that asks them to confirm themself.
    assert [letter.subject for letter in letters_to(commissioner.email)] == [
        "You are invited to a course: please answer",
        "Your place on a course is confirmed",
    ]
    assert len(letters_to(admin.email)) == 1
    with pytest.raises(OwnNomination):
        confirm_sponsor(nomination=made, by=commissioner)
    assert confirm_sponsor(nomination=made, by=admin).sponsor_confirmed_by == admin


def test_walk_in_before_they_accepted_cannot_be_confirmed():
    course = running()
    made = walked_in(course)
    with pytest.raises(NotAccepted):
        confirm_sponsor(nomination=made, by=make.admin())


def test_walk_in_who_was_nominated_and_has_not_answered_is_no_walk_in():
    course = coming(0, sessions=1)
    course.sessions.update(
        starts_at=timezone.now() + timedelta(hours=1), ends_at=timezone.now() + timedelta(hours=3)
    )
    made = nominated(course)
    again = walked_in(course, email=made.email)
    assert again.pk == made.pk
    assert not again.is_walk_in
    assert answer(again.token).sponsor_confirmed_at is not None


def test_walk_in_from_the_first_day_until_the_end_within_capacity():
    with pytest.raises(CourseRefused):
        walked_in(coming(1))
    with pytest.raises(CourseOver):
        walked_in(coming(-7))
    full = running(capacity=1)
    make.enrolment(full)
    with pytest.raises(CourseFull):
        walked_in(full)
    waiting = running(capacity=1)
    make.nomination(waiting)
    # A nominee who has not answered holds no place against somebody who is in the room.
    assert walked_in(waiting)


def test_walk_in_refuses_the_enrolled_oneself_and_a_foreign_sponsor():
    course = running()
    with pytest.raises(AlreadyEnrolled):
        walked_in(course, email=make.enrolment(course).person.email)
    with pytest.raises(OwnNomination):
        walked_in(course, email=make.trainer_of(course).email)
    stranger = make.OrganisationFactory.create()
    with pytest.raises(NominationRefused):
        walked_in(course, sponsor=stranger)
    make.nomination(course, sponsor=stranger)
    assert walked_in(course, sponsor=stranger).sponsor_organisation == stranger


# --- Giving a place up ------------------------------------------------------------------------------


def test_withdraw_enrolment_twice_is_once_and_frees_the_place():
    course = coming(capacity=1)
    enrolment = make.enrolment(course)
    first = withdraw_enrolment(enrolment=enrolment, by=enrolment.person).withdrawn_at
    assert withdraw_enrolment(enrolment=enrolment, by=make.admin()).withdrawn_at == first
    answer(nominated(course).token)


def test_withdraw_enrolment_of_a_begun_course_is_the_participant_s_or_the_aim_project_s():
    course = running()
    commissioner = make.commissioner(course.organisation)
    enrolment = make.enrolment(course)
    with pytest.raises(CourseBegun):
        withdraw_enrolment(enrolment=enrolment, by=commissioner)
    assert withdraw_enrolment(enrolment=enrolment, by=enrolment.person).withdrawn_at


def test_withdraw_enrolment_that_was_approved():
    enrolment = make.enrolment(running(), frozen_at=timezone.now())
    with pytest.raises(EnrolmentFrozen):
        withdraw_enrolment(enrolment=enrolment, by=make.admin())


def test_place_given_up_after_the_beginning_is_not_taken_again_by_walking_in():
    course = running()
    enrolment = make.enrolment(course)
    withdraw_enrolment(enrolment=enrolment, by=enrolment.person)
    made = walked_in(course, email=enrolment.person.email)
    with pytest.raises(AlreadyEnrolled):
        answer(made.token)


# --- Freezing and identity ---------------------------------------------------------------------------


def test_freeze_twice_is_once_and_the_database_holds_it():
    enrolment, by = make.enrolment(running()), make.admin()
    first = freeze_enrolment(enrolment=enrolment, by=by).frozen_at
    assert freeze_enrolment(enrolment=enrolment, by=by).frozen_at == first
    for change in ({"certificate_name": "x"}, {"frozen_at": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Enrolment.objects.filter(pk=enrolment.pk).update(**change)


def test_identity_is_noted_and_taken_back_by_a_trainer_of_an_online_course():
    course = running(delivery=Delivery.ONLINE)
    enrolment, trainer = make.enrolment(course), make.trainer_of(course)
    noted = note_identity(enrolment=enrolment, by=trainer)
    assert noted.identity_checked_by == trainer
    assert note_identity(enrolment=enrolment, by=trainer).identity_checked_at == noted.identity_checked_at
    assert note_identity(enrolment=enrolment, by=trainer, checked=False).identity_checked_at is None


def test_identity_refuses_other_courses_people_and_times():
    online = running(delivery=Delivery.ONLINE)
    early = coming(delivery=Delivery.ONLINE)
    present = running()
    frozen = make.enrolment(online, frozen_at=timezone.now())
    for enrolment, by in (
        (make.enrolment(present), make.trainer_of(present)),
        (make.enrolment(online), make.admin()),
        (make.enrolment(early), make.trainer_of(early)),
        (frozen, make.trainer_of(online)),
    ):
        with pytest.raises(CourseRefused):
            note_identity(enrolment=enrolment, by=by)


def test_closed_account_is_told_what_to_do():
    made = nominated(coming())
    make.PersonFactory.create(email=made.email, is_active=False)
    from accounts.actions import AccountClosed

    with pytest.raises(AccountClosed):
        answer(made.token)
    assert Person.objects.filter(email=made.email).count() == 1
