"""Letters of certification: that something waits, and where; never a result, an answer or a reason.

Who is told what stands in docs/who-is-told.md, and is tested against it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actions import reader_of, write_to
from accounts.models import Person, PersonQuerySet
from aimcert.foundation.times import said_moment
from assessments.models import Recommendation
from certification.models import Appeal, AppealDraft, Appointment, Certificate, FollowUp, PanelMember
from courses.emails import contacts_of, trainers_of
from courses.models import Course, Enrolment

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def tell_feedback_waits(follow_up: FollowUp) -> None:
    """Write to the person that there is something to read; what it is, only their page says."""
    _tell_of_outcome(follow_up.enrolment)


def tell_follow_up_waits(follow_up: FollowUp) -> None:
    """Write to everyone who handles a follow-up."""
    for person in handlers_of(follow_up):
        _tell_handler(person, follow_up.enrolment.course)


def handlers_of(follow_up: FollowUp) -> PersonQuerySet:
    """The sponsor's commissioners but the person themself; where there is none, the AIM admins but them."""
    enrolment = follow_up.enrolment
    others = _but(enrolment.person)
    if enrolment.is_confirmed:
        commissioners = others.acting_for(follow_up.sponsor_organisation_id)
        if commissioners.exists():
            return commissioners
    return others.on_staff()


def _but(person: Person) -> PersonQuerySet:
    """Everybody but `person`, on whichever account they read letters now."""
    reader = reader_of(person) or person
    others: PersonQuerySet = Person.objects.exclude(pk=reader.pk).order_by("pk")
    return others


def tell_holder(certificate: Certificate) -> None:
    """Write to the person whom `certificate` names; their page says whether it was issued or revoked."""
    _tell_of_outcome(certificate.enrolment)


def tell_sponsor(certificate: Certificate) -> None:
    """Write to those who act for the certificate's sponsor, but not to the person themself."""
    enrolment = certificate.enrolment
    for person in _but(enrolment.person).acting_for(certificate.sponsor_organisation_id):
        _tell_handler(person, enrolment.course)


def tell_trainers(enrolment: Enrolment) -> None:
    """Write to those who train the course now that The AIM Project asks something about somebody on it.

    Where nobody trains it any more, to The AIM Project's staff, who can license or assign somebody.
    """
    course = enrolment.course
    path = reverse("certification:finalise", args=[course.uuid, enrolment.uuid])
    for trainer in trainers_of(course) or contacts_of(None, but=enrolment.person):
        _write(
            trainer,
            course,
            path,
            subject=_("The AIM Project asks you something about a course"),
            template="trainers_asked",
        )


def tell_appointed(appointment: Appointment) -> None:
    """Write to an Associate that they were appointed to decide on somebody."""
    enrolment = appointment.enrolment
    _write(
        appointment.associate,
        enrolment.course,
        reverse("certification:decide", args=[enrolment.course.uuid, enrolment.uuid]),
        subject=_("The AIM Project asks you to decide on somebody"),
        template="associate_appointed",
    )


def tell_conversation_due(recommendation: Recommendation) -> None:
    """To who holds a conversation, while they train the course, and to The AIM Project; not to the person."""
    enrolment, holder = recommendation.enrolment, recommendation.conversation_holder
    told = {one.pk: one for one in _but(enrolment.person).on_staff()}
    if holder is not None and holder in trainers_of(enrolment.course):
        told[holder.pk] = holder
    for person in told.values():
        _write(
            person,
            enrolment.course,
            reverse("certification:tell_later", args=[enrolment.course.uuid, enrolment.uuid]),
            subject=_("A conversation with somebody on a course waits to be held"),
            template="conversation_due",
        )


def tell_appeal_received(appeal: Appeal) -> None:
    """Write to who asked for a review: it arrived, and by when it is answered."""
    enrolment = appeal.enrolment
    _write(
        enrolment.person,
        enrolment.course,
        reverse("certification:my_appeal", args=[enrolment.uuid]),
        subject=_("We have what you asked us to look at again"),
        template="appeal_received",
        due=said_moment(appeal.answer_due_at, enrolment.course.zone),
    )


def tell_appeal_waits(appeal: Appeal) -> None:
    """Write to every AIM admin but the person that an appeal waits; that it is overdue, its page says."""
    for person in _but(appeal.enrolment.person).on_staff():
        _tell_of_appeal(person, appeal)


def tell_panel_member(member: PanelMember) -> None:
    """Write to somebody that they were appointed to decide an appeal."""
    _tell_of_appeal(member.person, member.appeal)


def tell_draft_waits(draft: AppealDraft, members: Iterable[PanelMember]) -> None:
    """Write to those who have to confirm `draft`."""
    for member in members:
        _tell_of_appeal(member.person, draft.appeal)


def tell_appeal_answered(appeal: Appeal) -> None:
    """Write to who asked for a review that its answer waits; what it is, only their page says."""
    enrolment = appeal.enrolment
    _write(
        enrolment.person,
        enrolment.course,
        reverse("certification:my_appeal", args=[enrolment.uuid]),
        subject=_("The answer to what you asked waits for you to read"),
        template="appeal_answered",
    )


def _tell_of_appeal(person: Person, appeal: Appeal) -> None:
    _write(
        person,
        appeal.enrolment.course,
        reverse("certification:appeal", args=[appeal.uuid]),
        subject=_("A review that somebody asked for waits for you"),
        template="appeal_waits",
    )


def _tell_of_outcome(enrolment: Enrolment) -> None:
    """One and the same letter, good news and bad, so that nobody learns an outcome from their mailbox."""
    _write(
        enrolment.person,
        enrolment.course,
        reverse("certification:my_course", args=[enrolment.uuid]),
        subject=_("An outcome waits for you to read"),
        template="outcome_to_read",
    )


def _tell_handler(person: Person, course: Course) -> None:
    """To who acts for a sponsor, or in its place; whom it is about, and how it ended, only the page says."""
    _write(
        person,
        course,
        reverse("certification:results", args=[course.uuid]),
        subject=_("Something about somebody on a course waits for you to read"),
        template="outcomes_to_read",
    )


def _write(
    person: Person, course: Course, path: str, *, subject: StrOrPromise, template: str, **more: str
) -> None:
    """Write to `person` that something of `course` waits for them at `path`."""
    write_to(
        person=person,
        subject=subject,
        template=template,
        context={"course": course.title, "path": path} | more,
    )
