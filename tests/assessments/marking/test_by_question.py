"""Marking by question: whose an answer is nobody is told, and no two markers do the same work."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from assessments import locks
from assessments.answering.actions import Agreed, begin_transcription, grant_adjustment, grant_extra_time
from assessments.marking import actions
from assessments.marking.actions import Mark
from assessments.marking.piles import answer_code, pile_of
from assessments.models import CriterionMark, MarkingLease, Question
from assessments.states import Adjusted
from courses.models import Course, Enrolment
from tests import factories
from tests.assessments.marking.scripts import signed_in
from tests.pages import fields_in, flat
from tests.sessions import at_once
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(course: Course) -> Question:
    return course.pin.version.questions.get(number=1)


def submitted(course: Course, count: int = 1) -> list[Enrolment]:
    made = [factories.enrolment(course) for _number in range(count)]
    for one in made:
        factories.submission(one)
    return made


def code(enrolment: Enrolment, question: Question) -> str:
    return answer_code(question.uuid, enrolment.submissions.latest("attempt").uuid)


def page(name: str, course: Course, *args: Any) -> str:
    return reverse(f"assessments:{name}", args=[course.uuid, *args])


# --- Whose turn it is ---------------------------------------------------------------------------------


def test_next_goes_through_all_that_is_left(course: Course, trainer: Person, question: Question) -> None:
    people = submitted(course, 3)
    order = sorted(code(one, question) for one in people)
    seen, after = [], ""
    for _turn in range(3):
        one = actions.take_next(course=course, question=question, by=trainer, after=after)
        assert one is not None
        seen.append(one.code)
        marks = [Mark("1_1", "met"), Mark("1_2", "not_met")]
        actions.mark(enrolment=one.enrolment, marks=marks, seen=one.submission, by=trainer)
        after = one.code
    assert seen == order
    assert actions.take_next(course=course, question=question, by=trainer, after=after) is None


def test_order_differs_from_question_to_question(course: Course, trainer: Person) -> None:
    submitted(course, 12)
    orders = []
    for question in course.pin.version.questions.all():
        pile = pile_of(course, question, reader=trainer)
        orders.append([one.submission for one in pile.answers])
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1])


def test_two_markers_are_given_different_answers(
    course: Course, trainer: Person, other: Person, question: Question
) -> None:
    submitted(course, 2)
    hers = actions.take_next(course=course, question=question, by=trainer)
    his = actions.take_next(course=course, question=question, by=other)
    assert hers is not None
    assert his is not None
    assert hers.code != his.code
    # Asked again, each has their own.
    assert actions.take_next(course=course, question=question, by=trainer) is not None
    third = factories.associate(course.programme)
    course.associates.create(associate=third, licence=third.licences.get(), assigned_by=factories.admin())
    with pytest.raises(actions.AllTaken) as refused:
        actions.take_next(course=course, question=question, by=third)
    assert {one.holder for one in refused.value.answers} == {"Ada Quill", "Ben Rook"}


def test_turn_ends_by_itself_and_goes_on_while_they_stay(
    course: Course, trainer: Person, other: Person, question: Question
) -> None:
    submitted(course, 1)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        one = actions.take_next(course=course, question=question, by=trainer)
        assert one is not None
        clock.shift(timedelta(minutes=4))
        actions.take_answer(course=course, question=question, code=one.code, by=trainer)
        clock.shift(timedelta(minutes=4))
        with pytest.raises(actions.AllTaken):
            actions.take_next(course=course, question=question, by=other)
        clock.shift(timedelta(minutes=2))
        taken = actions.take_next(course=course, question=question, by=other)
        assert taken is not None
    rows = MarkingLease.objects.order_by("pk")
    assert [(one.taken_by, one.taken_from, one.ended_at is None) for one in rows] == [
        (trainer, None, False),
        (other, None, True),
    ]


def test_taking_over_leaves_a_trace(
    course: Course, trainer: Person, other: Person, question: Question
) -> None:
    submitted(course, 1)
    one = actions.take_next(course=course, question=question, by=trainer)
    assert one is not None
    looked = actions.take_answer(course=course, question=question, code=one.code, by=other)
    assert looked.is_held_from(other)
    for _press in range(2):
        actions.take_answer(course=course, question=question, code=one.code, by=other, over=True)
    rows = MarkingLease.objects.order_by("pk").values_list("taken_by", "taken_from")
    assert list(rows) == [(trainer.pk, None), (other.pk, trainer.pk)]
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        MarkingLease.objects.all()._raw_delete("default")


def test_finalised_and_approved_ones_are_not_given_out(
    course: Course, trainer: Person, question: Question
) -> None:
    factories.recommended(course)
    approved = submitted(course, 1)[0]
    approved.frozen_at = timezone.now()
    approved.save()
    assert actions.take_next(course=course, question=question, by=trainer) is None


def test_turns_are_for_trainers_of_the_course_who_took_no_part(
    course: Course, trainer: Person, question: Question
) -> None:
    submitted(course, 1)
    for person in (factories.admin(), factories.associate(course.programme)):
        with pytest.raises(locks.NotTheTrainer):
            actions.take_next(course=course, question=question, by=person)
    factories.enrolment(course, trainer)
    with pytest.raises(locks.OwnWork):
        actions.take_next(course=course, question=question, by=trainer)


@pytest.mark.django_db(transaction=True)
def test_two_who_press_next_at_once_never_get_the_same() -> None:
    with transaction.atomic():
        programme = factories.ProgrammeFactory.create()
        trainers = [factories.associate(programme) for _number in range(2)]
        course = factories.course(programme=programme, trainers=trainers)
        submitted(course, 8)
        question = course.pin.version.questions.get(number=1)

    def take(by: Person) -> str:
        one = actions.take_next(course=course, question=question, by=by, after="f" * 20)
        assert one is not None
        actions.mark(enrolment=one.enrolment, marks=[Mark("1_1", "met"), Mark("1_2", "met")], by=by)
        return one.code

    taken = [code for _turn in range(4) for code in at_once(*(partial(take, one) for one in trainers))]
    assert len(set(taken)) == len(taken) == 8


# --- The pages ----------------------------------------------------------------------------------------


@pytest.mark.whole_run
@pytest.mark.parametrize("people", [1, 3, 300])
def test_pages_take_as_many_statements_for_any_number(
    course: Course, trainer: Person, question: Question, people: int
) -> None:
    enrolments = submitted(course, people)
    for one in enrolments[::2]:
        factories.marking(one.submissions.get(), marker=trainer)
    client = signed_in(trainer)
    answer = page("mark_answer", course, 1, code(enrolments[0], question))
    assert len(statements(lambda: client.get(page("mark_questions", course)))) == 9
    assert len(statements(lambda: client.get(answer))) == 9


def test_judging_by_question_takes_five_statements(
    course: Course, trainer: Person, question: Question
) -> None:
    one = submitted(course, 1)[0]
    client, sent = signed_in(trainer), judgement("met")
    url = page("judge_answer", course, code(one, question), 1, 1)
    assert client.post(url, sent).json()["state"] == "saved"
    again = judgement("not_met", base=1)
    assert len(statements(lambda: client.post(url, again))) == 5


def judgement(judged: str, base: int = 0, **more: Any) -> dict[str, Any]:
    texts = dict.fromkeys(("note_1_1", "oral_question_1_1", "oral_answer_1_1", "settled_1_1"), "")
    return {**texts, "judged_1_1": judged, "base_1_1": base, "device": uuid4(), "sequence": 1, **more}


def test_trainer_marks_a_question_through(course: Course, trainer: Person, question: Question) -> None:
    people = submitted(course, 2)
    client = signed_in(trainer)
    html = flat(client.get(page("mark_questions", course)).text)
    assert html.count("0 of 2 marked") == 2
    url = client.post(page("mark_next", course, 1)).url
    for turn in range(2):
        shown = client.get(url)
        assert "MODEL-ANSWER-1" in shown.text
        sent = fields_in(shown.text) | {"judged_1_1": "met", "judged_1_2": "met", "then": "next"}
        response = client.post(url.removesuffix("#on"), sent)
        assert response.status_code == 302
        url = response.url
        assert url.endswith("#on") == (turn == 0)
    assert url == page("mark_questions", course)
    html = flat(client.get(url).text)
    assert "Every answer to question 1 is marked." in html
    assert "All marked" in html
    marked = CriterionMark.objects.filter(criterion__question=question, judged="met", judged_by=trainer)
    assert marked.count() == 2 * len(people)


def test_when_co_trainers_have_the_rest_it_says_who(
    course: Course, trainer: Person, other: Person, question: Question
) -> None:
    one = submitted(course, 1)[0]
    assert signed_in(trainer).post(page("mark_next", course, 1)).status_code == 302
    client = signed_in(other)
    response = client.post(page("mark_next", course, 1), follow=True)
    assert "Ada Quill has this answer open" in response.text
    assert "Open now: Ada Quill" in client.get(page("mark_questions", course)).text
    # To look does not take it.
    assert MarkingLease.objects.get().taken_by == trainer
    over = page("mark_take_over", course, 1, code(one, question))
    assert client.post(over).status_code == 302
    assert "has this answer open" not in client.get(response.request["PATH_INFO"]).text


def test_nothing_to_mark_is_said(course: Course, trainer: Person) -> None:
    factories.submission(factories.enrolment(course), submitted=False)
    client = signed_in(trainer)
    assert client.get(page("mark_questions", course)).text.count("Nobody has submitted yet") == 2
    assert client.post(page("mark_next", course, 1)).url == page("mark_questions", course)
    for number, given in ((1, "0" * 20), (9, "0" * 20)):
        assert client.get(page("mark_answer", course, number, given)).status_code == 404
    assert client.post(page("mark_next", course, 9)).status_code == 404


def test_another_attempt_is_another_answer(course: Course, trainer: Person, question: Question) -> None:
    one = submitted(course, 1)[0]
    before = code(one, question)
    factories.submission(one)
    client = signed_in(trainer)
    assert client.get(page("mark_answer", course, 1, before)).status_code == 404
    late = client.post(page("mark_answer", course, 1, before), {"note_1_1": "TYPED", "judged_1_1": "met"})
    assert late.status_code == 409
    for words in ("another attempt was submitted", "Question 1, criterion 1", "TYPED"):
        assert words in late.text
    reply = client.post(page("judge_answer", course, before, 1, 1), judgement("met"))
    assert (reply.status_code, reply.json()["state"]) == (409, "over")
    assert client.post(page("mark_stay", course, 1, before)).status_code == 409
    assert not CriterionMark.objects.exists()


def test_finalised_meanwhile_keeps_what_was_typed(
    course: Course, trainer: Person, question: Question
) -> None:
    one = submitted(course, 1)[0]
    client, url = signed_in(trainer), page("mark_answer", course, 1, code(one, question))
    sent = fields_in(client.get(url).text)
    factories.marking(one.submissions.get(), marker=trainer, finalised=True)
    response = client.post(url, {**sent, "judged_1_1": "not_met", "note_1_1": "TYPED"})
    assert response.status_code == 409
    for words in ("TYPED", "does not change any more"):
        assert words in response.text


# --- Blind --------------------------------------------------------------------------------------------

CUES = {
    "name": "Zephyrine Quillfeather",
    "certificate": "Zephyrine Q. Feather",
    "email": "zephyrine@cue.example",
    "sponsor": "Cue Council",
    "adjustment": "CUE-OF-AN-ADJUSTMENT",
    "paper": "CUE-OF-PAPER",
    "grant": "CUE-OF-EXTRA-TIME",
    "register": "CUE-OF-THE-REGISTER",
    "line manager": "manager@cue.example",
    "another answer": "CUE-OF-ANOTHER-ANSWER",
}


def planted(course: Course, trainer: Person) -> Enrolment:
    """Somebody of whom everything that could tell who they are stands somewhere."""
    person = factories.PersonFactory.create(name=CUES["name"], email=CUES["email"])
    sponsor = factories.OrganisationFactory.create(name=CUES["sponsor"])
    made = factories.enrolment(
        course, person, attended=True, sponsor=sponsor, certificate_name=CUES["certificate"]
    )
    made.nomination.manager_email = CUES["line manager"]
    made.nomination.save()
    made.register_entries.update(reason=CUES["register"])
    grant_extra_time(enrolment=made, minutes=10, reason=CUES["grant"], by=trainer)
    agreed = Agreed(kind=Adjusted.SCRIBE, details=CUES["adjustment"])
    grant_adjustment(enrolment=made, agreed=agreed, by=trainer)
    begin_transcription(enrolment=made, reason=CUES["paper"], by=trainer)
    factories.submission(made, answers=["The answer to one.", CUES["another answer"]])
    return made


def test_no_response_to_who_marks_by_question_holds_a_cue(
    course: Course, trainer: Person, other: Person, question: Question
) -> None:
    made = planted(course, trainer)
    client, answer = signed_in(other), code(made, question)
    at = page("mark_answer", course, 1, answer)
    bodies = {
        "list": client.get(page("mark_questions", course)),
        "next": client.post(page("mark_next", course, 1)),
    }
    bodies["page"] = client.get(at)
    shown = fields_in(bodies["page"].text)
    bodies["refused"] = client.post(at, {**shown, "judged_1_1": "met", "oral_question_1_1": "Odd."})
    signed_in(trainer).post(at, {**shown, "judged_1_1": "met"})
    bodies["both"] = client.post(at, {**shown, "judged_1_1": "not_met"})
    judging = page("judge_answer", course, answer, 1, 1)
    bodies["clash"] = client.post(judging, judgement("not_met"))
    bodies["unexplained"] = client.post(judging, judgement("not_met", base=1))
    bodies["wrong"] = client.post(judging, judgement("splendid"))
    bodies["saved"] = client.post(judging, judgement("partly_met", base=1, because_1_1="Why."))
    bodies["stay"] = client.post(page("mark_stay", course, 1, answer))
    bodies["over"] = client.post(page("mark_take_over", course, 1, answer))
    bodies["judged"] = client.get(at)
    factories.recommendation(made, marking=made.submissions.get().markings.get(), outcome="not_yet")
    made.submissions.get().markings.update(finalised_at=timezone.now(), finalised_by=trainer)
    bodies["finalised"] = client.get(at)
    bodies["late"] = client.post(judging, judgement("met", base=2))
    bodies["late form"] = client.post(at, {**shown, "judged_1_1": "met", "note_1_1": "Mine."})
    assert [one.status_code for one in bodies.values()] == [
        *(200, 302, 200, 422, 409, 409, 409, 422, 200, 200, 302, 200, 200, 409, 409)
    ]
    told = [*CUES.values(), made.person.uuid, made.uuid, made.submissions.get().uuid]
    told += ["Sessions attended", "sponsor", "A scribe", "Scribe", "Typed in", "TOLD-", "WHAT-WAS-SAID"]
    for name, body in bodies.items():
        text = body.content.decode() + str(body.headers)
        assert [str(cue) for cue in told if str(cue) in text] == [], name


def test_cues_stand_where_a_marker_by_person_reads_them(
    course: Course, trainer: Person, question: Question
) -> None:
    """Else the test above would look for what no page shows."""
    made = planted(course, trainer)
    html = signed_in(trainer).get(page("mark", course, made.uuid)).text
    for words in (CUES["name"], CUES["another answer"], "Sessions attended", "Scribe"):
        assert re.search(words, html, re.IGNORECASE), words
