"""One script as a marker sees it: each answer beside its model answer and criteria."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from accounts.models import Person
from aimcert.foundation.compiled import Compiled, Given
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.rows import counted, first
from aimcert.foundation.typed import is_seen
from assessments.answering.models import Answer, Submission
from assessments.case_studies.kinds import SaidGroup, kind_of
from assessments.case_studies.models import Criterion, Question
from assessments.marking.models import CriterionMark, Marking
from assessments.marking.piles import InPile, Pile
from assessments.marking.readiness import AssessedEnrolment, Assessment
from courses.models import Course, Enrolment


@dataclass
class Part:
    """One question with its answer, and the criteria that it is marked by.

    `framework` is the edition that the question refers to, if any.
    """

    question: Question
    text: str
    is_blank: bool
    framework: UUID | None = None
    criteria: list[Criterion] = field(default_factory=list)

    @property
    def said(self) -> tuple[SaidGroup, ...]:
        """The answer in words, where it has more than one field."""
        return kind_of(self.question.kind).said(self.text, self.question.settings)

    @cached_property
    def part_titles(self) -> dict[str, str]:
        """How the answer calls its parts, by the key that a criterion refers to."""
        return dict(kind_of(self.question.kind).parts(self.question.settings))


@dataclass
class Script:
    """A submission to be marked, and the marks of its latest round so far."""

    parts: list[Part]
    marking: Marking | None
    marks: dict[int, CriterionMark]
    # The attempt that this is.
    submission: UUID | None = None

    @property
    def criteria(self) -> list[Criterion]:
        return [criterion for part in self.parts for criterion in part.criteria]

    @property
    def unmarked(self) -> list[Criterion]:
        """Those that nobody has judged, in order."""
        marks = self.marks
        return [one for one in self.criteria if one.pk not in marks or not marks[one.pk].judged]

    @property
    def markers(self) -> list[Person]:
        """Who judged something of it, in the order of the criteria."""
        return list(dict.fromkeys(mark.judged_by for mark in self.marks.values() if mark.judged))


@dataclass(frozen=True)
class Place:
    """Where a script stands among those of its course, by name."""

    number: int
    total: int
    to_mark: int
    previous: UUID | None
    next: UUID | None
    next_unmarked: UUID | None


def _questions() -> QuerySet[Any]:
    text = Answer.objects.filter(submission=Given("submission"), question=OuterRef("pk")).values("text")
    return Question.objects.filter(version=Given("version")).annotate(
        answer=Subquery(text),
        framework=F("version__edition__uuid"),
        attempt=Subquery(Submission.objects.filter(pk=Given("submission")).values("uuid")),
    )


def _criteria(**of: Given) -> QuerySet[Any]:
    """One row for each criterion, with its mark where it has one."""
    own = FilteredRelation("marks", condition=Q(marks__marking=Given("marking")))
    # mypy does not see a relation that is made here.
    criteria = Criterion.objects.filter(**of).annotate(mark=own).select_related("mark__judged_by")  # type: ignore[misc]
    return criteria.order_by("question__number", "number")


def _answered_criteria() -> QuerySet[Any]:
    text = Answer.objects.filter(submission=Given("submission"), question=Given("question")).values("text")
    return _criteria(question=Given("question")).annotate(answer=Subquery(text))


_QUESTIONS: Compiled[Any, Any] = Compiled(_questions)
_CRITERIA: Compiled[Any, Any] = Compiled(lambda: _criteria(question__version=Given("version")))
_ANSWERED_CRITERIA: Compiled[Any, Any] = Compiled(_answered_criteria)


def script_of(assessment: Assessment) -> Script:
    """The script of someone who submitted, with its latest marking: three queries.

    Args:
        assessment: the enrolment with its facts; a submission answers the version that is pinned.
    """
    questions = _QUESTIONS.rows(version=assessment.version_id or 0, submission=assessment.submission_id or 0)
    parts = {
        question.pk: Part(
            question,
            text=question.answer or "",
            is_blank=not is_seen(question.answer or ""),
            framework=question.framework if kind_of(question.kind).uses_framework else None,
        )
        for question in questions
    }
    marks = {}
    for criterion in _CRITERIA.rows(version=assessment.version_id or 0, marking=assessment.marking_id or 0):
        part = parts[criterion.question_id]
        criterion.question = part.question
        part.criteria.append(criterion)
        # Django sets the attribute only where the relation has a row.
        if (mark := getattr(criterion, "mark", None)) is not None:
            marks[criterion.pk] = mark
    marking = None
    if assessment.marking_id is not None:
        marking = Marking.objects.select_related("finalised_by").get(pk=assessment.marking_id)
    attempt = next((part.question.attempt for part in parts.values()), None)  # type: ignore[attr-defined]
    return Script(parts=list(parts.values()), marking=marking, marks=marks, submission=attempt)


def script_in_pile(pile: Pile, one: InPile) -> Script:
    """One answer of a pile with its marks, as a script that does not say whose it is: one statement."""
    criteria = _ANSWERED_CRITERIA.rows(
        question=pile.question.pk, submission=one.submission_pk, marking=one.marking or 0
    )
    question = pile.question
    part = Part(question, text="", is_blank=True)
    marks = {}
    for criterion in criteria:
        criterion.question = question
        part.criteria.append(criterion)
        part.text = criterion.answer or ""
        if (mark := getattr(criterion, "mark", None)) is not None:
            marks[criterion.pk] = mark
    part.is_blank = not is_seen(part.text)
    if kind_of(question.kind).uses_framework:
        part.framework = question.version.edition.uuid if question.version.edition else None
    return Script(parts=[part], marking=None, marks=marks)


def _places() -> QuerySet[Any]:
    submitted = Submission.objects.filter(enrolment=OuterRef("pk")).latest_submitted()
    markings = Marking.objects.filter(submission=OuterRef("submission_pk")).standing_first()
    marks = CriterionMark.objects.judged().filter(marking=OuterRef("marking_pk"))
    return (
        Enrolment.objects.filter(course=Given("course"))
        .annotate(submission_pk=first(submitted, "pk"))
        .filter(submission_pk__isnull=False)
        .annotate(marking_pk=first(markings, "pk"))
        .annotate(judged=counted(marks))
        .order_by(InOrder("person__name"), "pk")
        .values_list("uuid", "judged")
    )


_PLACES: Compiled[Any, Any] = Compiled(_places)


def place_of(enrolment: AssessedEnrolment, course: Course) -> Place:
    """Where the script of `enrolment` stands among the submitted ones of `course`: one query."""
    scripts = _PLACES.rows(course=course.pk)
    total = enrolment.criteria_total
    order = [uuid for uuid, _marked in scripts]
    here = order.index(enrolment.uuid)
    unmarked = [uuid for uuid, marked in scripts if marked < total and uuid != enrolment.uuid]
    after = [uuid for uuid in unmarked if order.index(uuid) > here]
    return Place(
        number=here + 1,
        total=len(order),
        to_mark=sum(marked < total for _uuid, marked in scripts),
        previous=order[here - 1] if here else None,
        next=order[here + 1] if here + 1 < len(order) else None,
        # After the last one it begins again at the top.
        next_unmarked=next(iter(after or unmarked), None),
    )
