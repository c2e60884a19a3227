"""Safeguarding records: sent, added to, read, acted on. Nothing that was written ever changes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from courses.models import Course, Enrolment
from safeguarding.emails import tell_record_waits
from safeguarding.models import Entry, Exclusion, Record, RecordReading
from safeguarding.states import NEXT, Entered, KeptFrom

# No letter that looks like a digit, no vowel that makes a word.
SYMBOLS = "23456789BCDFGHJKLMNPQRSTVWXZ"
LOCKS = 27_001  # what `pg_advisory_xact_lock` knows these rows by


class NotNow(Refused):
    """A step that the record's latest entry does not lead to."""


class SaidMeanwhile(Refused):
    """Something was added that the lead's page did not show."""


class NothingSaid(Refused):
    """An entry without words."""

    status = 422


@transaction.atomic
def send_record(
    *,
    concern: str,
    about: str,
    seen: str,
    done: str,
    danger: str,
    place: str,
    by: Person,
    enrolment: Enrolment | None = None,
    course: Course | None = None,
    keep_from: Iterable[Person] = (),
) -> Record:
    """Tell the safeguarding leads something; from now on they alone read it, and nobody changes it.

    Args:
        concern: a `Concern`.
        about: whom, in the writer's words.
        seen: what was seen or heard.
        done: what has been done already; "" for nothing.
        danger: a `Danger`.
        place: the kind of page on which it came up, a `Place`.
        by: who writes.
        enrolment: the place on a course that the page was about, if any, which `by` may see.
        course: the course that the page was about; an enrolment's own where none is given.
        keep_from: leads who are involved, and are not to read it.

    Returns:
        The record. Two calls are two records: the form that sends it is sent once.

    Side effects:
        Queues a letter to each lead who may read it; where there is none, to the AIM admins.
    """
    record = Record.objects.create(
        reference=_new_reference(),
        concern=concern,
        about=about,
        seen=seen,
        done=done,
        danger=danger,
        place=place,
        enrolment=enrolment,
        course=course or (enrolment.course if enrolment else None),
        sent_by=by,
    )
    Exclusion.objects.bulk_create(
        Exclusion(record=record, person=lead, why=KeptFrom.NAMED, excluded_by=by) for lead in keep_from
    )
    tell_record_waits(record)
    return record


def _new_reference() -> str:
    symbols = "".join(secrets.choice(SYMBOLS) for _each in range(8))
    return f"SG-{symbols[:4]}-{symbols[4:]}"


@transaction.atomic
def add_to_record(*, record: Record, text: str, by: Person) -> Entry:
    """Add what its writer learned since to a record that they sent.

    Args:
        record: which; `by` sent it.
        text: what they add.
        by: who.

    Raises:
        NothingSaid: `text` is empty.

    Side effects:
        The record waits for a lead again, also where it was closed; the leads are told by letter.
    """
    _lock(record)
    if not text.strip():
        raise NothingSaid(_("Write what you want to add."))
    entry = Entry.objects.create(record=record, kind=Entered.ADDED, text=text, written_by=by)
    tell_record_waits(record)
    return entry


def note_reading(*, record: Record, by: Person) -> RecordReading:
    """Keep that a lead opened a record; each time it is opened is a row."""
    return RecordReading.objects.create(record=record, read_by=by)


@transaction.atomic
def record_step(*, record: Record, kind: str, text: str, shown: int, by: Person) -> Entry:
    """Record what a lead did about a record: acknowledged, decided, closed or opened it again.

    Args:
        record: which; `by` may read it.
        kind: one of those that `NEXT` allows after its latest entry.
        text: what was decided or done, or the reason; only an acknowledgement needs none.
        shown: how many entries the lead's page showed.
        by: the lead.

    Returns:
        The entry.

    Raises:
        SaidMeanwhile: something was added that they have not seen.
        NotNow: its latest entry does not lead to this one.
        NothingSaid: `text` is empty where words are needed.
    """
    _lock(record)
    kinds = list(record.entries.order_by("pk").values_list("kind", flat=True))
    if len(kinds) != shown:
        raise SaidMeanwhile(
            _("Something was added since you opened this record, so nothing was recorded. Read it first.")
        )
    if kind not in NEXT[kinds[-1] if kinds else ""]:
        raise NotNow(_("This record has moved on. Open it again."))
    if kind != Entered.ACKNOWLEDGED and not text.strip():
        raise NothingSaid(_("Write what was decided or done, or the reason."))
    return Entry.objects.create(record=record, kind=kind, text=text, written_by=by)


@transaction.atomic
def stand_aside(*, record: Record, by: Person) -> Exclusion:
    """Have a record be read by the other leads alone from now on, as `by` is involved themself.

    Returns:
        What keeps it from them; called twice, the first.

    Side effects:
        The leads who remain are told that it waits; where none does, the AIM admins that one is needed.
    """
    _lock(record)
    exclusion, made = Exclusion.objects.get_or_create(
        record=record, person=by, defaults={"why": KeptFrom.STOOD_ASIDE, "excluded_by": by}
    )
    if made:
        tell_record_waits(record)
    return exclusion


def _lock(record: Record) -> None:
    """One at a time for each record. Its row cannot be locked: the application may not update it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCKS, record.pk])
