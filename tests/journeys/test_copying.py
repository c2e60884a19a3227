"""An address that is passed on is copied by one press, where the browser allows it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from certification.actions import approve
from certification.documents import verification_url
from certification.models import Certificate
from tests import factories
from tests.journeys.people import heading, sign_in
from tests.letters import MailServer

OpenPage = Callable[..., Page]
CLIPBOARD = ["clipboard-read", "clipboard-write"]


@pytest.fixture
def certificate(live_stack: object) -> Certificate:
    return approve(enrolment=factories.recommended(factories.course()), by=factories.admin())


def when_its_holder_opens_it(page: Page, certificate: Certificate, mail: MailServer) -> None:
    sign_in(page, certificate.enrolment.person.email, mail)
    page.goto(f"/certificates/{certificate.uuid}/")
    heading(page, certificate.name)


def test_address_of_a_certificate_is_copied(
    new_page: OpenPage, certificate: Certificate, mail_server: MailServer
) -> None:
    page = new_page(permissions=CLIPBOARD)
    when_its_holder_opens_it(page, certificate, mail_server)
    page.get_by_role("button", name="Copy the address").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == verification_url(certificate.code)
    page.goto(copied)
    heading(page, "This certificate is valid")


def test_browser_that_does_not_copy_is_told_of(
    new_page: OpenPage, certificate: Certificate, mail_server: MailServer
) -> None:
    page = new_page(permissions=CLIPBOARD)
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    when_its_holder_opens_it(page, certificate, mail_server)
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_text("This browser did not copy it: copy it by hand.")).to_be_visible()


def test_without_a_script_the_address_stands_alone(
    new_page: OpenPage, certificate: Certificate, mail_server: MailServer
) -> None:
    page = new_page(java_script_enabled=False)
    when_its_holder_opens_it(page, certificate, mail_server)
    expect(page.get_by_role("link", name=verification_url(certificate.code))).to_be_visible()
    expect(page.get_by_role("button", name="Copy the address")).to_be_hidden()
