"""Objects for tests, made directly in the tables: what a test is about, it does through actions."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import factory
import yaml
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Membership, Organisation, Person, StaffAppointment
from aimcert.foundation.models import Counter
from assessments.case_studies.actions import load_framework
from assessments.case_studies.canonical import passages_of
from assessments.case_studies.kinds import KINDS, PLAIN
from assessments.management.commands.load_framework import REFERENCE as FRAMEWORK
from assessments.models import (
    Answer,
    CaseStudy,
    Construct,
    CoursePin,
    Criterion,
    CriterionMark,
    FrameworkEdition,
    Marking,
    Question,
    Recommendation,
    Section,
    Sitting,
    SpecialConsideration,
    Submission,
    Version,
    Wording,
)
from assessments.states import Judged, NoConversation, Outcome, Reason
from certification.actions import request_report
from certification.models import Report
from certification.report_kinds import KINDS as REPORT_KINDS
from courses.models import (
    Course,
    CourseAssociate,
    Enrolment,
    Licence,
    Nomination,
    Programme,
    RegisterEntry,
    Session,
)
from courses.states import Delivery, Presence
from safeguarding.actions import send_record
from safeguarding.models import LeadAppointment, Record
from safeguarding.states import Concern, Danger, Place
from tests.kinds import filled, settings_of

# --- People and organisations -------------------------------------------------------------------


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@people.example")
    password = "!"  # none: signs in by code


class OrganisationFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Council {n}")
    country = "GB"
    created_by = factory.SubFactory(PersonFactory)


def admin(**fields: Any) -> Person:
    """An AIM admin."""
    person = PersonFactory.create(**fields)
    StaffAppointment.objects.create(person=person, started_by=person)
    return person


def commissioner(organisation: Organisation, **fields: Any) -> Person:
    """Someone who acts for `organisation`."""
    person = PersonFactory.create(**fields)
    Membership.objects.create(person=person, organisation=organisation, started_by=person)
    return person


# --- Programmes, licences, courses ----------------------------------------------------------------


class ProgrammeFactory(DjangoModelFactory[Programme]):
    class Meta:
        model = Programme

    code = factory.Sequence(lambda n: f"programme{n}")
    name = factory.Sequence(lambda n: f"Programme {n}")
    about = "What the model is for."
    experience_sought = "Two years in this field."


def associate(programme: Programme, country: str = "GB", *, cleared: bool = True, **fields: Any) -> Person:
    """Someone licensed for `programme` in `country` since long ago."""
    person = PersonFactory.create(**fields)
    Licence.objects.create(
        associate=person,
        programme=programme,
        country=country,
        valid_from=date(2020, 1, 1),
        granted_by=person,
        cleared_at=timezone.now() if cleared else None,
    )
    return person


def version(
    programme: Programme, *, frozen: bool = True, questions: int = 2, kinds: Sequence[str] = ()
) -> Version:
    """A version with questions of two criteria each, the first of them essential.

    Args:
        questions: how many written ones.
        kinds: in their place, one question of each of these kinds.
    """
    asked = kinds or ["written"] * questions
    by = PersonFactory.create()
    study, _ = CaseStudy.objects.get_or_create(programme=programme)
    made = Version.objects.create(
        case_study=study,
        number=study.versions.count() + 1,
        title="The case of Robin",
        content_note="This describes harm to a child.",
        fictional_statement="Everyone in it is made up.",
        drafted_by=by,
    )
    construct, _ = Construct.objects.get_or_create(
        programme=programme, code="developmental", defaults={"name": "Developmental"}
    )
    Section.objects.create(
        version=made,
        number=1,
        title="Referral",
        body="Robin was referred.\n\n- one\n- two",
        saved_by=by,
    )
    criteria: list[Criterion] = []
    for number, kind in enumerate(asked, start=1):
        question = Question.objects.create(
            version=made,
            number=number,
            title=f"Question {number}",
            text=f"What is asked, number {number}?",
            guidance="Say why.",
            guide_words=100,
            kind=kind,
            settings=settings_of(KINDS[kind]),
            model_answer=f"MODEL-ANSWER-{number}",
            saved_by=by,
        )
        criteria += [
            Criterion(
                question=question,
                number=position,
                text=f"CRITERION-{number}-{position}",
                is_essential=position == 1,
                essential_because="The AIM Project decided so."
                if position == 1 and KINDS[kind].essential_by_decision
                else "",
                met="Shows it.",
                partly_met="Shows some.",
                not_met="Does not show it.",
            )
            for position in (1, 2)
        ]
    about = Criterion.constructs.through.objects
    Criterion.objects.bulk_create(criteria)
    about.bulk_create(about.model(criterion=one, construct=construct) for one in criteria)
    made.fingerprint = hashlib.sha256(str(made.uuid).encode()).hexdigest()
    made.proposed_at, made.proposed_by = timezone.now(), by
    made.save()
    if frozen:
        freeze(made)
    return made


def freeze(version: Version) -> Version:
    """Put a proposed version in force, whoever agreed to it."""
    version.frozen_at, version.frozen_by = timezone.now(), version.proposed_by
    version.save()
    return version


def wordings(version: Version) -> None:
    """The first wording of each passage of `version`, as saving it would have kept."""
    for name, content in passages_of(version).items():
        Wording.objects.create(
            version=version, passage=name, revision=1, content=content, saved_by=version.drafted_by
        )


@transaction.atomic
def course(
    *,
    programme: Programme | None = None,
    organisation: Organisation | None = None,
    trainers: list[Person] | None = None,
    starts: datetime | None = None,
    sessions: int = 2,
    published: bool = True,
    pinned: bool = True,
    hosted: bool = False,
    **fields: Any,
) -> Course:
    """A course whose first session is today; `hosted` has no commissioning organisation."""
    programme = programme or ProgrammeFactory.create()
    if organisation is None and not hosted:
        organisation = OrganisationFactory.create()
    by = PersonFactory.create()
    made = Course.objects.create(
        **{
            "number": Counter.next("course"),
            "programme": programme,
            "title": f"{programme.name}, Leeds",
            "organisation": organisation,
            "country": "GB",
            "time_zone": "Europe/London",
            "delivery": Delivery.IN_PERSON,
            "venue": "Room 1, Civic Hall, Leeds",
            "capacity": 30,
            "experience_sought": "Two years in this field.",
            "created_by": by,
            **fields,
        }
    )
    starts = starts or _an_hour_ago(made.zone)
    for number in range(1, sessions + 1):
        at = starts + timedelta(hours=3 * (number - 1))
        Session.objects.create(course=made, number=number, starts_at=at, ends_at=at + timedelta(hours=2))
    for trainer in trainers if trainers is not None else [associate(programme, made.country)]:
        licence = trainer.licences.filter(programme=programme).first()
        CourseAssociate.objects.create(course=made, associate=trainer, licence=licence, assigned_by=by)
    if published:
        made.published_at, made.published_by = timezone.now(), by
        made.save()
        if pinned:
            pinned_version = Version.objects.in_force().filter(case_study__programme=programme).first()
            CoursePin.objects.create(course=made, version=pinned_version or version(programme), pinned_by=by)
    return made


def _an_hour_ago(zone: ZoneInfo) -> datetime:
    """An hour ago; in the first hour of a day there, when it began."""
    now = timezone.now()
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(now - timedelta(hours=1), midnight)


def zone_of_another_day() -> str:
    """A zone in which it is not the day now that it is where The AIM Project is."""
    now = timezone.now()
    here = timezone.localdate(now)
    zones = ("Pacific/Kiritimati", "Pacific/Pago_Pago")
    return next(zone for zone in zones if now.astimezone(ZoneInfo(zone)).date() != here)


def trainer_of(course: Course) -> Person:
    """The first trainer of `course`."""
    return course.associates.order_by("pk").first().associate  # type: ignore[union-attr]


SPONSORED_BY_COURSE = object()


def nomination(course: Course, *, sponsor: Any = SPONSORED_BY_COURSE, **fields: Any) -> Nomination:
    """Somebody put forward for `course`; `sponsor=None` is self-funded."""
    number = secrets.token_hex(4)
    return Nomination.objects.create(
        **{
            "course": course,
            "sponsor_organisation": course.organisation if sponsor is SPONSORED_BY_COURSE else sponsor,
            "name": f"Nominee {number}",
            "email": f"nominee{number}@people.example",
            "job_role": "Social worker",
            "years_experience": 3,
            "manager_name": "Manager",
            "manager_email": f"manager{number}@people.example",
            "nominated_by": course.created_by,
            "token_sha256": hashlib.sha256(number.encode()).hexdigest(),
            "token_expires_at": timezone.now() + timedelta(days=30),
            **fields,
        }
    )


def enrolment(
    course: Course,
    person: Person | None = None,
    *,
    sponsor: Any = SPONSORED_BY_COURSE,
    attended: bool = False,
    confirmed: bool = True,
    **fields: Any,
) -> Enrolment:
    """A participant of `course`; `attended` marks every session, over by then, *present*."""
    person = person or PersonFactory.create()
    put_forward = nomination(course, sponsor=sponsor, name=person.name, email=person.email)
    made = Enrolment.objects.create(
        **{
            "course": course,
            "person": person,
            "nomination": put_forward,
            "sponsor_organisation": put_forward.sponsor_organisation,
            "certificate_name": person.name,
            "expectations_version": "1",
            "sponsor_confirmed_at": timezone.now() if confirmed else None,
            "sponsor_confirmed_by": put_forward.nominated_by if confirmed else None,
            **fields,
        }
    )
    if attended:
        attend(made)
    return made


def framework(programme: Programme) -> FrameworkEdition:
    """The edition of the framework that comes with AIMcert, as that of `programme`."""
    content = yaml.safe_load(FRAMEWORK.read_text(encoding="utf-8"))
    load_framework(content={**content, "programme": programme.code})
    return programme.framework_editions.get(drafted_by__isnull=True)


# --- The day, marking, outcomes -----------------------------------------------------------------------


def over(course: Course) -> None:
    """`course` took place earlier: its last session ended a minute ago, if it had not ended before."""
    last = course.sessions.order_by("-ends_at").first()
    ahead = last.ends_at - timezone.now() if last else timedelta(0)
    if ahead > timedelta(0):
        by = ahead + timedelta(minutes=1)
        course.sessions.update(starts_at=F("starts_at") - by, ends_at=F("ends_at") - by)


def attend(enrolment: Enrolment) -> None:
    """A register entry *present* for every session, which are over: before that nobody attended in full."""
    over(enrolment.course)
    for session in enrolment.course.sessions.all():
        RegisterEntry.objects.create(
            course=enrolment.course,
            enrolment=enrolment,
            session=session,
            presence=Presence.PRESENT,
            recorded_by=enrolment.course.created_by,
        )


def sitting(
    course: Course, *, opened: bool = True, closed: bool = False, closes_at: datetime | None = None
) -> Sitting:
    """The course's day: released, and opened and closed as said, so long ago that nothing is in flight."""
    now, by = timezone.now(), trainer_of(course)
    before = now - timedelta(minutes=2)
    made, _ = Sitting.objects.update_or_create(
        course=course,
        defaults={
            "released_at": before,
            "released_by": by,
            "opened_at": before if opened else None,
            "opened_by": by if opened else None,
            "closed_at": now - timedelta(minutes=1) if closed else None,
            "closed_by": by if closed else None,
            "closes_at": closes_at,
        },
    )
    return made


def submission(
    enrolment: Enrolment, *, submitted: bool = True, answers: list[str] | None = None
) -> Submission:
    """Answers to every question (or to the first few, as given), submitted unless told otherwise."""
    pin = CoursePin.objects.get(course=enrolment.course)
    made = Submission.objects.create(
        enrolment=enrolment,
        course=enrolment.course,
        version=pin.version,
        attempt=enrolment.submissions.count() + 1,
    )
    questions = list(pin.version.questions.all())
    for question, text in zip(
        questions, answers or [_answer_to(question) for question in questions], strict=False
    ):
        Answer.objects.create(
            submission=made,
            version=pin.version,
            question=question,
            text=text,
            blank_confirmed_at=None if text else timezone.now(),
        )
    if submitted:
        made.submitted_at = timezone.now()
        made.declaration = "This is my own work."
        made.fingerprint = hashlib.sha256(str(made.uuid).encode()).hexdigest()
        made.receipt = secrets.token_hex(8).upper()
        made.save()
    return made


def _answer_to(question: Question) -> str:
    kind = KINDS[question.kind]
    if kind.code == PLAIN:
        return f"My answer to {question.number}."
    return kind.text_of(filled(kind), question.settings)


def marking(
    submission: Submission, *, judged: str = Judged.MET, marker: Person | None = None, finalised: bool = False
) -> Marking:
    """A marking with every criterion `judged` alike."""
    marker = marker or trainer_of(submission.course)
    made = Marking.objects.create(submission=submission, marker=marker, round=submission.markings.count() + 1)
    criteria = Criterion.objects.filter(question__version=submission.version)
    CriterionMark.objects.bulk_create(
        CriterionMark(marking=made, criterion=criterion, judged=judged, judged_by=marker)
        for criterion in criteria
    )
    if finalised:
        made.finalised_at, made.finalised_by = timezone.now(), marker
        made.save()
    return made


def recommendation(
    enrolment: Enrolment,
    *,
    outcome: str = Outcome.COMPETENT,
    marking: Marking | None = None,
    finalised: bool = True,
    **fields: Any,
) -> Recommendation:
    """A trainer's recommended outcome, with what that outcome must say."""
    by = trainer_of(enrolment.course)
    now = timezone.now()
    said: dict[str, Any] = {}
    if outcome == Outcome.NOT_YET:
        said = {
            "reasons": [Reason.UNDERSTANDING],
            "told_participant": "TOLD-PARTICIPANT",
            "told_commissioner": "TOLD-COMMISSIONER",
            "internal_note": "INTERNAL-NOTE",
            "conversation_on": now,
            "conversation_by": by,
            "conversation": "WHAT-WAS-SAID",
        }
    elif outcome == Outcome.NOT_ASSESSED:
        said = {
            "not_assessed_because": "left",
            "told_participant": "TOLD-PARTICIPANT",
            "told_commissioner": "TOLD-COMMISSIONER",
        }
    Enrolment.objects.filter(pk=enrolment.pk).update(outcome_finalised_at=now if finalised else None)
    return Recommendation.objects.create(
        **{
            "enrolment": enrolment,
            "round": enrolment.recommendations.count() + 1,
            "submission": marking.submission if marking else None,
            "marking": marking,
            "outcome": outcome,
            "recommended_by": by,
            "finalised_at": now if finalised else None,
            "finalised_by": by if finalised else None,
            **said,
            **fields,
        }
    )


def put_off(course: Course, *, days: int = 3, **fields: Any) -> dict[str, Any]:
    """The fields of a recommendation about whose outcome nobody has spoken to them.

    Args:
        course: whose first trainer holds the conversation.
        days: in how many the last day for it comes.
        fields: others in their place.
    """
    return {
        "conversation_on": None,
        "conversation_by": None,
        "conversation": "",
        "no_conversation_because": NoConversation.OTHER,
        "no_conversation_words": "WHY-NOBODY-SPOKE",
        "conversation_due_on": timezone.localdate(timezone=course.zone) + timedelta(days=days),
        "conversation_holder": trainer_of(course),
        **fields,
    }


def recommended(course: Course, *, outcome: str = Outcome.COMPETENT, **fields: Any) -> Enrolment:
    """Somebody who attended, submitted, was marked and recommended, all finalised.

    Competent: eligible for approval. Not yet: every criterion not met.
    """
    made = enrolment(course, attended=True, **fields)
    judged = Judged.MET if outcome == Outcome.COMPETENT else Judged.NOT_MET
    marked = marking(submission(made), judged=judged, finalised=True)
    recommendation(made, outcome=outcome, marking=marked)
    return made


def asked_report(course: Course, by: Person, **fields: Any) -> Report:
    """A report that `by` asked for, of the first kind, on the people of who commissioned the course."""
    first = next(iter(REPORT_KINDS.values()))
    asked = {"organisation": course.organisation, "kind": first.code, "format": next(iter(first.writers))}
    return request_report(course=course, by=by, **{**asked, **fields})


def report(course: Course, by: Person, **fields: Any) -> Report:
    """The same as a row by itself, in whatever state, with nobody whom it is about."""
    first = next(iter(REPORT_KINDS.values()))
    asked = {"organisation": course.organisation, "kind": first.code, "format": next(iter(first.writers))}
    return Report.objects.create(course=course, requested_by=by, **{**asked, **fields})


def lead(person: Person | None = None, **fields: Any) -> LeadAppointment:
    """A safeguarding lead's appointment; the person is its `person`."""
    person = person or PersonFactory.create(**fields)
    return LeadAppointment.objects.create(person=person, started_by=admin())


def safeguarding_record(writer: Person, **fields: Any) -> Record:
    """A record that `writer` sent."""
    values: dict[str, Any] = {
        "concern": Concern.CHILD,
        "about": "A boy in Leeds.",
        "seen": "What was seen.",
        "done": "",
        "danger": Danger.NO,
        "place": Place.ELSEWHERE,
    }
    return send_record(**{**values, **fields}, by=writer)


def consideration(enrolment: Enrolment, *, by: Person | None = None, **fields: Any) -> SpecialConsideration:
    """What happened to somebody: told by themself, or `by` a trainer."""
    by = by or enrolment.person
    now = timezone.now()
    return SpecialConsideration.objects.create(
        **{
            "enrolment": enrolment,
            "what": "The fire alarm went off.",
            "happened_at": now - timedelta(minutes=20),
            "effect": "I could not go on.",
            "trainers_may_read": by != enrolment.person,
            "recorded_at": now,
            "recorded_by": by,
            **fields,
        }
    )
