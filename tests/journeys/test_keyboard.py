"""By keyboard alone: a participant from signing in to the receipt, a trainer to the finalised outcome."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from assessments.models import Answer, CriterionMark
from courses.models import Enrolment
from tests import factories
from tests.journeys.keyboard import Keyboard
from tests.journeys.people import code_in, heading
from tests.letters import MailServer

OpenPage = Callable[..., Page]


@pytest.fixture
def enrolment(live_stack: object) -> Enrolment:
    """Somebody on a course whose questions are open."""
    programme = factories.ProgrammeFactory.create(name="AIM3")
    factories.version(programme)
    ruth = factories.associate(programme, name="Ruth Calder", email="ruth@associates.example")
    course = factories.course(programme=programme, trainers=[ruth], title="AIM3, Wharfside")
    factories.sitting(course)
    zoe = factories.PersonFactory.create(name="Zoë O’Neill", email="zoe@people.example")
    return factories.enrolment(course, zoe)


def signed_in(page: Page, email: str, mail: MailServer) -> Keyboard:
    keys = Keyboard(page)
    page.goto("/")
    heading(page, "Competent in the AIM models, shown by each person")
    keys.press("Sign in")
    heading(page, "Sign in")
    keys.type("Email address", email)
    page.keyboard.press("Enter")
    heading(page, "Check your email")
    keys.type("Code from the email", code_in(mail, email))
    page.keyboard.press("Enter")
    heading(page, "What needs you now")
    return keys


def test_participant_answers_and_submits_by_keyboard_alone(
    new_page: OpenPage, enrolment: Enrolment, mail_server: MailServer
) -> None:
    page = new_page(viewport={"width": 390, "height": 800}, reduced_motion="reduce")
    keys = signed_in(page, enrolment.person.email, mail_server)
    keys.press(re.compile(r".*AIM3, Wharfside.*"))
    heading(page, "AIM3 AIM3, Wharfside")
    keys.press("Go to the questions")
    heading(page, re.compile("Your individual case study"))
    keys.press("1. Question 1")
    for number in (1, 2):
        heading(page, re.compile(f"Question {number} of 2"))
        keys.type("Your answer", f"What I think, {number}.")
        keys.press("Save and continue")
    heading(page, re.compile("Check your answers"))
    keys.press("Continue to the declaration")
    heading(page, re.compile("Declare and submit"))
    keys.press(re.compile("These answers are my own individual work.*"), "Space")
    keys.press("Submit my answers")
    heading(page, re.compile("submitted"))
    assert sorted(one.text for one in Answer.objects.all()) == ["What I think, 1.", "What I think, 2."]
    enrolment.submissions.get(submitted_at__isnull=False)


def test_trainer_marks_and_finalises_by_keyboard_alone(
    new_page: OpenPage, enrolment: Enrolment, mail_server: MailServer
) -> None:
    factories.attend(enrolment)
    factories.submission(enrolment)
    page = new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    keys = signed_in(page, "ruth@associates.example", mail_server)
    keys.press(re.compile(r"Mark .*AIM3, Wharfside.*"))
    heading(page, re.compile("Marking"))
    keys.press("Zoë O’Neill")
    heading(page, re.compile("Zoë O’Neill"))
    keys.press("First unmarked criterion")
    expect(page.locator("#id_judged_1_1_0")).to_be_focused()
    page.keyboard.press("1")
    keys.press("First unmarked criterion")
    expect(page.locator("#id_judged_1_2_0")).to_be_focused()
    for _criterion in range(4):
        keys.press("Met", "Space")
    keys.press("Save, outcome")
    heading(page, re.compile("Outcome"))
    keys.press("Competent", "Space")
    keys.press("Save this outcome")
    heading(page, re.compile("Finalise the outcome"))
    keys.press("Finalise the outcome")
    heading(page, re.compile("Outcome finalised"))
    assert CriterionMark.objects.filter(judged="met").count() == 4
    enrolment.recommendations.get(finalised_at__isnull=False)
