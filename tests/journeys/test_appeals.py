"""A review is asked for, decided by people with no part in it, one of them unconnected, and answered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from assessments.states import Outcome
from certification.models import Appeal
from courses.models import Course
from tests import factories
from tests.certification import outcomes
from tests.journeys.people import heading, press, sign_in
from tests.letters import MailServer


@pytest.fixture
def course() -> Course:
    programme = factories.ProgrammeFactory.create(name="AIM3")
    trainer = factories.associate(programme, name="Ada Quill")
    made = factories.course(programme=programme, trainers=[trainer], title="AIM3, Leeds")
    factories.over(made)
    return made


def test_review_is_asked_for_decided_by_an_unconnected_person_too_and_answered(
    new_page: Callable[..., Page], mail_server: MailServer, course: Course, axe: Callable[..., None]
) -> None:
    # Given somebody who was told that they are not yet competent.
    person = factories.PersonFactory.create(name="Tomasz Wilk")
    follow_up = outcomes.released(course, person=person)
    enrolment = follow_up.enrolment
    admin, inside = (
        factories.admin(name="Grace Adeyemi"),
        factories.associate(course.programme, name="Ina Side"),
    )

    # When they ask for a review, in one sentence.
    own = new_page()
    sign_in(own, person.email, mail_server)
    own.goto(f"/my/{enrolment.uuid}/")
    own.get_by_role("link", name="Ask for a review").first.click()
    heading(own, "AIM3, Leeds Ask for a review")
    press(own, "Ask for a review")
    expect(own.get_by_text("Choose what should be looked at again.").first).to_be_visible()
    own.get_by_label("How my answers were marked").check()
    own.get_by_label("In your own words").fill("Question 1 was answered in the second paragraph.")
    press(own, "Ask for a review")
    expect(own.get_by_text("With The AIM Project").first).to_be_visible()
    axe(own)
    appeal = Appeal.objects.get()

    # Then an admin takes it in hand and appoints an Associate and somebody unconnected, who has no account.
    office = new_page()
    sign_in(office, admin.email, mail_server)
    office.goto(f"/appeals/{appeal.uuid}/")
    press(office, "Take it in hand")
    office.get_by_role("link", name="Appoint who decides").click()
    office.get_by_label("On The AIM Project’s staff, or a licensed Associate").check()
    office.get_by_label("Email address").fill(inside.email)
    press(office, "Appoint them")
    expect(office.get_by_text("One of them has to be unconnected with The AIM Project.")).to_be_visible()
    office.get_by_label("Unconnected with The AIM Project: never on its staff, never licensed").check()
    office.get_by_label("Email address").fill("una.outside@elsewhere.example")
    office.get_by_label("Name, of somebody without an account").fill("Una Outside")
    press(office, "Appoint them")
    expect(
        office.get_by_text("Still to declare that they have no part in it: Ina Side, Una Outside")
    ).to_be_visible()
    axe(office)

    # And each declares to have no part in it before they read a word.
    first, other = new_page(), new_page()
    sign_in(first, inside.email, mail_server)
    sign_in(other, "una.outside@elsewhere.example", mail_server)
    for page in (first, other):
        page.goto(f"/appeals/{appeal.uuid}/")
        expect(page.get_by_text("Question 1 was answered")).to_have_count(0)
        press(page, "I declare this")
        expect(page.get_by_text("Question 1 was answered in the second paragraph.")).to_be_visible()
    other.get_by_role("link", name="Read their outcome, decisions, register, answers and marks").click()
    axe(other)

    # And one drafts the decision, and the unconnected one confirms it.
    first.reload()
    first.get_by_role("link", name="Draft the decision").click()
    first.get_by_label("Upheld", exact=True).check()
    first.get_by_label("What you found").fill("The second paragraph names the concern.")
    first.get_by_label("A new round: the trainers look at the marks and the outcome again").check()
    first.get_by_label("Your words to the person").fill("You were right: your answers are looked at again.")
    press(first, "Ask the others to confirm it")
    other.goto(f"/appeals/{appeal.uuid}/")
    other.get_by_role("link", name="Confirm it, or say what you see otherwise").click()
    other.get_by_label("Yes, I confirm it as it stands").check()
    press(other, "Say this")
    expect(other.get_by_text("Noted. All who decide read it.")).to_be_visible()

    # Then the person reads the answer, and the trainers have a new round.
    own.reload()
    expect(own.get_by_text("You were right: your answers are looked at again.")).to_be_visible()
    axe(own)
    latest = enrolment.recommendations.latest("round")
    assert (latest.round, latest.outcome, latest.finalised_at) == (2, Outcome.NOT_YET, None)
