"""Signing in, one's own account, and what the site says when it cannot go on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import legal_text_seen, publish_legal_text, request_export
from accounts.legal import GAP, model_text
from accounts.models import DataExport, OutgoingEmail
from accounts.states import LegalPage
from aimcert.help import Role
from tests import factories
from tests.accounts.entering import ask, code_to, sign_in, type_code
from tests.accounts.holdings import exported
from tests.accounts.steps import stale, take_second_step, with_app
from tests.journeys.accessibility.asking import at
from tests.journeys.accessibility.looking import Looking

pytestmark = pytest.mark.django_db
Wrong = Callable[..., list[str]]


def test_code_to_sign_in_with(wrong: Wrong) -> None:
    browser = Client()
    ask(browser, factories.PersonFactory.create().email)
    assert not wrong(browser, at("account_confirm_login_code"))
    assert not wrong(browser, at("account_confirm_login_code"), sent={"code": "0000-0000"})


def test_own_account_freshly_signed_in(wrong: Wrong) -> None:
    browser = sign_in(Client(), factories.PersonFactory.create())
    pages = ("account", "account_change_name", "account_change_email", "account_set_password")
    assert not wrong(browser, *map(at, pages))
    browser.post(at("account_set_password"), {"password1": "a long and quiet sentence"} | {"password2": "x"})
    browser.post(at("account_set_password"), dict.fromkeys(("password1", "password2"), "a quiet sentence"))
    assert not wrong(browser, at("account"), at("account_change_password"))
    browser.post(at("account_change_email"), {"email": "another@people.example"})
    assert not wrong(browser, at("account_confirm_email_change"))
    browser.post(at("account_change_name"), {"name": "Another Name"})
    assert not wrong(browser, at("account"))


def test_second_step(wrong: Wrong) -> None:
    person = factories.PersonFactory.create()
    browser = sign_in(Client(), person)
    assert not wrong(browser, at("account_second_step"), at("account_add_app"), at("account_add_passkey"))
    assert not wrong(browser, at("account_add_app"), sent={"code": "000000"})
    assert not wrong(browser, at("account_recovery_codes"))
    secret = with_app(person)
    again = Client()
    ask(again, person.email)
    type_code(again, code_to(person.email))
    assert not wrong(again, at("mfa_authenticate"))
    assert not wrong(again, at("mfa_authenticate"), sent={"code": "000000"})
    take_second_step(again, secret)
    assert not wrong(again, at("account_second_step"), at("account_recovery_codes"), at("account"))


def test_proving_anew(wrong: Wrong) -> None:
    admin = factories.admin()
    browser = Client()
    browser.force_login(admin)
    stale(browser)
    form = {"name": "Bo", "email": "bo@people.example"}
    assert not wrong(browser, at("account_change_email"))
    assert not wrong(browser, at("appoint_staff"), sent=form)
    assert not wrong(browser, at("appoint_staff"), sent=form | {"proving-step": "send"})
    assert not wrong(browser, at("appoint_staff"), sent=form | {"proving-step": "code", "proving-code": "1"})


def test_somebodys_account_as_staff_sees_it(wrong: Wrong) -> None:
    admin, other = factories.admin(), factories.PersonFactory.create(name="Somebody else")
    sign_in(Client(), other)
    with_app(other)
    routes = ("person", "sign_out_for", "reset_second_step", "ask_for_somebodys_data")
    pages = [reverse(name, args=[other.uuid]) for name in routes]
    assert not wrong(admin, *pages)
    assert not wrong(admin, pages[1], sent={"reason": ""})
    assert not wrong(admin, pages[3], sent={"reason": ""})


def test_everything_held_about_oneself(wrong: Wrong) -> None:
    """None yet, asked for, being made, ready, given up, and deleted; asked for by staff too."""
    person, now = factories.PersonFactory.create(name="Zoë O’Neill & <Sons>"), timezone.now()
    assert not wrong(person, at("account_data"))
    export = request_export(person=person, by=person)
    assert not wrong(person, at("account_data"))
    DataExport.objects.filter(pk=export.pk).update(done=20, total=51)
    assert not wrong(person, at("account_data"))
    DataExport.objects.filter(pk=export.pk).update(given_up_at=now)
    assert not wrong(person, at("account_data"))
    made = exported(person)
    DataExport.objects.filter(pk=made.pk).update(asked_by=factories.admin())
    assert not wrong(person, at("account_data"))
    DataExport.objects.filter(pk=made.pk).update(expires_at=now)
    assert not wrong(person, at("account_data"), at("account_data_download", made))


def test_letters_and_staff(wrong: Wrong) -> None:
    admin = factories.admin()
    factories.admin()
    organisation = factories.OrganisationFactory.create()
    factories.commissioner(organisation)
    OutgoingEmail.objects.create(to_address="x@people.example", subject="Unsent", text="Unsent", attempts=9)
    OutgoingEmail.objects.create(
        to_address="y@people.example", subject="x", text="x", attempts=16, last_error="SMTPDataError 554"
    )
    OutgoingEmail.objects.filter(attempts=9).update(last_error="ConnectionRefusedError ECONNREFUSED")
    assert not wrong(admin, at("staff"), at("unsent_emails"), at("organisation", organisation))
    assert not wrong(admin, at("certification:backlog"))
    assert not wrong(admin, f"{at('organisations')}?q=nobody", f"{at('courses:list')}?q=nothing")


def test_legal_pages_and_what_staff_write_on_them(wrong: Wrong) -> None:
    admin, page = factories.admin(), LegalPage.PRIVACY
    shown, edits = at("legal_page", page), at("edit_legal_page", page)
    assert not wrong(Client(), shown)
    assert not wrong(admin, at("legal_pages"), edits)
    model = model_text(page)
    assert not wrong(admin, edits, sent={"text": model, "look": "1", "seen": legal_text_seen(None)})
    assert not wrong(admin, edits, sent={"text": model, "seen": legal_text_seen(None)})
    text = GAP.sub("as staff filled it in", model)
    for end in ("", "\n\nAnother version."):
        publish_legal_text(page=page, text=text + end, by=admin)
    assert not wrong(Client(), shown, at("legal_version", page, 1))
    assert not wrong(admin, at("legal_pages"), edits)
    assert not wrong(admin, edits, sent={"text": "Mine.", "seen": legal_text_seen(None)})


@pytest.mark.parametrize("template", ["400", "403", "404", "429", "500", "refused"])
def test_page_that_says_what_went_wrong(looking: Looking, template: str) -> None:
    words = {"message": "Answering is closed. What you saved is kept."}
    page = HttpResponse(render_to_string(f"{template}.html", words))
    assert not looking.at(at("home"), page, f"{template} anybody")


def test_help(wrong: Wrong) -> None:
    pages = [reverse("help_of_role", args=[role.slug]) for role in Role]
    assert not wrong(None, at("help"), *pages)
