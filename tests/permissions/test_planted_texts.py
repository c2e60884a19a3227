"""Each kind of text that is written about somebody stands only where it may: every page, over all roles.

And in the commissioner's reports, in what is exported to the person, in letters and in logs.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import OutgoingEmail
from assessments.marking import actions
from assessments.models import CriterionMark
from assessments.states import Judged, Outcome
from certification.actions import ask_for_review, build_report, finalise, read_feedback, send_on
from certification.states import AppealKind
from courses.models import Enrolment
from tests import factories
from tests.accounts.holdings import exported, texts_of
from tests.assessments.answering.test_adjustment_pages import everything_that, read_file
from tests.assessments.marking import second
from tests.permissions.asking import browser_of
from tests.permissions.world import World, build

pytestmark = [pytest.mark.django_db, pytest.mark.whole_run]

LEADS = {"trainer", "AIM admin", "AIM admin who trained"}
# Each kind, and the roles that may read it on some page.
MAY_READ = {
    "PLANTED-INTERNAL-NOTE": LEADS,
    "PLANTED-MARKERS-NOTE": LEADS,
    "PLANTED-CONVERSATION": LEADS,
    # Between those who train.
    "PLANTED-DISAGREEMENT": {"trainer", "AIM admin who trained"},
    "PLANTED-FEEDBACK-TO-THE-PERSON": LEADS | {"participant"},
    "PLANTED-FEEDBACK-TO-THE-COMMISSIONER": LEADS | {"participant", "commissioner"},
    # The Associate marks it a second time.
    "PLANTED-THREAD": LEADS | {"Associate"},
    "PLANTED-NOTE-THAT-DIFFERS": LEADS | {"Associate"},
    "PLANTED-REVIEW": {"participant", "AIM admin", "AIM admin who trained"},
}
IN_REPORTS = {"PLANTED-FEEDBACK-TO-THE-COMMISSIONER"}
# A note between trainers is read by somebody before it is given to whom it is about.
NOT_EXPORTED = {"PLANTED-INTERNAL-NOTE"}


def planted(world: World) -> Enrolment:
    """Somebody not yet competent, marked twice, told, who asks for a review; every text is planted."""
    trainer, other = world.people["trainer"], world.people["AIM admin who trained"]
    associate = world.people["Associate"]
    assert trainer
    assert other
    assert associate
    made: Enrolment = factories.enrolment(world.course, attended=True)
    marking = factories.marking(factories.submission(made), judged=Judged.NOT_MET, marker=trainer)
    for question, note in ((1, "PLANTED-MARKERS-NOTE"), (2, "PLANTED-NOTE-THAT-DIFFERS")):
        one = CriterionMark.objects.filter(marking=marking, criterion__question__number=question)
        one.filter(criterion__number=2).update(note=note)
    latest: Any = factories.recommendation(
        made,
        outcome=Outcome.NOT_YET,
        marking=marking,
        finalised=False,
        internal_note="PLANTED-INTERNAL-NOTE",
        told_participant="PLANTED-FEEDBACK-TO-THE-PERSON",
        told_commissioner="PLANTED-FEEDBACK-TO-THE-COMMISSIONER",
        conversation="PLANTED-CONVERSATION",
    )
    actions.disagree(recommendation=latest, reason="PLANTED-DISAGREEMENT", by=other)
    script = second.asked(made, associate)
    sent = second.marks(Judged.NOT_MET, c2_2=Judged.MET)
    actions.mark_again(script=script.uuid, marks=sent, by=associate)
    actions.finish_second_marking(script=script, by=associate)
    actions.discuss(enrolment=made, text="PLANTED-THREAD", by=trainer)
    proposal = actions.propose_settlement(enrolment=made, judged={"2_2": Judged.NOT_MET}, by=trainer)
    actions.agree_to_settlement(enrolment=made, proposal=proposal.uuid, by=associate, script=script)
    latest.refresh_from_db()
    finalise(recommendation=latest, by=trainer)
    follow_up = read_feedback(follow_up=made.follow_ups.get(), by=made.person)
    send_on(follow_up=follow_up, comment="", by=made.person)
    appeal = ask_for_review(enrolment=made, kinds=[AppealKind.MARKS], words="PLANTED-REVIEW", by=made.person)
    world.enrolment, world.people["participant"] = made, made.person
    world.names |= {"script": script.uuid, "follow_up": follow_up.uuid, "appeal": appeal.uuid}
    return made


def test_every_kind_of_text_is_read_where_it_may_be_and_nowhere_else(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    world = build()
    made = planted(world)
    found: dict[str, set[str]] = {words: set() for words in MAY_READ}
    for role in world.people:
        pages = everything_that(world, browser_of(world, role))
        for words in found:
            if any(words in said for said in pages.values()):
                found[words].add(role)
    assert found == MAY_READ
    commissioner = world.people["commissioner"]
    assert commissioner
    for format_ in ("pdf", "xlsx"):
        report = factories.asked_report(
            world.course, commissioner, organisation=world.organisation, format=format_
        )
        build_report(report_id=report.pk)
        client = browser_of(world, "commissioner")
        response: Any = client.get(reverse("certification:report_download", args=[report.uuid]))
        said = read_file(b"".join(response.streaming_content), report)
        assert {words for words in MAY_READ if words in said} == IN_REPORTS, format_
    said = texts_of(exported(made.person))
    assert {words for words in MAY_READ if words not in said} == NOT_EXPORTED
    letters = " ".join(f"{one.subject} {one.text}" for one in OutgoingEmail.objects.all())
    written = capsys.readouterr()
    for words in MAY_READ:
        assert words not in letters
        assert words not in f"{caplog.text}{written.out}{written.err}"
