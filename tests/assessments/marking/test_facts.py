"""The facts that the certification rule reads of an assessment, and what the marks suggest."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from assessments.marking.facts import is_override, suggested_outcome, with_assessment
from assessments.marking.models import MET, NOT_MET, PARTLY_MET, stands_as
from assessments.models import Answer, CoursePin, CriterionMark, Disagreement
from assessments.states import Judged, MarkingRole, Outcome, Settled
from courses.models import Course, Enrolment
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    return factories.course()


def facts(enrolment: Enrolment):
    return with_assessment(Enrolment.objects.all()).get(pk=enrolment.pk)


def test_nothing_done_is_nothing(course: Course) -> None:
    found = facts(factories.enrolment(course))
    assert (found.submission_id, found.submitted_at, found.marking_id) == (None, None, None)
    assert (found.recommendation_id, found.recommendation_round, found.outcome) == (None, None, None)
    assert (found.marking_finalised_at, found.recommendation_finalised_at) == (None, None)
    assert (found.questions_total, found.criteria_total, found.essential_total) == (2, 4, 2)
    assert (found.questions_answered, found.criteria_marked, found.essential_met) == (0, 0, 0)
    assert (found.standing_disagreements, is_override(found)) == (0, False)
    assert suggested_outcome(found) == Outcome.NOT_ASSESSED


def test_a_draft_counts_its_answers_and_is_not_submitted(course: Course) -> None:
    enrolment = factories.enrolment(course)
    draft = factories.submission(enrolment, submitted=False, answers=["An answer"])
    question = draft.version.questions.get(number=2)
    Answer.objects.create(submission=draft, version=draft.version, question=question, text="  \n ")
    found = facts(enrolment)
    assert (found.submission_id, found.submitted_at) == (draft.pk, None)
    assert found.questions_answered == 1
    assert suggested_outcome(found) == Outcome.NOT_ASSESSED


def test_a_confirmed_blank_counts_as_answered(course: Course) -> None:
    enrolment = factories.enrolment(course)
    factories.submission(enrolment, answers=["An answer", ""])
    assert facts(enrolment).questions_answered == 2


def test_submitted_and_not_marked_suggests_nothing(course: Course) -> None:
    enrolment = factories.enrolment(course)
    factories.submission(enrolment)
    assert suggested_outcome(facts(enrolment)) is None


@pytest.mark.parametrize(
    ("judged", "met", "suggested"),
    [
        (Judged.MET, 2, Outcome.COMPETENT),
        (Judged.PARTLY_MET, 0, Outcome.NOT_YET),
        (Judged.NOT_MET, 0, Outcome.NOT_YET),
    ],
)
def test_essential_criteria_decide_what_is_suggested(
    course: Course, judged: str, met: int, suggested: str
) -> None:
    enrolment = factories.enrolment(course)
    marking = factories.marking(factories.submission(enrolment), judged=judged)
    found = facts(enrolment)
    assert found.marking_id == marking.pk
    assert (found.criteria_marked, found.essential_met) == (4, met)
    assert suggested_outcome(found) == suggested


def test_a_desirable_criterion_not_met_changes_nothing(course: Course) -> None:
    enrolment = factories.enrolment(course)
    marking = factories.marking(factories.submission(enrolment))
    marking.marks.filter(criterion__is_essential=False).update(judged=Judged.NOT_MET)
    assert suggested_outcome(facts(enrolment)) == Outcome.COMPETENT


@pytest.mark.parametrize(
    ("settled", "suggested"), [(Settled.MET, Outcome.COMPETENT), (Settled.NOT_MET, Outcome.NOT_YET)]
)
def test_an_oral_question_settles_what_was_partly_met(course: Course, settled: str, suggested: str) -> None:
    enrolment = factories.enrolment(course)
    marking = factories.marking(factories.submission(enrolment))
    one = marking.marks.filter(criterion__is_essential=True).first()
    marking.marks.filter(pk=one.pk).update(
        judged=Judged.PARTLY_MET, settled=settled, oral_question="And why?", oral_answer="Because."
    )
    assert suggested_outcome(facts(enrolment)) == suggested


@pytest.mark.parametrize(
    ("judged", "settled"),
    [*((judged, "") for judged in Judged.values), *((Judged.PARTLY_MET, one) for one in Settled.values)],
)
def test_a_mark_stands_alike_in_python_and_in_the_database(judged: str, settled: str) -> None:
    conditions = {Judged.MET: MET, Judged.PARTLY_MET: PARTLY_MET, Judged.NOT_MET: NOT_MET}
    row = {"judged": judged, "settled": settled}
    assert [stands for stands, one in conditions.items() if one.check(row)] == [stands_as(judged, settled)]


def test_a_second_marking_never_stands_by_itself_and_settled_marks_stand_before_the_first(
    course: Course,
) -> None:
    enrolment = factories.enrolment(course)
    submission = factories.submission(enrolment)
    second = {"marker": factories.trainer_of(course), "role": MarkingRole.SECOND}
    submission.markings.create(**second)
    assert facts(enrolment).marking_id is None
    first = factories.marking(submission, judged=Judged.NOT_MET)
    submission.markings.create(round=first.round, **second)
    assert (facts(enrolment).marking_id, facts(enrolment).essential_met) == (first.pk, 0)
    settled = submission.markings.create(round=first.round, marker=first.marker, role=MarkingRole.SETTLED)
    assert (facts(enrolment).marking_id, facts(enrolment).criteria_marked) == (settled.pk, 0)
    again = submission.markings.create(round=first.round + 1, marker=first.marker)
    assert facts(enrolment).marking_id == again.pk


@pytest.mark.parametrize("role", ["third", ""])
def test_the_database_knows_which_roles_a_marking_may_have(course: Course, role: str) -> None:
    submission = factories.submission(factories.enrolment(course))
    with pytest.raises(IntegrityError, match="marking_role_known"), transaction.atomic():
        submission.markings.create(marker=factories.trainer_of(course), role=role)


@pytest.mark.parametrize("role", MarkingRole.values)
def test_the_database_keeps_one_marking_of_a_round_in_each_role(course: Course, role: str) -> None:
    submission = factories.submission(factories.enrolment(course))
    marker = factories.trainer_of(course)
    submission.markings.create(marker=marker, role=role)
    with pytest.raises(IntegrityError, match="marking_once_in_each_role"), transaction.atomic():
        submission.markings.create(marker=marker, role=role)


def test_a_missing_mark_is_never_taken_as_met(course: Course) -> None:
    enrolment = factories.enrolment(course)
    submission = factories.submission(enrolment)
    factories.marking(submission)
    marking = submission.markings.create(round=2, marker=factories.trainer_of(course))
    for mark in submission.markings.get(round=1).marks.all()[:3]:
        CriterionMark.objects.create(
            marking=marking, criterion=mark.criterion, judged=Judged.MET, judged_by=marking.marker
        )
    # A note before anything is judged is no mark either.
    last = (
        submission.markings.get(round=1).marks.exclude(criterion__in=marking.marks.values("criterion")).get()
    )
    CriterionMark.objects.create(
        marking=marking, criterion=last.criterion, note="Later.", judged_by=marking.marker
    )
    found = facts(enrolment)
    assert (found.marking_id, found.criteria_marked) == (marking.pk, 3)
    assert suggested_outcome(found) is None


def test_a_course_without_a_pinned_version_has_nothing_to_meet() -> None:
    enrolment = factories.enrolment(factories.course(pinned=False))
    found = facts(enrolment)
    assert (found.questions_total, found.criteria_total, found.essential_total) == (0, 0, 0)
    assert suggested_outcome(found) == Outcome.NOT_ASSESSED


def test_a_version_without_questions_suggests_nothing() -> None:
    programme = factories.ProgrammeFactory.create()
    factories.version(programme, questions=0)
    enrolment = factories.enrolment(factories.course(programme=programme))
    factories.marking(factories.submission(enrolment))
    found = facts(enrolment)
    assert (found.questions_total, found.criteria_total) == (0, 0)
    assert suggested_outcome(found) is None


def test_a_version_without_essential_criteria_suggests_nobody() -> None:
    programme = factories.ProgrammeFactory.create()
    proposed = factories.version(programme, frozen=False)
    for question in proposed.questions.all():
        question.criteria.update(is_essential=False)
    course = factories.course(programme=programme, pinned=False)
    CoursePin.objects.create(course=course, version=proposed, pinned_by=course.created_by)
    enrolment = factories.enrolment(course)
    marking = factories.marking(factories.submission(enrolment))
    factories.recommendation(enrolment, marking=marking, finalised=False)
    found = facts(enrolment)
    assert (found.criteria_total, found.essential_total) == (4, 0)
    assert suggested_outcome(found) == Outcome.NOT_YET
    assert is_override(found)


def test_competent_without_the_essential_criteria_is_an_override(course: Course) -> None:
    enrolment = factories.enrolment(course)
    marking = factories.marking(factories.submission(enrolment), judged=Judged.PARTLY_MET)
    factories.recommendation(enrolment, marking=marking, finalised=False)
    assert is_override(facts(enrolment))
    factories.recommendation(
        factories.enrolment(course), outcome=Outcome.NOT_YET, marking=None, finalised=False
    )
    assert not is_override(with_assessment(Enrolment.objects.exclude(pk=enrolment.pk)).get())


def test_the_latest_attempt_and_rounds_count(course: Course) -> None:
    enrolment = factories.enrolment(course)
    first = factories.marking(factories.submission(enrolment), judged=Judged.NOT_MET, finalised=True)
    factories.recommendation(enrolment, outcome=Outcome.NOT_YET, marking=first)
    second = factories.submission(enrolment)
    found = facts(enrolment)
    assert found.submission_id == second.pk
    assert (found.marking_id, found.criteria_marked) == (None, 0)
    assert (found.recommendation_round, found.recommendation_marking_id) == (1, first.pk)
    marking = factories.marking(second)
    again = factories.recommendation(enrolment, marking=marking, finalised=False)
    found = facts(enrolment)
    assert (found.recommendation_id, found.recommendation_round, found.outcome) == (again.pk, 2, "competent")
    assert (found.recommendation_marking_id, found.marking_id) == (marking.pk, marking.pk)
    assert found.recommendation_finalised_at is None


def test_a_withdrawn_disagreement_does_not_stand(course: Course) -> None:
    enrolment = factories.enrolment(course)
    open_one = factories.recommendation(enrolment, outcome=Outcome.NOT_YET, finalised=False)
    by = factories.trainer_of(course)
    disagreement = Disagreement.objects.create(recommendation=open_one, reason="No.", disagreed_by=by)
    assert facts(enrolment).standing_disagreements == 1
    disagreement.withdrawn_at, disagreement.withdrawn_by = disagreement.disagreed_at, by
    disagreement.save()
    assert facts(enrolment).standing_disagreements == 0


def test_other_people_and_courses_are_not_counted(course: Course) -> None:
    enrolment = factories.enrolment(course)
    factories.recommended(course)
    factories.recommended(factories.course())
    found = facts(enrolment)
    assert (found.submission_id, found.marking_id, found.recommendation_id) == (None, None, None)
    assert found.criteria_total == 4


@pytest.mark.parametrize("people", [1, 3, 30])
def test_any_number_of_people_is_one_query(course: Course, people: int) -> None:
    for _ in range(people):
        factories.recommended(course)
    with CaptureQueriesContext(connection) as queries:
        found = list(with_assessment(Enrolment.objects.with_attendance()))
    assert (len(found), len(queries)) == (people, 1)
    assert all(suggested_outcome(one) == Outcome.COMPETENT for one in found)
