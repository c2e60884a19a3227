"""A recommended outcome: what it must say, how it changes, how it is finalised and sent back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.stale_forms import ChangedMeanwhile
from assessments import locks
from assessments.marking import actions
from assessments.marking.readiness import Step, assessed, missing_to_finalise
from assessments.models import CriterionMark, Marking, Recommendation
from assessments.states import Judged, NotAssessed, Outcome, Reason
from courses.models import Course, Enrolment
from tests import factories

pytestmark = pytest.mark.django_db


def marked(course: Course, judged: str = Judged.MET, *, attended: bool = True) -> Enrolment:
    """Somebody whose script is marked throughout."""
    enrolment = factories.enrolment(course, attended=attended)
    factories.marking(factories.submission(enrolment), judged=judged)
    return enrolment


NOT_YET = {"outcome": Outcome.NOT_YET, "reasons": [Reason.UNDERSTANDING]}


def steps(enrolment: Enrolment) -> list[Step]:
    latest = enrolment.recommendations.order_by("-round").first()
    return [
        one.step
        for one in missing_to_finalise(assessed(Enrolment.objects.all()).get(pk=enrolment.pk), latest)
    ]


# --- Recommending -----------------------------------------------------------------------------------


def test_competent_as_the_marks_suggest(course: Course, trainer: Person) -> None:
    enrolment = marked(course)
    made = actions.recommend(enrolment=enrolment, outcome=Outcome.COMPETENT, by=trainer)
    assert (made.round, made.recommended_by, made.finalised_at) == (1, trainer, None)
    assert (made.submission, made.marking) == (enrolment.submissions.get(), Marking.objects.get())
    assert steps(enrolment) == []


def test_the_same_twice_is_one_and_unchanged(course: Course, trainer: Person) -> None:
    enrolment = marked(course)
    first = actions.recommend(enrolment=enrolment, outcome=Outcome.COMPETENT, by=trainer)
    again = actions.recommend(enrolment=enrolment, outcome=Outcome.COMPETENT, by=trainer)
    assert (again.pk, again.revision, again.recommended_at) == (first.pk, 1, first.recommended_at)


def test_an_open_outcome_is_changed_and_drops_what_does_not_fit(course: Course, trainer: Person) -> None:
    enrolment = marked(course, Judged.NOT_MET)
    actions.recommend(
        enrolment=enrolment,
        outcome=Outcome.NOT_YET,
        reasons=[Reason.INTEREST, Reason.UNDERSTANDING],
        interest_observed="Looked at the telephone.",
        interest_own_account="I was sent here.",
        by=trainer,
    )
    changed = actions.recommend(
        enrolment=enrolment,
        outcome=Outcome.NOT_ASSESSED,
        not_assessed_because=NotAssessed.WITHDREW,
        reasons=[Reason.INTEREST],
        override_reason="They asked to withdraw after submitting.",
        by=trainer,
    )
    assert Recommendation.objects.count() == 1
    assert (changed.outcome, changed.reasons, changed.revision) == (Outcome.NOT_ASSESSED, [], 2)
    assert (changed.interest_observed, changed.interest_own_account) == ("", "")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"outcome": "splendid"}, "outcome"),
        ({"outcome": Outcome.NOT_YET}, "reasons"),
        ({"outcome": Outcome.NOT_YET, "reasons": ["weather"]}, "reasons"),
        ({"outcome": Outcome.NOT_YET, "reasons": [Reason.INTEREST]}, "interest_observed"),
        (
            {"outcome": Outcome.NOT_YET, "reasons": [Reason.INTEREST], "interest_observed": "Yawned."},
            "interest_observed",
        ),
        (
            {"outcome": Outcome.NOT_YET, "reasons": [Reason.INTEREST], "interest_own_account": "Tired."},
            "interest_observed",
        ),
        ({"outcome": Outcome.NOT_ASSESSED}, "not_assessed_because"),
        ({"outcome": Outcome.NOT_ASSESSED, "not_assessed_because": "weather"}, "not_assessed_because"),
        ({"outcome": Outcome.COMPETENT}, "override_reason"),
    ],
)
def test_an_outcome_that_does_not_say_what_it_must_is_refused(
    course: Course, trainer: Person, said: dict, field: str
) -> None:
    enrolment = marked(course, Judged.NOT_MET)
    with pytest.raises(actions.OutcomeNotPossible) as refused:
        actions.recommend(enrolment=enrolment, by=trainer, **said)
    assert refused.value.field == field
    assert not Recommendation.objects.exists()


@pytest.mark.parametrize("outcome", [Outcome.COMPETENT, Outcome.NOT_YET])
def test_every_criterion_is_marked_before_an_outcome(course: Course, trainer: Person, outcome: str) -> None:
    enrolment = factories.enrolment(course, attended=True)
    factories.submission(enrolment)
    actions.mark(enrolment=enrolment, marks=[actions.Mark("1_1", Judged.MET)], by=trainer)
    with pytest.raises(actions.OutcomeNotPossible, match="Mark every criterion"):
        actions.recommend(
            enrolment=enrolment,
            outcome=outcome,
            reasons=[Reason.UNDERSTANDING],
            override_reason="x",
            by=trainer,
        )


def test_competent_needs_a_submission(course: Course, trainer: Person) -> None:
    enrolment = factories.enrolment(course, attended=True)
    factories.submission(enrolment, submitted=False)
    with pytest.raises(actions.OutcomeNotPossible, match="Nothing was submitted"):
        actions.recommend(enrolment=enrolment, outcome=Outcome.COMPETENT, override_reason="x", by=trainer)


def test_nothing_submitted_is_not_assessed_once_both_are_told_why(course: Course, trainer: Person) -> None:
    enrolment = factories.enrolment(course)
    made = actions.recommend(
        enrolment=enrolment,
        outcome=Outcome.NOT_ASSESSED,
        not_assessed_because=NotAssessed.NOTHING_SUBMITTED,
        by=trainer,
    )
    assert (made.submission, made.marking) == (None, None)
    assert steps(enrolment) == [Step.FEEDBACK]
    actions.write_feedback(
        recommendation=made, told_participant="To you.", told_commissioner="To them.", by=trainer
    )
    assert steps(enrolment) == []


def test_differing_from_the_marks_needs_a_reason(course: Course, trainer: Person) -> None:
    enrolment = marked(course)
    with pytest.raises(actions.OutcomeNotPossible, match="differs"):
        actions.recommend(enrolment=enrolment, by=trainer, **NOT_YET)
    made = actions.recommend(
        enrolment=enrolment, override_reason="Nearly new to this.", by=trainer, **NOT_YET
    )
    assert made.override_reason == "Nearly new to this."


def test_attendance_that_is_not_full_explains_itself(course: Course, trainer: Person) -> None:
    enrolment = marked(course, attended=False)
    made = actions.recommend(
        enrolment=enrolment, outcome=Outcome.NOT_YET, reasons=[Reason.ATTENDANCE], by=trainer
    )
    assert made.override_reason == ""
    with pytest.raises(actions.OutcomeNotPossible, match="differs"):
        actions.recommend(
            enrolment=marked(course), outcome=Outcome.NOT_YET, reasons=[Reason.ATTENDANCE], by=trainer
        )


def test_a_reason_for_differing_goes_where_nothing_differs(course: Course, trainer: Person) -> None:
    made = actions.recommend(
        enrolment=marked(course), outcome=Outcome.COMPETENT, override_reason="x", by=trainer
    )
    assert made.override_reason == ""


def test_an_override_to_competent_is_saved_and_held_up(course: Course, trainer: Person) -> None:
    enrolment = marked(course, Judged.PARTLY_MET)
    made = actions.recommend(
        enrolment=enrolment, outcome=Outcome.COMPETENT, override_reason="Spoke to it well.", by=trainer
    )
    assert steps(enrolment) == [Step.SECOND_MARKING]
    with pytest.raises(actions.NotReadyToFinalise, match="second marker"):
        actions.close_marking(recommendation=made, by=trainer)


def test_marks_that_change_after_the_outcome_are_noticed(course: Course, trainer: Person) -> None:
    enrolment = marked(course)
    made = actions.recommend(enrolment=enrolment, outcome=Outcome.COMPETENT, by=trainer)
    marks = CriterionMark.objects.select_related("criterion__question")
    changed = [actions.Mark(actions.name_of(one.criterion), Judged.NOT_MET, base=1) for one in marks]
    actions.mark(enrolment=enrolment, marks=changed, by=trainer)
    assert steps(enrolment) == [Step.OUTCOME, Step.SECOND_MARKING]
    with pytest.raises(actions.NotReadyToFinalise, match="differs"):
        actions.close_marking(recommendation=made, by=trainer)


def test_only_a_trainer_recommends_and_never_about_themself(course: Course, trainer: Person) -> None:
    enrolment = marked(course)
    for person in (factories.admin(), enrolment.person, factories.associate(course.programme)):
        with pytest.raises((locks.NotTheTrainer, locks.OwnWork)):
            actions.recommend(enrolment=enrolment, outcome=Outcome.COMPETENT, by=person)
    own = factories.enrolment(course, trainer)
    with pytest.raises(locks.OwnWork):
        actions.recommend(
            enrolment=own, outcome=Outcome.NOT_ASSESSED, not_assessed_because="left", by=trainer
        )
    assert not Recommendation.objects.exists()


def test_one_trainer_recommends(course: Course, trainer: Person, other: Person) -> None:
    enrolment = marked(course)
    actions.recommend(enrolment=enrolment, outcome=Outcome.COMPETENT, by=trainer)
    with pytest.raises(actions.RecommendedBySomebodyElse, match=trainer.name):
        actions.recommend(enrolment=enrolment, override_reason="x", by=other, **NOT_YET)


def test_an_older_tab_does_not_overwrite_an_outcome(course: Course, trainer: Person) -> None:
    enrolment = marked(course, Judged.NOT_MET)
    actions.recommend(enrolment=enrolment, base_revision=0, by=trainer, **NOT_YET)
    with pytest.raises(ChangedMeanwhile):
        actions.recommend(
            enrolment=enrolment,
            outcome=Outcome.NOT_YET,
            reasons=[Reason.ATTENDANCE],
            base_revision=0,
            by=trainer,
        )
    again = actions.recommend(enrolment=enrolment, base_revision=0, by=trainer, **NOT_YET)
    assert again.reasons == [Reason.UNDERSTANDING]


def test_a_later_attempt_begins_a_round_of_its_own(course: Course, trainer: Person) -> None:
    enrolment = factories.recommended(course, outcome=Outcome.NOT_YET)
    with pytest.raises(actions.RecommendationFinalised):
        actions.recommend(enrolment=enrolment, outcome=Outcome.NOT_YET, reasons=["experience"], by=trainer)
    factories.marking(factories.submission(enrolment))
    made = actions.recommend(enrolment=enrolment, outcome=Outcome.COMPETENT, by=trainer)
    assert (made.round, made.submission.attempt) == (2, 2)


# --- The conversation and the feedback --------------------------------------------------------------


@pytest.fixture
def open_one(course: Course, trainer: Person) -> Recommendation:
    return actions.recommend(enrolment=marked(course, Judged.NOT_MET), by=trainer, **NOT_YET)


def test_a_conversation_says_when_by_whom_and_what(open_one: Recommendation, trainer: Person, other: Person):
    at = timezone.now() - timedelta(minutes=20)
    said = {"recommendation": open_one, "held_on": at, "words": " We spoke. ", "held_by": other}
    saved = actions.record_conversation(**said, by=trainer)
    assert (saved.conversation_on, saved.conversation_by, saved.conversation) == (at, other, "We spoke.")
    assert actions.record_conversation(**said, by=trainer).revision == saved.revision


@pytest.mark.parametrize("wrong", ["empty", "future", "stranger"])
def test_a_conversation_that_cannot_have_been_is_refused(
    open_one: Recommendation, trainer: Person, wrong: str
) -> None:
    with pytest.raises(actions.ConversationNotPossible):
        actions.record_conversation(
            recommendation=open_one,
            held_on=timezone.now() + timedelta(minutes=5 if wrong == "future" else -5),
            words=" " if wrong == "empty" else "We spoke.",
            held_by=factories.admin() if wrong == "stranger" else None,
            by=trainer,
        )
    open_one.refresh_from_db()
    assert (open_one.conversation, open_one.conversation_on) == ("", None)


def test_feedback_is_three_texts(open_one: Recommendation, trainer: Person, other: Person) -> None:
    told = {"told_participant": "To you.", "told_commissioner": "To them.", "internal_note": "To us."}
    saved = actions.write_feedback(recommendation=open_one, **told, by=other)
    assert (saved.told_participant, saved.told_commissioner, saved.internal_note) == tuple(told.values())
    assert actions.write_feedback(recommendation=open_one, **told, by=trainer).revision == saved.revision == 2
    with pytest.raises(ChangedMeanwhile):
        actions.write_feedback(
            recommendation=open_one, **{**told, "told_commissioner": "Mine."}, by=trainer, base_revision=1
        )


def test_only_trainers_write_about_an_outcome(open_one: Recommendation) -> None:
    for person in (factories.admin(), open_one.enrolment.person):
        with pytest.raises((locks.NotTheTrainer, locks.OwnWork)):
            actions.write_feedback(
                recommendation=open_one, told_participant="x", told_commissioner="x", by=person
            )
        with pytest.raises((locks.NotTheTrainer, locks.OwnWork)):
            actions.record_conversation(recommendation=open_one, held_on=timezone.now(), words="x", by=person)


# --- Disagreeing ------------------------------------------------------------------------------------


def test_a_disagreement_holds_the_outcome_up_until_it_is_withdrawn(
    course: Course, trainer: Person, other: Person
) -> None:
    enrolment = marked(course)
    made = actions.recommend(enrolment=enrolment, outcome=Outcome.COMPETENT, by=trainer)
    first = actions.disagree(recommendation=made, reason="Not safe enough.", by=other)
    assert actions.disagree(recommendation=made, reason="Again.", by=other) == first
    assert steps(enrolment) == [Step.DISAGREEMENT]
    with pytest.raises(actions.NotReadyToFinalise, match="co-trainer disagrees"):
        actions.close_marking(recommendation=made, by=trainer)
    with pytest.raises(actions.NotYourDisagreement):
        actions.withdraw_disagreement(disagreement=first, by=trainer)
    withdrawn = actions.withdraw_disagreement(disagreement=first, by=other)
    assert actions.withdraw_disagreement(disagreement=first, by=other).withdrawn_at == withdrawn.withdrawn_at
    assert steps(enrolment) == []
    assert actions.disagree(recommendation=made, reason="After all.", by=other) != first


def test_a_disagreement_is_a_co_trainers_with_a_reason(
    open_one: Recommendation, trainer: Person, other: Person
) -> None:
    with pytest.raises(actions.OwnRecommendation):
        actions.disagree(recommendation=open_one, reason="x", by=trainer)
    with pytest.raises(actions.OutcomeNotPossible):
        actions.disagree(recommendation=open_one, reason=" ", by=other)
    with pytest.raises(locks.NotTheTrainer):
        actions.disagree(recommendation=open_one, reason="x", by=factories.admin())
    assert not open_one.disagreements.exists()


# --- Finalising -------------------------------------------------------------------------------------


def written(open_one: Recommendation, trainer: Person) -> Recommendation:
    actions.record_conversation(
        recommendation=open_one, held_on=timezone.now(), words="We spoke.", by=trainer
    )
    return actions.write_feedback(
        recommendation=open_one, told_participant="To you.", told_commissioner="To them.", by=trainer
    )


def test_not_yet_is_finalised_once_everything_is_written(open_one: Recommendation, trainer: Person) -> None:
    assert steps(open_one.enrolment) == [Step.CONVERSATION, Step.FEEDBACK]
    with pytest.raises(actions.NotReadyToFinalise) as refused:
        actions.close_marking(recommendation=open_one, by=trainer)
    assert len(refused.value.words) == 2
    made = actions.close_marking(recommendation=written(open_one, trainer), by=trainer)
    assert (made.finalised_by, made.marking.finalised_by) == (trainer, trainer)
    again = actions.close_marking(recommendation=made, by=factories.admin())
    assert (again.finalised_at, again.finalised_by) == (made.finalised_at, trainer)


def test_the_register_knows_whether_the_outcome_is_final(open_one: Recommendation, trainer: Person) -> None:
    """Its own field: courses reads no table of assessments."""
    enrolment = open_one.enrolment

    def is_final() -> bool:
        enrolment.refresh_from_db()
        return enrolment.outcome_finalised_at is not None

    assert not is_final()
    made = actions.close_marking(recommendation=written(open_one, trainer), by=trainer)
    assert enrolment.__class__.objects.get().outcome_finalised_at == made.finalised_at
    again = actions.begin_round(enrolment=enrolment, because="Why?", by=factories.admin())
    assert not is_final()
    actions.close_marking(recommendation=again, by=trainer)
    assert is_final()
    factories.submission(enrolment)
    actions.recommend(
        enrolment=enrolment,
        outcome=Outcome.NOT_ASSESSED,
        not_assessed_because="left",
        override_reason="Other answers came in.",
        by=trainer,
    )
    assert not is_final()


def test_nothing_changes_once_it_is_finalised(
    open_one: Recommendation, trainer: Person, other: Person
) -> None:
    made = actions.close_marking(recommendation=written(open_one, trainer), by=trainer)
    about = {"recommendation": made, "by": trainer}
    for act in (
        lambda: actions.recommend(enrolment=made.enrolment, by=trainer, **NOT_YET),
        lambda: actions.record_conversation(held_on=timezone.now(), words="x", **about),
        lambda: actions.write_feedback(told_participant="x", told_commissioner="x", **about),
        lambda: actions.disagree(recommendation=made, reason="x", by=other),
    ):
        with pytest.raises(actions.RecommendationFinalised):
            act()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessments_recommendation SET outcome = 'competent', reasons = '{}' WHERE id = %s",
        "UPDATE assessments_recommendation SET internal_note = 'x' WHERE id = %s",
        "UPDATE assessments_recommendation SET finalised_at = NULL, finalised_by_id = NULL WHERE id = %s",
        "DELETE FROM assessments_recommendation WHERE id = %s",
    ],
)
def test_the_database_refuses_to_change_a_finalised_outcome(course: Course, statement: str) -> None:
    made = factories.recommended(course, outcome=Outcome.NOT_YET).recommendations.get()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [made.pk])
    assert Recommendation.objects.get(pk=made.pk).outcome == Outcome.NOT_YET


def test_the_database_refuses_a_second_open_outcome(open_one: Recommendation, trainer: Person) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Recommendation.objects.create(
            enrolment=open_one.enrolment, round=2, outcome=Outcome.NOT_YET, recommended_by=trainer
        )


# --- Rounds -----------------------------------------------------------------------------------------


def test_a_returned_outcome_goes_on_where_it_was(course: Course, trainer: Person) -> None:
    enrolment = factories.recommended(course, outcome=Outcome.NOT_YET)
    before = enrolment.recommendations.get()
    admin = factories.admin()
    again = actions.begin_round(enrolment=enrolment, because="Why is question 2 not met?", by=admin)
    assert (again.round, again.outcome, again.recommended_by) == (2, Outcome.NOT_YET, trainer)
    assert (again.begun_because, again.finalised_at) == ("Why is question 2 not met?", None)
    for name in ("reasons", "conversation", "conversation_on", "told_participant", "internal_note"):
        assert getattr(again, name) == getattr(before, name)
    assert (again.marking.round, again.marking.finalised_at) == (2, None)
    assert again.marking.marks.count() == before.marking.marks.count() == 4
    assert actions.begin_round(enrolment=enrolment, because="Again?", by=admin) == again
    before.refresh_from_db()
    assert before.finalised_at is not None
    marks = [actions.Mark("1_1", Judged.PARTLY_MET, base=1)]
    actions.mark(enrolment=enrolment, marks=marks, by=trainer)
    assert set(before.marking.marks.values_list("judged", flat=True)) == {Judged.NOT_MET}
    actions.close_marking(recommendation=again, by=trainer)


def test_a_refused_outcome_becomes_another_and_is_written_anew(course: Course, trainer: Person) -> None:
    enrolment = factories.recommended(course)
    again = actions.begin_round(
        enrolment=enrolment, because="Not shown.", outcome=Outcome.NOT_YET, by=factories.admin()
    )
    assert (again.outcome, again.reasons, again.conversation, again.told_participant) == (
        Outcome.NOT_YET,
        [],
        "",
        "",
    )
    assert steps(enrolment) == [Step.OUTCOME, Step.CONVERSATION, Step.FEEDBACK]
    # The refusal says why it differs from the marks.
    actions.recommend(enrolment=enrolment, by=trainer, **NOT_YET)
    assert steps(enrolment) == [Step.CONVERSATION, Step.FEEDBACK]
    actions.close_marking(recommendation=written(again, trainer), by=trainer)


def test_nothing_is_returned_before_it_was_recommended(course: Course) -> None:
    with pytest.raises(actions.NothingToReturn):
        actions.begin_round(enrolment=factories.enrolment(course), because="Why?", by=factories.admin())
