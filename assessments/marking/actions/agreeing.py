"""Taking the outcome that the marks suggest, in one press."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.stale_forms import ChangedMeanwhile
from assessments.locks import lock_enrolment
from assessments.marking.actions.recommendations import latest_of, recommend
from assessments.marking.facts import suggested_outcome
from assessments.marking.models import WRITTEN_EVIDENCE, Recommendation
from assessments.marking.readiness import Assessment, assessment_of, marking_revision_of
from assessments.states import Outcome, Reason
from courses.models import Enrolment


@transaction.atomic
def take_suggested(
    *,
    enrolment: Enrolment,
    suggested: str,
    attendance: bool = False,
    base_revision: int,
    seen_marking_revision: int,
    by: Person,
) -> Recommendation:
    """Recommend what the marks suggest: *competent*, or *not yet competent* for *understanding*.

    Args:
        enrolment: whose every criterion is marked.
        suggested: the `Outcome` that the page showed.
        attendance: of *not yet competent*, whether attendance that is not full is a reason as well.
        base_revision: the recommendation's revision that the trainer saw, 0 where there was none.
        seen_marking_revision: the revision of the marks that they saw.
        by: a trainer of the course.

    Returns:
        the open recommendation; pressed twice the same one, unchanged. Reasons that an open *not yet
        competent* has already, and what was written about them, stay.

    Raises:
        ChangedMeanwhile: the marks, or what they suggest, or the recommendation are others by now.
        All that `recommend` raises.
    """
    enrolment = lock_enrolment(enrolment.pk)
    assessment = assessment_of(enrolment)
    _require_as_seen(assessment, suggested, seen_marking_revision)
    if suggested == Outcome.COMPETENT:
        return recommend(enrolment=enrolment, outcome=suggested, base_revision=base_revision, by=by)
    reasons, texts = {Reason.UNDERSTANDING.value}, {}
    latest = latest_of(enrolment)
    if latest is not None and latest.finalised_at is None:
        reasons |= set(latest.reasons)
        texts = {name: getattr(latest, name) for name in WRITTEN_EVIDENCE}
    if attendance and not assessment.is_attended_in_full:
        reasons.add(Reason.ATTENDANCE.value)
    return recommend(
        enrolment=enrolment,
        outcome=suggested,
        reasons=sorted(reasons),
        base_revision=base_revision,
        by=by,
        **texts,
    )


def _require_as_seen(assessment: Assessment, suggested: str, seen_marking_revision: int) -> None:
    now = suggested_outcome(assessment)
    if now not in (Outcome.COMPETENT, Outcome.NOT_YET) or now != suggested:
        raise ChangedMeanwhile(
            _("The marks suggest another outcome than when you opened the page. Read it again, then decide.")
        )
    if marking_revision_of(assessment.marking_id) != seen_marking_revision:
        raise ChangedMeanwhile(
            _("The marks were changed since you opened the page. Read them again, then decide.")
        )
