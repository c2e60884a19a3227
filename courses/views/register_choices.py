"""What was chosen on a session's register, beside what stands there by now."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.utils.functional import Promise

from accounts.requests import SignedInRequest
from aimcert.foundation.name_order import InOrder
from courses.actions import Entry, needs_making_up, seen_of
from courses.models import Course, Enrolment, EnrolmentQuerySet, RegisterEntry, Session
from courses.states import PARTLY_THERE, Presence


@dataclass
class RegisterRow:
    """One person at one session: what stands of them now, and what is chosen.

    Args:
        key: how the fields of the form are named.
        was: what stands, as a form says back what it showed; see `seen_of`.
        choice: a `Presence`; what stands, until another is chosen.
        clash, clash_label: what was chosen in view of another entry; empty where nothing was.
        may: whether the reader writes of them.
        is_final: their outcome is finalised, so that a trainer no longer does.
        asks_reason, reason: what was chosen waits for a reason; what was given as one.
        refused: why what was chosen was not saved.
        is_saved: what stands was chosen just now.
    """

    enrolment: Enrolment
    entry: RegisterEntry | None
    is_final: bool
    choice: str = field(init=False)
    clash: str = ""
    clash_label: str | Promise = ""
    asks_reason: bool = False
    reason: str = ""
    refused: str | Promise = ""
    is_saved: bool = False

    def __post_init__(self) -> None:
        self.choice = self.seen

    @property
    def key(self) -> str:
        return f"p-{self.enrolment.uuid}"

    @property
    def seen(self) -> str:
        return self.entry.presence if self.entry else ""

    @property
    def was(self) -> str:
        return seen_of(self.entry)

    @property
    def to_judge(self) -> bool:
        return self.entry is not None and not self.entry.is_complete

    @property
    def needs_make_up(self) -> bool:
        return self.entry is not None and needs_making_up(self.entry) and self.entry.made_up_at is None

    @property
    def may(self) -> bool:
        return self.enrolment.frozen_at is None and not self.is_final


def active(course: Course) -> EnrolmentQuerySet:
    """Who is in the register of `course`, by name."""
    people: EnrolmentQuerySet = course.enrolments.filter(withdrawn_at__isnull=True)
    return people.order_by(InOrder("certificate_name"), "pk")


def rows_of(
    request: SignedInRequest, course: Course, session: Session, *, only: UUID | None = None
) -> list[RegisterRow]:
    """Everyone at one session, with what stands of each now.

    Args:
        only: the enrolment of the one who is looked for, where it is not everyone.
    """
    people = active(course) if only is None else active(course).filter(uuid=only)
    standing = session.register_entries.select_related("recorded_by", "made_up_by")
    entries = {one.enrolment_id: one for one in standing.filter(enrolment__in=people)}
    return [
        RegisterRow(enrolment, entries.get(enrolment.pk), is_final(request, enrolment))
        for enrolment in people
    ]


def entries_of(rows: list[RegisterRow]) -> list[Entry]:
    """What was chosen in `rows` and does not stand yet, for `take_register`."""
    return [
        Entry(
            enrolment=one.enrolment,
            presence=one.choice,
            judged_later=one.choice in PARTLY_THERE,
            seen=one.was,
        )
        for one in rows
        if one.choice and one.choice != one.seen
    ]


def is_final(request: SignedInRequest, enrolment: Enrolment) -> bool:
    """Whether the reader, a trainer, no longer writes of somebody, whose outcome is finalised."""
    return enrolment.outcome_finalised_at is not None and not request.user.is_aim_admin


def read_choices(request: SignedInRequest, rows: list[RegisterRow]) -> bool:
    """Note in `rows` what was chosen; whether something else stands now of somebody who was chosen for.

    Only what differs from what the page showed is a choice: what it showed and nobody touched takes
    nothing back that somebody else recorded meanwhile. A choice that was made in view of another entry
    is a clash, for which nothing is chosen until somebody does, having seen both.
    """
    for one in rows:
        sent = _presence(request, one.key)
        asked = _presence(request, f"clash-{one.key}")
        is_stale = request.POST.get(f"was-{one.key}", "") != one.was
        mine = sent if asked or sent != _presence(request, f"had-{one.key}") else ""
        if mine and (not one.may or not is_stale or mine == one.seen):
            # Of somebody whose register has closed meanwhile the action says why not, whatever stands.
            one.choice = mine
        elif one.may and (mine or asked):
            one.clash, one.choice = mine or asked, ""
            one.clash_label = Presence(one.clash).label
    return any(one.clash for one in rows)


def show_as_they_stand(rows: list[RegisterRow]) -> None:
    """Take back what was chosen of those whose register the reader no longer writes, as was refused."""
    for one in rows:
        if not one.may:
            one.choice = one.seen


def mark_the_rest(rows: list[RegisterRow]) -> None:
    """Choose *present* for everyone of whom nothing stands and nothing was chosen."""
    for one in rows:
        if one.may and not one.seen and not one.choice and not one.clash:
            one.choice = Presence.PRESENT


def _presence(request: SignedInRequest, name: str) -> str:
    sent = request.POST.get(name, "")
    return sent if sent in Presence.values else ""
