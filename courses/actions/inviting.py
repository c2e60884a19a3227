"""What nominating and walking in share: who can be invited, and the link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.addresses import normalised
from accounts.models import Organisation, Person, ever_at
from aimcert.foundation.rows import counted
from courses.actions.associates import TakesPart
from courses.actions.refusals import CourseRefused, last_end, refuse_cancelled
from courses.emails import tell_invited
from courses.invitations import whose_address_is
from courses.models import Course, Enrolment, Nomination
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
    """How many can still be enrolled; with `invited`, those who may yet accept count as taken."""
    taken = course.enrolments.filter(withdrawn_at__isnull=True).count()
    if invited:
        taken += course.nominations.that_may_be_accepted(timezone.now()).count()
    return course.capacity - taken


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


def refuse_address(
    course: Course, email: str, sponsor: Organisation | None, manager_email: str, by: Person
) -> None:
    """Raise where `by` cannot put this address forward for `course`.

    Whoever is on the course through another organisation, or pays for themself, is put forward like
    anybody else: the same words, a letter, a place offered. The invited person alone, who reads their
    mail, learns that they have a place already (`has_a_place`), and keeps it unless they give it up.
    """
    if email == by.email or ever_at(email).filter(pk=by.pk).exists():
        raise OwnNomination(
            _(
                "You cannot put yourself forward. Ask another contact of your organisation, or The AIM"
                " Project at %(address)s."
            )
            % {"address": settings.AIM["SUPPORT_EMAIL"]},
            field="email",
        )
    manager = normalised(manager_email) if manager_email else ""
    if manager and (manager == email or ever_at(manager).filter(pk__in=ever_at(email).values("pk")).exists()):
        raise NominationRefused(
            _("Enter the line manager’s own address, not the participant’s."), field="manager_email"
        )
    if course.associates.filter(associate__in=ever_at(email)).exists():
        raise TakesPart(_("This person trains the course, so they cannot take part in it."), field="email")
    theirs = Q(sponsor_organisation_id__in=by.organisation_ids)
    if by.is_aim_admin or course.associates.filter(associate=by).exists():
        theirs = Q()
    if course.enrolments.filter(theirs, whose_address_is(email), withdrawn_at__isnull=True).exists():
        raise AlreadyEnrolled(
            _("Somebody with this address is enrolled on this course already."), field="email"
        )
    if course.nominations.standing().filter(theirs, email=email).exists():
        raise AlreadyNominated(
            _(
                "Somebody with this address is nominated for this course already. You can send the link"
                " again."
            ),
            field="email",
        )


def invite(nomination: Nomination, *, shown_to: Person | None = None) -> Nomination:
    """Give a nomination a new link, write it to the nominee, and tell the token on this one object.

    Args:
        nomination: whose.
        shown_to: the trainer on whose device the link appears, for somebody in the room. What is accepted
            by it is not proven to be the nominee's, until they say so signed in (`confirm_acceptance`).
    """
    token = new_token()
    nomination.link_shown_to = shown_to
    now, days = timezone.now(), settings.AIM["INVITATION_DAYS"]
    nomination.token_sha256, nomination.link_sent_at = sha256_of(token), now
    nomination.token_expires_at = now + timedelta(days=days)
    nomination.save()
    tell_invited(nomination, token, until=nomination.works_until(last_end(nomination.course)))
    nomination.token = token
    return nomination
