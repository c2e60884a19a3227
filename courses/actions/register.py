"""The register: who was there, session by session, and what was made up."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from courses.actions.enrolling import EnrolmentFrozen
from courses.actions.refusals import CourseRefused, refuse_cancelled
from courses.models import Course, Enrolment, RegisterEntry, Session
from courses.rules import has_been_enrolled_on, is_trainer_of
from courses.states import Judgement, Presence

PARTLY_THERE = (Presence.LATE, Presence.LEFT_EARLY)


class RegisterRefused(CourseRefused):
    """The register cannot say so, or not yet."""


class ReasonNeeded(RegisterRefused):
    """An AIM admin who corrects a register says why."""


class NotTheirRegister(RegisterRefused):
    """Neither a trainer of the course nor an AIM admin."""


class RegisterChanged(RegisterRefused):
    """Somebody else changed the same people meanwhile."""


@dataclass(frozen=True)
class Entry:
    """What the register shall say of one person at one session.

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

    Args:
        session: one of a published course, from shortly before it starts: see `opens_at`.
        entries: one for each person; people left out stay as they are.
        by: a trainer of the course, or an AIM admin with a reason; without a place on it.
        reason: why an AIM admin corrects it.

    Returns:
        The entries as they stand, in the order given. One that says the same already is untouched.

    Raises:
        CourseCancelled: the course was cancelled.
        NotTheirRegister, ReasonNeeded: see there.
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
    changed, clashes, frozen = [], [], []
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
        row = row or RegisterEntry(course=course, enrolment=enrolment, session=session)
        row.presence, row.minutes_missed, row.judgement, row.covered_how = _wanted(entry)
        if row.is_complete and not needs_making_up(row):
            row.made_up_on = row.made_up_at = row.made_up_by = None
            row.made_up_how = ""
        row.recorded_at, row.recorded_by, row.reason = now, by, reason
        changed.append(row)
        existing[enrolment.pk] = row
    if frozen:
        raise EnrolmentFrozen(
            _("The outcome of %(names)s was approved, so their register does not change any more.")
            % {"names": ", ".join(frozen)}
        )
    if clashes:
        raise RegisterChanged(
            _("Somebody else changed the register of %(names)s meanwhile. Reload the page to see it.")
            % {"names": ", ".join(clashes)}
        )
    _write(changed)
    return [existing[entry.enrolment.pk] for entry in entries]


def needs_making_up(row: RegisterEntry) -> bool:
    """Whether only an equivalent session can make this entry count as attended."""
    return row.presence == Presence.ABSENT or row.judgement == Judgement.MAKE_UP


def seen_of(row: RegisterEntry | None) -> str:
    """What a page carries to say which entry it showed: "" for none, another text for any other words."""
    if row is None:
        return ""
    said = "\n".join(str(one) for one in (*_says(row), row.made_up_on, row.made_up_how))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def opens_at(session: Session) -> datetime:
    """From when the register of `session` can be taken: a little before it starts, while people arrive."""
    return session.starts_at - timedelta(minutes=cast(int, settings.AIM["REGISTER_OPENS_MINUTES_BEFORE"]))


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
        opens = timezone.localtime(opens_at(session), course.zone)
        raise RegisterRefused(
            _("This register opens at %(time)s on %(day)s, shortly before its session starts.")
            % {"time": formats.time_format(opens), "day": formats.date_format(opens)}
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
