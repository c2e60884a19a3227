"""A trainer's recommended outcome: what it must say, and how it is changed while it is open."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from aimcert.foundation.stale_forms import ChangedMeanwhile
from assessments.answering.models import Submission
from assessments.locks import lock_enrolment, require_trainer
from assessments.marking.facts import suggested_outcome
from assessments.marking.models import ARRANGED_NOTHING, Marking, Recommendation
from assessments.marking.readiness import (
    STILL_SUBMITS,
    Assessment,
    assessment_of,
    may_still_submit,
    needs_override_reason,
)
from assessments.states import NotAssessed, Outcome, Reason
from courses.models import Enrolment


class RecommendedBySomebodyElse(Refused):
    """One trainer recommends; a co-trainer who sees it otherwise disagrees."""


class RecommendationFinalised(Refused):
    """What was finalised does not change."""


class OutcomeNotPossible(Refused):
    """The outcome lacks what it must say, or the marking that it stands on.

    Args:
        message: what to do.
        field: the argument that it is about.
    """

    def __init__(self, message: str, field: str = "outcome") -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def recommend(
    *,
    enrolment: Enrolment,
    outcome: str,
    reasons: Sequence[str] = (),
    not_assessed_because: str = "",
    interest_observed: str = "",
    interest_own_account: str = "",
    experience_shown: str = "",
    experience_needed: str = "",
    understanding_words: str = "",
    override_reason: str = "",
    base_revision: int | None = None,
    by: Person,
) -> Recommendation:
    """Recommend an outcome, or change the one that is open.

    What does not fit the outcome is left out: reasons belong to *not yet competent* alone, and so on.

    Args:
        enrolment: whose.
        outcome: an `Outcome`.
        reasons: `Reason`s, for *not yet competent*: at least one.
        not_assessed_because: a `NotAssessed`, for *not assessed*.
        interest_observed: what was observed; needed where interest is a reason.
        interest_own_account: the person's own account; needed where interest is a reason.
        experience_shown: what shows that it is missing; needed where experience is a reason.
        experience_needed: which experience is needed; needed where experience is a reason.
        understanding_words: said beside the criteria that are not met, where understanding is a reason.
        override_reason: needed where the outcome differs from what the marks suggest and nothing on
            record says why.
        base_revision: the revision that the trainer saw, 0 where there was none; None: not asked.
        by: a trainer of the course.

    Returns:
        the open recommendation; the same twice is the same row, unchanged.

    Raises:
        NotTheTrainer, OwnWork, MarkingFinalised (approved already).
        RecommendationFinalised: the latest round is finalised, and about the latest answers.
        RecommendedBySomebodyElse: a co-trainer recommended in this round.
        OutcomeNotPossible: with what is missing.
        ChangedMeanwhile: the revision is another, and what is saved differs.
    """
    enrolment = lock_enrolment(enrolment.pk)
    require_trainer(enrolment=enrolment, by=by)
    assessment = assessment_of(enrolment)
    latest = latest_of(enrolment)
    submission = _submitted(assessment)
    if latest is not None and latest.finalised_at is not None:
        if submission is None or latest.submission_id == submission.pk:
            raise RecommendationFinalised(_("This outcome was finalised and does not change any more."))
        open_one = None
    else:
        open_one = latest
    if open_one is not None and open_one.recommended_by_id != by.pk:
        raise RecommendedBySomebodyElse(
            _("%(name)s recommended an outcome. If you see it otherwise, say that you disagree.")
            % {"name": open_one.recommended_by}
        )
    said = _outcome_fields(
        outcome,
        reasons=reasons,
        not_assessed_because=not_assessed_because,
        interest_observed=interest_observed.strip(),
        interest_own_account=interest_own_account.strip(),
        experience_shown=experience_shown.strip(),
        experience_needed=experience_needed.strip(),
        understanding_words=understanding_words.strip(),
    )
    explained = override_reason.strip()
    begun_because = open_one.begun_because if open_one else ""
    _require_possible(assessment, said, explained, begun_because)
    differs = outcome != suggested_outcome(assessment)
    values = {
        **said,
        **({} if outcome == Outcome.NOT_YET else ARRANGED_NOTHING),
        "override_reason": explained if differs else "",
        "submission": submission,
        "marking": Marking.objects.filter(pk=assessment.marking_id or 0).first() if submission else None,
    }
    if open_one is None:
        if base_revision:
            raise ChangedMeanwhile(_("This outcome was finalised since you opened the page."))
        begin_again(enrolment)
        return Recommendation.objects.create(
            enrolment=enrolment,
            round=latest.round + 1 if latest else 1,
            recommended_by=by,
            changed_at=timezone.now(),
            changed_by=by,
            **values,
        )
    return change(open_one, values, base_revision, by, recommended_at=timezone.now())


def begin_again(enrolment: Enrolment) -> None:
    """Say of this locked enrolment that its outcome is open, as a round begins."""
    enrolment.outcome_finalised_at = None
    enrolment.save(update_fields=["outcome_finalised_at"])


def _outcome_fields(
    outcome: str, *, reasons: Sequence[str], not_assessed_because: str, **evidence: str
) -> dict[str, object]:
    not_yet = outcome == Outcome.NOT_YET
    return {
        "outcome": outcome,
        # In one order, so that the same choice is the same.
        "reasons": [reason for reason in Reason.values if not_yet and reason in reasons],
        "not_assessed_because": not_assessed_because if outcome == Outcome.NOT_ASSESSED else "",
        # Each text is named for its reason.
        **{
            name: text if not_yet and name.partition("_")[0] in reasons else ""
            for name, text in evidence.items()
        },
    }


def _require_possible(
    assessment: Assessment,
    said: dict[str, object],
    override_reason: str,
    begun_because: str,
) -> None:
    outcome, reasons = str(said["outcome"]), list(said["reasons"])  # type: ignore[call-overload]
    if outcome not in Outcome.values:
        raise OutcomeNotPossible(_("Choose an outcome."))
    if outcome == Outcome.COMPETENT and assessment.submitted_at is None:
        raise OutcomeNotPossible(_("Nothing was submitted, so there is nothing that shows competence."))
    if outcome != Outcome.NOT_ASSESSED and suggested_outcome(assessment) is None:
        raise OutcomeNotPossible(_("Mark every criterion first: then you can recommend an outcome."))
    if outcome == Outcome.NOT_YET and not reasons:
        raise OutcomeNotPossible(_("Choose at least one reason for not yet competent."), "reasons")
    if Reason.INTEREST in reasons and not (said["interest_observed"] and said["interest_own_account"]):
        raise OutcomeNotPossible(
            _("Where interest is a reason, write what was observed and the person’s own account."),
            "interest_observed",
        )
    if Reason.EXPERIENCE in reasons and not (said["experience_shown"] and said["experience_needed"]):
        raise OutcomeNotPossible(
            _("Where experience is a reason, write what shows it and which experience is needed."),
            "experience_shown",
        )
    if outcome == Outcome.NOT_ASSESSED and may_still_submit(assessment):
        raise OutcomeNotPossible(str(STILL_SUBMITS.words))
    if outcome == Outcome.NOT_ASSESSED and said["not_assessed_because"] not in NotAssessed.values:
        raise OutcomeNotPossible(_("Say why there is nothing to assess."), "not_assessed_because")
    if not override_reason and needs_override_reason(
        assessment, outcome=outcome, reasons=reasons, begun_because=begun_because
    ):
        raise OutcomeNotPossible(_("This differs from what the marks suggest: say why."), "override_reason")


def change(
    recommendation: Recommendation,
    values: dict[str, object],
    base_revision: int | None,
    by: Person,
    **also: object,
) -> Recommendation:
    """Save `values` where they differ, and then `also` and that `by` did; the row is locked."""
    if all(getattr(recommendation, name) == value for name, value in values.items()):
        return recommendation
    if base_revision is not None and base_revision != recommendation.revision:
        raise ChangedMeanwhile(
            _("This was saved from another page since you opened this one. Nothing was overwritten.")
        )
    values = {**values, **also, "revision": recommendation.revision + 1}
    for name, value in values.items():
        setattr(recommendation, name, value)
    recommendation.save(update_fields=[*values, *recommendation.note_change(by)])
    return recommendation


def open_one(recommendation: Recommendation, by: Person) -> Recommendation:
    """The recommendation, locked after its enrolment, if `by` may write in it."""
    enrolment = lock_enrolment(recommendation.enrolment_id)
    require_trainer(enrolment=enrolment, by=by)
    locked = Recommendation.objects.select_for_update(of=("self",)).select_related("enrolment")
    recommendation = locked.get(pk=recommendation.pk)
    if recommendation.finalised_at is not None:
        raise RecommendationFinalised(_("This outcome was finalised and does not change any more."))
    return recommendation


def latest_of(enrolment: Enrolment) -> Recommendation | None:
    locked = Recommendation.objects.select_for_update(of=("self",)).select_related("recommended_by")
    return locked.filter(enrolment=enrolment).latest_first().first()


def _submitted(assessment: Assessment) -> Submission | None:
    if assessment.submitted_at is None or assessment.submission_id is None:
        return None
    return Submission.objects.get(pk=assessment.submission_id)
