"""What must never reach a participant: model answers, criteria, and anyone else's words."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import OutgoingEmail
from assessments.answering import actions
from assessments.models import Criterion, Question
from tests import factories

pytestmark = pytest.mark.django_db


def test_no_page_of_a_participant_holds_a_model_answer_or_a_criterion() -> None:
    course = factories.course()
    factories.sitting(course)
    other = factories.enrolment(course)
    actions.save_answer(enrolment=other, number=1, text="ANOTHER’S WORDS", base_revision=0, by=other.person)
    enrolment = factories.enrolment(course)
    never = {
        *Question.objects.values_list("model_answer", flat=True),
        *Criterion.objects.values_list("text", flat=True),
        *Criterion.objects.values_list("met", flat=True),
        *Criterion.objects.values_list("partly_met", flat=True),
        *Criterion.objects.values_list("not_met", flat=True),
        "ANOTHER’S WORDS",
        other.person.name,
        other.person.email,
    }
    assert {"MODEL-ANSWER-1", "CRITERION-2-2"} < never
    client = Client()
    client.force_login(enrolment.person)
    seen: list[str] = []

    def get(name: str, *more: int) -> None:
        seen.append(client.get(reverse(f"assessments:{name}", args=[enrolment.uuid, *more])).content.decode())

    def post(name: str, *more: int, **data: str) -> None:
        url = reverse(f"assessments:{name}", args=[enrolment.uuid, *more])
        seen.append(client.post(url, {"idempotency_key": str(uuid4()), **data}).content.decode())

    def everything() -> None:
        seen.append(client.get(reverse("assessments:case_study", args=[course.uuid])).content.decode())
        for name in ("task_list", "check", "submit", "receipt", "answers_text"):
            get(name)
        for number in (1, 2, 3):
            get("question", number)

    everything()
    post("question", 1, text="Mine.", base_revision="0")
    post("question", 1, text="Other.", base_revision="0")
    post("question", 2, text="x" * 20_001, base_revision="0")
    post("check")
    post("check", blank_2="on")
    post("submit")
    everything()
    factories.sitting(course, closed=True)
    post("question", 1, text="Late.", base_revision="1")
    everything()
    factories.sitting(course)
    post("submit", declared="on")
    post("question", 1, text="Late.", base_revision="1")
    everything()
    seen += [letter.text + letter.html for letter in OutgoingEmail.objects.all()]
    assert len(seen) > 30
    assert sum("What is asked, number 1?" in text for text in seen) >= 3
    for text in seen:
        for words in never:
            assert words not in text
