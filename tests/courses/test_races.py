"""Two at the same moment, on two real connections: one wins, the other is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import OutgoingEmail
from courses import expectations
from courses.actions import (
    CourseFull,
    Entry,
    RegisterChanged,
    SessionsRefused,
    SessionTimes,
    SeveralRefused,
    SponsorChanged,
    SponsorConfirmed,
    accept,
    add_walk_in,
    confirm_sponsor,
    decline,
    freeze_enrolment,
    grant_licence,
    nominate,
    nominate_several,
    refuse_sponsor,
    set_sessions,
    take_register,
)
from courses.actions.inviting import AlreadyNominated, NominationOver
from courses.models import Course, Enrolment, Licence, Nomination, RegisterEntry, SponsorRefusal
from courses.states import Presence
from tests import factories as make
from tests.courses.factories import coming, nominated, nominee, running
from tests.sessions import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def answer(token: str) -> Callable[[], Enrolment]:
    return lambda: accept(token=token, certificate_name="Zoë", expectations_version=expectations.CURRENT)


def test_last_place_goes_to_one_of_two_who_accept_at_once():
    course = coming(capacity=2)
    by = make.commissioner(course.organisation)
    tokens = [nominated(course, by=by).token for _ in range(2)]
    Course.objects.filter(pk=course.pk).update(capacity=1)
    found = at_once(*(answer(token) for token in tokens))
    assert sorted(type(one) is CourseFull for one in found) == [False, True], found
    assert Enrolment.objects.count() == 1


def test_one_link_accepted_twice_at_once_is_one_enrolment():
    made = nominated(coming())
    found = at_once(answer(made.token), answer(made.token), answer(made.token))
    assert len({one.pk for one in found}) == 1, found
    assert Enrolment.objects.count() == 1


def test_one_link_accepted_and_declined_at_once_is_one_of_both():
    made = nominated(coming())
    found = at_once(answer(made.token), lambda: decline(token=made.token))
    nomination = Nomination.objects.get()
    assert Enrolment.objects.exists() is (nomination.declined_at is None), found
    refused = [one for one in found if isinstance(one, Exception)]
    assert len(refused) == 1
    assert isinstance(refused[0], NominationOver) is Enrolment.objects.exists()


def test_last_place_is_offered_to_one_of_two_nominated_at_once():
    course = coming(capacity=1)
    by = make.commissioner(course.organisation)

    def put_forward(number: int) -> Nomination:
        who = nominee(email=f"race{number}@people.example")
        return nominate(course=course, nominee=who, sponsor=course.organisation, by=by)

    found = at_once(lambda: put_forward(1), lambda: put_forward(2))
    assert sorted(type(one) is CourseFull for one in found) == [False, True], found
    assert Nomination.objects.count() == 1


def test_one_list_nominated_twice_at_once_is_nominated_once():
    course = coming()
    people = [nominee(email=f"race{number}@people.example") for number in range(5)]
    contacts = [make.commissioner(course.organisation) for _ in range(2)]
    acts = [
        partial(nominate_several, course=course, nominees=people, sponsor=course.organisation, by=by)
        for by in contacts
    ]
    found = at_once(*acts)
    assert sorted(type(one) is SeveralRefused for one in found) == [False, True], found
    assert Nomination.objects.count() == OutgoingEmail.objects.count() == 5


def test_one_address_nominated_twice_at_once_is_one_nomination():
    course = coming()
    by = make.commissioner(course.organisation)
    who = nominee(email="race@people.example")

    def put_forward() -> Nomination:
        return nominate(course=course, nominee=who, sponsor=course.organisation, by=by)

    found = at_once(put_forward, put_forward)
    assert sorted(type(one) is AlreadyNominated for one in found) == [False, True], found


def test_two_trainers_who_save_the_same_person_do_not_overwrite_one_another():
    course = running()
    enrolment = make.enrolment(course)
    trainers = [make.trainer_of(course), make.associate(course.programme)]
    course.associates.create(
        associate=trainers[1], licence=trainers[1].licences.get(), assigned_by=trainers[1]
    )
    session = course.sessions.get(number=1)

    def save(presence: str, by: Any) -> Callable[[], Any]:
        entry = Entry(enrolment=enrolment, presence=presence, seen="")
        return lambda: take_register(session=session, entries=[entry], by=by)

    found = at_once(save(Presence.PRESENT, trainers[0]), save(Presence.ABSENT, trainers[1]))
    assert sorted(type(one) is RegisterChanged for one in found) == [False, True], found
    assert RegisterEntry.objects.count() == 1


def test_approval_and_a_correction_at_once_leave_one_truth():
    course = running()
    enrolment = make.enrolment(course)
    session, trainer, admin = course.sessions.get(number=1), make.trainer_of(course), make.admin()
    entry = Entry(enrolment=enrolment, presence=Presence.ABSENT)
    found = at_once(
        lambda: take_register(session=session, entries=[entry], by=trainer),
        lambda: freeze_enrolment(enrolment=enrolment, by=admin),
    )
    frozen = Enrolment.objects.get()
    assert frozen.frozen_at is not None
    # Either the entry came first, or it was refused; never a change of what was frozen.
    assert RegisterEntry.objects.exists() is not any(isinstance(one, Exception) for one in found), found


def test_sessions_added_while_an_outcome_is_approved():
    course = running()
    enrolment, admin = make.enrolment(course), make.admin()
    kept = [SessionTimes(row.starts_at, row.ends_at) for row in course.sessions.all()]
    later = timezone.now() + timedelta(days=3)
    found = at_once(
        lambda: set_sessions(
            course=course, sessions=[*kept, SessionTimes(later, later + timedelta(hours=1))], by=admin
        ),
        lambda: freeze_enrolment(enrolment=enrolment, by=admin),
    )
    refused = [one for one in found if isinstance(one, Exception)]
    assert all(isinstance(one, SessionsRefused) for one in refused), found
    assert course.sessions.count() == (2 if refused else 3)


def test_one_licence_granted_twice_at_once_is_one():
    programme, admin = make.ProgrammeFactory.create(), make.admin()

    def grant() -> Licence:
        return grant_licence(
            name="Ada",
            email="ada@people.example",
            programme=programme,
            country="GB",
            valid_from=timezone.localdate(),
            by=admin,
        )

    found = at_once(grant, grant)
    assert len({one.pk for one in found}) == 1, found


@pytest.mark.parametrize("acts", [(confirm_sponsor, refuse_sponsor), (refuse_sponsor, refuse_sponsor)])
def test_two_contacts_answer_for_a_sponsor_at_once(acts):
    course = running()
    organisation = make.OrganisationFactory.create(name="Bradford Council")
    contacts = [make.commissioner(organisation) for _ in acts]
    make.admin()
    made = add_walk_in(
        course=course,
        nominee=nominee(),
        sponsor=None,
        sponsor_name=organisation.name,
        by=make.trainer_of(course),
    )
    answer(made.token)()
    found = at_once(*(partial(act, nomination=made, by=by) for act, by in zip(acts, contacts, strict=True)))
    enrolment = Enrolment.objects.get()
    # Confirmed, or refused once and to be named; whoever came second was told, or said the same.
    refused = [one for one in found if isinstance(one, Exception)]
    assert all(type(one) in (SponsorConfirmed, SponsorChanged) for one in refused), found
    assert len(refused) == (confirm_sponsor in acts)
    assert SponsorRefusal.objects.count() == (enrolment.sponsor_confirmed_at is None)
    assert enrolment.sponsor_to_be_named is (enrolment.sponsor_confirmed_at is None)
    letters = OutgoingEmail.objects.filter(subject="Somebody on a course needs a sponsor")
    assert letters.count() == SponsorRefusal.objects.count()
