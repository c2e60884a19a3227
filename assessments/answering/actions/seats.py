"""The live room: a participant is seen and asks for help, and a trainer marks that they know."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.answering.actions.submissions import NotTakingPart, NotTheirs
from assessments.answering.models import Seat
from assessments.answering.participation import Place, place_of
from assessments.locks import require_trainer
from courses.models import Enrolment

# A page asks about every ten seconds; what comes sooner, from another tab, writes nothing.
SEEN_EVERY = timedelta(seconds=8)


class HelpNotNow(Refused):
    """There is nothing yet, or nothing any more, to be helped with."""


def be_seen(*, place: Place, by: Person) -> None:
    """Note that the page of `by` is there: the live board says so to their trainers.

    A page's question where it stands is what tells it, a GET: it changes nothing that anybody decides
    on, and nothing that cannot be changed by asking again.

    Args:
        place: `by`'s own, as `place_of` found it.
        by: the person enrolled.

    Side effects:
        One statement, and none where they were seen less than `SEEN_EVERY` ago.
    """
    now = timezone.now()
    if by.pk != place.enrolment.person_id or (place.seen_at and now - place.seen_at < SEEN_EVERY):
        return
    Seat.objects.bulk_create(
        [Seat(enrolment=place.enrolment, seen_at=now)],
        update_conflicts=True,
        unique_fields=["enrolment"],
        update_fields=["seen_at"],
    )


@transaction.atomic
def ask_for_help(*, enrolment: UUID, by: Person) -> Seat:
    """Show on the trainers' board that `by` wants help, from now on.

    Args:
        enrolment: of their own.
        by: the person enrolled.

    Returns:
        Their seat; asked before and not seen by a trainer, it waits since then.

    Raises:
        NotTheirs: the enrolment is not the actor's own.
        NotTakingPart: they withdrew, or the course was cancelled.
        HelpNotNow: the case study was not released, they have submitted, or their outcome is final.
    """
    place = _own(enrolment, by)
    if not place.may_ask_for_help:
        raise HelpNotNow(
            _("Help in the room is for the case study and its questions. Speak to your trainer.")
        )
    seat = _locked_seat(place.enrolment)
    if seat.help_wanted_at is None or seat.help_answered_at is not None:
        seat.help_wanted_at, seat.help_answered_at, seat.help_answered_by = timezone.now(), None, None
        seat.save(update_fields=["help_wanted_at", "help_answered_at", "help_answered_by"])
    return seat


@transaction.atomic
def need_no_help(*, enrolment: UUID, by: Person) -> Seat:
    """Take back that help is wanted; possible at any time.

    Args:
        enrolment: of their own.
        by: the person enrolled.

    Returns:
        Their seat, on which no help is wanted.

    Raises:
        NotTheirs: the enrolment is not the actor's own.
        NotTakingPart: they withdrew, or the course was cancelled.
    """
    seat = _locked_seat(_own(enrolment, by).enrolment)
    if seat.help_wanted_at is not None:
        seat.help_wanted_at = seat.help_answered_at = seat.help_answered_by = None
        seat.save(update_fields=["help_wanted_at", "help_answered_at", "help_answered_by"])
    return seat


@transaction.atomic
def answer_help(*, enrolment: Enrolment, by: Person) -> Seat:
    """Mark that a trainer knows that somebody wants help: they read so, and it leaves the board.

    Args:
        enrolment: whose.
        by: a trainer of the course.

    Returns:
        Their seat; where no help is wanted, or a trainer knows already, as it was.

    Raises:
        NotTheTrainer, OwnWork: `by` may not.
    """
    require_trainer(enrolment=enrolment, by=by)
    seat = _locked_seat(enrolment)
    if seat.help_wanted_at is not None and seat.help_answered_at is None:
        seat.help_answered_at, seat.help_answered_by = timezone.now(), by
        seat.save(update_fields=["help_answered_at", "help_answered_by"])
    return seat


def _own(enrolment: UUID, by: Person) -> Place:
    place = place_of(by, enrolment)
    if place is None:
        raise NotTheirs
    if place.enrolment.withdrawn_at is not None or place.course.cancelled_at is not None:
        raise NotTakingPart(_("This course goes on without you, or was cancelled."))
    return place


def _locked_seat(enrolment: Enrolment) -> Seat:
    Seat.objects.get_or_create(enrolment=enrolment)
    return Seat.objects.select_for_update(of=("self",)).get(enrolment=enrolment)
