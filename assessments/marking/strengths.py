"""Where a cohort was strong or weak: its finalised marks, by construct and by area of the framework."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from aimcert.foundation.rows import first
from assessments.answering.models import Submission
from assessments.marking.models import MET, NOT_MET, PARTLY_MET, CriterionMark, Marking
from assessments.states import Band
from courses.models import Enrolment

# Shares of marks, in percent: from this on a cohort was strong, below this one weak.
STRONG, WEAK = 75, 50
TONES: dict[str, str] = {Band.STRONG: "good", Band.WEAK: "attention", Band.MIXED: "waiting"}


@dataclass(frozen=True)
class About:
    """What criteria are about: a construct, or an area of the framework.

    Args:
        what: the construct's or the area's name.
        stage, strand: where the area stands in the framework; None and "" for a construct.
    """

    what: str
    stage: int | None = None
    strand: str = ""

    @property
    def where(self) -> str:
        """Where an area stands, in words; "" for a construct."""
        if self.stage is None:
            return ""
        return _("Stage %(number)d, %(strand)s") % {"number": self.stage, "strand": self.strand}


@dataclass(frozen=True)
class Strength:
    """How often the criteria about one thing were met.

    Args:
        about: what they are about.
        met, partly_met, not_met: marks, an oral question counted as it settled them.
        people: how many different people these are of.
    """

    about: About
    met: int
    partly_met: int
    not_met: int
    people: int

    @property
    def total(self) -> int:
        return self.met + self.partly_met + self.not_met

    @property
    def percent(self) -> int:
        """Of the marks, how many are met, rounded down."""
        return 100 * self.met // self.total

    @property
    def partly_from(self) -> int:
        """Where the part of the picture begins that is partly met; each mark is one unit wide."""
        return self.met

    @property
    def not_met_from(self) -> int:
        return self.met + self.partly_met

    @property
    def band(self) -> Band:
        """How strong the cohort was here, without a figure."""
        if self.percent >= STRONG:
            return Band.STRONG
        return Band.WEAK if self.percent < WEAK else Band.MIXED

    @property
    def words(self) -> str | Promise:
        """Strong, mixed or weak."""
        return self.band.label

    @property
    def tone(self) -> str:
        return TONES[self.band]


@dataclass(frozen=True)
class Strengths:
    """One cohort: `people` were marked; `areas` is empty where no criterion names one."""

    people: int
    constructs: tuple[Strength, ...]
    areas: tuple[Strength, ...]


def strengths_of(enrolments: QuerySet[Enrolment] | Iterable[int]) -> Strengths:
    """What the finalised marks of `enrolments` say; three statements, however many there are.

    The latest attempt that each submitted counts, in its latest round, once that is finalised.

    Args:
        enrolments: a queryset, or primary keys.
    """
    markings = _latest_markings(enrolments)
    marks = CriterionMark.objects.filter(marking__in=markings.values("pk"))
    people = markings.aggregate(people=Count("submission__enrolment__person", distinct=True))["people"]
    constructs = _counted(
        marks.values("criterion__constructs__name").annotate(at=Min("criterion__constructs__position")),
        "at",
        "criterion__constructs__name",
    )
    areas = _counted(
        marks.filter(criterion__areas__isnull=False)
        .values("criterion__areas__stage", "criterion__areas__strand", "criterion__areas__title")
        .annotate(at=Min("criterion__areas__position")),
        "criterion__areas__stage",
        "at",
        "criterion__areas__strand",
        "criterion__areas__title",
    )
    return Strengths(
        people,
        tuple(
            Strength(About(row["criterion__constructs__name"]), *_figures(row))
            for row in constructs
            if row["criterion__constructs__name"]
        ),
        tuple(
            Strength(
                About(
                    row["criterion__areas__title"],
                    row["criterion__areas__stage"],
                    row["criterion__areas__strand"],
                ),
                *_figures(row),
            )
            for row in areas
        ),
    )


def marked_of(enrolments: QuerySet[Enrolment] | Iterable[int]) -> list[int]:
    """Primary keys of those of `enrolments` whose marks `strengths_of` counts."""
    return list(_latest_markings(enrolments).values_list("submission__enrolment", flat=True).distinct())


def _latest_markings(enrolments: QuerySet[Enrolment] | Iterable[int]) -> QuerySet[Marking]:
    latest = Submission.objects.filter(
        enrolment=OuterRef("submission__enrolment"), submitted_at__isnull=False
    ).order_by("-attempt")
    rounds = Marking.objects.filter(submission=OuterRef("submission")).standing_first()
    return Marking.objects.filter(
        finalised_at__isnull=False,
        submission__enrolment__in=enrolments,
        submission=first(latest, "pk"),
        pk=first(rounds, "pk"),
    )


def _counted(rows: Any, *order: str) -> Any:
    return rows.annotate(
        met=Count("pk", filter=MET),
        partly_met=Count("pk", filter=PARTLY_MET),
        not_met=Count("pk", filter=NOT_MET),
        people=Count("marking__submission__enrolment__person", distinct=True),
    ).order_by(*order)


def _figures(row: dict[str, Any]) -> tuple[int, int, int, int]:
    return row["met"], row["partly_met"], row["not_met"], row["people"]
