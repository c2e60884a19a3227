"""The facts of the one rule, read from every app in one query."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Protocol, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, UUIDField

from accounts.models import Membership, Person
from aimcert.foundation.compiled import Compiled, Given
from aimcert.foundation.name_order import InOrder
from assessments.marking.facts import with_assessment
from assessments.marking.second_marking import SecondMarked, with_second_marking
from assessments.models import Marking, Recommendation, SecondMarker
from assessments.states import Outcome
from certification.models import Appeal, Appointment, Certificate, Decision
from certification.states import DecisionKind
from courses.models import Course, CourseAssociate, Enrolment, Nomination, RegisterEntry


class Stage(StrEnum):
    """Where an enrolment stands on its way to a decision, from its latest recommendation."""

    WITH_TRAINER = "with_trainer"
    WAITING = "waiting"
    APPROVED = "approved"
    NOT_YET = "not_yet"
    NOT_ASSESSED = "not_assessed"


class Facts(SecondMarked, Protocol):
    """An enrolment as `with_facts` reads it."""

    pk: int
    person_id: int
    person: Person
    course_id: int
    course: Any
    nomination: Nomination
    sponsor_organisation_id: int | None
    sponsor_to_be_named: bool
    enrolled_at: datetime
    sponsor_confirmed_at: datetime | None
    sponsor_confirmed_by_id: int | None
    acceptance_confirmed_at: datetime | None
    withdrawn_at: datetime | None
    sessions_total: int
    sessions_entered: int
    sessions_met: int
    last_session: int | None
    last_session_ends_at: datetime | None
    decision_kind: str | None
    was_refused: bool
    certificate_uuid: Any
    certificate_state: str | None


class Parties(Facts, Protocol):
    """An enrolment as `with_parties` reads it: also who had a part in it, as primary keys of people."""

    trainer_ids: list[int]
    recorder_ids: list[int]
    marker_ids: list[int]
    employer_ids: list[int]
    appointed_ids: list[int]


def with_facts(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """`enrolments` with the attributes of `Facts`: every fact of the rule but the approver, in one query."""
    return _facts() & enrolments


def with_parties(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """`enrolments` as `with_facts` reads them and, in the same query, who had a part in each."""
    return _parties() & enrolments


def parties_of(course: Course) -> list[Enrolment]:
    """Everyone of `course` as `with_parties` reads them, by the name on their certificate."""
    found = _OF_COURSE.rows(course=course.pk)
    for one in found:
        one.course = course
    return found


# They are always the same: each process builds them once.


@cache
def _facts() -> QuerySet[Enrolment]:
    decisions = Decision.objects.filter(recommendation=OuterRef("recommendation_id"))
    lifted = Appeal.objects.filter(
        submission=OuterRef("recommendation__submission"), refusal_lifted_at__gte=OuterRef("decided_at")
    )
    refusals = Decision.objects.filter(
        ~Exists(lifted.order_by()),
        kind=DecisionKind.REFUSED,
        recommendation__submission=OuterRef("submission_id"),
    )
    certificates = Certificate.objects.filter(enrolment=OuterRef("pk")).order_by("-number")
    people = Enrolment.objects.with_attendance().select_related("person", "nomination", "course")
    return with_second_marking(with_assessment(people)).annotate(
        decision_kind=Subquery(decisions.values("kind")[:1], output_field=CharField()),
        was_refused=Exists(refusals),
        certificate_uuid=Subquery(certificates.values("uuid")[:1], output_field=UUIDField()),
        certificate_state=Subquery(certificates.values("state")[:1], output_field=CharField()),
    )


@cache
def _parties() -> QuerySet[Enrolment]:
    trained = CourseAssociate.objects.filter(course=OuterRef("course")).values("associate")
    made_up = RegisterEntry.objects.filter(enrolment=OuterRef("pk"), made_up_by__isnull=False)
    marked = Marking.objects.filter(submission__enrolment=OuterRef("pk")).values("marker")
    recommended = Recommendation.objects.filter(enrolment=OuterRef("pk")).values("recommended_by")
    asked = SecondMarker.objects.filter(submission__enrolment=OuterRef("pk"), ended_at__isnull=True).values(
        "marker"
    )
    # Whoever wrote in the register had a part in it, also where another wrote over it since.
    recorded = RegisterEntry.writings().filter(enrolment=OuterRef("pk")).order_by()
    # Whoever shared an employer while the course went on still does, whatever was ended since.
    employed = Membership.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=OuterRef("enrolled_at")), person=OuterRef("person")
    )
    appointed = Appointment.objects.filter(enrolment=OuterRef("pk")).values("associate")
    return _facts().annotate(
        trainer_ids=ArraySubquery(trained.union(made_up.order_by().values("made_up_by"))),
        recorder_ids=ArraySubquery(recorded.values("recorded_by").distinct()),
        marker_ids=ArraySubquery(marked.union(recommended, asked)),
        employer_ids=ArraySubquery(employed.values("organisation")),
        appointed_ids=ArraySubquery(appointed),
    )


_OF_COURSE = Compiled(
    lambda: (
        _parties()
        .filter(course=Given("course"))
        .select_related(None)
        .select_related("person", "nomination")
        .order_by(InOrder("certificate_name"), "pk")
    )
)


def waiting_for_decision() -> Exists:
    """The condition, on an enrolment, that The AIM Project is asked to decide.

    A trainer recommended *competent* and finalised it. A return or a refusal opens a new round, so
    that a finalised and undecided recommendation is always the latest.
    """
    return Exists(
        Recommendation.objects.filter(
            enrolment=OuterRef("pk"),
            outcome=Outcome.COMPETENT,
            finalised_at__isnull=False,
            decision__isnull=True,
        )
    )


def stage_of(enrolment: Enrolment) -> Stage:
    """Where `enrolment`, read by `with_facts`, stands."""
    facts = cast(Facts, enrolment)
    if facts.decision_kind == DecisionKind.APPROVED:
        return Stage.APPROVED
    if facts.recommendation_finalised_at is None:
        return Stage.WITH_TRAINER
    return {
        Outcome.COMPETENT.value: Stage.WAITING,
        Outcome.NOT_YET.value: Stage.NOT_YET,
        Outcome.NOT_ASSESSED.value: Stage.NOT_ASSESSED,
    }[str(facts.outcome)]
