"""The sample's case studies ask every kind of question, and its answers are answers to them."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from accounts.legal import GAP, model_text
from accounts.states import LegalPage
from assessments.case_studies.actions import import_version
from assessments.case_studies.actions.texts import kept_of
from assessments.case_studies.kinds import KINDS, kind_of
from assessments.models import Question, SecondMarker, SecondMarkingNumbers, Settlement, Version
from certification.models import Certificate
from certification.sample.reading import case_study, read, values_of
from courses.models import Programme
from tests import factories

pytestmark = pytest.mark.django_db

SAMPLE = pytest.mark.parametrize("sample", ["aim3", "under12s"])


@pytest.fixture
def version(sample: str) -> Version:
    """The sample's case study of one programme, as a draft."""
    factories.ProgrammeFactory.create(code=sample)
    call_command("load_framework")
    return import_version(content=case_study(f"{sample}.yaml"), by=factories.admin())


def answers_to(question: Question, sample: str) -> list[tuple[str, Any]]:
    """(quality, answer) of each sample answer to `question`."""
    rows = [row for row in read("answers.yaml")[sample] if row["question"] == question.number]
    assert len(rows) == 1, f"question {question.number}"
    return [(quality, answer) for quality in ("strong", "adequate", "thin") for answer in rows[0][quality]]


@pytest.mark.parametrize("sample", ["aim3"])
def test_the_aim3_sample_asks_every_kind_of_question(version: Version) -> None:
    assert {question.kind for question in version.questions.all()} == KINDS.keys()


@SAMPLE
def test_sample_criteria_are_three_to_five_a_question_and_none_demands_a_plan(version: Version) -> None:
    for question in version.questions.prefetch_related("criteria"):
        criteria = list(question.criteria.all())
        assert 3 <= len(criteria) <= 5, question.title
        assert sum(criterion.is_essential for criterion in criteria) <= 1, question.title
        if kind_of(question.kind).essential_by_decision:
            assert not any(criterion.is_essential for criterion in criteria), question.title


@SAMPLE
def test_every_sample_answer_fits_its_question(version: Version, sample: str) -> None:
    for question in version.questions.all():
        kind = kind_of(question.kind)
        for quality, answer in answers_to(question, sample):
            text = kept_of(question, values_of(answer))
            assert text, f"question {question.number}, {quality}"
            assert kind.values_of(text) == values_of(answer)
            if quality == "strong":
                assert kind.left_out(text, question.settings) == [], f"question {question.number}"


@SAMPLE
def test_sample_note_leaves_to_the_page_where_to_turn(version: Version) -> None:
    assert "116 123" not in version.content_note


@pytest.mark.parametrize("page", LegalPage)
def test_every_gap_of_a_legal_page_is_filled_and_nothing_is_left_over(page: LegalPage) -> None:
    assert len(GAP.findall(model_text(page))) == len(read("legal.yaml")[page])


@pytest.mark.whole_run
def test_the_sample_is_told_from_its_beginning_to_its_end(settings: Any) -> None:
    """As the demo does: what cannot happen does not stand there."""
    settings.DEMO = True
    call_command("load_programmes", stdout=StringIO())
    for programme in Programme.objects.all():
        SecondMarkingNumbers.objects.create(
            programme=programme,
            sample_at_least=3,
            sample_percent=10,
            first_courses=2,
            because="As the demo has them.",
            set_by=factories.admin(),
        )
    call_command("load_sample", stdout=StringIO())
    settled = Settlement.objects.all()
    assert Certificate.objects.count() > 10
    assert settled.filter(proposal=None, reason="").count() > 10
    waits = SecondMarker.objects.filter(ended_at=None, submission__settlement=None)
    assert [one.submission.enrolment.person.name for one in waits] == ["Nadia Khoury"]
