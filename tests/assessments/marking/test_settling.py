"""Settling what two markers judged differently: the thread, a proposal, agreeing, an admin's word."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Person
from aimcert.foundation.stale_forms import ChangedMeanwhile
from assessments.locks import NotTheTrainer, OwnWork
from assessments.marking import actions
from assessments.marking.facts import suggested_outcome
from assessments.marking.readiness import assessment_of, missing_to_finalise
from assessments.marking.second_marking import needed_for
from assessments.models import CriterionMark, Settlement, SettlementProposal, SettlingMessage
from assessments.states import Judged, MarkingRole, Outcome
from courses.models import Course, Enrolment
from tests import factories
from tests.assessments.marking import second

pytestmark = pytest.mark.django_db

DIFFERS = {"c1_1": Judged.NOT_MET, "c2_2": Judged.PARTLY_MET}
AGREED = {"1_1": Judged.MET, "2_2": Judged.PARTLY_MET}


@pytest.fixture
def enrolment(course: Course) -> Enrolment:
    """Marked *met* throughout; a second marker sees two criteria otherwise, one of them essential."""
    made = second.first_marked(course)
    second.recommended(made)
    second.finished(made, **DIFFERS)
    return made


def script_of(enrolment: Enrolment) -> second.SecondMarker:
    return enrolment.submissions.get().second_markers.get()


def settled_marks() -> dict[str, str]:
    marks = CriterionMark.objects.filter(marking__role=MarkingRole.SETTLED)
    return {f"{one.criterion.question.number}_{one.criterion.number}": one.judged for one in marks}


def test_one_side_proposes_and_the_other_agrees(enrolment: Enrolment, trainer: Person) -> None:
    script = script_of(enrolment)
    proposal = actions.propose_settlement(enrolment=enrolment, judged=AGREED, by=trainer)
    with pytest.raises(actions.NotYourProposal):
        actions.agree_to_settlement(enrolment=enrolment, proposal=proposal.uuid, by=trainer)
    settlement = actions.agree_to_settlement(
        enrolment=enrolment, proposal=proposal.uuid, by=script.marker, script=script
    )
    assert settlement.proposal == proposal
    assert settled_marks() == {"1_1": "met", "1_2": "met", "2_1": "met", "2_2": "partly_met"}
    again = actions.agree_to_settlement(
        enrolment=enrolment, proposal=proposal.uuid, by=script.marker, script=script
    )
    assert (again, Settlement.objects.count()) == (settlement, 1)
    facts = assessment_of(enrolment)
    assert (needed_for(facts), suggested_outcome(facts)) == ([], Outcome.COMPETENT)
    assert missing_to_finalise(facts, enrolment.recommendations.get()) == []


def test_proposal_judges_all_that_differs_and_nothing_else(enrolment: Enrolment, trainer: Person) -> None:
    with pytest.raises(actions.NotWholeProposal) as refused:
        actions.propose_settlement(enrolment=enrolment, judged={"1_1": Judged.MET}, by=trainer)
    assert refused.value.field == "judged_2_2"
    actions.propose_settlement(enrolment=enrolment, judged={**AGREED, "1_2": Judged.NOT_MET}, by=trainer)
    assert SettlementProposal.objects.get().marks.count() == 2


def test_proposal_that_was_not_seen_is_not_written_over(enrolment: Enrolment, trainer: Person) -> None:
    script = script_of(enrolment)
    first = actions.propose_settlement(enrolment=enrolment, judged=AGREED, by=trainer)
    other = {**AGREED, "1_1": Judged.PARTLY_MET}
    with pytest.raises(ChangedMeanwhile):
        actions.propose_settlement(
            enrolment=enrolment, judged=other, supports_override=True, by=script.marker, script=script
        )
    answer = actions.propose_settlement(
        enrolment=enrolment,
        judged=other,
        supports_override=True,
        seen=first.uuid,
        by=script.marker,
        script=script,
    )
    with pytest.raises(ChangedMeanwhile):
        actions.agree_to_settlement(enrolment=enrolment, proposal=first.uuid, by=script.marker, script=script)
    assert (
        actions.propose_settlement(enrolment=enrolment, judged=AGREED, seen=answer.uuid, by=trainer) != first
    )


def test_same_proposal_twice_is_one(enrolment: Enrolment, trainer: Person) -> None:
    one = actions.propose_settlement(enrolment=enrolment, judged=AGREED, by=trainer)
    assert actions.propose_settlement(enrolment=enrolment, judged=AGREED, by=trainer) == one


def test_essential_that_stays_not_met_asks_whether_competent_is_supported(
    enrolment: Enrolment, trainer: Person
) -> None:
    judged = {**AGREED, "1_1": Judged.NOT_MET}
    with pytest.raises(actions.NotWholeProposal) as refused:
        actions.propose_settlement(enrolment=enrolment, judged=judged, by=trainer)
    assert refused.value.field == "supports_override"


@pytest.mark.parametrize("supports", [True, False])
def test_override_stands_only_where_a_second_person_supports_it(
    enrolment: Enrolment, trainer: Person, supports: bool
) -> None:
    enrolment.recommendations.update(override_reason="She showed it in the room.")
    script = script_of(enrolment)
    judged = {**AGREED, "1_1": Judged.NOT_MET}
    proposal = actions.propose_settlement(
        enrolment=enrolment, judged=judged, supports_override=supports, by=trainer
    )
    actions.agree_to_settlement(enrolment=enrolment, proposal=proposal.uuid, by=script.marker, script=script)
    missing = missing_to_finalise(assessment_of(enrolment), enrolment.recommendations.get())
    assert ["not supported" in str(one.words) for one in missing] == [True] * (not supports)


def test_finalised_competent_that_the_settled_marks_do_not_bear_goes_back(
    course: Course, trainer: Person
) -> None:
    enrolment = second.first_marked(course)
    actions.close_marking(recommendation=second.recommended(enrolment), by=trainer)
    second.finished(enrolment, **DIFFERS)
    admin = factories.admin()
    actions.settle_as_admin(
        enrolment=enrolment,
        judged={**AGREED, "1_1": Judged.NOT_MET},
        reason="The passage is not used.",
        supports_override=False,
        by=admin,
    )
    latest = enrolment.recommendations.latest("round")
    assert (latest.round, latest.outcome, latest.finalised_at) == (2, Outcome.NOT_YET, None)
    assert latest.marking == Settlement.objects.get().marking
    assert suggested_outcome(assessment_of(enrolment)) == Outcome.NOT_YET


def test_finalised_competent_that_they_bear_stays_as_it_is(course: Course, trainer: Person) -> None:
    enrolment = second.first_marked(course)
    actions.close_marking(recommendation=second.recommended(enrolment), by=trainer)
    second.finished(enrolment)
    assert enrolment.recommendations.get().outcome == Outcome.COMPETENT
    assert missing_to_finalise(assessment_of(enrolment), enrolment.recommendations.get()) == []


def test_admin_settles_with_a_reason_and_without_a_part_in_the_course(enrolment: Enrolment) -> None:
    admin = factories.admin()
    with pytest.raises(actions.NotWholeProposal) as refused:
        actions.settle_as_admin(enrolment=enrolment, judged=AGREED, reason=" ", by=admin)
    assert refused.value.field == "reason"
    there = factories.admin()
    factories.enrolment(enrolment.course, there)
    with pytest.raises(OwnWork):
        actions.settle_as_admin(enrolment=enrolment, judged=AGREED, reason="So.", by=there)
    settlement = actions.settle_as_admin(enrolment=enrolment, judged=AGREED, reason="So.", by=admin)
    assert actions.settle_as_admin(enrolment=enrolment, judged=AGREED, reason="So.", by=admin) == settlement
    with pytest.raises(actions.NothingToSettle):
        actions.settle_as_admin(enrolment=enrolment, judged=AGREED, reason="No.", by=factories.admin())


def test_strangers_say_and_agree_to_nothing(enrolment: Enrolment) -> None:
    stranger, script = second.second_marker(enrolment.course, "Dora"), script_of(enrolment)
    with pytest.raises(NotTheTrainer):
        actions.discuss(enrolment=enrolment, text="Hello.", by=stranger)
    with pytest.raises(actions.NotAsked):
        actions.discuss(enrolment=enrolment, text="Hello.", by=stranger, script=script)
    with pytest.raises(actions.NotAsked):
        actions.agree_to_settlement(enrolment=enrolment, proposal=uuid4(), by=stranger, script=script)
    assert not SettlingMessage.objects.exists()


def test_thread_keeps_what_was_said_and_not_the_same_twice(enrolment: Enrolment, trainer: Person) -> None:
    script = script_of(enrolment)
    for _ in range(2):
        actions.discuss(enrolment=enrolment, text="Read the second paragraph.", by=trainer)
    actions.discuss(enrolment=enrolment, text="I did.", by=script.marker, script=script)
    assert [one.text for one in SettlingMessage.objects.all()] == ["Read the second paragraph.", "I did."]


def test_nothing_is_settled_before_the_second_marking_is_finished(course: Course, trainer: Person) -> None:
    enrolment = second.first_marked(course)
    script = second.asked(enrolment)
    actions.mark_again(script=script.uuid, marks=second.marks(Judged.NOT_MET), by=script.marker)
    with pytest.raises(actions.NothingToSettle):
        actions.propose_settlement(enrolment=enrolment, judged=AGREED, by=trainer)


def test_settlement_of_other_markings_is_refused_by_the_database(
    enrolment: Enrolment, trainer: Person
) -> None:
    submission = enrolment.submissions.get()
    first = submission.markings.get(role=MarkingRole.FIRST)
    second_ = submission.markings.get(role=MarkingRole.SECOND)
    with pytest.raises(DatabaseError, match="a first and a second marking"), transaction.atomic():
        Settlement.objects.create(
            submission=submission, first=first, second=second_, marking=first, settled_by=trainer
        )
