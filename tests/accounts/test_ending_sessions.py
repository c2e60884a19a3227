"""Which acts sign somebody out elsewhere: those after which an older session has proved too little."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import end_sessions, end_staff_appointment, set_password
from accounts.models import OutgoingEmail, Person
from courses.actions import withdraw_licence
from tests import factories
from tests.accounts.entering import ask, code_to, sign_in, type_code
from tests.accounts.steps import app_code, with_app

pytestmark = pytest.mark.django_db

PASSWORD = "a long and quiet sentence"


@pytest.fixture
def person(client: Client) -> Person:
    made: Person = factories.PersonFactory.create(name="Zoë", email="zoe@people.example")
    sign_in(client, made)
    return made


@pytest.fixture
def elsewhere(person: Person) -> Client:
    return sign_in(Client(), person)


def is_in(client: Client) -> bool:
    return bool(client.get(reverse("account")).status_code == 200)


def move_address(client: Client, new: str) -> None:
    """Change one's address on the pages."""
    asked = client.post(reverse("account_change_email"), {"email": new})
    assert client.post(asked.url, {"code": code_to(new)}).url == reverse("account")  # type: ignore[attr-defined]


def test_changing_the_address_ends_every_other_session(
    client: Client, person: Person, elsewhere: Client
) -> None:
    stranger = sign_in(Client(), factories.PersonFactory.create())
    move_address(client, "new@home.example")
    assert is_in(client)
    assert not is_in(elsewhere)
    assert is_in(stranger)


def test_letter_to_the_old_address_says_that_other_devices_were_signed_out(
    client: Client, person: Person
) -> None:
    move_address(client, "new@home.example")
    told = OutgoingEmail.objects.get(to_address="zoe@people.example")
    assert "signed out" in told.text


def test_code_on_its_way_to_the_old_address_signs_nobody_in_after_a_change(
    client: Client, person: Person
) -> None:
    pending = Client()
    ask(pending, "zoe@people.example")
    code = code_to("zoe@people.example")
    move_address(client, "new@home.example")
    answer = type_code(pending, code)
    assert answer.status_code == 422
    assert "Ask for a new one" in answer.text
    assert not is_in(pending)


def test_code_asked_for_before_signing_out_everywhere_is_too_old_after_it(
    client: Client, person: Person
) -> None:
    pending = Client()
    ask(pending, person.email)
    code = code_to(person.email)
    client.post(reverse("account_sign_out_everywhere"))
    assert type_code(pending, code).status_code == 422
    assert not is_in(pending)
    assert is_in(sign_in(Client(), person))


def test_half_done_sign_in_by_the_old_password_ends_with_it(person: Person) -> None:
    """What is pending says since when; the last step before signing in looks again."""
    pending = Client()
    ask(pending, person.email)
    typed = code_to(person.email)
    set_password(person=person, password=PASSWORD, by=person)
    assert type_code(pending, typed).status_code == 422
    assert not is_in(pending)


def test_second_step_that_was_awaited_when_somebody_was_signed_out_comes_to_nothing(person: Person) -> None:
    """Its first step is done, and no later page but the last one looks again."""
    secret = with_app(person)
    pending = Client()
    ask(pending, person.email)
    assert type_code(pending, code_to(person.email)).url == reverse("mfa_authenticate")
    end_sessions(person=person, by=person)
    answer = pending.post(reverse("mfa_authenticate"), {"code": app_code(secret)}, follow=True)
    assert "You were signed out meanwhile" in answer.text
    assert not is_in(pending)


def test_setting_a_password_ends_every_other_session(
    client: Client, person: Person, elsewhere: Client
) -> None:
    typed = {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post(reverse("account_set_password"), typed).url == reverse("account")  # type: ignore[attr-defined]
    assert is_in(client)
    assert not is_in(elsewhere)


def test_changing_a_password_ends_every_other_session(client: Client, person: Person) -> None:
    set_password(person=person, password=PASSWORD, by=person)
    sign_in(client, person)
    elsewhere = sign_in(Client(), person)
    typed = {"oldpassword": PASSWORD, "password1": PASSWORD + "2", "password2": PASSWORD + "2"}
    assert client.post(reverse("account_change_password"), typed).url == reverse("account")  # type: ignore[attr-defined]
    assert is_in(client)
    assert not is_in(elsewhere)


def test_changing_the_name_ends_no_session(client: Client, person: Person, elsewhere: Client) -> None:
    client.post(reverse("account_change_name"), {"name": "Zoé"})
    assert is_in(client)
    assert is_in(elsewhere)


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_active": False, "merged": True}])
def test_closed_or_merged_account_is_signed_out_at_once(
    person: Person, elsewhere: Client, fields: dict[str, bool]
) -> None:
    into = factories.PersonFactory.create() if fields.get("merged") else None
    Person.objects.filter(pk=person.pk).update(is_active=False, merged_into=into)
    assert not is_in(elsewhere)


def test_standing_that_ended_is_read_afresh_and_signs_nobody_out() -> None:
    """What one may do is never kept in a session, so that ending it needs no signing out."""
    admin, other = factories.admin(), factories.admin()
    browser = Client()
    browser.force_login(admin)
    assert browser.get(reverse("staff")).status_code == 200
    end_staff_appointment(appointment=admin.staff_appointments.get(), by=other)
    assert browser.get(reverse("staff")).status_code == 403
    assert is_in(browser)


def test_withdrawn_licence_is_read_afresh_and_signs_nobody_out() -> None:
    programme = factories.ProgrammeFactory.create()
    associate = factories.associate(programme)
    version = factories.version(programme)
    browser = Client()
    browser.force_login(associate)
    page = reverse("assessments:version", args=[version.uuid])
    assert browser.get(page).status_code == 200
    withdraw_licence(licence=associate.licences.get(), by=factories.admin())
    assert browser.get(page).status_code == 404
    assert is_in(browser)


def test_ending_sessions_twice_ends_them_once(person: Person, elsewhere: Client) -> None:
    assert end_sessions(person=person, by=person) == 2
    assert end_sessions(person=person, by=person) == 0
