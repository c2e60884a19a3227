"""Whose a walk-in is: named by an organisation's name, asked, refused, named anew, confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.stale_forms import ChangedMeanwhile
from certification.actions import finalise
from certification.actions.finalising import CannotBeFinalised
from certification.eligibility import Code, unmet, with_facts
from courses.actions import (
    AlreadyNominated,
    NominationRefused,
    NotAccepted,
    OutcomeFinalised,
    OwnNomination,
    SponsorChanged,
    SponsorConfirmed,
    SponsorToBeNamed,
    SponsorUnknown,
    add_walk_in,
    confirm_acceptance,
    confirm_sponsor,
    name_sponsor,
    refuse_sponsor,
    withdraw_enrolment,
)
from courses.models import Course, Enrolment, Nomination, SponsorRefusal
from courses.rules import CourseNav
from tests import factories as make
from tests.courses.factories import NOON, accepted, fresh, letters_to, nominee, running

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


def walked_in(course: Course, **fields: Any) -> Nomination:
    keys = {"sponsor": None, "sponsor_name": "", "sponsor_to_be_named": False}
    given = {name: fields.pop(name, default) for name, default in keys.items()}
    return add_walk_in(course=course, nominee=nominee(**fields), **given, by=make.trainer_of(course))


def council(name: str = "Bradford Council", **fields: Any) -> tuple[Any, Person]:
    """An organisation that has nothing to do with the course, and who acts for it."""
    organisation = make.OrganisationFactory.create(name=name, **fields)
    return organisation, make.commissioner(organisation)


def asked(course: Course, name: str = "Bradford Council") -> tuple[Nomination, Enrolment, Person]:
    """A walk-in whose named sponsor is asked."""
    _organisation, contact = council(name)
    made = walked_in(course, sponsor_name=name)
    return made, accepted(made), contact


def sponsor_words(enrolment: Enrolment) -> str:
    """What the one rule says is unmet of the sponsor; empty where nothing is."""
    found = unmet(with_facts(Enrolment.objects.filter(pk=enrolment.pk)).get())
    return " ".join(need.words for need in found if need.code == Code.SPONSOR)


# --- Named by its name ---------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["Bradford Council", "  bradford COUNCIL ", "Brádford-Council"])
def test_another_organisation_is_named_by_its_whole_name_as_people_compare_names(typed):
    organisation, contact = council()
    make.commissioner(make.OrganisationFactory.create(name="Bradford Council Trust"))
    made = walked_in(running(), sponsor_name=typed)
    assert made.sponsor_organisation == organisation
    enrolment = accepted(made)
    assert enrolment.sponsor_organisation == organisation
    assert [letter.subject for letter in letters_to(contact.email)] == [
        "Somebody joined a course on the day: please confirm"
    ]


@pytest.mark.parametrize("typed", ["Bradford", "Bradford Council Trust", "Council Bradford", "–"])
def test_a_name_that_is_not_the_whole_one_is_refused_and_adds_nobody(typed):
    council()
    with pytest.raises(SponsorUnknown, match="Check the spelling") as refused:
        walked_in(running(), sponsor_name=typed)
    assert refused.value.field == "sponsor_name"
    assert not Nomination.objects.exists()


def test_an_organisation_that_nobody_could_answer_for_is_refused_in_the_same_words():
    said = []
    for ended, closed, own in ((True, False, False), (False, True, False), (False, False, True)):
        organisation, contact = council(f"Council {ended} {closed} {own}")
        if ended:
            contact.memberships.update(ended_at=timezone.now(), ended_by=contact)
        Person.objects.filter(pk=contact.pk).update(is_active=not closed)
        email = contact.email if own else "somebody@people.example"
        with pytest.raises(SponsorUnknown) as refused:
            walked_in(running(), sponsor_name=organisation.name, email=email)
        said.append(str(refused.value))
    with pytest.raises(SponsorUnknown) as refused:
        walked_in(running(), sponsor_name="No such council")
    assert {*said} == {str(refused.value)}


def test_of_two_with_one_name_that_in_the_course_s_country_is_meant():
    here, _contact = council(country="GB")
    council(country="IE")
    assert walked_in(running(), sponsor_name="Bradford Council").sponsor_organisation == here
    council("Bradford  Council", country="GB")
    with pytest.raises(SponsorUnknown):
        walked_in(running(), sponsor_name="Bradford Council")


def test_added_again_before_they_answer_the_sponsor_given_now_counts(time_machine):
    course = running()
    organisation, _contact = council()
    first = walked_in(course, sponsor=course.organisation, email="walks@people.example")
    time_machine.move_to(NOON + timedelta(minutes=2))
    again = walked_in(course, sponsor_name=organisation.name, email="walks@people.example")
    assert again.pk == first.pk
    assert accepted(again).sponsor_organisation == organisation


# --- Left to The AIM Project ---------------------------------------------------------------------


def test_a_walk_in_without_a_known_sponsor_takes_part_and_the_aim_project_is_told():
    course, admin = running(), make.admin()
    made = walked_in(course, sponsor_name="Some council in Yorkshire", sponsor_to_be_named=True)
    assert (made.sponsor_to_be_named, made.sponsor_said) == (True, "Some council in Yorkshire")
    enrolment = confirm_acceptance(enrolment=accepted(made), by=Person.objects.get(email=made.email))
    assert enrolment.sponsor_confirmed_at is None
    assert enrolment.sponsor_to_be_named
    assert [letter.subject for letter in letters_to(admin.email)] == ["Somebody on a course needs a sponsor"]
    assert "it is not known who sponsors them" in sponsor_words(enrolment)
    with pytest.raises(SponsorToBeNamed):
        confirm_sponsor(nomination=made, by=admin)


def test_nothing_is_finalised_before_a_sponsor_is_named():
    course, admin = running(), make.admin()
    organisation, contact = council()
    enrolment = make.enrolment(course, sponsor=None, confirmed=False, sponsor_to_be_named=True)
    enrolment.nomination.is_walk_in = enrolment.nomination.sponsor_to_be_named = True
    enrolment.nomination.save()
    made = make.recommendation(enrolment, outcome="not_assessed", finalised=False)
    with pytest.raises(CannotBeFinalised, match="The AIM Project names a sponsor"):
        finalise(recommendation=made, by=made.recommended_by)
    name_sponsor(nomination=enrolment.nomination, sponsor=organisation, seen="nobody", by=admin)
    assert finalise(recommendation=made, by=made.recommended_by).finalised_at
    # Also where the outcome is opened again, its follow-up stays the sponsor's.
    Enrolment.objects.update(outcome_finalised_at=None)
    with pytest.raises(OutcomeFinalised):
        refuse_sponsor(nomination=enrolment.nomination, by=contact)


# --- Not ours --------------------------------------------------------------------------------------


def test_not_ours_clears_the_sponsor_keeps_who_said_so_and_tells_the_aim_project():
    course, admin = running(), make.admin()
    made, enrolment, contact = asked(course)
    organisation = enrolment.sponsor_organisation
    found = refuse_sponsor(nomination=made, by=contact)
    made.refresh_from_db()
    for row in (found, made):
        assert (row.sponsor_organisation, row.sponsor_to_be_named) == (None, True)
    kept = SponsorRefusal.objects.get()
    assert (kept.enrolment, kept.organisation, kept.refused_by) == (enrolment, organisation, contact)
    assert kept.refused_at
    assert [letter.subject for letter in letters_to(admin.email)] == ["Somebody on a course needs a sponsor"]
    assert "it is not known who sponsors them" in sponsor_words(enrolment)
    # Pressed again, also by another of them, nothing more happens.
    other = make.commissioner(organisation)
    for by in (contact, other):
        assert refuse_sponsor(nomination=made, by=by) == enrolment
    assert SponsorRefusal.objects.count() == 1
    assert len(letters_to(admin.email)) == 1
    with pytest.raises(SponsorChanged, match="said meanwhile"):
        confirm_sponsor(nomination=made, by=other)


def test_a_refusal_is_never_changed_or_deleted():
    made, _enrolment, contact = asked(running())
    refuse_sponsor(nomination=made, by=contact)
    with pytest.raises(DatabaseError), transaction.atomic():
        SponsorRefusal.objects.update(refused_at=timezone.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        SponsorRefusal.objects.all().delete()


def test_who_sponsors_is_told_by_history_without_a_name():
    made, enrolment, contact = asked(running())
    refuse_sponsor(nomination=made, by=contact)
    for label, row in (("courses.EnrolmentEvent", enrolment), ("courses.NominationEvent", made)):
        events = apps.get_model(label)._default_manager.filter(pgh_obj_id=row.pk).order_by("pk")
        states = list(events.values_list("sponsor_organisation", "sponsor_to_be_named"))
        assert states[0] == (enrolment.sponsor_organisation_id, False)
        assert states[-1] == (None, True)
        names = {field.name for field in events.model._meta.get_fields()}
        assert not names & {"name", "email", "sponsor_said", "certificate_name"}


def test_nobody_answers_about_themself_for_the_organisation_that_was_named():
    course = running()
    organisation, contact = council()
    make.commissioner(organisation)
    made = walked_in(course, sponsor_name=organisation.name, email=contact.email)
    accepted(made)
    for act in (confirm_sponsor, refuse_sponsor):
        with pytest.raises(OwnNomination):
            act(nomination=made, by=contact)
    assert not any(letter.subject.endswith("please confirm") for letter in letters_to(contact.email))


def test_not_ours_is_too_late_once_they_said_yes_left_or_an_outcome_is_finalised():
    course = running()
    made, _enrolment, contact = asked(course)
    confirm_sponsor(nomination=made, by=contact)
    with pytest.raises(SponsorConfirmed, match="confirmed on 22 November 2026"):
        refuse_sponsor(nomination=made, by=contact)
    made, enrolment, contact = asked(course, "Halifax Council")
    Enrolment.objects.filter(pk=enrolment.pk).update(outcome_finalised_at=timezone.now())
    with pytest.raises(OutcomeFinalised, match="write to The AIM Project"):
        refuse_sponsor(nomination=made, by=contact)
    # Their yes comes after finalising by design.
    assert confirm_sponsor(nomination=made, by=contact).sponsor_confirmed_by == contact
    made, enrolment, contact = asked(course, "Hull Council")
    withdraw_enrolment(enrolment=enrolment, by=enrolment.person)
    with pytest.raises(NotAccepted):
        refuse_sponsor(nomination=made, by=contact)
    assert not SponsorRefusal.objects.exists()


def test_the_database_holds_that_a_sponsor_stays_once_an_outcome_was_finalised():
    asked(running())
    other, _contact = council("Hull Council")
    for settled in ({"outcome_finalised_at": timezone.now()}, {"sponsor_settled_at": timezone.now()}):
        with transaction.atomic():
            Enrolment.objects.update(**settled)
            for change in ({"sponsor_organisation": other}, {"sponsor_organisation": None}):
                with pytest.raises(DatabaseError), transaction.atomic():
                    Enrolment.objects.update(**change)
            transaction.set_rollback(True)
    for impossible in (
        {"sponsor_to_be_named": True},
        {"sponsor_to_be_named": True, "sponsor_organisation": None, "outcome_finalised_at": timezone.now()},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Enrolment.objects.update(**impossible)


# --- What whoever is asked knows -------------------------------------------------------------------


def test_a_sponsor_sees_nobody_before_they_accept_and_nothing_of_them_before_it_confirmed():
    course = running()
    organisation, contact = council()
    made = walked_in(course, sponsor_name=organisation.name)

    def seen() -> tuple[bool, bool, bool]:
        user = fresh(contact)
        return (
            Course.objects.visible_to(user).filter(pk=course.pk).exists(),
            Nomination.objects.visible_to(user).filter(pk=made.pk).exists(),
            Enrolment.objects.visible_to(user).filter(course=course).exists(),
        )

    assert seen() == (False, False, False)
    enrolment = accepted(made)
    assert seen() == (True, True, False)
    assert CourseNav(fresh(contact), course).is_commissioner
    with transaction.atomic():
        confirm_sponsor(nomination=made, by=contact)
        assert seen() == (True, True, True)
        transaction.set_rollback(True)
    with transaction.atomic():
        before = len(letters_to(contact.email))
        withdraw_enrolment(enrolment=enrolment, by=enrolment.person)
        assert seen() == (False, False, False)
        assert len(letters_to(contact.email)) == before
        transaction.set_rollback(True)
    refuse_sponsor(nomination=made, by=contact)
    assert seen() == (False, False, False)
    assert not CourseNav(fresh(contact), course).is_commissioner


# --- Named anew ------------------------------------------------------------------------------------


def test_the_aim_project_names_another_who_is_asked_in_turn_and_confirms():
    course, admin = running(), make.admin()
    made, enrolment, contact = asked(course)
    refuse_sponsor(nomination=made, by=contact)
    other, other_contact = council("Hull Council")
    found = name_sponsor(nomination=made, sponsor=other, seen="nobody", by=admin)
    assert (found.sponsor_organisation, found.sponsor_to_be_named) == (other, False)
    assert [letter.subject for letter in letters_to(other_contact.email)] == [
        "Somebody joined a course on the day: please confirm"
    ]
    subjects = [letter.subject for letter in letters_to(enrolment.person.email)]
    assert subjects[-1] == "Your sponsor on a course has changed"
    assert "Ask the sponsor to confirm" in sponsor_words(enrolment)
    # The same twice is the same.
    assert name_sponsor(nomination=made, sponsor=other, seen="nobody", by=admin) == found
    assert len(letters_to(other_contact.email)) == 1
    with pytest.raises(SponsorChanged):
        confirm_sponsor(nomination=made, by=contact)
    confirm_sponsor(nomination=made, by=other_contact)
    confirm_acceptance(enrolment=enrolment, by=enrolment.person)
    assert sponsor_words(enrolment) == ""
    with pytest.raises(SponsorConfirmed):
        name_sponsor(nomination=made, sponsor=course.organisation, seen=str(other.uuid), by=admin)


def test_another_can_be_named_before_the_first_has_answered_but_not_over_another_s_choice():
    course, admin = running(), make.admin()
    made, enrolment, contact = asked(course)
    first = enrolment.sponsor_organisation
    other, _contact = council("Hull Council")
    third, _contact = council("York Council")
    name_sponsor(nomination=made, sponsor=other, seen=str(first.uuid), by=admin)
    with pytest.raises(ChangedMeanwhile):
        name_sponsor(nomination=made, sponsor=third, seen=str(first.uuid), by=make.admin())
    enrolment.refresh_from_db()
    assert enrolment.sponsor_organisation == other
    assert not Nomination.objects.visible_to(fresh(contact)).exists()
    # That they pay for themself is another choice than none.
    name_sponsor(nomination=made, sponsor=None, seen=str(other.uuid), by=admin)
    with pytest.raises(ChangedMeanwhile):
        name_sponsor(nomination=made, sponsor=third, seen="nobody", by=make.admin())


def test_a_walk_in_who_is_to_pay_says_so_themself():
    course, admin = running(), make.admin()
    made, enrolment, contact = asked(course)
    confirm_acceptance(enrolment=enrolment, by=enrolment.person)
    refuse_sponsor(nomination=made, by=contact)
    found = name_sponsor(nomination=made, sponsor=None, seen="nobody", by=admin)
    assert (found.sponsor_organisation, found.sponsor_to_be_named, found.sponsor_confirmed_at) == (
        None,
        False,
        None,
    )
    assert "pays for themself" in sponsor_words(enrolment)
    assert (
        confirm_acceptance(enrolment=enrolment, by=enrolment.person).sponsor_confirmed_by == enrolment.person
    )
    assert sponsor_words(enrolment) == ""


def test_naming_is_refused_where_nobody_could_answer_or_the_outcome_is_finalised():
    course, admin = running(), make.admin()
    made, enrolment, _contact = asked(course)
    seen = enrolment.sponsor_organisation
    empty = make.OrganisationFactory.create(name="Nobody’s Council")
    own = make.OrganisationFactory.create(name="Own Council")
    own.memberships.create(person=enrolment.person, started_by=admin)
    for sponsor in (empty, own):
        with pytest.raises(NominationRefused, match="Invite a commissioner first"):
            name_sponsor(nomination=made, sponsor=sponsor, seen=str(seen.uuid), by=admin)
    other, _contact = council("Hull Council")
    make.nomination(course, sponsor=other, email=made.email)
    with pytest.raises(AlreadyNominated):
        name_sponsor(nomination=made, sponsor=other, seen=str(seen.uuid), by=admin)
    Nomination.objects.exclude(pk=made.pk).update(withdrawn_at=timezone.now(), withdrawn_by=admin)
    Enrolment.objects.update(outcome_finalised_at=timezone.now())
    with pytest.raises(OutcomeFinalised, match="returned to the trainer"):
        name_sponsor(nomination=made, sponsor=other, seen=str(seen.uuid), by=admin)
    nominated = make.enrolment(course).nomination
    with pytest.raises(SponsorConfirmed, match="was nominated"):
        name_sponsor(nomination=nominated, sponsor=None, seen=str(course.organisation.uuid), by=admin)
