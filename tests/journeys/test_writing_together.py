"""Two authors in two browsers write one case study: nobody's text is lost, with a script or without."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.db import transaction
from playwright.sync_api import Dialog, Page, expect

from accounts.models import Person
from assessments.case_studies import actions
from assessments.models import Version
from tests import factories
from tests.assessments.case_studies import writing
from tests.journeys.people import heading, press, sign_in
from tests.letters import MailServer

SIZES = ({"width": 320, "height": 800}, {"width": 1280, "height": 900})


def given_a_draft_with_an_invited_author() -> tuple[Person, Person, Version]:
    with transaction.atomic():
        admin = factories.admin(name="Grace Admin", email="grace@aim.example")
        version = writing.draft(writing.aim3(), admin)
        author = writing.author(version, admin, name="Ada Quill", email="ada@people.example")
    return admin, author, version


def open_first_section(page: Page, version: Version) -> None:
    page.goto(f"/versions/{version.uuid}/write/")
    page.get_by_role("link", name="1. Section 1").click()
    expect(page.get_by_label("Text", exact=True)).to_be_visible()


def when_text_is_formatted_with_the_toolbar(page: Page) -> None:
    text = page.get_by_label("Text", exact=True)
    text.fill("She said so.")
    text.evaluate("area => area.setSelectionRange(4, 8)")
    page.get_by_role("group", name="Formatting: Text").get_by_role("button", name="Bold").click()
    expect(text).to_have_value("She **said** so.")


def when_somebody_is_signed_out_while_writing(page: Page, version: Version, mail: MailServer) -> None:
    """What was typed stays on the page, and is saved from there once they signed in elsewhere."""
    open_first_section(page, version)
    page.get_by_label("Text", exact=True).fill("An hour’s work.")
    page.context.clear_cookies(name="sessionid")
    press(page, "Save")
    expect(page.get_by_role("heading", name="Not saved: you are signed out")).to_be_visible()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in again").click()
    sign_in(opened.value, "grace@aim.example", mail)
    page.context.set_offline(True)
    press(page, "Save")
    expect(page.get_by_role("heading", name="Not saved: there is no connection")).to_be_visible()
    page.context.set_offline(False)
    press(page, "Save")
    heading(page, re.compile("Robin, aged 13"))
    open_first_section(page, version)
    expect(page.get_by_label("Text", exact=True)).to_have_value("An hour’s work.")


def when_a_version_is_withdrawn_while_somebody_writes(page: Page, version: Version, admin: Person) -> None:
    open_first_section(page, version)
    page.get_by_label("Text", exact=True).fill("Too late.")
    with transaction.atomic():
        actions.withdraw_version(version=version, by=admin)
    press(page, "Save")
    expect(page.get_by_role("heading", name="Not saved: this passage cannot be changed now")).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Too late.")


def then_leaving_what_is_not_saved_asks_first(page: Page) -> None:
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.once("dialog", leave)
    page.get_by_role("link", name="All passages").click()
    heading(page, re.compile("Robin, aged 13"))
    assert asked == ["beforeunload"]


def then_nothing_else_failed(page: Page) -> None:
    """The browser logs what the two steps above made fail on purpose."""
    meant = ("net::ERR_INTERNET_DISCONNECTED", "409 (Conflict)")
    wrong = page.watch.wrong  # type: ignore[attr-defined]
    wrong[:] = [said for said in wrong if not any(words in said for words in meant)]


def then_a_wide_table_scrolls_by_itself(page: Page, version: Version) -> None:
    page.goto(f"/versions/{version.uuid}/write/sections/new/")
    page.get_by_label("Title").fill("The agencies")
    columns = " | ".join(f"Childrensservices{number}" for number in range(8))
    page.get_by_label("Text", exact=True).fill(f"| {columns} |\n|{' --- |' * 8}\n| {columns} |")
    press(page, "Save")
    heading(page, re.compile("Robin, aged 13"))
    page.goto(f"/versions/{version.uuid}/preview/")
    for size in SIZES:
        page.set_viewport_size(size)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def then_both_texts_are_shown_and_kept(page: Page, version: Version) -> None:
    heading(page, "There are two texts of this passage")
    expect(page.get_by_text("She **said** so.")).to_be_visible()
    mine = page.get_by_label("Text", exact=True)
    expect(mine).to_have_value("Ada’s own text.")
    mine.fill("She **said** so. Ada’s own text.")
    page.get_by_role("button", name="Save this one instead", exact=True).last.click()
    heading(page, re.compile("Robin, aged 13"))
    page.get_by_role("link", name=re.compile(r"History\s*: Section 1")).click()
    for words in ("Set aside: typed by Ada Quill", "2: saved by Grace Admin", "3: saved by Ada Quill"):
        expect(page.get_by_text(words)).to_be_visible()


def when_a_criterion_is_added_without_a_script(page: Page, version: Version) -> None:
    page.goto(f"/versions/{version.uuid}/write/questions/new/")
    page.get_by_label(re.compile("Intervention plan")).check()
    press(page, "Continue")
    page.get_by_label("Title").fill("A plan for Robin")
    page.get_by_label("The people in the case").fill("Robin | young person\nNan | adults")
    page.get_by_label("What the marker looks for").fill("Reasons from need.")
    page.get_by_label("Desirable").check()
    press(page, "Add a criterion")
    expect(page.get_by_label("Title")).to_have_value("A plan for Robin")
    second = page.get_by_role("group", name="Criterion 2")
    second.get_by_label("What the marker looks for").fill("Goals in Robin’s words.")
    second.get_by_label("Desirable").check()
    second.get_by_label("Robin", exact=True).check()
    # The Enter key saves; it never presses a criterion's own button.
    page.get_by_label("Title").press("Enter")
    heading(page, re.compile("Robin, aged 13"))
    expect(page.get_by_text("Question 2, criterion 1")).not_to_have_count(0)


def test_two_authors_write_one_case_study_and_lose_nothing(
    page: Page,
    new_page: Callable[..., Page],
    mail_server: MailServer,
    axe: Callable[..., None],
) -> None:
    admin, author, version = given_a_draft_with_an_invited_author()
    ada = new_page(java_script_enabled=False)
    sign_in(page, admin.email, mail_server)
    sign_in(ada, author.email, mail_server)
    open_first_section(ada, version)
    open_first_section(page, version)
    for size in SIZES:
        page.set_viewport_size(size)
        axe(page)
    when_text_is_formatted_with_the_toolbar(page)
    press(page, "Save")
    heading(page, re.compile("Robin, aged 13"))
    axe(page)
    ada.get_by_label("Text", exact=True).fill("Ada’s own text.")
    press(ada, "Save")
    then_both_texts_are_shown_and_kept(ada, version)
    when_a_criterion_is_added_without_a_script(ada, version)
    then_a_wide_table_scrolls_by_itself(page, version)
    when_somebody_is_signed_out_while_writing(page, version, mail_server)
    page.goto(f"/versions/{version.uuid}/write/")
    page.get_by_role("link", name="2. A plan for Robin").click()
    expect(page.get_by_label("Title")).to_have_value("A plan for Robin")
    for size in SIZES:
        page.set_viewport_size(size)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        axe(page)
    when_a_version_is_withdrawn_while_somebody_writes(page, version, admin)
    axe(page)
    then_leaving_what_is_not_saved_asks_first(page)
    then_nothing_else_failed(page)
