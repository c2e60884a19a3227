"""A conversation that could not be held: why, who holds it by when, and what that lets be finalised."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.stale_forms import ChangedMeanwhile
from assessments import locks
from assessments.marking import actions
from assessments.marking.readiness import Step, assessed, missing_to_finalise
from assessments.models import Recommendation
from assessments.states import Judged, NotAssessed, Outcome, Reason
from courses.models import Course, Enrolment
from tests import factories
from tests.pages import flat

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_one(course: Course, trainer: Person) -> Recommendation:
    enrolment = factories.enrolment(course, attended=True)
    factories.marking(factories.submission(enrolment), judged=Judged.NOT_MET)
    return actions.recommend(
        enrolment=enrolment, outcome=Outcome.NOT_YET, reasons=[Reason.UNDERSTANDING], by=trainer
    )


def steps(enrolment: Enrolment) -> list[Step]:
    latest = enrolment.recommendations.order_by("-round").first()
    found = assessed(Enrolment.objects.all()).get(pk=enrolment.pk)
    return [one.step for one in missing_to_finalise(found, latest)]


def put_off(recommendation: Recommendation, by: Person, **fields: Any) -> Recommendation:
    said = {"because": "ill", "due_on": timezone.localdate() + timedelta(days=3), "holder": by}
    return actions.put_off_conversation(recommendation=recommendation, by=by, **{**said, **fields})


def test_a_reason_a_holder_and_a_day_take_the_place_of_the_conversation(
    open_one: Recommendation, trainer: Person
) -> None:
    assert steps(open_one.enrolment) == [Step.CONVERSATION, Step.FEEDBACK]
    made = put_off(open_one, trainer, holder=None)
    assert (made.no_conversation_because, made.conversation_holder) == ("ill", None)
    assert steps(open_one.enrolment) == [Step.FEEDBACK]
    assert put_off(open_one, trainer, holder=None).revision == made.revision


def test_a_conversation_that_is_held_after_all_takes_its_place(
    open_one: Recommendation, trainer: Person
) -> None:
    put_off(open_one, trainer, because="other", words="WHY-NOBODY-SPOKE")
    held = actions.record_conversation(
        recommendation=open_one, held_on=timezone.now(), words="We spoke.", by=trainer
    )
    assert (held.no_conversation_because, held.no_conversation_words, held.conversation_due_on) == (
        "",
        "",
        None,
    )
    again = put_off(open_one, trainer)
    assert (again.conversation, again.conversation_on, again.conversation_by) == ("", None, None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"because": "weather"}, "because"),
        ({"because": "other", "words": " "}, "words"),
        ({"days": -1}, "due_on"),
        ({"days": 30}, "due_on"),
        ({"holder": "stranger"}, "holder"),
    ],
)
def test_what_cannot_be_is_refused(
    open_one: Recommendation, trainer: Person, wrong: dict[str, Any], field: str
) -> None:
    if "days" in wrong:
        wrong = {"due_on": timezone.localdate() + timedelta(days=wrong["days"])}
    if "holder" in wrong:
        wrong = {"holder": factories.associate(open_one.enrolment.course.programme)}
    with pytest.raises(actions.ConversationNotPossible) as refused:
        put_off(open_one, trainer, **wrong)
    assert refused.value.field == field
    open_one.refresh_from_db()
    assert open_one.conversation_due_on is None


def test_the_last_day_is_a_setting(open_one: Recommendation, trainer: Person, settings: Any) -> None:
    last = actions.last_day_to_speak(open_one.enrolment.course.zone)
    assert put_off(open_one, trainer, due_on=last).conversation_due_on == last
    settings.AIM = {**settings.AIM, "CONVERSATION_WORKING_DAYS": 2}
    with pytest.raises(actions.ConversationNotPossible):
        put_off(open_one, trainer, due_on=last)


def test_only_not_yet_is_put_off_and_another_outcome_drops_it(
    open_one: Recommendation, trainer: Person
) -> None:
    put_off(open_one, trainer)
    changed = actions.recommend(
        enrolment=open_one.enrolment,
        outcome=Outcome.NOT_ASSESSED,
        not_assessed_because=NotAssessed.LEFT,
        override_reason="They left.",
        by=trainer,
    )
    assert changed.conversation_due_on is None
    with pytest.raises(actions.NothingToSpeakAbout):
        put_off(changed, trainer)


def test_a_day_that_passed_before_it_was_finalised_is_said_anew(
    open_one: Recommendation, trainer: Person
) -> None:
    put_off(open_one, trainer)
    actions.write_feedback(
        recommendation=open_one, told_participant="To you.", told_commissioner="To them.", by=trainer
    )
    assert steps(open_one.enrolment) == []
    passed = timezone.localdate() - timedelta(days=1)
    Recommendation.objects.filter(pk=open_one.pk).update(conversation_due_on=passed)
    assert steps(open_one.enrolment) == [Step.CONVERSATION]
    with pytest.raises(actions.NotReadyToFinalise, match="has passed"):
        actions.close_marking(recommendation=open_one, by=trainer)


def test_an_older_tab_does_not_overwrite_it(open_one: Recommendation, trainer: Person) -> None:
    put_off(open_one, trainer, base_revision=1)
    with pytest.raises(ChangedMeanwhile):
        put_off(open_one, trainer, because="left", base_revision=1)


def test_only_trainers_of_the_course_put_it_off(open_one: Recommendation) -> None:
    for person in (factories.admin(), open_one.enrolment.person):
        with pytest.raises((locks.NotTheTrainer, locks.OwnWork)):
            put_off(open_one, person)


@pytest.mark.parametrize(
    "wrong",
    [
        {"conversation_due_on": None},
        {"no_conversation_because": ""},
        {"no_conversation_because": "weather"},
        {"no_conversation_words": ""},
    ],
)
def test_the_database_refuses_half_of_it(course: Course, wrong: dict[str, Any]) -> None:
    made = factories.enrolment(course)
    said = factories.put_off(course, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.recommendation(made, outcome=Outcome.NOT_YET, finalised=False, **said)
    nothing = dict.fromkeys(("conversation_on", "conversation_by")) | {"conversation": ""}
    with pytest.raises(IntegrityError, match="not_yet_spoken_about"), transaction.atomic():
        factories.recommendation(made, outcome=Outcome.NOT_YET, **nothing)


# --- The pages -------------------------------------------------------------------------------------


def page(name: str, recommendation: Recommendation, app: str = "assessments") -> str:
    enrolment = recommendation.enrolment
    return reverse(f"{app}:{name}", args=[enrolment.course.uuid, enrolment.uuid])


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_putting_off_on_its_page(open_one: Recommendation, trainer: Person) -> None:
    client, url = signed_in(trainer), page("no_conversation", open_one)
    assert url in client.get(page("conversation", open_one)).content.decode()
    typed = {
        "revision": "1",
        "because": "other",
        "words": "WHY-NOBODY-SPOKE",
        "holder": "aim",
        "due_on": str(timezone.localdate() + timedelta(days=60)),
    }
    refused = client.post(url, typed)
    assert refused.status_code == 422
    assert "WHY-NOBODY-SPOKE" in refused.content.decode()
    assert client.post(url, {**typed, "words": ""}).status_code == 422
    typed["due_on"] = str(timezone.localdate() + timedelta(days=1))
    for _press in range(2):
        assert client.post(url, typed)["Location"] == page("feedback", open_one)
    open_one.refresh_from_db()
    assert (open_one.revision, open_one.conversation_holder) == (2, None)
    html = flat(client.get(page("conversation", open_one)).content.decode())
    assert "Nobody has spoken to them yet. Why: WHY-NOBODY-SPOKE The AIM Project is to, by the end of" in html
    stale = client.post(url, {**typed, "words": "Others."})
    assert stale.status_code == 409
    assert "WHY-NOBODY-SPOKE" in stale.content.decode()


def test_the_guide_says_what_to_say_and_to_whom_it_goes(open_one: Recommendation, trainer: Person) -> None:
    html = flat(signed_in(trainer).get(page("conversation", open_one)).content.decode())
    sponsor = open_one.enrolment.sponsor_organisation
    assert sponsor is not None
    for words in ("Say it", "Listen", "What would help next", "Who is told what", "How they are"):
        assert f"<h2>{words}</h2>" in html
    assert f"{sponsor.name} is told the outcome" in html
    essential = open_one.enrolment.course.pin.version.questions.get(number=1).criteria.get(is_essential=True)
    assert essential.text in html


def test_competent_has_no_conversation(course: Course, trainer: Person) -> None:
    enrolment = factories.enrolment(course, attended=True)
    factories.marking(factories.submission(enrolment))
    made = actions.recommend(enrolment=enrolment, outcome=Outcome.COMPETENT, by=trainer)
    client = signed_in(trainer)
    for name in ("conversation", "no_conversation"):
        refused = client.get(page(name, made))
        assert refused.status_code == 409
        assert "<form method" not in refused.content.decode().split("<main")[1]
    with pytest.raises(actions.NothingToSpeakAbout):
        actions.record_conversation(recommendation=made, held_on=timezone.now(), words="x", by=trainer)
    assert page("conversation", made) not in client.get(page("recommend", made)).content.decode()
