"""What one decides on: a person's register, answers, marks, and what was recommended and asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext as _

from assessments.case_studies.kinds import SaidGroup, kind_of
from assessments.models import Criterion, Question, Recommendation, stands_as
from assessments.states import Judged, Settled
from certification.eligibility import Parties
from courses.models import Enrolment, Session
from courses.states import Judgement, Presence


@dataclass(frozen=True)
class Sat:
    """One session, and what the register says of the person there."""

    number: int
    starts_at: datetime
    words: str
    covered_how: str
    made_up_how: str


@dataclass(frozen=True)
class Marked:
    """One criterion and its mark."""

    text: str
    is_essential: bool
    is_met: bool
    words: str
    note: str
    oral_question: str
    oral_answer: str


@dataclass(frozen=True)
class Answered:
    """One question, its answer and its marks."""

    number: int
    title: str
    text: str
    answer: str
    # In words, where it has more than one field.
    said: tuple[SaidGroup, ...]
    is_blank: bool
    marks: list[Marked] = field(default_factory=list)


@dataclass(frozen=True)
class Evidence:
    """Everything that one reads before deciding; `rounds` has the latest recommendation first."""

    sessions: list[Sat]
    questions: list[Answered]
    rounds: list[Recommendation]

    @property
    def recommendation(self) -> Recommendation | None:
        """The latest."""
        return self.rounds[0] if self.rounds else None

    @property
    def earlier(self) -> list[Recommendation]:
        """Rounds before the latest that The AIM Project decided on."""
        return [one for one in self.rounds[1:] if hasattr(one, "decision")]


def evidence(enrolment: Enrolment) -> Evidence:
    """The evidence of `enrolment`, read by `eligibility.with_facts`, in four queries.

    Only what was submitted is read: a draft is its author's alone.
    """
    facts = cast(Parties, enrolment)
    return Evidence(
        sessions=_sessions(enrolment),
        questions=_questions(facts) if facts.submitted_at else [],
        rounds=list(
            Recommendation.objects.filter(enrolment=enrolment)
            .select_related("decision__decided_by", "recommended_by", "finalised_by", "conversation_by")
            .latest_first()
        ),
    )


def _sessions(enrolment: Enrolment) -> list[Sat]:
    rows = (
        Session.objects.filter(course=enrolment.course_id)
        .annotate(
            entry=FilteredRelation("register_entries", condition=Q(register_entries__enrolment=enrolment.pk))
        )
        .order_by("number")
        .values_list(
            "number",
            "starts_at",
            "entry__presence",
            "entry__judgement",
            "entry__covered_how",
            "entry__made_up_how",
        )
    )
    return [
        Sat(number, starts_at, _presence_text(presence, judgement), covered or "", made_up or "")
        for number, starts_at, presence, judgement, covered, made_up in rows
    ]


def _presence_text(presence: str | None, judgement: str | None) -> str:
    if presence is None:
        return ""
    words = str(Presence(presence).label)
    if judgement:
        return f"{words}. {Judgement(judgement).label}"
    waits = presence in (Presence.LATE, Presence.LEFT_EARLY)
    return f"{words}. {_('What was missed is not judged yet')}" if waits else words


def _questions(facts: Parties) -> list[Answered]:
    questions = (
        Question.objects.filter(version=facts.version_id)
        .annotate(answer=FilteredRelation("answers", condition=Q(answers__submission=facts.submission_id)))
        .order_by("number")
        .values_list(
            "pk", "number", "title", "text", "kind", "settings", "answer__text", "answer__blank_confirmed_at"
        )
    )
    answered = {
        pk: Answered(
            number, title, text, answer or "", kind_of(kind).said(answer or "", settings), blank is not None
        )
        for pk, number, title, text, kind, settings, answer, blank in questions
    }
    marks = (
        Criterion.objects.filter(question__version=facts.version_id)
        .annotate(mark=FilteredRelation("marks", condition=Q(marks__marking=facts.marking_id)))
        .order_by(F("question__number"), "number")
        .values_list(
            "question",
            "text",
            "is_essential",
            "mark__judged",
            "mark__settled",
            "mark__note",
            "mark__oral_question",
            "mark__oral_answer",
        )
    )
    for question, text, is_essential, judged, settled, note, asked, replied in marks:
        words = str(Settled(settled).label if settled else Judged(judged).label) if judged else ""
        is_met = stands_as(judged, settled) == Judged.MET
        answered[question].marks.append(
            Marked(text, is_essential, is_met, words, note or "", asked or "", replied or "")
        )
    return list(answered.values())
