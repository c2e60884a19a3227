"""Finalising a trainer's recommended outcome, after which neither it nor the marking changes."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from aimcert.foundation.stale_forms import ChangedMeanwhile
from aimcert.foundation.times import said_moment
from assessments.answering.hours import sitting_to_come
from assessments.marking.actions import close_marking
from assessments.marking.readiness import marking_revision_of
from assessments.models import Recommendation
from assessments.states import Outcome
from certification.actions.following_up import open_follow_up
from certification.eligibility import unmet_to_finalise, with_facts
from courses.models import Enrolment


class CannotBeFinalised(Refused):
    """Something is missing that the outcome needs; the words say what to do."""


def must_await_no_sitting(enrolment: Enrolment) -> None:
    """Go on only if no other sitting, which has not begun, was granted to this person.

    Raises:
        CannotBeFinalised: there is one; the words say when it begins.
    """
    ahead = sitting_to_come(enrolment.pk)
    if ahead is not None and ahead.starts_at is not None:
        begins = said_moment(ahead.starts_at, enrolment.course.zone)
        raise CannotBeFinalised(
            _(
                "Another sitting begins for them on %(from)s. Finalise the outcome when that is over, or when"
                " they have submitted."
            )
            % {"from": begins}
        )


@transaction.atomic
def finalise(
    *,
    recommendation: Recommendation,
    by: Person,
    seen_revision: int | None = None,
    seen_marking_revision: int | None = None,
) -> Recommendation:
    """Finalise an outcome: *competent* goes to The AIM Project, any other to the person and then the sponsor.

    Args:
        recommendation: the latest one of its enrolment.
        by: a trainer of the course.
        seen_revision: the revision that the trainer read; None: not asked.
        seen_marking_revision: the revision of the marking that it stood on, 0 where none; None: not asked.

    Returns:
        The recommendation; one that was finalised already stays as it is.

    Raises:
        ChangedMeanwhile: a revision is another; the words say whether the outcome's or the marks'.
        CannotBeFinalised: what `eligibility.unmet_to_finalise` says is missing; a newer round exists; or
            another sitting was granted to the person, and has not begun.

    Side effects:
        Closes the marking. Opens the follow-up where the outcome is not *competent*, which tells the
        person that something waits for them; but where nobody has spoken yet to somebody not yet
        competent, nobody is told anything before `tell_later`.
    """
    Enrolment.objects.select_for_update(of=("self",)).get(pk=recommendation.enrolment_id)
    # Marks are saved under the enrolment's lock as well, so that these revisions stand until the end.
    recommendation = Recommendation.objects.select_for_update(of=("self",)).get(pk=recommendation.pk)
    if seen_revision is not None and seen_revision != recommendation.revision:
        raise ChangedMeanwhile(
            _("The outcome or its feedback was changed since you opened the page. Read it again.")
        )
    if seen_marking_revision is not None and seen_marking_revision != marking_revision_of(
        recommendation.marking_id
    ):
        raise ChangedMeanwhile(
            _("The marks were changed since you opened the page. Read them again, then finalise.")
        )
    if recommendation.finalised_at:
        return recommendation
    enrolment = with_facts(Enrolment.objects.filter(pk=recommendation.enrolment_id)).get()
    if enrolment.recommendation_id != recommendation.pk:  # type: ignore[attr-defined]
        raise CannotBeFinalised(_("There is a newer recommendation. Finalise that one."))
    if missing := unmet_to_finalise(enrolment, recommendation):
        raise CannotBeFinalised(" ".join(need.words for need in missing))
    must_await_no_sitting(enrolment)
    recommendation = close_marking(recommendation=recommendation, by=by)
    # Whom nobody has spoken to reads nothing before somebody has: see `tell_later`.
    is_silent = recommendation.outcome == Outcome.NOT_YET and not recommendation.conversation
    if recommendation.outcome != Outcome.COMPETENT and not is_silent:
        open_follow_up(recommendation=recommendation, by=by)
    return recommendation
