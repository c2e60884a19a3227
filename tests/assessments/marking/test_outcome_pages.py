"""The outcome of a script, and what goes with it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from assessments.marking import actions
from assessments.models import Disagreement, Recommendation
from assessments.states import Judged, Outcome
from courses.models import Course
from tests import factories
from tests.assessments.marking.scripts import marked, page, signed_in

pytestmark = pytest.mark.django_db


def test_competent_goes_on_to_finalising(course: Course, trainer: Person) -> None:
    enrolment = marked(course)
    client = signed_in(trainer)
    html = client.get(page("recommend", enrolment)).content.decode()
    assert " checked" not in html
    response = client.post(page("recommend", enrolment), {"revision": "0", "outcome": "competent"})
    assert response.url == reverse("certification:finalise", args=[course.uuid, enrolment.uuid])
    assert Recommendation.objects.get().recommended_by == trainer


def test_not_yet_goes_through_the_conversation_and_the_feedback(course: Course, trainer: Person) -> None:
    enrolment = marked(course, Judged.NOT_MET)
    client = signed_in(trainer)
    response = client.post(
        page("recommend", enrolment),
        {
            "revision": "0",
            "outcome": "not_yet",
            "reasons": ["understanding", "interest"],
            "interest_observed": "Looked away.",
            "interest_own_account": "Was tired.",
        },
    )
    assert response.url == page("conversation", enrolment)
    assert "hears it from you first" in client.get(response.url).content.decode()
    at = timezone.localtime(timezone.now() - timedelta(minutes=5), course.zone)
    response = client.post(
        page("conversation", enrolment),
        {
            "revision": "1",
            "day": at.strftime("%Y-%m-%d"),
            "time": at.strftime("%H:%M"),
            "held_by": str(trainer.uuid),
            "words": "We spoke.",
        },
    )
    assert response.url == page("feedback", enrolment)
    html = client.get(response.url).content.decode()
    assert f"It then goes to {course.organisation.name}" in html
    response = client.post(
        page("feedback", enrolment),
        {
            "revision": "2",
            "told_participant": "To you.",
            "told_commissioner": "To them.",
            "internal_note": "Us.",
        },
    )
    assert response.url == reverse("certification:finalise", args=[course.uuid, enrolment.uuid])
    saved = Recommendation.objects.get()
    assert saved.conversation_on == at.replace(second=0, microsecond=0)
    assert (saved.conversation_by, saved.told_commissioner) == (trainer, "To them.")


def test_an_outcome_that_differs_says_why_and_an_override_is_held_up(course: Course, trainer: Person) -> None:
    enrolment = marked(course, Judged.PARTLY_MET)
    client = signed_in(trainer)
    response = client.post(page("recommend", enrolment), {"revision": "0", "outcome": "competent"})
    assert "This differs from what the marks suggest: say why." in response.content.decode()
    assert not Recommendation.objects.exists()
    sent = {"revision": "0", "outcome": "competent", "override_reason": "Spoke to it well."}
    response = client.post(page("recommend", enrolment), sent, follow=True)
    assert response.redirect_chain[-1][0] == page("recommend", enrolment)
    assert "until a second marking is settled" in re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choose an outcome."),
        ({"outcome": "splendid"}, "Choose an outcome."),
        ({"outcome": "not_yet"}, "Choose at least one reason."),
        ({"outcome": "not_yet", "reasons": ["interest"]}, "Write what was observed."),
        ({"outcome": "not_assessed"}, "Say why there is nothing to assess."),
        ({"outcome": "competent", "override_reason": "x" * 2001}, "Shorten this to 2000 characters"),
    ],
)
def test_an_outcome_typed_wrongly_is_said_and_kept(
    course: Course, trainer: Person, sent: dict[str, Any], words: str
) -> None:
    enrolment = marked(course)
    response = signed_in(trainer).post(page("recommend", enrolment), {"revision": "0", **sent})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Recommendation.objects.exists()


def test_not_assessed_leads_on_to_what_the_person_and_the_sponsor_read(
    course: Course, trainer: Person
) -> None:
    enrolment = factories.enrolment(course)
    client = signed_in(trainer)
    sent = {"revision": "0", "outcome": "not_assessed", "not_assessed_because": "nothing_submitted"}
    assert client.post(page("recommend", enrolment), sent).url == page("feedback", enrolment)  # type: ignore[attr-defined]
    texts = {"revision": "1", "told_participant": "To you.", "told_commissioner": ""}
    assert client.post(page("feedback", enrolment), texts).url == page("feedback", enrolment)  # type: ignore[attr-defined]
    texts |= {"revision": "2", "told_commissioner": "To them."}
    finalise = reverse("certification:finalise", args=[course.uuid, enrolment.uuid])
    assert client.post(page("feedback", enrolment), texts).url == finalise  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"day": ""}, "Enter the day of the conversation."),
        ({"day": "tomorrow"}, "Enter a date that exists, such as"),
        ({"day": "2099-01-01"}, "this has not come yet"),
        ({"day": "2026-03-29", "time": "01:30"}, "go forward"),
        ({"time": "noon"}, "Enter a time, such as 15:30."),
        ({"held_by": ""}, "Choose who held the conversation."),
        ({"words": "  "}, "Write what was said."),
        ({"words": "x" * 4001}, "Shorten this to 4000 characters"),
    ],
)
def test_a_conversation_typed_wrongly_is_said_and_kept(
    course: Course, trainer: Person, changed: dict[str, str], words: str
) -> None:
    enrolment = marked(course, Judged.NOT_MET)
    actions.recommend(enrolment=enrolment, outcome="not_yet", reasons=["understanding"], by=trainer)
    sent = {
        "revision": "1",
        "day": "2026-01-02",
        "time": "10:00",
        "held_by": str(trainer.uuid),
        "words": "We spoke.",
        **changed,
    }
    response = signed_in(trainer).post(page("conversation", enrolment), sent)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert Recommendation.objects.get().conversation == ""


def test_feedback_of_two_tabs_is_shown_side_by_side(course: Course, trainer: Person, other: Person) -> None:
    enrolment = marked(course, Judged.NOT_MET)
    actions.recommend(enrolment=enrolment, outcome="not_yet", reasons=["understanding"], by=trainer)
    sent = {"revision": "1", "told_participant": "FIRST", "told_commissioner": "x", "internal_note": ""}
    signed_in(trainer).post(page("feedback", enrolment), sent)
    client = signed_in(other)
    response = client.post(page("feedback", enrolment), {**sent, "told_participant": "SECOND"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "FIRST" in html
    assert "SECOND" in html
    assert Recommendation.objects.get().told_participant == "FIRST"
    again = {**sent, "revision": "2", "told_participant": "SECOND"}
    assert client.post(page("feedback", enrolment), again).status_code == 302
    assert Recommendation.objects.get().told_participant == "SECOND"


def test_conversation_saved_meanwhile_says_whose_its_times_are(course: Course, trainer: Person) -> None:
    enrolment = marked(course, Judged.NOT_MET)
    factories.recommendation(enrolment, outcome="not_yet", finalised=False)
    at = timezone.localtime(timezone.now() - timedelta(minutes=5), course.zone)
    sent = {
        "revision": "0",
        "day": at.strftime("%Y-%m-%d"),
        "time": at.strftime("%H:%M"),
        "held_by": str(trainer.uuid),
        "words": "Otherwise.",
    }
    client = signed_in(trainer)
    assert "About when it began, London time." in client.get(page("conversation", enrolment)).content.decode()
    response = client.post(page("conversation", enrolment), sent)
    assert response.status_code == 409
    assert f"{at:%H:%M} (London\N{NO-BREAK SPACE}time)" in response.content.decode()


@pytest.mark.parametrize("name", ["conversation", "feedback", "disagree"])
def test_before_an_outcome_there_is_nothing_to_write_about(
    course: Course, trainer: Person, name: str
) -> None:
    assert signed_in(trainer).get(page(name, marked(course))).status_code == 409


def test_a_co_trainer_disagrees_and_withdraws(course: Course, trainer: Person, other: Person) -> None:
    enrolment = marked(course)
    actions.recommend(enrolment=enrolment, outcome="competent", by=trainer)
    client = signed_in(other)
    assert "Ada Quill recommended this" in client.get(page("recommend", enrolment)).content.decode()
    assert client.post(page("disagree", enrolment), {"reason": " "}).status_code == 422
    assert client.post(page("disagree", enrolment), {"reason": "NOT-SAFE"}).status_code == 302
    assert "NOT-SAFE" in signed_in(trainer).get(page("disagree", enrolment)).content.decode()
    mine = Disagreement.objects.get()
    url = reverse("assessments:withdraw_disagreement", args=[course.uuid, enrolment.uuid, mine.uuid])
    assert signed_in(trainer).post(url).status_code == 404
    assert client.post(url).status_code == 302
    mine.refresh_from_db()
    assert mine.withdrawn_by == other


def test_a_finalised_outcome_is_read_only(course: Course, trainer: Person) -> None:
    enrolment = factories.recommended(course, outcome=Outcome.NOT_YET)
    client = signed_in(trainer)
    for name in ("recommend", "conversation", "feedback"):
        html = client.get(page(name, enrolment)).content.decode()
        assert "It does not change any more." in html
        assert "<textarea" not in html
    sent = {"revision": "1", "outcome": "not_yet", "reasons": ["attendance"]}
    assert client.post(page("recommend", enrolment), sent).status_code == 409


def test_what_the_aim_project_asked_stands_above_the_outcome(course: Course, trainer: Person) -> None:
    enrolment = factories.recommended(course)
    actions.begin_round(enrolment=enrolment, because="WHY-SO-KIND", by=factories.admin())
    client = signed_in(trainer)
    for name in ("mark", "recommend", "feedback"):
        assert "WHY-SO-KIND" in client.get(page(name, enrolment)).content.decode()
