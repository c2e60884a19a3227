"""Letters about courses: that something waits or changed, and where; never a result or a reason.

Who is told what stands in docs/who-is-told.md, and is tested against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.actions import queue_email, reader_of, write_to
from accounts.models import Organisation, Person
from aimcert.foundation.times import said_moment, said_times
from courses.models import Course, Enrolment, Licence, MakeUpRequest, Nomination
from courses.rules import training_now

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def contacts_of(organisation: Organisation | None, *, but: Person | None = None) -> list[Person]:
    """Those who act for `organisation` now, without `but`; where none is left, The AIM Project's staff."""
    others = Person.objects.order_by("pk")
    reader = reader_of(but) if but is not None else None
    if reader is not None:
        others = others.exclude(pk=reader.pk)
    acting = list(others.acting_for(organisation.pk)) if organisation is not None else []
    return acting or list(others.on_staff())


def trainers_of(course: Course) -> list[Person]:
    """Those who train `course` now: assigned to it under a licence that holds."""
    training = training_now().filter(course=course).select_related("associate").order_by("pk")
    return [assigned.associate for assigned in training]


def tell_invited(nominations: Sequence[Nomination], *, last_end: datetime | None) -> None:
    """To each its invitation's link, at the address that it is bound to, and until when it works.

    Args:
        nominations: of one course, each with its `token`.
        last_end: when the course's last session ends.
    """
    emails = [nomination.email for nomination in nominations]
    languages = dict(Person.objects.filter(email__in=emails).values_list("email", "language"))
    for nomination in nominations:
        _tell_invited_address(
            nomination,
            _("You are invited to a course: please answer"),
            "courses_invited",
            language=languages.get(nomination.email, settings.LANGUAGE_CODE),
            token=nomination.token,
            until=said_moment(nomination.works_until(last_end), nomination.course.zone),
            nominated_by=nomination.nominated_by.name,
        )


def tell_invitation_withdrawn(nomination: Nomination) -> None:
    """The link does nothing any more."""
    _tell_invited_address(
        nomination, _("Your invitation to a course was withdrawn"), "courses_invitation_withdrawn"
    )


def tell_declined(nomination: Nomination) -> None:
    """To those who act for the sponsor: somebody whom they put forward does not come."""
    _tell_sponsor(
        nomination.sponsor_organisation,
        _("Somebody declined an invitation to a course"),
        "courses_declined",
        nomination.course,
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


def tell_sponsor_to_be_named(enrolment: Enrolment) -> None:
    """A walk-in has no sponsor so far, or no longer: The AIM Project names one."""
    for admin in contacts_of(None, but=enrolment.person):
        _tell_person(
            admin,
            _("Somebody on a course needs a sponsor"),
            "courses_sponsor_to_be_named",
            enrolment.course,
        )


def tell_sponsor_named(enrolment: Enrolment) -> None:
    """The AIM Project named another sponsor than they accepted their place with: their page says who."""
    _tell_person(
        enrolment.person,
        _("Your sponsor on a course has changed"),
        "courses_sponsor_named",
        enrolment.course,
        enrolment=enrolment,
    )


def tell_left(enrolment: Enrolment, *, by: Person, begun: bool) -> None:
    """Somebody's place was given up: to everyone else whom that concerns.

    To the person, where another did it; to those who act for the sponsor, where it was not one of
    them, and of a walk-in, where it has confirmed; once the course has begun, to its trainers, who have
    an outcome to record.
    """
    course = enrolment.course
    sponsor = enrolment.sponsor_organisation if enrolment.is_confirmed else None
    if by.pk != enrolment.person_id:
        _tell_person(
            enrolment.person,
            _("Your place on a course was withdrawn"),
            "courses_place_withdrawn",
            course,
            # Whoever did it did so for the sponsor or for The AIM Project, and that is what counts.
            sponsor=sponsor if sponsor is not None and sponsor.pk in by.organisation_ids else None,
        )
    if sponsor is None or by.pk == enrolment.person_id or sponsor.pk not in by.organisation_ids:
        _tell_sponsor(
            sponsor,
            _("Somebody gave up their place on a course"),
            "courses_place_given_up",
            course,
            but=enrolment.person,
        )
    if begun:
        for trainer in trainers_of(course):
            _tell_person(trainer, _("Somebody left a course that you train"), "courses_left", course)


def tell_published(course: Course) -> None:
    """To its Associates, and to those who can now nominate for it."""
    for trainer in trainers_of(course):
        tell_assigned(course, trainer)
    _tell_sponsor(
        course.organisation, _("You can now nominate people for a course"), "courses_published", course
    )


def tell_assigned(course: Course, associate: Person) -> None:
    """They train a published course."""
    _tell_person(associate, _("You train a course"), "courses_assigned", course)


def tell_unassigned(course: Course, associate: Person) -> None:
    """They do not train it any more."""
    _tell_person(associate, _("You no longer train a course"), "courses_unassigned", course)


def tell_changed(course: Course) -> None:
    """When or where a published course meets has changed."""
    _tell_everyone(course, _("A course has changed: check when and where"), "courses_changed")


def tell_cancelled(course: Course) -> None:
    """A published course does not take place."""
    _tell_everyone(course, _("A course was cancelled"), "courses_cancelled")


def tell_licensed(licence: Licence) -> None:
    """They may train, once cleared."""
    _tell_licence(licence, _("You are licensed to train"), "courses_licensed")


def tell_licence_changed(licence: Licence) -> None:
    """It ends on another day than they knew."""
    _tell_licence(licence, _("The last day of a licence of yours was changed"), "courses_licence_changed")


def tell_licence_withdrawn(licence: Licence) -> None:
    """They train no more under it."""
    _tell_licence(licence, _("A licence of yours was withdrawn"), "courses_licence_withdrawn")


def tell_make_up_asked(request: MakeUpRequest) -> None:
    """They are asked whether somebody attended a session that they held."""
    programme = request.enrolment.course.programme.name
    _tell_about_make_up(
        request,
        request.associate,
        _("Please confirm a session that you held"),
        "courses_make_up_asked",
        programme=programme,
    )


def tell_make_up_answered(request: MakeUpRequest) -> None:
    """The Associate whom they asked has answered."""
    _tell_about_make_up(
        request,
        request.asked_by,
        _("An Associate has answered you"),
        "courses_make_up_answered",
        course=request.enrolment.course,
    )


def _tell_about_make_up(
    request: MakeUpRequest, to: Person, subject: StrOrPromise, template: str, **context: Any
) -> None:
    write_to(person=to, subject=subject, template=template, context={"request": request, **context})


def _tell_licence(licence: Licence, subject: StrOrPromise, template: str) -> None:
    write_to(
        person=licence.associate,
        subject=subject,
        template=template,
        context={"licence": licence, "programme": licence.programme.name},
    )


def _tell_sponsor(
    sponsor: Organisation | None,
    subject: StrOrPromise,
    template: str,
    course: Course,
    *,
    but: Person | None = None,
) -> None:
    """Whoever is their own sponsor, or hosts an open course, has nobody to be told."""
    if sponsor is not None:
        for contact in contacts_of(sponsor, but=but):
            _tell_person(contact, subject, template, course)


def _tell_everyone(course: Course, subject: StrOrPromise, template: str) -> None:
    """Whoever has a place, trains it, commissioned it or put somebody forward; then who was only invited."""
    standing = course.nominations.standing()
    known = standing.known_to_sponsor().values_list("sponsor_organisation", flat=True)
    sponsors = {course.organisation_id, *known}
    acting = [person for pk in sponsors for person in Person.objects.acting_for(pk).order_by("pk")]
    enrolled = Person.objects.filter(enrolments__course=course, enrolments__withdrawn_at__isnull=True)
    people = _readers([*enrolled.order_by("pk"), *trainers_of(course), *acting])
    for person in people:
        _tell_person(person, subject, template, course)
    told = {person.email for person in people}
    # An invited address may belong to nobody yet. Once, however many sponsors put it forward.
    for nomination in standing.filter(enrolment__isnull=True).order_by("email", "pk").distinct("email"):
        if nomination.email not in told:
            _tell_invited_address(nomination, subject, template)


def _readers(people: Iterable[Person]) -> list[Person]:
    """Who reads letters to `people`, each once, whichever of their accounts was meant."""
    return list({reader.pk: reader for person in people if (reader := reader_of(person))}.values())


def _tell_person(
    person: Person, subject: StrOrPromise, template: str, course: Course, **context: Any
) -> None:
    write_to(person=person, subject=subject, template=template, context={**_what_and_when(course), **context})


def _tell_invited_address(
    nomination: Nomination,
    subject: StrOrPromise,
    template: str,
    *,
    language: str | None = None,
    **context: Any,
) -> None:
    """`language`: the reader's, where it was looked up already."""
    if language is None:
        known = Person.objects.with_address(nomination.email).first()
        language = known.language if known else settings.LANGUAGE_CODE
    queue_email(
        to=nomination.email,
        subject=subject,
        template=template,
        context={
            **_what_and_when(nomination.course),
            "nomination": nomination,
            "name": nomination.name,
            **context,
        },
        language=language,
    )


def _what_and_when(course: Course) -> dict[str, object]:
    zone = course.zone
    sessions = [said_times(row.starts_at, row.ends_at, zone, place=False) for row in course.sessions.all()]
    return {"course": course, "sessions": sessions}
