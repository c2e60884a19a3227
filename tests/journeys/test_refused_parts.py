"""A part of a page that the server refuses, or does not answer, stays as it is and says why where one is."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from assessments.models import Seat
from courses.models import Enrolment
from tests import factories
from tests.journeys.people import press, sign_in
from tests.letters import MailServer

OpenPage = Callable[..., Page]
# A page asks every fifteen seconds by itself; in milliseconds.
ASKED = 25_000
# What a browser says of each answer that was no success: they were asked for here.
TOLD = ("status of 4", "status of 5", "ERR_", "Response Status Error Code", "htmx:")


def given_somebody_who_answers(page: Page, mail_server: MailServer) -> Enrolment:
    enrolment = factories.enrolment(factories.course())
    factories.sitting(enrolment.course)
    sign_in(page, enrolment.person.email, mail_server)
    page.goto(f"/my/{enrolment.uuid}/questions/1/")
    return enrolment


def saying(status: int, words: str) -> Callable[[Route], None]:
    """A server that answers with another page than was asked for."""
    return lambda route: route.fulfill(
        status=status, content_type="text/html", body=f'<main><p class="lead">{words}</p></main>'
    )


def then_nothing_else_went_wrong(page: Page) -> None:
    watch = page.watch  # type: ignore[attr-defined]
    watch.wrong = [each for each in watch.wrong if not any(words in each for words in TOLD)]


def test_help_that_is_refused_says_why_at_its_button(new_page: OpenPage, mail_server: MailServer) -> None:
    page = new_page(viewport={"width": 390, "height": 800})
    enrolment = given_somebody_who_answers(page, mail_server)
    help_, note = page.locator("#help"), page.locator("#help [data-part-note]")
    address = f"**/my/{enrolment.uuid}/help/"

    # Whatever is not of ours says nothing that one could show.
    page.route(address, lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    press(page, "I need help")
    expect(note).to_have_text("The server did not take this, so it was not done. Press again in a moment.")
    expect(note).to_have_attribute("role", "alert")

    # Without a network.
    page.unroute(address)
    page.route(address, lambda route: route.abort("internetdisconnected"))
    press(page, "I need help")
    expect(note).to_have_text("No connection, so this was not done. Press again in a moment.")
    assert not Seat.objects.filter(help_wanted_at__isnull=False).exists()

    # It is done where it can be, and the words are gone.
    page.unroute(address)
    press(page, "I need help")
    expect(page.get_by_text("You asked for help at")).to_be_visible()
    expect(note).to_have_count(0)
    press(page, "I need no help any more")
    expect(page.get_by_role("button", name="I need help", exact=True)).to_be_visible()

    # The server's own refusals, as it words them.
    for status, words in ((429, "Too many presses."), (422, "Say what for.")):
        page.route(address, saying(status, words))
        press(page, "I need help")
        expect(note).to_have_text(words)
        page.unroute(address)
    person = enrolment.person
    Enrolment.objects.filter(pk=enrolment.pk).update(withdrawn_at=timezone.now(), withdrawn_by=person)
    press(page, "I need help")
    expect(note).to_have_text("This course goes on without you, or was cancelled.")
    expect(help_.get_by_role("button")).to_be_focused()
    then_nothing_else_went_wrong(page)


def test_part_that_is_answered_with_another_page_stays_and_says_so(
    new_page: OpenPage, mail_server: MailServer
) -> None:
    page = new_page()
    enrolment = given_somebody_who_answers(page, mail_server)
    page.route(f"**/my/{enrolment.uuid}/help/", saying(200, "Sign in again."))
    press(page, "I need help")
    expect(page.locator("#help [data-part-note]")).to_contain_text("This device may be signed out.")
    expect(page.get_by_role("button", name="I need help", exact=True)).to_be_visible()
    assert not Seat.objects.filter(help_wanted_at__isnull=False).exists()
    then_nothing_else_went_wrong(page)


def test_part_that_asks_by_itself_says_that_it_may_be_old_and_goes_on(
    new_page: OpenPage, mail_server: MailServer
) -> None:
    page = new_page()
    enrolment = factories.enrolment(factories.course())
    factories.sitting(enrolment.course, opened=False)
    sign_in(page, enrolment.person.email, mail_server)
    page.goto(f"/my/{enrolment.uuid}/questions/")
    note = page.locator("#day [data-part-note]")
    page.context.set_offline(True)
    expect(note).to_contain_text("This may be out of date: it could not be asked for.", timeout=ASKED)
    page.context.set_offline(False)
    expect(note).to_have_count(0, timeout=ASKED)
    then_nothing_else_went_wrong(page)
