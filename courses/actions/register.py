"""The register: who was there, session by session, and what was made up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation import stale_forms
from aimcert.foundation.times import said_moment
from courses.actions.enrolling import EnrolmentFrozen
from courses.actions.refusals import CourseRefused, refuse_cancelled
from courses.models import Course, Enrolment, RegisterEntry, RegisterReason, Session
from courses.rules import has_been_enrolled_on, is_trainer_of
from courses.states import PARTLY_THERE, Judgement, Presence

# How long after an entry whoever made it may mend a slip of the finger without a word.
SLIP = timedelta(minutes=15)


class RegisterRefused(CourseRefused):
    """The register cannot say so, or not yet."""


class ReasonNeeded(RegisterRefused):
    """An AIM admin says why they write in a register, and a trainer why they correct what was recorded."""


class OutcomeIsFinal(RegisterRefused):
    """A trainer finalised the person's outcome: only The AIM Project corrects their register now."""


class NotTheirRegister(RegisterRefused):
    """Neither a trainer of the course nor an AIM admin."""


class RegisterChanged(RegisterRefused):
    """Somebody else changed the same people meanwhile."""


@dataclass(frozen=True)
class Entry:
    """What the register is to say of one person at one session.

    Args:
        enrolment: whose.
        presence: a `Presence`.
        minutes_missed: for late and left early, at least one.
        judgement: for late and left early, a `Judgement`.
        covered_how: how and when what was missed was covered, where the judgement is that it was.
        judged_later: for late and left early, only what was seen: the session is unmet until somebody
            says what was missed, for which the register waits.
        seen: `seen_of` the row that the page showed; None: whatever it was. Where the register says
            something else by now, nothing is saved.
    """

    enrolment: Enrolment
    presence: str
    minutes_missed: int | None = None
    judgement: str = ""
    covered_how: str = ""
    judged_later: bool = False
    seen: str | None = None


@transaction.atomic
def take_register(
    *, session: Session, entries: Sequence[Entry], by: Person, reason: str = ""
) -> list[RegisterEntry]:
    """Write, or correct, what the register says of some people at one session.

    What was made up stays only where it is still needed, or where that is still to be judged.

    While a session goes on, its register follows what happens in the room. After it has ended, whoever
    corrects what was recorded says why, except that a slip may be mended without a word: by whoever
    recorded it, within `SLIP`. Judging what somebody missed, where the register waits for that, corrects
    nothing. Once an outcome is finalised, an AIM admin alone writes of that person, with a reason.

    Args:
        session: one of a published course, from shortly before it starts: see `opens_at`.
        entries: one for each person; people left out stay as they are.
        by: a trainer of the course, or an AIM admin with a reason; without a place on it.
        reason: why it is corrected. Kept with every entry that an AIM admin changes, and with those
            that a trainer corrects where a reason is needed.

    Returns:
        The entries as they stand, in the order given. One that says the same already is untouched.

    Raises:
        CourseCancelled: the course was cancelled.
        NotTheirRegister, ReasonNeeded: see there.
        OutcomeIsFinal: a trainer would change what is said of somebody whose outcome is finalised.
        EnrolmentFrozen: somebody's outcome was approved, and theirs would change.
        RegisterChanged: somebody's entry is not what the page showed.
        RegisterRefused: it is too early; somebody is not on the course; `by` has a place on it; minutes or a
            judgement are missing or do not fit the session.
    """
    course = Course.objects.get(pk=session.course_id)
    _refuse_early(course, session)
    reason = reason.strip()
    trains = is_trainer_of(by, course)
    if not trains and not by.is_aim_admin:
        raise NotTheirRegister(
            _("Only the trainers of this course and The AIM Project write its register. Ask one of them.")
        )
    if not trains and not reason:
        raise ReasonNeeded(_("Say why you correct this register."), field="reason")
    enrolments = enrolments_locked(course, [entry.enrolment.pk for entry in entries])
    existing = {
        row.enrolment_id: row
        for row in RegisterEntry.objects.filter(session=session, enrolment__in=enrolments.values())
    }
    now = timezone.now()
    changed, clashes, frozen, final, unexplained = [], [], [], [], []
    for entry in entries:
        enrolment = allowed(enrolments.get(entry.enrolment.pk), by)
        _refuse_incomplete(entry, session)
        row = existing.get(enrolment.pk)
        if row is not None and _says(row) == _wanted(entry):
            continue
        if entry.seen is not None and seen_of(row) != entry.seen:
            clashes.append(enrolment.certificate_name)
        if enrolment.frozen_at:
            frozen.append(enrolment.certificate_name)
        if enrolment.outcome_finalised_at and not by.is_aim_admin:
            final.append(enrolment.certificate_name)
        explains = not trains or needs_reason(row, entry.presence, session, enrolment, by)
        if explains and not reason:
            unexplained.append(enrolment.certificate_name)
        row = row or RegisterEntry(course=course, enrolment=enrolment, session=session)
        row.presence, row.minutes_missed, row.judgement, row.covered_how = _wanted(entry)
        if row.is_complete and not needs_making_up(row):
            row.made_up_on = row.made_up_at = row.made_up_by = None
            row.made_up_how = ""
        row.recorded_at, row.recorded_by, row.reason = now, by, reason if explains else ""
        changed.append(row)
        existing[enrolment.pk] = row
    if frozen:
        raise EnrolmentFrozen(
            _("The outcome of %(names)s was approved, so their register does not change any more.")
            % {"names": ", ".join(frozen)}
        )
    if final:
        raise OutcomeIsFinal(
            _(
                "The outcome of %(names)s was finalised, so trainers no longer correct their register."
                " If it is wrong, tell The AIM Project: they can correct it, with a reason."
            )
            % {"names": ", ".join(final)}
        )
    if clashes:
        raise RegisterChanged(
            _("The register of %(names)s was changed meanwhile. Reload the page to see it.")
            % {"names": ", ".join(clashes)}
        )
    if unexplained:
        raise ReasonNeeded(
            _("Say why you correct what was recorded for %(names)s.") % {"names": ", ".join(unexplained)},
            field="reason",
        )
    _write(changed)
    return [existing[entry.enrolment.pk] for entry in entries]


def needs_making_up(row: RegisterEntry) -> bool:
    """Whether only an equivalent session can make this entry count as attended."""
    return row.presence == Presence.ABSENT or row.judgement == Judgement.MAKE_UP


def corrects_entry(row: RegisterEntry, presence: str = "") -> bool:
    """Whether a change of `row` corrects it, and does not only judge what somebody partly there missed."""
    return row.is_complete or presence not in PARTLY_THERE


def needs_reason(
    row: RegisterEntry | None, presence: str, session: Session, enrolment: Enrolment, by: Person
) -> bool:
    """Whether `by`, a trainer, has to say why they change `row` to `presence`: see `take_register`."""
    if enrolment.outcome_finalised_at is not None:
        return True
    if row is None or not corrects_entry(row, presence):
        return False
    now = timezone.now()
    is_own_slip = row.recorded_by_id == by.pk and now - row.recorded_at <= SLIP
    return session.ends_at <= now and not is_own_slip


def seen_of(row: RegisterEntry | None) -> str:
    """What a page carries to say which entry it showed: "" for none, another text for any other words."""
    if row is None:
        return ""
    return stale_forms.seen_of(*_says(row), row.made_up_on, row.made_up_how)


def opens_at(session: Session) -> datetime:
    """From when the register of `session` can be taken: a little before it starts, while people arrive."""
    return session.starts_at - timedelta(minutes=opens_before())


def opens_before() -> int:
    """How many minutes before its session starts a register can be taken."""
    return settings.AIM["REGISTER_OPENS_MINUTES_BEFORE"]


def longest_missed(session: Session) -> int:
    """How many minutes of `session` somebody who was there can have missed."""
    return max(1, math.ceil((session.ends_at - session.starts_at).total_seconds() / 60) - 1)


def enrolments_locked(course: Course, keys: Sequence[int]) -> dict[int, Enrolment]:
    """The enrolments of `course` with these keys, locked, by key."""
    # Whatever changes a fact of the one rule first locks these, in the order of their keys.
    rows = Enrolment.objects.select_for_update(of=("self",)).filter(course=course, pk__in=keys).order_by("pk")
    return {row.pk: row for row in rows}


def _refuse_early(course: Course, session: Session) -> None:
    refuse_cancelled(course)
    if course.published_at is None:
        raise RegisterRefused(_("This course is not published, so it has no register."))
    if opens_at(session) > timezone.now():
        raise RegisterRefused(
            _("This register opens on %(when)s, shortly before its session starts.")
            % {"when": said_moment(opens_at(session), course.zone)}
        )


def allowed(enrolment: Enrolment | None, by: Person) -> Enrolment:
    """`enrolment`, whose register `by` may write.

    Raises:
        RegisterRefused: it is not on the course, or given up; or `by` has or had a place there.
    """
    if enrolment is None:
        raise RegisterRefused(_("Somebody in this register is not on the course. Reload the page."))
    if has_been_enrolled_on(by, enrolment):
        raise RegisterRefused(
            _(
                "You have or had a place on this course yourself, so its register is not yours to write."
                " Ask a co-trainer or The AIM Project."
            )
        )
    if enrolment.withdrawn_at:
        raise RegisterRefused(
            _("%(name)s gave up their place. Reload the page.") % {"name": enrolment.certificate_name}
        )
    return enrolment


def _refuse_incomplete(entry: Entry, session: Session) -> None:
    name = {"name": entry.enrolment.certificate_name}
    if entry.presence not in Presence.values:
        raise RegisterRefused(_("Choose what you saw for %(name)s.") % name, field="presence")
    if entry.presence not in PARTLY_THERE or entry.judged_later:
        return
    most = longest_missed(session)
    if entry.minutes_missed is None or not 1 <= entry.minutes_missed <= most:
        raise RegisterRefused(
            _("Enter how many minutes %(name)s missed, from 1 to %(most)d.") % {**name, "most": most},
            field="minutes_missed",
        )
    if entry.judgement not in Judgement.values:
        raise RegisterRefused(_("Choose your judgement of what %(name)s missed.") % name, field="judgement")
    if entry.judgement == Judgement.COVERED and not entry.covered_how.strip():
        raise RegisterRefused(_("Say how and when it was covered."), field="covered_how")


def _wanted(entry: Entry) -> tuple[str, int | None, str, str]:
    if entry.presence not in PARTLY_THERE or entry.judged_later:
        return (entry.presence, None, "", "")
    covered = entry.covered_how.strip() if entry.judgement == Judgement.COVERED else ""
    return (entry.presence, entry.minutes_missed, entry.judgement, covered)


def _says(row: RegisterEntry) -> tuple[str, int | None, str, str]:
    return (row.presence, row.minutes_missed, row.judgement, row.covered_how)


def _write(rows: list[RegisterEntry]) -> None:
    if not rows:
        return
    for row in rows:
        # The upsert decides by person and session which row it is.
        row.pk = None
        row._state.adding = True
    RegisterEntry.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["enrolment", "session"],
        update_fields=[
            "presence",
            "minutes_missed",
            "judgement",
            "covered_how",
            "made_up_on",
            "made_up_how",
            "made_up_at",
            "made_up_by",
            "recorded_at",
            "recorded_by",
            "reason",
        ],
    )
    RegisterReason.objects.bulk_create(
        RegisterReason(
            enrolment_id=row.enrolment_id,
            session_id=row.session_id,
            recorded_at=row.recorded_at,
            reason=row.reason,
        )
        for row in rows
        if row.reason
    )
