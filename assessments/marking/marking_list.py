"""Everyone on a course with how far marking has come, and what each needs next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from aimcert.foundation.compiled import Compiled, Given
from aimcert.foundation.name_order import InOrder
from assessments.answering.answer_progress import Said, said_of_answers, with_standing_answers
from assessments.answering.hours import ends_for
from assessments.answering.models import Sitting
from assessments.marking.closeness import is_close_to_the_line
from assessments.marking.facts import suggested_outcome
from assessments.marking.models import CriterionMark, Recommendation
from assessments.marking.readiness import (
    AssessedEnrolment,
    Missing,
    Step,
    assessed,
    may_still_submit,
    missing_to_finalise,
)
from assessments.states import Outcome
from courses.models import Course, Enrolment


class Turn(IntEnum):
    """The order of the list: what needs doing first comes first."""

    RETURNED = 0
    MARK = 1
    OUTCOME = 2
    CONVERSATION = 3
    FEEDBACK = 4
    FINALISE = 5
    HELD_UP = 6
    NOT_SUBMITTED = 7
    DONE = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One line: words for each column, a tone for each tag, where its next step is done."""

    turn: Turn
    name: str
    url: str
    attendance: str
    attendance_tone: str
    answers: str
    answers_tone: str
    marking: str
    marking_tone: str
    outcome: str
    outcome_tone: str
    next: str
    next_url: str
    # What the list is sorted and narrowed by.
    sessions_met: int
    is_attended: bool
    submitted_at: datetime | None
    criteria_marked: int | None
    is_marked: bool
    marker_ids: frozenset[int]
    recommended: str
    is_close: bool
    must_speak: bool


NEXTS = {
    Turn.RETURNED: gettext_lazy("Answer The AIM Project"),
    Turn.MARK: gettext_lazy("Mark"),
    Turn.OUTCOME: gettext_lazy("Recommend an outcome"),
    Turn.CONVERSATION: gettext_lazy("Record the conversation"),
    Turn.FEEDBACK: gettext_lazy("Write the feedback"),
    Turn.FINALISE: gettext_lazy("Finalise"),
    Turn.HELD_UP: gettext_lazy("Held up: see why"),
    Turn.NOT_SUBMITTED: gettext_lazy("Waits for their answers"),
    Turn.DONE: gettext_lazy("Nothing more to do"),
}


@dataclass(frozen=True)
class MarkingList:
    """All rows of a course, and what is counted above them."""

    rows: list[Row]
    to_mark: int
    submitted: int
    # Judgements that are missing of those who submitted.
    judgements_left: int

    @property
    def marked(self) -> int:
        return self.submitted - self.to_mark

    @property
    def close(self) -> int:
        """How many are close to the line."""
        return sum(row.is_close for row in self.rows)

    @property
    def to_speak_to(self) -> int:
        """How many have to hear from a trainer before they leave."""
        return sum(row.must_speak for row in self.rows)


STEPS = {
    Step.MARK: (Turn.MARK, ""),
    Step.OUTCOME: (Turn.OUTCOME, "outcome/"),
    Step.CONVERSATION: (Turn.CONVERSATION, "conversation/"),
    Step.FEEDBACK: (Turn.FEEDBACK, "feedback/"),
    Step.DISAGREEMENT: (Turn.HELD_UP, "disagree/"),
    Step.SECOND_MARKING: (Turn.HELD_UP, "second/"),
}


def _judged_by() -> QuerySet[Any]:
    """Who judged something of a marking, each once."""
    marks = CriterionMark.objects.judged().filter(marking=OuterRef("marking_id"))
    return marks.order_by("judged_by").values("judged_by").distinct()


_OTHERS: Compiled[Any, AssessedEnrolment] = Compiled(
    lambda: (
        with_standing_answers(
            assessed(Enrolment.objects.filter(course=Given("course")).exclude(person=Given("reader")))
        )
        .annotate(marker_ids=ArraySubquery(_judged_by()))
        .select_related("person")
        .order_by(InOrder("person__name"), "pk")
    )
)


def marking_list_of(course: Course, sitting: Sitting | None, *, reader: Person, acts: bool) -> MarkingList:
    """The marking list of `course`: three queries, whatever its length.

    Args:
        course: whose.
        sitting: its day, if it was begun.
        reader: for whom; nobody reads here about themself.
        acts: whether the reader marks; otherwise rows say what is next without a way to do it.
    """
    # Reversing an address for each row would take longer than writing the row.
    base = reverse("assessments:marking", args=[course.uuid])
    enrolments = _OTHERS.rows(course=course.pk, reader=reader.pk)
    recommendations: dict[int, Recommendation] = {
        one.enrolment_id: one
        for one in Recommendation.objects.filter(enrolment__course=course).latest_first().reverse()
    }
    markers = dict(
        Person.objects.filter(pk__in={pk for one in enrolments for pk in one.marker_ids}).values_list(
            "pk", "name"
        )
    )
    writing = _Words(base, markers, sitting, acts)
    rows = [writing.row(one, recommendations.get(one.pk)) for one in enrolments]
    rows.sort(key=lambda row: row.turn)
    submitted = [one for one in enrolments if one.submitted_at is not None]
    return MarkingList(
        rows=rows,
        submitted=len(submitted),
        to_mark=sum(one.criteria_marked < one.criteria_total for one in submitted),
        judgements_left=sum(max(one.criteria_total - one.criteria_marked, 0) for one in submitted),
    )


class _Words:
    """The columns' words, each looked up once for all rows."""

    def __init__(self, base: str, markers: dict[int, str], sitting: Sitting | None, acts: bool) -> None:
        self.base, self.markers, self.acts = base, markers, acts
        self.sitting, self.now = sitting, timezone.now()
        self.outcomes = {value: str(label) for value, label in Outcome.choices}
        self.full, self.no_entry = _("Full attendance"), _("No register yet")
        self.of_sessions = _("Sessions: %(met)s of %(total)s")
        self.of_sessions_so_far = _("Sessions so far: %(met)s of %(total)s")
        self.answers: dict[Said, str] = {}
        self.none = "–"
        self.not_started, self.complete, self.finalised = _("Not marked yet"), _("Marked"), _("Finalised")
        self.so_far = _("%(marked)s of %(total)s marked")
        self.by = _("%(words)s, by %(name)s")
        self.suggested = _("Suggested: %(outcome)s")
        self.approved = _("Approved")
        self.nexts = {turn: str(words) for turn, words in NEXTS.items()}
        self.go_on = _("Go on marking")
        self.not_assessed = _("Say why not assessed")
        self.can_submit = _("Waits: they saved answers and can still submit")
        self.with_aim = _("With The AIM Project")
        self.waits_for_attendance = _("Waits for full attendance")

    def row(self, one: AssessedEnrolment, recommendation: Recommendation | None) -> Row:
        url = f"{self.base}{one.uuid}/"
        turn, words, path = self._next(one, recommendation)
        attendance, attendance_tone = self._attendance(one)
        answers, answers_tone = self._answers(one)
        marking, marking_tone = self._marking(one)
        outcome, outcome_tone = self._outcome(one, recommendation)
        return Row(
            turn=turn,
            name=one.person.name,
            url=url,
            attendance=attendance,
            attendance_tone=attendance_tone,
            answers=answers,
            answers_tone=answers_tone,
            marking=marking,
            marking_tone=marking_tone,
            outcome=outcome,
            outcome_tone=outcome_tone,
            next=words,
            next_url=url + path if self.acts and path is not None else "",
            sessions_met=one.sessions_met,
            is_attended=one.is_attended_in_full,
            submitted_at=one.submitted_at,
            criteria_marked=one.criteria_marked if one.submitted_at else None,
            is_marked=one.criteria_marked >= one.criteria_total,
            marker_ids=frozenset(one.marker_ids),
            recommended=recommendation.outcome if recommendation else "",
            is_close=is_close_to_the_line(one),
            must_speak=self._must_speak(one, recommendation),
        )

    def _attendance(self, one: AssessedEnrolment) -> tuple[str, str]:
        if one.is_attended_in_full:
            return self.full, "good"
        if not one.sessions_entered:
            return self.no_entry, "neutral"
        words = self.of_sessions if one.is_course_over else self.of_sessions_so_far
        return words % {"met": one.sessions_met, "total": one.sessions_total}, "waiting"

    def _answers(self, one: AssessedEnrolment) -> tuple[str, str]:
        said = said_of_answers(one, self.sitting, has_begun=one.submission_id is not None)
        if said not in self.answers:
            self.answers[said] = str(said[0])
        return self.answers[said], said[1]

    def _marking(self, one: AssessedEnrolment) -> tuple[str, str]:
        if one.submitted_at is None:
            return self.none, ""
        if one.marking_id is None:
            return self.not_started, "neutral"
        if one.marking_finalised_at is not None:
            return self.finalised, "good"
        if one.criteria_marked >= one.criteria_total:
            words, tone = self.complete, "good"
        else:
            words, tone = (
                self.so_far % {"marked": one.criteria_marked, "total": one.criteria_total},
                "waiting",
            )
        names = ", ".join(self.markers[pk] for pk in one.marker_ids if pk in self.markers)
        return (self.by % {"words": words, "name": names} if names else words), tone

    def _must_speak(self, one: AssessedEnrolment, recommendation: Recommendation | None) -> bool:
        """Whether they will hear *not yet*, and no conversation is on record."""
        outcome = recommendation.outcome if recommendation else suggested_outcome(one)
        heard = recommendation is not None and recommendation.conversation
        return outcome == Outcome.NOT_YET and not heard

    def _outcome(self, one: AssessedEnrolment, recommendation: Recommendation | None) -> tuple[str, str]:
        if recommendation is not None:
            tone = "good" if recommendation.outcome == Outcome.COMPETENT else "attention"
            return self.outcomes[recommendation.outcome], tone
        suggested = suggested_outcome(one)
        if suggested is None or one.submitted_at is None:
            return self.none, ""
        return self.suggested % {"outcome": self.outcomes[suggested]}, "neutral"

    def _next(
        self, one: AssessedEnrolment, recommendation: Recommendation | None
    ) -> tuple[Turn, str, str | None]:
        """The turn, its words, and the path below the script's own; None: there is nothing to do."""
        if recommendation is not None and recommendation.finalised_at is not None:
            if one.frozen_at is not None:
                return Turn.DONE, self.approved, None
            if recommendation.outcome == Outcome.COMPETENT:
                return Turn.DONE, self.with_aim, None
            return Turn.DONE, self.nexts[Turn.DONE], None
        if recommendation is None and one.submitted_at is None:
            ends_at = ends_for(self.sitting, one)
            is_over = ends_at is not None and ends_at <= self.now and not one.is_on_paper
            if is_over and may_still_submit(one):
                return Turn.NOT_SUBMITTED, self.can_submit, None
            if is_over or one.withdrawn_at is not None:
                return Turn.OUTCOME, self.not_assessed, "outcome/"
            return Turn.NOT_SUBMITTED, self.nexts[Turn.NOT_SUBMITTED], None
        missing: list[Missing] = missing_to_finalise(one, recommendation)
        if not missing:
            turn, path = Turn.FINALISE, "finalise/"
            is_competent = recommendation is not None and recommendation.outcome == Outcome.COMPETENT
            if is_competent and not one.is_attended_in_full:
                return Turn.HELD_UP, self.waits_for_attendance, path
        else:
            turn, path = STEPS[missing[0].step]
        if recommendation is not None and recommendation.begun_because:
            return Turn.RETURNED, self.nexts[Turn.RETURNED], path
        if turn is Turn.MARK and one.marking_id is not None:
            return turn, self.go_on, path
        return turn, self.nexts[turn], path
