"""What each reason for *not yet competent* asks for, what it rests on, and who reads that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from assessments.marking import actions
from assessments.marking.grounds import grounds_of
from assessments.marking.marking_list import Turn, marking_list_of
from assessments.marking.readiness import Step, assessed, missing_to_finalise
from assessments.models import Disagreement, Recommendation
from assessments.states import Judged, NotAssessed, Outcome, Reason
from certification.actions import open_follow_up, read_feedback
from courses.models import Course, Enrolment
from tests import factories
from tests.pages import flat

pytestmark = pytest.mark.django_db
SAID = {
    "interest_observed": "OBSERVED",
    "interest_own_account": "OWN-ACCOUNT",
    "experience_shown": "SHOWN",
    "experience_needed": "NEEDED",
    "understanding_words": "SENTENCE",
}


def marked(course: Course, judged: str = Judged.NOT_MET) -> Enrolment:
    enrolment = factories.enrolment(course, attended=True)
    factories.marking(factories.submission(enrolment), judged=judged)
    return enrolment


def not_yet(enrolment: Enrolment, by: Person, *reasons: str, **said: Any) -> Recommendation:
    return actions.recommend(enrolment=enrolment, outcome=Outcome.NOT_YET, reasons=reasons, by=by, **said)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def steps(enrolment: Enrolment) -> list[Step]:
    latest = enrolment.recommendations.order_by("-round").first()
    found = assessed(Enrolment.objects.all()).get(pk=enrolment.pk)
    return [one.step for one in missing_to_finalise(found, latest)]


@pytest.mark.parametrize("said", [{}, {"experience_shown": "x"}, {"experience_needed": "x"}])
def test_experience_asks_what_shows_it_and_what_is_needed(
    course: Course, trainer: Person, said: dict[str, str]
) -> None:
    enrolment = marked(course)
    with pytest.raises(actions.OutcomeNotPossible) as refused:
        not_yet(enrolment, trainer, Reason.EXPERIENCE, **said)
    assert refused.value.field == "experience_shown"
    url = reverse("assessments:recommend", args=[course.uuid, enrolment.uuid])
    sent = {"revision": "0", "outcome": "not_yet", "reasons": ["experience"], **said}
    assert signed_in(trainer).post(url, sent).status_code == 422
    assert not Recommendation.objects.exists()


def test_experience_without_its_evidence_is_not_finalised(course: Course, trainer: Person) -> None:
    """An outcome that was begun before it was asked for."""
    enrolment = marked(course)
    made = not_yet(enrolment, trainer, Reason.UNDERSTANDING)
    Recommendation.objects.filter(pk=made.pk).update(reasons=[Reason.EXPERIENCE])
    assert steps(enrolment) == [Step.OUTCOME, Step.CONVERSATION, Step.FEEDBACK]


def test_what_belongs_to_no_reason_is_left_out(course: Course, trainer: Person) -> None:
    enrolment = marked(course)
    made = not_yet(enrolment, trainer, Reason.EXPERIENCE, **SAID)
    assert {name for name in SAID if getattr(made, name)} == {"experience_shown", "experience_needed"}
    made = not_yet(enrolment, trainer, Reason.UNDERSTANDING, **SAID)
    assert {name for name in SAID if getattr(made, name)} == {"understanding_words"}


@pytest.mark.parametrize("name", ["experience_shown", "experience_needed", "understanding_words"])
def test_the_database_refuses_evidence_without_its_reason(course: Course, name: str) -> None:
    with pytest.raises(IntegrityError, match="evidence_fits"), transaction.atomic():
        factories.recommendation(
            factories.enrolment(course),
            outcome=Outcome.NOT_YET,
            finalised=False,
            **{"reasons": [Reason.INTEREST], name: "x"},
        )


def test_trainers_read_the_criteria_and_the_person_which_questions(course: Course, trainer: Person) -> None:
    enrolment = marked(course)
    enrolment.register_entries.filter(session__number=2).update(
        presence="left_early", minutes_missed=90, judgement="make_up"
    )
    made = not_yet(enrolment, trainer, *Reason.values, **SAID)
    criterion = course.pin.version.questions.get(number=1).criteria.get(is_essential=True)
    by_reason = {one.reason: one for one in grounds_of(made, to_trainers=True)}
    assert len(by_reason) == 4
    understanding = by_reason["Understanding of the model"]
    assert criterion.text in understanding.facts[0]
    assert understanding.said == [("In the trainer’s words", "SENTENCE")]
    (missed,) = by_reason["Full attendance"].facts
    assert missed.startswith("Session 2,")
    assert "90 minutes missed" in missed
    theirs = {one.reason: one for one in grounds_of(made, to_trainers=False)}
    facts = theirs["Understanding of the model"].facts
    assert "1 essential point not shown" in facts[0]
    assert criterion.text not in " ".join(facts)


def test_the_person_reads_theirs_and_their_sponsor_only_which_reasons(course: Course) -> None:
    enrolment = factories.enrolment(course, attended=True)
    marking = factories.marking(factories.submission(enrolment), judged=Judged.NOT_MET, finalised=True)
    made = factories.recommendation(
        enrolment, outcome=Outcome.NOT_YET, marking=marking, reasons=Reason.values, **SAID
    )
    follow_up = read_feedback(
        follow_up=open_follow_up(recommendation=made, by=made.recommended_by), by=enrolment.person
    )
    theirs = reverse("certification:my_feedback", args=[enrolment.uuid])
    html = signed_in(enrolment.person).get(theirs).content.decode()
    assert all(words in html for words in SAID.values())
    follow_up.released_at = timezone.now()
    follow_up.save()
    commissioner = signed_in(factories.commissioner(course.organisation))
    told = commissioner.get(reverse("certification:follow_up", args=[follow_up.uuid])).content.decode()
    assert "TOLD-COMMISSIONER" in told
    assert "Experience" in told
    assert not any(words in told for words in SAID.values())


def test_pages_take_the_same_statements_for_one_criterion_and_many(
    trainer: Person, course: Course, django_assert_num_queries: Any
) -> None:
    for questions in (1, 9):
        programme = factories.ProgrammeFactory.create()
        factories.version(programme, questions=questions)
        many = factories.course(programme=programme)
        made = not_yet(marked(many), factories.trainer_of(many), Reason.UNDERSTANDING, Reason.ATTENDANCE)
        with django_assert_num_queries(2):
            grounds_of(made, to_trainers=True)


# --- Saved and not submitted ------------------------------------------------------------------------


def test_somebody_who_can_still_submit_is_waited_for(course: Course, trainer: Person) -> None:
    enrolment = factories.enrolment(course, attended=True)
    factories.submission(enrolment, submitted=False, answers=["Saved.", ""])
    sitting = factories.sitting(course, closed=True)
    (row,) = marking_list_of(course, sitting, reader=trainer, acts=True).rows
    assert (row.turn, row.next_url) == (Turn.NOT_SUBMITTED, "")
    assert row.next == "Waits: they saved answers and can still submit"
    about = {"enrolment": enrolment, "outcome": Outcome.NOT_ASSESSED, "by": trainer}
    with pytest.raises(actions.OutcomeNotPossible, match="can still submit"):
        actions.recommend(not_assessed_because=NotAssessed.NOTHING_SUBMITTED, **about)
    url = reverse("assessments:recommend", args=[course.uuid, enrolment.uuid])
    sent = {"revision": "0", "outcome": "not_assessed", "not_assessed_because": "nothing_submitted"}
    refused = signed_in(trainer).post(url, sent)
    assert refused.status_code == 422
    assert "can still submit" in refused.content.decode()
    # A day after the last session nothing of theirs can still be on its way.
    for session in course.sessions.all():
        session.starts_at -= timedelta(days=2)
        session.ends_at -= timedelta(days=2)
        session.save()
    (row,) = marking_list_of(course, sitting, reader=trainer, acts=True).rows
    assert row.next == "Say why not assessed"
    actions.recommend(not_assessed_because=NotAssessed.NOTHING_SUBMITTED, **about)


def test_what_was_saved_after_it_was_recommended_holds_it_up(course: Course, trainer: Person) -> None:
    enrolment = factories.enrolment(course)
    made = factories.recommendation(enrolment, outcome=Outcome.NOT_ASSESSED, finalised=False)
    assert steps(enrolment) == []
    factories.submission(enrolment, submitted=False, answers=["Saved.", ""])
    assert steps(enrolment) == [Step.OUTCOME]
    with pytest.raises(actions.NotReadyToFinalise, match="can still submit"):
        actions.close_marking(recommendation=made, by=trainer)
    Enrolment.objects.filter(pk=enrolment.pk).update(withdrawn_at=timezone.now(), withdrawn_by=trainer)
    assert steps(enrolment) == []


# --- Who disagrees ----------------------------------------------------------------------------------


def test_who_disagrees_reads_that_they_do(course: Course, trainer: Person) -> None:
    enrolment = marked(course, Judged.MET)
    made = actions.recommend(enrolment=enrolment, outcome=Outcome.COMPETENT, by=trainer)
    other = course.associates.order_by("pk").last().associate  # type: ignore[union-attr]
    Disagreement.objects.create(recommendation=made, reason="I see it otherwise.", disagreed_by=other)
    at = [course.uuid, enrolment.uuid]
    pages = [reverse(f"assessments:{name}", args=at) for name in ("disagree", "feedback")]
    for url in (*pages, reverse("certification:finalise", args=at)):
        theirs = flat(signed_in(other).get(url).content.decode())
        others = flat(signed_in(trainer).get(url).content.decode())
        assert "You disagree. This outcome cannot" in theirs
        assert "A co-trainer disagrees" not in theirs
        assert "A co-trainer disagrees. This outcome cannot" in others
