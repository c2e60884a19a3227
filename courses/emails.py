"""Letters about courses: that something waits or changed, and where; never a result or a reason."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actions import queue_email
from accounts.models import Organisation, Person
from courses.models import Course, Enrolment, Licence, Nomination
from courses.times import place_of, said_times


def contacts_of(organisation: Organisation | None, *, but: Person | None = None) -> list[Person]:
    """Those who act for `organisation` now, without `but`; where none is left, The AIM Project's staff."""
    others = Person.objects.filter(is_active=True)
    if but is not None:
        others = others.exclude(pk=but.pk)
    found: list[Person] = []
    if organisation is not None:
        acting = others.filter(memberships__organisation=organisation, memberships__ended_at__isnull=True)
        found = list(acting.distinct().order_by("pk"))
    return found or list(others.filter(staff_appointments__ended_at__isnull=True).distinct().order_by("pk"))


def tell_invited(nomination: Nomination, token: str) -> None:
    """The invitation's link, to the address it is bound to, in that person's language if they have one."""
    known = Person.objects.with_address(nomination.email).first()
    language = known.language if known else settings.LANGUAGE_CODE
    _tell(
        nomination.email,
        language,
        _("You are invited to a course: please answer"),
        "courses_invited",
        nomination.course,
        name=nomination.name,
        token=token,
        nomination=nomination,
        nominated_by=nomination.nominated_by.name,
    )


def tell_invitation_withdrawn(nomination: Nomination) -> None:
    """The link does nothing any more."""
    _tell(
        nomination.email,
        settings.LANGUAGE_CODE,
        _("Your invitation to a course was withdrawn"),
        "courses_invitation_withdrawn",
        nomination.course,
        name=nomination.name,
    )


def tell_enrolled(enrolment: Enrolment) -> None:
    """The place is theirs."""
    _tell_person(
        enrolment.person, _("Your place on a course is confirmed"), "courses_enrolled", enrolment.course
    )


def tell_sponsor_to_confirm(enrolment: Enrolment) -> None:
    """A walk-in waits for the sponsor's word."""
    for contact in contacts_of(enrolment.sponsor_organisation, but=enrolment.person):
        _tell_person(
            contact,
            _("Somebody joined a course on the day: please confirm"),
            "courses_walk_in_to_confirm",
            enrolment.course,
        )


def tell_published(course: Course) -> None:
    """To its Associates, and to those who can now nominate for it."""
    for assigned in course.associates.select_related("associate"):
        tell_assigned(course, assigned.associate)
    if course.organisation is not None:
        for contact in contacts_of(course.organisation):
            _tell_person(contact, _("You can now nominate people for a course"), "courses_published", course)


def tell_assigned(course: Course, associate: Person) -> None:
    """They train a published course."""
    _tell_person(associate, _("You train a course"), "courses_assigned", course)


def tell_changed(course: Course) -> None:
    """When or where a published course meets has changed."""
    _tell_everyone(course, _("A course has changed: check when and where"), "courses_changed")


def tell_cancelled(course: Course) -> None:
    """A published course does not take place."""
    _tell_everyone(course, _("A course was cancelled"), "courses_cancelled")


def tell_licensed(licence: Licence) -> None:
    """They may train, once cleared."""
    _tell_licence(licence, _("You are licensed to train"), "courses_licensed")


def tell_licence_withdrawn(licence: Licence) -> None:
    """They train no more under it."""
    _tell_licence(licence, _("A licence of yours was withdrawn"), "courses_licence_withdrawn")


def _tell_licence(licence: Licence, subject: Promise, template: str) -> None:
    associate = licence.associate
    queue_email(
        to=associate.email,
        subject=subject,
        template=template,
        context={"name": associate.name, "licence": licence, "programme": licence.programme.name},
        language=associate.language,
    )


def _tell_everyone(course: Course, subject: Promise, template: str) -> None:
    # Whoever is enrolled reads it in their language; an invited address may belong to nobody yet.
    people = {
        person.email: person
        for person in Person.objects.filter(
            enrolments__course=course, enrolments__withdrawn_at__isnull=True
        ).order_by("pk")
    }
    people |= {row.associate.email: row.associate for row in course.associates.select_related("associate")}
    for person in people.values():
        _tell_person(person, subject, template, course)
    invited = course.nominations.standing().filter(enrolment__isnull=True).order_by("email", "pk")
    # Once, however many sponsors put the address forward.
    for nomination in invited.distinct("email"):
        if nomination.email not in people:
            _tell(nomination.email, settings.LANGUAGE_CODE, subject, template, course, name=nomination.name)


def _tell_person(person: Person, subject: Promise, template: str, course: Course) -> None:
    _tell(person.email, person.language, subject, template, course, name=person.name)


def _tell(to: str, language: str, subject: Promise, template: str, course: Course, **context: Any) -> None:
    zone = course.zone
    sessions = [said_times(row.starts_at, row.ends_at, zone) for row in course.sessions.all()]
    queue_email(
        to=to,
        subject=subject,
        template=template,
        context={"course": course, "sessions": sessions, "place": place_of(zone.key), **context},
        language=language,
    )
