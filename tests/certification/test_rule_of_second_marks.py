"""The whole rule with second marks, settlements and the sample, against a restatement of it from raw marks.

5,000 generated courses; and, of fewer, that PostgreSQL reads the same facts as are counted here.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.marking.sampling import drawn_from
from assessments.marking.second_marking import awaits_draw, demanded, needed_for
from assessments.models import Criterion, CriterionMark, Disagreement, Marking, Settlement
from assessments.states import MarkingRole, Outcome
from certification.eligibility import Code, unmet, with_facts
from courses.models import Enrolment
from tests import factories
from tests.certification.test_eligibility import NOW, facts

# What second marks have to do with: the rest of the rule is met.
ABOUT = (
    Code.MARKING,
    Code.MARKING_FINALISED,
    Code.ESSENTIAL_CRITERIA,
    Code.SECOND_MARKING,
    Code.RECOMMENDATION,
    Code.FINALISED,
)
MARK = st.sampled_from(
    [("met", ""), ("met", ""), ("partly_met", ""), ("not_met", ""), ("partly_met", "met"),
     ("partly_met", "not_met"), ("", "")]
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody's answers, marked once or twice.

    Args:
        uuid: of the submission.
        first: for each criterion what was judged, and what an oral question settled.
        settled: what two markers settled on; None: nothing.
        supports: what was settled of an override.
        outcome: what is recommended; None: nothing yet.
        explained: whether why it differs from the marks is written.
        finalised, disagreed: of that outcome.
        earlier: courses that the Associate trained before.
        marker: 1 or 2.
    """

    uuid: UUID
    first: list[tuple[str, str]]
    settled: list[str] | None
    supports: bool | None
    outcome: str | None
    explained: bool
    finalised: bool
    disagreed: bool
    earlier: int
    marker: int

    @property
    def standing(self) -> list[tuple[str, str]]:
        return self.first if self.settled is None else [(judged, "") for judged in self.settled]


@dataclass(frozen=True)
class Course:
    """Who is on it, which criteria are essential, and what is asked for."""

    essential: list[bool]
    people: list[Person]
    at_least: int
    percent: int
    first_courses: int
    seed: str
    is_drawn: bool


@st.composite
def courses(draw: Any) -> Course:
    essential = draw(st.lists(st.booleans(), max_size=4))
    size, people = len(essential), []
    for uuid in draw(st.lists(st.uuids(), min_size=1, max_size=5, unique=True)):
        first = draw(st.lists(MARK, min_size=size, max_size=size))
        whole = size > 0 and all(judged for judged, _settled in first)
        outcome = draw(st.sampled_from([None, *Outcome.values, Outcome.COMPETENT.value]))
        settled = draw(st.none() | st.lists(st.sampled_from(["met", "partly_met", "not_met"]),
                                            min_size=size, max_size=size)) if whole else None  # fmt: skip
        people.append(
            Person(
                uuid=uuid,
                first=first,
                settled=settled,
                supports=draw(st.sampled_from([None, True, False])) if settled is not None else None,
                outcome=outcome,
                explained=draw(st.booleans()),
                finalised=outcome is not None and draw(st.booleans()),
                disagreed=outcome is not None and draw(st.booleans()),
                earlier=draw(st.integers(0, 3)),
                marker=draw(st.integers(1, 2)),
            )
        )
    return Course(
        essential=essential,
        people=people,
        at_least=draw(st.integers(0, 3)),
        percent=draw(st.sampled_from([0, 10, 50])),
        first_courses=draw(st.integers(0, 2)),
        seed=draw(st.sampled_from(["", "a", "b1"])),
        is_drawn=draw(st.booleans()),
    )


def facts_of(one: Person, course: Course, sample: set[UUID], over: set[UUID]) -> Any:
    """What is counted of somebody, as the statement that reads it does."""
    marks = list(zip(course.essential, one.standing, strict=True))
    return facts(
        criteria_total=len(marks),
        criteria_marked=sum(bool(judged) for _essential, (judged, _settled) in marks),
        essential_total=sum(course.essential),
        essential_met=sum(
            essential and (settled or judged) == "met" for essential, (judged, settled) in marks
        ),
        essential_settled=sum(essential and bool(settled) for essential, (_judged, settled) in marks),
        marking_id=2 if one.settled is not None else 1,
        settled_from_id=1 if one.settled is not None else None,
        supports_override=one.supports,
        marking_finalised_at=NOW if one.finalised or one.settled is not None else None,
        recommendation_id=1 if one.outcome else None,
        recommendation_marking_id=1 if one.outcome else None,
        recommendation_finalised_at=NOW if one.finalised else None,
        outcome=one.outcome,
        override_reason="Said in the room." if one.outcome and one.explained else "",
        standing_disagreements=int(one.disagreed),
        earlier_courses=one.earlier,
        first_courses=course.first_courses,
        sample_size=course.at_least + course.percent,
        keeps_seed=bool(course.seed),
        is_drawn_over=one.uuid in over,
        is_sampled=one.uuid in sample,
    )


# --- The rule once more, from the marks alone ----------------------------------------------------------


def is_whole(one: Person) -> bool:
    return bool(one.standing) and all(judged for judged, _settled in one.standing)


def short_of(one: Person, course: Course) -> int:
    """How many essential criteria do not stand as met."""
    return sum(
        essential and (settled or judged) != "met"
        for essential, (judged, settled) in zip(course.essential, one.standing, strict=True)
    )


def shows_competence(one: Person, course: Course) -> bool:
    return any(course.essential) and short_of(one, course) == 0


def needs_another_look(one: Person, course: Course) -> bool:
    """Whatever is drawn, and not settled yet."""
    if one.settled is not None:
        return False
    competent = one.outcome == "competent"
    if one.disagreed or (competent and not shows_competence(one, course)):
        return True
    if not is_whole(one) or one.outcome == "not_assessed":
        return False
    aloud = any(
        essential and settled
        for essential, (_judged, settled) in zip(course.essential, one.first, strict=True)
    )
    suggested = "competent" if shows_competence(one, course) else "not_yet"
    differs = one.outcome is not None and one.outcome != suggested and (competent or one.explained)
    early = one.outcome == "not_yet" and one.earlier < course.first_courses
    return short_of(one, course) == 1 or aloud or differs or early


def drawn_over(course: Course) -> list[Person]:
    if not course.is_drawn or not course.seed or not course.at_least + course.percent:
        return []
    return [
        one
        for one in course.people
        if is_whole(one)
        and one.settled is None
        and not needs_another_look(one, course)
        and not (one.finalised and one.outcome != "competent")
    ]


def sample_of(course: Course) -> set[UUID]:
    """As somebody repeats it by hand from the seed."""
    found: set[UUID] = set()
    for marker in (1, 2):
        own = [one.uuid for one in drawn_over(course) if one.marker == marker]
        most = max(course.at_least, -(-len(own) * course.percent // 100))
        found |= set(sorted(own, key=lambda one: sha256(f"{course.seed} {one}".encode()).hexdigest())[:most])
    return found


def expected(one: Person, course: Course) -> list[Code]:
    competent, whole = one.outcome == "competent", is_whole(one)
    shown = shows_competence(one, course)
    supported = competent and not shown and one.settled is not None and bool(one.supports)
    early = one.outcome == "not_yet" and one.earlier < course.first_courses
    # Why *not yet* on a first course is marked again holds up finalising it; nobody certifies it.
    alone = early and not needs_another_look(one, Course(**{**vars(course), "first_courses": 0}))
    sampled = one.uuid in sample_of(course) and one.outcome != "not_assessed"
    is_told = one.finalised and not competent
    undrawn = (
        bool(course.seed)
        and course.at_least + course.percent > 0
        and one.settled is None
        and not is_told
        and not needs_another_look(one, course)
        and one.uuid not in {each.uuid for each in drawn_over(course)}
    )
    unsupported = one.settled is not None and competent and not shown and not one.supports
    second = (needs_another_look(one, course) and not alone) or sampled or undrawn or unsupported
    said = {
        Code.MARKING: not whole,
        Code.MARKING_FINALISED: not (one.finalised or one.settled is not None),
        Code.ESSENTIAL_CRITERIA: not shown and not supported,
        Code.SECOND_MARKING: second,
        Code.RECOMMENDATION: not competent,
        Code.FINALISED: one.outcome is not None and not one.finalised,
    }
    return [code for code in ABOUT if said[code]]


@pytest.mark.whole_run
@settings(max_examples=5000, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(course=courses())
def test_rule_agrees_with_its_restatement_over_5000_courses(course: Course) -> None:
    read = {one.uuid: facts_of(one, course, set(), set()) for one in course.people}
    over = {
        one.uuid for one in course.people if course.is_drawn and is_whole(one) and awaits_draw(read[one.uuid])
    }
    assert over == {one.uuid for one in drawn_over(course)}
    drawn = drawn_from(
        {one.uuid: [one.marker] for one in course.people if one.uuid in over},
        seed=course.seed,
        at_least=course.at_least,
        percent=course.percent,
    )
    sample = {uuid for of_marker in drawn.values() for uuid in of_marker}
    assert sample == sample_of(course)
    for one in course.people:
        about = facts_of(one, course, sample, over)
        said = [need.code for need in unmet(about) if need.code in ABOUT]
        assert said == expected(one, course), one
        if one.settled is None:
            assert bool(demanded(about)) == needs_another_look(one, course), one
        assert not (one.settled is not None and needed_for(about)), one


# --- And PostgreSQL counts the same --------------------------------------------------------------------

COUNTED = (
    "criteria_total",
    "criteria_marked",
    "essential_total",
    "essential_met",
    "essential_settled",
    "supports_override",
    "outcome",
    "override_reason",
    "standing_disagreements",
)


@pytest.mark.whole_run
@pytest.mark.django_db
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(course=courses().filter(lambda one: len(one.essential) == 4 and sum(one.essential) == 2))
def test_postgresql_counts_what_the_restatement_counts(course: Course) -> None:
    """On the factories' version, of two questions with an essential and another criterion each."""
    in_order = sorted(range(4), key=lambda place: (not course.essential[place], place))
    made = factories.course()
    trainer = factories.trainer_of(made)
    of_it = Criterion.objects.filter(question__version=made.pin.version)  # type: ignore[attr-defined]
    criteria = list(of_it.order_by("-is_essential", "question__number", "number"))
    for one in course.people:
        enrolment = factories.enrolment(made)
        submission = factories.submission(enrolment)
        first = _marking(submission, trainer, MarkingRole.FIRST)
        _marks(first, criteria, [one.first[place] for place in in_order])
        if one.settled is not None:
            second = _marking(submission, trainer, MarkingRole.SECOND)
            settled = _marking(submission, trainer, MarkingRole.SETTLED)
            _marks(settled, criteria, [(one.settled[place], "") for place in in_order])
            for each in (first, second, settled):
                each.finalised_at, each.finalised_by = NOW, trainer
                each.save()
            Settlement.objects.create(
                submission=submission,
                first=first,
                second=second,
                marking=settled,
                supports_override=one.supports,
                settled_by=trainer,
            )
        if one.outcome:
            latest = factories.recommendation(
                enrolment,
                outcome=one.outcome,
                marking=first,
                finalised=one.finalised,
                override_reason="Said in the room." if one.outcome and one.explained else "",
            )
            if one.disagreed:
                Disagreement.objects.create(recommendation=latest, reason="Otherwise.", disagreed_by=trainer)
        read: Any = with_facts(Enrolment.objects.filter(pk=enrolment.pk)).get()
        wanted = facts_of(one, course, set(), set())
        for name in COUNTED:
            assert (getattr(read, name) or None) == (getattr(wanted, name) or None), (name, one)
        assert (read.settled_from_id == first.pk) == (one.settled is not None)


def _marking(submission: Any, marker: Any, role: MarkingRole) -> Marking:
    return Marking.objects.create(submission=submission, marker=marker, role=role)


def _marks(marking: Marking, criteria: list[Criterion], judged: list[tuple[str, str]]) -> None:
    CriterionMark.objects.bulk_create(
        CriterionMark(
            marking=marking,
            criterion=criterion,
            judged=value,
            settled=settled,
            oral_question="Why?" if settled else "",
            oral_answer="So." if settled else "",
            judged_by=marking.marker,
        )
        for criterion, (value, settled) in zip(criteria, judged, strict=True)
    )
