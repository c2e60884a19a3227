"""Somebody's paper, its scans, and what was taken out of their texts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.personal_data import ITS_OWN, HeldFile, Holding, Whose, add_holding, done_by, says
from aimcert.foundation.files import open_stored
from assessments.answering.models import (
    Booklet,
    RedactedText,
    Redaction,
    RemovedScan,
    Scan,
    ScanUpload,
    TranscribedAnswer,
    Transcription,
)

ENROLMENT, PAPER = ("enrolment__course",), ("transcription__enrolment__course",)
COURSE = says("enrolment", _("Course"), "enrolment.course.title")
OF_PAPER = says("transcription", _("Course"), "transcription.enrolment.course.title")
QUESTION = says("question", _("Question"), "question.number")
SUFFIXES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def _sheets(scan: Scan) -> Iterator[HeldFile]:
    # Of one that was redacted the file is gone, for good.
    if not hasattr(scan, "removed"):
        name = f"{scan.uuid}.{SUFFIXES[scan.content_type]}"
        yield HeldFile(name, partial(open_stored, scan.file))


def _scans(whose: Whose) -> QuerySet[Scan]:
    return Scan.objects.filter(transcription__enrolment__person__in=whose.accounts).select_related("removed")


add_holding(
    Holding(
        name="booklets",
        title=_("Your code on paper"),
        about=_("It stands on each sheet of your booklet, so that none is anybody else’s."),
        model=Booklet,
        find=lambda whose: Booklet.objects.filter(enrolment__person__in=whose.accounts),
        columns=(COURSE, says("code", _("Code")), says("made_at", _("Made")), done_by("made_by", _("By"))),
        related=ENROLMENT,
    )
)
add_holding(
    Holding(
        name="paper",
        title=_("What you wrote on paper"),
        about=_("Who typed it in and compared it is told by their role."),
        model=Transcription,
        find=lambda whose: Transcription.objects.filter(enrolment__person__in=whose.accounts),
        columns=(
            COURSE,
            says("reason", _("Why you wrote on paper")),
            says("begun_at", _("Begun")),
            done_by("begun_by", _("By")),
            says("typed_at", _("Typed in")),
            done_by("typed_by", _("By")),
            says("returned", _("What differed")),
            says("returned_at", _("Sent back")),
            done_by("returned_by", _("By")),
            says("declared_on_paper", _("Your declaration was signed")),
            says("checked_at", _("Compared")),
            done_by("checked_by", _("By")),
            says("submission", _("Handed in as"), "submission.uuid"),
            says("ended_at", _("Given up")),
            done_by("ended_by", _("By")),
        ),
        without={"uuid": ITS_OWN, "version": ITS_OWN},
        related=(*ENROLMENT, "submission"),
    )
)
add_holding(
    Holding(
        name="paper_answers",
        title=_("What was typed in from your paper"),
        about=_("Until it is handed in; then it stands among your answers."),
        model=TranscribedAnswer,
        find=lambda whose: TranscribedAnswer.objects.filter(
            transcription__enrolment__person__in=whose.accounts
        ),
        columns=(
            OF_PAPER,
            QUESTION,
            says("text", _("Text")),
            says("is_blank", _("Blank on the paper")),
            says("blank_parts", _("Parts blank on the paper")),
            says("revision", _("How often it was saved")),
            says("saved_at", _("Saved")),
        ),
        related=(*PAPER, "question"),
    )
)
add_holding(
    Holding(
        name="scans",
        title=_("Scans of your paper"),
        about=_("Each with its file, unless it was taken out for good."),
        model=Scan,
        find=_scans,
        columns=(
            OF_PAPER,
            says("sha256", _("SHA-256")),
            says("content_type", _("Kind of file")),
            says("size", _("Size in bytes")),
            says("pages", _("Pages")),
            says("added_at", _("Added")),
            done_by("added_by", _("By")),
        ),
        without={"uuid": ITS_OWN, "file": ITS_OWN},
        related=PAPER,
        files=_sheets,
    )
)
add_holding(
    Holding(
        name="scan_uploads",
        title=_("Files of scans as they came"),
        about=_("Until they are read; then each is a scan, or it is said why it is none."),
        model=ScanUpload,
        find=lambda whose: ScanUpload.objects.filter(transcription__enrolment__person__in=whose.accounts),
        columns=(
            OF_PAPER,
            says("name", _("Name of the file")),
            says("sha256", _("SHA-256")),
            says("uploaded_at", _("Sent")),
            done_by("uploaded_by", _("By")),
            says("read_at", _("Read")),
            says("refused", _("Why it was refused")),
        ),
        without=dict.fromkeys(("uuid", "file", "scan", "attempts", "next_attempt_at"), ITS_OWN),
        related=PAPER,
    )
)
add_holding(
    Holding(
        name="redactions",
        title=_("What was taken out of your texts"),
        about=_("When, and why. What it said is not kept."),
        model=Redaction,
        find=lambda whose: Redaction.objects.filter(enrolment__person__in=whose.accounts),
        columns=(
            COURSE,
            says("reason", _("Why")),
            says("redacted_at", _("When")),
            done_by("redacted_by", _("By")),
        ),
        without={"uuid": ITS_OWN},
        related=ENROLMENT,
    )
)
add_holding(
    Holding(
        name="redacted_texts",
        title=_("Out of which texts it was taken"),
        about=_("How often, and the SHA-256 that the text had before."),
        model=RedactedText,
        find=lambda whose: RedactedText.objects.filter(redaction__enrolment__person__in=whose.accounts),
        columns=(
            says("course", _("Course"), "redaction.enrolment.course.title"),
            says("times", _("Times")),
            says("sha256", _("SHA-256 before")),
        ),
        without=dict.fromkeys(("submission", "table_name", "column_name", "row_id"), ITS_OWN),
        related=("redaction__enrolment__course",),
    )
)
add_holding(
    Holding(
        name="removed_scans",
        title=_("Scans that were deleted whole"),
        about=_("Which ones, by the SHA-256 that the receipt names."),
        model=RemovedScan,
        find=lambda whose: RemovedScan.objects.filter(redaction__enrolment__person__in=whose.accounts),
        columns=(
            says("course", _("Course"), "redaction.enrolment.course.title"),
            says("scan", _("SHA-256"), "scan.sha256"),
        ),
        related=("redaction__enrolment__course", "scan"),
    )
)
