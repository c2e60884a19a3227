"""What The AIM Project decides about what happened to somebody: time, another sitting, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.answering.actions.considering import ConsiderationRefused
from assessments.answering.actions.granting import (
    UntilRefused,
    give_minutes,
    give_sitting,
    locked_for_time,
    submitted_at_of,
)
from assessments.answering.actions.hours import MinutesRefused
from assessments.answering.actions.submissions import NotTheirs
from assessments.answering.emails import tell_considerations_decided
from assessments.answering.hours import can_answer, sitting_of
from assessments.answering.models import ConsiderationDecision, SpecialConsideration, TimeGrant
from assessments.locks import OwnWork
from assessments.states import WhatFollows
from courses.models import CourseAssociate, Enrolment
from courses.rules import own_places


class AlreadyDecided(Refused):
    """One decision stands, and somebody else's came first."""


@dataclass(frozen=True)
class Following:
    """What follows from something that happened to somebody.

    Args:
        follows: which of the three.
        minutes: of more time, after the room closes.
        starts_at: of another sitting, from when; None: from now on.
        until: of another sitting, until when.
    """

    follows: WhatFollows
    minutes: int = 0
    starts_at: datetime | None = None
    until: datetime | None = None


@transaction.atomic
def decide_considerations(
    *, considerations: Iterable[SpecialConsideration], following: Following, reason: str, by: Person
) -> list[ConsiderationDecision]:
    """Decide once and for good what follows from something that happened to one person, or to several.

    More time is what `grant_extra_time` grants, while answering is open for them. Another sitting is what
    `reopen_for_one` grants, from a later moment where that is said. Neither is a mark, nor is anything else
    here.

    Args:
        considerations: rows of one course, at least one.
        following: what follows.
        reason: why; each person reads it.
        by: an AIM admin who neither has nor had a place on the course, and does not train it.

    Returns:
        The decisions. What `by` decided before in the same words stays as it was.

    Raises:
        OwnWork: `by` has a part in that course.
        AlreadyDecided: about one of them something else was decided meanwhile.
        ConsiderationRefused: words or minutes are missing, or somebody's time cannot be granted; whose and
            why, the words say.

    Side effects:
        The time. A letter to each person, and to a trainer who recorded it, that something waits.
    """
    rows = _locked(considerations)
    course = rows[0].enrolment.course
    if any(row.enrolment.course_id != course.pk for row in rows):
        raise NotTheirs
    _must_be_free(rows[0].enrolment, by)
    reason = reason.strip()
    standing = [row.decision for row in rows if row.decided is not None]
    if any(one.decided_by_id != by.pk or one.reason != reason for one in standing):
        raise AlreadyDecided(
            _("This was decided meanwhile, and one decision stands. Read above what was decided.")
        )
    if any(one.follows != following.follows for one in standing):
        raise AlreadyDecided(_("You have decided this already. Read above what was decided."))
    if not reason:
        raise ConsiderationRefused(_("Say why. The person reads it."), "reason")
    made = [
        ConsiderationDecision.objects.create(
            consideration=row,
            enrolment=row.enrolment,
            follows=following.follows,
            reason=reason,
            time_grant=_granted(row.enrolment, following, by, is_named=len(rows) > 1),
            decided_at=timezone.now(),
            decided_by=by,
        )
        for row in rows
        if row.decided is None
    ]
    tell_considerations_decided(made)
    return [*standing, *made]


# --- What they share ------------------------------------------------------------------------------


def _locked(considerations: Iterable[SpecialConsideration]) -> list[SpecialConsideration]:
    """The rows as they stand once their enrolments are locked, in the order of these."""
    keys = {one.pk for one in considerations}
    people = Enrolment.objects.filter(considerations__in=keys).order_by("pk").values_list("pk", flat=True)
    locked = Enrolment.objects.select_for_update(of=("self",)).filter(pk__in=list(people)).order_by("pk")
    list(locked)
    rows = SpecialConsideration.objects.filter(pk__in=keys).select_related(
        "decision", "recorded_by", "enrolment__course", "enrolment__person"
    )
    return list(rows.order_by("enrolment", "pk"))


def _must_be_free(enrolment: Enrolment, by: Person) -> None:
    trains = CourseAssociate.objects.filter(course=enrolment.course_id, associate=by)
    if own_places(by).filter(course=enrolment.course_id).exists() or trains.exists():
        raise OwnWork(
            _("You have a part in this course yourself, so somebody else at The AIM Project decides this.")
        )


def _granted(enrolment: Enrolment, following: Following, by: Person, *, is_named: bool) -> TimeGrant | None:
    """The time that follows; None where nothing does. `is_named`: a refusal says whose it is."""
    if following.follows == WhatFollows.NOTHING:
        return None
    # Whoever trains the course reads this, and nothing of what happened.
    reason = _("Special consideration")
    try:
        locked = locked_for_time(enrolment)
        if following.follows == WhatFollows.SITTING:
            if following.until is None:
                raise ConsiderationRefused(_("Enter until when they can answer."), "day")
            return give_sitting(
                locked, until=following.until, starts_at=following.starts_at, reason=reason, by=by
            )
        sitting = sitting_of(locked)
        is_open = sitting is not None and sitting.opened_at is not None
        if not is_open or not can_answer(locked, submitted_at_of(locked)):
            raise ConsiderationRefused(
                _(
                    "Answering is not open for them now, so minutes would give them nothing. Decide on"
                    " another sitting instead."
                ),
                "follows",
            )
        return give_minutes(locked, minutes=following.minutes, reason=reason, by=by)
    except Refused as refused:
        field = "minutes" if isinstance(refused, MinutesRefused) else getattr(refused, "field", "")
        if isinstance(refused, UntilRefused | MinutesRefused | ConsiderationRefused) and not is_named:
            raise ConsiderationRefused(str(refused.message), field) from refused
        named = {"name": enrolment.person.name, "why": refused.message}
        words = _("%(name)s: %(why)s") % named if is_named else str(refused.message)
        raise ConsiderationRefused(words, field) from refused
