"""What the register says of the sessions that somebody has not attended in full, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import FilteredRelation, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Enrolment, RegisterEntry, Session
from courses.states import PARTLY_THERE, Judgement, Presence


@dataclass(frozen=True, slots=True)
class Missed:
    """A session that does not count as attended, and what the register says of it."""

    number: int
    starts_at: datetime
    words: str


def missed_by(enrolment: Enrolment) -> list[Missed]:
    """The sessions of their course that do not count as attended, in their order: one statement.

    One that has not ended, and of which the register says nothing yet, is not among them.
    """
    now = timezone.now()
    rows = (
        Session.objects.filter(course=enrolment.course_id)
        .annotate(
            entry=FilteredRelation("register_entries", condition=Q(register_entries__enrolment=enrolment.pk))
        )
        .order_by("number")
        .values_list(
            "number",
            "starts_at",
            "ends_at",
            "entry__presence",
            "entry__minutes_missed",
            "entry__judgement",
            "entry__made_up_at",
        )
    )
    return [
        Missed(number, starts_at, _words(presence, minutes, judgement))
        for number, starts_at, ends_at, presence, minutes, judgement, made_up_at in rows
        if (ends_at <= now if presence is None else not _is_met(presence, judgement, made_up_at))
    ]


def _is_met(presence: str, judgement: str, made_up_at: datetime | None) -> bool:
    return RegisterEntry(presence=presence, judgement=judgement, made_up_at=made_up_at).is_met


def _words(presence: str | None, minutes: int | None, judgement: str | None) -> str:
    if presence is None:
        return _("no entry in the register")
    words = [str(Presence(presence).label)]
    if minutes:
        words.append(ngettext("%(n)d minute missed", "%(n)d minutes missed", minutes) % {"n": minutes})
    if judgement:
        words.append(str(Judgement(judgement).label))
    elif presence in PARTLY_THERE:
        words.append(_("What was missed is not judged yet"))
    return "; ".join(words)
