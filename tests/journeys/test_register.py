"""A trainer takes the register on a phone: each choice is saved as it is made, and nobody is overwritten."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from courses.actions import Entry, take_register
from courses.models import Course, Enrolment, RegisterEntry
from tests import factories
from tests.journeys.people import press, sign_in
from tests.letters import MailServer

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.fixture
def course() -> Course:
    programme = factories.ProgrammeFactory.create()
    course = factories.course(
        programme=programme, trainers=[factories.associate(programme) for _ in range(2)]
    )
    for name in ("Ann Able", "Bo Brown", "Cy Clark"):
        factories.enrolment(course, certificate_name=name)
    return course


def register(page: Page, course: Course, mail: MailServer) -> Page:
    """The register of the first session, as a trainer has it open."""
    sign_in(page, factories.trainer_of(course).email, mail)
    page.goto(f"/courses/{course.uuid}/register/1/")
    return page


def row(page: Page, name: str) -> Locator:
    return page.locator(".register-person", has_text=name)


def said(page: Page, name: str, words: str | re.Pattern[str]) -> None:
    expect(row(page, name).locator("[data-said]")).to_have_text(words)


def stands(name: str) -> str | None:
    found = RegisterEntry.objects.filter(enrolment__certificate_name=name, session__number=1).first()
    return found.presence if found else None


def not_wrong(page: Page, *texts: str) -> None:
    """Forget what the browser's console said of refusals that were expected."""
    watch: Any = page.watch  # type: ignore[attr-defined]
    watch.wrong = [one for one in watch.wrong if not any(text in one for text in texts)]


def test_each_choice_is_saved_as_it_is_made(
    new_page: Callable[..., Page], mail_server: MailServer, course: Course, axe: Callable[..., None]
) -> None:
    page = register(new_page(**PHONE), course, mail_server)
    row(page, "Ann Able").get_by_label("Present").tap()
    said(page, "Ann Able", "Saved")
    expect(page.locator("[data-taken]")).to_have_text("1 of 3 in the register.")
    expect(page.locator("[data-register-said]")).to_have_text("Ann Able: Present, saved.")
    assert (stands("Ann Able"), stands("Bo Brown")) == ("present", None)
    row(page, "Bo Brown").get_by_label("Came late").tap()
    said(page, "Bo Brown", "Saved")
    row(page, "Bo Brown").get_by_role("link", name="Say what was missed").tap()
    expect(page.get_by_label("How many minutes were missed?")).to_be_visible()
    page.go_back()
    expect(row(page, "Ann Able").get_by_label("Present")).to_be_checked()
    axe(page)


def test_arrow_keys_save_the_last_choice_and_keep_the_focus(
    new_page: Callable[..., Page], mail_server: MailServer, course: Course
) -> None:
    page = register(new_page(), course, mail_server)
    row(page, "Ann Able").get_by_label("Present").focus()
    for key in ("Space", "ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    said(page, "Ann Able", "Saved")
    assert stands("Ann Able") == "absent"
    expect(row(page, "Ann Able").get_by_label("Absent")).to_be_focused()


def test_what_could_not_be_saved_says_so_and_goes_with_the_form(
    new_page: Callable[..., Page], mail_server: MailServer, course: Course
) -> None:
    page = register(new_page(**PHONE), course, mail_server)
    page.context.set_offline(True)
    row(page, "Ann Able").get_by_label("Present").tap()
    said(page, "Ann Able", re.compile("^Not saved: no answer came"))
    assert stands("Ann Able") is None
    page.context.set_offline(False)
    not_wrong(page, "ERR_INTERNET_DISCONNECTED")
    row(page, "Bo Brown").get_by_label("Present").tap()
    said(page, "Bo Brown", "Saved")
    press(page, "Save the register")
    expect(page.get_by_text("The register of session 1 was saved.")).to_be_visible()
    assert (stands("Ann Able"), stands("Bo Brown")) == ("present", "present")


def test_two_trainers_never_overwrite_one_another_unseen(
    new_page: Callable[..., Page], mail_server: MailServer, course: Course
) -> None:
    page = register(new_page(**PHONE), course, mail_server)
    colleague = course.associates.order_by("pk").last().associate
    enrolment = Enrolment.objects.get(certificate_name="Ann Able")
    take_register(session=course.sessions.get(number=1), entries=[Entry(enrolment, "absent")], by=colleague)
    row(page, "Ann Able").get_by_label("Present").tap()
    expect(row(page, "Ann Able")).to_contain_text("recorded Absent")
    not_wrong(page, "status of 409")
    assert stands("Ann Able") == "absent"
    # Having seen both, one chooses.
    row(page, "Ann Able").get_by_label("Present").tap()
    said(page, "Ann Able", "Saved")
    assert stands("Ann Able") == "present"


def test_reason_is_asked_where_it_is_needed(
    new_page: Callable[..., Page], mail_server: MailServer, course: Course
) -> None:
    page = new_page(**PHONE)
    sign_in(page, factories.admin().email, mail_server)
    page.goto(f"/courses/{course.uuid}/register/1/")
    row(page, "Ann Able").get_by_label("Absent").tap()
    reason = row(page, "Ann Able").get_by_label("Why do you correct this register?")
    reason.fill("The trainer rang us.")
    not_wrong(page, "status of 422")
    assert stands("Ann Able") is None
    row(page, "Ann Able").get_by_role("button", name="Save with this reason").tap()
    said(page, "Ann Able", "Saved")
    entry = RegisterEntry.objects.get(enrolment__certificate_name="Ann Able")
    assert (entry.presence, entry.reason) == ("absent", "The trainer rang us.")
