"""The answers of a course, question by question, as somebody marks them who must not know whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    OuterRef,
    PositiveSmallIntegerField,
    QuerySet,
    UUIDField,
)
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from aimcert.foundation.compiled import Compiled, Given, GivenKeys
from aimcert.foundation.rows import counted, first
from assessments.answering.models import Submission
from assessments.case_studies.models import Criterion, Question
from assessments.marking.models import CriterionMark, Marking, MarkingLease
from courses.models import Course, Enrolment

GONE = _("This answer is not there any more: another attempt was submitted. Go on to the next.")


@dataclass(frozen=True, slots=True)
class InPile:
    """One answer in the pile of a question.

    Args:
        code: what names it, and nobody can tell whose it is by; another for each question.
        enrolment, submission, submission_pk, marking: whose and which it is, for the acts alone; no page
            says any of it.
        judged: how many of the question's criteria somebody judged.
        is_open: whether it can still be marked.
        held_by, holder, held_until: who has it open, and until when; None where nobody has.
    """

    code: str
    enrolment: UUID
    submission: UUID
    submission_pk: int
    marking: int | None
    judged: int
    is_open: bool
    held_by: int | None
    holder: str
    held_until: datetime | None

    def is_held_from(self, person: Person) -> bool:
        """Whether somebody else has it open."""
        return self.held_by is not None and self.held_by != person.pk


@dataclass(frozen=True)
class Pile:
    """All answers to one question that were submitted, in an order of the question's own."""

    question: Question
    criteria: int
    answers: list[InPile]

    @property
    def marked(self) -> int:
        return sum(one.judged >= self.criteria for one in self.answers)

    @property
    def left(self) -> int:
        return len(self.answers) - self.marked

    def find(self, code: str) -> InPile | None:
        """The answer of that code."""
        return next((one for one in self.answers if one.code == code), None)

    def to_mark(self, *, after: str = "") -> list[InPile]:
        """Those not wholly judged yet: from `after` on, then from the beginning."""
        left = [one for one in self.answers if one.is_open and one.judged < self.criteria]
        return [one for one in left if one.code > after] + [one for one in left if one.code <= after]


def answer_code(question: UUID, submission: UUID) -> str:
    """What names somebody's answer to `question` to a marker, and tells nothing of whose it is.

    Codes put the answers in an order, which so differs from question to question.
    """
    said = f"{question} {submission}"
    return salted_hmac("assessments.marking.piles", said, algorithm="sha256").hexdigest()[:20]


def _rows() -> QuerySet[Any]:
    latest = Submission.objects.filter(enrolment=OuterRef("pk")).latest_submitted()
    markings = Marking.objects.filter(submission=OuterRef("submission_pk")).standing_first()
    marks = CriterionMark.objects.judged().filter(
        marking=OuterRef("marking_pk"), criterion__question=Given("question")
    )
    leases = MarkingLease.objects.filter(
        submission=OuterRef("submission_pk"),
        question=Given("question"),
        ended_at__isnull=True,
        until__gt=Given("now", DateTimeField()),
    )
    return (
        Enrolment.objects.filter(course=Given("course"))
        .exclude(person=Given("reader"))
        .annotate(submission_pk=first(latest, "pk"), submission_uuid=first(latest, "uuid"))
        .filter(submission_pk__isnull=False)
        .annotate(marking_pk=first(markings, "pk"), finalised=first(markings, "finalised_at"))
        .annotate(
            judged=counted(marks),
            held_by=first(leases, "taken_by"),
            holder=first(leases, "taken_by__name"),
            held_until=first(leases, "until"),
        )
        .order_by()
        .values_list(
            "uuid",
            "submission_uuid",
            "submission_pk",
            "marking_pk",
            "judged",
            "finalised",
            "frozen_at",
            "held_by",
            "holder",
            "held_until",
        )
    )


_ROWS: Compiled[Any, Any] = Compiled(_rows)


def _in_pile(
    question: Question,
    enrolment: UUID,
    submission: UUID,
    submission_pk: int,
    marking: int | None,
    judged: int,
    finalised: datetime | None,
    frozen: datetime | None,
    held_by: int | None,
    holder: str | None,
    held_until: datetime | None,
) -> InPile:
    return InPile(
        code=answer_code(question.uuid, submission),
        enrolment=enrolment,
        submission=submission,
        submission_pk=submission_pk,
        marking=marking,
        judged=judged,
        is_open=finalised is None and frozen is None,
        held_by=held_by,
        holder=holder or "",
        held_until=held_until,
    )


def pile_of(course: Course, question: Question, *, reader: Person) -> Pile:
    """The pile of `question` on `course`: two statements, however many submitted.

    Args:
        reader: nobody marks their own.
    """
    rows = _ROWS.rows(course=course.pk, question=question.pk, reader=reader.pk, now=timezone.now())
    answers = [_in_pile(question, *row) for row in rows]
    criteria = Criterion.objects.filter(question=question).count()
    return Pile(question, criteria, sorted(answers, key=lambda one: one.code))


def _attempts() -> QuerySet[Any]:
    asked = Question.objects.filter(
        version=OuterRef("version"), number=Given("number", PositiveSmallIntegerField())
    )
    return (
        Submission.objects.that_count()
        .filter(course__uuid=Given("course", UUIDField()))
        .annotate(question_uuid=first(asked, "uuid"))
        .filter(question_uuid__isnull=False)
        .order_by()
        .values_list("question_uuid", "enrolment__uuid", "uuid")
    )


_ATTEMPTS: Compiled[Any, Any] = Compiled(_attempts)


def attempt_behind(course: UUID, number: int, code: str) -> tuple[UUID, UUID] | None:
    """Whose answer to a question has that code, and in which attempt: one statement, for the acts alone.

    Args:
        course: its UUID. Whether who asks marks there, the act asks.
        number: the question's.
        code: the answer's.

    Returns:
        the enrolment's UUID and the submission's; None: there is no such answer, or not any more.
    """
    for question, enrolment, submission in _ATTEMPTS.rows(course=course, number=min(number, 2**15 - 1)):
        if constant_time_compare(answer_code(question, submission), code):
            return enrolment, submission
    return None


@dataclass(frozen=True)
class QuestionPile:
    """One question in the list of all: how far its answers are marked, and who has some open."""

    question: Question
    submitted: int
    marked: int
    held_by: tuple[str, ...]

    @property
    def left(self) -> int:
        return self.submitted - self.marked


def _asked() -> QuerySet[Any]:
    criteria = Criterion.objects.filter(question=OuterRef("pk"))
    questions = Question.objects.filter(version__pins__course=Given("course"))
    return questions.annotate(criteria_count=counted(criteria)).order_by("number")


def _standing() -> QuerySet[Any]:
    others = Enrolment.objects.filter(pk=OuterRef("enrolment")).exclude(person=Given("reader"))
    markings = Marking.objects.filter(submission=OuterRef("pk")).standing_first()
    return (
        Submission.objects.that_count()
        .filter(Exists(others), course=Given("course"))
        .annotate(marking_pk=first(markings, "pk"))
        .order_by()
        .values_list("pk", "marking_pk")
    )


def _judged() -> QuerySet[Any]:
    marks = CriterionMark.objects.judged().filter(marking__in=GivenKeys("markings"))
    by_question = marks.values("marking", "criterion__question").annotate(judged=Count("pk")).order_by()
    return by_question.values_list("criterion__question", "judged")


def _held() -> QuerySet[Any]:
    leases = MarkingLease.objects.filter(
        submission__in=GivenKeys("submissions"),
        ended_at__isnull=True,
        until__gt=Given("now", DateTimeField()),
    )
    return leases.values_list("question", "taken_by__name")


_ASKED: Compiled[Any, Any] = Compiled(_asked)
_STANDING: Compiled[Any, Any] = Compiled(_standing)
_JUDGED: Compiled[Any, Any] = Compiled(_judged)
_HELD: Compiled[Any, Any] = Compiled(_held)


def piles_of(course: Course, *, reader: Person) -> list[QuestionPile]:
    """Every question of `course` with how far it is: four statements, however many submitted."""
    standing = _STANDING.rows(course=course.pk, reader=reader.pk)
    judged: dict[int, list[int]] = {}
    for question, count in _JUDGED.rows(markings=[marking for _pk, marking in standing if marking]):
        judged.setdefault(question, []).append(count)
    held: dict[int, set[str]] = {}
    for question, name in _HELD.rows(submissions=[pk for pk, _marking in standing], now=timezone.now()):
        held.setdefault(question, set()).add(name)
    return [
        QuestionPile(
            question=one,
            submitted=len(standing),
            marked=sum(count >= one.criteria_count for count in judged.get(one.pk, [])),
            held_by=tuple(sorted(held.get(one.pk, ()))),
        )
        for one in _ASKED.rows(course=course.pk)
    ]
