"""Letters of certification: that something waits, and where; never a result, an answer or a reason."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actions import queue_email
from accounts.models import Membership, Person, StaffAppointment
from certification.models import Appointment, Certificate, FollowUp
from courses.models import Course, Enrolment


def something_waits(person: Person, course: Course, path: str) -> None:
    """Write to `person` that something of `course` waits for them at `path`.

    Good news and bad come in the same letter, so that nobody learns an outcome from their mailbox.
    """
    queue_email(
        to=person.email,
        subject=_("Something waits for you on AIMcert"),
        template="something_waits",
        context={"name": person.name, "course": course.title, "path": path},
        language=person.language,
    )


def tell_feedback_waits(follow_up: FollowUp) -> None:
    """Write to the person that something waits; what it is, only their page says."""
    enrolment = follow_up.enrolment
    something_waits(
        enrolment.person, enrolment.course, reverse("certification:my_course", args=[enrolment.uuid])
    )


def tell_follow_up_waits(follow_up: FollowUp) -> None:
    """Write to everyone who handles a follow-up that something waits; whom it is about, their page says."""
    course = follow_up.enrolment.course
    for person in handlers_of(follow_up):
        something_waits(person, course, reverse("certification:results", args=[course.uuid]))


def handlers_of(follow_up: FollowUp) -> QuerySet[Person]:
    """The sponsor's commissioners but the person themself; where there is none, the AIM admins but them."""
    enrolment = follow_up.enrolment
    others = Person.objects.filter(is_active=True).exclude(pk=enrolment.person_id).order_by("pk")
    acting = Membership.objects.filter(
        person=OuterRef("pk"), organisation=follow_up.sponsor_organisation_id, ended_at__isnull=True
    )
    staff = StaffAppointment.objects.filter(person=OuterRef("pk"), ended_at__isnull=True)
    if enrolment.sponsor_confirmed_at is not None or not enrolment.nomination.is_walk_in:
        commissioners = others.filter(Exists(acting))
        if commissioners.exists():
            return commissioners
    return others.filter(Exists(staff))


def tell_holder(certificate: Certificate) -> None:
    """Write to the person whom `certificate` names; their page says whether it was issued or revoked."""
    enrolment = certificate.enrolment
    something_waits(
        enrolment.person, enrolment.course, reverse("certification:my_course", args=[enrolment.uuid])
    )


def tell_sponsor(certificate: Certificate) -> None:
    """Write to those who act for the certificate's sponsor, but not to the person themself."""
    enrolment = certificate.enrolment
    acting = Membership.objects.filter(
        person=OuterRef("pk"), organisation=certificate.sponsor_organisation_id, ended_at__isnull=True
    )
    others = Person.objects.filter(Exists(acting), is_active=True).exclude(pk=enrolment.person_id)
    for person in others.order_by("pk"):
        something_waits(
            person, enrolment.course, reverse("certification:results", args=[enrolment.course.uuid])
        )


def tell_trainers(enrolment: Enrolment) -> None:
    """Write to the trainers of a course that The AIM Project asks something about somebody on it."""
    course = enrolment.course
    path = reverse("certification:finalise", args=[course.uuid, enrolment.uuid])
    for assigned in course.associates.select_related("associate").order_by("pk"):
        something_waits(assigned.associate, course, path)


def tell_appointed(appointment: Appointment) -> None:
    """Write to an Associate that they were appointed to decide on somebody."""
    enrolment = appointment.enrolment
    path = reverse("certification:decide", args=[enrolment.course.uuid, enrolment.uuid])
    something_waits(appointment.associate, enrolment.course, path)
