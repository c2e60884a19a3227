"""Time for one participant: minutes after the room closes, or answering opened again until a moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.answering.actions.hours import LONGEST_MINUTES, MinutesRefused, said_reason
from assessments.answering.actions.sittings import NotOpened
from assessments.answering.actions.submissions import OutcomeFinalised
from assessments.answering.emails import tell_reopened
from assessments.answering.hours import (
    can_answer,
    ends_for,
    has_own_end,
    is_open_again,
    read_with_hours,
    sitting_of,
)
from assessments.answering.models import Submission, TimeGrant
from assessments.locks import lock_enrolment, require_trainer
from assessments.states import Granted
from courses.models import Enrolment

LONGEST_REOPENING = timedelta(days=31)


class CannotGrant(Refused):
    """There is no time to give: they left, they submitted, or another step is the one."""


class UntilRefused(Refused):
    """A moment that has passed, or is too far away to mean it.

    Attributes:
        field: what of it to look at: the day, or on the very day the time.
    """

    def __init__(self, message: str, until: datetime, zone: ZoneInfo) -> None:
        super().__init__(message)
        today = timezone.now().astimezone(zone).date()
        self.field = "until" if until.astimezone(zone).date() == today else "day"


@transaction.atomic
def grant_extra_time(*, enrolment: Enrolment, minutes: int, reason: str, by: Person) -> TimeGrant:
    """Let one participant write for longer than the room: their answering ends so much later than its.

    It can be granted before the room opens. Granted twice, the minutes add up.

    Args:
        enrolment: whose.
        minutes: how many after the room closes.
        reason: why; trainers of the course and The AIM Project read it, nobody else.
        by: a trainer of the course.

    Returns:
        What was granted.

    Raises:
        NotTheTrainer, OwnWork: `by` may not.
        MarkingFinalised, OutcomeFinalised: the outcome was approved, or finalised.
        CannotGrant: they withdrew, have submitted, or the time would be over by now.
        MinutesRefused: not between 1 and `LONGEST_MINUTES`, those granted before counted.
        ReasonMissing: there is none.
    """
    require_trainer(enrolment=enrolment, by=by)
    return give_minutes(locked_for_time(enrolment), minutes=minutes, reason=reason, by=by)


def give_minutes(locked: Any, *, minutes: int, reason: str, by: Person) -> TimeGrant:
    """What `grant_extra_time` does once `by` may, to an enrolment `locked_for_time`.

    Raises:
        CannotGrant, MinutesRefused, ReasonMissing: as `grant_extra_time` says.
    """
    reason, total = said_reason(reason), locked.granted_minutes + minutes
    if minutes < 1 or total > LONGEST_MINUTES:
        raise MinutesRefused(
            _("Enter between 1 and %(most)d minutes.")
            % {"most": max(1, LONGEST_MINUTES - locked.granted_minutes)}
        )
    submitted_at = submitted_at_of(locked)
    if submitted_at is not None and not is_open_again(locked, submitted_at):
        raise CannotGrant(
            _("They have submitted. To let them answer once more, open answering again for them.")
        )
    sitting = sitting_of(locked)
    ends_at = sitting.ends_at if sitting is not None else None
    if ends_at is not None and ends_at + timedelta(minutes=total) <= timezone.now():
        raise CannotGrant(
            _(
                "Answering closed too long ago for that: it would be over by now."
                " Open answering again for them, until a moment that you say."
            )
        )
    return TimeGrant.objects.create(
        enrolment=locked, what=Granted.EXTRA, minutes=minutes, reason=reason, granted_by=by
    )


@transaction.atomic
def reopen_for_one(*, enrolment: Enrolment, until: datetime, reason: str, by: Person) -> TimeGrant:
    """Take answers of one participant again, whose answering is over or who has submitted.

    What they submitted stays word for word: it counts until they submit another attempt, which begins
    empty with their next answer. Who has not submitted goes on with what they saved.

    Args:
        enrolment: whose.
        until: when it ends.
        reason: why; trainers of the course and The AIM Project read it, nobody else.
        by: a trainer of the course.

    Returns:
        What was granted.

    Raises:
        NotTheTrainer, OwnWork: `by` may not.
        MarkingFinalised, OutcomeFinalised: the outcome was approved, or finalised.
        NotOpened: the questions were never opened.
        CannotGrant: they withdrew, or can answer as it is.
        UntilRefused: it has passed, or is more than `LONGEST_REOPENING` away.
        ReasonMissing: there is none.

    Side effects:
        Writes to the person, who may have gone home.
    """
    require_trainer(enrolment=enrolment, by=by)
    grant = give_sitting(locked_for_time(enrolment), until=until, reason=reason, by=by)
    tell_reopened(grant)
    return grant


def give_sitting(
    locked: Any, *, until: datetime, reason: str, by: Person, starts_at: datetime | None = None
) -> TimeGrant:
    """What `reopen_for_one` does once `by` may, but for its letter, to an enrolment `locked_for_time`.

    Args:
        starts_at: from when, where that is later: until then nothing changes for them. They may be able to
            answer now as well.

    Raises:
        NotOpened, CannotGrant, UntilRefused, ReasonMissing: as `reopen_for_one` says.
    """
    reason, now = said_reason(reason), timezone.now()
    starts_at = starts_at if starts_at is not None and starts_at > now else None
    sitting = sitting_of(locked)
    if sitting is None or sitting.opened_at is None:
        raise NotOpened(_("The questions were not opened yet, so there is nothing to open again."))
    if until <= now:
        words = _("This moment has passed. Enter one that is still to come.")
        raise UntilRefused(words, until, locked.course.zone)
    if until > now + LONGEST_REOPENING:
        words = _("Enter a moment within %(days)d days from now.") % {"days": LONGEST_REOPENING.days}
        raise UntilRefused(words, until, locked.course.zone)
    if starts_at is not None and until <= starts_at:
        words = _("This is before it begins. Enter a moment after that.")
        raise UntilRefused(words, until, locked.course.zone)
    ends_at = ends_for(sitting, locked)
    # A moment that was granted to them alone can be moved on by another; the room's end by extra time.
    is_later = has_own_end(locked) and ends_at is not None and until > ends_at
    if starts_at is None and can_answer(locked, submitted_at_of(locked)) and not is_later:
        raise CannotGrant(_("They can answer now. If they need longer than the room, give them extra time."))
    return TimeGrant.objects.create(
        enrolment=locked,
        what=Granted.REOPENED,
        starts_at=starts_at,
        until=until,
        reason=reason,
        granted_at=now,
        granted_by=by,
    )


# --- What they share ------------------------------------------------------------------------------


def locked_for_time(enrolment: Enrolment) -> Any:
    """The enrolment, locked and read `with_hours`; somebody who can still be given time.

    Raises:
        MarkingFinalised, OutcomeFinalised: the outcome was approved, or finalised.
        CannotGrant: they withdrew, or the course was cancelled.
    """
    locked = lock_enrolment(enrolment.pk)
    if locked.withdrawn_at is not None or locked.course.cancelled_at is not None:
        raise CannotGrant(_("They withdrew, or the course was cancelled, so no answers are taken from them."))
    if locked.recommendations.filter(finalised_at__isnull=False).exists():
        raise OutcomeFinalised(
            _("Their outcome was finalised, so no answers can follow. What they submitted stays as it is.")
        )
    return read_with_hours(locked.pk)


def submitted_at_of(enrolment: Any) -> datetime | None:
    """When the latest attempt was submitted; None where there is none, or it is being written."""
    return (
        Submission.objects.filter(enrolment=enrolment)
        .order_by("-attempt")
        .values_list("submitted_at", flat=True)
        .first()
    )
