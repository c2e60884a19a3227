"""What a trainer sees of the room: who has started, how far, who has submitted; never what they wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, Subquery

from assessments.facts import ANSWERED
from assessments.models import Answer, Question, Submission
from courses.models import Course, Enrolment


@dataclass(frozen=True)
class Seat:
    """One participant in the room."""

    name: str
    started_at: datetime | None
    submitted_at: datetime | None
    answered: int


@dataclass(frozen=True)
class Room:
    """Everyone who takes part, and how many of them answered each question."""

    seats: list[Seat]
    questions: list[tuple[int, str, int]]

    @property
    def started(self) -> int:
        return sum(seat.started_at is not None for seat in self.seats)

    @property
    def submitted(self) -> int:
        return sum(seat.submitted_at is not None for seat in self.seats)


def room_of(course: Course, version_id: int | None) -> Room:
    """The room of `course` now: two statements, however many are in it."""
    attempts = Submission.objects.filter(enrolment=OuterRef("pk")).order_by("-attempt")
    enrolments = (
        Enrolment.objects.filter(course=course, withdrawn_at__isnull=True)
        .annotate(attempt=Subquery(attempts.values("pk")[:1]))
        .order_by("person__name", "pk")
    )
    answered = (
        Answer.objects.filter(ANSWERED, submission=OuterRef("attempt"))
        .order_by()
        .values("submission")
        .annotate(n=Count("pk"))
    )
    rows = enrolments.annotate(
        started_at=Subquery(attempts.values("started_at")[:1]),
        submitted_at=Subquery(attempts.values("submitted_at")[:1]),
        answered=Subquery(answered.values("n")),
    ).values_list("person__name", "started_at", "submitted_at", "answered")
    return Room(
        seats=[Seat(name, started, submitted, count or 0) for name, started, submitted, count in rows],
        questions=_by_question(course, version_id),
    )


def _by_question(course: Course, version_id: int | None) -> list[tuple[int, str, int]]:
    in_the_room = Q(
        answers__submission__course=course, answers__submission__enrolment__withdrawn_at__isnull=True
    )
    given = Q(answers__text__regex=r"\S") | Q(answers__blank_confirmed_at__isnull=False)
    return list(
        Question.objects.filter(version=version_id)
        .order_by("number")
        .annotate(people=Count("answers", filter=in_the_room & given))
        .values_list("number", "title", "people")
    )
