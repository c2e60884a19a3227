"""What cannot be undone is asked anew, on its own page, and done once with what was filled in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.test import Client
from django.urls import get_resolver, resolve, reverse

from accounts.actions import add_app, set_password
from accounts.models import OutgoingEmail, Person, StaffAppointment
from tests import factories
from tests.accounts.entering import code_to
from tests.accounts.steps import app_code, stale, with_app
from tests.permissions.asking import path_of, routes, state_of_everything, undone
from tests.permissions.world import World, build

pytestmark = pytest.mark.django_db

ACTS = {
    "account_add_app": ("GET", "POST"),
    "account_add_passkey": ("GET", "POST"),
    "account_change_email": ("GET", "POST"),
    "account_change_password": ("GET", "POST"),
    "account_recovery_codes": ("GET", "POST"),
    "account_remove_factor": ("POST",),
    "account_data_ask": ("POST",),
    "account_data_download": ("GET",),
    "account_set_password": ("GET", "POST"),
    "appoint_staff": ("POST",),
    "ask_for_somebodys_data": ("POST",),
    "assessments:framework_publish": ("POST",),
    "assessments:version_export": ("GET",),
    "assessments:version_freeze": ("POST",),
    "certification:appoint": ("POST",),
    "certification:approve_all": ("POST",),
    "certification:decide": ("POST",),
    "certification:redact": ("POST",),
    "certification:report_download": ("GET",),
    "certification:report_request": ("POST",),
    "certification:revoke": ("POST",),
    "courses:cancel": ("POST",),
    "courses:licence_withdraw": ("POST",),
    "end_staff_appointment": ("POST",),
    "reset_second_step": ("POST",),
    "safeguarding:appoint_lead": ("POST",),
    "safeguarding:end_lead": ("POST",),
    "sign_out_for": ("POST",),
}
ASKS = "Show that it is still you"
PASSWORD = "a long and quiet sentence"
KEY = "7c2b2d2e-5a52-4c4c-9d1c-6d4f6b0f0a11"
FORM = {"name": "Bo <O’Neill>", "email": "bo@people.example"}


def appointed() -> bool:
    return StaffAppointment.objects.filter(person__email="bo@people.example").exists()


@pytest.fixture
def admin(client: Client) -> Person:
    made: Person = factories.admin(email="admin@people.example")
    client.force_login(made)
    return made


def hidden(page: str) -> dict[str, str]:
    """What the last form of the page that asks carries along."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.split("<form")[-1])
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_what_asks_anew_is_what_is_written_down() -> None:
    world: World = build()
    found = {}
    for route in set(routes()):
        methods = getattr(resolve(path_of(route, world, "")).func, "asks_anew", None)
        if methods:
            found[route] = methods
    assert found == ACTS
    assert get_resolver()


@pytest.mark.parametrize("route", ACTS)
def test_nothing_is_done_or_told_until_it_is_proved(client: Client, route: str) -> None:
    world = build()
    with undone():
        who = world.people["AIM admin"]
        assert who
        client.force_login(who)
        stale(client)
        path = path_of(route, world, "")
        before = state_of_everything()
        for method in ACTS[route]:
            answer = (
                client.generic(method, path) if method == "GET" else client.post(path, {"reason": "Why."})
            )
            assert answer.status_code == 200
            assert ASKS in answer.text
        # What a form says of itself makes nothing less.
        if "POST" in ACTS[route]:
            claimed = {"proving-step": "x", "proving-came-by": "GET", "reason": "Why."}
            assert ASKS in client.post(path, claimed).text
        assert state_of_everything() == before


def test_form_is_kept_and_done_once_by_an_emailed_code(client: Client, admin: Person) -> None:
    stale(client)
    page = reverse("appoint_staff")
    asked = client.post(page, FORM)
    assert ASKS in asked.text
    kept = hidden(asked.text)
    assert kept["proving-step"] == "send"
    assert kept["email"] == FORM["email"]
    assert "Bo &lt;O’Neill&gt;" in asked.text
    sent = client.post(page, FORM | {"proving-step": "send", "proving-came-by": "POST"})
    assert "We sent a code to" in sent.text
    code = code_to(admin.email)
    assert code not in str(dict(client.session))
    typed = FORM | {"proving-step": "code", "proving-came-by": "POST"}
    wrong = client.post(page, typed | {"proving-code": "0000-0000"})
    assert "<title>Error:" in wrong.text
    assert "This is not the code that we emailed last." in wrong.text
    assert "Bo &lt;O’Neill&gt;" in wrong.text
    assert not appointed()
    done = client.post(page, typed | {"proving-code": code})
    assert done.headers["Location"] == reverse("staff")
    assert StaffAppointment.objects.get(person__email="bo@people.example").person.name == FORM["name"]
    # From now on for a while it asks no more.
    assert client.post(page, {"name": "Cy", "email": "cy@people.example"}).status_code == 302
    used = OutgoingEmail.objects.filter(subject="Your AIMcert code")
    assert used.count() == 1


def test_code_works_once(client: Client, admin: Person) -> None:
    stale(client)
    page = reverse("appoint_staff")
    client.post(page, FORM | {"proving-step": "send"})
    typed = {"proving-step": "code", "proving-code": code_to(admin.email)}
    assert client.post(page, FORM | typed).status_code == 302
    stale(client)
    assert ASKS in client.post(page, FORM | typed).text


def test_who_has_a_second_step_proves_with_it_and_not_by_email(client: Client, admin: Person) -> None:
    set_password(person=admin, password=PASSWORD, by=admin)
    secret = with_app(admin)
    client.force_login(admin)
    stale(client)
    page = reverse("appoint_staff")
    asked = client.post(page, FORM)
    assert hidden(asked.text)["proving-step"] == "factor"
    OutgoingEmail.objects.all().delete()
    for step in ("send", "code", "password"):
        assert ASKS in client.post(page, FORM | {"proving-step": step, "proving-password": PASSWORD}).text
    assert not OutgoingEmail.objects.exists()
    assert ASKS in client.post(page, FORM | {"proving-step": "factor", "proving-code": "000000"}).text
    assert not appointed()
    done = client.post(page, FORM | {"proving-step": "factor", "proving-code": app_code(secret)})
    assert done.headers["Location"] == reverse("staff")
    assert appointed()


def test_code_that_was_emailed_proves_nothing_once_there_is_a_second_step(
    client: Client, admin: Person
) -> None:
    stale(client)
    page = reverse("appoint_staff")
    client.post(page, FORM | {"proving-step": "send"})
    code = code_to(admin.email)
    keeping = client.session.session_key or ""
    add_app(person=admin, secret=generate_totp_secret(), by=admin, keeping=keeping)
    assert ASKS in client.post(page, FORM | {"proving-step": "code", "proving-code": code}).text
    assert not appointed()


def test_password_proves_it_too(client: Client, admin: Person) -> None:
    set_password(person=admin, password=PASSWORD, by=admin)
    client.force_login(admin)
    stale(client)
    page = reverse("appoint_staff")
    typed = FORM | {"proving-step": "password"}
    assert "not your current password" in client.post(page, typed | {"proving-password": "wrong"}).text
    assert client.post(page, typed | {"proving-password": PASSWORD}).status_code == 302
    assert appointed()


@pytest.mark.whole_run
def test_tries_are_limited_for_the_person_over_all_their_sessions(client: Client, admin: Person) -> None:
    set_password(person=admin, password=PASSWORD, by=admin)
    page = reverse("appoint_staff")
    typed = FORM | {"proving-step": "password"}
    for _ in range(10):
        browser = Client()
        browser.force_login(admin)
        stale(browser).post(page, typed | {"proving-password": "wrong"})
    client.force_login(admin)
    refused = stale(client).post(page, typed | {"proving-password": PASSWORD})
    assert "Wait 15 minutes" in refused.text
    assert not appointed()


def test_codes_are_sent_six_times_at_most(client: Client, admin: Person) -> None:
    stale(client)
    for _ in range(7):
        last = client.post(reverse("appoint_staff"), FORM | {"proving-step": "send"})
    assert "We sent several codes already" in last.text
    assert OutgoingEmail.objects.filter(to_address=admin.email).count() == 6


def test_page_that_was_asked_for_opens_after_the_proof(client: Client, admin: Person) -> None:
    stale(client)
    page = reverse("account_change_email")
    kept = hidden(client.get(page).text)
    assert kept == {"proving-came-by": "GET", "proving-step": "send"}
    client.post(page, kept)
    typed = kept | {"proving-step": "code", "proving-code": code_to(admin.email)}
    assert client.post(page, typed).headers["Location"] == page
    assert ASKS not in client.get(page).text


def test_irreversible_form_acts_once_through_the_proof(client: Client) -> None:
    """The key goes along, is spent by the act alone, and a second press leads where the first did."""
    world = build()
    who = world.people["AIM admin"]
    assert who
    set_password(person=who, password=PASSWORD, by=who)
    client.force_login(who)
    stale(client)
    path = reverse("courses:cancel", args=[world.draft.uuid])
    form = {"idempotency_key": KEY, "because": "The trainer is ill."}
    asked = client.post(path, form)
    assert hidden(asked.text)["idempotency_key"] == KEY
    proof = {"proving-step": "password", "proving-password": PASSWORD}
    world.draft.refresh_from_db()
    assert world.draft.cancelled_at is None
    first = client.post(path, form | proof)
    world.draft.refresh_from_db()
    cancelled = world.draft.cancelled_at
    assert cancelled
    letters = OutgoingEmail.objects.count()
    again: Any = client.post(path, form | proof)
    assert (again.status_code, again.url) == (302, first.headers["Location"])
    world.draft.refresh_from_db()
    assert (world.draft.cancelled_at, OutgoingEmail.objects.count()) == (cancelled, letters)


@pytest.mark.parametrize("minutes", [0, 14])
def test_within_a_quarter_of_an_hour_nothing_is_asked(client: Client, admin: Person, minutes: int) -> None:
    stale(client, minutes)
    assert client.post(reverse("appoint_staff"), FORM).status_code == 302


def test_minutes_are_a_setting(client: Client, admin: Person, settings: Any) -> None:
    settings.AIM = settings.AIM | {"ASKED_ANEW_MINUTES": 5}
    stale(client, 6)
    assert ASKS in client.post(reverse("appoint_staff"), FORM).text
