"""Where a passage stands among the texts about one person on one course, for it to be taken out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.case_studies.kinds import kind_of
from assessments.models import (
    MARK,
    Adjustment,
    AdjustmentRequest,
    Answer,
    ConsiderationDecision,
    CriterionMark,
    Disagreement,
    KeptAnswer,
    KeptMark,
    Recommendation,
    RemovedScan,
    Scan,
    SecondMarker,
    Settlement,
    SettlingMessage,
    SpecialConsideration,
    Submission,
    TimeGrant,
    TranscribedAnswer,
    Transcription,
)
from certification.models import (
    Appeal,
    AppealDraft,
    AppealView,
    Appointment,
    Certificate,
    Decision,
    FollowUp,
    FollowUpStep,
    ToldLater,
)
from courses.models import Enrolment, NameCorrection, RegisterEntry, RegisterReason

# How much of a text is shown on each side of the passage.
AROUND = 60


@dataclass(frozen=True)
class TextPlace:
    """A column that holds texts about one person's place on a course.

    Args:
        model: its table's.
        fields: its columns.
        whose: the look-up that leads from a row to the enrolment.
        words: what it is, in words.
        is_authors: only its author reads it: nobody is shown what it says.
    """

    model: type[Model]
    fields: tuple[str, ...]
    whose: str
    words: Promise
    is_authors: bool = False


# What `certification_redact` changes, and nothing else; a test finds a text that is in neither.
PLACES = (
    TextPlace(Answer, ("text",), "submission__enrolment", _("Answer")),
    TextPlace(KeptAnswer, ("text",), "submission__enrolment", _("Earlier text of an answer"), True),
    TextPlace(Transcription, ("reason", "returned"), "enrolment", _("Typing in the paper")),
    TextPlace(TranscribedAnswer, ("text",), "transcription__enrolment", _("Answer typed in from paper")),
    TextPlace(
        CriterionMark,
        ("note", "oral_question", "oral_answer", "because"),
        "marking__submission__enrolment",
        _("Marks: notes and the oral question"),
    ),
    TextPlace(
        KeptMark,
        ("note", "oral_question", "oral_answer", "because"),
        "marking__submission__enrolment",
        _("Marks as they were before: notes and the oral question"),
    ),
    TextPlace(SettlingMessage, ("text",), "submission__enrolment", _("Second marking: what was said")),
    TextPlace(Settlement, ("reason",), "submission__enrolment", _("Second marking: why it was settled so")),
    TextPlace(
        SecondMarker, ("ended_because",), "submission__enrolment", _("Second marking: why it was handed back")
    ),
    TextPlace(
        Recommendation,
        (
            "interest_observed",
            "interest_own_account",
            "experience_shown",
            "experience_needed",
            "understanding_words",
            "override_reason",
            "told_participant",
            "told_commissioner",
            "internal_note",
            "conversation",
            "no_conversation_words",
            "begun_because",
        ),
        "enrolment",
        _("Outcome, conversation and feedback"),
    ),
    TextPlace(Disagreement, ("reason",), "recommendation__enrolment", _("A trainer’s disagreement")),
    TextPlace(AdjustmentRequest, ("words", "answer"), "enrolment", _("Request for an adjustment")),
    TextPlace(Adjustment, ("details",), "enrolment", _("Adjustment")),
    TextPlace(SpecialConsideration, ("what", "effect"), "enrolment", _("Special consideration")),
    TextPlace(ConsiderationDecision, ("reason",), "enrolment", _("Decision on special consideration")),
    TextPlace(TimeGrant, ("reason",), "enrolment", _("Time that was granted")),
    TextPlace(RegisterEntry, ("covered_how", "made_up_how", "reason"), "enrolment", _("Register")),
    TextPlace(RegisterReason, ("reason",), "enrolment", _("Correction of the register")),
    TextPlace(NameCorrection, ("reason",), "enrolment", _("Correction of the certificate’s name")),
    TextPlace(Appointment, ("reason",), "enrolment", _("Appointment to decide")),
    TextPlace(Decision, ("reason",), "enrolment", _("Decision")),
    TextPlace(ToldLater, ("words",), "enrolment", _("How they were told afterwards")),
    TextPlace(Appeal, ("words",), "enrolment", _("What they asked to be looked at again")),
    TextPlace(AppealDraft, ("found", "answer"), "appeal__enrolment", _("Decision on what they asked")),
    TextPlace(
        AppealView,
        ("words",),
        "draft__appeal__enrolment",
        _("What was said of that decision"),
    ),
    TextPlace(Certificate, ("revoked_because",), "enrolment", _("Certificate")),
    TextPlace(FollowUp, ("comment",), "enrolment", _("Comment on the follow-up")),
    TextPlace(FollowUpStep, ("done",), "follow_up__enrolment", _("Step of the follow-up")),
)


@dataclass(frozen=True)
class Occurrence:
    """The passage, once, in one text.

    Args:
        key: names it on the page.
        before: what stands before it.
        after: what stands after it.
    """

    key: str
    before: str
    after: str


@dataclass(frozen=True)
class FoundText:
    """One text in which the passage stands.

    Args:
        table: its table.
        column: its column.
        row: its row's primary key.
        words: what it is.
        question: the number of the question that it answers, if it does.
        is_authors: only its author reads it.
        escaped: it is kept as JSON, where the passage is written as JSON writes it.
        numbers: which of its occurrences can be taken out, counted from one.
        occurrences: the same, to be shown.
        sha256: of the text as it stands.
    """

    table: str
    column: str
    row: int
    words: str
    question: int | None
    is_authors: bool
    escaped: bool
    numbers: tuple[int, ...]
    occurrences: tuple[Occurrence, ...]
    sha256: str


def texts_with(enrolment: Enrolment, passage: str) -> list[FoundText]:
    """Every text about `enrolment` in which `passage` stands, letter for letter: one statement a table.

    A draft that is not submitted is its author's alone, and not looked at.
    """
    found: list[FoundText] = []
    for place in PLACES if passage else ():
        rows = place.model._base_manager.filter(**{place.whose: enrolment}).order_by("pk")
        if place.model in (Answer, KeptAnswer):
            rows = rows.filter(submission__submitted_at__isnull=False)
        if place.model in (Answer, KeptAnswer, TranscribedAnswer):
            rows = rows.select_related("question")
        for row in rows:
            for field in place.fields:
                one = _in(place, row, field, passage)
                if one is not None:
                    found.append(one)
    return found


def _in(place: TextPlace, row: Any, field: str, passage: str) -> FoundText | None:
    text: str = getattr(row, field)
    question = getattr(row, "question", None)
    fields = _text_fields(question, text)
    needle = passage if fields is None else json.dumps(passage, ensure_ascii=False)[1:-1]
    parts = text.split(needle)
    numbers = tuple(
        n for n in range(1, len(parts)) if fields is None or _stays_whole(text, parts, n, needle, fields)
    )
    if not numbers:
        return None
    table = row._meta.db_table
    return FoundText(
        table=table,
        column=field,
        row=row.pk,
        words=str(place.words),
        question=question.number if question else None,
        is_authors=place.is_authors,
        escaped=fields is not None,
        numbers=numbers,
        occurrences=tuple(
            Occurrence(
                key=f"{table}:{field}:{row.pk}:{n}",
                before=needle.join(parts[:n])[-AROUND:],
                after=needle.join(parts[n:])[:AROUND],
            )
            for n in numbers
        ),
        sha256=sha256(text.encode()).hexdigest(),
    )


def _text_fields(question: Any, text: str) -> set[str] | None:
    """The names of an answer's fields that hold text, where it is kept as JSON; None where it is one text."""
    if question is None or not text.startswith("{"):
        return None
    kind = kind_of(question.kind)
    groups = kind.groups(question.settings)
    fields = [field for group in groups for field in group.fields]
    if len(fields) == 1 and kind.values_of(text).get(fields[0].name) == text:
        return None
    return {field.name for field in fields if field.is_text}


def _stays_whole(text: str, parts: list[str], n: int, needle: str, fields: set[str]) -> bool:
    """Whether nothing but the text of one field changes where the `n`-th occurrence is taken out."""
    changed = needle.join(parts[:n]) + MARK + needle.join(parts[n:])
    try:
        was, now = json.loads(text), json.loads(changed)
    except ValueError:
        return False
    return list(was) == list(now) and all(was[name] == now[name] or name in fields for name in was)


def chosen_of(texts: Iterable[FoundText], keys: set[str]) -> list[dict[str, Any]]:
    """What `certification_redact` is told to take out: what is in `keys`, and all in authors' texts."""
    return [chosen for text in texts if (chosen := _chosen(text, keys))["numbers"]]


def _chosen(text: FoundText, keys: set[str]) -> dict[str, Any]:
    numbers = [
        n
        for n, occurrence in zip(text.numbers, text.occurrences, strict=True)
        if text.is_authors or occurrence.key in keys
    ]
    named = {"table": text.table, "column": text.column, "row": text.row, "escaped": text.escaped}
    return {**named, "numbers": numbers}


def fingerprint_of_texts(texts: Iterable[FoundText]) -> str:
    """One fingerprint of what a page showed, by which a change since is noticed."""
    lines = (f"{one.table} {one.column} {one.row} {one.sha256} {one.numbers}" for one in texts)
    return sha256("\n".join(lines).encode()).hexdigest()


def scans_of(enrolment: Enrolment) -> Iterator[Scan]:
    """The scans of what was submitted on paper, those that were removed left out."""
    removed = RemovedScan.objects.values("scan")
    rows = Scan.objects.filter(transcription__enrolment=enrolment, transcription__submission__isnull=False)
    yield from rows.exclude(pk__in=removed).order_by("pk")


def has_draft(enrolment: Enrolment) -> bool:
    """Whether something is being written that is not submitted yet, and is not looked at."""
    return Submission.objects.filter(enrolment=enrolment, submitted_at__isnull=True).exists()
