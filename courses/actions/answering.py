"""Answering an invitation: accepting makes the enrolment."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import find_or_create_person
from accounts.models import Person
from courses import expectations
from courses.actions.associates import TakesPart
from courses.actions.inviting import AlreadyEnrolled, CourseFull, NominationOver, places_left
from courses.actions.refusals import (
    CourseOver,
    CourseRefused,
    first_start,
    last_end,
    locked,
    refuse_cancelled,
)
from courses.emails import tell_declined, tell_enrolled, tell_sponsor_to_be_named, tell_sponsor_to_confirm
from courses.invitations import is_own, needs_sign_in
from courses.models import Course, Enrolment, Nomination

SIGN_IN_FIRST = gettext_lazy(
    "An account that had this email address has another one now. If it is yours, sign in and open this link"
    " again. If it is not, ask whoever nominated you to use another address of yours, or write to The AIM"
    " Project at %(address)s."
)


class InvitationRefused(CourseRefused):
    """The link cannot be used."""


class SignInFirst(InvitationRefused):
    """It was sent to an address that somebody gave up: only signed in are they known as that person."""


class InvitationUnknown(InvitationRefused):
    """No nomination has this link: it was mistyped, or a newer one was sent."""


class InvitationExpired(InvitationRefused):
    """The link is too old."""


class InvitationDeclined(InvitationRefused):
    """The invitation was declined."""


class InvitationWithdrawn(InvitationRefused):
    """The invitation was taken back."""


class ExpectationsChanged(InvitationRefused):
    """What was read is not what is expected now."""


@transaction.atomic
def accept(
    *, token: str, certificate_name: str, expectations_version: str, signed_in: Person | None = None
) -> Enrolment:
    """Enrol the person that an invitation's link was sent to: reading their mail is their proof.

    Args:
        token: what the link carries.
        certificate_name: how their name should stand on the certificate.
        expectations_version: of what they were shown and accepted; see courses/expectations.py.
        signed_in: who opened the link; an invitation to an address that they gave up is theirs.

    Returns:
        The enrolment; the existing one where this link was used already.

    Raises:
        InvitationUnknown, InvitationExpired, InvitationDeclined, InvitationWithdrawn: see each.
        SignInFirst: the address was given up by somebody, and its invitations are theirs alone.
        ExpectationsChanged: they were shown another version.
        CourseCancelled, CourseOver, CourseFull: there is no place to take.
        AlreadyEnrolled: they are enrolled through another invitation, or gave up a place on this course
            after it had begun.
        TakesPart: they train it.
        AccountClosed: the account with the address was closed.

    Side effects:
        Finds or creates the person. Writes to them, and, for a walk-in, to those who act for the sponsor,
        or, where The AIM Project has to name one, to its staff.
    """
    course, nomination = _invitation_locked(token)
    existing = Enrolment.objects.filter(nomination=nomination).first()
    if existing is not None and existing.withdrawn_at is None:
        return existing
    _refuse_unusable(nomination)
    refuse_cancelled(course)
    now, ends_at = timezone.now(), last_end(course)
    if ends_at is not None and ends_at < now:
        raise CourseOver(_("This course is over, so nobody can join it."))
    if now >= nomination.token_expires_at:
        raise InvitationExpired(
            _("This link has expired. Ask whoever nominated you, or your trainer, for a new one.")
        )
    if expectations_version != expectations.CURRENT:
        raise ExpectationsChanged(
            _("What is expected has changed since you opened this page. Open the link again and read it.")
        )
    if places_left(course) < 1:
        raise CourseFull(
            _("All places of this course are taken. Ask whoever nominated you about another course.")
        )
    if signed_in is not None and is_own(nomination, signed_in):
        person = find_or_create_person(name=certificate_name, email=signed_in.email)
    elif needs_sign_in(nomination):
        raise SignInFirst(str(SIGN_IN_FIRST) % {"address": settings.AIM["SUPPORT_EMAIL"]})
    else:
        person = find_or_create_person(name=certificate_name, email=nomination.email)
    if course.associates.filter(associate=person).exists():
        raise TakesPart(_("You train this course, so you cannot take part in it."))
    enrolment = _enrol(course, nomination, person, certificate_name, expectations_version)
    tell_enrolled(enrolment)
    if nomination.sponsor_to_be_named:
        tell_sponsor_to_be_named(enrolment)
    elif nomination.is_walk_in and nomination.sponsor_organisation_id is not None:
        tell_sponsor_to_confirm(enrolment)
    return enrolment


def _enrol(
    course: Course, nomination: Nomination, person: Person, certificate_name: str, version: str
) -> Enrolment:
    now = timezone.now()
    before = Enrolment.objects.select_for_update(of=("self",)).filter(course=course, person=person).first()
    if before is not None:
        starts_at = first_start(course)
        begun = starts_at is None or starts_at <= now
        if before.withdrawn_at is None or begun or before.sponsor_settled_at is not None:
            raise AlreadyEnrolled(
                _(
                    "You have a place on this course already, or gave one up after it began. A place that you"
                    " have stays as it is: nobody else was told of it. Speak to your trainer if it is wrong."
                )
            )
    enrolment = before or Enrolment(course=course, person=person)
    enrolment.nomination = nomination
    enrolment.sponsor_organisation = nomination.sponsor_organisation
    enrolment.sponsor_to_be_named = nomination.sponsor_to_be_named
    enrolment.certificate_name = certificate_name
    enrolment.expectations_version = version
    enrolment.enrolled_at = now
    enrolment.withdrawn_at = enrolment.withdrawn_by = None
    enrolment.sponsor_confirmed_at = enrolment.sponsor_confirmed_by = None
    enrolment.acceptance_confirmed_at = None
    pays = nomination.sponsor_organisation_id is None and not nomination.sponsor_to_be_named
    if pays and nomination.link_shown_to_id is None:
        # Whoever pays for themself has confirmed it by accepting, where nobody else saw the link.
        enrolment.sponsor_confirmed_at, enrolment.sponsor_confirmed_by = now, person
    elif nomination.sponsor_organisation_id is not None and not nomination.is_walk_in:
        enrolment.sponsor_confirmed_at, enrolment.sponsor_confirmed_by = now, nomination.nominated_by
    enrolment.save()
    return enrolment


@transaction.atomic
def decline(*, token: str) -> Nomination:
    """Say no to an invitation.

    Args:
        token: what its link carries.

    Returns:
        The nomination; one that was declined already keeps its date.

    Raises:
        InvitationUnknown, InvitationWithdrawn: see each.
        NominationOver: it was accepted; the place can be given up instead.

    Side effects:
        Writes to those who act for the sponsor, unless the person walked in.
    """
    _course, nomination = _invitation_locked(token)
    if nomination.withdrawn_at:
        raise InvitationWithdrawn(_("This invitation was withdrawn."))
    if Enrolment.objects.filter(nomination=nomination).exists():
        raise NominationOver(_("You accepted this invitation. Sign in to give up your place."))
    if nomination.declined_at is None:
        nomination.declined_at = timezone.now()
        nomination.save(update_fields=["declined_at"])
        if not nomination.is_walk_in:
            # A walk-in was put forward by nobody: their sponsor hears of them once they accept.
            tell_declined(nomination)
    return nomination


def _invitation_locked(token: str) -> tuple[Course, Nomination]:
    found = Nomination.objects.with_token(token).select_related("course").first()
    if found is None:
        raise InvitationUnknown(_("This link does not work. A newer one may have been sent to you."))
    course = locked(found.course)
    # While the course was waited for, a newer link may have been sent.
    nomination = (
        Nomination.objects.select_for_update(of=("self",))
        .with_token(token)
        .select_related("sponsor_organisation", "nominated_by")
        .first()
    )
    if nomination is None:
        raise InvitationUnknown(_("This link does not work. A newer one may have been sent to you."))
    return course, nomination


def _refuse_unusable(nomination: Nomination) -> None:
    if nomination.withdrawn_at:
        raise InvitationWithdrawn(_("This invitation was withdrawn."))
    if nomination.declined_at:
        raise InvitationDeclined(
            _("You declined this invitation. Ask whoever nominated you to invite you again.")
        )
