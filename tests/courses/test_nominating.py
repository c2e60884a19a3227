"""Nominations: who can be put forward, by whom, and what the letter carries."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import OutgoingEmail
from courses.actions import (
    AlreadyEnrolled,
    AlreadyNominated,
    CourseBegun,
    CourseCancelled,
    CourseFull,
    CourseOver,
    CourseRefused,
    InvitationUnknown,
    NominationOver,
    NominationRefused,
    OwnNomination,
    TakesPart,
    accept,
    cancel,
    decline,
    nominate,
    places_left,
    resend_invitation,
    withdraw_enrolment,
    withdraw_nomination,
)
from courses.models import Enrolment, Nomination
from courses.states import NominationStage
from courses.tokens import sha256_of
from tests import factories as make
from tests.courses.factories import (
    NOON,
    accepted,
    coming,
    letters_to,
    nominated,
    nominee,
    running,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


def token_in(letter: OutgoingEmail) -> str:
    (token,) = re.findall(r"/courses/invitations/([^/\s]+)/", letter.text)
    return token


def test_nominate_keeps_only_the_hash_of_the_token_that_the_letter_carries():
    made = nominated(coming())
    (letter,) = letters_to(made.email)
    token = token_in(letter)
    assert token == made.token
    assert len(token) >= 22  # 128 bits in base 64
    stored = Nomination.objects.get(pk=made.pk)
    assert stored.token_sha256 == sha256_of(token)
    assert token not in str(Nomination.objects.filter(pk=made.pk).values().get())


def test_nominate_makes_no_person_and_no_enrolment_yet():
    made = nominated(coming())
    assert not made.course.enrolments.exists()
    assert not type(made.nominated_by).objects.filter(email=made.email).exists()


def test_letter_names_neither_outcome_nor_the_manager():
    made = nominated(coming())
    (letter,) = letters_to(made.email)
    assert "Zoë O’Neill" in letter.text
    assert made.manager_name not in letter.text + letter.html
    assert letter.html.count("Read and answer") == 1


def test_nominate_lower_cases_the_address():
    made = nominated(coming(), email=" Zoe@People.Example ")
    assert made.email == "zoe@people.example"


def test_nominate_twice_says_so():
    course = coming()
    by = make.commissioner(course.organisation)
    first = nominated(course, by=by)
    with pytest.raises(AlreadyNominated) as refused:
        nominated(course, by=by, email=first.email.upper())
    assert refused.value.field == "email"
    assert len(letters_to(first.email)) == 1


def test_nominate_somebody_enrolled_says_so_also_under_a_merged_address():
    course = coming()
    by = make.commissioner(course.organisation)
    enrolment = make.enrolment(course)
    with pytest.raises(AlreadyEnrolled):
        nominated(course, by=by, email=enrolment.person.email)
    old = make.PersonFactory.create(is_active=False, merged_into=enrolment.person)
    with pytest.raises(AlreadyEnrolled):
        nominated(course, by=by, email=old.email)


def test_whoever_is_on_the_course_through_others_is_nominated_like_anybody_else():
    course = coming(hosted=True, capacity=8)
    theirs = make.OrganisationFactory.create()
    invited = make.nomination(course, sponsor=theirs).email
    enrolled = make.enrolment(course, sponsor=theirs).person.email
    pays = make.enrolment(course, sponsor=None).person.email
    own = make.OrganisationFactory.create()
    by = make.commissioner(own)
    left = places_left(course, invited=True)
    for number, address in enumerate((invited, enrolled, pays, "nobody.yet@people.example"), start=1):
        made = nominated(course, by=by, sponsor=own, email=address)
        assert made.stage_at(timezone.now(), None) == NominationStage.INVITED
        assert len(letters_to(address)) == 1
        assert places_left(course, invited=True) == left - number
        # What is one's own is said clearly.
        with pytest.raises(AlreadyNominated):
            nominated(course, by=by, sponsor=own, email=address)
    with pytest.raises(AlreadyEnrolled):
        nominated(course, by=make.commissioner(theirs), sponsor=theirs, email=enrolled)
    with pytest.raises(AlreadyEnrolled):
        nominated(course, by=make.admin(), sponsor=own, email=pays)


def test_a_second_invitation_takes_no_second_place_and_leaves_the_first_as_it_is():
    course = coming(hosted=True)
    first = make.enrolment(course, sponsor=None)
    own = make.OrganisationFactory.create()
    by = make.commissioner(own)
    made = nominated(course, by=by, sponsor=own, email=first.person.email)
    with pytest.raises(AlreadyEnrolled):
        accepted(made)
    first.refresh_from_db()
    assert (first.sponsor_organisation, course.enrolments.count()) == (None, 1)
    assert not Enrolment.objects.visible_to(by).exists()
    # The person alone chooses: they give up the place, and take this one.
    withdraw_enrolment(enrolment=first, by=first.person)
    assert accepted(made).sponsor_organisation == own


def test_nominate_after_declining_or_withdrawing_is_possible():
    course = coming()
    by = make.commissioner(course.organisation)
    first = nominated(course, by=by)
    decline(token=first.token)
    second = nominated(course, by=by, email=first.email)
    withdraw_nomination(nomination=second, by=by)
    assert nominated(course, by=by, email=first.email).pk not in (first.pk, second.pk)


def test_nobody_nominates_themself_not_even_an_admin():
    course = coming()
    for by in (make.commissioner(course.organisation), make.admin()):
        with pytest.raises(OwnNomination):
            nominated(course, by=by, email=by.email)


def test_nobody_is_their_own_line_manager():
    with pytest.raises(NominationRefused) as refused:
        nominated(coming(), email="a@people.example", manager_email="A@People.example")
    assert refused.value.field == "manager_email"


def test_trainer_of_the_course_cannot_be_nominated():
    course = coming()
    with pytest.raises(TakesPart):
        nominated(course, email=make.trainer_of(course).email)


def test_capacity_counts_places_taken_and_offered():
    course = coming(capacity=2)
    by = make.commissioner(course.organisation)
    make.enrolment(course)
    offered = nominated(course, by=by)
    with pytest.raises(CourseFull):
        nominated(course, by=by)
    decline(token=offered.token)
    nominated(course, by=by)


def test_expired_link_holds_no_place_free():
    course = coming(capacity=1)
    make.nomination(course, token_expires_at=timezone.now() - timedelta(days=1))
    assert places_left(course, invited=True) == 1
    nominated(course)


def test_nominate_refuses_a_course_that_is_draft_begun_or_cancelled():
    for course, refusal in (
        (make.course(published=False, starts=timezone.now() + timedelta(days=7)), CourseRefused),
        (running(), CourseBegun),
        (coming(-7), CourseBegun),
    ):
        with pytest.raises(refusal):
            nominated(course)
    cancelled = coming()
    cancel(course=cancelled, because="Ill", by=make.admin())
    with pytest.raises(CourseCancelled):
        nominated(cancelled)


def test_sponsor_is_an_organisation_that_one_acts_for_unless_an_admin_says():
    course = coming()
    other = make.OrganisationFactory.create()
    by = make.commissioner(course.organisation)
    for sponsor in (other, None):
        with pytest.raises(NominationRefused) as refused:
            nominated(course, by=by, sponsor=sponsor)
        assert refused.value.field == "sponsor"
        assert nominated(course, by=make.admin(), sponsor=sponsor).sponsor_organisation == sponsor


def test_withdraw_twice_is_once_and_the_link_says_so():
    made = nominated(coming())
    by = made.nominated_by
    first = withdraw_nomination(nomination=made, by=by).withdrawn_at
    assert withdraw_nomination(nomination=made, by=by).withdrawn_at == first
    assert len(letters_to(made.email)) == 2


def test_withdraw_refuses_what_was_accepted_or_declined_and_one_s_own():
    course = coming()
    by = make.commissioner(course.organisation)
    taken, refused = nominated(course, by=by), nominated(course, by=by)
    accepted(taken)
    decline(token=refused.token)
    for made in (taken, refused):
        with pytest.raises(NominationOver):
            withdraw_nomination(nomination=made, by=by)
    own = nominated(course, by=make.admin(), email=by.email)
    for action in (withdraw_nomination, resend_invitation):
        with pytest.raises(OwnNomination):
            action(nomination=own, by=by)


def test_resend_makes_a_new_link_and_ends_the_old_one(time_machine):
    made = nominated(coming(60))
    old = made.token
    time_machine.move_to(NOON + timedelta(days=40))
    again = resend_invitation(nomination=made, by=made.nominated_by)
    assert again.token != old
    assert token_in(letters_to(made.email)[-1]) == again.token
    with pytest.raises(InvitationUnknown):
        accept(token=old, certificate_name="x", expectations_version="1")
    assert accepted(again).nomination == made


def test_resend_twice_within_a_minute_sends_one_letter():
    made = nominated(coming())
    assert resend_invitation(nomination=made, by=made.nominated_by).token == ""
    assert len(letters_to(made.email)) == 1
    assert accepted(made)


def test_resend_refuses_what_was_answered_and_a_course_that_is_over(time_machine):
    course = coming()
    by = make.commissioner(course.organisation)
    taken, silent = nominated(course, by=by), nominated(course, by=by)
    accepted(taken)
    with pytest.raises(NominationOver):
        resend_invitation(nomination=taken, by=by)
    time_machine.move_to(NOON + timedelta(days=20))
    with pytest.raises(CourseOver):
        resend_invitation(nomination=silent, by=by)


def test_place_given_up_can_be_nominated_and_taken_again():
    course = coming()
    by = make.commissioner(course.organisation)
    enrolment = accepted(nominated(course, by=by))
    withdraw_enrolment(enrolment=enrolment, by=by)
    again = accepted(nominated(course, by=by, email=enrolment.nomination.email))
    assert again.pk == enrolment.pk
    assert again.withdrawn_at is None
    assert again.nomination != enrolment.nomination


def test_nominate_by_an_admin_for_somebody_who_pays_for_themself():
    course = coming(hosted=True)
    made = nominate(course=course, nominee=nominee(), sponsor=None, by=make.admin())
    enrolment = accepted(made)
    assert enrolment.sponsor_organisation is None
    assert enrolment.sponsor_confirmed_by == enrolment.person
