"""Letters about a day: that something waits, and where; never a reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actions import write_to
from accounts.models import Person
from assessments.answering.models import (
    AdjustmentRequest,
    ConsiderationDecision,
    SpecialConsideration,
    TimeGrant,
    Transcription,
)
from assessments.case_studies.emails import tell_about_version
from assessments.case_studies.models import Version
from courses.emails import trainers_of
from courses.models import Course, Enrolment

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SOMETHING_WAITS = _("Something waits for you on AIMcert")


def tell_moved(course: Course, version: Version) -> None:
    """To its trainers: their course uses a newer version of the case study."""
    for trainer in trainers_of(course):
        tell_about_version(
            trainer,
            _("Your course uses a newer version of the case study"),
            "versions_course_moved",
            version,
            course=course,
        )


def tell_adjustment_asked(request: AdjustmentRequest) -> None:
    """To every AIM admin without a place on that course: what it is, and whose, only their page says."""
    course = request.enrolment.course
    places = Enrolment.objects.filter(Q(person=OuterRef("pk")) | Q(person__merged_into=OuterRef("pk")))
    admins = Person.objects.on_staff().filter(~Exists(places.filter(course=course)))
    for admin in admins.order_by("pk"):
        something_waits(admin, course, reverse("home"))


def tell_adjustment_answered(request: AdjustmentRequest) -> None:
    """To the person; not even the address that it leads to says what about."""
    _to_their_page(request.enrolment)


def tell_considerations_recorded(rows: Iterable[SpecialConsideration]) -> None:
    """To each person of whom a trainer recorded that something happened to them; not even that it is so."""
    for row in rows:
        _to_their_page(row.enrolment)


def tell_considerations_decided(decisions: Iterable[ConsiderationDecision]) -> None:
    """To each person whom it is about, and once to each trainer who recorded it."""
    trainers = {}
    for decision in decisions:
        row = decision.consideration
        _to_their_page(row.enrolment)
        if not row.is_told_by_themself:
            trainers[row.recorded_by_id, row.enrolment.course_id] = (row.recorded_by, row.enrolment.course)
    for trainer, course in trainers.values():
        something_waits(trainer, course, reverse("assessments:room", args=[course.uuid]))


def _to_their_page(enrolment: Enrolment) -> None:
    something_waits(
        enrolment.person, enrolment.course, reverse("assessments:task_list", args=[enrolment.uuid])
    )


def tell_reopened(grant: TimeGrant) -> None:
    """To the person: they can answer again, and may have gone home."""
    enrolment = grant.enrolment
    something_waits(
        enrolment.person,
        enrolment.course,
        reverse("assessments:task_list", args=[enrolment.uuid]),
        subject=_("You can answer again"),
        template="answering_reopened",
    )


def tell_transcription_to_check(transcription: Transcription) -> None:
    """To the person whose paper was typed in by another: they may compare it with the paper."""
    enrolment = transcription.enrolment
    something_waits(
        enrolment.person,
        enrolment.course,
        reverse("home"),
        subject=_("Your answers on paper were typed in: please compare them"),
        template="paper_to_compare",
    )


def something_waits(
    person: Person,
    course: Course,
    path: str,
    *,
    subject: StrOrPromise = SOMETHING_WAITS,
    template: str = "something_waits",
) -> None:
    """What is about an adjustment does not say so: a mailbox may be read by an employer."""
    write_to(
        person=person, subject=subject, template=template, context={"course": course.title, "path": path}
    )
