"""Who trains a course."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ConfirmedAddress, Person
from aimcert.foundation.name_order import InOrder
from courses.actions.refusals import CourseBegun, CourseRefused, first_start, locked, refuse_cancelled
from courses.emails import tell_assigned, tell_unassigned
from courses.models import Course, CourseAssociate, Licence
from courses.rules import own_places


class NotLicensed(CourseRefused):
    """The Associate holds no licence for this course's programme and country on all of its dates."""


class TakesPart(CourseRefused):
    """Somebody would both train a course and take part in it."""


def days_of(course: Course) -> set[date]:
    """The local dates on which a course meets."""
    return {
        moment.astimezone(course.zone).date()
        for session in course.sessions.all()
        for moment in (session.starts_at, session.ends_at)
    }


def covers(licence: Licence, days: set[date]) -> bool:
    """Whether a licence of the right programme and country lets its Associate train on all of `days`.

    Not withdrawn, in force on each day, and cleared: its Associate agreed to the case study in force.
    """
    return (
        licence.withdrawn_at is None
        and licence.cleared_at is not None
        and all(
            licence.valid_from <= day and (licence.valid_until is None or day <= licence.valid_until)
            for day in days
        )
    )


def covering_licences(course: Course) -> list[Licence]:
    """Licences under which their Associates can train all of `course`, by name: two queries."""
    days = days_of(course)
    candidates = Licence.objects.filter(
        programme=course.programme_id,
        country=course.country,
        withdrawn_at__isnull=True,
        associate__is_active=True,
    ).select_related("associate")
    in_order = candidates.order_by(InOrder("associate__name"), "pk")
    return [licence for licence in in_order if covers(licence, days)]


class Hindrance(StrEnum):
    """Why an Associate who holds a licence for a course's programme cannot train the course yet."""

    ELSEWHERE = "elsewhere"
    DATES = "dates"
    NOT_AGREED = "not_agreed"


def hindered_licences(course: Course) -> list[tuple[Licence, Hindrance]]:
    """Licences for the programme under which their Associates cannot train all of `course`, and why, by name.

    Of each Associate one, the nearest to what it takes; none of those who can. Two queries.
    """
    days = days_of(course)
    licences = Licence.objects.filter(
        programme=course.programme_id, withdrawn_at__isnull=True, associate__is_active=True
    ).select_related("associate")
    found: dict[int, tuple[Licence, Hindrance]] = {}
    able = set()
    nearest = list(Hindrance)
    for licence in licences.order_by(InOrder("associate__name"), "pk"):
        here = licence.country == course.country
        if here and covers(licence, days):
            able.add(licence.associate_id)
            continue
        if not here:
            why = Hindrance.ELSEWHERE
        else:
            why = Hindrance.DATES if licence.cleared_at else Hindrance.NOT_AGREED
        before = found.get(licence.associate_id)
        if before is None or nearest.index(why) > nearest.index(before[1]):
            found[licence.associate_id] = (licence, why)
    return [one for associate, one in found.items() if associate not in able]


def unlicensed_associates(course: Course) -> list[Person]:
    """The course's Associates who hold no licence that covers it."""
    assigned = list(course.associates.select_related("associate").order_by("pk"))
    if not assigned:
        return []
    licensed = {licence.associate_id for licence in covering_licences(course)}
    return [row.associate for row in assigned if row.associate_id not in licensed]


@transaction.atomic
def assign_associate(*, course: Course, associate: Person, by: Person) -> CourseAssociate:
    """Have an Associate train a course, alone or with others.

    Args:
        course: which; its sessions are set.
        associate: licensed for its programme in its country on each session's local date, and cleared.
        by: the AIM admin.

    Returns:
        The assignment; the existing one where they are assigned already.

    Raises:
        CourseCancelled: it was cancelled.
        CourseRefused: it has no sessions yet.
        NotLicensed: no licence covers it.
        TakesPart: they are nominated for it, or have or had a place on it.

    Side effects:
        Writes to them, where the course is published.
    """
    course = locked(course)
    refuse_cancelled(course)
    existing = course.associates.filter(associate=associate).first()
    if existing is not None:
        return existing
    if not course.sessions.exists():
        raise CourseRefused(_("Set this course’s sessions first: an Associate is licensed for dates."))
    licence = next((one for one in covering_licences(course) if one.associate_id == associate.pk), None)
    if licence is None:
        raise NotLicensed(
            _(
                "%(name)s may not train this course: licensed for its programme, in its country, on each of"
                " its dates, and agreed to the case study in force is what it takes."
            )
            % {"name": associate},
            field="associate",
        )
    accounts = Person.objects.accounts_of(associate)
    nominated = (
        course.nominations.standing()
        .filter(
            Q(email__in=accounts.values("email"))
            | Q(email__in=ConfirmedAddress.objects.of(associate).values("email"))
        )
        .exists()
    )
    if nominated or own_places(associate).filter(course=course).exists():
        raise TakesPart(
            _("%(name)s is nominated for this course, or has or had a place on it, so they cannot train it.")
            % {"name": associate},
            field="associate",
        )
    assigned = CourseAssociate.objects.create(
        course=course, associate=associate, licence=licence, assigned_by=by
    )
    if course.published_at:
        tell_assigned(course, associate)
    return assigned


def refuse_unassigning(course: Course) -> None:
    """Raise where nobody can be taken off `course` any more, whoever it is.

    Raises:
        CourseCancelled: it was cancelled.
        CourseBegun: it has begun, and who trained it must be known for ever.
    """
    refuse_cancelled(course)
    starts_at = first_start(course)
    if course.published_at and starts_at is not None and starts_at <= timezone.now():
        raise CourseBegun(
            _(
                "This course has begun, so who trained it stays on record. To stop somebody, withdraw their"
                " licence."
            )
        )


@transaction.atomic
def unassign_associate(*, course: Course, associate: Person, by: Person) -> None:
    """Take an Associate off a course that has not begun; one who is not on it stays so.

    Args:
        course: which.
        associate: whom.
        by: the AIM admin.

    Raises:
        CourseCancelled: it was cancelled.
        CourseBegun: it has begun, and who trained it must be known for ever.
        CourseRefused: it is published and they are its only Associate.

    Side effects:
        Writes to them, where the course is published.
    """
    course = locked(course)
    refuse_cancelled(course)
    assigned = course.associates.filter(associate=associate).first()
    if assigned is None:
        return
    refuse_unassigning(course)
    if course.published_at and course.associates.count() == 1:
        raise CourseRefused(_("A published course has at least one Associate. Assign another first."))
    assigned.delete()
    if course.published_at:
        tell_unassigned(course, associate)
