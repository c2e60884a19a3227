"""Somebody asks for everything that is held about them, and opens it from their own disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, Page, expect

from accounts.models import Person
from tests.accounts.holdings import person_with_everything
from tests.journeys.people import heading, press, sign_in
from tests.letters import MailServer

Axe = Callable[[Page], None]
WIDTHS = (1280, 390, 320)


def when_they_ask_on_their_account(page: Page) -> None:
    page.goto("/account/")
    page.get_by_role("link", name="Ask for your copy").click()
    heading(page, "Everything that we hold about you")
    press(page, "Ask for your copy")


def then_it_is_ready_without_anything_being_pressed(page: Page) -> None:
    expect(page.get_by_role("heading", name="Your copy is ready")).to_be_visible(timeout=30_000)


def when_they_download_and_unpack_it(page: Page, to: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download your copy").click()
    with ZipFile(waiting.value.path()) as zipped:
        zipped.extractall(to)
    return to / "index.html"


def then_it_opens_from_disk_and_asks_nobody_for_anything(
    browser: Browser, index: Path, person: Person, axe: Axe
) -> None:
    page, wrong = browser.new_page(java_script_enabled=True), []
    page.on("console", lambda said: wrong.append(said.text))
    page.on("request", lambda asked: wrong.append(asked.url) if asked.url != index.as_uri() else None)
    page.goto(index.as_uri())
    expect(page.get_by_role("heading", level=1)).to_have_text("Everything that we hold about you")
    expect(page.get_by_text(person.name).first).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        axe(page)
    for link in page.locator("a[href]").all():
        at = link.get_attribute("href") or ""
        if at.startswith("#"):
            assert page.locator(at).count() == 1, at
        else:
            assert (index.parent / at).is_file(), at
    assert not wrong
    page.close()


def test_everything_held_is_asked_for_and_opened_from_disk(
    page: Page, browser: Browser, mail_server: MailServer, axe: Axe, tmp_path: Path
) -> None:
    person = person_with_everything()
    # They sign in with an emailed code alone.
    Authenticator.objects.filter(user=person).delete()
    sign_in(page, person.email, mail_server)
    when_they_ask_on_their_account(page)
    then_it_is_ready_without_anything_being_pressed(page)
    index = when_they_download_and_unpack_it(page, tmp_path)
    then_it_opens_from_disk_and_asks_nobody_for_anything(browser, index, person, axe)
