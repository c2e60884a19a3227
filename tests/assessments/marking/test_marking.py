"""Marking a submission: who may, what is possible, and that nobody's marks are overwritten unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Person
from assessments import locks
from assessments.marking import actions
from assessments.marking.actions import Judged as JudgedMark
from assessments.marking.actions import Mark, Page, Verdict, name_of
from assessments.marking.readiness import assessment_of
from assessments.models import Criterion, CriterionMark, KeptMark, Marking, Submission
from assessments.states import Judged, Settled
from courses.models import Course, Licence
from tests import factories
from tests.assessments.marking.scripts import standing
from tests.sessions import at_once
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission(course: Course) -> Submission:
    return factories.submission(factories.enrolment(course))


def criteria(submission: Submission) -> list[Criterion]:
    return list(
        Criterion.objects.filter(question__version=submission.version).order_by("question__number", "number")
    )


def all_marks(submission: Submission, judged: str = Judged.MET, **more: Any) -> list[Mark]:
    return [Mark(name_of(one), judged, **more) for one in criteria(submission)]


def mark(submission: Submission, marks: list[Mark], by: Person, **more: Any) -> list[JudgedMark]:
    return actions.mark(enrolment=submission.enrolment, marks=marks, by=by, **more)


def kept() -> list[tuple[str, str, str, int]]:
    rows = KeptMark.objects.order_by("pk")
    return [(row.why, row.judged, row.note, row.revision) for row in rows]


def test_judgements_are_saved_and_can_be_changed(submission: Submission, trainer: Person) -> None:
    saved = mark(submission, all_marks(submission), trainer)
    assert {(one.verdict, one.mark.base) for one in saved} == {(Verdict.WRITTEN, 1)}
    assert CriterionMark.objects.filter(judged=Judged.MET, judged_by=trainer).count() == 4
    (changed,) = mark(submission, [Mark("1_1", Judged.NOT_MET, "Not there.", base=1)], trainer)
    assert (changed.verdict, changed.mark.base, changed.by) == (Verdict.WRITTEN, 2, trainer.pk)
    assert (standing().judged, standing().note, standing().revision) == (Judged.NOT_MET, "Not there.", 2)
    assert CriterionMark.objects.filter(judged=Judged.MET).count() == 3
    assert kept() == [("changed", "met", "", 1)]
    marking = Marking.objects.get()
    assert (marking.marker, marking.round, marking.changed_by) == (trainer, 1, trainer)


def test_some_criteria_can_be_left_for_later(submission: Submission, trainer: Person) -> None:
    mark(submission, all_marks(submission)[:1], trainer)
    assert mark(submission, [], trainer) == []
    assert CriterionMark.objects.count() == 1
    assert assessment_of(submission.enrolment).criteria_marked == 1


def test_note_alone_and_a_judgement_taken_back_are_kept_and_count_as_nothing(
    submission: Submission, trainer: Person
) -> None:
    mark(submission, [Mark("1_1", note="Look again.")], trainer)
    assert (standing().judged, assessment_of(submission.enrolment).criteria_marked) == ("", 0)
    mark(submission, [Mark("1_1", Judged.MET, "Look again.", base=1)], trainer)
    assert assessment_of(submission.enrolment).criteria_marked == 1
    mark(submission, [Mark("1_1", "", "Look again.", base=2)], trainer)
    assert (standing().judged, standing().revision) == ("", 3)
    assert assessment_of(submission.enrolment).criteria_marked == 0
    assert kept() == [("changed", "met", "Look again.", 2)]


def test_what_one_types_on_is_not_kept_letter_by_letter(submission: Submission, trainer: Person) -> None:
    for base, note in enumerate(["N", "Not th", "Not there, but", "Not here."]):
        mark(submission, [Mark("1_1", Judged.NOT_MET, note, base=base)], trainer)
    assert kept() == [("changed", "not_met", "Not there, but", 3)]


def test_the_same_judgement_again_is_no_conflict(submission: Submission, trainer: Person) -> None:
    marks = all_marks(submission)
    mark(submission, marks, trainer)
    again = mark(submission, marks, trainer)
    assert {(one.verdict, one.mark.base) for one in again} == {(Verdict.SAME, 1)}
    assert not KeptMark.objects.exists()


def test_an_older_tab_never_overwrites_and_both_stay(submission: Submission, trainer: Person) -> None:
    mark(submission, [Mark("1_1", Judged.MET, "First tab.")], trainer)
    for _again in range(2):
        with pytest.raises(actions.MarkedMeanwhile) as refused:
            mark(submission, [Mark("1_1", Judged.NOT_MET, "Second tab."), Mark("1_2", Judged.MET)], trainer)
        (clash,) = refused.value.refused
        assert (clash.verdict, clash.mark.judged, clash.mark.note) == (Verdict.STALE, "met", "First tab.")
    assert (standing().judged, standing("1_2").judged) == (Judged.MET, Judged.MET)
    assert kept() == [("conflict", "not_met", "Second tab.", 0)]
    mark(submission, [Mark("1_1", Judged.NOT_MET, "Second tab.", base=clash.mark.base)], trainer)
    assert standing().note == "Second tab."
    assert kept()[1:] == [("changed", "met", "First tab.", 1)]


def test_a_page_builds_on_its_own_saves_and_on_nobody_elses(submission: Submission, trainer: Person) -> None:
    mine, other_tab = uuid4(), uuid4()

    def send(judged: str, device: UUID, sequence: int, base: int = 0) -> str:
        try:
            sent = mark(submission, [Mark("1_1", judged, base=base)], trainer, page=Page(device, sequence))
        except actions.MarkedMeanwhile as refused:
            return str(refused.refused[0].verdict)
        return str(sent[0].verdict)

    # The reply to the first was lost: the second builds on the same.
    assert send("met", mine, 1) == "written"
    assert send("not_met", mine, 2) == "written"
    # Sent again, it comes after what it was to come before.
    assert send("met", mine, 1) == "later"
    assert standing().judged == Judged.NOT_MET
    assert send("partly_met", other_tab, 9) == "stale"
    assert send("partly_met", other_tab, 10, base=2) == "written"
    assert send("met", mine, 3) == "stale"
    assert send("met", mine, 4, base=2) == "stale"
    assert standing().judged == Judged.PARTLY_MET


def test_what_a_co_trainer_judged_is_changed_with_a_reason(
    submission: Submission, trainer: Person, other: Person
) -> None:
    mark(submission, [Mark("1_1", Judged.MET)], trainer)
    mark(submission, [Mark("1_2", Judged.MET)], other)
    changed = Mark("1_1", Judged.NOT_MET, base=1)
    with pytest.raises(actions.MarkedMeanwhile, match="say why") as refused:
        mark(submission, [changed], other)
    (one,) = refused.value.refused
    assert (one.verdict, one.by) == (Verdict.UNEXPLAINED, trainer.pk)
    assert standing().judged == Judged.MET
    mark(submission, [replace(changed, because="It names no strength.")], other)
    assert (standing().judged_by, standing().because) == (other, "It names no strength.")
    # They write on: why they changed it stays.
    mark(submission, [Mark("1_1", Judged.NOT_MET, "Read it once more.", base=2)], other)
    assert standing().because == "It names no strength."
    assert kept() == [("changed", "met", "", 1)]


def test_what_was_kept_neither_changes_nor_goes(submission: Submission, trainer: Person) -> None:
    for base, judged in enumerate([Judged.MET, Judged.NOT_MET]):
        mark(submission, [Mark("1_1", judged, base=base)], trainer)
    for statement in ("UPDATE assessments_keptmark SET note = 'x'", "DELETE FROM assessments_keptmark"):
        refused = pytest.raises(DatabaseError, match="permission denied")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_saving_takes_two_statements_and_four_the_first_time(submission: Submission, trainer: Person) -> None:
    enrolment, marks = submission.enrolment, all_marks(submission)
    changed = all_marks(submission, Judged.NOT_MET, base=1)
    first = statements(lambda: actions.mark(enrolment=enrolment, marks=marks, by=trainer))
    assert (len(first), len(statements(lambda: mark(submission, changed, trainer)))) == (4, 2)


def test_a_draft_is_not_marked(course: Course, trainer: Person) -> None:
    draft = factories.submission(factories.enrolment(course), submitted=False)
    with pytest.raises(actions.NotSubmitted):
        mark(draft, all_marks(draft), trainer)
    assert not Marking.objects.exists()


# --- Who may ----------------------------------------------------------------------------------------


def test_only_a_trainer_of_the_course_marks(submission: Submission, course: Course) -> None:
    strangers = [
        factories.associate(course.programme),
        factories.admin(),
        factories.commissioner(course.organisation),
        factories.trainer_of(factories.course()),
    ]
    for person in strangers:
        with pytest.raises(locks.NotTheTrainer):
            mark(submission, all_marks(submission), person)
    assert not Marking.objects.exists()


def test_nobody_marks_their_own_nor_those_beside_whom_they_took_part(course: Course, trainer: Person) -> None:
    own = factories.submission(factories.enrolment(course, trainer))
    another = factories.submission(factories.enrolment(course))
    for one in (own, another):
        with pytest.raises(locks.OwnWork):
            mark(one, all_marks(one), trainer)
    assert not Marking.objects.exists()


def test_a_licence_that_held_at_the_last_session_suffices(submission: Submission, course: Course) -> None:
    trainer = factories.trainer_of(course)
    last = course.sessions.order_by("ends_at").last().ends_at
    day = timezone.localtime(last, course.zone).date()
    Licence.objects.filter(associate=trainer).update(valid_until=day)
    mark(submission, all_marks(submission), trainer)
    assert Marking.objects.count() == 1


@pytest.mark.parametrize("ended", ["before", "withdrawn"])
def test_without_a_licence_that_holds_nobody_marks(
    submission: Submission, course: Course, trainer: Person, ended: str
) -> None:
    licences = Licence.objects.filter(associate=trainer)
    if ended == "before":
        licences.update(valid_until=timezone.localdate() - timedelta(days=3))
    else:
        licences.update(withdrawn_at=timezone.now(), withdrawn_by=trainer)
    with pytest.raises(locks.NotTheTrainer):
        mark(submission, all_marks(submission), trainer)
    assert not Marking.objects.exists()


# --- What is possible -------------------------------------------------------------------------------


@pytest.mark.parametrize("judged", [Judged.MET, Judged.PARTLY_MET])
def test_a_blank_is_only_ever_not_met(course: Course, trainer: Person, judged: str) -> None:
    blank = factories.submission(factories.enrolment(course), answers=["An answer", ""])
    with pytest.raises(actions.MarkNotPossible, match="blank"):
        mark(blank, all_marks(blank, judged), trainer)
    assert not Marking.objects.exists()
    mark(blank, all_marks(blank, Judged.NOT_MET), trainer)
    assert CriterionMark.objects.count() == 4


def test_a_question_without_an_answer_row_is_a_blank(course: Course, trainer: Person) -> None:
    missing = factories.submission(factories.enrolment(course), answers=["An answer"])
    with pytest.raises(actions.MarkNotPossible, match="blank"):
        mark(missing, all_marks(missing), trainer)


ORAL = {"oral_question": "And why?", "oral_answer": "Reason the den.", "settled": Settled.MET}


@pytest.mark.parametrize(
    ("judged", "oral"),
    [
        (Judged.MET, ORAL),
        (Judged.NOT_MET, ORAL),
        (Judged.PARTLY_MET, {**ORAL, "oral_question": ""}),
        (Judged.PARTLY_MET, {**ORAL, "oral_answer": ""}),
        (Judged.PARTLY_MET, {**ORAL, "settled": "perhaps"}),
    ],
)
def test_an_oral_question_is_whole_and_settles_what_was_partly_met(
    submission: Submission, trainer: Person, judged: str, oral: dict[str, str]
) -> None:
    one = Mark("1_1", judged=judged, **oral)
    with pytest.raises(actions.MarkNotPossible):
        mark(submission, [one], trainer)
    assert not CriterionMark.objects.exists()


def test_an_oral_question_is_kept_word_for_word(submission: Submission, trainer: Person) -> None:
    one = Mark("1_1", judged=Judged.PARTLY_MET, **ORAL)
    mark(submission, [one], trainer)
    kept = CriterionMark.objects.get()
    assert (kept.oral_question, kept.oral_answer, kept.is_met) == ("And why?", "Reason the den.", True)


@pytest.mark.parametrize("name", ["9_1", "1_9", "0_0", f"{10**30}_1"])
def test_a_criterion_that_the_version_does_not_have_is_refused(
    submission: Submission, trainer: Person, name: str
) -> None:
    with pytest.raises(actions.MarkNotPossible, match="does not fit"):
        mark(submission, [Mark("1_1", Judged.MET), Mark(name, Judged.MET)], trainer)
    assert not CriterionMark.objects.exists()


def test_another_attempt_is_not_judged_by_what_was_read_of_an_earlier_one(
    submission: Submission, trainer: Person
) -> None:
    mark(submission, [Mark("1_1", Judged.MET)], trainer, seen=submission.uuid)
    factories.submission(submission.enrolment)
    with pytest.raises(actions.AnsweredAgain):
        mark(submission, [Mark("1_1", Judged.NOT_MET, base=1)], trainer, seen=submission.uuid)
    assert standing().judged == Judged.MET


def test_a_criterion_twice_or_judged_oddly_is_refused(submission: Submission, trainer: Person) -> None:
    one = "1_1"
    for marks in ([Mark(one, "met"), Mark(one, "not_met")], [Mark(one, "splendid")]):
        with pytest.raises(actions.MarkNotPossible):
            mark(submission, marks, trainer)


# --- Finalised --------------------------------------------------------------------------------------


def test_finalised_marks_do_not_change(submission: Submission, trainer: Person) -> None:
    factories.marking(submission, marker=trainer, finalised=True)
    with pytest.raises(locks.MarkingFinalised):
        mark(submission, all_marks(submission, "not_met"), trainer)


def test_nothing_is_marked_once_it_was_approved(submission: Submission, trainer: Person) -> None:
    submission.enrolment.frozen_at = timezone.now()
    submission.enrolment.save()
    with pytest.raises(locks.MarkingFinalised, match="approved"):
        mark(submission, all_marks(submission), trainer)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessments_marking SET round = 9 WHERE id = %(marking)s",
        "UPDATE assessments_marking SET finalised_at = NULL, finalised_by_id = NULL WHERE id = %(marking)s",
        "DELETE FROM assessments_marking WHERE id = %(marking)s",
        "UPDATE assessments_criterionmark SET judged = 'not_met' WHERE marking_id = %(marking)s",
        "DELETE FROM assessments_criterionmark WHERE marking_id = %(marking)s",
    ],
)
def test_the_database_refuses_to_change_finalised_marks(submission: Submission, statement: str) -> None:
    marking = factories.marking(submission, finalised=True)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, {"marking": marking.pk})
    marking.refresh_from_db()
    assert (marking.round, marking.finalised_at is None) == (1, False)
    assert marking.marks.filter(judged=Judged.MET).count() == 4


def test_the_database_refuses_a_mark_by_a_criterion_of_another_version(submission: Submission) -> None:
    marking = factories.marking(submission)
    version = factories.version(factories.ProgrammeFactory.create())
    foreign = Criterion.objects.filter(question__version=version)[0]
    words = "a mark belongs to a criterion of the version that was answered"
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        CriterionMark.objects.create(
            marking=marking, criterion=foreign, judged=Judged.MET, judged_by=marking.marker
        )
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        marking.marks.filter(pk=marking.marks.order_by("pk")[0].pk).update(criterion=foreign)


def test_the_database_refuses_a_mark_that_is_half_settled(submission: Submission) -> None:
    marking = factories.marking(submission, judged=Judged.PARTLY_MET)
    with pytest.raises(DatabaseError), transaction.atomic():
        marking.marks.update(settled=Settled.MET)


# --- Two at the same moment -------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_person", [True, False])
def test_two_savings_at_the_same_moment_keep_one_whole(same_person: bool) -> None:
    with transaction.atomic():
        programme = factories.ProgrammeFactory.create()
        trainers = [factories.associate(programme), factories.associate(programme)]
        course = factories.course(programme=programme, trainers=trainers)
        submission = factories.submission(factories.enrolment(course))

    def save(judged: str, by: Person) -> None:
        mark(submission, all_marks(submission, judged), by)

    people = [trainers[0], trainers[0] if same_person else trainers[1]]
    acts = [partial(save, judged, by) for judged, by in zip(("met", "not_met"), people, strict=True)]
    results = at_once(*acts)
    refused = [one for one in results if one is not None]
    assert [type(one) for one in refused] == [actions.MarkedMeanwhile]
    # Both are on record, whoever was first.
    assert KeptMark.objects.filter(why="conflict").count() == 4
    assert Marking.objects.count() == 1
    assert len(set(CriterionMark.objects.values_list("judged", flat=True))) == 1
    assert CriterionMark.objects.count() == 4
