"""Somebody who moved to another address stays one person, and is never asked to decide about themself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import change_email
from accounts.models import ConfirmedAddress, OutgoingEmail, Person
from certification.eligibility import as_approver
from courses import expectations
from courses.actions import (
    AlreadyEnrolled,
    NominationRefused,
    OwnNomination,
    TakesPart,
    accept,
    assign_associate,
    nominate,
    withdraw_nomination,
)
from courses.actions.answering import SignInFirst
from courses.models import Course, Enrolment, Nomination
from courses.permissions import Courses
from courses.tokens import sha256_of
from tests import factories
from tests.accounts.entering import ask
from tests.courses.factories import coming, nominee
from tests.courses.pages import signed_in

pytestmark = pytest.mark.django_db

OLD, NEW = "zoe@old.example", "zoe@new.example"
ANSWER = {"certificate_name": "Zoë", "accepted": "on", "expectations_version": expectations.CURRENT}


def moved(**fields: str) -> Person:
    person = factories.PersonFactory.create(email=OLD, **fields)
    return change_email(person=person, email=NEW, by=person)


def invited(course: Course | None = None, email: str = OLD) -> str:
    token = f"token-{Nomination.objects.count()}"
    factories.nomination(course or coming(), email=email, token_sha256=sha256_of(token))
    return token


def page_of(token: str) -> str:
    return reverse("courses:invitation", args=[token])


def test_both_addresses_stay_tied_to_the_account() -> None:
    person = moved()
    old, new = person.confirmed_addresses.order_by("pk")
    assert (old.email, new.email, new.given_up_at) == (OLD, NEW, None)
    assert old.confirmed_at <= old.given_up_at
    change_email(person=person, email=OLD, by=person)
    assert set(
        person.confirmed_addresses.filter(given_up_at__isnull=True).values_list("email", flat=True)
    ) == {OLD}
    assert person.confirmed_addresses.count() == 2


def test_an_address_that_was_given_up_signs_nobody_in(client: Client) -> None:
    moved()
    OutgoingEmail.objects.all().delete()
    ask(client, OLD)
    (letter,) = OutgoingEmail.objects.filter(to_address=OLD)
    assert "no_account" not in letter.text
    assert not any(part.replace("-", "").isdigit() and len(part) == 9 for part in letter.text.split())


def test_an_invitation_to_an_earlier_address_is_accepted_on_ones_one_account() -> None:
    person, token = moved(), invited()
    client = signed_in(person)
    assert "an earlier address of yours" in client.get(page_of(token)).text
    done = client.post(page_of(token), ANSWER, follow=True)
    assert client.post(page_of(token), ANSWER).status_code == 302
    assert Enrolment.objects.get().person == person
    assert not Person.objects.filter(email=OLD).exists()
    assert "sign in with the address that your account has now" in done.text
    assert "You already have a place" not in done.text


def test_signed_out_nobody_is_taken_for_them_and_their_new_address_stays_theirs(client: Client) -> None:
    moved()
    course = coming()
    token = invited(course)
    refused = client.post(page_of(token), ANSWER)
    assert "sign in and open this link again" in refused.text
    assert NEW not in refused.text
    with pytest.raises(SignInFirst):
        accept(token=token, certificate_name="Zoë", expectations_version=expectations.CURRENT)
    assert signed_in(factories.PersonFactory.create()).post(page_of(token), ANSWER).status_code != 302
    assert not Enrolment.objects.exists()
    assert not Person.objects.filter(email=OLD).exists()


def test_whoever_has_the_address_now_gets_what_is_sent_to_it() -> None:
    before, token = moved(), invited()
    now = factories.PersonFactory.create()
    change_email(person=now, email=OLD, by=now)
    assert signed_in(before).post(page_of(token), ANSWER).status_code == 302
    assert Enrolment.objects.get().person == now


def test_nobody_is_put_forward_twice_by_two_addresses() -> None:
    person, course = moved(), coming()
    factories.enrolment(course, person)
    by = factories.commissioner(course.organisation)
    with pytest.raises(AlreadyEnrolled):
        nominate(course=course, nominee=nominee(email=OLD), sponsor=course.organisation, by=by)
    token = invited(course)
    assert "You already have a place" in signed_in(person).get(page_of(token)).text
    assert "You already have a place" not in Client().get(page_of(token)).text


def test_nobody_handles_their_own_under_an_earlier_address() -> None:
    course = coming()
    by = factories.commissioner(course.organisation, email=OLD)
    by = change_email(person=by, email=NEW, by=by)
    with pytest.raises(OwnNomination):
        nominate(course=course, nominee=nominee(email=OLD), sponsor=course.organisation, by=by)
    own = factories.nomination(course, email=OLD)
    assert not by.has_perm(Courses.HANDLE_NOMINATION, own)
    with pytest.raises(OwnNomination):
        withdraw_nomination(nomination=own, by=by)
    other = factories.commissioner(course.organisation)
    with pytest.raises(NominationRefused):
        nominate(
            course=course,
            nominee=nominee(email=NEW, manager_email=OLD),
            sponsor=course.organisation,
            by=other,
        )


def test_who_trains_a_course_is_not_put_forward_for_it_by_an_earlier_address_nor_the_reverse() -> None:
    course = coming()
    trainer = factories.trainer_of(course)
    old = trainer.email
    change_email(person=trainer, email=NEW, by=trainer)
    by = factories.commissioner(course.organisation)
    with pytest.raises(TakesPart):
        nominate(course=course, nominee=nominee(email=old), sponsor=course.organisation, by=by)
    other = factories.associate(course.programme, email="other@old.example")
    factories.nomination(course, email="other@old.example")
    other = change_email(person=other, email="other@new.example", by=other)
    with pytest.raises(TakesPart):
        assign_associate(course=course, associate=other, by=factories.admin())


def test_a_line_manager_named_by_an_earlier_address_has_a_conflict() -> None:
    admin = factories.admin(email=OLD)
    change_email(person=admin, email=NEW, by=admin)
    assert as_approver(admin).addresses == {OLD, NEW}


def test_one_address_is_nobodys_twice_at_once() -> None:
    person = moved()
    other = factories.PersonFactory.create()
    with pytest.raises(DatabaseError), transaction.atomic():
        ConfirmedAddress.objects.create(person=other, email=NEW)
    with pytest.raises(DatabaseError), transaction.atomic():
        ConfirmedAddress.objects.create(
            person=other, email="x@people.example", given_up_at=timezone.now() - timedelta(days=1)
        )
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_confirmedaddress WHERE person_id = %s", [person.pk])
