"""What a sponsor is told of each of its people, and of all together: a report's files say the same."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.marking.strengths import About
from assessments.models import Recommendation
from assessments.states import Band, NotAssessed, Outcome, Reason
from certification.disclosure import (
    RESULTS,
    Following,
    Shown,
    Told,
    told,
    with_results,
)
from certification.models import CohortRelease, FollowUp, FollowUpStep
from certification.states import Viewer
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


@dataclass(frozen=True, slots=True)
class Banded:
    """How strong a sponsor's people were together in one thing: a band, and no figure.

    Args:
        about: a construct, or an area of the framework.
        band: one of `Band`.
    """

    about: About
    band: Band

    @property
    def words(self) -> str:
        """Strong, mixed or weak, in the current language."""
        return str(self.band.label)

    @property
    def step(self) -> int:
        """Of three steps, how many are reached, for the picture."""
        return 1 + [Band.WEAK, Band.MIXED, Band.STRONG].index(self.band)

    def stored(self) -> dict[str, Any]:
        """As `CohortRelease.bands` holds it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Cohort:
    """Where a sponsor's people on a course were strong or weak together.

    Args:
        least: how many must be counted before anything is told.
        apart: how many more have to be before something new is.
        released_at: when it was counted; None: nothing is told.
        constructs, areas: what is told.
    """

    least: int
    apart: int
    released_at: datetime | None = None
    constructs: tuple[Banded, ...] = ()
    areas: tuple[Banded, ...] = ()


def cohort_in(release: CohortRelease | None) -> Cohort:
    """What `release` told; without one, that nothing is told yet."""
    least, apart = settings.AIM["COHORT_LEAST"], settings.AIM["COHORT_APART"]
    if release is None:
        return Cohort(least, apart)
    rows = [Banded(About(**row["about"]), Band(row["band"])) for row in release.bands]
    return Cohort(
        least,
        apart,
        release.released_at,
        constructs=tuple(row for row in rows if row.about.stage is None),
        areas=tuple(row for row in rows if row.about.stage is not None),
    )


def too_few(cohort: Cohort) -> str:
    """Why nothing is told, in the current language."""
    return _(
        "Nothing is shown here before at least %(least)d of your people on this course have a result that"
        " you can read: of fewer, one could tell whose marks they are."
    ) % {"least": cohort.least}


def how_counted(cohort: Cohort) -> str:
    """What the bands mean and when they were counted, in the current language and time zone."""
    day = date_format(timezone.localtime(cohort.released_at), "DATE_FORMAT")
    return _(
        "Counted on %(day)s, from the marks of your people whose results you could read then. It is counted"
        " anew once at least %(apart)d more have one, so that nobody’s marks can be worked out. Strong: at"
        " least three quarters of the marks are met. Weak: fewer than half are."
    ) % {"day": day, "apart": cohort.apart}


def people_in(enrolments: QuerySet[Enrolment], viewer: Viewer) -> list[ReportedPerson]:
    """What `viewer` is told of each of `enrolments`, in their order, in the current language."""
    now = timezone.now()
    people = list(with_results(enrolments.select_related("nomination")))
    shown = [told(person, viewer, now) for person in people]
    wanted = [one.follow_up for one in shown if one.follow_up]
    follow_ups: dict[UUID | None, FollowUp] = {
        one.uuid: one for one in with_what_is_told(FollowUp.objects.filter(uuid__in=wanted))
    }
    return [
        _reported_person(person, one, follow_ups.get(one.follow_up))
        for person, one in zip(people, shown, strict=True)
    ]


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


def _reported_person(enrolment: Any, shown: Told, follow_up: FollowUp | None) -> ReportedPerson:
    is_final = shown.stage in (*RESULTS, Shown.WITHDRAWN, Shown.CANCELLED)
    person = ReportedPerson(
        name=enrolment.certificate_name,
        job_role=enrolment.nomination.job_role,
        outcome=_OUTCOMES.get(shown.stage, ""),
        outcome_words=str(shown.stage.label) if is_final else _("No result yet"),
        certificate=shown.certificate_reference,
        certificate_issued_on=shown.certificate_issued_on,
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
