"""The second step of signing in: set up, asked for, lost, reset; and that an AIM admin has one."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.fernet import InvalidToken
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.actions import reseal_secrets, reset_second_factor
from accounts.models import OutgoingEmail, Person, SecurityStep
from accounts.sealing import unseal
from accounts.second_factors import factors_of
from accounts.states import SecurityAct
from assessments.answering.actions import start_submission
from assessments.models import Answer
from tests import factories
from tests.accounts.entering import ask, code_to, sign_in, type_code
from tests.accounts.steps import app_code, take_second_step, with_app

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client: Client) -> Person:
    made: Person = factories.PersonFactory.create(name="Zoë", email="zoe@people.example")
    sign_in(client, made)
    return made


def is_in(client: Client) -> bool:
    return bool(client.get(reverse("account")).status_code == 200)


def first_step(person: Person) -> Client:
    """A browser in which the emailed code of `person` was typed."""
    browser = Client()
    ask(browser, person.email)
    assert type_code(browser, code_to(person.email)).url == reverse("mfa_authenticate")
    return browser


def secret_on(page: str) -> str:
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert found
    return found[1]


# --- Setting up -----------------------------------------------------------------------------------


def test_app_is_set_up_by_its_first_code(client: Client, person: Person) -> None:
    elsewhere = sign_in(Client(), person)
    page = client.get(reverse("account_add_app"))
    secret = secret_on(page.text)
    assert "<svg" in page.text
    wrong = client.post(reverse("account_add_app"), {"code": "000000"})
    assert "not the code that the app shows" in wrong.text
    assert secret_on(wrong.text) == secret
    assert not factors_of(person)
    done = client.post(reverse("account_add_app"), {"code": app_code(secret)})
    assert done.url == reverse("account_recovery_codes")  # type: ignore[attr-defined]
    assert len(re.findall(r"<code>\d{4} \d{4}</code>", client.get(done.url).text)) == 10  # type: ignore[attr-defined]
    assert [factor.name for factor in factors_of(person)] == ["Authenticator app"]
    assert is_in(client)
    assert not is_in(elsewhere)
    assert "second step was added" in OutgoingEmail.objects.get(to_address=person.email).text
    step = SecurityStep.objects.get()
    assert (step.person, step.act, step.done_by) == (person, SecurityAct.ADDED, person)


def test_secrets_stand_sealed_in_the_database_and_in_the_session(client: Client, person: Person) -> None:
    secret = secret_on(client.get(reverse("account_add_app")).text)
    assert secret not in str(dict(client.session))
    client.post(reverse("account_add_app"), {"code": app_code(secret)})
    stored = Authenticator.objects.get(user=person, type="totp").data["secret"]
    assert secret not in stored
    assert unseal(stored) == secret


def test_second_app_is_refused(client: Client, person: Person) -> None:
    with_app(person)
    client = finish(first_step(person), person)
    secret = secret_on(client.get(reverse("account_add_app")).text)
    assert client.post(reverse("account_add_app"), {"code": app_code(secret)}).status_code == 409


def finish(browser: Client, person: Person) -> Client:
    """Type what the app shows."""
    take_second_step(browser, unseal(Authenticator.objects.get(user=person, type="totp").data["secret"]))
    return browser


@pytest.mark.parametrize("sent", ["", "{}", "[]", "null", "17", '{"id": 1}', '{"response": {}}', "{" * 50])
@pytest.mark.parametrize("name", ["account_add_passkey", "mfa_authenticate"])
def test_passkey_that_no_browser_made_is_refused(
    client: Client, person: Person, name: str, sent: str
) -> None:
    browser = client
    if name == "mfa_authenticate":
        with_app(person)
        browser = first_step(person)
    browser.get(reverse(name))
    answer = browser.post(reverse(name), {"name": "Telephone", "credential": sent})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert Authenticator.objects.filter(type="webauthn").count() == 0


def test_passkey_without_a_name_is_asked_for_its_name_alone(client: Client, person: Person) -> None:
    client.get(reverse("account_add_passkey"))
    answer = client.post(reverse("account_add_passkey"), {"name": "", "credential": ""})
    summary = answer.text.partition("data-error-summary")[2].partition("</ul>")[0]
    assert "Enter a name for the passkey." in summary
    assert "No passkey was made" not in summary


# --- Signing in -----------------------------------------------------------------------------------


def test_emailed_code_alone_signs_nobody_in_who_has_a_second_step(person: Person) -> None:
    secret = with_app(person)
    browser = first_step(person)
    assert not is_in(browser)
    assert "<title>Error:" in browser.post(reverse("mfa_authenticate"), {"code": "000000"}).text
    assert not is_in(browser)
    take_second_step(browser, secret)
    assert is_in(browser)


def test_code_of_the_app_works_once(person: Person) -> None:
    secret = with_app(person)
    code = app_code(secret)
    first = first_step(person)
    assert first.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert first_step(person).post(reverse("mfa_authenticate"), {"code": code}).status_code == 422


def test_recovery_code_works_once_in_place_of_the_app(person: Person) -> None:
    with_app(person)
    code = RecoveryCodes(Authenticator.objects.get(user=person, type="recovery_codes")).get_unused_codes()[0]
    browser = first_step(person)
    assert browser.post(reverse("mfa_authenticate"), {"code": f"{code[:4]} {code[4:]}"}).status_code == 302
    assert is_in(browser)
    assert first_step(person).post(reverse("mfa_authenticate"), {"code": code}).status_code == 422


def test_eleventh_code_within_a_quarter_of_an_hour_is_refused(person: Person) -> None:
    secret = with_app(person)
    browser = first_step(person)
    code = app_code(secret)
    for _ in range(10):
        browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    refused = browser.post(reverse("mfa_authenticate"), {"code": code})
    assert refused.status_code == 429
    assert "Wait 15 minutes" in refused.text


def test_text_that_was_typed_is_kept_through_the_second_step(client: Client) -> None:
    course = factories.course()
    factories.sitting(course)
    enrolment = factories.enrolment(course)
    start_submission(enrolment=enrolment, by=enrolment.person)
    secret = with_app(enrolment.person)
    path = reverse("assessments:question", args=[enrolment.uuid, 1])
    form = {"base_revision": "0", "then": "next", "text": "My own words."}
    client.post(path, form | {"signing-step": "email", "signing-email": enrolment.person.email})
    typed = {"signing-step": "code", "signing-code": code_to(enrolment.person.email)}
    asked = client.post(path, form | typed)
    assert "One more step" in asked.text
    assert "My own words." in asked.text
    wrong = client.post(path, form | {"signing-step": "second", "signing-code": "000000"})
    assert "My own words." in wrong.text
    assert not Answer.objects.exists()
    done = client.post(path, form | {"signing-step": "second", "signing-code": app_code(secret)})
    assert done.status_code == 302
    assert Answer.objects.get().text == "My own words."


# --- Removing, renewing ---------------------------------------------------------------------------


def test_removing_the_last_one_ends_other_sessions_and_the_recovery_codes(person: Person) -> None:
    with_app(person)
    browser, elsewhere = finish(first_step(person), person), finish(first_step(person), person)
    handle = factors_of(person)[0].handle
    for _ in range(2):
        answer = browser.post(reverse("account_remove_factor", args=[handle]))
        assert answer.url == reverse("account_second_step")  # type: ignore[attr-defined]
    assert not Authenticator.objects.filter(user=person).exists()
    assert is_in(browser)
    assert not is_in(elsewhere)
    assert SecurityStep.objects.filter(act=SecurityAct.REMOVED).count() == 1


def test_nobody_removes_anothers_by_its_handle(client: Client, person: Person) -> None:
    other = factories.PersonFactory.create()
    with_app(other)
    client.post(reverse("account_remove_factor", args=[factors_of(other)[0].handle]))
    assert factors_of(other)


def test_new_recovery_codes_end_the_old(person: Person) -> None:
    with_app(person)
    browser = finish(first_step(person), person)
    page = reverse("account_recovery_codes")
    before = set(re.findall(r"<code>(\d{4} \d{4})</code>", browser.get(page).text))
    browser.post(page)
    assert before.isdisjoint(re.findall(r"<code>(\d{4} \d{4})</code>", browser.get(page).text))
    assert SecurityStep.objects.filter(act=SecurityAct.RECOVERY_CODES).count() == 1


def test_recovery_codes_without_a_second_step_are_refused(client: Client, person: Person) -> None:
    assert client.post(reverse("account_recovery_codes")).status_code == 409


# --- An AIM admin has one -------------------------------------------------------------------------


@pytest.fixture
def required(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = True


@pytest.mark.usefixtures("required")
def test_aim_admin_without_one_is_led_to_set_one_up_and_is_no_admin_until_then(client: Client) -> None:
    admin = factories.admin()
    client.force_login(admin)
    step = reverse("account_second_step")
    for name in ("home", "staff", "certification:queue", "create_organisation"):
        answer = client.get(reverse(name))
        assert (answer.status_code, answer.headers["Location"]) == (302, step)
    assert "AIM admins need a second step" in client.get(step).text
    assert is_in(client)
    posted = client.post(reverse("appoint_staff"), {"name": "Eve", "email": "eve@people.example"})
    assert posted.headers["Location"] == step
    assert not Person.objects.filter(email="eve@people.example").exists()
    with_app(admin)
    client.force_login(admin)
    assert client.get(reverse("staff")).status_code == 200
    assert client.get(reverse("home")).status_code == 200


@pytest.mark.usefixtures("required")
def test_who_is_no_admin_is_refused_as_ever(client: Client, person: Person) -> None:
    assert client.get(reverse("staff")).status_code == 403
    assert client.get(reverse("home")).status_code == 200


@pytest.mark.usefixtures("required")
def test_aim_admin_keeps_the_last_one(client: Client) -> None:
    admin = factories.admin()
    with_app(admin)
    client.force_login(admin)
    answer = client.post(reverse("account_remove_factor", args=[factors_of(admin)[0].handle]))
    assert answer.status_code == 409
    assert factors_of(admin)


@pytest.mark.usefixtures("required")
def test_first_admin_is_appointed_by_command_and_led_to_set_one_up() -> None:
    call_command("appoint_admin", "Ada", "ada@people.example")
    ada = Person.objects.get(email="ada@people.example")
    browser = sign_in(Client(), ada)
    assert browser.get(reverse("home")).headers["Location"] == reverse("account_second_step")
    secret = secret_on(browser.get(reverse("account_add_app")).text)
    browser.post(reverse("account_add_app"), {"code": app_code(secret)})
    assert browser.get(reverse("staff")).status_code == 200


# --- Lost -----------------------------------------------------------------------------------------


def test_aim_admin_resets_anothers_with_a_reason(client: Client) -> None:
    admin, other = factories.admin(), factories.admin(email="locked@people.example")
    with_app(other)
    signed_in = finish(first_step(other), other)
    OutgoingEmail.objects.all().delete()
    client.force_login(admin)
    page = reverse("reset_second_step", args=[other.uuid])
    key = {"idempotency_key": str(uuid4())}
    assert "<title>Error:" in client.post(page, {"reason": " ", **key}).text
    assert factors_of(other)
    for _ in range(2):
        done = client.post(page, {"reason": "Lost her telephone; I rang her.", **key})
        assert done.headers["Location"] == reverse("person", args=[other.uuid])
    assert not Authenticator.objects.filter(user=other).exists()
    assert not is_in(signed_in)
    told = OutgoingEmail.objects.get(to_address=other.email)
    assert "was reset" in told.subject
    assert "telephone" not in told.text
    step = SecurityStep.objects.get(act=SecurityAct.RESET)
    assert (step.person, step.done_by, step.reason) == (other, admin, "Lost her telephone; I rang her.")
    assert "Lost her telephone; I rang her." in client.get(reverse("person", args=[other.uuid])).text


def test_nobody_resets_their_own(client: Client) -> None:
    admin = factories.admin()
    with_app(admin)
    client.force_login(admin)
    form = {"reason": "Lost it.", "idempotency_key": str(uuid4())}
    answer = client.post(reverse("reset_second_step", args=[admin.uuid]), form)
    assert answer.status_code == 409
    assert factors_of(admin)


def test_command_lets_the_last_admin_in_again() -> None:
    admin = factories.admin(email="last@people.example")
    with_app(admin)
    with pytest.raises(CommandError):
        call_command("reset_second_step", "last@people.example", "  ")
    with pytest.raises(CommandError):
        call_command("reset_second_step", "nobody@people.example", "Lost it.")
    for _ in range(2):
        call_command("reset_second_step", "Last@People.example", "Lost it; seen in person.")
    assert not factors_of(admin)
    step = SecurityStep.objects.get(act=SecurityAct.RESET)
    assert (step.done_by, step.reason) == (admin, "Lost it; seen in person.")


def test_trace_is_never_changed(person: Person) -> None:
    with_app(person)
    for sql in ("UPDATE accounts_securitystep SET reason = 'x'", "DELETE FROM accounts_securitystep"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


# --- The key --------------------------------------------------------------------------------------


def test_secrets_outlive_a_change_of_the_key(person: Person, settings: Any) -> None:
    secret = with_app(person)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = (
        [settings.SECRET_KEY],
        "another key, as long as it takes",
    )
    assert reseal_secrets() == 2
    assert reseal_secrets() == 0
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(Authenticator.objects.get(user=person, type="totp").data["secret"]) == secret


def test_secret_that_no_key_opens_is_never_taken_for_an_empty_one(person: Person, settings: Any) -> None:
    with_app(person)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key, as long as it takes", []
    with pytest.raises(InvalidToken):
        unseal(Authenticator.objects.get(user=person, type="totp").data["secret"])


def test_reset_of_nothing_writes_to_nobody(person: Person) -> None:
    OutgoingEmail.objects.all().delete()
    assert not reset_second_factor(person=person, reason="Asked.", by=factories.admin())
    assert not OutgoingEmail.objects.exists()
