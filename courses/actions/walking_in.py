"""Walk-ins: somebody in the room who was not nominated, and their own word on it, signed in, afterwards."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, Person, ever_at
from courses.actions.inviting import (
    CourseFull,
    NominationRefused,
    invite,
    places_left,
    refuse_address,
    refuse_closed,
)
from courses.actions.refusals import CourseOver, CourseRefused, first_start, last_end, locked
from courses.actions.sponsoring import NotAccepted, organisation_named
from courses.invitations import whose_address_is
from courses.models import Course, Enrolment, Nomination
from courses.nominees import Nominee


@transaction.atomic
def add_walk_in(
    *,
    course: Course,
    nominee: Nominee,
    sponsor: Organisation | None,
    sponsor_name: str = "",
    sponsor_to_be_named: bool = False,
    by: Person,
) -> Nomination:
    """Invite somebody who is there on the day and was not nominated; their sponsor confirms afterwards.

    Somebody who was nominated and has not answered gets a new link instead: they are no walk-in. Of a
    walk-in who has not answered, the sponsor that is given now counts. The trainer is shown the link, so
    that whoever accepts by it confirms that signed in, before approval.

    Args:
        course: one that meets today, or has begun and is not over.
        nominee: who it is.
        sponsor: the course's organisation, one that sponsors somebody on it, or None: the person themself,
            unless one of the two that follow is given.
        sponsor_name: the name of another organisation, as it was typed: see `organisation_named`.
        sponsor_to_be_named: leave it to The AIM Project, which reads `sponsor_name` as what was known.
        by: a trainer of the course.

    Returns:
        The nomination, with its `token` as in `nominate`.

    Raises:
        CourseCancelled, CourseOver: the course takes nobody any more.
        CourseRefused: it does not meet before another day.
        SponsorUnknown: no organisation of that name could be asked.
        OwnNomination, AlreadyEnrolled, TakesPart, CourseFull, NominationRefused: as in `nominate`.

    Side effects:
        Writes to the person.
    """
    course = locked(course)
    refuse_closed(course)
    starts_at, ends_at, now = first_start(course), last_end(course), timezone.now()
    if (
        starts_at is None
        or ends_at is None
        or starts_at.astimezone(course.zone).date() > timezone.localdate(timezone=course.zone)
    ):
        raise CourseRefused(_("Walk-ins can be added from the first day of the course."))
    if ends_at < now:
        raise CourseOver(_("This course is over, so nobody can join it."))
    email = nominee.email
    if sponsor_to_be_named:
        sponsor = None
    elif sponsor_name:
        sponsor = organisation_named(sponsor_name, course=course, email=email)
    elif sponsor is not None and sponsor not in walk_in_sponsors(course):
        raise NominationRefused(_("Choose one of the sponsors in the list."), field="sponsor")
    sponsoring = {
        "sponsor_organisation": sponsor,
        "sponsor_to_be_named": sponsor_to_be_named,
        "sponsor_said": sponsor_name if sponsor_to_be_named else "",
    }
    unanswered = course.nominations.standing().filter(email=email, enrolment__isnull=True)
    # Who was nominated is no walk-in, also where somebody added them as one.
    waiting = unanswered.order_by("is_walk_in", "pk").first()
    enrolled = course.enrolments.filter(whose_address_is(email), withdrawn_at__isnull=True).exists()
    if waiting is not None and not enrolled and not ever_at(email).filter(pk=by.pk).exists():
        for field, value in sponsoring.items() if waiting.is_walk_in else ():
            setattr(waiting, field, value)
        return invite(waiting, shown_to=by)
    refuse_address(course, nominee, by)
    if places_left(course) < 1:
        raise CourseFull(
            _("All %(capacity)d places are taken. Ask The AIM Project for more.")
            % {"capacity": course.capacity}
        )
    return invite(
        Nomination(
            course=course,
            is_walk_in=True,
            nominated_by=by,
            **asdict(nominee),
            **sponsoring,
        ),
        shown_to=by,
    )


def walk_in_sponsors(course: Course) -> list[Organisation]:
    """Who a walk-in's sponsor can be: the course's organisation, then whoever sponsors somebody on it."""
    on_course = Organisation.objects.filter(
        nominations__course=course, nominations__withdrawn_at__isnull=True
    ).distinct()
    others = [one for one in on_course if one.pk != course.organisation_id]
    return [*([course.organisation] if course.organisation else []), *others]


@transaction.atomic
def confirm_acceptance(*, enrolment: Enrolment, by: Person) -> Enrolment:
    """Say, signed in, that a place accepted in the room was accepted by oneself, and is paid by oneself.

    The link was shown to a trainer there, who could have used it; the code to sign in went to the
    person's own address alone. Whoever pays for themself confirms in one that they do; alone, where The
    AIM Project says so later (`name_sponsor`).

    Args:
        enrolment: accepted through a link that a trainer was shown, or of a walk-in who pays for themself.
        by: the person themself.

    Returns:
        The enrolment; one that was confirmed already keeps its date.

    Raises:
        NotAccepted: it is somebody else's, or was given up.
    """
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",)).select_related("nomination").get(pk=enrolment.pk)
    )
    if enrolment.person_id != by.pk or enrolment.withdrawn_at:
        raise NotAccepted(_("Only whoever holds this place can confirm that they accepted it."))
    if not enrolment.asks_the_person:
        return enrolment
    if enrolment.acceptance_confirmed_at is None and enrolment.nomination.link_shown_to_id is not None:
        enrolment.acceptance_confirmed_at = timezone.now()
    if enrolment.pays_unconfirmed:
        enrolment.sponsor_confirmed_at, enrolment.sponsor_confirmed_by = timezone.now(), by
    enrolment.save(update_fields=["acceptance_confirmed_at", "sponsor_confirmed_at", "sponsor_confirmed_by"])
    return enrolment
