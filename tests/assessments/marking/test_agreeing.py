"""Taking what the marks suggest in one press: what it says, what it refuses, and that it does it once."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from aimcert.foundation.stale_forms import ChangedMeanwhile
from assessments.marking import actions
from assessments.marking.readiness import assessment_of, marking_revision_of
from assessments.models import CriterionMark, Recommendation
from assessments.states import Judged, Outcome, Reason
from courses.models import Course, Enrolment
from tests import factories
from tests.pages import flat
from tests.sessions import at_once

pytestmark = pytest.mark.django_db


def marked(course: Course, judged: str = Judged.MET, *, attended: bool = True) -> Enrolment:
    enrolment = factories.enrolment(course, attended=attended)
    factories.marking(factories.submission(enrolment), judged=judged)
    return enrolment


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(name: str, enrolment: Enrolment) -> str:
    return reverse(f"assessments:{name}", args=[enrolment.course.uuid, enrolment.uuid])


def shown(html: str) -> dict[str, str]:
    """What the form of one press carries, as a browser would send it."""
    form = html.split('/agree/"')[1].split("</form>")[0]
    sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    return sent | ({"attendance": "on"} if 'type="checkbox"' in form else {})


def agreed(enrolment: Enrolment, by: Person, **fields: Any) -> Recommendation:
    """What pressing the button does, on a page that was opened just now."""
    seen = marking_revision_of(assessment_of(enrolment).marking_id)
    said = {"suggested": Outcome.COMPETENT, "base_revision": 0, "seen_marking_revision": seen}
    return actions.take_suggested(enrolment=enrolment, by=by, **{**said, **fields})


def judge(enrolment: Enrolment, judged: str, by: Person, *, essential: bool = True) -> None:
    """Judge all of somebody's criteria anew, or those that are not essential."""
    marks = CriterionMark.objects.select_related("criterion__question")
    if not essential:
        marks = marks.filter(criterion__is_essential=False)
    changed = [actions.Mark(actions.name_of(one.criterion), judged, base=1) for one in marks]
    actions.mark(enrolment=enrolment, marks=changed, by=by)


def test_competent_takes_one_press(course: Course, trainer: Person) -> None:
    enrolment, client = marked(course), signed_in(trainer)
    html = client.get(page("recommend", enrolment)).content.decode()
    assert "All 2 essential criteria are met." in flat(html)
    sent = shown(html)
    response = client.post(page("agree", enrolment), sent)
    assert response["Location"] == reverse("certification:finalise", args=[course.uuid, enrolment.uuid])
    made = enrolment.recommendations.get()
    assert (made.outcome, made.revision, made.recommended_by) == (Outcome.COMPETENT, 1, trainer)
    # Pressed once more, on the page that is still open.
    assert client.post(page("agree", enrolment), sent).status_code == 302
    assert enrolment.recommendations.get().revision == 1
    assert "/agree/" not in client.get(page("recommend", enrolment)).content.decode()


def test_not_yet_takes_one_press_with_what_it_rests_on(course: Course, trainer: Person) -> None:
    enrolment, client = marked(course, Judged.NOT_MET), signed_in(trainer)
    html = client.get(page("recommend", enrolment)).content.decode()
    assert "2 essential criteria of 2 are not met." in flat(html)
    essential = course.pin.version.questions.get(number=1).criteria.get(is_essential=True)
    assert essential.text in html
    assert 'type="checkbox" name="attendance"' not in flat(html)
    response = client.post(page("agree", enrolment), shown(html))
    assert response["Location"] == page("conversation", enrolment)
    made = enrolment.recommendations.get()
    assert (made.outcome, made.reasons) == (Outcome.NOT_YET, [Reason.UNDERSTANDING])
    assert essential.text in client.get(response["Location"]).content.decode()


def test_attendance_that_is_not_full_is_offered_ticked_with_the_register(
    course: Course, trainer: Person
) -> None:
    enrolment, client = marked(course, Judged.NOT_MET), signed_in(trainer)
    enrolment.register_entries.filter(session__number=1).update(presence="absent")
    html = flat(client.get(page("recommend", enrolment)).content.decode())
    assert "Session 1," in html
    assert ": Absent" in html
    assert "Session 2," not in html
    client.post(page("agree", enrolment), shown(html))
    assert enrolment.recommendations.get().reasons == [Reason.ATTENDANCE, Reason.UNDERSTANDING]


def test_attendance_is_no_reason_where_it_is_full(course: Course, trainer: Person) -> None:
    made = agreed(marked(course, Judged.NOT_MET), trainer, suggested=Outcome.NOT_YET, attendance=True)
    assert made.reasons == [Reason.UNDERSTANDING]


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"suggested": "not_yet"}, "suggest another outcome"),
        ({"marking_revision": "99"}, "marks were changed"),
        ({"revision": "9"}, "finalised since"),
        ({"suggested": "splendid"}, "not sent whole"),
        ({"revision": ""}, "not sent whole"),
    ],
)
def test_what_changed_meanwhile_is_refused_on_the_page(
    course: Course, trainer: Person, sent: dict[str, str], says: str
) -> None:
    enrolment, client = marked(course), signed_in(trainer)
    carried = shown(client.get(page("recommend", enrolment)).content.decode())
    refused = client.post(page("agree", enrolment), carried | sent)
    assert refused.status_code == 409
    assert says in flat(refused.content.decode())
    assert not Recommendation.objects.exists()
    # What it shows now can be taken.
    assert client.post(page("agree", enrolment), shown(refused.content.decode())).status_code == 302


def test_marks_that_changed_after_the_page_was_opened_are_not_agreed_to(
    course: Course, trainer: Person
) -> None:
    enrolment = marked(course)
    seen = marking_revision_of(assessment_of(enrolment).marking_id)
    judge(enrolment, Judged.NOT_MET, trainer, essential=False)
    with pytest.raises(ChangedMeanwhile):
        agreed(enrolment, trainer, seen_marking_revision=seen)
    assert agreed(enrolment, trainer).outcome == Outcome.COMPETENT


def test_reasons_that_were_given_stay(course: Course, trainer: Person) -> None:
    enrolment = marked(course)
    before = actions.recommend(
        enrolment=enrolment,
        outcome=Outcome.NOT_YET,
        reasons=[Reason.EXPERIENCE],
        experience_shown="New to it.",
        experience_needed="One case.",
        override_reason="Said so.",
        by=trainer,
    )
    judge(enrolment, Judged.NOT_MET, trainer)
    made = agreed(enrolment, trainer, suggested=Outcome.NOT_YET, base_revision=before.revision)
    assert made.reasons == [Reason.EXPERIENCE, Reason.UNDERSTANDING]
    assert (made.experience_shown, made.experience_needed) == ("New to it.", "One case.")


def test_nothing_is_offered_before_every_criterion_is_marked(course: Course, trainer: Person) -> None:
    enrolment = factories.enrolment(course, attended=True)
    factories.submission(enrolment)
    client = signed_in(trainer)
    for _step in range(2):
        assert "/agree/" not in client.get(page("recommend", enrolment)).content.decode()
        actions.mark(enrolment=enrolment, marks=[actions.Mark("1_1", Judged.MET)], by=trainer)
    with pytest.raises(ChangedMeanwhile):
        agreed(enrolment, trainer)


def test_what_the_aim_project_refused_is_not_suggested_again(course: Course, trainer: Person) -> None:
    enrolment = factories.recommended(course)
    actions.begin_round(
        enrolment=enrolment, because="Not shown.", outcome=Outcome.NOT_YET, by=factories.admin()
    )
    assert "/agree/" not in signed_in(trainer).get(page("recommend", enrolment)).content.decode()


def test_a_co_trainer_does_not_agree_for_another(course: Course, trainer: Person) -> None:
    enrolment = marked(course)
    agreed(enrolment, trainer)
    other = course.associates.order_by("pk").last().associate  # type: ignore[union-attr]
    with pytest.raises(actions.RecommendedBySomebodyElse):
        agreed(enrolment, other, base_revision=1, suggested=Outcome.COMPETENT)


def test_the_rule_against_the_marks_is_said_before_one_chooses(course: Course, trainer: Person) -> None:
    html = flat(signed_in(trainer).get(page("recommend", marked(course, Judged.NOT_MET))).content.decode())
    assert html.index("needs your reason and a second marker") < html.index('name="outcome"')
    assert "Conduct is never a reason." in html


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_are_one(course: Course, trainer: Person) -> None:
    enrolment = marked(course)
    seen = marking_revision_of(assessment_of(enrolment).marking_id)
    sent = {"suggested": "competent", "revision": "0", "marking_revision": str(seen)}
    clients = [signed_in(trainer), signed_in(trainer)]
    answers = at_once(*(partial(one.post, page("agree", enrolment), sent) for one in clients))
    assert [one.status_code for one in answers] == [302, 302]
    assert enrolment.recommendations.get().revision == 1
