"""Deciding: approve, return with a question, refuse."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.refusals import Refused
from aimcert.foundation.stale_forms import ChangedMeanwhile
from assessments.marking.actions import begin_round
from assessments.marking.attempts import Attempt, repeated
from assessments.models import Recommendation
from assessments.states import Outcome
from certification.actions.issuing import issue
from certification.eligibility import (
    Approver,
    Code,
    Parties,
    Requirement,
    Stage,
    as_approver,
    stage_of,
    unmet,
    waiting_for_decision,
    with_parties,
)
from certification.emails import tell_trainers
from certification.models import Appointment, Certificate, Decision
from certification.states import DecisionKind
from courses.models import Course, Enrolment

# What keeps somebody from deciding anything, an approval or not.
WHO = frozenset({Code.APPROVER, Code.CONFLICT})


class NotEligible(Refused):
    """The one rule is not met; the words say what is missing."""


class MayNotDecide(Refused):
    """Who would decide has a conflict, or is not the one to decide."""


class NothingToDecide(Refused):
    """No finalised recommendation of *competent* waits for a decision."""


class ReasonMissing(Refused):
    """A return needs its question, a refusal or an appointment its reason."""


@dataclass(frozen=True)
class LeftOut:
    """Somebody whom approving all left out, and why."""

    enrolment: Enrolment
    why: list[Requirement]


@dataclass(frozen=True)
class ApprovedAll:
    """What approving all the eligible ones of a course did.

    Args:
        at: the moment that their decisions bear.
        certificates: those that were issued, in the order of their numbers.
        left_out: those who wait for a decision still, and why.
    """

    at: datetime
    certificates: list[Certificate]
    left_out: list[LeftOut]


@transaction.atomic
def approve(
    *, enrolment: Enrolment, by: Person, seen: UUID | None = None, named: str | None = None
) -> Certificate:
    """Approve *competent*, and issue the certificate in the same transaction.

    The rule is read again inside the lock. Approving again gives the same certificate.

    Args:
        enrolment: whose latest recommendation is *competent*, finalised and undecided.
        by: an AIM admin, or the Associate appointed for this enrolment, without a conflict.
        seen: UUID of the recommendation that `by` read; None: not asked.
        named: the name on the certificate that `by` read; None: not asked.

    Returns:
        The certificate.

    Raises:
        ChangedMeanwhile: the latest recommendation, or the name, is another than the one seen.
        NothingToDecide: nothing waits for a decision.
        NotEligible: the one rule is not met, in words.
        MayNotDecide: `by` has a conflict or was not appointed.

    Side effects:
        Writes the decision, issues (see `issuing.issue`).
    """
    found = locked(enrolment, seen)
    if stage_of(found) == Stage.APPROVED:
        return Certificate.objects.get(decision__recommendation=cast(Parties, found).recommendation_id)
    must_wait(found)
    if named is not None and named != found.certificate_name:
        raise ChangedMeanwhile(
            _("The name on the certificate was corrected since you opened the page. Read it again.")
        )
    approver = as_approver(by)
    missing = unmet(found, approver=approver)
    _refuse_who(missing)
    if missing:
        raise NotEligible(" ".join(need.words for need in missing))
    return _approve(found, approver, at=timezone.now(), by=by)


@transaction.atomic
def approve_all(
    *,
    course: Course,
    by: Person,
    shown: Collection[UUID] | None = None,
    named: Mapping[UUID, str] | None = None,
) -> ApprovedAll:
    """Approve everyone of `course` who is eligible now and on whom `by` may decide.

    Left out is who did it again with the same Associate on the same version: that is read on their own
    page before it is decided.

    Args:
        course: the course.
        by: an AIM admin.
        shown: UUIDs of the recommendations that `by` saw before confirming: no other is approved.
            None: every one.
        named: the names on their certificates that `by` saw, by recommendation; one that it leaves out is
            not asked about.

    Returns:
        What was done, and who was left out and why. Done again: nobody is left to approve.

    Raises:
        MayNotDecide: `by` has or had a place on the course.

    Side effects:
        As `approve`, for each.
    """
    now = timezone.now()
    waiting = Enrolment.objects.filter(waiting_for_decision(), course=course)
    # All locks first, by primary key, before the counter's: two approvals never wait for one another.
    keys = list(
        Enrolment.objects.select_for_update(of=("self",))
        .filter(pk__in=waiting.values("pk"))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    approver = as_approver(by)
    if course.pk in approver.course_ids:
        raise MayNotDecide(_("You have or had a place on this course yourself. Somebody else decides."))
    certificates, left_out = [], []
    for row, missing in to_approve_together(
        Enrolment.objects.filter(waiting_for_decision(), pk__in=keys), approver
    ):
        if missing:
            left_out.append(LeftOut(row, missing))
        elif shown is not None and row.recommendation_uuid not in shown:  # type: ignore[attr-defined]
            unseen = _("They became eligible after you opened the page. Look at them, then approve again.")
            left_out.append(LeftOut(row, [Requirement(Code.APPROVER, unseen)]))
        elif (named or {}).get(row.recommendation_uuid, row.certificate_name) != row.certificate_name:  # type: ignore[attr-defined]
            renamed = _("The name was corrected after you opened the page. Read it, then approve again.")
            left_out.append(LeftOut(row, [Requirement(Code.APPROVER, renamed)]))
        else:
            certificates.append(_approve(row, approver, at=now, by=by))
    return ApprovedAll(now, certificates, left_out)


@transaction.atomic
def return_to_trainer(
    *, enrolment: Enrolment, question: str, by: Person, seen: UUID | None = None
) -> Decision:
    """Return the recommendation to the trainer with a question, which opens a new round.

    Args:
        enrolment: whose latest recommendation is *competent*, finalised and undecided.
        question: what the trainer is asked.
        by: an AIM admin, or the Associate appointed for this enrolment, without a conflict.
        seen: UUID of the recommendation that `by` read; None: not asked.

    Returns:
        The decision.

    Raises:
        ChangedMeanwhile: the latest recommendation is another than the one seen.
        NothingToDecide: nothing waits for a decision; also where it was returned already.
        MayNotDecide: `by` has a conflict or was not appointed.
        ReasonMissing: no question.

    Side effects:
        A new round of marking and recommendation; a letter to the trainers of the course.
    """
    if not question.strip():
        raise ReasonMissing(_("Write the question that the trainer should answer."))
    return _send_back(
        enrolment, seen, kind=DecisionKind.RETURNED, reason=question, outcome=Outcome.COMPETENT, by=by
    )


@transaction.atomic
def refuse(*, enrolment: Enrolment, reason: str, by: Person, seen: UUID | None = None) -> Decision:
    """Refuse to certify, which opens a new round as *not yet competent*.

    The trainer then speaks with the person, writes the feedback and finalises, as for any *not yet*:
    nobody learns of it in another way. On the same answers *competent* is not finalised again: who
    wants the trainer to look once more returns it.

    Args:
        enrolment: whose latest recommendation is *competent*, finalised and undecided.
        reason: why; the trainer reads it.
        by: an AIM admin, or the Associate appointed for this enrolment, without a conflict.
        seen: UUID of the recommendation that `by` read; None: not asked.

    Returns:
        The decision.

    Raises:
        ChangedMeanwhile: the latest recommendation is another than the one seen.
        NothingToDecide: nothing waits for a decision; also where it was refused already.
        MayNotDecide: `by` has a conflict or was not appointed.
        ReasonMissing: no reason.

    Side effects:
        A new round of marking and recommendation; a letter to the trainers of the course.
    """
    if not reason.strip():
        raise ReasonMissing(_("Say why it is refused. The trainer reads it."))
    return _send_back(
        enrolment, seen, kind=DecisionKind.REFUSED, reason=reason, outcome=Outcome.NOT_YET, by=by
    )


def to_approve_together(
    enrolments: QuerySet[Enrolment], approver: Approver
) -> list[tuple[Enrolment, list[Requirement]]]:
    """Each of `enrolments`, by name, and why it is not approved with all the others; empty where it can be.

    They are read `with_recommendation_uuid`, in three queries at most.
    """
    people = with_recommendation_uuid(with_parties(enrolments)).select_related("course__programme")
    rows = list(people.order_by(InOrder("certificate_name"), "pk"))
    again = repeated(cast(list[Attempt], rows))
    found = []
    for row in rows:
        missing = unmet(row, approver=approver)
        if not missing and row.pk in again:
            words = _(
                "They did this version before, with the same Associate: %(names)s. Read what they did then,"
                " and decide on their own page."
            ) % {"names": ", ".join(again[row.pk])}
            missing = [Requirement(Code.APPROVER, words)]
        found.append((row, missing))
    return found


def with_recommendation_uuid(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """`enrolments`, read by `with_parties`, with what a page carries to say what was seen."""
    latest = Recommendation.objects.filter(pk=OuterRef("recommendation_id"))
    return enrolments.annotate(recommendation_uuid=Subquery(latest.values("uuid")))


def locked(enrolment: Enrolment, seen: UUID | None = None) -> Enrolment:
    """`enrolment`, locked, and then its facts as they are inside the lock; refused where not as `seen`."""
    Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    people = with_recommendation_uuid(with_parties(Enrolment.objects.filter(pk=enrolment.pk)))
    found = people.select_related("course__programme").get()
    if seen is not None and seen != found.recommendation_uuid:  # type: ignore[attr-defined]
        raise ChangedMeanwhile(_("This was changed since you opened the page. Read it again."))
    return found


def must_wait(enrolment: Enrolment) -> None:
    if stage_of(enrolment) != Stage.WAITING:
        raise NothingToDecide(
            _(
                "Nothing about this person waits for a decision: it was decided, or the trainer is"
                " at work on it."
            )
        )


def _refuse_who(missing: list[Requirement]) -> None:
    who = [need.words for need in missing if need.code in WHO]
    if who:
        raise MayNotDecide(" ".join([*who, _("Somebody else decides.")]))


def _decide(
    enrolment: Enrolment, approver: Approver, *, kind: DecisionKind, reason: str, at: datetime, by: Person
) -> Decision:
    appointment = None
    if not approver.is_aim_admin:
        appointment = Appointment.objects.get(enrolment=enrolment, associate=by)
    return Decision.objects.create(
        enrolment=enrolment,
        recommendation_id=cast(int, cast(Parties, enrolment).recommendation_id),
        kind=kind,
        reason=reason.strip(),
        appointment=appointment,
        decided_at=at,
        decided_by=by,
    )


def _approve(enrolment: Enrolment, approver: Approver, *, at: datetime, by: Person) -> Certificate:
    decision = _decide(enrolment, approver, kind=DecisionKind.APPROVED, reason="", at=at, by=by)
    return issue(decision=decision, enrolment=enrolment, at=at, by=by)


def _send_back(
    enrolment: Enrolment, seen: UUID | None, *, kind: DecisionKind, reason: str, outcome: Outcome, by: Person
) -> Decision:
    found = locked(enrolment, seen)
    must_wait(found)
    approver = as_approver(by)
    _refuse_who(unmet(found, approver=approver))
    decision = _decide(found, approver, kind=kind, reason=reason, at=timezone.now(), by=by)
    begin_round(enrolment=found, because=decision.reason, outcome=outcome, by=by)
    tell_trainers(found)
    return decision
