"""A mark that staff chose stands on the next certificate, whose holder sees it on its page and prints it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

from accounts.models import Person
from certification.actions import approve
from certification.models import Certificate
from tests import factories
from tests.certification.artworks import SIGNATURE, png
from tests.journeys.people import heading, sign_in
from tests.letters import MailServer
from tests.stack import wait_until

OpenPage = Callable[..., Page]
MARK = FilePayload(name="mark.png", mimeType="image/png", buffer=png(1000, 240))
SIGNED = FilePayload(name="signature.svg", mimeType="image/svg+xml", buffer=SIGNATURE)
IS_DRAWN = "image => image.complete && image.naturalWidth > 0"
# A folder for pictures of what somebody sees.
PAGES_TO = os.environ.get("PAGES_TO", "")


def when_staff_choose_a_mark(page: Page, admin: Person, mail: MailServer) -> None:
    sign_in(page, admin.email, mail)
    page.goto("/staff/mark-and-signatory/")
    page.get_by_label("The AIM Project’s logo", exact=False).first.set_input_files(MARK)
    page.get_by_label("Who signs").fill("Carol Whitfield-Ansah")
    page.get_by_label("What they are").fill("Director of Training")
    page.get_by_label("Image of their signature").set_input_files(SIGNED)
    page.get_by_role("button", name="See how it looks").click()
    then_it_is_drawn(page, "A specimen of a certificate with what is chosen in the form below")
    pictured(page, "branding-looks")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published. Certificates that are issued from now on have it.")).to_be_visible()


def then_it_is_drawn(page: Page, words: str) -> None:
    picture = page.get_by_role("img", name=words)
    expect(picture).to_be_visible()
    assert picture.evaluate(f"async image => {{ await image.decode(); return ({IS_DRAWN})(image); }}")


def pictured(page: Page, name: str) -> None:
    for width in (390, 1280) if PAGES_TO else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(PAGES_TO) / f"{name}-{width}.png", full_page=True)


def certified() -> Certificate:
    holder = factories.PersonFactory.create(name="Zoë O’Neill & <Sons>")
    enrolment = factories.recommended(
        factories.course(), person=holder, certificate_name="Zoë O’Neill & <Sons>"
    )
    return approve(enrolment=enrolment, by=factories.admin())


def test_holder_sees_the_certificate_as_staff_designed_it_and_prints_it(
    new_page: OpenPage, mail_server: MailServer
) -> None:
    admin = factories.admin()
    when_staff_choose_a_mark(new_page(), admin, mail_server)
    certificate = certified()
    page = new_page()
    page.add_init_script("window.print = () => { document.title = 'Printed'; }")
    sign_in(page, certificate.enrolment.person.email, mail_server)
    page.goto(f"/certificates/{certificate.uuid}/")
    heading(page, certificate.name)
    # Also where it was opened before the worker was done: the page then waits by itself.
    then_it_is_drawn(page, f"The certificate: {certificate.name} is certified as competent")
    pictured(page, "certificate")
    page.get_by_role("button", name="Print this page").press("Enter")
    expect(page).to_have_title("Printed")
    if PAGES_TO:
        page.pdf(path=Path(PAGES_TO) / "certificate-printed.pdf", prefer_css_page_size=True, format="A4")


def test_without_a_script_the_picture_stands_and_nothing_offers_to_print(
    new_page: OpenPage, mail_server: MailServer
) -> None:
    certificate = certified()
    page = new_page(java_script_enabled=False)
    sign_in(page, certificate.enrolment.person.email, mail_server)

    def opened() -> bool:
        page.goto(f"/certificates/{certificate.uuid}/")
        return page.get_by_role("img", name="The certificate:").count() == 1

    wait_until(opened)
    expect(page.get_by_role("button", name="Print this page")).to_be_hidden()
    expect(page.get_by_role("link", name="Download the certificate (PDF)")).to_be_visible()
