"""The list of a course's nominations: its rows, and what whoever reads it can do about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.times import said_moment
from courses.histories import Known, known_of
from courses.models import Course, Enrolment, Nomination
from courses.states import NominationStage

# Nothing stands in the way of an invitation of the same person.
OVER = (NominationStage.DECLINED, NominationStage.WITHDRAWN)
TONES = {
    NominationStage.INVITED: "waiting",
    NominationStage.EXPIRED: "attention",
    NominationStage.ACCEPTED: "good",
    NominationStage.LEFT: "neutral",
    NominationStage.DECLINED: "neutral",
    NominationStage.WITHDRAWN: "neutral",
}


def nomination_rows(
    course: Course, user: Person, *, over: bool, last_end: datetime | None, may_nominate: bool
) -> list[NominationRow]:
    """Every nomination of `course` that `user` may see, by name.

    Args:
        course: which.
        user: who reads the list.
        over: the course was held or cancelled, so that nothing is done about its nominations any more.
        last_end: when its last session ends.
        may_nominate: whether `user` can put people forward for it now.
    """
    now = timezone.now()
    own = Nomination.objects.visible_to(user).about(user)
    visible = (
        course.nominations.visible_to(user)
        .with_who_withdrew()
        .select_related("enrolment", "sponsor_organisation", "nominated_by", "withdrawn_by")
        .annotate(is_own=Exists(own.filter(pk=OuterRef("pk")).order_by()))
        .order_by(InOrder("name"), "pk")
    )
    rows = [_row(one, user, now, over=over, last_end=last_end) for one in visible]
    told = [one for one in rows if not one.only_asked]
    known = known_of(user, course, {one.nomination.email for one in told})
    standing = {one.nomination.email for one in rows if one.stage not in OVER}
    for one in told:
        if not one.own:
            one.known = known.get(one.nomination.email, [])
            is_over = one.stage in OVER and one.nomination.email not in standing
            one.may_nominate_again = may_nominate and is_over
    return rows


@dataclass
class NominationRow:
    """One nomination in the list, as its reader may know it and act on it.

    Args:
        own: it is about the reader.
        until: until when its link works, where somebody still waits for an answer.
        only_asked: who sponsors a walk-in reads what they are asked, and no more before they confirmed.
        known: what the reader may know of the person from before.
        may_nominate_again: it came to nothing, and the same person can be invited anew.
    """

    nomination: Nomination
    enrolment: Enrolment | None
    stage: NominationStage
    own: bool
    until: str | None
    may_answer_for: bool
    may_leave: bool
    withdrawn_by: str
    may_confirm: bool
    unconfirmed: bool
    only_asked: bool
    to_be_named: bool
    may_name: bool
    may_refuse: bool
    known: Sequence[Known] = ()
    may_nominate_again: bool = False

    @property
    def any_act(self) -> bool:
        """Whether the reader can do anything about it from the list."""
        return self.may_answer_for or self.may_leave or self.may_nominate_again

    @property
    def label(self) -> str:
        return str(self.stage.label)

    @property
    def tone(self) -> str:
        return TONES[self.stage]


def _row(
    nomination: Nomination, user: Person, now: datetime, *, over: bool, last_end: datetime | None
) -> NominationRow:
    enrolment: Enrolment | None = getattr(nomination, "enrolment", None)
    stage = nomination.stage_at(now, enrolment)
    # As `is_about_oneself` says, without a query for each row.
    own = nomination.is_own  # type: ignore[attr-defined]
    open_now = not own and not over
    waits = stage in (NominationStage.INVITED, NominationStage.EXPIRED)
    accepted = enrolment if stage == NominationStage.ACCEPTED else None
    unconfirmed = accepted is not None and accepted.sponsor_confirmed_at is None
    to_be_named = unconfirmed and accepted is not None and accepted.sponsor_to_be_named
    is_admin = user.is_aim_admin
    return NominationRow(
        nomination=nomination,
        enrolment=enrolment,
        stage=stage,
        own=own,
        until=said_moment(nomination.works_until(last_end), nomination.course.zone)
        if stage == NominationStage.INVITED and not over
        else None,
        may_answer_for=open_now and waits,
        may_leave=open_now and accepted is not None and accepted.frozen_at is None,
        withdrawn_by=_who_withdrew(nomination, enrolment),
        may_confirm=not own and unconfirmed and not to_be_named,
        unconfirmed=unconfirmed,
        only_asked=nomination.is_walk_in and unconfirmed and not own and not is_admin,
        to_be_named=not own and to_be_named,
        may_name=not own and is_admin and nomination.is_walk_in and unconfirmed and _is_open(enrolment),
        may_refuse=nomination.sponsor_organisation_id in user.organisation_ids and _is_open(enrolment),
    )


def _is_open(enrolment: Enrolment | None) -> bool:
    """Whether who sponsors them can still become another."""
    return enrolment is not None and not (enrolment.outcome_finalised_at or enrolment.sponsor_settled_at)


def _who_withdrew(nomination: Any, enrolment: Enrolment | None) -> str:
    """Who took an invitation or a place back, as their sponsor may know it; empty where nobody did."""
    by = nomination.withdrawn_by
    if by is None:
        return ""
    if enrolment is not None and by.pk == enrolment.person_id:
        return _("themself")
    return str(by) if nomination.withdrawn_for_sponsor else _("The AIM Project")


def summary_of(rows: list[NominationRow]) -> list[str]:
    """How many have come how far, in words."""
    counted = {stage: sum(row.stage == stage for row in rows) for stage in NominationStage}
    words = (
        (NominationStage.ACCEPTED, ngettext("%d accepted", "%d accepted", counted[NominationStage.ACCEPTED])),
        (
            NominationStage.INVITED,
            ngettext("%d has not answered", "%d have not answered", counted[NominationStage.INVITED]),
        ),
        (
            NominationStage.EXPIRED,
            ngettext("%d link has expired", "%d links have expired", counted[NominationStage.EXPIRED]),
        ),
        (NominationStage.DECLINED, ngettext("%d declined", "%d declined", counted[NominationStage.DECLINED])),
        (NominationStage.LEFT, ngettext("%d withdrew", "%d withdrew", counted[NominationStage.LEFT])),
        (
            NominationStage.WITHDRAWN,
            ngettext(
                "%d invitation withdrawn", "%d invitations withdrawn", counted[NominationStage.WITHDRAWN]
            ),
        ),
    )
    return [text % counted[stage] for stage, text in words if counted[stage]]
