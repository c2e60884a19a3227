"""Whose hand wrote a submission: what a marker knows of dictation, scribes and paper, and its author too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from assessments.answering.models import Adjustment, Scan, Transcription
from assessments.states import NOT_OWN_HAND, Adjusted


@dataclass(frozen=True)
class FromPaper:
    """How a submission came from paper: who typed it in, who compared it, and the scans by their UUID."""

    typed_by: str
    checked_by: str
    checked_at: datetime
    scans: tuple[UUID, ...]


class WithProvenance(Protocol):
    """An enrolment read `with_provenance`, and with which attempt counts; see the readers below."""

    submission_id: int | None
    submitted_at: datetime | None
    assistance_read: list[dict[str, Any]]
    paper_read: list[dict[str, Any]]
    scans_read: list[dict[str, Any]]


def with_provenance(enrolments: QuerySet[Any]) -> QuerySet[Any]:
    """`enrolments` with what `assistance` and `from_paper` read, in the query that reads them.

    Which of it is about the submission that counts is seen afterwards: asked in SQL, the statement that
    finds it would stand inside each of these again.
    """
    stood = Adjustment.objects.filter(enrolment=OuterRef("pk"), kind__in=NOT_OWN_HAND).order_by("pk")
    paper = Transcription.objects.filter(enrolment=OuterRef("pk"), submission__isnull=False)
    scans = Scan.objects.filter(
        transcription__enrolment=OuterRef("pk"), transcription__submission__isnull=False
    )
    return enrolments.annotate(
        assistance_read=ArraySubquery(
            stood.values(read=JSONObject(kind="kind", granted_at="granted_at", ended_at="ended_at"))
        ),
        paper_read=ArraySubquery(
            paper.values(
                read=JSONObject(
                    submission="submission",
                    typed_by="typed_by__name",
                    checked_by="checked_by__name",
                    checked_at="checked_at",
                )
            )
        ),
        scans_read=ArraySubquery(
            scans.order_by("pk").values(read=JSONObject(submission="transcription__submission", uuid="uuid"))
        ),
    )


def assistance(about: WithProvenance) -> list[str]:
    """How the answers came to be written, in words, where it was agreed that not their author's hand did."""
    at = about.submitted_at
    if at is None:
        return []
    kinds = {
        each["kind"]
        for each in about.assistance_read
        if datetime.fromisoformat(each["granted_at"]) <= at
        and (each["ended_at"] is None or datetime.fromisoformat(each["ended_at"]) >= at)
    }
    return [str(kind.label) for kind in Adjusted if kind in kinds]


def from_paper(about: WithProvenance) -> FromPaper | None:
    """How the submission that counts came from paper; None where it did not."""
    for each in about.paper_read:
        if each["submission"] == about.submission_id:
            scans = [
                UUID(one["uuid"]) for one in about.scans_read if one["submission"] == about.submission_id
            ]
            at = datetime.fromisoformat(each["checked_at"])
            return FromPaper(each["typed_by"], each["checked_by"], at, tuple(scans))
    return None


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
