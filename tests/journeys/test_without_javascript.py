"""A trainer's day on a device without JavaScript, from the register to the finalised outcome."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.answering.addresses import code_of
from courses.models import Course, Enrolment, RegisterEntry
from courses.states import Presence
from tests import factories
from tests.journeys.people import heading, press, sign_in
from tests.letters import MailServer

OpenPage = Callable[..., Page]
NAME = "Zoë O’Neill"


def given_a_course_today() -> tuple[Course, Enrolment]:
    programme = factories.ProgrammeFactory.create(name="AIM3")
    factories.version(programme)
    ruth = factories.associate(programme, name="Ruth Calder", email="ruth@associates.example")
    course = factories.course(programme=programme, trainers=[ruth], title="AIM3, Wharfside", sessions=1)
    return course, factories.enrolment(course, factories.PersonFactory.create(name=NAME))


def when_the_register_is_saved(page: Page, course: Course) -> None:
    page.goto(f"/courses/{course.uuid}/register/1/")
    press(page, "Mark the rest present")
    expect(page.get_by_text("Nothing is saved yet")).to_be_visible()
    press(page, "Save the register")
    heading(page, re.compile("Register"))
    assert RegisterEntry.objects.get().presence == Presence.PRESENT


def when_the_room_is_opened(page: Page, course: Course) -> None:
    page.goto(f"/courses/{course.uuid}/case-study/")
    press(page, "Release the case study")
    press(page, "Open the questions")
    expect(page.get_by_text("0 of 1 have submitted.")).to_be_visible()


def when_a_code_is_given(page: Page) -> str:
    page.get_by_role("link", name="Codes for people who cannot read their email here").click()
    page.get_by_role("link", name=f"Give a code to {NAME}").click()
    page.get_by_label("I have this person in front of me").check()
    press(page, "Show the code")
    return page.locator(".entry-code").inner_text()


def when_somebody_comes_in_with_it_and_submits(phone: Page, enrolment: Enrolment, code: str) -> None:
    phone.goto(reverse("assessments:room_code", args=[code_of(enrolment.course.number)]))
    phone.get_by_label("Email address").fill(enrolment.person.email)
    phone.get_by_label("Code from your trainer").fill(code)
    press(phone, "Sign in")
    heading(phone, re.compile("Your individual case study"))
    factories.submission(enrolment)


def when_answering_is_closed(page: Page, course: Course) -> None:
    page.goto(f"/courses/{course.uuid}/case-study/")
    expect(page.get_by_text("1 of 1 have submitted.")).to_be_visible()
    press(page, "Close now")
    expect(page.get_by_role("button", name="Close now")).to_have_count(0)
    page.get_by_role("link", name="Go on to marking").click()


def when_the_submission_is_marked(page: Page) -> None:
    page.get_by_role("row", name=re.compile(NAME)).get_by_role("link").first.click()
    expect(page.get_by_role("button", name="Save, outcome")).to_be_visible()
    for radio in page.locator('input[type=radio][name^="judged_"][value="met"]').all():
        radio.check(force=True)
    press(page, "Save, outcome")
    heading(page, re.compile("Outcome"))


def when_the_outcome_is_finalised(page: Page) -> None:
    press(page, "Recommend competent")
    heading(page, re.compile("Finalise the outcome"))
    press(page, "Finalise the outcome")


def test_trainer_runs_marks_and_finalises_a_day_without_javascript(
    new_page: OpenPage, mail_server: MailServer, live_stack: object
) -> None:
    course, enrolment = given_a_course_today()
    page = new_page(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    sign_in(page, "ruth@associates.example", mail_server)
    when_the_register_is_saved(page, course)
    when_the_room_is_opened(page, course)
    code = when_a_code_is_given(page)

    phone = new_page(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    when_somebody_comes_in_with_it_and_submits(phone, enrolment, code)

    when_answering_is_closed(page, course)
    factories.over(course)
    when_the_submission_is_marked(page)
    when_the_outcome_is_finalised(page)
    heading(page, re.compile("Outcome finalised"))
    expect(page.get_by_text("The AIM Project decides.")).to_be_visible()
    assert enrolment.recommendations.get().finalised_at
