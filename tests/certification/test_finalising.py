"""Finalising an outcome: what it needs, what it does, and that it does it once."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from aimcert.foundation.stale_forms import ChangedMeanwhile
from assessments.locks import OwnWork
from assessments.models import Disagreement, Recommendation
from assessments.states import Judged, Outcome
from certification import actions
from certification.models import FollowUp
from certification.permissions import Certification
from courses.models import Enrolment
from tests import factories


def recommended(outcome: str, *, judged: str = Judged.MET, **fields: object) -> Recommendation:
    made = factories.enrolment(factories.course(), attended=True)
    marking = factories.marking(factories.submission(made), judged=judged)
    return factories.recommendation(made, outcome=outcome, marking=marking, finalised=False, **fields)


def test_finalising_competent_closes_the_marking_and_opens_no_follow_up(db: None) -> None:
    recommendation = recommended(Outcome.COMPETENT)
    by = recommendation.recommended_by
    done = actions.finalise(recommendation=recommendation, by=by)
    assert done.finalised_by == by
    assert done.marking is not None
    assert done.marking.finalised_at == done.finalised_at
    assert not FollowUp.objects.exists()


def test_finalising_not_yet_opens_the_follow_up_once(db: None) -> None:
    recommendation = recommended(Outcome.NOT_YET, judged=Judged.NOT_MET)
    by = recommendation.recommended_by
    first = actions.finalise(recommendation=recommendation, by=by)
    assert actions.finalise(recommendation=recommendation, by=by).finalised_at == first.finalised_at
    assert FollowUp.objects.get().recommendation == first


def test_finalising_not_assessed_opens_a_follow_up(db: None) -> None:
    made = factories.enrolment(factories.course())
    recommendation = factories.recommendation(made, outcome=Outcome.NOT_ASSESSED, finalised=False)
    Recommendation.objects.filter(pk=recommendation.pk).update(not_assessed_because="nothing_submitted")
    actions.finalise(recommendation=recommendation, by=recommendation.recommended_by)
    assert FollowUp.objects.get().enrolment == made


@pytest.mark.parametrize("unsaid", ["told_participant", "told_commissioner"])
def test_nobody_is_not_assessed_without_a_word_to_them_and_their_sponsor(db: None, unsaid: str) -> None:
    made = factories.enrolment(factories.course())
    fields = {"outcome": Outcome.NOT_ASSESSED, unsaid: ""}
    recommendation = factories.recommendation(made, finalised=False, **fields)
    by = recommendation.recommended_by
    with pytest.raises(actions.CannotBeFinalised, match="Write what the participant reads"):
        actions.finalise(recommendation=recommendation, by=by)
    assert not FollowUp.objects.exists()
    with pytest.raises(IntegrityError, match="not_assessed_has_words"), transaction.atomic():
        factories.recommendation(factories.enrolment(made.course), **fields)


def test_what_was_changed_since_it_was_read_is_not_finalised(db: None) -> None:
    recommendation = recommended(Outcome.COMPETENT)
    by, seen = recommendation.recommended_by, recommendation.revision
    Recommendation.objects.filter(pk=recommendation.pk).update(revision=seen + 1)
    with pytest.raises(ChangedMeanwhile):
        actions.finalise(recommendation=recommendation, by=by, seen_revision=seen)
    assert not Recommendation.objects.filter(finalised_at__isnull=False).exists()
    first = actions.finalise(recommendation=recommendation, by=by, seen_revision=seen + 1)
    again = actions.finalise(recommendation=recommendation, by=by, seen_revision=seen + 1)
    assert again.finalised_at == first.finalised_at


@pytest.mark.parametrize(
    "missing",
    [
        {"conversation": "", "conversation_on": None, "conversation_by": None},
        {"told_participant": ""},
        {"told_commissioner": ""},
        {"reasons": []},
        {"reasons": ["interest"]},
    ],
)
def test_not_yet_is_not_finalised_without_what_it_needs(db: None, missing: dict[str, object]) -> None:
    recommendation = recommended(Outcome.NOT_YET, judged=Judged.NOT_MET)
    Recommendation.objects.filter(pk=recommendation.pk).update(**missing)
    refuses(recommendation)


def test_competent_is_not_finalised_without_full_attendance(db: None) -> None:
    recommendation = recommended(Outcome.COMPETENT)
    recommendation.enrolment.register_entries.first().delete()  # type: ignore[union-attr]
    assert "register" in refuses(recommendation)


def test_an_override_to_competent_is_not_finalised(db: None) -> None:
    recommendation = recommended(Outcome.COMPETENT, judged=Judged.NOT_MET, override_reason="I know them.")
    assert "second marker" in refuses(recommendation)


@pytest.mark.parametrize("outcome", [Outcome.COMPETENT, Outcome.NOT_YET])
def test_an_outcome_that_a_co_trainer_disputes_is_not_finalised(db: None, outcome: str) -> None:
    judged = Judged.MET if outcome == Outcome.COMPETENT else Judged.NOT_MET
    recommendation = recommended(outcome, judged=judged)
    Disagreement.objects.create(
        recommendation=recommendation,
        reason="I see it otherwise.",
        disagreed_by=factories.associate(recommendation.enrolment.course.programme),
    )
    assert "disagrees" in refuses(recommendation)


def test_a_trainer_with_a_place_on_the_course_finalises_nobody_s_outcome(db: None) -> None:
    recommendation = recommended(Outcome.COMPETENT)
    by, course = recommendation.recommended_by, recommendation.enrolment.course
    factories.enrolment(course, by, withdrawn_at=timezone.now(), withdrawn_by=by)
    with pytest.raises(OwnWork):
        actions.finalise(recommendation=recommendation, by=by)
    assert not by.has_perm(Certification.FINALISE, recommendation.enrolment)
    assert not Recommendation.objects.filter(finalised_at__isnull=False).exists()


def test_an_earlier_round_is_not_finalised(db: None) -> None:
    recommendation = recommended(Outcome.COMPETENT)
    actions.finalise(recommendation=recommendation, by=recommendation.recommended_by)
    enrolment: Enrolment = recommendation.enrolment
    actions.return_to_trainer(enrolment=enrolment, question="Which?", by=factories.admin())
    again = actions.finalise(recommendation=recommendation, by=recommendation.recommended_by)
    assert again.round == 1
    assert enrolment.recommendations.get(round=2).finalised_at is None


def refuses(recommendation: Recommendation) -> str:
    with pytest.raises(actions.CannotBeFinalised) as refused:
        actions.finalise(recommendation=recommendation, by=recommendation.recommended_by)
    recommendation.refresh_from_db()
    assert recommendation.finalised_at is None
    assert not FollowUp.objects.exists()
    return str(refused.value.message)
