"""Special consideration: recorded by a trainer or told by the person, and decided by The AIM Project."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.refusals import Refused
from aimcert.foundation.times import said_moment
from assessments.answering.actions.submissions import NotTakingPart, NotTheirs
from assessments.answering.emails import tell_considerations_recorded
from assessments.answering.models import SpecialConsideration
from assessments.answering.telling_window import telling_window
from assessments.locks import require_trainer
from courses.models import Course, Enrolment, RegisterEntry, Session
from courses.states import Presence

MOST_LOST = 600
MOST_UNDECIDED = 5
# What happened the evening before can be why somebody could not do as well on the day; older is a mistake.
LONGEST_BEFORE = timedelta(days=31)


class ConsiderationRefused(Refused):
    """It cannot be recorded or decided like this.

    Attributes:
        field: the name of the field that is meant.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotInWindow(Refused):
    """The course has not begun, or its last session was too long ago; the words say what to do instead."""


@dataclass(frozen=True)
class Happened:
    """What happened, as somebody says it.

    Args:
        what: in words.
        at: when.
        effect: what it did to them.
        minutes: how many were lost about; None: not said.
    """

    what: str
    at: datetime
    effect: str
    minutes: int | None = None


@transaction.atomic
def tell_what_happened(
    *, enrolment: Enrolment, happened: Happened, trainers_may_read: bool, by: Person
) -> SpecialConsideration:
    """Tell The AIM Project what happened to oneself on a course.

    Args:
        enrolment: their own place.
        happened: what, when, and what it did to them.
        trainers_may_read: whether the trainers of the course may read these words. That something was told,
            and when it happened, they see anyway.
        by: the person enrolled.

    Returns:
        The row; told before in the same words, the one that there is.

    Raises:
        NotTheirs: the place is not theirs.
        NotTakingPart: they withdrew, or the course was cancelled.
        NotInWindow: it is too early or too late.
        ConsiderationRefused: words are missing, the time is impossible, or too much waits already.

    Side effects:
        It waits on the home page of every AIM admin who may decide. Nobody gets a letter.
    """
    locked = _locked([enrolment])[0]
    if locked.person_id != by.pk:
        raise NotTheirs
    _must_take_part([locked], by)
    happened = _checked(locked.course, happened)
    waiting = SpecialConsideration.objects.filter(enrolment=locked, recorded_by=by, decision__isnull=True)
    made, _new = _record([locked], happened, by=by, trainers_may_read=trainers_may_read)
    if waiting.count() > MOST_UNDECIDED:
        raise ConsiderationRefused(
            _(
                "You have told us several things already, and The AIM Project will decide on them. To add to"
                " one, write to us."
            )
        )
    return made[0]


@transaction.atomic
def record_consideration(
    *, enrolments: Iterable[Enrolment], happened: Happened, by: Person
) -> list[SpecialConsideration]:
    """Record that something happened to one, several or all people of a course: a row each.

    Args:
        enrolments: of one course, at least one.
        happened: what, when, and what it did to them; each of them can read it.
        by: a trainer of the course.

    Returns:
        The rows in the order of the enrolments' keys. Of whom the same words were recorded before by the
        same trainer, the one that there is.

    Raises:
        NotTheTrainer, OwnWork: `by` may not.
        NotInWindow: it is too early or too late.
        NotTakingPart: somebody withdrew, or the course was cancelled.
        ConsiderationRefused: nobody is chosen, words are missing, or the time is impossible.

    Side effects:
        A letter to each person, that something waits. It waits on the home page of every AIM admin who
        may decide.
    """
    locked = _locked(enrolments)
    if not locked:
        raise ConsiderationRefused(_("Choose at least one person to whom it happened."), "people")
    course = locked[0].course
    if any(one.course_id != course.pk for one in locked):
        raise NotTheirs
    require_trainer(enrolment=locked[0], by=by)
    _must_take_part(locked, by)
    rows, new = _record(locked, _checked(course, happened), by=by, trainers_may_read=True)
    tell_considerations_recorded(new)
    return rows


def who_was_in_the_room(course: Course, at: datetime) -> list[Enrolment]:
    """Who takes part and is not *absent* by the register: of the session at that moment, or else of that day.

    Whoever has no entry so far counts as there.
    """
    sessions = Session.objects.filter(course=course)
    held = list(sessions.filter(starts_at__lte=at, ends_at__gte=at))
    if not held:
        day = at.astimezone(course.zone).date()
        held = [one for one in sessions if one.starts_at.astimezone(course.zone).date() == day]
    absent = RegisterEntry.objects.filter(session__in=held, presence=Presence.ABSENT).values_list(
        "enrolment", "session"
    )
    missed: dict[int, set[int]] = {}
    for enrolment, session in absent:
        missed.setdefault(enrolment, set()).add(session)
    people = course.enrolments.filter(withdrawn_at__isnull=True).select_related("person", "course")
    everyone = people.order_by(InOrder("person__name"), "pk")
    return [one for one in everyone if not held or len(missed.get(one.pk, ())) < len(held)]


# --- What they share ------------------------------------------------------------------------------


def _locked(enrolments: Iterable[Enrolment]) -> list[Enrolment]:
    """Each once, locked in the order of their keys, so that two acts on the same people do not cross."""
    keys = {one.pk for one in enrolments}
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("course", "person")
    return list(rows.filter(pk__in=keys).order_by("pk"))


def _must_take_part(enrolments: Sequence[Enrolment], by: Person) -> None:
    if enrolments[0].course.cancelled_at is not None:
        raise NotTakingPart(_("This course was cancelled, so nothing is recorded of it any more."))
    gone = [one for one in enrolments if one.withdrawn_at is not None]
    if any(one.person_id == by.pk for one in gone):
        raise NotTakingPart(_("This course goes on without you, so nothing is recorded of it any more."))
    if gone:
        names = ", ".join(one.person.name for one in gone)
        raise NotTakingPart(
            _("This course goes on without %(names)s. Leave them out, and send the rest.") % {"names": names}
        )


def _checked(course: Course, happened: Happened) -> Happened:
    """What happened, with its words trimmed.

    Raises:
        NotInWindow, ConsiderationRefused.
    """
    window = telling_window(course)
    email = settings.AIM["SUPPORT_EMAIL"]
    if window.is_too_early:
        raise NotInWindow(
            _(
                "The course has not begun, so nothing can have happened on it. What should be done"
                " differently on the day is asked for beforehand as an adjustment."
            )
        )
    if window.is_too_late:
        raise NotInWindow(
            _("This could be recorded until %(when)s. It is too late here now: write to %(email)s instead.")
            % {"when": said_moment(window.closes_at, course.zone), "email": email}  # type: ignore[arg-type]
        )
    what, effect, minutes = happened.what.strip(), happened.effect.strip(), happened.minutes
    if not what:
        raise ConsiderationRefused(_("Say what happened."), "what")
    if not effect:
        raise ConsiderationRefused(_("Say what it did to them, or to you."), "effect")
    if minutes is not None and not 1 <= minutes <= MOST_LOST:
        raise ConsiderationRefused(
            _("Enter about how many minutes were lost, from 1 to %(most)d, or leave it empty.")
            % {"most": MOST_LOST},
            "minutes",
        )
    if happened.at > timezone.now():
        raise ConsiderationRefused(_("This is still to come. Enter when it happened."), "time")
    if window.opens_at is not None and happened.at < window.opens_at - LONGEST_BEFORE:
        first = date_format(window.opens_at.astimezone(course.zone))
        raise ConsiderationRefused(
            _("Check the day: the course began on %(day)s, which is long after that.") % {"day": first}, "day"
        )
    return Happened(what, happened.at, effect, minutes)


def _record(
    enrolments: Sequence[Enrolment], happened: Happened, *, by: Person, trainers_may_read: bool
) -> tuple[list[SpecialConsideration], list[SpecialConsideration]]:
    """Rows for all of these, which are locked; and of these, those that are new."""
    before = {
        row.enrolment_id: row
        for row in SpecialConsideration.objects.filter(
            enrolment__in=enrolments,
            recorded_by=by,
            what=happened.what,
            effect=happened.effect,
            happened_at=happened.at,
            minutes_lost=happened.minutes,
            trainers_may_read=trainers_may_read,
        ).select_related("enrolment__person", "enrolment__course")
    }
    together, now = uuid.uuid4(), timezone.now()
    new = SpecialConsideration.objects.bulk_create(
        SpecialConsideration(
            enrolment=one,
            together=together,
            what=happened.what,
            happened_at=happened.at,
            minutes_lost=happened.minutes,
            effect=happened.effect,
            trainers_may_read=trainers_may_read,
            recorded_at=now,
            recorded_by=by,
        )
        for one in enrolments
        if one.pk not in before
    )
    rows = sorted([*before.values(), *new], key=lambda row: row.enrolment_id)
    return rows, new
