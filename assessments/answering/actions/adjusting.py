"""Adjustments: asked for by the person, answered by The AIM Project, granted at once by a trainer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.answering.actions.submissions import NotTakingPart, NotTheirs
from assessments.answering.emails import tell_adjustment_answered, tell_adjustment_asked
from assessments.answering.models import Adjustment, AdjustmentRequest, TimeGrant
from assessments.states import Adjusted, Granted
from courses.models import Enrolment

MOST_MINUTES = 240
MOST_UNANSWERED = 5


class AdjustmentRefused(Refused):
    """It cannot be asked for, granted or ended like this.

    Attributes:
        field: the name of the field that is meant.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Agreed:
    """One thing that is done differently for somebody.

    Args:
        kind: what.
        details: how; what it is, where it is something else.
        minutes: of more time.
    """

    kind: Adjusted
    details: str = ""
    minutes: int = 0


@transaction.atomic
def ask_adjustment(
    *, enrolment: Enrolment, kinds: Iterable[Adjusted], words: str, by: Person
) -> AdjustmentRequest:
    """Ask The AIM Project for something to be done differently, up to and on the day.

    Args:
        enrolment: their own place.
        kinds: what they choose, at least one.
        words: in their own words; needed where something else is chosen.
        by: the person enrolled.

    Raises:
        NotTheirs: the place is not theirs.
        NotTakingPart: they withdrew, or the course was cancelled.
        AdjustmentRefused: nothing is chosen, or too many wait for an answer already.

    Side effects:
        A letter to every AIM admin who may answer, that something waits; nobody else is told, least of
        all their sponsor.
    """
    enrolment = _locked_enrolment(enrolment)
    if enrolment.person_id != by.pk:
        raise NotTheirs
    _must_take_part(enrolment)
    chosen = _in_order(kinds)
    if not chosen:
        raise AdjustmentRefused(_("Choose at least one thing that would help you."), "kinds")
    if Adjusted.OTHER in chosen and not words.strip():
        raise AdjustmentRefused(_("Say in a few words what would help you."), "words")
    if enrolment.adjustment_requests.filter(answered_at__isnull=True).count() >= MOST_UNANSWERED:
        raise AdjustmentRefused(
            _(
                "You have asked several times already, and The AIM Project will answer."
                " On the day, ask your trainer."
            )
        )
    made = AdjustmentRequest.objects.create(
        enrolment=enrolment, kinds=chosen, words=words.strip(), asked_by=by
    )
    tell_adjustment_asked(made)
    return made


@transaction.atomic
def answer_adjustment(
    *, request: AdjustmentRequest, agreed: Iterable[Agreed], answer: str, by: Person
) -> AdjustmentRequest:
    """Answer what somebody asked for: what is agreed and how it is done, or why it cannot be.

    Args:
        request: what was asked.
        agreed: what is granted; nothing of it, where all is declined.
        answer: in words, for the person.
        by: an AIM admin without a place on that course.

    Returns:
        The request; answered earlier with the same words, it stays as it was.

    Raises:
        AdjustmentRefused: there are no words, or somebody answered meanwhile.
        NotTakingPart: they withdrew, or the course was cancelled.

    Side effects:
        The adjustments, and the minutes of more time, which count at once. A letter to the person,
        that something waits.
    """
    enrolment = _locked_enrolment(request.enrolment)
    request = AdjustmentRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if request.answered_at is not None:
        if request.answer == answer.strip():
            return request
        raise AdjustmentRefused(
            _("Somebody answered this meanwhile. Open the page again to read what they said.")
        )
    _must_take_part(enrolment)
    if not answer.strip():
        raise AdjustmentRefused(
            _("Say what is agreed and how it is done, or why it cannot be. The person reads it."), "answer"
        )
    for each in agreed:
        _grant(enrolment, each, request, by)
    request.answer, request.answered_at, request.answered_by = answer.strip(), timezone.now(), by
    request.save(update_fields=["answer", "answered_at", "answered_by"])
    tell_adjustment_answered(request)
    return request


@transaction.atomic
def grant_adjustment(*, enrolment: Enrolment, agreed: Agreed, by: Person) -> Adjustment:
    """Grant something at once, without a request: as a trainer does in the room.

    Args:
        enrolment: whose.
        agreed: what, and how.
        by: a trainer of the course, or an AIM admin without a place on it.

    Returns:
        The adjustment. What stands already with the same words stays as it was; other words replace
        them. More time adds to what was granted before.

    Raises:
        AdjustmentRefused: the minutes or the words are missing.
        NotTakingPart: they withdrew, or the course was cancelled.
    """
    enrolment = _locked_enrolment(enrolment)
    _must_take_part(enrolment)
    return _grant(enrolment, agreed, None, by)


@transaction.atomic
def end_adjustment(*, adjustment: Adjustment, by: Person) -> Adjustment:
    """End an adjustment, as where the person does not want it any more. That it stood is kept.

    Args:
        adjustment: ended earlier, it stays as it was.
        by: a trainer of the course, or an AIM admin without a place on it.

    Raises:
        AdjustmentRefused: more time is not taken back.
    """
    adjustment = Adjustment.objects.select_for_update(of=("self",)).get(pk=adjustment.pk)
    if adjustment.kind == Adjusted.TIME:
        raise AdjustmentRefused(_("Time that was granted is not taken back. Nobody has to use it."))
    if adjustment.ended_at is None:
        adjustment.ended_at, adjustment.ended_by = timezone.now(), by
        adjustment.save(update_fields=["ended_at", "ended_by"])
    return adjustment


# --- What they share ------------------------------------------------------------------------------


def _locked_enrolment(enrolment: Enrolment) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("course", "person")
    return rows.get(pk=enrolment.pk)


def _must_take_part(enrolment: Enrolment) -> None:
    if enrolment.withdrawn_at is not None or enrolment.course.cancelled_at is not None:
        raise NotTakingPart(_("This course goes on without this person, or was cancelled."))


def _in_order(kinds: Iterable[Adjusted]) -> list[Adjusted]:
    """Each once, as they are offered."""
    chosen = {Adjusted(kind) for kind in kinds}
    return [kind for kind in Adjusted if kind in chosen]


def _grant(enrolment: Enrolment, agreed: Agreed, request: AdjustmentRequest | None, by: Person) -> Adjustment:
    details = agreed.details.strip()
    grant = None
    if agreed.kind == Adjusted.TIME:
        if not 1 <= agreed.minutes <= MOST_MINUTES:
            raise AdjustmentRefused(
                _("Enter how many minutes more, from 1 to %(most)d.") % {"most": MOST_MINUTES}, "minutes"
            )
        # Its reason is read by trainers alone, as this row is.
        grant = TimeGrant.objects.create(
            enrolment=enrolment,
            what=Granted.EXTRA,
            minutes=agreed.minutes,
            reason=_("Adjustment"),
            granted_by=by,
        )
    elif agreed.kind == Adjusted.OTHER:
        if not details:
            raise AdjustmentRefused(_("Say what is done differently."), "details")
    else:
        standing = enrolment.adjustments.select_for_update(of=("self",)).standing()
        before = standing.filter(kind=agreed.kind).first()
        if before is not None:
            if before.details == details:
                return before
            before.ended_at, before.ended_by = timezone.now(), by
            before.save(update_fields=["ended_at", "ended_by"])
    return Adjustment.objects.create(
        enrolment=enrolment,
        request=request,
        kind=agreed.kind,
        details=details,
        time_grant=grant,
        granted_by=by,
    )
