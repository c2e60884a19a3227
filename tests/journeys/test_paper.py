"""A venue without a network: booklets are printed, typed in, compared by another, submitted and marked.

And somebody asks for what makes the day fair to them, which only they, their trainer and The AIM
Project ever read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from assessments.models import Booklet
from courses.models import Course
from tests import factories
from tests.journeys.people import heading, press, sign_in, text_of_pdf
from tests.letters import MailServer
from tests.paper import scan_of_paper

NAME = "Zoë O’Neill & <Sons>"
OpenPage = Callable[..., Page]
# Where pictures of the steps go, if anywhere.
PICTURES = os.environ.get("PICTURES", "")


def seen(page: Page, name: str, axe: Callable[..., None]) -> None:
    """This step is accessible; a picture of it where they are wanted."""
    axe(page)
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def given_a_course_in_the_room() -> tuple[Course, str, str, str]:
    programme = factories.ProgrammeFactory.create(name="AIM3")
    factories.version(programme)
    ruth = factories.associate(programme, name="Ruth Calder", email="ruth@associates.example")
    course = factories.course(programme=programme, trainers=[ruth], title="AIM3, Wharfside")
    factories.sitting(course)
    zoe = factories.PersonFactory.create(name=NAME, email="zoe@people.example")
    factories.enrolment(course, zoe)
    factories.enrolment(course)
    grace = factories.admin(name="Grace Adeyemi", email="grace@aim.example")
    return course, ruth.email, zoe.email, grace.email


def when_the_participant_asks_for_an_adjustment(page: Page, axe: Callable[..., None]) -> None:
    page.get_by_role("link", name=re.compile("AIM3, Wharfside")).first.click()
    page.get_by_role("link", name="Ask for an adjustment, or see what is agreed").first.click()
    heading(page, re.compile("Your adjustments"))
    seen(page, "adjustments-mine-empty", axe)
    page.get_by_label("Larger print").check()
    page.get_by_label("More time").check()
    page.get_by_label("In your own words").fill("Small letters swim.")
    press(page, "Ask The AIM Project")
    expect(page.get_by_text("We have your request.")).to_be_visible()
    seen(page, "adjustments-mine-asked", axe)


def when_the_admin_answers(page: Page, axe: Callable[..., None]) -> None:
    page.goto("/")
    page.get_by_role("link", name="Answer requests for adjustments").click()
    seen(page, "adjustments-to-answer", axe)
    page.get_by_role("link", name=NAME).click()
    seen(page, "adjustments-answer", axe)
    page.get_by_label("Larger print").check()
    page.get_by_label("More time").check()
    page.get_by_label("Minutes more").fill("20")
    page.get_by_label("Your answer").fill("Your booklet comes in larger print, and you have 20 minutes more.")
    press(page, "Send this answer")
    expect(page.get_by_text(re.compile("Answered."))).to_be_visible()


def when_the_trainer_grants_one_more(page: Page, course: str, axe: Callable[..., None]) -> None:
    page.goto(f"{course}case-study/")
    page.get_by_role("link", name="Adjustments").click()
    seen(page, "adjustments-course", axe)
    page.get_by_role("link", name=NAME).click()
    page.get_by_label("Breaks").check()
    page.get_by_label("How it is done").fill("Five minutes each hour.")
    press(page, "Grant this")
    expect(page.get_by_text("Granted. It is on record")).to_be_visible()
    seen(page, "adjustments-person", axe)


def when_the_trainer_prints_booklets(page: Page, course: str, axe: Callable[..., None]) -> bytes:
    page.goto(f"{course}case-study/")
    page.get_by_role("link", name=re.compile("Paper")).click()
    press(page, "Give everyone a code")
    seen(page, "paper-course", axe)
    link = page.get_by_role("link", name="Everyone’s booklets (PDF)").get_attribute("href")
    answer = page.request.get(str(link))
    assert answer.headers["content-type"] == "application/pdf"
    pdf = answer.body()
    if PICTURES:
        (Path(PICTURES) / "booklets.pdf").write_bytes(pdf)
    return pdf


def then_each_booklet_has_its_name_and_code(pdf: bytes) -> None:
    text = text_of_pdf(pdf)
    assert NAME in text
    assert "Sign when you have finished" in text
    assert len(PdfReader(BytesIO(pdf)).pages) % 2 == 0


def when_the_trainer_types_it_in(page: Page, course: str, code: str, axe: Callable[..., None]) -> None:
    page.goto(f"{course}case-study/paper/")
    page.get_by_label("The code on the paper").fill(code.lower())
    press(page, "Find whose it is")
    seen(page, "paper-begin", axe)
    page.get_by_label("Why was this written on paper?").fill("The venue had no network.")
    press(page, "Begin to type it in")
    page.get_by_role("link", name=re.compile("1. Question 1")).click()
    seen(page, "paper-question", axe)
    page.get_by_label("What the paper says").fill("What I wrote, by hand.")
    press(page, "Save and continue")
    page.get_by_label(re.compile("The paper is blank here")).check()
    press(page, "Save and continue")
    page.get_by_label("Scans or photographs").set_input_files(
        [
            {"name": "sheets.pdf", "mimeType": "application/pdf", "buffer": scan_of_paper("sheets", 3)},
            {"name": "last.pdf", "mimeType": "application/pdf", "buffer": scan_of_paper("the last")},
        ]
    )
    press(page, "Add these")
    expect(page.get_by_role("link", name="Scan 2")).to_be_visible()
    seen(page, "paper-typed", axe)
    press(page, "Hand it over to be compared")
    expect(page.get_by_role("heading", name="To be compared with the paper")).to_be_visible()
    expect(page.get_by_role("link", name="Compare it with the paper")).to_have_count(0)


def when_the_participant_compares(page: Page, axe: Callable[..., None]) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile("Compare answers that were typed in")).click()
    seen(page, "paper-to-check", axe)
    page.get_by_role("link", name=NAME).click()
    expect(page.get_by_text("What I wrote, by hand.")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Scan 1").click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")
    seen(page, "paper-check", axe)
    page.get_by_label(re.compile("I compared every answer")).check()
    page.get_by_label(re.compile("The paper carries the declaration")).check()
    press(page, "It is the same: submit it")
    expect(page.get_by_role("heading", name="Submitted")).to_be_visible()


def then_the_receipt_says_how_it_came(page: Page, mail: MailServer, axe: Callable[..., None]) -> None:
    mail.wait_for("zoe@people.example")
    page.goto("/")
    page.get_by_role("link", name=re.compile("Your answers are in")).click()
    expect(page.get_by_text("What is kept is, to the letter, what you submitted.")).to_be_visible()
    expect(page.get_by_text(re.compile("Typed in by Ruth Calder"))).to_be_visible()
    seen(page, "paper-receipt", axe)


def then_the_trainer_marks_it(page: Page, course: str, axe: Callable[..., None]) -> None:
    page.goto(f"{course}marking/")
    page.get_by_role("row", name=re.compile(re.escape(NAME))).get_by_role("link").first.click()
    expect(page.get_by_text("What I wrote, by hand.")).to_be_visible()
    expect(page.get_by_text(re.compile("compared with the paper by"))).to_be_visible()
    expect(page.get_by_role("button", name="Save, outcome")).to_be_visible()
    seen(page, "paper-mark", axe)
    for radio in page.locator('input[type=radio][name^="judged_1_"][value="met"]').all():
        radio.check(force=True)
    for radio in page.locator('input[type=radio][name^="judged_2_"][value="not_met"]').all():
        radio.check(force=True)
    press(page, "Save, outcome")
    heading(page, re.compile("Outcome"))


def test_paper_is_printed_typed_in_compared_and_marked(
    new_page: OpenPage, mail_server: MailServer, axe: Callable[..., None]
) -> None:
    held, ruth, zoe, grace = given_a_course_in_the_room()
    course = f"/courses/{held.uuid}/"
    participant = new_page(viewport={"width": 390, "height": 800})
    trainer, admin = new_page(viewport={"width": 1280, "height": 900}), new_page()
    sign_in(participant, zoe, mail_server)
    when_the_participant_asks_for_an_adjustment(participant, axe)
    sign_in(admin, grace, mail_server)
    when_the_admin_answers(admin, axe)
    sign_in(trainer, ruth, mail_server)
    when_the_trainer_grants_one_more(trainer, course, axe)

    then_each_booklet_has_its_name_and_code(when_the_trainer_prints_booklets(trainer, course, axe))
    code = Booklet.objects.get(enrolment__person__email=zoe).code
    when_the_trainer_types_it_in(trainer, course, code, axe)
    when_the_participant_compares(participant, axe)
    then_the_receipt_says_how_it_came(participant, mail_server, axe)
    then_the_trainer_marks_it(trainer, course, axe)
