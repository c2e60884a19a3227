"""The room's hours: opening the questions, giving more time, closing at once or soon, opening again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from aimcert.foundation.times import said_clock
from assessments.answering.actions.seeding import keep_seed
from assessments.answering.actions.sittings import NotOpened, lock_sitting, must_be_held, write
from assessments.answering.models import RoomReopening, Sitting
from courses.models import Course

LONGEST_MINUTES = 600
MOST_REASON = 1000
# Two who press at the same moment mean the same end.
SAME_MOMENT = timedelta(seconds=30)


class NotReleased(Refused):
    """The questions cannot open before the case study was released."""


class AlreadyClosed(Refused):
    """Answering is over; opening it again is a step of its own, with a reason."""


class EndMoved(Refused):
    """The end is another than the page said, or there is none to move."""


class MinutesRefused(Refused):
    """A length that nobody means."""

    field = "minutes"


class ReasonMissing(Refused):
    """What is done for somebody, or undone, says why."""

    field = "reason"


@transaction.atomic
def open_questions(*, course: Course, by: Person, minutes: int | None = None) -> Sitting:
    """Show the questions to everyone who takes part, and take answers from now on.

    Args:
        course: the course.
        by: its trainer.
        minutes: for how long; None: until somebody closes.

    Returns:
        The sitting; opened earlier, it stays as it was, its end too.

    Raises:
        NotReleasable: the course is unpublished, cancelled or has no version.
        NotReleased: the case study was not released.
        AlreadyClosed: answering is over; `reopen_questions` takes answers again.
        MinutesRefused: not between 1 and `LONGEST_MINUTES`.

    Side effects:
        Keeps the seed of the course's sample for second marking, before there is anything to mark.
    """
    must_be_held(course)
    sitting = lock_sitting(course)
    if sitting.released_at is None:
        raise NotReleased(_("Release the case study first, so that people can read it beside the questions."))
    if sitting.is_over:
        raise AlreadyClosed(_("Answering was closed. Go back to the room to take answers again."))
    if sitting.opened_at is None:
        now = timezone.now()
        write(
            sitting,
            opened_at=now,
            opened_by=by,
            planned_minutes=minutes,
            closes_at=_after(now, minutes),
        )
        keep_seed(course.pk)
    return sitting


@transaction.atomic
def give_room_time(*, course: Course, minutes: int, seen: datetime | None, by: Person) -> Sitting:
    """Let the whole room write for longer: its planned end moves.

    Args:
        course: the course.
        minutes: how much longer.
        seen: the end that the trainer saw, so that pressing twice, or two trainers at once, add once.
        by: its trainer; history keeps every end, and who moved it.

    Returns:
        The sitting; moved from `seen` by so much already, it stays as it is.

    Raises:
        NotOpened: the questions were never opened.
        AlreadyClosed: answering is over.
        EndMoved: nobody said when it closes, or it was moved otherwise since `seen`.
        MinutesRefused: not between 1 and `LONGEST_MINUTES`.
    """
    sitting = _locked_open(course)
    if sitting.closes_at is None:
        raise EndMoved(_("Nobody has said when answering closes, so everyone can go on writing."))
    wanted = _after(seen, minutes) if seen is not None else None
    if sitting.closes_at != wanted:
        if sitting.closes_at != seen:
            raise EndMoved(
                _("The end was moved meanwhile: answering now closes at %(time)s. Nothing was changed.")
                % {"time": said_clock(sitting.closes_at, course.zone)}
            )
        write(sitting, closes_at=wanted)
    return sitting


@transaction.atomic
def close_soon(*, course: Course, minutes: int, by: Person) -> Sitting:
    """Close answering in a few minutes: everyone who writes is told, and can finish their sentence.

    Args:
        course: the course.
        minutes: from now.
        by: its trainer; history keeps that they said so.

    Returns:
        The sitting; where it closes at about that moment already, it stays as it is.

    Raises:
        NotOpened: the questions were never opened.
        AlreadyClosed: answering is over.
        EndMoved: it closes sooner than that already; more time is given by `give_room_time`.
        MinutesRefused: not between 1 and `LONGEST_MINUTES`.
    """
    sitting = _locked_open(course)
    wanted = _after(timezone.now(), minutes)
    assert wanted is not None  # noqa: S101  there are minutes  # nosec B101
    ends_at = sitting.closes_at
    if ends_at is None or ends_at > wanted + SAME_MOMENT:
        write(sitting, closes_at=wanted)
    elif ends_at < wanted - SAME_MOMENT:
        raise EndMoved(
            _("Answering closes at %(time)s already, which is sooner. To move that on, give more time.")
            % {"time": said_clock(ends_at, course.zone)}
        )
    return sitting


@transaction.atomic
def close_questions(*, course: Course, by: Person) -> Sitting:
    """Take no more answers, as of now; what is on its way counts for `participation.GRACE`.

    What was saved stays with its author, who can declare and submit it, and cannot change it. Who was
    granted time of their own goes on until that is over.

    Args:
        course: the course.
        by: its trainer.

    Returns:
        The sitting; over already, it stays as it was.

    Raises:
        NotOpened: the questions were never opened.
    """
    sitting = lock_sitting(course)
    if sitting.opened_at is None:
        raise NotOpened(_("The questions are not open, so there is nothing to close."))
    if not sitting.is_over:
        write(sitting, closed_at=timezone.now(), closed_by=by)
    return sitting


@transaction.atomic
def reopen_questions(*, course: Course, reason: str, by: Person, minutes: int | None = None) -> Sitting:
    """Take answers of the whole room again, as where it was closed too early.

    What was submitted stays as it is: who has submitted goes on only where answering is opened again
    for them by themself.

    Args:
        course: the course.
        reason: why; kept with the name of who did it.
        by: its trainer.
        minutes: for how long; None: until somebody closes.

    Returns:
        The sitting; open already, it stays as it was, and no reason is kept.

    Raises:
        NotReleasable: the course is cancelled.
        NotOpened: the questions were never opened.
        ReasonMissing: there is none.
        MinutesRefused: not between 1 and `LONGEST_MINUTES`.
    """
    must_be_held(course)
    sitting = lock_sitting(course)
    if sitting.opened_at is None:
        raise NotOpened(_("The questions were not opened yet. Open them first."))
    if sitting.is_over:
        now, reason = timezone.now(), said_reason(reason)
        write(sitting, closed_at=None, closed_by=None, closes_at=_after(now, minutes))
        RoomReopening.objects.create(course=course, reason=reason, reopened_at=now, reopened_by=by)
    return sitting


# --- What they share ------------------------------------------------------------------------------


def said_reason(reason: str) -> str:
    """`reason` as it is kept.

    Raises:
        ReasonMissing: it says nothing, or is too long.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing(_("Say why. It is kept with your name."))
    if len(reason) > MOST_REASON:
        raise ReasonMissing(_("Shorten the reason to %(most)d characters.") % {"most": MOST_REASON})
    return reason


def _locked_open(course: Course) -> Sitting:
    sitting = lock_sitting(course)
    if sitting.opened_at is None:
        raise NotOpened(_("The questions are not open, so there is no end to move."))
    if sitting.is_over:
        raise AlreadyClosed(_("Answering is closed. To take answers again, say why, and for how long."))
    return sitting


def _after(moment: datetime, minutes: int | None) -> datetime | None:
    if minutes is None:
        return None
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise MinutesRefused(
            ngettext(
                "Enter a length of up to %(most)d minute.",
                "Enter a length of 1 to %(most)d minutes.",
                LONGEST_MINUTES,
            )
            % {"most": LONGEST_MINUTES}
        )
    return moment + timedelta(minutes=minutes)
