"""A passkey on real pages, under the policy that refuses scripts of others: made, and asked for."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from accounts.models import Person
from tests import factories
from tests.journeys.people import CODE, heading, press
from tests.letters import MailServer, text_of
from tests.stack import Stack


def type_emailed_code(page: Page, mail: MailServer, person: Person, count: int) -> None:
    letter = text_of(mail.wait_for(person.email, subject=CODE, count=count))
    found = re.search(r"\b\d{4}-\d{4}\b", letter)
    assert found
    page.get_by_label("Code").fill(found.group())


def test_passkey_is_made_and_signs_in(page: Page, live_stack: Stack, mail_server: MailServer) -> None:
    """Given no second step, when somebody makes a passkey, then signing in asks for it."""
    person = factories.PersonFactory.create(name="Zoë", email="zoe@people.example")
    # Browsers make passkeys for names alone, never for an address in numbers.
    here = live_stack.url.replace("127.0.0.1", "localhost")
    page.watch.host = urlsplit(here).netloc  # type: ignore[attr-defined]
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )

    def first_step(count: int) -> None:
        page.goto(f"{here}/account/sign-in/")
        page.get_by_label("Email").fill(person.email)
        press(page, "Send me a code")
        type_emailed_code(page, mail_server, person, count)
        press(page, "Sign in")

    first_step(1)
    page.goto(f"{here}/account/second-step/")
    page.get_by_role("link", name="A passkey").click()
    page.get_by_label("Name for this passkey").fill("My telephone")
    press(page, "Make the passkey")
    heading(page, "Recovery codes")
    page.goto(f"{here}/account/second-step/")
    expect(page.get_by_text("My telephone").first).to_be_visible()
    page.context.clear_cookies()

    first_step(2)
    heading(page, "One more step")
    press(page, "Use a passkey")
    heading(page, re.compile("needs you now"))
