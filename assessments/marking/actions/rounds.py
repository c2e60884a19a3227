"""Rounds of an outcome: one is finalised; where The AIM Project returns or refuses it, another begins."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from aimcert.foundation.times import said_moment
from assessments.answering.hours import ends_for, is_over, read_with_hours, sitting_of
from assessments.locks import lock_enrolment, require_trainer
from assessments.marking.actions.recommendations import assessment_of, begin_again, latest_of
from assessments.marking.actions.sampling import draw_once_marked
from assessments.marking.models import (
    ARRANGED_NOTHING,
    WRITTEN_EVIDENCE,
    CriterionMark,
    Marking,
    Recommendation,
)
from assessments.marking.readiness import missing_to_finalise
from assessments.states import MarkingRole, NotAssessed, Outcome
from courses.models import Enrolment


class NotReadyToFinalise(Refused):
    """Something is still to be done; `words` says what, one after the other."""

    def __init__(self, words: list[str]) -> None:
        super().__init__(" ".join(words))
        self.words = words


class NothingToReturn(Refused):
    """A new round follows a finalised outcome, and there is none."""


@transaction.atomic
def close_marking(*, recommendation: Recommendation, by: Person) -> Recommendation:
    """Finalise a recommendation and the marking that it stands on: neither changes any more.

    Certification calls this where it finalises; the rest of the one rule is asked there.

    Args:
        recommendation: an open one for which `missing_to_finalise` names nothing.
        by: a trainer of the course.

    Returns:
        the recommendation; finalised earlier, as it was.

    Raises:
        NotTheTrainer, OwnWork, MarkingFinalised.
        NotReadyToFinalise: with everything that is still to be done; or answering is open again for them.

    Side effects:
        From now on trainers no longer correct the person's register. Where all answers of the course are
        marked, the sample for second marking is drawn from those that were not drawn from yet.
    """
    latest = Recommendation.objects.get(pk=recommendation.pk)
    if latest.finalised_at is not None:
        return latest
    enrolment = lock_enrolment(latest.enrolment_id)
    require_trainer(enrolment=enrolment, by=by)
    latest = Recommendation.objects.select_for_update(of=("self",)).get(pk=latest.pk)
    if latest.finalised_at is not None:
        return latest
    missing = [str(one.words) for one in missing_to_finalise(assessment_of(enrolment), latest)]
    if words := _answering_again(enrolment):
        missing.append(words)
    if missing:
        raise NotReadyToFinalise(missing)
    now = timezone.now()
    if latest.marking_id is not None:
        marking = Marking.objects.select_for_update(of=("self",)).get(pk=latest.marking_id)
        if marking.finalised_at is None:
            marking.finalised_at, marking.finalised_by = now, by
            marking.save(update_fields=["finalised_at", "finalised_by"])
    latest.finalised_at, latest.finalised_by = now, by
    latest.save(update_fields=["finalised_at", "finalised_by"])
    enrolment.outcome_finalised_at = now
    enrolment.save(update_fields=["outcome_finalised_at"])
    draw_once_marked(course=enrolment.course, by=by)
    return latest


@transaction.atomic
def begin_round(
    *, enrolment: Enrolment, because: str, outcome: str | None = None, by: Person
) -> Recommendation:
    """Open an outcome again that The AIM Project returned or refused: what was said before still stands.

    The marks, the outcome and the texts are copied into a new round, for the trainers who had them.
    Where `outcome` is another (a refusal makes *not yet competent* of *competent*), only the internal
    note is: the reasons, the conversation and the feedback have to be about the new one.

    Args:
        enrolment: whose latest recommendation is finalised.
        because: The AIM Project's question or reason, which trainers of the course read.
        outcome: an `Outcome`; the one before where not given.
        by: who decided; certification has asked whether they may.

    Returns:
        the new, open recommendation; where a round is open already, that one.

    Raises:
        NothingToReturn: there is no recommendation yet.
        MarkingFinalised: it was approved.

    Side effects:
        The person's register can be corrected by trainers again.
    """
    enrolment = lock_enrolment(enrolment.pk)
    before = latest_of(enrolment)
    if before is None:
        raise NothingToReturn(_("No outcome has been finalised yet, so there is nothing to return."))
    if before.finalised_at is None:
        return before
    outcome = outcome or before.outcome
    texts = {"internal_note": before.internal_note}
    if outcome == before.outcome:
        kept = (
            "reasons",
            "not_assessed_because",
            *WRITTEN_EVIDENCE,
            "override_reason",
            "told_participant",
            "told_commissioner",
            "conversation_on",
            "conversation_by",
            "conversation",
            *ARRANGED_NOTHING,
        )
        texts |= {name: getattr(before, name) for name in kept}
    elif outcome == Outcome.NOT_ASSESSED:
        texts["not_assessed_because"] = NotAssessed.LEFT
    begin_again(enrolment)
    return Recommendation.objects.create(
        enrolment=enrolment,
        round=before.round + 1,
        submission=before.submission,
        marking=_marked_again(before.marking) if before.marking else None,
        outcome=outcome,
        begun_because=because.strip(),
        recommended_by=before.recommended_by,
        **texts,
    )


def _marked_again(marking: Marking) -> Marking:
    """A new round of the same submission's marking, which begins with the same marks.

    What was settled from two markings is not marked again: it stands.
    """
    latest = marking.submission.markings.standing_first().first()
    if latest is not None and (latest.finalised_at is None or latest.role == MarkingRole.SETTLED):
        return latest
    again = Marking.objects.create(
        submission=marking.submission,
        round=(latest or marking).round + 1,
        marker=marking.marker,
    )
    copied = list(marking.marks.all())
    for mark in copied:
        mark.pk, mark.marking = None, again
    CriterionMark.objects.bulk_create(copied)
    return again


def _answering_again(enrolment: Enrolment) -> str:
    """What holds an outcome up while answering is open again for this one person; empty where it is not."""
    found = read_with_hours(enrolment.pk)
    ends_at = ends_for(sitting_of(found), found)
    if found.reopened_at is None or is_over(found):
        return ""
    submitted = enrolment.submissions.filter(submitted_at__gt=found.reopened_at)
    if submitted.exists():
        return ""
    if ends_at is None:
        return _(
            "Answering is open again for them. Finalise the outcome when it has closed, or when they have"
            " submitted."
        )
    return _(
        "Answering is open again for them until %(when)s. Finalise the outcome after that, or when they have"
        " submitted."
    ) % {"when": said_moment(ends_at, enrolment.course.zone)}
