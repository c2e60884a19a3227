"""What happens to an enrolment outside the register."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from courses.actions.refusals import CourseBegun, CourseRefused, first_start, locked, refuse_cancelled
from courses.emails import tell_left
from courses.models import Course, Enrolment, Nomination
from courses.rules import trains_others
from courses.states import Delivery


class EnrolmentFrozen(CourseRefused):
    """The outcome was approved: the register and the certificate's name do not change any more."""


class OutcomeFinalised(CourseRefused):
    """A trainer finalised an outcome: what comes of it takes its course, whatever becomes of the place."""


@transaction.atomic
def withdraw_enrolment(*, enrolment: Enrolment, by: Person) -> Enrolment:
    """Give up a place, or take it away; what stands of it, such as the register, stays on record.

    Args:
        enrolment: which.
        by: the participant, an AIM admin, or, until the course begins, somebody who acts for the sponsor.

    Returns:
        The enrolment; one that was withdrawn already keeps its date.

    Raises:
        CourseCancelled, EnrolmentFrozen, OutcomeFinalised, CourseBegun: as `refuse_leaving` says.

    Side effects:
        Writes to the person, where another did it; to those who act for the sponsor, where none of
        them did; and, once the course has begun, to its trainers.
    """
    course = locked(enrolment.course)
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("person", "sponsor_organisation")
        .get(pk=enrolment.pk)
    )
    if enrolment.withdrawn_at:
        return enrolment
    enrolment.course = course
    refuse_leaving(enrolment, by)
    now = timezone.now()
    enrolment.withdrawn_at, enrolment.withdrawn_by = now, by
    enrolment.save(update_fields=["withdrawn_at", "withdrawn_by"])
    # So that the same address can be nominated again.
    Nomination.objects.filter(pk=enrolment.nomination_id, withdrawn_at__isnull=True).update(
        withdrawn_at=now, withdrawn_by=by
    )
    tell_left(enrolment, by=by, begun=has_begun(course))
    return enrolment


def refuse_leaving(enrolment: Enrolment, by: Person) -> None:
    """Raise where `by` cannot give up this place now, in words that say what to do instead.

    Raises:
        CourseCancelled: there is nothing left to give up.
        EnrolmentFrozen: its outcome was approved.
        OutcomeFinalised: a trainer finalised its outcome, and `by` is not The AIM Project.
        CourseBegun: only the participant or The AIM Project can do it now.
    """
    own = by.pk == enrolment.person_id
    refuse_cancelled(enrolment.course)
    if enrolment.frozen_at:
        raise EnrolmentFrozen(
            _("The outcome was approved, so this place stays as it is. If it is wrong, write to %(address)s.")
            % {"address": settings.AIM["SUPPORT_EMAIL"]}
        )
    if enrolment.outcome_finalised_at and (own or not by.is_aim_admin):
        raise OutcomeFinalised(
            _(
                "The trainer has finalised an outcome, so this place is not given up any more. What was"
                " recorded is read by the person first. If something in it is wrong, write to %(address)s."
            )
            % {"address": settings.AIM["SUPPORT_EMAIL"]}
        )
    if not own and not by.is_aim_admin and has_begun(enrolment.course):
        raise CourseBegun(
            _(
                "The course has begun. Only the participant themself, or The AIM Project, can withdraw them"
                " now."
            )
        )


def has_begun(course: Course) -> bool:
    """Whether the course's first session has started."""
    starts_at = first_start(course)
    return starts_at is not None and starts_at <= timezone.now()


@transaction.atomic
def note_identity(*, enrolment: Enrolment, by: Person, checked: bool = True) -> Enrolment:
    """Note that a participant of an online course showed who they are on camera; nothing is recorded.

    Args:
        enrolment: whose.
        by: a trainer of the course.
        checked: False takes a note back that was made by mistake.

    Returns:
        The enrolment; a note that stands keeps its date and its author.

    Raises:
        EnrolmentFrozen, OutcomeFinalised: its outcome was approved, or finalised.
        CourseRefused: the course does not meet online, was cancelled, or has not reached its first day; the
            place was given up; or `by` does not train the course or has a place on it.
    """
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",)).select_related("course").get(pk=enrolment.pk)
    )
    course = enrolment.course
    refuse_cancelled(course)
    if enrolment.frozen_at:
        raise EnrolmentFrozen(_("The outcome was approved, so this record stays as it is."))
    if enrolment.outcome_finalised_at:
        raise OutcomeFinalised(
            _("The outcome was finalised, so this note stays as it is. If it is wrong, tell The AIM Project.")
        )
    if course.delivery != Delivery.ONLINE:
        raise CourseRefused(_("Identity is noted for online courses only."))
    if enrolment.withdrawn_at or not trains_others(by, course):
        raise CourseRefused(_("Only a trainer of the course notes this, for somebody who takes part in it."))
    starts_at = first_start(course)
    if starts_at is None or starts_at.astimezone(course.zone).date() > timezone.localdate(
        timezone=course.zone
    ):
        raise CourseRefused(_("Identity can be noted from the first day of the course."))
    if checked != (enrolment.identity_checked_at is not None):
        enrolment.identity_checked_at = timezone.now() if checked else None
        enrolment.identity_checked_by = by if checked else None
        enrolment.save(update_fields=["identity_checked_at", "identity_checked_by"])
    return enrolment


@transaction.atomic
def freeze_enrolment(*, enrolment: Enrolment, by: Person) -> Enrolment:
    """Keep an approved enrolment as it was approved: its register and certificate name refuse change.

    Certification calls this in the transaction that issues the certificate.

    Args:
        enrolment: which.
        by: who approved.

    Returns:
        The enrolment; one that was frozen already keeps its date.
    """
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if enrolment.frozen_at is None:
        enrolment.frozen_at = timezone.now()
        enrolment.save(update_fields=["frozen_at"])
    return enrolment
