"""What nominating and walking in share: who can be invited, and the link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AtAddress, Person, at_each, ever_at
from aimcert.foundation.rows import counted
from courses.actions.associates import TakesPart
from courses.actions.refusals import CourseRefused, last_end, refuse_cancelled
from courses.emails import tell_invited
from courses.models import Course, Enrolment, Nomination
from courses.nominees import Nominee
from courses.tokens import new_token, sha256_of


class NominationRefused(CourseRefused):
    """This person cannot be put forward so."""


class AlreadyNominated(NominationRefused):
    """Somebody with this address is nominated for the course, and whoever asks may know it."""


class AlreadyEnrolled(NominationRefused):
    """Somebody with this address is enrolled on the course, and whoever asks may know it."""


class CourseFull(NominationRefused):
    """Every place is taken."""


class OwnNomination(NominationRefused):
    """Nobody handles their own."""


class NominationOver(NominationRefused):
    """The nomination was accepted, declined or withdrawn."""


def places_left(course: Course, *, invited: bool = False) -> int:
    """How many can still be enrolled, none at least; with `invited`, who may yet accept has taken one."""
    taken = course.enrolments.filter(withdrawn_at__isnull=True).count()
    if invited:
        taken += course.nominations.that_may_be_accepted(timezone.now()).count()
    return max(course.capacity - taken, 0)


def places_of(course: Course) -> tuple[int, int, bool]:
    """How many hold a place and how many are offered one, and whether anybody was approved; in one query."""
    offers = Nomination.objects.that_may_be_accepted(timezone.now()).filter(course=OuterRef("pk"))
    approved = Enrolment.objects.filter(course=OuterRef("pk"), frozen_at__isnull=False)
    # What `with_places` adds, its type does not say.
    places: Any = Course.objects.filter(pk=course.pk).with_places()
    found: tuple[int, int, bool] = places.values_list("enrolled", counted(offers), Exists(approved)).get()
    return found


def refuse_own(nomination: Nomination, by: Person) -> None:
    """Raise `OwnNomination` where it is about `by`."""
    if (
        nomination.email == by.email
        or Enrolment.objects.filter(nomination=nomination, person=by).exists()
        or ever_at(nomination.email).filter(pk=by.pk).exists()
    ):
        raise OwnNomination(
            _("This is about yourself. Another contact of your organisation, or The AIM Project, handles it.")
        )


def refuse_closed(course: Course) -> None:
    """Raise where a course takes no nomination, ever or yet."""
    refuse_cancelled(course)
    if course.published_at is None:
        raise CourseRefused(_("Publish this course first: it has no public page yet."))


def refuse_address(course: Course, nominee: Nominee, by: Person) -> None:
    """Raise where `by` cannot put `nominee` forward: see `refused_openly` and `refused_by_account`."""
    reasons = refused_openly(course, [nominee], by) or refused_by_account(course, [nominee], by)
    if reasons:
        raise reasons[0]


# Why some of several cannot be put forward, by their place among them.
Reasons = Mapping[int, CourseRefused]


def refused_openly(course: Course, nominees: Sequence[Nominee], by: Person) -> Reasons:
    """Why `by` cannot put some forward, as far as what was typed and nominations that `by` reads tell it.

    This may be said before anything is done, of as many as somebody likes to ask about.

    Whoever is on the course through another organisation, or pays for themself, is put forward like
    anybody else: the same words, a letter, a place offered. The invited person alone, who reads their
    mail, learns that they have a place already (`has_a_place`), and keeps it unless they give it up.
    """
    emails = [one.email for one in nominees]
    own = at_each(emails)
    standing = course.nominations.standing().filter(_known_to(by, course), email__in=emails)
    # By address, whether somebody has a place by it.
    nominated: dict[str, bool] = {}
    for email, enrolment, withdrawn_at in standing.values_list(
        "email", "enrolment__pk", "enrolment__withdrawn_at"
    ):
        holds = enrolment is not None and withdrawn_at is None
        nominated[email] = nominated.get(email, False) or holds
    reasons: dict[int, CourseRefused] = {}
    for index, one in enumerate(nominees):
        if one.email == by.email or (one.email in own and by.pk in own[one.email].ever):
            reasons[index] = OwnNomination(
                _(
                    "You cannot put yourself forward. Ask another contact of your organisation, or The AIM"
                    " Project at %(address)s."
                )
                % {"address": settings.AIM["SUPPORT_EMAIL"]},
                field="email",
            )
        elif one.email == one.manager_email:
            reasons[index] = _managed_by_themself()
        elif one.email in nominated:
            reasons[index] = _enrolled() if nominated[one.email] else _nominated()
    return reasons


def refused_by_account(course: Course, nominees: Sequence[Nominee], by: Person) -> Reasons:
    """Why `by` cannot put some forward, where only somebody's account tells it: asked once all else is right.

    Who could ask without nominating would learn which addresses are one person's: that is asked last.
    """
    people = at_each({address for one in nominees for address in (one.email, one.manager_email) if address})
    nobody = AtAddress()
    reasons: Reasons
    enrolled = set(
        course.enrolments.filter(_known_to(by, course), withdrawn_at__isnull=True).values_list(
            "person", flat=True
        )
    )
    training = set(course.associates.values_list("associate", flat=True))
    theirs = [people.get(one.email, nobody) for one in nominees]
    managers = [people.get(one.manager_email, nobody) for one in nominees]
    if reasons := {index: _enrolled() for index, at in enumerate(theirs) if at.now & enrolled}:
        return reasons
    if reasons := {index: _trains() for index, at in enumerate(theirs) if at.ever & training}:
        return reasons
    both = enumerate(zip(theirs, managers, strict=True))
    return {index: _managed_by_themself() for index, (at, manager) in both if at.ever & manager.ever}


def _known_to(by: Person, course: Course) -> Q:
    """The condition, on what has a sponsor, that `by` may know of it."""
    if by.is_aim_admin or course.associates.filter(associate=by).exists():
        return Q()
    return Q(sponsor_organisation_id__in=by.organisation_ids)


def _enrolled() -> AlreadyEnrolled:
    return AlreadyEnrolled(_("Somebody with this address is enrolled on this course already."), field="email")


def _nominated() -> AlreadyNominated:
    return AlreadyNominated(
        _("Somebody with this address is nominated for this course already. You can send the link again."),
        field="email",
    )


def _trains() -> TakesPart:
    return TakesPart(_("This person trains the course, so they cannot take part in it."), field="email")


def _managed_by_themself() -> NominationRefused:
    return NominationRefused(
        _("Enter the line manager’s own address, not the participant’s."), field="manager_email"
    )


def invite(nomination: Nomination, *, shown_to: Person | None = None) -> Nomination:
    """Give a nomination a new link, write it to the nominee, and tell the token on this one object.

    Args:
        nomination: whose.
        shown_to: the trainer on whose device the link appears, for somebody in the room. What is accepted
            by it is not proven to be the nominee's, until they say so signed in (`confirm_acceptance`).
    """
    nomination.link_shown_to = shown_to
    _give_link(nomination)
    nomination.save()
    tell_invited([nomination], last_end=last_end(nomination.course))
    return nomination


def invite_new(course: Course, nominations: Sequence[Nomination]) -> Sequence[Nomination]:
    """Keep nominations of one course that are new, and do for each what `invite` does.

    What is the same for all of them is asked once.
    """
    prefetch_related_objects([course], "sessions")
    for nomination in nominations:
        _give_link(nomination)
    Nomination.objects.bulk_create(nominations)
    tell_invited(nominations, last_end=last_end(course))
    return nominations


def _give_link(nomination: Nomination) -> None:
    now, days = timezone.now(), settings.AIM["INVITATION_DAYS"]
    nomination.token = new_token()
    nomination.token_sha256, nomination.link_sent_at = sha256_of(nomination.token), now
    nomination.token_expires_at = now + timedelta(days=days)
