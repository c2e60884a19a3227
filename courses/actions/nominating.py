"""Putting people forward, on the commissioner's side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation, Person
from courses.actions.inviting import (
    CourseFull,
    NominationOver,
    NominationRefused,
    Reasons,
    invite,
    invite_new,
    places_left,
    refuse_closed,
    refuse_own,
    refused_by_account,
    refused_openly,
)
from courses.actions.refusals import CourseBegun, CourseOver, CourseRefused, first_start, last_end, locked
from courses.emails import tell_invitation_withdrawn
from courses.models import Course, Enrolment, Nomination
from courses.nominees import Nominee

# A second click on *Send again* sends no second letter.
RESEND_PAUSE = timedelta(minutes=1)
# Of those for whom nobody was nominated, so many are named in a sentence.
_NAMED = 3


class SeveralRefused(NominationRefused):
    """Some of several people cannot be put forward, so that nobody was.

    Args:
        nominees: all of them.
        reasons: what each of some would be refused for by itself, by its place among them.
    """

    def __init__(self, nominees: Sequence[Nominee], reasons: Reasons) -> None:
        self.reasons = reasons
        said = [
            _("%(name)s: %(reason)s") % {"name": nominees[index].name, "reason": reason.message}
            for index, reason in sorted(reasons.items())
        ]
        if (more := len(said) - _NAMED) > 0:
            said[_NAMED:] = [ngettext("And %d more.", "And %d more.", more) % more]
        super().__init__(" ".join([_("Nobody was nominated."), *said]))


@transaction.atomic
def nominate(
    *,
    course: Course,
    nominee: Nominee,
    sponsor: Organisation | None,
    by: Person,
) -> Nomination:
    """Put somebody forward for a course that has not begun, and invite them.

    Args:
        course: a published one.
        nominee: who it is.
        sponsor: who results and follow-up go to; None: the person themself.
        by: somebody who acts for the sponsor, or an AIM admin.

    Returns:
        The nomination. On this one object `token` is what the letter's link carries: it is kept
        nowhere else.

    Raises:
        CourseCancelled, CourseBegun, CourseFull: the course takes no nomination.
        OwnNomination: it is their own.
        AlreadyNominated, AlreadyEnrolled: they are on the course through an organisation that `by` acts
            for. Who is on it otherwise is nominated once more, and nobody but they learns of it.
        TakesPart: they train it.
        NominationRefused: the sponsor is not theirs to choose, or somebody manages themself.

    Side effects:
        Writes to the nominee.
    """
    try:
        (made,) = _nominate(course, [nominee], sponsor, by)
    except SeveralRefused as refused:
        raise refused.reasons[0] from None
    return made


@transaction.atomic
def nominate_several(
    *,
    course: Course,
    nominees: Sequence[Nominee],
    sponsor: Organisation | None,
    by: Person,
) -> Sequence[Nomination]:
    """Put several people forward for a course that has not begun, and invite them: all of them or nobody.

    Args:
        course, sponsor, by: as in `nominate`.
        nominees: who they are; each address once.

    Returns:
        The nominations in their order, each with its `token` as in `nominate`.

    Raises:
        CourseCancelled, CourseBegun: the course takes no nomination.
        CourseFull: there are fewer free places than people.
        NominationRefused: the sponsor is not theirs to choose.
        SeveralRefused: one of them or more cannot be put forward; its `reasons` are what `nominate` raises.

    Side effects:
        Writes to each nominee.
    """
    return _nominate(course, nominees, sponsor, by)


def refuse_nominating(course: Course) -> None:
    """Raise where nobody can be put forward for `course`, whoever it is.

    Raises:
        CourseCancelled, CourseRefused: it was cancelled, or is not published.
        CourseBegun: it has begun.
    """
    refuse_closed(course)
    starts_at = first_start(course)
    if starts_at is None or starts_at <= timezone.now():
        raise CourseBegun(
            _("This course has begun. Its trainer can add somebody who is there on the day as a walk-in.")
        )


def _nominate(
    course: Course, nominees: Sequence[Nominee], sponsor: Organisation | None, by: Person
) -> Sequence[Nomination]:
    course = locked(course)
    refuse_nominating(course)
    if not by.is_aim_admin and (sponsor is None or sponsor.pk not in by.organisation_ids):
        raise NominationRefused(_("Choose an organisation that you act for."), field="sponsor")
    if reasons := _named_twice(nominees) or refused_openly(course, nominees, by):
        raise SeveralRefused(nominees, reasons)
    free = places_left(course, invited=True)
    if free < len(nominees):
        raise CourseFull(too_few_places(course, free, len(nominees)))
    if reasons := refused_by_account(course, nominees, by):
        raise SeveralRefused(nominees, reasons)
    return invite_new(
        course,
        [
            Nomination(course=course, sponsor_organisation=sponsor, nominated_by=by, **asdict(nominee))
            for nominee in nominees
        ],
    )


def too_few_places(course: Course, free: int, people: int) -> str:
    """What is said where a course has `free` places for `people`, who are more."""
    if free == 0:
        return _("All %(capacity)d places of this course are taken or offered to somebody.") % {
            "capacity": course.capacity
        }
    places = ngettext(
        "%(free)d place of this course is free", "%(free)d places of this course are free", free
    )
    return _("Only %(places)s, for %(people)d people. Leave out %(too_many)d of them.") % {
        "places": places % {"free": free},
        "people": people,
        "too_many": people - free,
    }


def _named_twice(nominees: Sequence[Nominee]) -> Reasons:
    seen: set[str] = set()
    reasons: dict[int, CourseRefused] = {}
    for index, one in enumerate(nominees):
        if one.email in seen:
            reasons[index] = NominationRefused(_("This address is in the list twice."), field="email")
        seen.add(one.email)
    return reasons


@transaction.atomic
def withdraw_nomination(*, nomination: Nomination, by: Person) -> Nomination:
    """Take back an invitation that was not accepted; its link then says so.

    Args:
        nomination: which.
        by: somebody who acts for its sponsor, or an AIM admin; never the nominee.

    Returns:
        The nomination; one that was withdrawn already keeps its date.

    Raises:
        OwnNomination: it is their own.
        NominationOver: it was accepted (the place can be given up instead) or declined.

    Side effects:
        Writes to the nominee.
    """
    _course, nomination = _both_locked(nomination)
    refuse_own(nomination, by)
    if Enrolment.objects.filter(nomination=nomination).exists():
        raise NominationOver(
            _("%(name)s has accepted. Withdraw their place instead.") % {"name": nomination.name}
        )
    if nomination.declined_at:
        raise NominationOver(_("%(name)s has declined.") % {"name": nomination.name})
    if nomination.withdrawn_at is None:
        nomination.withdrawn_at, nomination.withdrawn_by = timezone.now(), by
        nomination.save(update_fields=["withdrawn_at", "withdrawn_by"])
        tell_invitation_withdrawn(nomination)
    return nomination


@transaction.atomic
def resend_invitation(*, nomination: Nomination, by: Person, shown: bool = False) -> Nomination:
    """Send a new link, for as long as one takes now; the old one stops working.

    Args:
        nomination: one that was not answered.
        by: somebody who acts for its sponsor, an AIM admin, or for a walk-in a trainer of the course.
        shown: whether the link appears on the device of `by`, for somebody in the room.

    Returns:
        The nomination, with its new `token` as in `nominate`. Within a minute of the last letter nothing
        happens, and `token` is empty.

    Raises:
        OwnNomination: it is their own.
        NominationOver: it was answered or withdrawn.
        CourseCancelled, CourseOver: there is nothing to accept any more.

    Side effects:
        Writes to the nominee.
    """
    course, nomination = _both_locked(nomination)
    refuse_closed(course)
    refuse_own(nomination, by)
    if Enrolment.objects.filter(nomination=nomination).exists():
        raise NominationOver(_("%(name)s has accepted already.") % {"name": nomination.name})
    if nomination.declined_at or nomination.withdrawn_at:
        raise NominationOver(_("This invitation was declined or withdrawn. Nominate the person again."))
    ends_at = last_end(course)
    if ends_at is not None and ends_at < timezone.now():
        raise CourseOver(_("This course is over, so nobody can join it."))
    if timezone.now() - nomination.link_sent_at < RESEND_PAUSE:
        nomination.token = ""
        return nomination
    return invite(nomination, shown_to=by if shown else None)


def _both_locked(nomination: Nomination) -> tuple[Course, Nomination]:
    course = locked(nomination.course)
    return course, Nomination.objects.select_for_update(of=("self",)).select_related(
        "course", "sponsor_organisation"
    ).get(pk=nomination.pk)
