"""By keyboard alone, with JavaScript and without: what people do most, from signing in to its end."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Answer, CriterionMark
from certification.models import Certificate, FollowUp
from courses.models import Enrolment, Nomination, RegisterEntry
from tests import factories
from tests.certification import outcomes
from tests.journeys import people
from tests.journeys.keyboard import Keyboard
from tests.journeys.spoken import reads_well
from tests.letters import MailServer

OpenPage = Callable[..., Page]
Hands = Callable[..., Keyboard]
PHONE, DESK = {"width": 390, "height": 800}, {"width": 1280, "height": 800}
NAME = "Zoë O’Neill"


def heading(page: Page, words: str | re.Pattern[str]) -> None:
    """The page with this heading has come, and says what is on it in an order that makes sense."""
    people.heading(page, words)
    reads_well(page)


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def hands(request: pytest.FixtureRequest, new_page: OpenPage, mail_server: MailServer) -> Hands:
    """`hands(email)` signs somebody in by keyboard, and gives their keyboard."""

    def signed_in(email: str, viewport: dict[str, int] = DESK) -> Keyboard:
        page = new_page(viewport=viewport, reduced_motion="reduce", java_script_enabled=request.param)
        keys = Keyboard(page)
        page.goto("/")
        heading(page, "Competent in the AIM models, shown by each person")
        keys.press("Sign in")
        heading(page, "Sign in")
        keys.type("Email address", email)
        page.keyboard.press("Enter")
        heading(page, "Check your email")
        keys.type("Code from the email", people.code_in(mail_server, email))
        page.keyboard.press("Enter")
        heading(page, "What needs you now")
        return keys

    return signed_in


@pytest.fixture
def enrolment(live_stack: object) -> Enrolment:
    """Somebody on a course whose questions are open."""
    programme = factories.ProgrammeFactory.create(name="AIM3")
    factories.version(programme)
    ruth = factories.associate(programme, name="Ruth Calder", email="ruth@associates.example")
    course = factories.course(programme=programme, trainers=[ruth], title="AIM3, Wharfside")
    factories.sitting(course)
    zoe = factories.PersonFactory.create(name=NAME, email="zoe@people.example")
    return factories.enrolment(course, zoe)


def test_participant_answers_and_submits(hands: Hands, enrolment: Enrolment) -> None:
    keys = hands(enrolment.person.email, PHONE)
    keys.press(re.compile(r".*AIM3, Wharfside.*"))
    heading(keys.page, "AIM3 AIM3, Wharfside")
    keys.press("Go to the questions")
    heading(keys.page, re.compile("Your individual case study"))
    keys.press("1. Question 1")
    for number in (1, 2):
        heading(keys.page, re.compile(f"Question {number} of 2"))
        keys.type("Your answer", f"What I think, {number}.")
        keys.press("Save and continue")
    heading(keys.page, re.compile("Check your answers"))
    keys.press("Continue to the declaration")
    heading(keys.page, re.compile("Declare and submit"))
    keys.press(re.compile("These answers are my own individual work.*"), "Space")
    keys.press("Submit my answers")
    heading(keys.page, re.compile("submitted"))
    assert sorted(one.text for one in Answer.objects.all()) == ["What I think, 1.", "What I think, 2."]
    enrolment.submissions.get(submitted_at__isnull=False)


def test_trainer_marks_and_finalises(hands: Hands, enrolment: Enrolment) -> None:
    factories.attend(enrolment)
    factories.submission(enrolment)
    keys = hands("ruth@associates.example")
    keys.press(re.compile(r"Mark .*AIM3, Wharfside.*"))
    heading(keys.page, re.compile("Marking"))
    keys.press(NAME)
    heading(keys.page, re.compile(NAME))
    keys.press("First unmarked criterion")
    expect(keys.page.locator("#id_judged_1_1_0")).to_be_focused()
    keys.page.keyboard.press("Space")
    for _criterion in range(3):
        keys.press("Met", "Space")
    keys.press("Save, outcome")
    heading(keys.page, re.compile("Outcome"))
    keys.press("Recommend competent")
    heading(keys.page, re.compile("Finalise the outcome"))
    keys.press("Finalise the outcome")
    heading(keys.page, re.compile("Outcome finalised"))
    assert CriterionMark.objects.filter(judged="met").count() == 4
    enrolment.recommendations.get(finalised_at__isnull=False)


def test_trainer_takes_the_register(hands: Hands, enrolment: Enrolment) -> None:
    others = [factories.enrolment(enrolment.course) for _ in range(2)]
    keys = hands("ruth@associates.example", PHONE)
    keys.press(re.compile("Take the register: AIM3, Wharfside.*"))
    heading(keys.page, re.compile("Register"))
    # Three choices further in the first person's group: absent.
    keys.press("Present", "Space")
    keys.page.keyboard.press("ArrowUp")
    chosen = keys.page.locator(":focus").get_attribute("value")
    keys.press("Mark the rest present")
    expect(keys.page.get_by_text("Nothing is saved yet")).to_be_visible()
    reads_well(keys.page)
    keys.press("Save the register")
    expect(keys.page.get_by_text("The register of session 1 was saved.")).to_be_visible()
    reads_well(keys.page)
    entries = RegisterEntry.objects.filter(session__number=1)
    assert sorted(one.presence for one in entries) == sorted([chosen, *["present"] * len(others)])


def test_commissioner_nominates(hands: Hands) -> None:
    organisation = factories.OrganisationFactory.create()
    course = factories.course(organisation=organisation, starts=timezone.now() + timedelta(days=30))
    keys = hands(factories.commissioner(organisation).email)
    keys.press(re.compile("Nominate people: .*"))
    heading(keys.page, re.compile("Nominate"))
    keys.type("Their name", NAME)
    keys.type("Their email address", "zoe@people.example")
    # Everything else is missing: the page says so, and what was typed is still there.
    keys.press("Nominate, and send them the link")
    expect(keys.page.get_by_text("Enter their job role.").first).to_be_visible()
    reads_well(keys.page)
    keys.type("Their job role", "Social worker")
    keys.type("Years of experience in this field", "3")
    keys.type("Their line manager’s name", "Morgan Reeve")
    keys.type("Their line manager’s email address", "morgan.reeve@council.example")
    keys.press("Nominate, and send them the link")
    expect(keys.page.get_by_text("A link to answer goes to zoe@people.example.")).to_be_visible()
    reads_well(keys.page)
    assert Nomination.objects.get(course=course).name == NAME


def test_admin_approves(hands: Hands) -> None:
    enrolment = factories.recommended(factories.course(title="AIM3, Wharfside"), certificate_name=NAME)
    keys = hands(factories.admin().email)
    keys.press(re.compile("Decide on .*"))
    heading(keys.page, re.compile("Decisions"))
    keys.press(NAME)
    heading(keys.page, re.compile(NAME))
    keys.press("Approve, and issue the certificate now", "Space")
    keys.press("Record the decision")
    expect(keys.page.get_by_text(f"{NAME} is approved, and the certificate is issued.")).to_be_visible()
    reads_well(keys.page)
    assert Certificate.objects.get().enrolment == enrolment


def test_commissioner_follows_up(hands: Hands) -> None:
    organisation = factories.OrganisationFactory.create()
    outcomes.released(factories.course(organisation=organisation))
    keys = hands(factories.commissioner(organisation).email)
    keys.press(re.compile("Follow up .*"))
    heading(keys.page, re.compile("Follow-up"))
    keys.type("What was done", "Shadowing is agreed.")
    keys.press("Yes: keep this follow-up open", "Space")
    keys.page.keyboard.press("ArrowDown")
    keys.press("Record it")
    expect(keys.page.get_by_text("You closed it on")).to_be_visible()
    reads_well(keys.page)
    assert FollowUp.objects.get().closed_at
