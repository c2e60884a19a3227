"""Marking a submission: who may, what is possible, and that nobody's marks are overwritten unseen."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Person
from assessments import locks
from assessments.marking import actions
from assessments.marking.actions import Mark
from assessments.models import Criterion, CriterionMark, Marking, Submission
from assessments.states import Judged, Settled
from courses.models import Course, Licence
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    programme = factories.ProgrammeFactory.create()
    trainers = [factories.associate(programme), factories.associate(programme)]
    return factories.course(programme=programme, trainers=trainers)


@pytest.fixture
def trainer(course: Course) -> Person:
    return factories.trainer_of(course)


@pytest.fixture
def other(course: Course) -> Person:
    return course.associates.order_by("pk").last().associate


@pytest.fixture
def submission(course: Course) -> Submission:
    return factories.submission(factories.enrolment(course))


def criteria(submission: Submission) -> list[Criterion]:
    return list(
        Criterion.objects.filter(question__version=submission.version).order_by("question__number", "number")
    )


def all_marks(submission: Submission, judged: str = Judged.MET, **more: str) -> list[Mark]:
    return [Mark(criterion=one.pk, judged=judged, **more) for one in criteria(submission)]


def test_marks_are_saved_and_can_be_changed(submission: Submission, trainer: Person) -> None:
    marking = actions.mark(submission=submission, marks=all_marks(submission), base_revision=0, by=trainer)
    assert (marking.marker, marking.round, marking.revision) == (trainer, 1, 2)
    assert marking.marks.filter(judged=Judged.MET).count() == 4
    changed = [Mark(criterion=criteria(submission)[0].pk, judged=Judged.NOT_MET, note="Not there.")]
    marking = actions.save_marks(marking=marking, marks=changed, base_revision=2, by=trainer)
    assert marking.revision == 3
    assert marking.marks.filter(judged=Judged.MET).count() == 3
    assert marking.marks.get(judged=Judged.NOT_MET).note == "Not there."


def test_some_criteria_can_be_left_for_later(submission: Submission, trainer: Person) -> None:
    marking = actions.mark(
        submission=submission, marks=all_marks(submission)[:1], base_revision=0, by=trainer
    )
    assert marking.marks.count() == 1
    marking = actions.save_marks(marking=marking, marks=[], base_revision=marking.revision, by=trainer)
    assert marking.marks.count() == 1


def test_starting_twice_is_one_marking(submission: Submission, trainer: Person) -> None:
    first = actions.start_marking(submission=submission, by=trainer)
    assert actions.start_marking(submission=submission, by=trainer) == first
    assert Marking.objects.count() == 1


def test_sending_the_same_marks_twice_is_no_conflict(submission: Submission, trainer: Person) -> None:
    marks = all_marks(submission)
    first = actions.mark(submission=submission, marks=marks, base_revision=0, by=trainer)
    again = actions.mark(submission=submission, marks=marks, base_revision=0, by=trainer)
    assert again.revision == first.revision == 2


def test_an_older_tab_never_overwrites(submission: Submission, trainer: Person) -> None:
    actions.mark(submission=submission, marks=all_marks(submission), base_revision=0, by=trainer)
    older = all_marks(submission, Judged.NOT_MET)
    with pytest.raises(actions.MarkedMeanwhile):
        actions.mark(submission=submission, marks=older, base_revision=0, by=trainer)
    assert set(CriterionMark.objects.values_list("judged", flat=True)) == {Judged.MET}


def test_a_draft_is_not_marked(course: Course, trainer: Person) -> None:
    draft = factories.submission(factories.enrolment(course), submitted=False)
    with pytest.raises(actions.NotSubmitted):
        actions.mark(submission=draft, marks=all_marks(draft), base_revision=0, by=trainer)
    assert not Marking.objects.exists()


def test_a_co_trainer_does_not_mark_the_same_script(
    submission: Submission, trainer: Person, other: Person
) -> None:
    actions.mark(submission=submission, marks=all_marks(submission), base_revision=0, by=trainer)
    with pytest.raises(actions.MarkedBySomebodyElse, match=trainer.name):
        actions.mark(submission=submission, marks=all_marks(submission, "not_met"), base_revision=2, by=other)
    assert set(CriterionMark.objects.values_list("judged", flat=True)) == {Judged.MET}


def test_a_script_can_be_taken_over_and_is_then_the_others(
    submission: Submission, trainer: Person, other: Person
) -> None:
    marking = actions.mark(
        submission=submission, marks=all_marks(submission)[:2], base_revision=0, by=trainer
    )
    taken = actions.take_over_marking(marking=marking, by=other)
    assert actions.take_over_marking(marking=marking, by=other).revision == taken.revision == 3
    assert taken.marks.count() == 2
    with pytest.raises(actions.MarkedBySomebodyElse):
        actions.save_marks(
            marking=marking, marks=all_marks(submission, "not_met"), base_revision=2, by=trainer
        )
    actions.save_marks(marking=taken, marks=all_marks(submission), base_revision=3, by=other)
    assert taken.marks.count() == 4


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
            actions.mark(submission=submission, marks=all_marks(submission), base_revision=0, by=person)
    assert not Marking.objects.exists()


def test_nobody_marks_their_own_nor_those_beside_whom_they_took_part(course: Course, trainer: Person) -> None:
    own = factories.submission(factories.enrolment(course, trainer))
    another = factories.submission(factories.enrolment(course))
    for one in (own, another):
        with pytest.raises(locks.OwnWork):
            actions.mark(submission=one, marks=all_marks(one), base_revision=0, by=trainer)
    assert not Marking.objects.exists()


def test_a_licence_that_held_at_the_last_session_suffices(submission: Submission, course: Course) -> None:
    trainer = factories.trainer_of(course)
    last = course.sessions.order_by("ends_at").last().ends_at
    day = timezone.localtime(last, course.zone).date()
    Licence.objects.filter(associate=trainer).update(valid_until=day)
    actions.mark(submission=submission, marks=all_marks(submission), base_revision=0, by=trainer)
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
        actions.mark(submission=submission, marks=all_marks(submission), base_revision=0, by=trainer)
    assert not Marking.objects.exists()


# --- What is possible -------------------------------------------------------------------------------


@pytest.mark.parametrize("judged", [Judged.MET, Judged.PARTLY_MET])
def test_a_blank_is_only_ever_not_met(course: Course, trainer: Person, judged: str) -> None:
    blank = factories.submission(factories.enrolment(course), answers=["An answer", ""])
    with pytest.raises(actions.MarkNotPossible, match="blank"):
        actions.mark(submission=blank, marks=all_marks(blank, judged), base_revision=0, by=trainer)
    assert not Marking.objects.exists()
    actions.mark(submission=blank, marks=all_marks(blank, Judged.NOT_MET), base_revision=0, by=trainer)
    assert CriterionMark.objects.count() == 4


def test_a_question_without_an_answer_row_is_a_blank(course: Course, trainer: Person) -> None:
    missing = factories.submission(factories.enrolment(course), answers=["An answer"])
    with pytest.raises(actions.MarkNotPossible, match="blank"):
        actions.mark(submission=missing, marks=all_marks(missing), base_revision=0, by=trainer)


ORAL = {"oral_question": "And why?", "oral_answer": "Reason the den.", "settled": Settled.MET}


@pytest.mark.parametrize(
    ("judged", "oral"),
    [
        (Judged.MET, ORAL),
        (Judged.NOT_MET, ORAL),
        (Judged.PARTLY_MET, {**ORAL, "oral_question": ""}),
        (Judged.PARTLY_MET, {**ORAL, "oral_answer": ""}),
        (Judged.PARTLY_MET, {**ORAL, "settled": ""}),
        (Judged.PARTLY_MET, {**ORAL, "settled": "perhaps"}),
    ],
)
def test_an_oral_question_is_whole_and_settles_what_was_partly_met(
    submission: Submission, trainer: Person, judged: str, oral: dict[str, str]
) -> None:
    one = Mark(criterion=criteria(submission)[0].pk, judged=judged, **oral)
    with pytest.raises(actions.MarkNotPossible):
        actions.mark(submission=submission, marks=[one], base_revision=0, by=trainer)
    assert not CriterionMark.objects.exists()


def test_an_oral_question_is_kept_word_for_word(submission: Submission, trainer: Person) -> None:
    one = Mark(criterion=criteria(submission)[0].pk, judged=Judged.PARTLY_MET, **ORAL)
    actions.mark(submission=submission, marks=[one], base_revision=0, by=trainer)
    kept = CriterionMark.objects.get()
    assert (kept.oral_question, kept.oral_answer, kept.is_met) == ("And why?", "Reason the den.", True)


def test_a_criterion_of_another_version_is_refused(submission: Submission, trainer: Person) -> None:
    elsewhere = criteria(factories.submission(factories.enrolment(factories.course())))[0]
    with pytest.raises(actions.MarkNotPossible):
        actions.mark(
            submission=submission, marks=[Mark(elsewhere.pk, Judged.MET)], base_revision=0, by=trainer
        )


def test_a_criterion_twice_or_judged_oddly_is_refused(submission: Submission, trainer: Person) -> None:
    one = criteria(submission)[0].pk
    for marks in ([Mark(one, "met"), Mark(one, "not_met")], [Mark(one, "splendid")]):
        with pytest.raises(actions.MarkNotPossible):
            actions.mark(submission=submission, marks=marks, base_revision=0, by=trainer)


# --- Finalised --------------------------------------------------------------------------------------


def test_finalised_marks_do_not_change(submission: Submission, trainer: Person, other: Person) -> None:
    marking = factories.marking(submission, marker=trainer, finalised=True)
    with pytest.raises(locks.MarkingFinalised):
        actions.mark(
            submission=submission, marks=all_marks(submission, "not_met"), base_revision=1, by=trainer
        )
    with pytest.raises(locks.MarkingFinalised):
        actions.take_over_marking(marking=marking, by=other)


def test_nothing_is_marked_once_it_was_approved(submission: Submission, trainer: Person) -> None:
    submission.enrolment.frozen_at = timezone.now()
    submission.enrolment.save()
    with pytest.raises(locks.MarkingFinalised, match="approved"):
        actions.mark(submission=submission, marks=all_marks(submission), base_revision=0, by=trainer)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessments_marking SET revision = 9 WHERE id = %(marking)s",
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
    assert (marking.revision, marking.finalised_at is None) == (1, False)
    assert marking.marks.filter(judged=Judged.MET).count() == 4


def test_the_database_refuses_a_mark_by_a_criterion_of_another_version(submission: Submission) -> None:
    marking = factories.marking(submission)
    version = factories.version(factories.ProgrammeFactory.create())
    foreign = Criterion.objects.filter(question__version=version)[0]
    words = "a mark belongs to a criterion of the version that was answered"
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        CriterionMark.objects.create(marking=marking, criterion=foreign, judged=Judged.MET)
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
    start, results = threading.Barrier(2), []

    def save(judged: str, by: Person) -> None:
        try:
            start.wait(timeout=20)
            actions.mark(submission=submission, marks=all_marks(submission, judged), base_revision=0, by=by)
            results.append("saved")
        except (actions.MarkedMeanwhile, actions.MarkedBySomebodyElse) as refused:
            results.append(type(refused).__name__)
        finally:
            connection.close()

    people = [trainers[0], trainers[0] if same_person else trainers[1]]
    threads = [
        threading.Thread(target=save, args=(judged, by))
        for judged, by in zip([Judged.MET, Judged.NOT_MET], people, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refusal = "MarkedMeanwhile" if same_person else "MarkedBySomebodyElse"
    assert sorted(results) == sorted(["saved", refusal])
    assert Marking.objects.count() == 1
    assert len(set(CriterionMark.objects.values_list("judged", flat=True))) == 1
    assert CriterionMark.objects.count() == 4
