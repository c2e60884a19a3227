"""The case study, the questions and marking at every stage of the day: their pages are accessible."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.answering.addresses import code_of
from assessments.marking import actions
from assessments.marking.actions import Mark
from assessments.marking.models import WRITTEN_EVIDENCE as TEXTS_OF_REASONS
from assessments.marking.piles import answer_code
from assessments.models import Disagreement
from assessments.states import Judged, Outcome, Reason, Settled
from certification.actions import open_follow_up, read_feedback, return_to_trainer
from courses.models import Course, Enrolment
from tests import factories
from tests.assessments.marking.scripts import signed_in
from tests.assessments.marking.sheets import JUDGED, NOTE, filled, hand_in, take
from tests.certification import outcomes
from tests.journeys.accessibility.asking import at
from tests.pages import fields_in

pytestmark = pytest.mark.django_db
Wrong = Callable[..., list[str]]

ANSWERING = (
    "certification:my_course",
    "assessments:task_list",
    "assessments:check",
    "assessments:receipt",
    "assessments:submit",
)


def answering(enrolment: Enrolment) -> list[str]:
    pages = [at(page, enrolment) for page in ANSWERING]
    return [at("home"), *pages, at("assessments:question", enrolment, 1)]


def of_script(enrolment: Enrolment, *pages: str) -> list[str]:
    return [at(f"assessments:{page}", enrolment.course, enrolment) for page in pages]


@pytest.fixture
def course() -> Course:
    programme = factories.ProgrammeFactory.create()
    trainers = [factories.associate(programme, name=name) for name in ("Ada Quill", "Ben Rook")]
    return factories.course(programme=programme, trainers=trainers)


@pytest.mark.parametrize("stage", ["not released", "released", "opened", "closed"])
def test_day(wrong: Wrong, course: Course, stage: str) -> None:
    none, some = factories.enrolment(course), factories.enrolment(course)
    whole, sent = factories.enrolment(course), factories.enrolment(course, attended=True)
    if stage != "not released":
        factories.sitting(course, opened=stage != "released", closed=stage == "closed")
    if stage in ("opened", "closed"):
        factories.submission(some, submitted=False, answers=["A draft."])
        factories.submission(whole, submitted=False, answers=["An answer.", ""])
        factories.submission(sent, answers=["An answer.", ""])
    trainer = factories.trainer_of(course)
    assert not wrong(trainer, at("assessments:room", course), at("assessments:marking", course))
    assert not wrong(trainer, *of_script(none, "mark", "recommend"))
    for enrolment in (none, some, whole, sent):
        assert not wrong(enrolment.person, at("assessments:case_study", course), *answering(enrolment))


def test_marking_date_told(wrong: Wrong, course: Course) -> None:
    sent = factories.enrolment(course)
    factories.submission(sent)
    sitting = factories.sitting(course, closed=True)
    sitting.marking_due_on = timezone.localdate() + timedelta(days=3)
    sitting.save()
    assert not wrong(factories.trainer_of(course), at("assessments:room", course))
    assert not wrong(sent.person, at("certification:my_course", sent))


def test_answer_saved_elsewhere_meanwhile(wrong: Wrong, course: Course) -> None:
    factories.sitting(course)
    some = factories.enrolment(course)
    factories.submission(some, submitted=False, answers=["Saved on my phone."])
    typed = {"text": "Typed here.", "base_revision": "7", "then": "next"}
    assert not wrong(some.person, at("assessments:question", some, 1), sent=typed)


def test_answer_sent_too_late(wrong: Wrong, course: Course) -> None:
    factories.sitting(course, closed=True)
    some = factories.enrolment(course)
    factories.submission(some, submitted=False, answers=["A draft."])
    typed = {"text": "Typed too late.", "base_revision": "1", "then": "next"}
    assert not wrong(some.person, at("assessments:question", some, 1), sent=typed)


def test_answers_of_somebody_whose_outcome_is_final(wrong: Wrong, course: Course) -> None:
    factories.sitting(course)
    none, some = factories.enrolment(course), factories.enrolment(course)
    factories.submission(some, submitted=False, answers=["A draft."])
    for enrolment in (none, some):
        recommendation = factories.recommendation(enrolment, outcome=Outcome.NOT_ASSESSED)
        open_follow_up(recommendation=recommendation, by=recommendation.recommended_by)
        assert not wrong(enrolment.person, *answering(enrolment))
    typed = {"text": "Typed too late.", "base_revision": "1", "then": "next"}
    assert not wrong(some.person, at("assessments:question", some, 1), sent=typed)


def test_receipt_after_the_outcome(wrong: Wrong, course: Course) -> None:
    marked = factories.recommended(course)
    assert not wrong(marked.person, at("assessments:receipt", marked))
    Enrolment.objects.filter(pk=marked.pk).update(frozen_at=timezone.now())
    assert not wrong(marked.person, at("assessments:receipt", marked))


def test_everybody_there_before_the_last_session_ended(wrong: Wrong, course: Course) -> None:
    sent = factories.enrolment(course, attended=True)
    marking = factories.marking(factories.submission(sent))
    factories.recommendation(sent, marking=marking, finalised=False)
    course.sessions.filter(number=2).update(ends_at=timezone.now() + timedelta(hours=1))
    trainer = factories.trainer_of(course)
    pages = [at(page, course) for page in ("assessments:marking", "courses:register")]
    finalise = at("certification:finalise", course, sent)
    assert not wrong(trainer, *pages, *of_script(sent, "mark", "recommend"), finalise)


def test_script_not_begun(wrong: Wrong, course: Course) -> None:
    sent = factories.enrolment(course, attended=True)
    factories.submission(sent, answers=["An answer.", ""])
    assert not wrong(factories.trainer_of(course), *of_script(sent, "mark", "recommend"))
    assert not wrong(sent.person, at("certification:my_course", sent))


def test_script_half_marked(wrong: Wrong, course: Course) -> None:
    sent = factories.enrolment(course, attended=True)
    trainer = factories.trainer_of(course)
    mark = Mark(
        criterion="1_1",
        judged=Judged.PARTLY_MET,
        note="Names it, and does not use it.",
        oral_question="What follows from it?",
        oral_answer="A plan.",
        settled=Settled.MET,
    )
    factories.submission(sent)
    actions.mark(enrolment=sent, marks=[mark], by=trainer)
    other = course.associates.order_by("pk").last().associate  # type: ignore[union-attr]
    for person in (trainer, other, factories.admin()):
        assert not wrong(person, at("assessments:marking", course), *of_script(sent, "mark", "mark_history"))


def answers_to(course: Course, sent: Enrolment, number: int = 1) -> str:
    question = course.pin.version.questions.get(number=number)
    code = answer_code(question.uuid, sent.submissions.get().uuid)
    return reverse("assessments:mark_answer", args=[course.uuid, number, code])


def test_marking_by_question(wrong: Wrong, course: Course) -> None:
    sent = factories.enrolment(course, attended=True)
    trainer = factories.trainer_of(course)
    other = course.associates.order_by("pk").last().associate  # type: ignore[union-attr]
    questions = at("assessments:mark_questions", course)
    assert not wrong(trainer, questions)
    factories.submission(sent, answers=["An answer.", ""])
    assert not wrong(trainer, answers_to(course, sent), answers_to(course, sent, number=2))
    question = course.pin.version.questions.get(number=1)
    actions.take_next(course=course, question=question, by=trainer)
    actions.mark(enrolment=sent, marks=[Mark("1_1", "met", "A note."), Mark("1_2", "met")], by=trainer)
    assert not wrong(other, questions, answers_to(course, sent))
    assert not wrong(factories.admin(), questions)


def test_marking_sheet(wrong: Wrong, course: Course) -> None:
    trainer, other = (one.associate for one in course.associates.order_by("pk"))
    page = at("assessments:marking_sheet", course)
    assert not wrong(trainer, page)
    sent = factories.enrolment(course, attended=True)
    factories.submission(sent)
    assert not wrong(trainer, page)
    client = signed_in(trainer)
    content = filled(
        take(client, course),
        *[(1, 2, JUDGED, "Met"), (1, 3, JUDGED, "Partly met"), (1, 3, NOTE, "A note."), (2, 2, JUDGED, "Oh")],
    )
    actions.mark(enrolment=sent, marks=[Mark("1_1", "not_met", "It lacks the plan.")], by=other)
    checked = hand_in(client, course, content)
    carried = fields_in(checked.text)["rows"]
    assert not wrong(client, page, sent={"file": SimpleUploadedFile("sheet.xlsx", content)})
    assert not wrong(client, page, sent={"file": SimpleUploadedFile("sheet.xlsx", b"none")})
    actions.mark(enrolment=sent, marks=[Mark("1_2", "not_met")], by=other)
    assert not wrong(client, page, sent={"rows": carried})


def test_marking_by_question_with_mistakes(wrong: Wrong, course: Course) -> None:
    sent = factories.enrolment(course, attended=True)
    factories.marking(factories.submission(sent))
    other = course.associates.order_by("pk").last().associate  # type: ignore[union-attr]
    assert not wrong(other, answers_to(course, sent), sent={"judged_1_1": "met", "settled_1_1": "met"})
    assert not wrong(other, answers_to(course, sent), sent={"judged_1_1": "not_met", "note_1_1": "Mine."})


def test_marks_with_mistakes(wrong: Wrong, course: Course) -> None:
    sent = factories.enrolment(course, attended=True)
    factories.submission(sent)
    typed = {
        "oral_question_1_2": "Asked, of what is not partly met.",
        "judged_2_1": "partly_met",
        "oral_question_2_1": "A question, and no answer.",
        "settled_2_1": "met",
        "judged_2_2": "met",
        "note_2_2": "x" * 2001,
    }
    assert not wrong(factories.trainer_of(course), *of_script(sent, "mark"), sent=typed)


def test_marks_saved_elsewhere_meanwhile(wrong: Wrong, course: Course) -> None:
    sent = factories.enrolment(course, attended=True)
    factories.marking(factories.submission(sent))
    typed = {"judged_1_1": "not_met", "note_1_1": "Mine."}
    other = course.associates.order_by("pk").last().associate  # type: ignore[union-attr]
    for trainer in (factories.trainer_of(course), other):
        assert not wrong(trainer, *of_script(sent, "mark"), sent=typed)
    undecided = typed | {"asked_1_1": "on"}
    assert not wrong(other, *of_script(sent, "mark"), sent=undecided)


@pytest.mark.parametrize("outcome", Outcome.values)
@pytest.mark.parametrize("finalised", [False, True], ids=["open", "finalised"])
def test_outcome(wrong: Wrong, course: Course, outcome: str, finalised: bool) -> None:
    sent = factories.enrolment(course, attended=True)
    judged = Judged.MET if outcome == Outcome.COMPETENT else Judged.NOT_MET
    marking = factories.marking(factories.submission(sent), judged=judged, finalised=finalised)
    factories.recommendation(sent, outcome=outcome, marking=marking, finalised=finalised)
    pages = of_script(sent, "mark", "recommend", "conversation", "feedback", "disagree")
    other = course.associates.order_by("pk").last().associate  # type: ignore[union-attr]
    finalise = at("certification:finalise", course, sent)
    assert not wrong(factories.trainer_of(course), at("assessments:marking", course), *pages, finalise)
    assert not wrong(other, *of_script(sent, "recommend", "disagree"))
    assert not wrong(sent.person, at("certification:my_course", sent))


def test_outcome_with_reasons_and_an_empty_conversation(wrong: Wrong, course: Course) -> None:
    sent = factories.enrolment(course, attended=True)
    marking = factories.marking(factories.submission(sent), judged=Judged.NOT_MET)
    nothing = {"conversation": "", "conversation_on": None, "conversation_by": None}
    told = {"told_participant": "", "told_commissioner": "", "internal_note": ""}
    factories.recommendation(
        sent, outcome=Outcome.NOT_YET, marking=marking, finalised=False, **nothing, **told
    )
    trainer = factories.trainer_of(course)
    assert not wrong(trainer, *of_script(sent, "conversation", "feedback", "recommend"))
    assert not wrong(trainer, at("certification:finalise", course, sent))
    bare = {"revision": "0", "outcome": "not_yet", "reasons": ["interest"]}
    assert not wrong(trainer, *of_script(sent, "recommend"), sent=bare)


@pytest.mark.parametrize("judged", [Judged.MET, Judged.NOT_MET])
@pytest.mark.parametrize("attended", [True, False], ids=["attended", "absent"])
def test_outcome_that_the_marks_suggest(wrong: Wrong, course: Course, judged: str, attended: bool) -> None:
    sent = factories.enrolment(course, attended=attended)
    factories.marking(factories.submission(sent), judged=judged)
    trainer = factories.trainer_of(course)
    assert not wrong(trainer, *of_script(sent, "recommend"))
    stale = {"suggested": "competent", "revision": "7", "marking_revision": "7"}
    assert not wrong(trainer, *of_script(sent, "agree"), sent=stale)


def test_outcome_with_each_reason(wrong: Wrong, course: Course) -> None:
    sent = factories.enrolment(course, attended=True)
    marking = factories.marking(factories.submission(sent), judged=Judged.NOT_MET)
    said = {name: f"Words about {name}." for name in TEXTS_OF_REASONS}
    factories.recommendation(
        sent, outcome=Outcome.NOT_YET, marking=marking, finalised=False, reasons=Reason.values, **said
    )
    assert not wrong(factories.trainer_of(course), *of_script(sent, "recommend", "conversation", "disagree"))
    bare = {"revision": "1", "outcome": "not_yet", "reasons": Reason.values}
    assert not wrong(factories.trainer_of(course), *of_script(sent, "recommend"), sent=bare)


def test_conversation_that_could_not_be_held(wrong: Wrong, course: Course) -> None:
    sent = factories.enrolment(course, attended=True)
    marking = factories.marking(factories.submission(sent), judged=Judged.NOT_MET)
    trainer = factories.trainer_of(course)
    put_off = factories.put_off(course)
    factories.recommendation(sent, outcome=Outcome.NOT_YET, marking=marking, finalised=False, **put_off)
    pages = of_script(sent, "conversation", "no_conversation", "feedback")
    assert not wrong(trainer, *pages, at("certification:finalise", course, sent))
    assert not wrong(trainer, *of_script(sent, "no_conversation"), sent={"revision": "1", "because": "other"})


@pytest.mark.parametrize("days", [3, -1], ids=["to come", "late"])
def test_conversation_that_is_still_to_be_held(wrong: Wrong, course: Course, days: int) -> None:
    made = outcomes.unspoken(course, days=days)
    trainer, admin = factories.trainer_of(course), factories.admin()
    tell = at("certification:tell_later", course, made)
    assert not wrong(trainer, at("home"), tell, at("certification:finalise", course, made))
    assert not wrong(admin, at("home"), tell, at("certification:results", course))
    assert not wrong(made.person, at("certification:my_course", made))
    assert not wrong(trainer, tell, sent={"idempotency_key": str(uuid4()), "words": ""})


def test_conversation_that_was_held_later(wrong: Wrong, course: Course) -> None:
    follow_up = outcomes.told_later(course)
    made = follow_up.enrolment
    assert not wrong(factories.trainer_of(course), at("certification:tell_later", course, made))
    read_feedback(follow_up=follow_up, by=made.person)
    assert not wrong(made.person, at("certification:my_feedback", made))


def test_outcome_that_a_co_trainer_disagrees_with(wrong: Wrong, course: Course) -> None:
    sent = factories.enrolment(course, attended=True)
    marking = factories.marking(factories.submission(sent))
    made = factories.recommendation(sent, marking=marking, finalised=False)
    other = course.associates.order_by("pk").last().associate  # type: ignore[union-attr]
    Disagreement.objects.create(recommendation=made, reason="I see it otherwise.", disagreed_by=other)
    for person in (other, factories.trainer_of(course)):
        assert not wrong(person, *of_script(sent, "disagree", "recommend"))


def test_outcome_that_came_back_with_a_question(wrong: Wrong, course: Course) -> None:
    sent = factories.recommended(course)
    return_to_trainer(enrolment=sent, question="Which domain?", by=factories.admin())
    assert not wrong(factories.trainer_of(course), at("home"), *of_script(sent, "mark", "recommend"))


def test_getting_in(wrong: Wrong, course: Course) -> None:
    enrolment = factories.enrolment(course)
    trainer = factories.trainer_of(course)
    code = code_of(course.number)
    assert not wrong(None, at("assessments:room_entry", code), at("assessments:room_code", code))
    pages = [at(f"assessments:{page}", course) for page in ("room_address", "entry_codes")]
    assert not wrong(trainer, *pages, at("assessments:entry_code", course, enrolment))
    assert not wrong(factories.PersonFactory.create(), at("assessments:room_entry", code))


def test_code_that_was_given(wrong: Wrong, course: Course) -> None:
    enrolment = factories.enrolment(course)
    browser, path = Client(), at("assessments:entry_code", course, enrolment)
    browser.force_login(factories.trainer_of(course))
    given = browser.post(path, {"present": "on"}).cookies["entry_code"].value
    assert not wrong(browser, path, at("assessments:entry_codes", course))
    phone = Client()
    phone.post(
        at("assessments:room_code", code_of(course.number)),
        {"email": enrolment.person.email, "code": given},
    )
    assert not wrong(phone, at("assessments:task_list", enrolment), at("account"))


def test_answer_without_a_session(wrong: Wrong, course: Course) -> None:
    factories.sitting(course)
    enrolment = factories.enrolment(course)
    path = at("assessments:question", enrolment, 1)
    typed = {"text": "Typed.", "base_revision": "0"}
    assert not wrong(None, path, sent=typed)
    asked = typed | {"signing-step": "email", "signing-email": enrolment.person.email}
    assert not wrong(None, path, sent=asked)
