"""A course's sample is marked a second time, blind, and what differs is settled between two people."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from assessments.marking import actions
from assessments.models import CriterionMark, Settlement
from assessments.states import MarkingRole, Outcome
from certification.actions import NotEligible, approve
from courses.models import Course
from tests import factories
from tests.assessments.marking import second
from tests.journeys.people import sign_in
from tests.letters import MailServer

SAVED = re.compile(r"^\s*Saved")


@pytest.fixture
def course() -> Course:
    programme = factories.ProgrammeFactory.create(name="AIM3")
    trainer = factories.associate(programme, name="Ada Quill")
    made = factories.course(programme=programme, trainers=[trainer], title="AIM3, Leeds")
    factories.over(made)
    return made


def test_sampled_answers_are_asked_for_marked_blind_settled_and_approved(
    new_page: Callable[..., Page], mail_server: MailServer, course: Course, axe: Callable[..., None]
) -> None:
    # Given somebody competent whose answers were drawn in the sample, and who cannot be approved before.
    second.sampled(course, at_least=1, percent=0)
    trainer, admin, free = factories.trainer_of(course), factories.admin(), factories.admin()
    enrolment = second.first_marked(course, name="Zoë O’Neill")
    actions.close_marking(recommendation=second.recommended(enrolment), by=trainer)
    with pytest.raises(NotEligible, match="drawn in the sample"):
        approve(enrolment=enrolment, by=free)
    marker, submission = second.second_marker(course), enrolment.submissions.get()

    # When an admin reads on their home page that a second marker is needed, and asks one.
    office = new_page()
    sign_in(office, admin.email, mail_server)
    office.get_by_role("link", name="Ask a second marker for 1 script: AIM3, Leeds").click()
    office.get_by_label("Who marks them a second time?").select_option(label="Cleo Marsh")
    office.get_by_role("button", name="Ask them").click()
    expect(office.get_by_text("Cleo Marsh is asked to mark 1 script.")).to_be_visible()

    # Then the second marker finds it, and marks it with the keyboard alone, without a name.
    page = new_page()
    sign_in(page, marker.email, mail_server)
    page.get_by_role("link", name="Go on with what you were asked to mark a second time").click()
    page.get_by_role("link", name="Script 1: AIM3").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Second marking")
    axe(page)
    assert "Zoë" not in page.content()
    assert "Leeds" not in page.content()
    page.get_by_role("link", name="First unmarked criterion").focus()
    page.keyboard.press("Enter")
    for key in "3111":
        page.keyboard.press(key)
    for name in ("1_1", "2_2"):
        expect(page.locator(f"[data-criterion='{name}'] [data-said]")).to_have_text(SAVED)
    # The first judgements are sent at once, before the marking has begun: they begin one, not two.
    assert submission.markings.filter(role=MarkingRole.SECOND).count() == 1
    page.reload()
    expect(page.locator("#id_judged_1_1_2")).to_be_checked()
    page.get_by_role("button", name="Finish this marking").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Two markings compared")).to_be_visible()
    axe(page)

    # And the trainer proposes what to agree on.
    room = new_page()
    sign_in(room, trainer.email, mail_server)
    room.get_by_role("link", name="Settle 1 second marking: AIM3, Leeds").click()
    room.goto(f"/courses/{course.uuid}/marking/{enrolment.uuid}/second/")
    room.get_by_label("Your message").fill("The second paragraph names the concern.")
    room.get_by_role("button", name="Send this message").click()
    expect(room.get_by_text("Your message is sent.")).to_be_visible()
    room.get_by_role("group", name="CRITERION-1-1").get_by_label("Met", exact=True).check()
    room.get_by_role("button", name="Send this proposal").click()
    expect(room.get_by_text("There is nothing for you to do until they answer.")).to_be_visible()
    axe(room)

    # And the second marker reads it and agrees; a second press changes nothing.
    page.reload()
    expect(page.get_by_text("The second paragraph names the concern.")).to_be_visible()
    page.get_by_role("button", name="Agree with this proposal").dblclick()
    expect(page.get_by_role("heading", name="Settled")).to_be_visible()
    axe(page)

    # Then all three markings stand, the settled one counts, and the approval goes through.
    settlement = Settlement.objects.get()
    assert settlement.proposal is not None
    by_role = CriterionMark.objects.filter(criterion__question__number=1, criterion__number=1)
    assert dict(by_role.values_list("marking__role", "judged")) == {
        MarkingRole.FIRST: "met",
        MarkingRole.SECOND: "not_met",
        MarkingRole.SETTLED: "met",
    }
    assert approve(enrolment=enrolment, by=free)
    assert enrolment.recommendations.get().outcome == Outcome.COMPETENT
