"""Making up: an equivalent session, confirmed by the Associate who held it, for one that was missed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.name_order import InOrder
from courses.actions.enrolling import EnrolmentFrozen
from courses.actions.refusals import refuse_cancelled
from courses.actions.register import (
    NotTheirRegister,
    OutcomeIsFinal,
    ReasonNeeded,
    RegisterRefused,
    allowed,
    enrolments_locked,
    needs_making_up,
)
from courses.emails import tell_make_up_answered, tell_make_up_asked
from courses.models import Course, Enrolment, Licence, MakeUpRequest, RegisterEntry
from courses.rules import is_trainer_of, own_places


class NotAskedOf(RegisterRefused):
    """Somebody else was asked, or nobody is any more."""


class _Missed(NamedTuple):
    """A session that somebody missed, their enrolment locked."""

    course: Course
    enrolment: Enrolment
    entry: RegisterEntry


@transaction.atomic
def record_make_up(*, entry: RegisterEntry, made_up_on: date, made_up_how: str, by: Person) -> RegisterEntry:
    """Confirm, as a trainer of the course, a session held oneself in place of one that somebody missed.

    Args:
        entry: what was missed: absent, or late or gone early with the judgement *must be made up*.
        made_up_on: the day of the equivalent session, not in the future, and within
            settings.AIM["MADE_UP_WITHIN_DAYS"] of the missed one.
        made_up_how: which session it was, and where.
        by: a trainer of the course who held it, licensed for the programme on that day. Of any other
            Associate it is asked: see `ask_make_up`.

    Returns:
        The entry; where the same was confirmed already, untouched.

    Raises:
        CourseCancelled: the course was cancelled.
        EnrolmentFrozen: the outcome was approved.
        OutcomeIsFinal: the outcome was finalised; an AIM admin asks them, with a reason.
        NotTheirRegister: `by` does not train the course.
        RegisterRefused: nothing is to be made up, the day does not fit, the words are missing, somebody
            else confirmed already, or `by` is not licensed or has a place on the course.
    """
    missed = _missed(entry, by)
    if not is_trainer_of(by, missed.course):
        raise NotTheirRegister(_("Only a trainer of this course confirms it here. Others are asked."))
    if missed.enrolment.outcome_finalised_at:
        raise OutcomeIsFinal(
            _(
                "The outcome was finalised, so trainers no longer correct this register."
                " If it is wrong, tell The AIM Project: they can ask you to confirm it."
            )
        )
    how = _fitting(missed, made_up_on, made_up_how)
    if not _is_licensed(by, missed.course, made_up_on):
        raise RegisterRefused(
            _("The Associate who held the equivalent session confirms it, licensed on that day."),
            field="made_up_on",
        )
    return _confirm(missed.entry, made_up_on, how, by)


@transaction.atomic
def ask_make_up(
    *,
    entry: RegisterEntry,
    associate: Person,
    made_up_on: date,
    made_up_how: str,
    by: Person,
    reason: str = "",
) -> MakeUpRequest:
    """Ask the Associate who held an equivalent session whether somebody attended it.

    Args:
        entry, made_up_on, made_up_how: as in `record_make_up`.
        associate: who held it: licensed for the programme on that day, wherever, without a place on the
            course.
        by: a trainer of the course; an AIM admin, who alone asks once the outcome is finalised.
        reason: why, where an AIM admin asks.

    Returns:
        The request; asking the same again gives the one that waits. Asking otherwise takes that back.

    Raises:
        CourseCancelled, EnrolmentFrozen, OutcomeIsFinal, NotTheirRegister: see `record_make_up`.
        ReasonNeeded: an AIM admin says why.
        RegisterRefused: nothing is to be made up, or it was confirmed already; the day or the Associate
            does not fit; the words are missing.

    Side effects:
        Writes to the Associate.
    """
    missed = _missed(entry, by)
    trains, reason = is_trainer_of(by, missed.course), reason.strip()
    if not trains and not by.is_aim_admin:
        raise NotTheirRegister(_("Only the trainers of this course and The AIM Project ask this."))
    if missed.enrolment.outcome_finalised_at and not by.is_aim_admin:
        raise OutcomeIsFinal(
            _(
                "The outcome was finalised, so trainers no longer correct this register."
                " If it is wrong, tell The AIM Project: they can correct it, with a reason."
            )
        )
    if not reason and (not trains or missed.enrolment.outcome_finalised_at):
        raise ReasonNeeded(_("Say why you correct this register."), field="reason")
    if missed.entry.made_up_at:
        raise RegisterRefused(_("That it was made up is confirmed already."))
    how = _fitting(missed, made_up_on, made_up_how)
    if not _is_licensed(associate, missed.course, made_up_on):
        raise RegisterRefused(
            _("%(name)s was not licensed for this programme on that day.") % {"name": associate},
            field="associate",
        )
    if own_places(associate).filter(course=missed.course).exists():
        raise RegisterRefused(
            _("%(name)s has or had a place on this course, so it is not theirs to confirm.")
            % {"name": associate},
            field="associate",
        )
    waits = MakeUpRequest.objects.unanswered().filter(
        enrolment=missed.enrolment, session=missed.entry.session
    )
    now = timezone.now()
    for one in waits:
        if (one.associate_id, one.made_up_on, one.made_up_how, one.reason) == (
            associate.pk,
            made_up_on,
            how,
            reason,
        ):
            return one
        one.withdrawn_at, one.withdrawn_by = now, by
        one.save(update_fields=["withdrawn_at", "withdrawn_by"])
    made = MakeUpRequest.objects.create(
        enrolment=missed.enrolment,
        session=missed.entry.session,
        associate=associate,
        made_up_on=made_up_on,
        made_up_how=how,
        asked_at=now,
        asked_by=by,
        reason=reason,
    )
    tell_make_up_asked(made)
    return made


@transaction.atomic
def answer_make_up(
    *, request: MakeUpRequest, confirmed: bool, by: Person, because: str = ""
) -> MakeUpRequest:
    """Say, as the Associate of whom it was asked, whether the person attended the equivalent session.

    Args:
        request: which.
        confirmed: whether it is so.
        by: of whom it was asked, licensed for the programme on that day.
        because: what is not so, where it is not.

    Returns:
        The request; the same answer again changes nothing.

    Raises:
        NotAskedOf: it was asked of somebody else, taken back, or answered otherwise.
        CourseCancelled, EnrolmentFrozen: see `record_make_up`.
        OutcomeIsFinal: the outcome was finalised since a trainer asked.
        ReasonNeeded: it is not so, and nothing says what.
        RegisterRefused: nothing is to be made up any more, or `by` is not licensed or has a place there.

    Side effects:
        Where it is so, the register says so. Writes to whoever asked.
    """
    entry = RegisterEntry(enrolment_id=request.enrolment_id, session_id=request.session_id)
    entry.course_id = request.enrolment.course_id
    locked = enrolments_locked(request.enrolment.course, [request.enrolment_id])
    request = (
        MakeUpRequest.objects.select_for_update(of=("self",))
        .select_related("associate", "asked_by", "enrolment__course")
        .get(pk=request.pk)
    )
    if request.associate_id != by.pk:
        raise NotAskedOf(_("This was asked of somebody else."))
    if request.answered_at is not None:
        if request.confirmed == confirmed:
            return request
        raise NotAskedOf(_("You have answered this already. Tell whoever asked you if it was wrong."))
    if request.withdrawn_at is not None:
        raise NotAskedOf(_("You are not asked this any more: somebody asked otherwise."))
    refuse_cancelled(request.enrolment.course)
    if confirmed:
        missed = _missed(entry, by)
        final_at = locked[request.enrolment_id].outcome_finalised_at
        if final_at and not (request.reason and request.asked_at >= final_at):
            raise OutcomeIsFinal(
                _(
                    "The outcome was finalised since you were asked, so this register does not change any"
                    " more. The AIM Project can ask you again."
                )
            )
        if not _is_licensed(by, missed.course, request.made_up_on):
            raise RegisterRefused(_("You were not licensed for this programme on that day."))
        _confirm(missed.entry, request.made_up_on, request.made_up_how, by)
    elif not because.strip():
        raise ReasonNeeded(_("Say what is wrong: the person who asked you reads this."), field="because")
    request.answered_at, request.answered_by, request.confirmed = timezone.now(), by, confirmed
    request.declined_because = "" if confirmed else because.strip()
    request.save(update_fields=["answered_at", "answered_by", "confirmed", "declined_because"])
    tell_make_up_answered(request)
    return request


def who_may_have_held(course: Course) -> list[Person]:
    """Associates of whom it can be asked, by name: licensed for the programme, whenever and wherever."""
    licences = Licence.objects.filter(programme=course.programme_id, withdrawn_at__isnull=True)
    people = Person.objects.filter(pk__in=licences.values("associate"), is_active=True)
    on_course = course.enrolments.values("person")
    return list(people.exclude(pk__in=on_course).order_by(InOrder("name"), "pk"))


def _missed(entry: RegisterEntry, by: Person) -> _Missed:
    """What is to be made up, the enrolment locked; refused where nothing is, or not by `by`."""
    course = Course.objects.get(pk=entry.course_id)
    refuse_cancelled(course)
    enrolment = allowed(enrolments_locked(course, [entry.enrolment_id]).get(entry.enrolment_id), by)
    if enrolment.frozen_at:
        raise EnrolmentFrozen(_("The outcome was approved, so this register does not change any more."))
    rows = RegisterEntry.objects.select_related("session", "made_up_by")
    row = rows.filter(enrolment=enrolment, session=entry.session_id).first()
    if row is None or not needs_making_up(row):
        raise RegisterRefused(_("Nothing of this session is to be made up."))
    return _Missed(course, enrolment, row)


def _fitting(missed: _Missed, made_up_on: date, made_up_how: str) -> str:
    """The words; refused where they are missing, or the day does not fit the session that was missed."""
    how, course = made_up_how.strip(), missed.course
    if not how:
        raise RegisterRefused(_("Say which session it was, and where."), field="made_up_how")
    missed_on = missed.entry.session.starts_at.astimezone(course.zone).date()
    last = missed_on + timedelta(days=settings.AIM["MADE_UP_WITHIN_DAYS"])
    if made_up_on < missed_on or made_up_on > timezone.localdate(timezone=course.zone):
        raise RegisterRefused(
            _("Enter the day of the equivalent session: after the missed one, and not in the future."),
            field="made_up_on",
        )
    if made_up_on > last:
        raise RegisterRefused(
            _("A session is made up within %(days)d days. Ask The AIM Project.")
            % {"days": settings.AIM["MADE_UP_WITHIN_DAYS"]},
            field="made_up_on",
        )
    return how


def _is_licensed(associate: Person, course: Course, on: date) -> bool:
    licences = Licence.objects.in_force(on).filter(associate=associate, programme=course.programme_id)
    return licences.exists()


def _confirm(row: RegisterEntry, made_up_on: date, made_up_how: str, by: Person) -> RegisterEntry:
    if row.made_up_by_id is not None and row.made_up_by_id != by.pk:
        raise RegisterRefused(_("%(name)s confirmed already that it was made up.") % {"name": row.made_up_by})
    if (row.made_up_on, row.made_up_how) != (made_up_on, made_up_how):
        row.made_up_on, row.made_up_how = made_up_on, made_up_how
        row.made_up_at, row.made_up_by = timezone.now(), by
        row.save(update_fields=["made_up_on", "made_up_how", "made_up_at", "made_up_by"])
    return row
