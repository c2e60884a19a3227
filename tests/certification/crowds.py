"""Many people at once, for tests of lists: what `factories.recommended` makes, in a few statements."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from accounts.models import Person
from assessments.models import Answer, Criterion, CriterionMark, Marking, Recommendation, Submission
from assessments.states import Judged, Outcome
from courses.models import Course, Enrolment, Nomination, RegisterEntry
from courses.states import Presence
from tests import factories


def recommended(course: Course, size: int, *, judged: str = Judged.MET) -> list[Enrolment]:
    """`size` people of `course`, each eligible for approval where every criterion is *met*."""
    now, by = timezone.now(), factories.trainer_of(course)
    version = course.pin.version
    tag = secrets.token_hex(4)
    people = Person.objects.bulk_create(
        Person(name=f"Person {tag} {n}", email=f"{tag}.{n}@people.example", password="!") for n in range(size)
    )
    nominations = Nomination.objects.bulk_create(
        Nomination(
            course=course,
            sponsor_organisation=course.organisation,
            name=person.name,
            email=person.email,
            job_role="Social worker",
            years_experience=3,
            nominated_by=by,
            token_sha256=hashlib.sha256(person.email.encode()).hexdigest(),
            token_expires_at=now + timedelta(days=1),
        )
        for person in people
    )
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(
            course=course,
            person=person,
            nomination=nomination,
            sponsor_organisation=course.organisation,
            certificate_name=person.name,
            expectations_version="1",
        )
        for person, nomination in zip(people, nominations, strict=True)
    )
    factories.over(course)
    RegisterEntry.objects.bulk_create(
        RegisterEntry(
            course=course, enrolment=one, session=session, presence=Presence.PRESENT, recorded_by=by
        )
        for one in enrolments
        for session in course.sessions.all()
    )
    submissions = Submission.objects.bulk_create(
        Submission(enrolment=one, course=course, version=version) for one in enrolments
    )
    Answer.objects.bulk_create(
        Answer(submission=one, version=version, question=question, text="My answer.")
        for one in submissions
        for question in version.questions.all()
    )
    for one in submissions:
        one.submitted_at, one.declaration = now, "My own work."
        one.fingerprint, one.receipt = "0" * 64, secrets.token_hex(8)
    Submission.objects.bulk_update(submissions, ["submitted_at", "declaration", "fingerprint", "receipt"])
    markings = Marking.objects.bulk_create(Marking(submission=one, marker=by) for one in submissions)
    criteria = list(Criterion.objects.filter(question__version=version))
    CriterionMark.objects.bulk_create(
        CriterionMark(marking=one, criterion=criterion, judged=judged, judged_by=by)
        for one in markings
        for criterion in criteria
    )
    Marking.objects.filter(pk__in=[one.pk for one in markings]).update(finalised_at=now, finalised_by=by)
    Recommendation.objects.bulk_create(
        Recommendation(
            enrolment=enrolment,
            submission=submission,
            marking=marking,
            outcome=Outcome.COMPETENT,
            recommended_by=by,
            finalised_at=now,
            finalised_by=by,
        )
        for enrolment, submission, marking in zip(enrolments, submissions, markings, strict=True)
    )
    return enrolments
