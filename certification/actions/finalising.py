"""Finalising a trainer's recommended outcome, after which neither it nor the marking changes."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.actions import ChangedMeanwhile, close_marking
from assessments.models import Recommendation
from assessments.states import Outcome
from certification.actions.following_up import open_follow_up
from certification.eligibility import unmet_to_finalise, with_facts
from courses.models import Enrolment


class CannotBeFinalised(Refused):
    """Something is missing that the outcome needs; the words say what to do."""


@transaction.atomic
def finalise(
    *, recommendation: Recommendation, by: Person, seen_revision: int | None = None
) -> Recommendation:
    """Finalise an outcome: *competent* goes to The AIM Project, any other to the person and then the sponsor.

    Args:
        recommendation: the latest one of its enrolment.
        by: a trainer of the course.
        seen_revision: the revision that the trainer read, 0 where none of this one; None: not asked.

    Returns:
        The recommendation; one that was finalised already stays as it is.

    Raises:
        ChangedMeanwhile: the revision is another.
        CannotBeFinalised: what `eligibility.unmet_to_finalise` says is missing; or a newer round exists.

    Side effects:
        Closes the marking. Opens the follow-up where the outcome is not *competent*, which tells the
        person that something waits for them.
    """
    Enrolment.objects.select_for_update(of=("self",)).get(pk=recommendation.enrolment_id)
    recommendation = Recommendation.objects.select_for_update(of=("self",)).get(pk=recommendation.pk)
    if seen_revision is not None and seen_revision != recommendation.revision:
        raise ChangedMeanwhile(_("This was changed since you opened the page. Read it again."))
    if recommendation.finalised_at:
        return recommendation
    enrolment = with_facts(Enrolment.objects.filter(pk=recommendation.enrolment_id)).get()
    if enrolment.recommendation_id != recommendation.pk:  # type: ignore[attr-defined]
        raise CannotBeFinalised(_("There is a newer recommendation. Finalise that one."))
    if missing := unmet_to_finalise(enrolment, recommendation):
        raise CannotBeFinalised(" ".join(need.words for need in missing))
    recommendation = close_marking(recommendation=recommendation, by=by)
    if recommendation.outcome != Outcome.COMPETENT:
        open_follow_up(recommendation=recommendation, by=by)
    return recommendation
