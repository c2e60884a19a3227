"""Whose hand wrote a submission: what a marker knows of dictation, scribes and paper, and its author too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from assessments.models import Adjustment, Scan, Transcription
from assessments.states import NOT_OWN_HAND, Adjusted
from courses.models import Enrolment


@dataclass(frozen=True)
class FromPaper:
    """How a submission came from paper: who typed it in, who compared it, and the scans by their UUID."""

    typed_by: str
    checked_by: str
    checked_at: datetime
    scans: tuple[UUID, ...]


def with_hands(enrolments: QuerySet[Any]) -> QuerySet[Any]:
    """`enrolments`, which have the facts of assessment, with what `other_hands` and `from_paper` read."""
    stood = Adjustment.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=OuterRef("submitted_at")),
        enrolment=OuterRef("pk"),
        kind__in=NOT_OWN_HAND,
        granted_at__lte=OuterRef("submitted_at"),
    )
    paper = Transcription.objects.filter(submission=OuterRef("submission_id"))
    scans = Scan.objects.filter(transcription__submission=OuterRef("submission_id"))
    return enrolments.annotate(
        hands=ArraySubquery(stood.order_by("kind").values("kind").distinct()),
        paper_typed_by=Subquery(paper.values("typed_by__name")),
        paper_checked_by=Subquery(paper.values("checked_by__name")),
        paper_checked_at=Subquery(paper.values("checked_at")),
        paper_scans=ArraySubquery(scans.order_by("pk").values("uuid")),
    )


def other_hands(enrolment: Enrolment) -> list[str]:
    """How the answers came to be written, in words, where it was agreed that not their author's hand did."""
    return [str(Adjusted(kind).label) for kind in cast(Any, enrolment).hands]


def from_paper(enrolment: Enrolment) -> FromPaper | None:
    """How the submission came from paper; None where it did not."""
    read = cast(Any, enrolment)
    if read.paper_checked_at is None:
        return None
    return FromPaper(
        read.paper_typed_by, read.paper_checked_by, read.paper_checked_at, tuple(read.paper_scans)
    )


def paper_of(submission: int) -> FromPaper | None:
    """How one submission came from paper, where its enrolment is not read anyway: one query."""
    scans = Scan.objects.filter(transcription=OuterRef("pk")).order_by("pk").values("uuid")
    row = (
        Transcription.objects.filter(submission=submission)
        .annotate(typed=F("typed_by__name"), checked=F("checked_by__name"), files=ArraySubquery(scans))
        .values_list("typed", "checked", "checked_at", "files")
        .first()
    )
    if row is None:
        return None
    typed, checked, checked_at, files = row
    return FromPaper(typed, checked, cast(datetime, checked_at), tuple(files))
