"""Adjustments and paper, at every step and with every mistake: their pages are accessible."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.answering import actions
from assessments.models import Adjustment, AdjustmentRequest
from assessments.states import Adjusted
from courses.models import Course, Enrolment
from tests import factories
from tests.journeys.accessibility.asking import at
from tests.paper import typed_in

pytestmark = pytest.mark.django_db
Wrong = Callable[..., list[str]]


@pytest.fixture
def course() -> Course:
    made = factories.course()
    factories.sitting(made)
    return made


@pytest.fixture
def some(course: Course) -> Enrolment:
    return factories.enrolment(course)


def test_adjustments(wrong: Wrong, course: Course, some: Enrolment) -> None:
    trainer, admin = factories.trainer_of(course), factories.admin()
    mine, everyone = at("assessments:my_adjustments", some), at("assessments:course_adjustments", course)
    person = at("assessments:adjustments", course, some)
    to_answer = at("assessments:adjustments_to_answer")
    assert not wrong(some.person, mine)
    assert not wrong(trainer, everyone, person)
    assert not wrong(admin, to_answer)
    asked = AdjustmentRequest.objects.create(
        enrolment=some, kinds=[Adjusted.TIME, Adjusted.OTHER], words="A chair.", asked_by=some.person
    )
    Adjustment.objects.create(enrolment=some, kind=Adjusted.ORAL, details="Room 2.", granted_by=trainer)
    page = at("assessments:adjustment_answer", course, some, asked)
    assert not wrong(some.person, mine)
    assert not wrong(trainer, everyone, person)
    assert not wrong(admin, at("home"), to_answer, person, page)
    assert not wrong(admin, page, sent={"kinds": ["time"], "answer": ""})
    actions.answer_adjustment(request=asked, agreed=[], answer="Not that one.", by=admin)
    assert not wrong(some.person, mine)
    assert not wrong(admin, person, page)
    factories.submission(some)
    assert not wrong(trainer, at("assessments:mark", course, some))


def test_paper_before_while_and_after_it_is_typed_in(wrong: Wrong, course: Course, some: Enrolment) -> None:
    trainer, admin = factories.trainer_of(course), factories.admin()
    everyone, paper = at("assessments:paper", course), at("assessments:transcription", some)
    question, check = (
        at("assessments:transcription_question", some, 1),
        at("assessments:transcription_check", some),
    )
    unsent = at("assessments:unsent", some)
    assert not wrong(
        trainer, everyone, f"{everyone}?code=ABCD", paper, unsent, at("assessments:papers_to_check")
    )
    assert not wrong(some.person, paper, unsent)
    actions.give_codes(course=course, by=trainer)
    row = actions.begin_transcription(enrolment=some, reason="No network.", by=trainer)
    assert not wrong(trainer, everyone, paper, question)
    assert not wrong(trainer, question, sent={"text": "Text.", "is_blank": "on", "base_revision": "0"})
    assert not wrong(admin, paper)
    scan = SimpleUploadedFile("scan.pdf", b"<html>")
    assert not wrong(trainer, at("assessments:transcription_scans", some), sent={"sheets": scan})
    actions.give_up_transcription(transcription=row, by=trainer)
    done = typed_in(some)
    assert not wrong(trainer, everyone, paper)
    for person in (some.person, admin):
        assert not wrong(person, at("home"), at("assessments:papers_to_check"), paper, check)
    assert not wrong(admin, check, sent={"do": "return", "differs": ""})
    actions.return_transcription(transcription=done, differs="One word.", by=admin)
    assert not wrong(trainer, paper)
    actions.hand_over(transcription=done, by=trainer)
    actions.check_transcription(transcription=done, is_the_same=True, is_signed=True, by=admin)
    assert not wrong(trainer, everyone, paper, at("assessments:mark", course, some))
    assert not wrong(some.person, paper, at("assessments:receipt", some))
