"""The audit log tells an AIM admin who did what and when, in words, the newest first."""

from __future__ import annotations

from datetime import timedelta

import pghistory
import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Marking, Recommendation, Sitting
from assessments.states import NotAssessed, Outcome
from certification import actions
from courses.actions import Entry, take_register
from courses.models import Enrolment, Nomination
from courses.states import Presence
from tests import factories
from tests.accounts.holdings import person_with_everything
from tests.audit.telling import browser, lines, page, said, table
from tests.certification import outcomes

pytestmark = pytest.mark.django_db


def test_an_approval_is_one_line_with_who_what_and_whom() -> None:
    enrolment = factories.recommended(factories.course(title="AIM3, Leeds"))
    admin = factories.admin(name="Zoë O’Neill & <Sons>")
    certificate = actions.approve(enrolment=enrolment, by=admin)
    newest, *before = lines(kind="decisions")
    assert newest.what == f"Approved, and issued certificate {certificate.reference}"
    assert (newest.who, newest.person, newest.course) == (admin, enrolment.person, enrolment.course)
    assert newest.at == certificate.issued_at
    assert before == []
    text = page(factories.admin(), kind="decisions")
    assert newest.what in text
    assert "Zoë O’Neill &amp; &lt;Sons&gt;" in text
    assert reverse("certification:certificate", args=[certificate.uuid]) in text
    assert reverse("courses:detail", args=[enrolment.course.uuid]) in text


def test_a_correction_of_the_register_says_what_was_before() -> None:
    course = factories.course()
    enrolment, trainer = factories.enrolment(course), factories.trainer_of(course)
    first = course.sessions.get(number=1)
    for presence in (Presence.PRESENT, Presence.ABSENT):
        entry = Entry(enrolment=enrolment, presence=presence)
        take_register(session=first, entries=[entry], by=trainer, reason="Seen at the back of the room.")
    corrected, marked = lines(kind="register")
    assert corrected.what == "Changed the register: day 1, Present → Absent"
    assert marked.what == "Marked the register: day 1, Present"
    assert corrected.who == marked.who == trainer
    assert corrected.url == reverse("courses:register_session", args=[course.uuid, 1])
    assert "back of the room" not in page(factories.admin())


def test_nothing_that_somebody_wrote_is_told() -> None:
    """Every text of every row is a word that stands nowhere else."""
    somebody = person_with_everything()
    text = page(factories.admin(), of=str(somebody.uuid))
    for written in (
        *("Nobody was free.", "Spoke with them.", "I see it otherwise.", "Left open.", "An accent."),
        *("Seen at the back.", "In York.", "A draft of mine.", "An earlier word.", "A quiet room."),
        *("Reads slowly.", "No network.", "On paper.", "A child was named.", "On leave.", "Room 2."),
        *("adjust", "afeguarding", "Extra time"),
    ):
        assert written not in table(text), written
    assert "Redacted texts of theirs" in text


def test_every_page_that_a_line_leads_to_opens() -> None:
    reader = factories.admin()
    somebody = person_with_everything()
    follow_up = outcomes.released(factories.course())
    actions.record_step(
        follow_up=follow_up, done="Done.", done_on=timezone.localdate(), closes=True, by=factories.admin()
    )
    client = browser(reader)
    found = lines(reader)
    urls = {one.url for one in found if one.url}
    assert len(urls) > 8
    assert {client.get(url).status_code for url in urls} == {200}
    assert client.get(reverse("certification:person", args=[somebody.uuid])).status_code == 200


def test_what_nobody_did_says_so() -> None:
    course = factories.course()
    follow_up = outcomes.past(outcomes.opened(course))
    actions.release(follow_up=follow_up)
    declined = factories.nomination(course, name="Ben Nevis", declined_at=timezone.now())
    by_itself = next(one for one in lines(kind="follow-ups") if one.who is None)
    assert (by_itself.what, by_itself.without) == ("Went to the sponsor when it was due", "By itself")
    answered = next(one for one in lines() if one.what == "Declined the nomination")
    assert (answered.who, answered.without, answered.name) == (None, "Nobody signed in", declined.name)
    text = page(factories.admin())
    assert "By itself" in text
    assert "Nobody signed in" in text


def test_what_history_alone_knows_names_who_was_signed_in() -> None:
    """Who is asked to sponsor a walk-in is written over in the row."""
    enrolment = factories.enrolment(factories.course(), confirmed=False)
    admin = factories.admin()
    other = factories.OrganisationFactory.create()
    Enrolment.objects.filter(pk=enrolment.pk).update(sponsor_organisation=other)
    here = next(one for one in lines() if one.what == "Changed who is asked to sponsor them")
    assert (here.who, here.without, here.organisation) == (None, "Not through the site", other)
    with pghistory.context(actor=admin.pk):
        Enrolment.objects.filter(pk=enrolment.pk).update(sponsor_organisation=None)
    with pghistory.context(actor=None):
        Enrolment.objects.filter(pk=enrolment.pk).update(sponsor_organisation=other)
    anonymous, by_admin, _before = [one for one in lines() if one.what.startswith("Changed who is asked")]
    assert by_admin.who == admin
    assert (anonymous.who, anonymous.without) == (None, "Nobody signed in")
    assert [one.who for one in lines(by=[admin.pk]) if one.what.startswith("Changed who")] == [admin]


def test_taking_over_a_marking_and_another_outcome_are_told_and_no_outcome() -> None:
    course = factories.course()
    enrolment = factories.enrolment(course, attended=True)
    marking = factories.marking(factories.submission(enrolment))
    recommendation = factories.recommendation(enrolment, marking=marking, finalised=False)
    other = factories.PersonFactory.create()
    with pghistory.context(actor=other.pk):
        Marking.objects.filter(pk=marking.pk).update(marker=other)
        Recommendation.objects.filter(pk=recommendation.pk).update(
            outcome=Outcome.NOT_ASSESSED, not_assessed_because=NotAssessed.LEFT
        )
    found = lines(kind="marking")
    by_other = {one.what for one in found if one.who == other}
    assert {"Took over the marking", "Changed the recommended outcome"} <= by_other
    assert "competent" not in " ".join(said(found)).lower()


def test_what_a_row_says_no_more_history_still_tells() -> None:
    """A place that was accepted again, and questions that were opened again."""
    enrolment = factories.enrolment(factories.course())
    once = timezone.now() - timedelta(days=2)
    mine = Enrolment.objects.filter(pk=enrolment.pk)
    with pghistory.context(actor=enrolment.person_id):
        mine.update(withdrawn_at=once, withdrawn_by=enrolment.person)
    assert said(lines()).count("Withdrew the place") == 1
    mine.update(withdrawn_at=None, withdrawn_by=None)
    withdrawn = [one for one in lines() if one.what == "Withdrew the place"]
    assert [(one.at, one.who) for one in withdrawn] == [(once, enrolment.person)]
    sitting = factories.sitting(enrolment.course)
    here = Sitting.objects.filter(pk=sitting.pk)
    here.update(closed_at=once, closed_by=enrolment.person)
    here.update(closed_at=None, closed_by=None)
    assert said(lines()).count("Closed the questions") == 1


def test_what_is_copied_into_another_round_is_nobodys_act() -> None:
    """The trainer had no part in it: The AIM Project returned what they had recommended."""
    enrolment = factories.recommended(factories.course())
    before = said(lines(kind="marking"))
    actions.return_to_trainer(enrolment=enrolment, question="Which session was it?", by=factories.admin())
    assert Recommendation.objects.filter(enrolment=enrolment).count() == 2
    assert said(lines(kind="marking")) == before
    assert said(lines(kind="decisions")) == ["Returned the recommendation to the trainer"]


def test_a_place_that_was_accepted_in_the_room_names_nobody() -> None:
    enrolment = factories.enrolment(factories.course())
    trainer = factories.trainer_of(enrolment.course)
    Nomination.objects.filter(pk=enrolment.nomination_id).update(link_shown_to=trainer)
    accepted = next(one for one in lines() if "accepted" in one.what)
    assert (accepted.who, accepted.without) == (None, "Nobody signed in")
    shown = next(one for one in lines() if one.what == "Was shown their invitation in the room")
    assert shown.who == trainer
