"""From a commissioned course to a certificate that a stranger verifies and a follow-up that is closed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from courses.models import Course
from tests import factories
from tests.journeys.people import (
    heading,
    link_in,
    press,
    qr_code_of,
    sign_in,
    text_of_pdf,
    zone_where_it_is_day,
)
from tests.letters import MailServer

NAME = "Zoë O’Neill & <Sons>"
OpenPage = Callable[..., Page]


def downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).click()
    return Path(waiting.value.path()).read_bytes()


def given_a_licensed_associate() -> str:
    programme = factories.ProgrammeFactory.create(name="AIM3")
    factories.version(programme)
    return factories.associate(programme, name="Ruth Calder", email="ruth@associates.example").email


def when_the_admin_arranges_a_course(page: Page, zone: str) -> str:
    today = datetime.now(ZoneInfo(zone)).date().isoformat()
    page.get_by_role("link", name="Courses").first.click()
    page.get_by_role("link", name=re.compile("Create a course")).first.click()
    page.get_by_label("AIM3", exact=True).check()
    page.get_by_label("Title").fill("AIM3, Wharfside")
    page.get_by_label("Commissioned by").select_option("Wharfside Council")
    page.get_by_label("Time zone").select_option(value=zone)
    page.get_by_label("In person").check()
    page.get_by_label("Venue").fill("Room 4, Wharfside Centre")
    page.get_by_label("Places").fill("12")
    page.get_by_label("Experience sought").fill("A year in this field.")
    for number, (starts, ends) in enumerate((("22:00", "22:30"), ("22:45", "23:30"))):
        row = page.get_by_role("group", name=f"Session {number + 1}", exact=True)
        row.get_by_label("Date").fill(today)
        row.get_by_label("Starts").fill(starts)
        row.get_by_label("Ends").fill(ends)
    press(page, "Create the course")
    heading(page, re.compile("AIM3, Wharfside"))
    course = re.sub(r"^https?://[^/]+(/courses/[0-9a-f-]+/).*", r"\1", page.url)
    page.goto(f"{course}associates/")
    page.get_by_label("Ruth Calder").check()
    press(page, "Assign this Associate")
    page.goto(course)
    page.get_by_role("link", name="See what will be public, and publish").click()
    press(page, "Publish this course")
    return course


def when_the_commissioner_nominates(page: Page, course: str, name: str, email: str) -> None:
    page.goto(f"{course}nominations/new/")
    page.get_by_label("Their name").fill(name)
    page.get_by_label("Their email address").fill(email)
    page.get_by_label("Their job role").fill("Social worker")
    page.get_by_label("Years of experience").fill("3")
    page.get_by_label("line manager’s name").fill("Morgan Reeve")
    page.get_by_label("line manager’s email").fill("morgan.reeve@wharfside.example")
    press(page, "Nominate, and send them the link")
    expect(page.get_by_text(email).first).to_be_visible()


def when_the_nominee_accepts(page: Page, mail: MailServer, email: str, name: str) -> None:
    page.goto(link_in(mail, email, "invitations"))
    page.get_by_label("Your name, as it should appear on the certificate").fill(name)
    page.get_by_label("I have read what is expected, and I accept it").check()
    press(page, "Accept, and take my place")
    heading(page, re.compile("You have a place"))


def when_time_passes(course: str, *, until_the_end_is_in: timedelta) -> None:
    """Sessions move instead of the clock, which the server, the worker and the browser share."""
    held = Course.objects.get(uuid=course.strip("/").split("/")[-1])
    last = held.sessions.get(number=2).ends_at
    by = timezone.now() + until_the_end_is_in - last
    held.sessions.update(starts_at=F("starts_at") + by, ends_at=F("ends_at") + by)


def when_the_trainer_takes_the_register(page: Page, course: str) -> None:
    for number in (1, 2):
        page.goto(f"{course}register/{number}/")
        press(page, "Mark the rest present")
        press(page, "Save the register")


def when_the_trainer_opens_the_questions(page: Page, course: str) -> None:
    page.goto(f"{course}case-study/")
    press(page, "Release the case study")
    press(page, "Open the questions")


def when_the_participant_answers(page: Page, answers: list[str]) -> None:
    page.get_by_role("link", name=re.compile("AIM3, Wharfside")).first.click()
    if "/questions/" not in page.url:
        page.get_by_role("link", name=re.compile("questions", re.IGNORECASE)).first.click()
    page.goto(re.sub(r"questions/.*", "questions/1/", page.url))
    for number, answer in enumerate(answers, start=1):
        # It goes on once the answer before is acknowledged.
        expect(page).to_have_url(re.compile(rf"/questions/{number}/"))
        expect(page.get_by_text("Robin was referred.")).to_be_visible()
        page.get_by_label("Your answer").fill(answer)
        press(page, "Save and continue")
    heading(page, re.compile("Check your answers"))
    press(page, "Continue to the declaration")
    page.get_by_role("checkbox").check()
    press(page, "Submit my answers")
    heading(page, re.compile("submitted|receipt", re.IGNORECASE))


def when_the_trainer_marks(page: Page, course: str, name: str, choice: str) -> None:
    page.goto(f"{course}marking/")
    page.get_by_role("row", name=re.compile(re.escape(name))).get_by_role("link").first.click()
    # `all` takes what is there and waits for nothing: first be on the script's own page.
    expect(page.get_by_role("button", name="Save, outcome")).to_be_visible()
    for radio in page.locator(f'input[type=radio][name^="judged_"][value="{choice}"]').all():
        radio.check(force=True)
    press(page, "Save, outcome")
    heading(page, re.compile("Outcome"))


def when_the_trainer_recommends_competent(page: Page) -> None:
    expect(page.get_by_text(re.compile("essential criteria are met"))).to_be_visible()
    press(page, "Recommend competent")


def then_nobody_is_finalised_as_competent_before_the_end(page: Page) -> None:
    heading(page, re.compile("Finalise the outcome"))
    expect(page.get_by_text(re.compile("Session 2 ends on"))).to_be_visible()
    expect(page.get_by_role("button", name="Finalise the outcome")).to_have_count(0)


def when_the_trainer_finalises(page: Page) -> None:
    page.reload()
    press(page, "Finalise the outcome")
    heading(page, re.compile("Outcome finalised"))


def when_the_trainer_recommends_not_yet(page: Page, zone: str) -> None:
    page.get_by_text("See it otherwise", exact=True).click()
    page.get_by_role("radio", name="Not yet competent").check()
    page.get_by_label("Experience", exact=True).check()
    page.get_by_label("What shows it").fill("This work is new to them.")
    page.get_by_label("Which experience is needed").fill("Two assessments beside a colleague.")
    press(page, "Save this outcome")
    held = datetime.now(ZoneInfo(zone)) - timedelta(minutes=2)
    page.get_by_label("Day", exact=True).fill(held.date().isoformat())
    page.get_by_label("Time", exact=True).fill(held.strftime("%H:%M"))
    page.get_by_label("Ruth Calder").check()
    page.get_by_label("What was said").fill("We went through the safety plan together.")
    press(page, "Save the conversation")
    page.locator('textarea[name="told_participant"]').fill(
        "You know the domains. Shadow two assessments next."
    )
    page.locator('textarea[name="told_commissioner"]').fill("Two shadowed assessments would help.")
    page.locator('textarea[name="internal_note"]').fill("INTERNAL-NOTE")
    press(page, "Save the feedback")
    press(page, "Finalise the outcome")
    heading(page, re.compile("Outcome finalised"))


def when_the_admin_approves(page: Page) -> None:
    page.goto("/approvals/")
    page.get_by_role("link", name=re.compile("AIM3, Wharfside")).first.click()
    page.get_by_role("link", name=re.compile("Approve 1 eligible person")).click()
    page.get_by_role("button", name=re.compile("^Approve")).click()
    expect(page.get_by_text(NAME).first).to_be_visible()


def then_the_certificate_says_so_and_anyone_can_check_it(holder: Page, stranger: Page) -> None:
    holder.goto("/certificates/")
    holder.goto("/")
    holder.get_by_role("link", name=re.compile("certificate", re.IGNORECASE)).first.click()
    download = holder.get_by_role("link", name=re.compile("Download"))
    expect(download.first).to_be_visible(timeout=30_000)
    pdf = downloaded(holder, download.first.inner_text())
    text = text_of_pdf(pdf)
    assert NAME in text
    assert "AIM3" in text
    address = qr_code_of(pdf)
    stranger.goto(address[address.index("/verify/") :])
    heading(stranger, "This certificate is valid")
    expect(stranger.get_by_text(NAME)).to_be_visible()
    expect(stranger.get_by_text("The AIM Project").first).to_be_visible()


def when_the_person_opens_their_feedback(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile("feedback|waits|read", re.IGNORECASE)).first.click()
    if "/feedback/" not in page.url:
        page.get_by_role("link", name=re.compile("feedback", re.IGNORECASE)).first.click()
    page.get_by_role("button", name=re.compile("Read my feedback")).click()
    expect(page.get_by_text("Two shadowed assessments would help.")).to_be_visible()
    expect(page.get_by_text("Nothing has gone to Wharfside Council yet.")).to_be_visible()


def then_the_commissioner_is_not_told(page: Page, course: str) -> None:
    page.goto(f"{course}results/")
    expect(page.get_by_role("row", name=re.compile("Tomasz Wilk"))).not_to_contain_text("Not yet competent")


def when_the_person_sends_it_on_with_a_comment(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile("Read your feedback and send it on")).click()
    page.get_by_label("Your comment").fill("I would like to shadow in the spring.")
    press(page, "I have read it: send it to Wharfside Council")
    expect(page.get_by_text(re.compile("It went to Wharfside Council on"))).to_be_visible()


def then_the_commissioner_reads_and_closes_the_follow_up(page: Page, course: str) -> None:
    page.goto(f"{course}results/")
    expect(page.get_by_role("row", name=re.compile("Tomasz Wilk"))).to_contain_text("Not yet competent")
    press(page, "Make it as a spreadsheet")
    expect(page.get_by_text("Your report is ready")).to_be_visible(timeout=30_000)
    book = load_workbook(BytesIO(downloaded(page, "Download the spreadsheet")))
    told = "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    assert "Tomasz Wilk" in told
    assert "Two shadowed assessments would help." in told
    assert "I would like to shadow in the spring." in told
    assert "INTERNAL-NOTE" not in told
    assert "My answer" not in told
    page.goto(f"{course}results/")
    press(page, "Make it as a PDF")
    expect(page.get_by_text("Your report is ready")).to_be_visible(timeout=30_000)
    report = text_of_pdf(downloaded(page, "Download the PDF"))
    assert "Two shadowed assessments would help." in report
    assert "INTERNAL-NOTE" not in report
    page.goto("/follow-ups/")
    page.get_by_role("link", name=re.compile("Tomasz Wilk")).first.click()
    page.get_by_label("What was done").fill("Shadowing is agreed for the spring.")
    page.get_by_role("radio", name=re.compile("close", re.IGNORECASE)).check()
    press(page, "Record it")
    expect(page.get_by_text(re.compile("closed it on"))).to_be_visible()


def test_training_day_ends_in_a_certificate_and_a_closed_follow_up(
    new_page: OpenPage, mail_server: MailServer
) -> None:
    zone = zone_where_it_is_day()
    ruth = given_a_licensed_associate()
    grace = factories.admin(name="Grace Adeyemi", email="grace@aim.example").email
    council = factories.OrganisationFactory.create(name="Wharfside Council")
    helen = factories.commissioner(council, name="Helen Marsh", email="helen@wharfside.example").email
    zoe, tomasz = "zoe@people.example", "tomasz@people.example"

    admin = new_page()
    sign_in(admin, grace, mail_server)
    course = when_the_admin_arranges_a_course(admin, zone)

    stranger = new_page()
    stranger.goto(f"{course}about/")
    expect(stranger.get_by_text("individual case study").first).to_be_visible()

    commissioner = new_page()
    sign_in(commissioner, helen, mail_server)
    when_the_commissioner_nominates(commissioner, course, "Zoe ONeill", zoe)
    when_the_commissioner_nominates(commissioner, course, "Tomasz Wilk", tomasz)

    competent, learning = new_page(), new_page(viewport={"width": 390, "height": 800})
    when_the_nominee_accepts(competent, mail_server, zoe, NAME)
    when_the_nominee_accepts(learning, mail_server, tomasz, "Tomasz Wilk")

    trainer = new_page(viewport={"width": 390, "height": 800})
    sign_in(trainer, ruth, mail_server)
    when_time_passes(course, until_the_end_is_in=timedelta(minutes=30))
    when_the_trainer_takes_the_register(trainer, course)
    when_the_trainer_opens_the_questions(trainer, course)

    sign_in(competent, zoe, mail_server)
    when_the_participant_answers(competent, ["My answer to the first.", "My answer to the second."])
    sign_in(learning, tomasz, mail_server)
    when_the_participant_answers(learning, ["My answer, thin.", "My answer, thinner."])

    when_the_trainer_marks(trainer, course, NAME, "met")
    when_the_trainer_recommends_competent(trainer)
    then_nobody_is_finalised_as_competent_before_the_end(trainer)
    when_time_passes(course, until_the_end_is_in=timedelta(minutes=-1))
    when_the_trainer_finalises(trainer)
    when_the_trainer_marks(trainer, course, "Tomasz Wilk", "not_met")
    when_the_trainer_recommends_not_yet(trainer, zone)

    then_the_commissioner_is_not_told(commissioner, course)

    when_the_admin_approves(admin)
    then_the_certificate_says_so_and_anyone_can_check_it(competent, stranger)
    when_the_person_opens_their_feedback(learning)
    then_the_commissioner_is_not_told(commissioner, course)
    when_the_person_sends_it_on_with_a_comment(learning)
    then_the_commissioner_reads_and_closes_the_follow_up(commissioner, course)
