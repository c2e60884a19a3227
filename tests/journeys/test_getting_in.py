"""Getting into a room on a phone: by its address and an emailed code, or by a code from the trainer."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import zxingcpp
from django.test import Client as DjangoClient
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from assessments.answering.addresses import code_of
from assessments.models import Answer, EntryCode
from courses.models import Course, Enrolment
from tests import factories
from tests.journeys.people import heading, press
from tests.journeys.test_kinds import enter
from tests.letters import MailServer, text_of

OpenPage = Callable[..., Page]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def course(live_stack: object) -> Course:
    held = factories.course(title="AIM3, Wharfside")
    factories.sitting(held)
    return held


@pytest.fixture
def looked() -> Callable[[Page, str], None]:
    """Takes a picture of a page, where PICTURES says into which folder."""

    def look(page: Page, name: str) -> None:
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return look


# What a script keeps on a device, and what of it is left.
KEEP_SOMETHING = """() => new Promise((resolve, reject) => {
  localStorage.setItem("kept", "here");
  const opening = indexedDB.open("kept-by-a-test");
  opening.onupgradeneeded = () => opening.result.createObjectStore("texts").put("words", 1);
  opening.onsuccess = () => { opening.result.close(); resolve(); };
  opening.onerror = reject;
})"""
# The page that one signs in on opens a journal of its own to look into it, which is empty.
KEPT = """async () => [
  (await indexedDB.databases()).filter((each) => each.name === "kept-by-a-test").length,
  localStorage.getItem("kept"),
]"""

Looked = Callable[[Page, str], None]


def qr_on(page: Page, tmp_path: Path) -> str:
    """What a camera reads on the page."""
    picture = tmp_path / "page.png"
    page.screenshot(path=picture, full_page=True)
    found = zxingcpp.read_barcodes(Image.open(picture))
    assert found, "no QR code can be read"
    return str(found[0].text)


def local(address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", address)


def test_address_that_is_projected_leads_to_ones_questions(
    new_page: OpenPage,
    course: Course,
    mail_server: MailServer,
    tmp_path: Path,
    axe: Callable[..., None],
    looked: Looked,
) -> None:
    enrolment = factories.enrolment(course, factories.PersonFactory.create(email="zoe@people.example"))
    trainer = new_page(viewport={"width": 1280, "height": 800})
    enter(trainer, factories.trainer_of(course))
    trainer.goto(reverse("assessments:room", args=[course.uuid]))
    trainer.get_by_role("link", name="Show the room’s address").click()
    heading(trainer, re.compile("The room’s address"))
    axe(trainer)
    looked(trainer, "address-1280")
    address = qr_on(trainer, tmp_path)

    phone = new_page(viewport=PHONE, is_mobile=True, java_script_enabled=False)
    phone.goto(local(address))
    heading(phone, "Come in")
    looked(phone, "come-in-390")
    phone.get_by_label("Email").fill("zoe@people.example")
    press(phone, "Send me a code")
    code = re.search(r"\b\d{4}-\d{4}\b", text_of(mail_server.wait_for("zoe@people.example")))
    assert code
    phone.get_by_label("Code").fill(code.group())
    press(phone, "Sign in")
    heading(phone, re.compile("Your individual case study"))
    assert str(enrolment.uuid) in phone.url


def test_who_cannot_read_their_email_gets_in_by_a_code_and_opens_nothing_else(
    new_page: OpenPage,
    course: Course,
    mail_server: MailServer,
    tmp_path: Path,
    axe: Callable[..., None],
    looked: Looked,
) -> None:
    person = factories.admin(name="Zoë O’Neill", email="zoe.oneill@council.example")
    enrolment = factories.enrolment(course, person)
    trainer = new_page(viewport={"width": 1280, "height": 800})
    enter(trainer, factories.trainer_of(course))
    trainer.goto(reverse("assessments:room", args=[course.uuid]))
    trainer.get_by_role("link", name="Codes for people who cannot read their email here").click()
    axe(trainer)
    looked(trainer, "codes-1280")
    trainer.get_by_role("link", name="Give a code to Zoë O’Neill").click()
    press(trainer, "Show the code")
    expect(trainer.get_by_text("Tick the box to say so").first).to_be_visible()
    looked(trainer, "give-1280")
    trainer.get_by_label("I have this person in front of me").check()
    axe(trainer)
    press(trainer, "Show the code")
    code = trainer.locator(".entry-code").inner_text()
    axe(trainer)
    looked(trainer, "code-1280")
    trainer.set_viewport_size(PHONE)  # type: ignore[arg-type]
    looked(trainer, "code-390")
    link = local(qr_on(trainer, tmp_path))
    trainer.reload()
    expect(trainer.locator(".entry-code")).to_have_count(0)

    phone = new_page(viewport=PHONE, is_mobile=True)
    phone.goto(link)
    axe(phone)
    phone.get_by_label("Email address").fill(person.email)
    phone.get_by_label("Code from your trainer").fill("0000 0000")
    press(phone, "Sign in")
    expect(phone.get_by_role("alert").or_(phone.locator("[data-error-summary]")).first).to_be_visible()
    axe(phone)
    looked(phone, "wrong-code-390")
    phone.get_by_label("Code from your trainer").fill(code)
    press(phone, "Sign in")
    heading(phone, re.compile("Your individual case study"))
    looked(phone, "tasks-390")
    letter = text_of(mail_server.wait_for(person.email, subject="a code from your trainer"))
    assert "AIM3, Wharfside" in letter

    phone.goto(reverse("assessments:question", args=[enrolment.uuid, 1]))
    phone.get_by_role("textbox").first.fill("What I think of Robin’s referral.")
    press(phone, "Save and continue")
    heading(phone, re.compile("Question 2"))
    assert Answer.objects.get().text == "What I think of Robin’s referral."

    for closed in ("account", "courses:list", "staff", "certification:queue", "account_change_email"):
        phone.goto(reverse(closed))
        heading(phone, "Sign in with your email for this")
    axe(phone)
    looked(phone, "refused-390")
    phone.get_by_role("link", name="Back to your own place").click()
    heading(phone, re.compile("Your individual case study"))
    phone.locator(".account-menu > summary").click()
    looked(phone, "menu-390")
    phone.evaluate(KEEP_SOMETHING)
    press(phone, "Sign out")
    heading(phone, "Sign in")
    expect(phone.get_by_text("You are signed out.")).to_be_visible()
    assert phone.evaluate(KEPT) == [0, None]
    assert EntryCode.objects.get().used_at

    trainer.set_viewport_size({"width": 1280, "height": 800})
    trainer.goto(reverse("assessments:entry_codes", args=[course.uuid]))
    expect(trainer.get_by_text(re.compile("used at"))).to_be_visible()
    looked(trainer, "codes-used-1280")
    trainer.set_viewport_size(PHONE)  # type: ignore[arg-type]
    looked(trainer, "codes-used-390")


def test_who_has_no_place_is_told_what_to_do(
    new_page: OpenPage, course: Course, axe: Callable[..., None], looked: Looked
) -> None:
    phone = new_page(viewport=PHONE, is_mobile=True)
    enter(phone, factories.PersonFactory.create(email="stranger@people.example"))
    phone.goto(reverse("assessments:room_entry", args=[code_of(course.number)]))
    heading(phone, "You have no place here")
    axe(phone)
    looked(phone, "no-place-390")
    press(phone, "Sign out and use another address")
    heading(phone, "Come in")


def test_answer_typed_before_the_session_ended_is_saved_without_javascript(
    new_page: OpenPage,
    course: Course,
    mail_server: MailServer,
    looked: Looked,
) -> None:
    person = factories.PersonFactory.create(email="a@people.example")
    enrolment: Enrolment = factories.enrolment(course, person)
    phone = new_page(viewport=PHONE, is_mobile=True, java_script_enabled=False)
    enter(phone, enrolment.person)
    phone.goto(reverse("assessments:question", args=[enrolment.uuid, 1]))
    phone.get_by_role("textbox").first.fill("Typed while nobody\n\nwas signed in.")
    phone.context.clear_cookies(name="sessionid")
    press(phone, "Save and continue")
    heading(phone, "Sign in to save this")
    looked(phone, "carrying-390")
    expect(phone.get_by_text("Typed while nobody")).to_be_visible()
    phone.get_by_label("Email address").fill("a@people.example")
    press(phone, "Send me a code")
    looked(phone, "carrying-code-390")
    code = re.search(r"\b\d{4}-\d{4}\b", text_of(mail_server.wait_for("a@people.example")))
    assert code
    phone.get_by_label("Code").fill(code.group())
    press(phone, "Sign in and save")
    heading(phone, re.compile("Question 2"))
    assert Answer.objects.get().text == "Typed while nobody\n\nwas signed in."
    looked(phone, "carried-390")


def asked_too_often(email: str) -> None:
    """Strangers asked for codes in somebody's name, so that the next one has work to do."""
    for number in range(3):
        DjangoClient(REMOTE_ADDR=f"192.0.2.{number}").post(reverse("account_login"), {"email": email})


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 800}], ids=["390", "1280"])
def test_device_works_by_itself_where_strangers_asked_too_often(
    new_page: OpenPage,
    live_stack: object,
    mail_server: MailServer,
    axe: Callable[..., None],
    looked: Looked,
    viewport: dict[str, int],
) -> None:
    person = factories.PersonFactory.create(email="asked@people.example")
    asked_too_often(person.email)
    page = new_page(viewport=viewport)
    page.goto(reverse("account_login"))
    page.get_by_label("Email address").fill(person.email)
    press(page, "Send me a code")
    # The form sends itself once the work is done.
    heading(page, "Check your email")
    axe(page)
    looked(page, f"long-code-{viewport['width']}")
    label = page.locator(".code-label").inner_text()
    letter = mail_server.wait_for(person.email, subject=label)
    code = re.search(r"\b\d{4}-\d{4}-\d{4}\b", text_of(letter))
    assert code
    page.get_by_label("Code").fill(code.group())
    press(page, "Sign in")
    expect(page.locator(".account-menu")).to_be_visible()


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 800}], ids=["390", "1280"])
def test_waiting_is_said_without_a_script(
    new_page: OpenPage,
    live_stack: object,
    axe: Callable[..., None],
    looked: Looked,
    viewport: dict[str, int],
) -> None:
    person = factories.PersonFactory.create(email="asked@people.example")
    asked_too_often(person.email)
    page = new_page(viewport=viewport, java_script_enabled=False)
    page.goto(reverse("account_login"))
    page.get_by_label("Email address").fill(person.email)
    press(page, "Send me a code")
    expect(page.get_by_text("Wait 20 seconds, then press")).to_be_visible()
    expect(page.get_by_label("Email address")).to_have_value(person.email)
    looked(page, f"waiting-{viewport['width']}")
