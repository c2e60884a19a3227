"""Letters about a version or a day: that something waits, and where; never a passage or a reason.

Who is told what stands in docs/who-is-told.md, and is tested against it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actions import write_to
from accounts.models import Person
from assessments.models import (
    AdjustmentRequest,
    Objection,
    Recommendation,
    TimeGrant,
    Transcription,
    Version,
    VersionAuthor,
)
from courses.emails import trainers_of
from courses.models import Course, Enrolment

SOMETHING_WAITS = _("Something waits for you on AIMcert")


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


def tell_author_ended(author: VersionAuthor) -> None:
    """They do not write it any more."""
    subject = _("You no longer write a case study with us")
    _tell(author.person, subject, "version_author_ended", author.version)


def tell_version_withdrawn(version: Version, associates: Iterable[Person]) -> None:
    """They were asked to read it, and need not any more."""
    for associate in associates:
        _tell(associate, _("A case study needs no answer any more"), "versions_withdrawn", version)


def tell_agreement_missing(version: Version, associates: Iterable[Person]) -> None:
    """It came into force without them: until they agree, they are not cleared to train."""
    for associate in associates:
        _tell(associate, _("A case study came into force: please read it"), "versions_in_force", version)


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
    for trainer in trainers_of(course):
        _tell(
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
        _something_waits(admin, course, reverse("home"))


def tell_adjustment_answered(request: AdjustmentRequest) -> None:
    """To the person; not even the address that it leads to says what about."""
    enrolment = request.enrolment
    _something_waits(
        enrolment.person, enrolment.course, reverse("assessments:task_list", args=[enrolment.uuid])
    )


def tell_reopened(grant: TimeGrant) -> None:
    """To the person: they can answer again, and may have gone home."""
    enrolment = grant.enrolment
    _something_waits(
        enrolment.person,
        enrolment.course,
        reverse("assessments:task_list", args=[enrolment.uuid]),
        subject=_("You can answer again"),
        template="answering_reopened",
    )


def tell_disagreed(recommendation: Recommendation) -> None:
    """To who recommended it: a co-trainer sees an outcome otherwise; whose and how, their page says."""
    enrolment = recommendation.enrolment
    _something_waits(
        recommendation.recommended_by,
        enrolment.course,
        reverse("assessments:disagree", args=[enrolment.course.uuid, enrolment.uuid]),
        subject=_("A co-trainer has said something about an outcome"),
        template="trainer_disagrees",
    )


def tell_transcription_to_check(transcription: Transcription) -> None:
    """To the person whose paper was typed in by another: they may compare it with the paper."""
    enrolment = transcription.enrolment
    _something_waits(
        enrolment.person,
        enrolment.course,
        reverse("home"),
        subject=_("Your answers on paper were typed in: please compare them"),
        template="paper_to_compare",
    )


def _something_waits(
    person: Person,
    course: Course,
    path: str,
    *,
    subject: Promise = SOMETHING_WAITS,
    template: str = "something_waits",
) -> None:
    """What is about an adjustment does not say so: a mailbox may be read by an employer."""
    write_to(
        person=person, subject=subject, template=template, context={"course": course.title, "path": path}
    )


def _tell(person: Person, subject: Promise, template: str, version: Version, **context: Any) -> None:
    write_to(
        person=person,
        subject=subject,
        template=template,
        context={"version": version, "programme": version.case_study.programme.name, **context},
    )
