"""Marking a submission a second time, without a name and without the first marks."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from aimcert.foundation.stale_forms import ChangedMeanwhile
from assessments.case_studies.models import Criterion
from assessments.locks import lock_enrolment, require_no_place
from assessments.marking.actions.asking import end_asking, locked_script, require_asked
from assessments.marking.actions.judging import Judged, Mark, Page, ToMark, locked_to_mark_again
from assessments.marking.actions.marking import save_marks
from assessments.marking.actions.settlement import settle_where_they_agree
from assessments.marking.differences import first_of, second_of
from assessments.marking.emails import tell_to_settle
from assessments.marking.models import CriterionMark, Marking, SecondMarker, Settlement
from assessments.marking.readiness import marking_revision_of
from assessments.states import MarkingRole


class NotWhole(Refused):
    """A criterion is not judged yet."""


class AlreadyFinished(Refused):
    """What was finished is not handed back."""


def mark_again(*, script: UUID, marks: Iterable[Mark], by: Person, page: Page | None = None) -> list[Judged]:
    """Save judgements of a second marking, as `mark` saves those of a first.

    Args:
        script: the UUID of the `SecondMarker` that asked `by`.
        marks: at most one for each criterion.
        by: who was asked, licensed for the programme today.
        page: as for `mark`.

    Returns:
        What became of each.

    Raises:
        NotAsked, OwnWork, MarkNotPossible, MarkedMeanwhile.
        MarkingFinalised: it was finished, or the outcome was approved.
    """

    def locked() -> ToMark:
        found = locked_to_mark_again(script, by)
        if found is None:
            raise _why_not(script, by)
        if found.marking is None:
            _begin(found.submission, by)
        return found

    return save_marks(list(marks), locked, by=by, page=page)


@transaction.atomic
def finish_second_marking(
    *, script: SecondMarker, seen_revision: int | None = None, by: Person
) -> Settlement | None:
    """Finish a second marking: it does not change any more, nor do the first marks.

    Args:
        script: that asked `by`.
        seen_revision: what `marking_revision_of` said of the marking that they read; None: not asked.
        by: who was asked.

    Returns:
        the settlement where both judged every criterion alike; None where there is something to settle.
        Finished before, it is as it was.

    Raises:
        NotAsked, OwnWork, MarkingFinalised (approved).
        NotWhole: a criterion is not judged, by them or in the first marking.
        ChangedMeanwhile: their marks are others than those they saw.

    Side effects:
        Closes the first marking too. Where they differ, the trainers of the course are told.
    """
    enrolment, submission = locked_script(script, by)
    second = second_of(submission)
    if second is not None and second.marker_id == by.pk and second.finalised_at is not None:
        return Settlement.objects.filter(submission=submission).first()
    first = first_of(submission)
    criteria = Criterion.objects.filter(question__version__submissions=submission).count()
    if second is None or second.marker_id != by.pk or _judged(second) < criteria:
        raise NotWhole(_("Judge every criterion first."))
    if first is None or _judged(first) < criteria:
        raise NotWhole(
            _("The first marker is changing a judgement. Yours are saved: finish when theirs is whole again.")
        )
    if seen_revision is not None and seen_revision != marking_revision_of(second.pk):
        raise ChangedMeanwhile(_("Your marks were changed in another tab. Read them, then finish."))
    now = timezone.now()
    for marking in (first, second):
        if marking.finalised_at is None:
            marking.finalised_at, marking.finalised_by = now, by
            marking.save(update_fields=["finalised_at", "finalised_by"])
    settled = settle_where_they_agree(enrolment=enrolment, first=first, second=second, by=by)
    if settled is None:
        tell_to_settle(enrolment)
    return settled


@transaction.atomic
def hand_back_script(*, script: SecondMarker, because: str, by: Person) -> SecondMarker:
    """Hand back what one was asked to mark a second time, as where one knows whose it is.

    Args:
        script: that asked `by`.
        because: why; The AIM Project reads it.
        by: who was asked.

    Returns:
        the row; handed back before, as it was. What was judged stays on record, and nobody who is asked
        next reads it.

    Raises:
        NotAsked, OwnWork, MarkingFinalised (approved).
        AlreadyFinished: the second marking is finished.
        NotWhole: no reason.
    """
    latest = SecondMarker.objects.get(pk=script.pk)
    if latest.marker_id == by.pk and latest.ended_at is not None and latest.ended_by_id == by.pk:
        return latest
    if not because.strip():
        raise NotWhole(_("Say why you hand it back: The AIM Project then asks somebody else."))
    _enrolment, submission = locked_script(script, by)
    second = second_of(submission)
    if second is not None and second.marker_id == by.pk and second.finalised_at is not None:
        raise AlreadyFinished(_("You finished this marking, so it is not handed back any more."))
    return end_asking(script, because=because, by=by)


def _judged(marking: Marking) -> int:
    return CriterionMark.objects.judged().filter(marking=marking).count()


def _begin(submission: int, by: Person) -> None:
    """A second marking of their own: what somebody before them judged and handed back stays by itself.

    Asked again inside the lock: of several judgements that a page sends at once, the first begins it.
    """
    latest = second_of(submission)
    if latest is None or latest.marker_id != by.pk:
        Marking.objects.create(
            submission_id=submission,
            role=MarkingRole.SECOND,
            round=latest.round + 1 if latest else 1,
            marker=by,
        )


def _why_not(script: UUID, by: Person) -> Refused:
    """What stands against it, raised or returned; `locked_to_mark_again` found that something does."""
    found = SecondMarker.objects.select_related("submission").get(uuid=script)
    enrolment = lock_enrolment(found.submission.enrolment_id)
    require_no_place(course=enrolment.course_id, by=by)
    require_asked(script, enrolment, by)
    return AlreadyFinished(_("This was settled and does not change any more."))
