"""Marking a second time: who needs it, who may, what they are told, finishing, handing back."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import OutgoingEmail, Person
from assessments.locks import MarkingFinalised, OwnWork
from assessments.marking import actions
from assessments.marking.actions import Mark
from assessments.marking.readiness import assessment_of, missing_to_finalise
from assessments.marking.second_marking import Why, awaits_draw, holds_up_finalising, needed_for
from assessments.models import CriterionMark, Marking, SecondMarker, Settlement
from assessments.states import Judged, MarkingRole, Outcome
from certification.eligibility import conflicts
from courses.models import Course, Enrolment, Licence
from tests import factories
from tests.assessments.marking import second

pytestmark = pytest.mark.django_db

ORAL = {"oral_question": "And why?", "oral_answer": "Because.", "settled": Judged.MET}


def why(enrolment: Enrolment) -> list[Why]:
    return needed_for(assessment_of(enrolment))


def judged(enrolment: Enrolment, by: Person, *marks: Mark) -> None:
    actions.mark(enrolment=enrolment, marks=marks, by=by)


# --- Why ------------------------------------------------------------------------------------------------


def test_what_is_clear_needs_no_second_marking(course: Course) -> None:
    enrolment = second.first_marked(course)
    second.recommended(enrolment)
    assert why(enrolment) == []


def test_override_and_disagreement_need_one(course: Course, trainer: Person, other: Person) -> None:
    enrolment = second.first_marked(course, judged=Judged.NOT_MET)
    latest = second.recommended(enrolment, override_reason="She showed it in the room.")
    assert why(enrolment) == [Why.OVERRIDE]
    actions.disagree(recommendation=latest, reason="I saw otherwise.", by=other)
    assert why(enrolment) == [Why.OVERRIDE, Why.DISAGREEMENT]


def test_close_to_the_line_needs_one_before_anything_is_recommended(course: Course, trainer: Person) -> None:
    enrolment = second.first_marked(course)
    judged(enrolment, trainer, Mark("1_1", Judged.PARTLY_MET, base=1, **ORAL))
    assert why(enrolment) == [Why.CLOSE]
    second.recommended(enrolment)
    assert holds_up_finalising(assessment_of(enrolment), Outcome.COMPETENT) == []
    assert holds_up_finalising(assessment_of(enrolment), Outcome.NOT_YET) == [Why.CLOSE]


@pytest.mark.parametrize(("earlier", "needs"), [(0, True), (1, True), (2, False)])
def test_not_yet_on_the_first_two_courses_of_an_associate_needs_one(
    course: Course, trainer: Person, earlier: int, needs: bool
) -> None:
    second.numbers(course, first_courses=2)
    for _ in range(earlier):
        before = factories.course(programme=course.programme, trainers=[trainer])
        factories.sitting(before)
    factories.sitting(course)
    enrolment = second.first_marked(course, judged=Judged.NOT_MET)
    second.recommended(enrolment, Outcome.NOT_YET)
    assert why(enrolment) == ([Why.FIRST_COURSES] if needs else [])
    missing = missing_to_finalise(assessment_of(enrolment), enrolment.recommendations.get())
    assert ["second time" in str(one.words) for one in missing] == [True] * needs


def test_sample_is_waited_for_only_where_one_is_drawn(course: Course, trainer: Person) -> None:
    enrolment = second.first_marked(course)
    assert not awaits_draw(assessment_of(enrolment))
    second.sampled(course)
    assert awaits_draw(assessment_of(enrolment))
    actions.draw_sample(course=course, by=trainer)
    assert not awaits_draw(assessment_of(enrolment))
    assert why(enrolment) == [Why.SAMPLE]


# --- Marking --------------------------------------------------------------------------------------------


def test_second_marks_touch_no_first_mark_and_count_for_nothing_yet(course: Course) -> None:
    enrolment = second.first_marked(course)
    script = second.asked(enrolment)
    sent = second.marks(Judged.NOT_MET)
    done = actions.mark_again(script=script.uuid, marks=sent, by=script.marker)
    assert all(one.is_saved for one in done)
    facts = assessment_of(enrolment)
    assert (facts.essential_met, facts.criteria_marked) == (2, 4)
    roles = CriterionMark.objects.filter(judged=Judged.NOT_MET).values_list("marking__role", flat=True)
    assert set(roles) == {MarkingRole.SECOND}


def test_second_marks_of_two_tabs_are_never_written_over_unseen(course: Course) -> None:
    script = second.asked(second.first_marked(course))
    actions.mark_again(script=script.uuid, marks=[Mark("1_1", Judged.MET)], by=script.marker)
    with pytest.raises(actions.MarkedMeanwhile):
        actions.mark_again(script=script.uuid, marks=[Mark("1_1", Judged.NOT_MET)], by=script.marker)
    assert CriterionMark.objects.get(marking__role=MarkingRole.SECOND).judged == Judged.MET


def test_only_who_was_asked_and_is_licensed_marks_a_second_time(course: Course, trainer: Person) -> None:
    script = second.asked(second.first_marked(course))
    for by in (trainer, second.second_marker(course, "Dora"), factories.admin()):
        with pytest.raises(actions.NotAsked):
            actions.mark_again(script=script.uuid, marks=second.marks(), by=by)
    Licence.objects.filter(associate=script.marker).update(withdrawn_at=timezone.now(), withdrawn_by=trainer)
    with pytest.raises(actions.NotAsked, match="licence"):
        actions.mark_again(script=script.uuid, marks=second.marks(), by=script.marker)
    assert not Marking.objects.filter(role=MarkingRole.SECOND).exists()


def test_nobody_with_a_part_in_the_course_is_a_second_marker(course: Course, trainer: Person) -> None:
    enrolment = second.first_marked(course)
    there = factories.enrolment(course)
    for by in (trainer, there.person):
        with pytest.raises(DatabaseError, match="no part in the course"), transaction.atomic():
            second.asked(enrolment, by)
    script = second.asked(enrolment)
    factories.enrolment(course, script.marker)
    with pytest.raises(OwnWork):
        actions.mark_again(script=script.uuid, marks=second.marks(), by=script.marker)


def test_finishing_needs_every_criterion_and_closes_both(course: Course, trainer: Person) -> None:
    enrolment = second.first_marked(course)
    script = second.asked(enrolment)
    actions.mark_again(script=script.uuid, marks=second.marks()[:3], by=script.marker)
    with pytest.raises(actions.NotWhole):
        actions.finish_second_marking(script=script, by=script.marker)
    sent = [Mark("2_2", Judged.NOT_MET)]
    actions.mark_again(script=script.uuid, marks=sent, by=script.marker)
    assert actions.finish_second_marking(script=script, by=script.marker) is None
    assert actions.finish_second_marking(script=script, by=script.marker) is None
    with pytest.raises(MarkingFinalised):
        judged(enrolment, trainer, Mark("1_1", Judged.NOT_MET, base=1))
    with pytest.raises(MarkingFinalised):
        actions.mark_again(script=script.uuid, marks=second.marks(Judged.NOT_MET), by=script.marker)


def test_finishing_alike_settles_at_once_and_the_outcome_stands_on_it(course: Course) -> None:
    enrolment = second.first_marked(course)
    latest = second.recommended(enrolment)
    script = second.finished(enrolment)
    settlement = Settlement.objects.get()
    latest.refresh_from_db()
    assert (settlement.proposal, settlement.reason, settlement.settled_by) == (None, "", script.marker)
    assert latest.marking == settlement.marking
    assert missing_to_finalise(assessment_of(enrolment), latest) == []
    assert Marking.objects.filter(submission=script.submission).count() == 3


def test_handing_back_keeps_what_was_judged_from_whoever_is_asked_next(course: Course) -> None:
    enrolment = second.first_marked(course)
    script = second.asked(enrolment)
    actions.mark_again(script=script.uuid, marks=second.marks(Judged.NOT_MET), by=script.marker)
    with pytest.raises(actions.NotWhole):
        actions.hand_back_script(script=script, because=" ", by=script.marker)
    for _ in range(2):
        actions.hand_back_script(script=script, because="I know the writing.", by=script.marker)
    with pytest.raises(actions.NotAsked):
        actions.mark_again(script=script.uuid, marks=second.marks(), by=script.marker)
    again = second.asked(enrolment, second.second_marker(course, "Dora"))
    actions.mark_again(script=again.uuid, marks=[Mark("1_1", Judged.MET)], by=again.marker)
    rounds = Marking.objects.filter(role=MarkingRole.SECOND).values_list("round", "marker__name")
    assert sorted(rounds) == [(1, "Cleo Marsh"), (2, "Dora")]
    script.refresh_from_db()
    assert (script.ended_by, script.ended_because) == (script.marker, "I know the writing.")


def test_what_is_finished_is_not_handed_back(course: Course) -> None:
    script = second.finished(second.first_marked(course), Judged.NOT_MET)
    with pytest.raises(actions.AlreadyFinished):
        actions.hand_back_script(script=script, because="Late.", by=script.marker)
    assert SecondMarker.objects.get().ended_at is None


def test_letters_of_a_second_marking_name_nobody(course: Course) -> None:
    second.finished(second.first_marked(course), Judged.NOT_MET)
    letters = OutgoingEmail.objects.all()
    assert letters
    assert not [one for one in letters if "Zoë" in one.text or course.title in one.text]


def test_who_was_asked_to_mark_it_again_does_not_decide_on_it(course: Course) -> None:
    enrolment = second.first_marked(course)
    script = second.asked(enrolment)
    found = conflicts(script.marker, Enrolment.objects.filter(pk=enrolment.pk))
    assert found[enrolment.pk] == ["You marked their answers or recommended their outcome."]
    actions.hand_back_script(script=script, because="I know the writing.", by=script.marker)
    assert conflicts(script.marker, Enrolment.objects.filter(pk=enrolment.pk))[enrolment.pk] == []
