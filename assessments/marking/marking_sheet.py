"""What the marking sheet of a course holds, whose nobody is told, and what its rows are known by again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import Person
from aimcert.foundation.rows import first
from aimcert.foundation.typed import is_seen
from assessments.answering.models import Answer, Submission
from assessments.case_studies.models import Criterion, Question
from assessments.marking.models import CriterionMark, Marking
from assessments.marking.piles import answer_code
from courses.models import Course, Enrolment


@dataclass(frozen=True)
class SheetAnswer:
    """One answer as the sheet has it.

    Args:
        code: what names it; another for each question, so that nobody puts two of one person together.
        enrolment, enrolment_pk, submission: whose and which it is, for the acts alone.
        text: what was answered.
        is_open: whether it can still be marked.
        marks: those that stand, by criterion.
    """

    code: str
    enrolment: UUID
    enrolment_pk: int
    submission: UUID
    text: str
    is_open: bool
    marks: dict[int, CriterionMark]

    @property
    def is_blank(self) -> bool:
        return not is_seen(self.text)


@dataclass(frozen=True)
class SheetQuestion:
    """One question with its criteria, and the answers to it in an order of its own."""

    question: Question
    criteria: list[Criterion] = field(default_factory=list)
    answers: list[SheetAnswer] = field(default_factory=list)


@dataclass(frozen=True)
class Seal:
    """What a sheet is of, and the fingerprints that it carries.

    Args:
        course, version: what is marked.
    """

    course: UUID
    version: UUID

    def of_sheet(self) -> str:
        """What the first worksheet carries."""
        return f"{self.course}.{self.version}.{_fingerprint('sheet', self.course, self.version)}"

    def of_row(self, code: str, criterion: int, *, base: int, had: str) -> str:
        """What a row carries.

        Args:
            code: the answer's.
            criterion: its number.
            base: the revision of the mark that the sheet shows; 0 where there is none.
            had: the sign of what that says (`sign_of`).
        """
        return f"{base}.{had}.{self._row(code, criterion, base, had)}"

    def opened(self, row: str, code: str, criterion: int) -> tuple[int, str] | None:
        """The base and the sign in what a row carries; None: it was not made for this row by us."""
        base, _dot, rest = row.strip().partition(".")
        had, _dot, fingerprint = rest.partition(".")
        if not (base.isascii() and base.isdigit()) or len(base) > 9:
            return None
        expected = self._row(code, criterion, int(base), had)
        return (int(base), had) if constant_time_compare(fingerprint, expected) else None

    def _row(self, code: str, criterion: int, base: int, had: str) -> str:
        return _fingerprint("row", self.course, self.version, code, criterion, base, had)


def _fingerprint(*said: object) -> str:
    value = " ".join(str(one) for one in said)
    return salted_hmac("assessments.marking.sheet", value, algorithm="sha256").hexdigest()[:32]


def seal_in(text: str) -> Seal | None:
    """What a sheet of ours says that it is of; None: it was not made here."""
    parts = text.strip().split(".")
    try:
        seal = Seal(UUID(parts[0]), UUID(parts[1]))
    except (ValueError, IndexError):
        return None
    return seal if constant_time_compare(seal.of_sheet(), text.strip()) else None


def sheet_of(course: Course, *, reader: Person) -> list[SheetQuestion]:
    """Every question of `course` with the answers to it: five statements, however many submitted.

    Args:
        reader: nobody marks their own.
    """
    version = course.pin.version_id
    questions = {one.pk: SheetQuestion(one) for one in Question.objects.filter(version=version)}
    for criterion in Criterion.objects.filter(question__version=version):
        criterion.question = questions[criterion.question_id].question
        questions[criterion.question_id].criteria.append(criterion)
    submissions = _submissions(course, reader)
    texts: dict[int, dict[int, str]] = {}
    answers = Answer.objects.filter(submission__in=[one["pk"] for one in submissions])
    for submission, question, text in answers.values_list("submission", "question", "text"):
        texts.setdefault(submission, {})[question] = text
    marks: dict[int, dict[int, CriterionMark]] = {}
    standing = CriterionMark.objects.filter(marking__in=[one["marking_pk"] for one in submissions])
    for mark in standing.select_related("judged_by"):
        marks.setdefault(mark.marking_id, {})[mark.criterion_id] = mark
    for key, asked in questions.items():
        asked.answers.extend(
            SheetAnswer(
                code=answer_code(asked.question.uuid, one["uuid"]),
                enrolment=one["enrolment__uuid"],
                enrolment_pk=one["enrolment"],
                submission=one["uuid"],
                text=texts.get(one["pk"], {}).get(key, ""),
                is_open=one["finalised"] is None and one["enrolment__frozen_at"] is None,
                marks=marks.get(one["marking_pk"], {}),
            )
            for one in submissions
        )
        asked.answers.sort(key=lambda one: one.code)
    return list(questions.values())


def _submissions(course: Course, reader: Person) -> list[dict[str, Any]]:
    others = Enrolment.objects.filter(pk=OuterRef("enrolment")).exclude(person=reader)
    markings = Marking.objects.filter(submission=OuterRef("pk")).standing_first()
    rows = (
        Submission.objects.that_count()
        .filter(Exists(others), course=course, version=course.pin.version_id)
        .annotate(marking_pk=first(markings, "pk"), finalised=first(markings, "finalised_at"))
        .order_by()
    )
    columns = (
        "pk",
        "uuid",
        "enrolment",
        "enrolment__uuid",
        "enrolment__frozen_at",
        "marking_pk",
        "finalised",
    )
    return [dict(one) for one in rows.values(*columns)]
