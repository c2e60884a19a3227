"""The browser is killed, the server is killed, the session ends, the clock is wrong: no word is lost."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, BrowserContext, Page, expect

from assessments.models import Answer, KeptAnswer, Submission
from courses.models import Enrolment
from ops.machine import chromium
from tests import factories
from tests.accounts.steps import app_code, with_app
from tests.journeys.conftest import CHROMIUM_ARGUMENTS
from tests.journeys.saving.conftest import OpenPage, enter, question_url
from tests.journeys.saving.proxy import Line
from tests.journeys.saving.test_network import type_on
from tests.journeys.saving.watching import Claims, saved_text, then_it_is_saved, then_it_says
from tests.letters import MailServer, text_of
from tests.sessions import waiting_for_locks
from tests.stack import Stack


def launched(browser: Browser, profile: Path, line: Line, claims: Claims) -> BrowserContext:
    """A browser of our own, whose profile outlives it."""
    context = browser.browser_type.launch_persistent_context(
        str(profile),
        executable_path=chromium(),
        args=CHROMIUM_ARGUMENTS,
        base_url=line.url,
        locale="en-GB",
    )
    context.set_default_timeout(15_000)
    claims.watch(context)
    return context


def kill(profile: Path) -> None:
    """SIGKILL to that browser alone: it is found by the folder that only it uses."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"--user-data-dir={profile}".encode() in (folder / "cmdline").read_bytes():
                os.kill(int(folder.name), signal.SIGKILL)


def test_kill_of_the_browser_loses_nothing(
    browser: Browser, tmp_path: Path, enrolment: Enrolment, line: Line, claims: Claims
) -> None:
    profile = tmp_path / "profile"
    context = launched(browser, profile, line, claims)
    enter(context, line.url, enrolment.person)
    page = context.new_page()
    page.goto(question_url(enrolment))
    type_on(page, "Robin needs")
    then_it_is_saved(page)
    line.cut()
    type_on(page, " a plan.")
    then_it_says(page, "Kept on this device, not yet saved")
    kill(profile)
    with suppress(Exception):
        context.close()
    assert saved_text(enrolment) == "Robin needs"
    line.mend()
    again = launched(browser, profile, line, claims)
    try:
        enter(again, line.url, enrolment.person)
        page = again.new_page()
        page.goto(question_url(enrolment))
        expect(page.locator(".notice", has_text="are back in your answer")).to_be_visible()
        expect(page.get_by_label("Your answer")).to_have_value("Robin needs a plan.")
        then_it_is_saved(page)
        assert saved_text(enrolment) == "Robin needs a plan."
        claims.must_be_true()
    finally:
        again.close()


@pytest.fixture
def other_connection() -> Iterator[Any]:
    """A second connection to the same database, in a transaction of its own."""
    values = settings.DATABASES["default"]
    made = psycopg2.connect(
        dbname=values["NAME"],
        user=values["USER"],
        password=values["PASSWORD"],
        host=values["HOST"],
        port=values["PORT"] or None,
    )
    yield made
    made.close()


def workers_of(stack: Stack) -> list[int]:
    """The process ids of gunicorn's workers."""
    assert stack.web.process is not None
    command = ["ps", "-o", "pid=", "--ppid", str(stack.web.process.pid)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split()]


def test_server_killed_inside_the_save_loses_nothing(
    open_page: OpenPage,
    enrolment: Enrolment,
    claims: Claims,
    live_stack: Stack,
    other_connection: Any,
) -> None:
    page = open_page()
    type_on(page, "One")
    then_it_is_saved(page)
    with other_connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM assessments_submission FOR UPDATE")
        type_on(page, " and two")
        page.get_by_label("Your answer").blur()
        # The save waits for the lock inside its transaction.
        until = time.monotonic() + 30
        while not waiting_for_locks():
            assert time.monotonic() < until, "no save came"
            page.wait_for_timeout(50)
        for pid in workers_of(live_stack):
            os.kill(pid, signal.SIGKILL)
    then_it_says(page, "Kept on this device, not yet saved")
    assert saved_text(enrolment) == "One"
    other_connection.rollback()
    then_it_is_saved(page, timeout=40_000)
    assert saved_text(enrolment) == "One and two"
    assert not KeptAnswer.objects.filter(why="conflict").exists()
    claims.must_be_true()


def test_second_device_makes_two_versions_and_the_person_chooses(
    open_page: OpenPage, enrolment: Enrolment, claims: Claims
) -> None:
    here = open_page()
    there = open_page()
    type_on(here, "From here.")
    then_it_is_saved(here)
    type_on(there, "From there.")
    there.get_by_label("Your answer").blur()
    then_it_says(there, "Saved meanwhile in another tab or on another device")
    type_on(there, " And more.")
    then_it_says(there, "both versions are kept")
    assert saved_text(enrolment) == "From here."
    there.get_by_role("button", name="See both and choose").click()
    expect(there.get_by_role("heading", level=1)).to_contain_text("two versions of your answer")
    expect(there.get_by_label("You can change it here")).to_have_value("From there. And more.")
    there.get_by_role("button", name="Save this one instead").click()
    expect(there.get_by_label("Your answer")).to_have_value("From there. And more.")
    expect(there.locator(".notice")).to_have_count(0)
    assert saved_text(enrolment) == "From there. And more."
    assert "From here." in KeptAnswer.objects.values_list("text", flat=True)
    claims.must_be_true()


def test_session_that_ends_asks_for_the_code_in_the_page(
    open_page: OpenPage, enrolment: Enrolment, claims: Claims, mail_server: MailServer
) -> None:
    page = open_page()
    type_on(page, "Before")
    then_it_is_saved(page)
    Session.objects.all().delete()
    type_on(page, " and after")
    dialog = page.get_by_role("dialog", name="You were signed out")
    expect(dialog).to_be_visible()
    then_it_says(page, "Signed out: kept on this device")
    assert saved_text(enrolment) == "Before"
    dialog.get_by_role("button", name="Send me a code").click()
    letter = text_of(mail_server.wait_for(enrolment.person.email))
    code = re.search(r"\b\d{4}[- ]?\d{4}\b", letter)
    assert code
    dialog.get_by_label("Code").fill("00000000")
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog.get_by_role("alert")).to_contain_text("not the code")
    dialog.get_by_label("Code").fill(code.group())
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).not_to_be_visible()
    then_it_is_saved(page)
    assert saved_text(enrolment) == "Before and after"
    type_on(page, ", again")
    then_it_is_saved(page)
    assert saved_text(enrolment) == "Before and after, again"
    claims.must_be_true()


def test_second_step_is_asked_for_in_the_page_too(
    open_page: OpenPage, enrolment: Enrolment, claims: Claims, mail_server: MailServer
) -> None:
    page = open_page()
    type_on(page, "Before")
    then_it_is_saved(page)
    secret = with_app(enrolment.person)
    Session.objects.all().delete()
    type_on(page, " and after")
    dialog = page.get_by_role("dialog", name="You were signed out")
    dialog.get_by_role("button", name="Send me a code").click()
    letter = text_of(mail_server.wait_for(enrolment.person.email, subject="sign-in code"))
    code = re.search(r"\b\d{4}[- ]?\d{4}\b", letter)
    assert code
    dialog.get_by_label("Code").fill(code.group())
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog.get_by_text("One more step")).to_be_visible()
    dialog.get_by_label("Code").fill("000000")
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog.get_by_role("alert")).to_contain_text("This code is not right")
    dialog.get_by_label("Code").fill(app_code(secret))
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).not_to_be_visible()
    then_it_is_saved(page)
    assert saved_text(enrolment) == "Before and after"
    claims.must_be_true()


def test_another_person_who_signs_in_gets_and_sends_nothing(
    open_page: OpenPage, enrolment: Enrolment, claims: Claims, line: Line
) -> None:
    page = open_page()
    type_on(page, "Mine")
    then_it_is_saved(page)
    line.cut()
    type_on(page, " alone")
    then_it_says(page, "Kept on this device")
    other = factories.enrolment(enrolment.course, attended=True)
    enter(page.context, line.url, other.person)
    line.mend()
    then_it_says(page, "Somebody else is signed in")
    assert page.get_by_label("Your answer").input_value() == ""
    assert Answer.objects.get().text == "Mine"
    page.goto(question_url(other))
    expect(page.get_by_label("Your answer")).to_have_value("")
    expect(page.locator(".notice")).to_have_count(0)
    # Their author finds them at their next visit.
    enter(page.context, line.url, enrolment.person)
    page.goto(question_url(enrolment))
    expect(page.get_by_label("Your answer")).to_have_value("Mine alone")
    then_it_is_saved(page)
    assert saved_text(enrolment) == "Mine alone"


@pytest.mark.parametrize("days", [-1, 1])
def test_clock_of_the_device_is_never_asked(
    open_page: OpenPage, enrolment: Enrolment, claims: Claims, days: int
) -> None:
    page = open_page()
    page.evaluate(
        """days => {
            const Real = Date;
            globalThis.Date = class extends Real {
                constructor(...given) {
                    if (given.length) super(...given); else super(Real.now() + days * 86400000 + 3600000 * 5);
                }
                static now() { return Real.now() + days * 86400000 + 3600000 * 5; }
            };
        }""",
        days,
    )
    type_on(page, "What time is it?")
    then_it_is_saved(page)
    saved_at = Answer.objects.get().saved_at.astimezone(enrolment.course.zone)
    then_it_says(page, f"Saved {saved_at:%H:%M}")
    claims.must_be_true()


@pytest.mark.parametrize(
    ("device", "beside"),
    [("Europe/London", ""), ("Australia/Sydney", r" \(London\stime\)")],
    ids=["home", "abroad"],
)
def test_device_with_another_clock_is_told_whose_the_time_is(
    open_page: OpenPage, enrolment: Enrolment, device: str, beside: str
) -> None:
    assert enrolment.course.time_zone == "Europe/London"
    page = open_page(timezone_id=device)
    type_on(page, "What time is it here?")
    then_it_is_saved(page)
    saved_at = Answer.objects.get().saved_at.astimezone(enrolment.course.zone)
    then_it_says(page, re.compile(rf"^Saved {saved_at:%H:%M}{beside}$"))


def test_page_says_that_answering_closed_and_what_was_saved(
    open_page: OpenPage, enrolment: Enrolment, claims: Claims
) -> None:
    page = open_page()
    type_on(page, "In time.")
    then_it_is_saved(page)
    factories.sitting(enrolment.course, closed=True)
    type_on(page, " Too late.")
    then_it_says(page, "Answering is closed")
    assert saved_text(enrolment) == "In time."
    assert "In time. Too late." in KeptAnswer.objects.filter(why="late").values_list("text", flat=True)
    submission = Submission.objects.get()
    assert submission.submitted_at is None


def test_without_javascript_the_form_saves(open_page: OpenPage, enrolment: Enrolment) -> None:
    page: Page = open_page(java_script_enabled=False)
    page.get_by_label("Your answer").fill("Without a script.")
    page.get_by_role("button", name="Save and continue").click()
    expect(page).to_have_url(re.compile("/questions/2/"))
    assert saved_text(enrolment) == "Without a script."
    assert page.locator("[data-save-state]").is_hidden()
