"""Letters about a version or a day: that something waits, and where; never a passage or a reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actions import queue_email
from accounts.models import Person, StaffAppointment
from assessments.models import AdjustmentRequest, Objection, Transcription, Version
from courses.models import Course, Enrolment


def authors_of(version: Version) -> list[Person]:
    """Who answers for its text: those invited to write it, and who drafted and proposed it."""
    invited = version.authors.filter(ended_at__isnull=True).values("person")
    wrote = Q(pk__in=invited) | Q(pk__in=[version.drafted_by_id, version.proposed_by_id])
    return list(Person.objects.filter(wrote, is_active=True).order_by("pk"))


def tell_proposed(version: Version, associates: Iterable[Person]) -> None:
    """They are asked to read it and to agree or object."""
    for associate in associates:
        _tell(associate, _("A case study waits for your agreement"), "versions_proposed", version)


def tell_reminded(version: Version, associate: Person) -> None:
    """It still waits for them."""
    _tell(associate, _("A reminder: a case study waits for your agreement"), "versions_reminder", version)


def tell_objection(objection: Objection, people: Iterable[Person]) -> None:
    """Something was said that they may want to answer."""
    for person in people:
        _tell(
            person,
            _("An objection to a case study: something was said"),
            "versions_objection",
            objection.version,
            objection=objection,
        )


def tell_moved(course: Course, version: Version) -> None:
    """To its trainers: their course uses a newer version of the case study."""
    for assigned in course.associates.select_related("associate").order_by("pk"):
        _tell(
            assigned.associate,
            _("Your course uses a newer version of the case study"),
            "versions_course_moved",
            version,
            course=course,
        )


def tell_adjustment_asked(request: AdjustmentRequest) -> None:
    """To every AIM admin without a place on that course: what it is, and whose, only their page says."""
    course = request.enrolment.course
    staff = StaffAppointment.objects.filter(person=OuterRef("pk"), ended_at__isnull=True)
    places = Enrolment.objects.filter(Q(person=OuterRef("pk")) | Q(person__merged_into=OuterRef("pk")))
    admins = Person.objects.filter(Exists(staff), ~Exists(places.filter(course=course)), is_active=True)
    for admin in admins.order_by("pk"):
        _something_waits(admin, course, reverse("home"))


def tell_adjustment_answered(request: AdjustmentRequest) -> None:
    """To the person; not even the address that it leads to says what about."""
    enrolment = request.enrolment
    _something_waits(
        enrolment.person, enrolment.course, reverse("assessments:task_list", args=[enrolment.uuid])
    )


def tell_transcription_to_check(transcription: Transcription) -> None:
    """To the person whose paper was typed in by another: they may compare it with the paper."""
    enrolment = transcription.enrolment
    _something_waits(enrolment.person, enrolment.course, reverse("home"))


def _something_waits(person: Person, course: Course, path: str) -> None:
    queue_email(
        to=person.email,
        subject=_("Something waits for you on AIMcert"),
        template="something_waits",
        context={"name": person.name, "course": course.title, "path": path},
        language=person.language,
    )


def _tell(person: Person, subject: Promise, template: str, version: Version, **context: Any) -> None:
    queue_email(
        to=person.email,
        subject=subject,
        template=template,
        context={
            "name": person.name,
            "version": version,
            "programme": version.case_study.programme.name,
            **context,
        },
        language=person.language,
    )
