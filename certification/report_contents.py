"""What a follow-up report says of each person; the PDF and the spreadsheet say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.models import Recommendation
from assessments.states import NotAssessed, Outcome, Reason
from assessments.strengths import Strengths, strengths_of
from certification.models import FollowUp, FollowUpStep, Report
from certification.showing import (
    RESULTS,
    Following,
    Shown,
    Told,
    Viewer,
    confirmed,
    told,
    with_results,
)
from courses.models import Enrolment

# How the report's design names an outcome.
_OUTCOMES = {
    Shown.CERTIFIED: "competent",
    Shown.NOT_YET: "not_yet_competent",
    Shown.NOT_ASSESSED: "not_assessed",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a sponsor did."""

    done_on: date
    done: str


@dataclass(frozen=True, slots=True)
class ReportedPerson:
    """What a report says of one person: what their sponsor may be told, and nothing else.

    Args:
        outcome: "competent", "not_yet_competent", "not_assessed", or "" where none may be shown.
        reasons: why not yet competent or not assessed, in words.
        told: what The AIM Project tells the commissioner.
        comment: the person's own.
        follow_up: where it stands, in words; "" where none is owed.
        enrolment: its primary key; shown nowhere.
    """

    name: str
    job_role: str
    outcome: str
    outcome_words: str
    certificate: str = ""
    certificate_issued_on: date | None = None
    reasons: list[str] = field(default_factory=list)
    told: str = ""
    comment: str = ""
    steps: list[Step] = field(default_factory=list)
    follow_up: str = ""
    enrolment: int = 0


@dataclass(frozen=True, slots=True)
class Cohort:
    """Where a sponsor's people were strong or weak together.

    Args:
        least: how many must be counted before anything is shown.
        counted: of how many the marks are.
        strengths: None where they are too few.
    """

    least: int
    counted: int
    strengths: Strengths | None


def report_title(report: Report) -> str:
    """What a reader's window and a screen reader call the report, in the current language."""
    return _("Follow-up report: %(course)s, %(organisation)s") % {
        "course": report.course.title,
        "organisation": report.organisation.name,
    }


def reported(report: Report) -> QuerySet[Enrolment]:
    """Whom a report is about: the organisation's people on the course, less who asked for it."""
    people = Enrolment.objects.filter(
        confirmed(), course=report.course_id, sponsor_organisation=report.organisation_id
    )
    return people.exclude(person=report.requested_by_id).order_by("certificate_name", "pk")


def people_in(enrolments: QuerySet[Enrolment]) -> list[ReportedPerson]:
    """What is said of each of `enrolments`, in their order, in the current language."""
    now = timezone.now()
    people = list(with_results(enrolments.select_related("nomination")))
    shown = [told(person, Viewer.SPONSOR, now) for person in people]
    wanted = [one.follow_up for one in shown if one.follow_up]
    follow_ups: dict[UUID | None, FollowUp] = {
        one.uuid: one for one in with_what_is_told(FollowUp.objects.filter(uuid__in=wanted))
    }
    return [
        _said(person, one, follow_ups.get(one.follow_up)) for person, one in zip(people, shown, strict=True)
    ]


def cohort_of(people: Sequence[ReportedPerson]) -> Cohort:
    """Where those of `people` were strong or weak whose outcome this sponsor may be told.

    Somebody whose outcome is not told yet is not counted, so that nothing can be worked out from the
    difference between two reports before they have read it themselves.
    """
    least = cast(int, settings.AIM["COHORT_LEAST"])
    told_of = [
        one.enrolment
        for one in people
        if one.outcome in (_OUTCOMES[Shown.CERTIFIED], _OUTCOMES[Shown.NOT_YET])
    ]
    found = strengths_of(told_of) if len(told_of) >= least else None
    counted = found.people if found else len(told_of)
    return Cohort(least, counted, found if found and counted >= least else None)


def with_what_is_told(follow_ups: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    """`follow_ups` with their steps and what is said to a sponsor; internal notes are not even read."""
    said = Recommendation.objects.only(
        "outcome", "reasons", "not_assessed_because", "told_commissioner", "finalised_at"
    )
    return follow_ups.prefetch_related(
        Prefetch("recommendation", queryset=said),
        Prefetch("steps", queryset=FollowUpStep.objects.order_by("recorded_at", "pk")),
    )


def reasons_of(recommendation: Recommendation) -> list[str]:
    """Why somebody is not yet competent, or was not assessed, in words."""
    if recommendation.outcome == Outcome.NOT_ASSESSED:
        return [str(NotAssessed(recommendation.not_assessed_because).label)]
    return [str(Reason(reason).label) for reason in recommendation.reasons]


def following_words(shown: Told) -> str:
    """Where a follow-up stands, in words; "" where there is none."""
    if shown.following == Following.CLOSED and shown.closed_at:
        return _("Closed on %(day)s") % {
            "day": date_format(timezone.localtime(shown.closed_at), "DATE_FORMAT")
        }
    return str(shown.following.label) if shown.following else ""


def _said(enrolment: Any, shown: Told, follow_up: FollowUp | None) -> ReportedPerson:
    is_final = shown.stage in (*RESULTS, Shown.WITHDRAWN, Shown.CANCELLED)
    person = ReportedPerson(
        name=enrolment.certificate_name,
        job_role=enrolment.nomination.job_role,
        outcome=_OUTCOMES.get(shown.stage, ""),
        outcome_words=str(shown.stage.label) if is_final else _("No result yet"),
        certificate=shown.certificate_reference,
        certificate_issued_on=shown.certificate_issued_on,
        enrolment=enrolment.pk,
    )
    if follow_up is None:
        return person
    return replace(
        person,
        reasons=reasons_of(follow_up.recommendation),
        told=follow_up.recommendation.told_commissioner,
        comment=follow_up.comment,
        steps=[Step(step.done_on, step.done) for step in follow_up.steps.all()],
        follow_up=following_words(shown),
    )
