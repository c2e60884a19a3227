"""Letters about an outcome between trainers: that something waits, and where."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actions import write_to
from accounts.models import Person
from assessments.answering.emails import something_waits
from assessments.marking.models import Recommendation, SecondMarker
from courses.emails import trainers_of
from courses.models import Enrolment


def tell_disagreed(recommendation: Recommendation) -> None:
    """To who recommended it: a co-trainer sees an outcome otherwise; whose and how, their page says."""
    enrolment = recommendation.enrolment
    something_waits(
        recommendation.recommended_by,
        enrolment.course,
        reverse("assessments:disagree", args=[enrolment.course.uuid, enrolment.uuid]),
        subject=_("A co-trainer has said something about an outcome"),
        template="trainer_disagrees",
    )


def tell_asked_again(person: Person) -> None:
    """To who was asked to mark something a second time: of which course, and whose, no letter says."""
    write_to(
        person=person,
        subject=_("You are asked to mark something a second time"),
        template="second_marker_asked",
        context={"path": reverse("assessments:second_scripts")},
    )


def tell_to_settle(enrolment: Enrolment, *, to_second: bool = False) -> None:
    """To the trainers of the course, or to the second marker: there is something to read and to agree on."""
    if not to_second:
        _to_trainers(enrolment, None)
        return
    asked = SecondMarker.objects.filter(submission__enrolment=enrolment, ended_at__isnull=True)
    for one in asked.select_related("marker").order_by("pk"):
        _second_marking_waits(one.marker, reverse("assessments:second_settle", args=[one.uuid]))


def tell_settled(enrolment: Enrolment, *, but: Person) -> None:
    """To the trainers of the course but who settled it: what came of it, their page says."""
    _to_trainers(enrolment, but)


def _to_trainers(enrolment: Enrolment, but: Person | None) -> None:
    course = enrolment.course
    for trainer in trainers_of(course):
        if trainer != but:
            _second_marking_waits(trainer, reverse("assessments:settle", args=[course.uuid, enrolment.uuid]))


def _second_marking_waits(person: Person, path: str) -> None:
    write_to(
        person=person,
        subject=_("Something waits about a second marking"),
        template="second_marking_waits",
        context={"path": path},
    )
