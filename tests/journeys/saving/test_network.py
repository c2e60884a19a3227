"""The line breaks in the middle of a sentence: what is typed stays, and what the page says of it is true."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from assessments.models import Answer, KeptAnswer
from courses.models import Enrolment
from tests.journeys.saving.conftest import OpenPage
from tests.journeys.saving.proxy import Line
from tests.journeys.saving.watching import Claims, saved_text, then_it_is_saved, then_it_says


def type_on(page: Page, text: str) -> None:
    answer = page.get_by_label("Your answer")
    answer.press("Control+End")
    answer.press_sequentially(text, delay=15)


def test_typing_saves_by_itself(open_page: OpenPage, enrolment: Enrolment, claims: Claims) -> None:
    page = open_page()
    then_it_says(page, "Your words are saved as you type.")
    type_on(page, "Robin needs a plan.")
    then_it_says(page, "Saving…")
    then_it_is_saved(page)
    assert saved_text(enrolment) == "Robin needs a plan."
    page.get_by_label("Your answer").press("Enter")
    type_on(page, "And “people” to turn to – 👍🏽")
    then_it_is_saved(page)
    assert saved_text(enrolment) == "Robin needs a plan.\nAnd “people” to turn to – 👍🏽"
    claims.must_be_true()


def test_line_cut_in_mid_sentence_loses_nothing(
    open_page: OpenPage, enrolment: Enrolment, line: Line, claims: Claims
) -> None:
    page = open_page()
    type_on(page, "Robin needs")
    then_it_is_saved(page)
    type_on(page, " a plan, and")
    line.cut()
    type_on(page, " somebody to")
    then_it_says(page, "Kept on this device, not yet saved")
    assert saved_text(enrolment) in ("Robin needs", "Robin needs a plan, and")
    type_on(page, " turn to.")
    then_it_says(page, "Kept on this device, not yet saved")
    line.mend()
    then_it_is_saved(page)
    assert saved_text(enrolment) == "Robin needs a plan, and somebody to turn to."
    claims.must_be_true()


def test_reply_that_is_lost_is_no_second_save(
    open_page: OpenPage, enrolment: Enrolment, line: Line, claims: Claims
) -> None:
    page = open_page()
    type_on(page, "One")
    then_it_is_saved(page)
    line.lose_replies()
    type_on(page, " and two")
    then_it_says(page, "Kept on this device, not yet saved")
    type_on(page, " and three")
    line.mend()
    then_it_is_saved(page)
    answer = Answer.objects.get()
    assert (answer.text, answer.revision) == ("One and two and three", 3)
    assert not KeptAnswer.objects.filter(why="conflict").exists()
    claims.must_be_true()


def test_coming_back_offers_what_was_not_saved(
    open_page: OpenPage, enrolment: Enrolment, line: Line, claims: Claims
) -> None:
    page = open_page()
    type_on(page, "First.")
    then_it_is_saved(page)
    line.cut()
    type_on(page, " Second.")
    then_it_says(page, "Kept on this device, not yet saved")
    # Left before the line is back: else the page that is reloaded may have saved them by itself.
    there = page.url
    page.goto("about:blank")
    line.rest()
    line.mend()
    page.goto(there)
    expect(page.locator(".notice", has_text="are back in your answer")).to_be_visible()
    expect(page.get_by_label("Your answer")).to_have_value("First. Second.")
    then_it_is_saved(page)
    assert saved_text(enrolment) == "First. Second."
    page.reload()
    expect(page.get_by_label("Your answer")).to_have_value("First. Second.")
    expect(page.locator(".notice", has_text="are back in your answer")).not_to_be_visible()
    claims.must_be_true()


def test_reload_after_a_lost_reply_goes_on_where_it_was(
    open_page: OpenPage, enrolment: Enrolment, line: Line, claims: Claims
) -> None:
    page = open_page()
    type_on(page, "First.")
    then_it_is_saved(page)
    line.lose_replies()
    type_on(page, " Second.")
    then_it_says(page, "Kept on this device, not yet saved")
    type_on(page, " Third.")
    then_it_says(page, "Kept on this device, not yet saved")
    line.mend()
    page.reload()
    expect(page.get_by_label("Your answer")).to_have_value("First. Second. Third.")
    then_it_is_saved(page)
    assert saved_text(enrolment) == "First. Second. Third."
    assert not KeptAnswer.objects.filter(why="conflict").exists()
    claims.must_be_true()


def test_save_and_continue_stays_where_it_cannot_save(
    open_page: OpenPage, enrolment: Enrolment, line: Line, claims: Claims
) -> None:
    page = open_page()
    type_on(page, "Mine")
    line.cut()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator("[data-save-state] [role=status]")).to_contain_text(
        "You are still on this page", timeout=20_000
    )
    assert page.url.endswith("/questions/1/")
    line.mend()
    then_it_is_saved(page)
    page.get_by_role("button", name="Save and continue").click()
    expect(page).to_have_url(re.compile("/questions/2/"))
    assert Answer.objects.get().finished_at
    page.go_back()
    expect(page.get_by_label("Your answer")).to_have_value("Mine")
    type_on(page, " still")
    then_it_is_saved(page)
    page.get_by_role("link", name="All questions").click()
    expect(page.get_by_text("Question 2").first).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Your answer")).to_have_value(re.compile("still|Mine"))
    claims.must_be_true()
