"""Finishing and signing out: nothing that this device keeps is passed over, and nothing stays."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from assessments.models import JournalKey, Sitting, Submission
from courses.models import Enrolment
from tests.journeys.saving.conftest import OpenPage, question_url
from tests.journeys.saving.proxy import Line
from tests.journeys.saving.test_network import type_on
from tests.journeys.saving.watching import Claims, saved_text, then_it_is_saved, then_it_says

KEPT = """
() => new Promise((resolve, reject) => {
    const opening = indexedDB.open("aimcert-answers");
    opening.onerror = reject;
    opening.onsuccess = () => {
        const asking = opening.result.transaction("entries").objectStore("entries").getAll();
        asking.onsuccess = () => resolve(asking.result);
    };
})
"""


def kept_on_device(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(KEPT)
    return found


def with_unsaved_words(open_page: OpenPage, line: Line) -> Page:
    page = open_page()
    type_on(page, "Saved.")
    then_it_is_saved(page)
    line.cut()
    type_on(page, " Not saved.")
    then_it_says(page, "Kept on this device, not yet saved")
    return page


def test_journal_is_unreadable_and_empties_on_acknowledgement(
    open_page: OpenPage, enrolment: Enrolment, line: Line, claims: Claims
) -> None:
    page = with_unsaved_words(open_page, line)
    kept = kept_on_device(page)
    assert kept
    assert "Not saved" not in json.dumps(kept)
    line.mend()
    then_it_is_saved(page)
    page.wait_for_function(f"async () => (await ({KEPT})()).length === 0")
    stored = page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}])")
    key = JournalKey.objects.get().key
    assert key
    assert b64encode(bytes(key)).decode() not in stored
    assert "aved." not in stored


def test_signing_out_asks_first_and_the_file_is_what_the_server_can_open(
    open_page: OpenPage, enrolment: Enrolment, line: Line
) -> None:
    page = with_unsaved_words(open_page, line)
    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    dialog = page.get_by_role("dialog", name=re.compile("keeps words that are not saved"))
    expect(dialog).to_be_visible()
    with page.expect_download() as waiting:
        dialog.get_by_role("button", name="Save an encrypted file").click()
    saved = json.loads(Path(waiting.value.path()).read_text())
    assert set(saved) == {"format", "submission", "entries"}
    assert saved["format"] == "aimcert-unsent-1"
    submission = Submission.objects.get()
    assert saved["submission"] == str(submission.uuid)
    key = AESGCM(bytes(JournalKey.objects.get().key or b""))
    texts = []
    for entry in saved["entries"]:
        assert set(entry) == {"question", "device", "sequence", "base", "iv", "data"}
        clear = key.decrypt(
            b64decode(entry["iv"]),
            b64decode(entry["data"]),
            f"{submission.uuid}/{entry['question']}".encode(),
        )
        texts.append(json.loads(clear)["values"]["text"])
    assert texts[-1] == "Saved. Not saved."
    dialog.get_by_role("button", name="Stay").click()
    expect(dialog).not_to_be_visible()
    expect(page.get_by_label("Your answer")).to_have_value("Saved. Not saved.")
    page.locator(".account-menu").evaluate("menu => (menu.open = true)")
    page.get_by_role("button", name="Sign out").click()
    dialog = page.get_by_role("dialog", name=re.compile("keeps words that are not saved"))
    expect(dialog).to_be_visible()
    line.mend()
    dialog.get_by_role("button", name="Discard and sign out").click()
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    assert kept_on_device(page) == []


def test_finishing_sends_first_what_the_device_keeps(
    open_page: OpenPage, enrolment: Enrolment, line: Line, claims: Claims
) -> None:
    page = with_unsaved_words(open_page, line)
    check = page.context.new_page()
    line.mend()
    line.lose_replies()
    page.close()
    line.mend()
    held: list[Route] = []
    check.route("**/journal/", lambda route: route.continue_() if held else held.append(route))
    with check.expect_request("**/journal/"):
        check.goto(f"/my/{enrolment.uuid}/check/")
    # Ticked before the words are sent: then the page loads itself again.
    check.get_by_role("checkbox").check()
    held[0].continue_()
    expect(check.locator(".answer-text").first).to_have_text("Saved. Not saved.", timeout=15_000)
    assert saved_text(enrolment) == "Saved. Not saved."
    check.wait_for_function(f"async () => (await ({KEPT})()).length === 0")
    expect(check.get_by_role("checkbox")).to_be_checked()
    check.get_by_role("button", name="Continue to the declaration").click()
    expect(check.get_by_role("button", name="Submit my answers")).to_be_visible()
    check.get_by_role("checkbox").check()
    check.get_by_role("button", name="Submit my answers").click()
    expect(check.get_by_role("heading", level=1)).to_contain_text("submitted")
    check.wait_for_function(f"async () => (await ({KEPT})()).length === 0")


def test_finishing_waits_for_a_conflict_and_names_the_question(
    open_page: OpenPage, enrolment: Enrolment, line: Line
) -> None:
    here = open_page()
    there = open_page()
    type_on(here, "From here.")
    then_it_is_saved(here)
    type_on(there, "From there.")
    there.get_by_label("Your answer").blur()
    then_it_says(there, "Saved meanwhile")
    there.goto(f"/my/{enrolment.uuid}/check/")
    expect(there.get_by_role("link", name="Open question 1")).to_be_visible()
    there.get_by_role("checkbox").check()
    there.get_by_role("button", name="Continue to the declaration").click()
    expect(there.get_by_role("link", name="Open question 1")).to_be_visible()
    assert there.url.endswith("/check/")
    there.get_by_role("link", name="Open question 1").click()
    expect(there.locator(".notice .answer-text")).to_have_text("From there.")
    expect(there.get_by_label("Your answer")).to_have_value("From here.")
    there.get_by_role("button", name="Keep what is saved, discard mine").click()
    expect(there.locator(".notice")).to_have_count(0)
    there.goto(f"/my/{enrolment.uuid}/check/")
    there.get_by_role("checkbox").check()
    there.get_by_role("button", name="Continue to the declaration").click()
    expect(there.get_by_role("button", name="Submit my answers")).to_be_visible()


def test_kept_words_that_the_server_moved_on_from_are_chosen_from_by_the_person(
    open_page: OpenPage, enrolment: Enrolment, claims: Claims
) -> None:
    here = open_page()
    there = open_page()
    type_on(here, "From here.")
    then_it_is_saved(here)
    type_on(there, "From there.")
    there.get_by_label("Your answer").blur()
    then_it_says(there, "Saved meanwhile")
    there.reload()
    expect(there.locator(".notice .answer-text")).to_have_text("From there.")
    there.get_by_role("button", name="See both and choose").click()
    expect(there.get_by_role("heading", level=1)).to_contain_text("two versions of your answer")
    there.wait_for_timeout(500)
    assert saved_text(enrolment) == "From here."
    there.get_by_role("button", name="Keep this one").click()
    expect(there.get_by_label("Your answer")).to_have_value("From here.")
    expect(there.locator(".notice")).to_have_count(0)
    assert saved_text(enrolment) == "From here."
    claims.must_be_true()


def test_destroyed_key_empties_the_device_at_the_next_visit(
    open_page: OpenPage, enrolment: Enrolment, line: Line
) -> None:
    page = with_unsaved_words(open_page, line)
    JournalKey.objects.update(key=None, destroyed_at=timezone.now())
    assert kept_on_device(page)
    other = page.context.new_page()
    page.close(run_before_unload=False)
    line.mend()
    other.goto("/")
    other.wait_for_function(f"async () => (await ({KEPT})()).length === 0")


def test_hours_count_down_by_the_servers_clock_and_close(
    open_page: OpenPage, enrolment: Enrolment, claims: Claims
) -> None:
    page = open_page()
    type_on(page, "In time")
    then_it_is_saved(page)
    Sitting.objects.update(closes_at=timezone.now() + timedelta(seconds=45))
    page.goto(question_url(enrolment))
    expect(page.locator("[data-closes-in]")).to_have_text(re.compile(r"Answering closes in 0:\d\d"))
    expect(page.locator("[data-save-state] [role=status]")).to_have_text("Answering closes in one minute.")
    page.get_by_label("Your answer").press("Control+End")
    type_on(page, ", also this")
    then_it_says(page, "Answering is closed", timeout=70_000)
    assert saved_text(enrolment) == "In time, also this"
    expect(page.get_by_label("Your answer")).not_to_be_editable()
    claims.must_be_true()


def test_page_with_all_that_it_can_say_passes_axe_on_a_phone(
    open_page: OpenPage, line: Line, axe: Any
) -> None:
    page = open_page(viewport={"width": 320, "height": 640}, reduced_motion="reduce")
    page.evaluate(
        """() => {
            for (const each of document.querySelectorAll("[data-save-state] [hidden]")) each.hidden = false;
            document.querySelector("[data-closes-in]").textContent = "Answering closes in 4:32";
        }"""
    )
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.evaluate("document.getElementById('answering-sign-in').showModal()")
    axe(page)
