"""Outcomes for tests of what is shown, followed up and reported."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, Person
from aimcert.foundation.models import Counter
from assessments.states import Judged, Outcome
from certification.actions import open_follow_up, read_feedback, send_on, tell_later
from certification.models import Certificate, Decision, FollowUp
from certification.states import CertificateState, DecisionKind
from courses.models import Course, Enrolment
from tests import factories

# What only trainers and AIM may read, as tests/factories.py writes it.
SECRETS = (
    "INTERNAL-NOTE",
    "WHAT-WAS-SAID",
    "WHY-NOBODY-SPOKE",
    "SAID-LATER",
    "TOLD-PARTICIPANT",
    "My answer to",
)


def follow_up(course: Course, *, outcome: str = Outcome.NOT_YET, **fields: Any) -> FollowUp:
    """Someone unsuccessful, whose feedback is ready and unread."""
    made = factories.recommended(course, outcome=outcome, **fields)
    recommendation = made.recommendations.get()
    return open_follow_up(recommendation=recommendation, by=recommendation.recommended_by)


def unspoken(course: Course, *, days: int = 3, holder: Any = "trainer", **fields: Any) -> Enrolment:
    """Someone not yet competent to whom nobody has spoken: finalised, and put off for `days`."""
    made = factories.enrolment(course, attended=True, **fields)
    marked = factories.marking(factories.submission(made), judged=Judged.NOT_MET, finalised=True)
    said = factories.put_off(course, days=days)
    if holder != "trainer":
        said["conversation_holder"] = holder
    factories.recommendation(made, outcome=Outcome.NOT_YET, marking=marked, **said)
    return made


def told_later(course: Course, **fields: Any) -> FollowUp:
    """Someone who was spoken to after that was finalised, and has not opened their feedback."""
    made = unspoken(course, **fields)
    by = factories.trainer_of(course)
    day = timezone.localdate(timezone=course.zone)
    tell_later(enrolment=made, words="SAID-LATER", told_on=day, by=by)
    return made.follow_ups.get()


def opened(course: Course, **fields: Any) -> FollowUp:
    """Someone not yet competent who has opened it and not sent it on."""
    made = follow_up(course, **fields)
    return read_feedback(follow_up=made, by=made.enrolment.person)


def released(course: Course, **fields: Any) -> FollowUp:
    """Someone not yet competent who has sent it on, so that their sponsor has it."""
    made = opened(course, **fields)
    return send_on(follow_up=made, by=made.enrolment.person)


def decided(enrolment: Enrolment, kind: str = DecisionKind.APPROVED) -> Decision:
    """A decision on the latest recommendation, with the certificate that an approval issues."""
    by = factories.admin()
    with transaction.atomic():
        decision = Decision.objects.create(
            enrolment=enrolment,
            recommendation=enrolment.recommendations.order_by("-round")[0],
            kind=kind,
            reason="" if kind == DecisionKind.APPROVED else "Why?",
            decided_by=by,
        )
        if kind == DecisionKind.APPROVED:
            _certificate(decision, by)
    return decision


def certified(course: Course, **fields: Any) -> Enrolment:
    """Someone with a valid certificate."""
    made = factories.recommended(course, **fields)
    decided(made)
    return made


def _certificate(decision: Decision, by: Person) -> Certificate:
    enrolment = decision.enrolment
    code = "".join(secrets.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(26))
    return Certificate.objects.create(
        number=Counter.next("certificate"),
        enrolment=enrolment,
        decision=decision,
        sponsor_organisation_id=enrolment.sponsor_organisation_id,
        code=code,
        code_sha256=hashlib.sha256(code.encode()).hexdigest(),
        name=enrolment.certificate_name,
        programme_code=enrolment.course.programme.code,
        programme_name=enrolment.course.programme.name,
        course_title=enrolment.course.title,
        course_reference=enrolment.course.reference,
        course_ended_on=timezone.localdate(),
        associates=["A Trainer"],
        version_fingerprint="0" * 64,
        issued_on=timezone.localdate(),
        issued_by=by,
    )


def revoked(enrolment: Enrolment) -> None:
    """Its certificate no longer stands."""
    certificate = enrolment.certificates.get(state=CertificateState.VALID)
    certificate.revoke()
    certificate.revoked_at, certificate.revoked_by = timezone.now(), certificate.issued_by
    certificate.revoked_because = "Obtained with another's answers."
    certificate.save()


def two_sponsors() -> tuple[Course, Organisation, Organisation]:
    """One course that one organisation commissioned, and another that sends people to it."""
    ours, theirs = factories.OrganisationFactory.create_batch(2)
    return factories.course(organisation=ours), ours, theirs


def past(follow_up: FollowUp) -> FollowUp:
    """The same, its time to be read first over; nobody has noticed yet."""
    FollowUp.objects.filter(pk=follow_up.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    follow_up.refresh_from_db()
    return follow_up
