"""Deciding an appeal: by people without a part, one unconnected, all of whom confirm the same draft."""

from __future__ import annotations

import pytest

from accounts.models import OutgoingEmail
from aimcert.foundation.stale_forms import ChangedMeanwhile
from assessments.states import Outcome
from certification import actions
from certification.eligibility import Code, unmet, with_parties
from certification.models import AppealDraft, Certificate
from certification.states import AppealFollows, AppealResult, DecisionKind
from courses.models import Enrolment
from tests import factories
from tests.certification import outcomes
from tests.certification.appeals import steps

pytestmark = pytest.mark.django_db


def test_who_had_a_part_takes_nothing_in_hand_and_decides_nothing() -> None:
    course = factories.course()
    appeal = steps.asked(outcomes.opened(course).enrolment)
    trainer = factories.trainer_of(course)
    with pytest.raises(actions.HadAPart):
        actions.take_appeal(appeal=appeal, by=trainer)
    admin = factories.admin()
    steps.in_hand(appeal, admin)
    with pytest.raises(actions.AppealRefused) as refused:
        steps.member(appeal, trainer, by=admin)
    assert refused.value.field == "email"


def test_nobody_unconnected_is_or_was_of_the_project() -> None:
    appeal = steps.asked(outcomes.opened(factories.course()).enrolment)
    admin = factories.admin()
    steps.in_hand(appeal, admin)
    licensed = factories.associate(appeal.enrolment.course.programme)
    with pytest.raises(actions.AppealRefused):
        steps.member(appeal, licensed, by=admin, unconnected=True)
    with pytest.raises(actions.AppealRefused):
        steps.member(appeal, factories.PersonFactory.create(), by=admin)


def test_a_decision_waits_for_a_whole_panel_unless_the_unconnected_one_is_switched_off() -> None:
    appeal = steps.asked(outcomes.opened(factories.course()).enrolment)
    admin, inside = factories.admin(), factories.associate(appeal.enrolment.course.programme)
    steps.in_hand(appeal, admin)
    steps.member(appeal, admin, by=admin)
    steps.member(appeal, inside, by=admin)
    with pytest.raises(actions.AppealRefused, match="unconnected"):
        actions.draft_decision(appeal=appeal, proposed=steps.proposed(), by=inside)
    with pytest.raises(actions.AppealRefused):
        actions.set_panel_rule(needs=False, reason=" ", by=admin)
    actions.set_panel_rule(needs=False, reason="Nobody was found in time.", by=admin)
    assert actions.draft_decision(appeal=appeal, proposed=steps.proposed(), by=inside).revision == 1


def test_it_is_answered_when_all_others_confirmed_the_same_draft() -> None:
    appeal = steps.asked(outcomes.opened(factories.course()).enrolment)
    inside, outside = steps.panel(appeal)
    actions.draft_decision(appeal=appeal, proposed=steps.proposed(), by=inside)
    actions.view_draft(appeal=appeal, confirms=False, words="Question 2 too.", seen=1, by=outside)
    appeal.refresh_from_db()
    assert appeal.is_open
    with pytest.raises(ChangedMeanwhile):
        actions.draft_decision(appeal=appeal, proposed=steps.proposed(found="Stale."), seen=0, by=outside)
    actions.draft_decision(appeal=appeal, proposed=steps.proposed(found="Both."), seen=1, by=outside)
    with pytest.raises(ChangedMeanwhile):
        actions.view_draft(appeal=appeal, confirms=True, seen=1, by=inside)
    OutgoingEmail.objects.all().delete()

    view = actions.view_draft(appeal=appeal, confirms=True, seen=2, by=inside)

    assert actions.view_draft(appeal=appeal, confirms=True, seen=2, by=inside) == view
    appeal.refresh_from_db()
    assert appeal.answered_by == inside
    assert [one.to_address for one in OutgoingEmail.objects.all()] == [appeal.asked_by.email]
    with pytest.raises(actions.AppealOver):
        actions.draft_decision(appeal=appeal, proposed=steps.proposed(found="Late."), seen=2, by=outside)


def test_an_upheld_appeal_begins_a_new_round_and_issues_nothing() -> None:
    about = outcomes.opened(factories.course()).enrolment
    steps.answered(steps.asked(about), result=AppealResult.UPHELD, follows=AppealFollows.ROUND)
    latest = about.recommendations.latest_first()[0]
    assert (latest.round, latest.finalised_at) == (2, None)
    assert "FOUND" in latest.begun_because
    assert steps.WORDS not in latest.begun_because
    assert not Certificate.objects.exists()


def test_a_refusal_that_is_lifted_no_longer_keeps_from_competent() -> None:
    course = factories.course()
    about = factories.recommended(course)
    actions.refuse(enrolment=about, reason="Not on these answers.", by=factories.admin())
    latest = about.recommendations.latest_first()[0]
    for name, value in _not_yet(course).items():
        setattr(latest, name, value)
    latest.save()
    trainer = factories.trainer_of(course)
    actions.finalise(recommendation=latest, by=trainer)
    appeal = steps.asked(about, kinds=["refusal"])
    assert Code.REFUSED in _codes(about)

    steps.answered(appeal, result=AppealResult.UPHELD, follows=AppealFollows.REFUSAL_LIFTED)

    assert Code.REFUSED not in _codes(about)
    latest = about.recommendations.latest_first()[0]
    assert latest.outcome == Outcome.COMPETENT
    actions.finalise(recommendation=latest, by=trainer)
    assert actions.approve(enrolment=about, by=factories.admin())


def test_a_lifted_refusal_needs_a_refusal() -> None:
    appeal = steps.asked(outcomes.opened(factories.course()).enrolment)
    inside, _outside = steps.panel(appeal)
    lifted = steps.proposed(result=AppealResult.UPHELD, follows=AppealFollows.REFUSAL_LIFTED)
    with pytest.raises(actions.AppealRefused) as refused:
        actions.draft_decision(appeal=appeal, proposed=lifted, by=inside)
    assert refused.value.field == "follows"


def test_what_was_approved_gets_words_and_no_new_round() -> None:
    about = factories.recommended(factories.course())
    actions.approve(enrolment=about, by=factories.admin())
    appeal = steps.asked(about, kinds=["procedure"])
    inside, outside = steps.panel(appeal)
    anew = steps.proposed(result=AppealResult.UPHELD, follows=AppealFollows.ROUND)
    with pytest.raises(actions.AppealRefused, match="approved"):
        actions.draft_decision(appeal=appeal, proposed=anew, by=inside)
    words = steps.proposed(result=AppealResult.UPHELD, follows=AppealFollows.WORDS)
    actions.draft_decision(appeal=appeal, proposed=words, by=inside)
    actions.view_draft(appeal=appeal, confirms=True, seen=1, by=outside)
    assert AppealDraft.objects.get().result == AppealResult.UPHELD
    assert about.decisions.get().kind == DecisionKind.APPROVED


def _codes(enrolment: Enrolment) -> set[str]:
    return {need.code for need in unmet(with_parties(Enrolment.objects.filter(pk=enrolment.pk)).get())}


def _not_yet(course: object) -> dict[str, object]:
    made = outcomes.follow_up(factories.course()).recommendation
    names = ("reasons", "told_participant", "told_commissioner", "conversation_on", "conversation_by")
    names += ("conversation", "experience_shown", "experience_needed", "understanding_words")
    names += ("interest_observed", "interest_own_account")
    return {name: getattr(made, name) for name in names}
