"""The pages of second marking: blind, saved by itself, finished, settled by two sides in two sessions."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from assessments.answering.models import Adjustment
from assessments.marking import actions
from assessments.models import CriterionMark, KeptMark, Marking, SecondMarker, Settlement
from assessments.states import Adjusted, Judged, MarkingRole, Outcome
from certification.actions import approve
from courses.models import Course, Enrolment
from tests import factories
from tests.assessments.marking import second
from tests.assessments.marking.scripts import page, signed_in, typed
from tests.pages import fields_in, words_in
from tests.statements import statements

pytestmark = pytest.mark.django_db

ORAL = {"oral_question": "ASKED-ALOUD", "oral_answer": "ANSWERED-ALOUD", "settled": Judged.MET}


def at(name: str, script: SecondMarker, *more: Any) -> str:
    return reverse(f"assessments:{name}", args=[script.uuid, *more])


def judge(client: Client, script: SecondMarker, name: str = "1_1", **sent: Any) -> Any:
    question, criterion = name.split("_")
    values = {"judged": "met", "note": "", "base": 0} | sent
    fields = {f"{key}_{name}": value for key, value in values.items()}
    url = at("second_judge", script, question, criterion)
    return client.post(url, {"device": uuid4(), "sequence": 1, **fields})


@pytest.fixture
def enrolment(course: Course) -> Enrolment:
    return second.first_marked(course)


# --- Blind ----------------------------------------------------------------------------------------------


def test_no_response_to_a_second_marker_tells_whose_it_is_or_how_it_was_marked(
    course: Course, trainer: Person
) -> None:
    """Everything that points to one person, and every first mark, planted; what was said aloud is there."""
    enrolment = second.first_marked(course, judged=Judged.NOT_MET, name="PLANTED-NAME")
    enrolment.certificate_name = "PLANTED-CERTIFICATE-NAME"
    enrolment.save()
    enrolment.person.email = "planted-address@people.example"
    enrolment.person.save()
    Adjustment.objects.create(
        enrolment=enrolment, kind=Adjusted.SCRIBE, details="PLANTED-ADJUSTMENT", granted_by=trainer
    )
    aloud = actions.Mark("1_1", Judged.PARTLY_MET, note="PLANTED-FIRST-NOTE", base=1, **ORAL)
    actions.mark(enrolment=enrolment, marks=[aloud], by=trainer)
    second.recommended(enrolment, internal_note="PLANTED-INTERNAL", told_participant="PLANTED-FEEDBACK")
    submission = enrolment.submissions.get()
    script = second.asked(enrolment)
    client = signed_in(script.marker)
    bodies = [
        client.get(reverse("home")).text,
        client.get(reverse("assessments:second_scripts")).text,
        client.get(at("second_mark", script)).text,
        client.get(at("second_hand_back", script)).text,
        client.get(at("second_settle", script)).text,
        judge(client, script).text,
        judge(client, script, judged="not_met").text,
        judge(client, script, judged="nonsense").text,
        client.post(at("second_mark", script), typed("met", base=9)).text,
        client.post(at("second_mark", script), typed("nonsense")).text,
        client.post(at("second_mark", script), {"then": "finish"}, follow=True).text,
        client.get(f"{at('second_mark', script)}?x=1", headers={"Accept": "application/json"}).text,
    ]
    cues = [
        "PLANTED", "planted", course.title, "Ada Quill", "Ben Rook",
        *map(str, (enrolment.uuid, enrolment.person.uuid, submission.uuid, course.uuid)),
        str(enrolment.sponsor_organisation),
    ]  # fmt: skip
    assert [(cue, body[:80]) for body in bodies for cue in cues if cue in body] == []
    assert "ASKED-ALOUD" in bodies[2]
    assert "ANSWERED-ALOUD" in bodies[2]
    assert "spelt or worded is not marked" in bodies[2]
    # What a trainer of the course reads has the cues: the test would see them.
    assert "PLANTED-FIRST-NOTE" in signed_in(trainer).get(page("mark", enrolment)).text


def test_settling_is_blind_too_and_shows_both_marks(enrolment: Enrolment, course: Course) -> None:
    script = second.finished(enrolment, c1_1=Judged.NOT_MET)
    body = signed_in(script.marker).get(at("second_settle", script)).text
    assert "Zoë" not in body
    assert course.title not in body
    assert str(enrolment.uuid) not in body
    assert "Where the two differ" in body


# --- Marking --------------------------------------------------------------------------------------------


def test_second_judgement_is_saved_and_said_back_in_few_statements(enrolment: Enrolment) -> None:
    script = second.asked(enrolment)
    client = signed_in(script.marker)
    reply = judge(client, script, note="Seen.")
    assert (reply.status_code, reply.json()["state"], reply.json()["base"]) == (200, "saved", 1)
    again = statements(lambda: judge(client, script, judged="not_met", base=1))
    assert len(again) <= 5
    assert Marking.objects.get(role=MarkingRole.SECOND).marks.get().judged == Judged.NOT_MET


def test_stale_second_judgement_gets_both_and_loses_neither(enrolment: Enrolment) -> None:
    script = second.asked(enrolment)
    client = signed_in(script.marker)
    judge(client, script, note="FIRST-TAB")
    reply = judge(client, script, judged="not_met", note="SECOND-TAB")
    assert (reply.status_code, reply.json()["state"]) == (409, "clash")
    assert CriterionMark.objects.get(marking__role=MarkingRole.SECOND).note == "FIRST-TAB"
    assert KeptMark.objects.get(why="conflict").note == "SECOND-TAB"


def test_script_is_marked_and_finished_without_a_script_of_the_browser(enrolment: Enrolment) -> None:
    script = second.asked(enrolment)
    client = signed_in(script.marker)
    fields = fields_in(client.get(at("second_mark", script)).text)
    some = {**fields, "judged_1_1": "met", "then": "finish"}
    left = client.post(at("second_mark", script), some, follow=True)
    assert "Judge every criterion first" in words_in(left.text)
    sent = {**fields_in(left.text), **{f"judged_{name}": "met" for name in second.NAMES}, "then": "finish"}
    done = client.post(at("second_mark", script), sent, follow=True)
    assert "judged everything alike" in words_in(done.text)
    assert Settlement.objects.exists()
    pressed_again = client.post(at("second_mark", script), sent)
    assert pressed_again.status_code == 409


def test_what_is_typed_while_signed_out_is_carried_through_signing_in(enrolment: Enrolment) -> None:
    script = second.asked(enrolment)
    sent = {"note_1_1": "WHAT-I-WROTE", "judged_1_1": "met"}
    body = Client().post(at("second_mark", script), sent).text
    assert "WHAT-I-WROTE" in body
    for name in ("mark", "mark_answer"):
        args = [enrolment.course.uuid, enrolment.uuid] if name == "mark" else [enrolment.course.uuid, 1, "x"]
        assert "WHAT-I-WROTE" in Client().post(reverse(f"assessments:{name}", args=args), sent).text


def test_handed_back_is_not_there_any_more_and_pressing_again_leads_to_the_list(enrolment: Enrolment) -> None:
    script = second.asked(enrolment)
    client = signed_in(script.marker)
    sent = {"because": "I know the writing."}
    assert client.post(at("second_hand_back", script), sent).status_code == 302
    assert client.post(at("second_hand_back", script), sent).status_code == 302
    assert client.get(at("second_mark", script)).status_code == 404
    assert "Nothing waits for you" in client.get(reverse("assessments:second_scripts")).text


def test_list_takes_the_same_statements_for_one_and_for_many(course: Course) -> None:
    marker = second.second_marker(course)
    client = signed_in(marker)
    second.asked(second.first_marked(course), marker)
    url = reverse("assessments:second_scripts")
    one = len(statements(lambda: client.get(url)))
    for _ in range(5):
        second.asked(second.first_marked(course), marker)
    assert len(statements(lambda: client.get(url))) == one


# --- Settling -------------------------------------------------------------------------------------------


def test_two_sides_settle_in_two_sessions(enrolment: Enrolment, trainer: Person) -> None:
    """Page, refusal, page, second press: nobody agrees with what they did not read."""
    second.recommended(enrolment)
    script = second.finished(enrolment, c1_1=Judged.NOT_MET, c2_2=Judged.PARTLY_MET)
    hers, theirs = signed_in(trainer), signed_in(script.marker)
    url, other = page("settle", enrolment), at("second_settle", script)
    assert "Settle 1 second marking" in hers.get(reverse("home")).text
    before = fields_in(theirs.get(other).text)
    sent = {"judged_1_1": "met", "judged_2_2": "partly_met", "seen": "", "then": "propose"}
    assert hers.post(url, sent).status_code == 302
    # The second marker's page is from before: what they chose comes back beside what stands.
    stale = theirs.post(
        other, {**before, "judged_1_1": "not_met", "judged_2_2": "not_met", "supports_override": "no",
                "then": "propose"}
    )  # fmt: skip
    assert stale.status_code == 409
    assert "Another proposal was made" in words_in(stale.text)
    assert fields_in(stale.text)["judged_2_2"] == "not_met"
    proposal = fields_in(stale.text)["proposal"]
    assert hers.post(url, {"proposal": proposal, "then": "agree"}).status_code == 409
    agree = {"proposal": proposal, "then": "agree"}
    done = theirs.post(other, agree, follow=True)
    assert "Both sides agreed" in words_in(done.text)
    assert theirs.post(other, agree).status_code == 302
    late = hers.post(url, {"text": "WHAT-SHE-WROTE", "then": "say"})
    assert late.status_code == 409
    assert "WHAT-SHE-WROTE" in late.text
    assert Settlement.objects.count() == 1
    assert "Settle 1 second marking" not in hers.get(reverse("home")).text


def test_admin_settles_and_does_not_approve_it_then(enrolment: Enrolment, trainer: Person) -> None:
    latest = second.recommended(enrolment)
    second.finished(enrolment, c2_2=Judged.NOT_MET)
    admin, free = factories.admin(), factories.admin()
    client, url = signed_in(admin), page("settle", enrolment)
    assert "Settle it for The AIM Project" in client.get(url).text
    missing = client.post(url, {"judged_2_2": "met", "reason": "", "seen": "", "then": "settle"})
    assert missing.status_code == 422
    sent = {"judged_2_2": "met", "reason": "The second paragraph says it.", "seen": "", "then": "settle"}
    assert client.post(url, sent).status_code == 302
    assert client.post(url, sent).status_code == 302
    read = signed_in(trainer).get(url).text
    assert "The second paragraph says it." in read
    latest.refresh_from_db()
    actions.close_marking(recommendation=latest, by=trainer)
    with pytest.raises(Exception, match="Somebody else decides"):
        approve(enrolment=enrolment, by=admin)
    assert approve(enrolment=enrolment, by=free)


def test_page_says_why_and_what_is_waited_for(enrolment: Enrolment, trainer: Person, other: Person) -> None:
    latest = second.recommended(enrolment)
    client, url = signed_in(trainer), page("settle", enrolment)
    assert "need no second marking" in words_in(client.get(url).text)
    actions.disagree(recommendation=latest, reason="Otherwise.", by=other)
    assert "Nobody was asked yet" in words_in(client.get(url).text)
    second.asked(enrolment)
    assert "A second marker was asked on" in words_in(client.get(url).text)


# --- The sample, the numbers, who is asked ---------------------------------------------------------------


def test_seed_is_shown_when_drawn_and_its_hash_before(course: Course, trainer: Person) -> None:
    second.sampled(course)
    second.first_marked(course)
    url, client = reverse("assessments:sample", args=[course.uuid]), signed_in(trainer)
    seed = course.sample_seeds.get()
    before = client.get(url).text
    assert seed.seed_sha256 in before
    assert seed.seed not in before
    assert client.post(url).status_code == 302
    after = client.get(url).text
    assert seed.seed in after
    assert "Zoë O’Neill" in after
    assert client.post(url).status_code == 409


def test_admin_is_told_asks_and_takes_back(course: Course, trainer: Person, other: Person) -> None:
    enrolment = second.first_marked(course)
    latest = second.recommended(enrolment)
    actions.disagree(recommendation=latest, reason="Otherwise.", by=other)
    cleo, admin = second.second_marker(course), factories.admin()
    client, url = signed_in(admin), reverse("certification:second_markers", args=[course.uuid])
    assert "Ask a second marker for 1 script" in client.get(reverse("home")).text
    form = client.get(url).text
    assert "Ben Rook" not in form
    sent = {"people": [str(enrolment.uuid)], "associate": str(cleo.uuid)}
    assert client.post(url, sent).status_code == 302
    assert client.post(url, sent).status_code == 422
    script = SecondMarker.objects.get()
    assert "second time" in signed_in(cleo).get(reverse("home")).text
    assert "Ask a second marker" not in client.get(reverse("home")).text
    back = reverse("certification:take_back", args=[course.uuid, script.uuid])
    assert client.post(back, {"because": "She is ill."}).status_code == 302
    assert client.post(back, {"because": "She is ill."}).status_code == 302
    assert "Ask a second marker for 1 script" in client.get(reverse("home")).text


def test_sampled_outcome_waits_for_its_second_marking_and_the_others_do_not(
    course: Course, trainer: Person
) -> None:
    second.sampled(course, at_least=1, percent=0)
    people = [second.first_marked(course, name=f"Person {number}") for number in range(3)]
    factories.over(course)
    for one in people:
        actions.close_marking(recommendation=second.recommended(one), by=trainer)
    admin = factories.admin()
    sampled = [one for one in people if one.submissions.get().draws.filter(is_in_sample=True).exists()]
    assert len(sampled) == 1
    for one in people:
        if one not in sampled:
            assert approve(enrolment=one, by=admin)
    with pytest.raises(Exception, match="drawn in the sample"):
        approve(enrolment=sampled[0], by=admin)
    second.finished(sampled[0])
    assert approve(enrolment=sampled[0], by=admin)
    assert sampled[0].recommendations.get().outcome == Outcome.COMPETENT


def test_numbers_page_tells_what_a_sample_can_and_cannot_find(course: Course) -> None:
    second.numbers(course, at_least=3, percent=10, first_courses=2)
    url = reverse("assessments:second_numbers", args=[course.programme.code])
    text = words_in(signed_in(factories.admin()).get(url).text)
    # 29 of many show a fault that a tenth has with a chance of 95 per cent, 3 with 27.
    assert "95 %" in text
    assert "27 %" in text
    assert "does not show that there is none" in text
