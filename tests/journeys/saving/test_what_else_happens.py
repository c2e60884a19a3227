"""What a browser and a day bring besides a bad line: refused texts, no storage, old pages, pages put back."""

from __future__ import annotations

import json
import re

from django.conf import settings
from playwright.sync_api import Response, expect

from assessments.case_studies.actions.texts import LONGEST_ANSWER
from assessments.models import Answer, KeptAnswer, Submission
from courses.models import Enrolment
from tests import factories
from tests.journeys.saving.conftest import OpenPage, enter, question_url
from tests.journeys.saving.proxy import Line
from tests.journeys.saving.test_network import type_on
from tests.journeys.saving.watching import Claims, saved_text, then_it_is_saved, then_it_says

# As a browser whose private mode lets nothing be kept.
NO_STORAGE = """
const refused = () => { throw new DOMException("not here", "InvalidStateError"); };
Object.defineProperty(IDBFactory.prototype, "open", { value: refused });
"""
# As a browser that shows a page again just as it was left.
PUT_BACK = 'window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))'


def test_text_that_is_refused_says_why_and_stays_until_it_can_be_saved(
    open_page: OpenPage, enrolment: Enrolment, claims: Claims
) -> None:
    page = open_page()
    type_on(page, "Short.")
    then_it_is_saved(page)
    long = "word " * (LONGEST_ANSWER // 5) + "and a little more"
    with page.expect_response(lambda reply: reply.url.endswith("/save/")) as waiting:
        page.get_by_label("Your answer").fill(long)
    assert waiting.value.status == 422
    then_it_says(page, re.compile(r"^Not saved: .*20,000.* Until then your words are kept on this device\.$"))
    assert saved_text(enrolment) == "Short."
    page.reload()
    expect(page.get_by_label("Your answer")).to_have_value(long)
    page.get_by_label("Your answer").fill("Shorter.")
    then_it_is_saved(page)
    assert saved_text(enrolment) == "Shorter."
    claims.must_be_true()


def test_private_mode_saves_and_says_what_it_cannot_do(
    open_page: OpenPage, enrolment: Enrolment, line: Line, claims: Claims
) -> None:
    page = open_page()
    page.context.add_init_script(NO_STORAGE)
    page.reload()
    type_on(page, "Saved all the same.")
    then_it_is_saved(page)
    assert saved_text(enrolment) == "Saved all the same."
    line.cut()
    type_on(page, " Not yet.")
    then_it_says(page, "Not saved: this browser cannot keep your words for you.")
    assert not claims.said("Kept on this device")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    line.mend()
    then_it_is_saved(page)
    assert saved_text(enrolment) == "Saved all the same. Not yet."
    claims.must_be_true()


def test_page_put_back_shows_its_text_to_its_author_alone(
    open_page: OpenPage, enrolment: Enrolment, line: Line, claims: Claims
) -> None:
    page = open_page()
    type_on(page, "Mine.")
    then_it_is_saved(page)
    answer = page.locator("#answer")
    line.cut()
    page.evaluate(PUT_BACK)
    then_it_says(page, "Asking who is signed in")
    expect(answer).not_to_be_visible()
    line.mend()
    page.evaluate(PUT_BACK)
    expect(answer).to_be_visible()
    expect(answer).to_have_value("Mine.")
    other = factories.enrolment(enrolment.course, attended=True)
    enter(page.context, line.url, other.person)
    page.evaluate(PUT_BACK)
    then_it_says(page, "Somebody else is signed in")
    expect(answer).to_have_value("")
    assert "Mine." not in page.content()
    assert saved_text(enrolment) == "Mine."


def test_page_put_back_after_another_saved_is_not_saved_over(
    open_page: OpenPage, enrolment: Enrolment, claims: Claims
) -> None:
    page = open_page()
    type_on(page, "First.")
    then_it_is_saved(page)
    there = open_page()
    expect(there.get_by_label("Your answer")).to_have_value("First.")
    type_on(there, " Second.")
    then_it_is_saved(there)
    page.evaluate(PUT_BACK)
    expect(page.locator(".notice", has_text="was changed in another tab")).to_be_visible()
    assert saved_text(enrolment) == "First. Second."
    page.get_by_role("button", name="Reload").click()
    expect(page.get_by_label("Your answer")).to_have_value("First. Second.")
    claims.must_be_true()


def test_page_opened_after_closing_hands_over_what_this_device_kept(
    open_page: OpenPage, enrolment: Enrolment, line: Line
) -> None:
    page = open_page()
    type_on(page, "In time.")
    then_it_is_saved(page)
    line.cut()
    type_on(page, " Kept here.")
    then_it_says(page, "Kept on this device, not yet saved")
    factories.sitting(enrolment.course, closed=True)
    later = page.context.new_page()
    page.close()
    line.mend()
    later.goto(question_url(enrolment))
    expect(later.locator(".notice", has_text="came after answering closed")).to_be_visible()
    expect(later.locator(".answer-text").first).to_have_text("In time.")
    expect(later.get_by_label("Your answer")).to_have_count(0)
    assert saved_text(enrolment) == "In time."
    assert KeptAnswer.objects.filter(text="In time. Kept here.", why="late").exists()
    later.get_by_role("link", name="Earlier versions of this answer").click()
    expect(later.get_by_text("In time. Kept here.")).to_be_visible()
    assert Submission.objects.get().submitted_at is None


def test_page_with_an_old_token_gets_the_new_one(
    open_page: OpenPage, enrolment: Enrolment, claims: Claims
) -> None:
    page = open_page()
    type_on(page, "Before.")
    then_it_is_saved(page)
    # Signed in again in another tab: the token of this page's forms is of no use any more.
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    enter(page.context, page.url, enrolment.person)
    told: list[int] = []

    def note(reply: Response) -> None:
        if reply.url.endswith("/save/"):
            told.append(reply.status)
            if reply.status == 403:
                assert json.loads(reply.text())["state"] == "csrf"

    page.on("response", note)
    type_on(page, " After.")
    then_it_is_saved(page)
    assert told[0] == 403
    assert told[-1] == 200
    assert saved_text(enrolment) == "Before. After."
    # The page's own form has it too.
    page.get_by_role("button", name="Save and continue").click()
    expect(page).to_have_url(re.compile("/questions/2/"))
    assert Answer.objects.get().finished_at
    claims.must_be_true()
