"""What goes with an open outcome: the feedback, and a co-trainer's disagreement."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.locks import lock_enrolment
from assessments.marking.actions.recommendations import OutcomeNotPossible, change, open_one
from assessments.marking.emails import tell_disagreed
from assessments.marking.models import Disagreement, Recommendation


class OwnRecommendation(Refused):
    """One does not disagree with oneself: one changes the outcome."""


class NotYourDisagreement(Refused):
    """Only who disagreed withdraws it."""


@transaction.atomic
def write_feedback(
    *,
    recommendation: Recommendation,
    told_participant: str,
    told_commissioner: str,
    internal_note: str = "",
    by: Person,
    base_revision: int | None = None,
) -> Recommendation:
    """Write, each by itself, what the participant reads, what the commissioner is told, what stays inside.

    Args:
        recommendation: an open one.
        told_participant: read by the participant alone.
        told_commissioner: read by the participant first, then by who the results go to.
        internal_note: read by trainers of the course and The AIM Project; in no report.
        by: a trainer of the course.
        base_revision: as for `recommend`.

    Returns:
        the recommendation; the same twice changes nothing. Texts may be empty until it is finalised.

    Raises:
        NotTheTrainer, OwnWork, RecommendationFinalised, MarkingFinalised, ChangedMeanwhile.
    """
    values: dict[str, object] = {
        "told_participant": told_participant.strip(),
        "told_commissioner": told_commissioner.strip(),
        "internal_note": internal_note.strip(),
    }
    return change(open_one(recommendation, by), values, base_revision, by)


@transaction.atomic
def disagree(*, recommendation: Recommendation, reason: str, by: Person) -> Disagreement:
    """Say that one sees an open outcome otherwise: until that is withdrawn, it goes to second marking.

    Args:
        recommendation: an open one, by a co-trainer.
        reason: why; trainers of the course and The AIM Project read it.
        by: another trainer of the course.

    Returns:
        the disagreement; asked twice, the first one.

    Raises:
        NotTheTrainer, OwnWork, RecommendationFinalised, MarkingFinalised.
        OwnRecommendation: it is `by`'s own.
        OutcomeNotPossible: no reason was given.

    Side effects:
        Writes to who recommended it.
    """
    recommendation = open_one(recommendation, by)
    if recommendation.recommended_by_id == by.pk:
        raise OwnRecommendation(_("You recommended this outcome yourself: change it instead."))
    standing = recommendation.disagreements.filter(disagreed_by=by, withdrawn_at__isnull=True).first()
    if standing is not None:
        return standing
    if not reason.strip():
        raise OutcomeNotPossible(_("Say why you disagree."))
    made = Disagreement.objects.create(recommendation=recommendation, reason=reason.strip(), disagreed_by=by)
    tell_disagreed(recommendation)
    return made


@transaction.atomic
def withdraw_disagreement(*, disagreement: Disagreement, by: Person) -> Disagreement:
    """Take a disagreement back: the outcome can then be finalised.

    Args:
        disagreement: one's own.
        by: who disagreed.

    Returns:
        the disagreement; withdrawn earlier, as it was.

    Raises:
        NotYourDisagreement, MarkingFinalised.
    """
    lock_enrolment(disagreement.recommendation.enrolment_id)
    disagreement = Disagreement.objects.select_for_update(of=("self",)).get(pk=disagreement.pk)
    if disagreement.disagreed_by_id != by.pk:
        raise NotYourDisagreement(_("Only the trainer who disagreed can withdraw that."))
    if disagreement.withdrawn_at is None:
        disagreement.withdrawn_at, disagreement.withdrawn_by = timezone.now(), by
        disagreement.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return disagreement
