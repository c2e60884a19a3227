"""Where a cohort was strong or weak: its finalised marks, by construct and by area of the framework."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.facts import MET
from assessments.models import CriterionMark, Marking, Submission
from assessments.states import Judged, Settled
from courses.models import Enrolment

# Shares of marks, in percent: from this on a cohort was strong, below this one weak.
STRONG, WEAK = 75, 50

PARTLY = Q(judged=Judged.PARTLY_MET, settled="")
NOT_MET = Q(judged=Judged.NOT_MET) | Q(settled=Settled.NOT_MET)


@dataclass(frozen=True)
class Strength:
    """How often the criteria about one thing were met.

    Args:
        where: what it belongs to, such as a strand; "" for a construct.
        what: the construct's or the area's name.
        met, partly_met, not_met: marks, an oral question counted as it settled them.
        people: how many different people these are of.
    """

    where: str
    what: str
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
    def words(self) -> Promise:
        """Strong, mixed or weak."""
        return _("Strong") if self.percent >= STRONG else _("Weak") if self.percent < WEAK else _("Mixed")

    @property
    def tone(self) -> str:
        return "good" if self.percent >= STRONG else "attention" if self.percent < WEAK else "waiting"


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
    latest = Submission.objects.filter(
        enrolment=OuterRef("submission__enrolment"), submitted_at__isnull=False
    ).order_by("-attempt")
    rounds = Marking.objects.filter(submission=OuterRef("submission")).order_by("-round")
    markings = Marking.objects.filter(
        finalised_at__isnull=False,
        submission__enrolment__in=enrolments,
        submission=Subquery(latest.values("pk")[:1]),
        pk=Subquery(rounds.values("pk")[:1]),
    )
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
            Strength("", row["criterion__constructs__name"], *_figures(row))
            for row in constructs
            if row["criterion__constructs__name"]
        ),
        tuple(
            Strength(
                _("Stage %(number)d, %(strand)s")
                % {"number": row["criterion__areas__stage"], "strand": row["criterion__areas__strand"]},
                row["criterion__areas__title"],
                *_figures(row),
            )
            for row in areas
        ),
    )


def _counted(rows: Any, *order: str) -> Any:
    return rows.annotate(
        met=Count("pk", filter=MET),
        partly_met=Count("pk", filter=PARTLY),
        not_met=Count("pk", filter=NOT_MET),
        people=Count("marking__submission__enrolment__person", distinct=True),
    ).order_by(*order)


def _figures(row: dict[str, Any]) -> tuple[int, int, int, int]:
    return row["met"], row["partly_met"], row["not_met"], row["people"]
