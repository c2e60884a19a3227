"""The marker's pages: the list, one script after the other, the outcome and what goes with it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from assessments.answering.actions import begin_transcription
from assessments.marking import actions
from assessments.marking.marking_list import marking_list_of
from assessments.models import CriterionMark, Disagreement, KeptMark, Marking, Recommendation
from assessments.states import Judged, Outcome
from courses.models import Course, Enrolment
from tests import factories
from tests.pages import fields_in, flat
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    programme = factories.ProgrammeFactory.create()
    trainers = [
        factories.associate(programme, name="Ada Quill"),
        factories.associate(programme, name="Ben Rook"),
    ]
    return factories.course(programme=programme, trainers=trainers)


@pytest.fixture
def trainer(course: Course) -> Person:
    return factories.trainer_of(course)


@pytest.fixture
def other(course: Course) -> Person:
    return course.associates.order_by("pk").last().associate


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def enrolled(course: Course, name: str = "Zoë O’Neill", **fields: Any) -> Enrolment:
    return factories.enrolment(course, factories.PersonFactory.create(name=name), attended=True, **fields)


def standing(name: str) -> CriterionMark:
    question, number = name.split("_")
    return CriterionMark.objects.get(criterion__question__number=question, criterion__number=number)


def page(name: str, enrolment: Enrolment) -> str:
    return reverse(f"assessments:{name}", args=[enrolment.course.uuid, enrolment.uuid])


NAMES = ("1_1", "1_2", "2_1", "2_2")


def typed(judged: str = "met", *, base: int = 0, **more: str) -> dict[str, str]:
    """Every criterion of the factories' version judged alike, over the same revision of each."""
    marks = {f"judged_{name}": judged for name in NAMES}
    return {**{f"base_{name}": str(base) for name in NAMES}, **marks, **more}


# --- The list ---------------------------------------------------------------------------------------


@pytest.mark.whole_run
@pytest.mark.parametrize("people", [1, 3, 300])
def test_any_number_of_people_takes_as_many_queries(course: Course, trainer: Person, people: int) -> None:
    for number in range(people):
        enrolment = factories.enrolment(course)
        if number % 2 == 0:
            marking = factories.marking(factories.submission(enrolment), marker=trainer)
            factories.recommendation(enrolment, marking=marking, finalised=False)
    client = signed_in(trainer)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(reverse("assessments:marking", args=[course.uuid]))
    assert flat(response.text).count('<tr><th scope="row">') == people
    assert len(queries) == 8


def test_the_list_says_what_is_next_with_what_needs_doing_first(course: Course, trainer: Person) -> None:
    factories.sitting(course, closed=True)
    absent = factories.enrolment(course, factories.PersonFactory.create(name="Absent Abe"))
    factories.marking(factories.submission(absent))
    factories.recommendation(absent, marking=Marking.objects.get(), finalised=False)
    done = factories.recommended(course, person=factories.PersonFactory.create(name="Done Dora"))
    unsubmitted = enrolled(course, "Nothing Nia")
    new = enrolled(course, "New Ned")
    factories.submission(new)
    returned = factories.recommended(course, person=factories.PersonFactory.create(name="Returned Ros"))
    actions.begin_round(enrolment=returned, because="Why?", by=factories.admin())
    marked = enrolled(course, "Marked Mo")
    factories.marking(factories.submission(marked), judged=Judged.NOT_MET)
    talk = enrolled(course, "Talk Tess")
    marking = factories.marking(factories.submission(talk), judged=Judged.NOT_MET)
    Recommendation.objects.create(
        enrolment=talk,
        outcome=Outcome.NOT_YET,
        reasons=["understanding"],
        marking=marking,
        submission=marking.submission,
        recommended_by=trainer,
    )
    html = flat(signed_in(trainer).get(reverse("assessments:marking", args=[course.uuid])).text)
    rows = re.findall(
        r'<tr><th scope="row"><a href="[^"]+">([^<]+)</a>.*?<td data-label="Next">(.*?)</td>', html
    )
    said = [(name, re.sub("<span.*?</span>|<[^>]+>", "", words)) for name, words in rows]
    assert said == [
        ("Returned Ros", "Answer The AIM Project"),
        ("New Ned", "Mark"),
        ("Marked Mo", "Recommend an outcome"),
        ("Nothing Nia", "Say why not assessed"),
        ("Talk Tess", "Record the conversation"),
        ("Absent Abe", "Waits for full attendance"),
        ("Done Dora", "With The AIM Project"),
    ]
    assert page("conversation", talk) in html
    assert page("mark", done) in html
    assert page("recommend", unsubmitted) in html


def test_the_list_waits_for_answers_that_are_typed_in_from_paper(course: Course, trainer: Person) -> None:
    factories.sitting(course, closed=True)
    written = enrolled(course, "Paper Pat")
    begin_transcription(enrolment=written, reason="No network.", by=trainer)
    html = signed_in(trainer).get(reverse("assessments:marking", args=[course.uuid])).content.decode()
    assert "Waits for their answers" in html
    assert "Say why not assessed" not in html


def test_nobody_is_shown_as_there_to_the_end_before_the_end(course: Course, trainer: Person) -> None:
    """What the pages show of attendance is what the one rule says of it."""
    enrolment = enrolled(course)
    marking = factories.marking(factories.submission(enrolment), marker=trainer)
    factories.recommendation(enrolment, marking=marking, finalised=False)
    client = signed_in(trainer)

    def read() -> tuple[str, str, str]:
        listed = flat(client.get(reverse("assessments:marking", args=[course.uuid])).text)
        return listed, *(flat(client.get(page(name, enrolment)).text) for name in ("mark", "recommend"))

    course.sessions.filter(number=2).update(ends_at=timezone.now() + timedelta(minutes=5))
    listed, script, outcome = read()
    for html in (script, outcome):
        assert "<dt>Sessions attended</dt><dd>2 of 2 so far</dd>" in html
    assert '<strong class="tag tag-waiting">Sessions so far: 2 of 2</strong>' in listed
    assert "Waits for full attendance" in listed
    assert "It can be finalised once the last session has ended" in outcome
    assert "Go on to finalise" not in outcome
    course.sessions.filter(number=2).update(ends_at=timezone.now())
    listed, script, outcome = read()
    assert '<strong class="tag tag-good">Full attendance</strong>' in listed
    assert "<dt>Sessions attended</dt><dd>2 of 2</dd>" in script
    assert "Go on to finalise" in outcome
    assert "so far" not in listed + script + outcome


def test_an_admin_reads_the_list_and_is_offered_nothing_to_do(course: Course) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment)
    html = (
        signed_in(factories.admin()).get(reverse("assessments:marking", args=[course.uuid])).content.decode()
    )
    assert "Zoë O’Neill" in html
    assert page("recommend", enrolment) not in html
    assert "Trainers of this course mark and recommend" in html


def test_an_empty_list_says_who_will_appear(course: Course, trainer: Person) -> None:
    response = signed_in(trainer).get(reverse("assessments:marking", args=[course.uuid]))
    assert "Nobody is enrolled yet." in response.content.decode()


# --- Who ----------------------------------------------------------------------------------------------

PAGES = ["mark", "recommend", "conversation", "feedback", "disagree"]


@pytest.mark.parametrize("name", PAGES)
def test_strangers_find_nothing_and_others_on_the_course_are_refused(course: Course, name: str) -> None:
    enrolment = factories.recommended(course)
    factories.recommended(factories.course(programme=course.programme))
    url = page(name, enrolment)
    strangers = [
        factories.trainer_of(factories.course()),
        factories.associate(course.programme),
        factories.PersonFactory.create(),
    ]
    for person in strangers:
        assert signed_in(person).get(url).status_code == 404
    insiders = [enrolment.person, factories.commissioner(course.organisation)]
    for person in insiders:
        response = signed_in(person).get(url)
        assert response.status_code == 403
        assert b"MODEL-ANSWER" not in response.content
    admin = signed_in(factories.admin())
    assert admin.get(url).status_code == (200 if name == "mark" else 403)
    assert admin.post(url, typed()).status_code == 403


def test_a_child_of_another_course_is_not_found(course: Course, trainer: Person) -> None:
    elsewhere = factories.enrolment(factories.course())
    url = reverse("assessments:mark", args=[course.uuid, elsewhere.uuid])
    assert signed_in(trainer).get(url).status_code == 404


def test_a_trainer_who_takes_part_is_refused_their_own(course: Course, trainer: Person) -> None:
    own = factories.enrolment(course, trainer)
    factories.submission(own)
    assert signed_in(trainer).get(page("mark", own)).status_code == 403
    assert signed_in(trainer).post(page("recommend", own), {"outcome": "competent"}).status_code == 403


@pytest.mark.parametrize("gone", [False, True])
def test_an_admin_who_has_or_had_a_place_reads_nobodys_marking(course: Course, gone: bool) -> None:
    admin = factories.admin(name="Admin Taking Part")
    left = {"withdrawn_at": timezone.now(), "withdrawn_by": admin} if gone else {}
    own = factories.enrolment(course, admin, **left)
    another = enrolled(course)
    for enrolment in (own, another):
        factories.marking(factories.submission(enrolment))
    client = signed_in(admin)
    addresses = [page("mark", own), page("mark", another), page("recommend", another)]
    addresses += [reverse(f"assessments:{name}", args=[course.uuid]) for name in ("marking", "room")]
    decides = reverse("certification:decide", args=[course.uuid, another.uuid])
    for url in [*addresses, decides]:
        response = client.get(url)
        assert response.status_code == 403, url
        assert b"MODEL-ANSWER" not in response.content
        assert signed_in(factories.admin()).get(url).status_code == (403 if "outcome" in url else 200), url
    hub = client.get(reverse("courses:detail", args=[course.uuid])).content.decode()
    assert not [url for url in addresses if f'href="{url}"' in hub]
    case_study = client.get(reverse("assessments:case_study", args=[course.uuid]))
    assert case_study.status_code == (403 if gone else 409)


def test_the_list_has_no_row_about_its_reader(course: Course) -> None:
    own, another = enrolled(course, "Own Row"), enrolled(course, "Another Row")
    shown = marking_list_of(course, None, reader=own.person, acts=False)
    assert [row.name for row in shown.rows] == [another.person.name]


# --- One script -----------------------------------------------------------------------------------


def test_a_script_shows_answers_beside_model_answers_with_nothing_chosen(
    course: Course, trainer: Person
) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment, answers=["<b>My answer</b>", "Another."])
    client = signed_in(trainer)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(page("mark", enrolment))
    html = response.content.decode()
    assert "&lt;b&gt;My answer&lt;/b&gt;" in html
    for words in ("MODEL-ANSWER-1", "CRITERION-2-2", "notes can be read by the person they are about"):
        assert words in html
    assert " checked" not in html
    assert len(queries) <= 12


def test_reading_a_script_takes_at_most_twelve_queries(course: Course, trainer: Person) -> None:
    enrolment = factories.recommended(course)
    client = signed_in(trainer)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page("mark", enrolment)).status_code == 200
    assert len(queries) <= 12


def test_a_draft_is_not_shown_to_a_marker(course: Course, trainer: Person) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment, submitted=False, answers=["DRAFT-WORDS"])
    response = signed_in(trainer).get(page("mark", enrolment))
    assert response.status_code == 200
    assert b"DRAFT-WORDS" not in response.content
    assert signed_in(trainer).post(page("mark", enrolment), typed()).status_code == 409
    assert not Marking.objects.exists()


def test_marks_are_saved_and_the_next_script_follows(course: Course, trainer: Person) -> None:
    first, second = enrolled(course, "Ann"), enrolled(course, "Bea")
    factories.submission(first)
    factories.submission(second)
    client = signed_in(trainer)
    response = client.post(page("mark", first), typed(then="next", note_1_1=" Well put. "))
    assert (response.status_code, response.url) == (302, page("mark", second) + "#on")
    assert CriterionMark.objects.filter(judged=Judged.MET).count() == 4
    assert CriterionMark.objects.get(criterion__number=1, criterion__question__number=1).note == "Well put."
    assert "all 4 criteria are marked for Ann" in client.get(response.url).content.decode()
    last = client.post(page("mark", second), typed(then="next"))
    assert last.url == reverse("assessments:marking", args=[course.uuid])
    outcome = client.post(page("mark", second), typed(base=1, then="outcome"))
    assert outcome.url == page("recommend", second)


def test_what_was_typed_comes_back_with_every_error(course: Course, trainer: Person) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment)
    client = signed_in(trainer)
    response = client.post(
        page("mark", enrolment),
        {
            **typed(),
            "judged_1_2": "met",
            "oral_question_1_2": "ORAL-OF-WHAT-IS-MET",
            "judged_2_1": "partly_met",
            "oral_question_2_1": "ORAL-WITHOUT-ANSWER",
            "settled_2_1": "met",
            "note_2_2": "x" * 2001,
        },
    )
    html = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error:" in html.replace("\n", "")
    for words in ("ORAL-OF-WHAT-IS-MET", "ORAL-WITHOUT-ANSWER", "x" * 2001):
        assert words in html
    for target in ("id_judged_1_2_0", "id_oral_answer_2_1", "id_note_2_2"):
        assert f'href="#{target}"' in html
        assert f'id="{target}"' in html
    assert not Marking.objects.exists()


@pytest.mark.parametrize("note", ["<script>alert(1)</script>", "nul\x00and\x07bell", "\u202eturned", "تقييم"])
def test_odd_text_in_a_note_is_kept_harmless(course: Course, trainer: Person, note: str) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment)
    client = signed_in(trainer)
    assert client.post(page("mark", enrolment), typed(note_1_1=note)).status_code in (302, 422)
    html = client.get(page("mark", enrolment)).content.decode()
    assert "<script>alert" not in html
    assert "\x00" not in html
    assert "\u202e" not in html


def test_a_blank_offers_only_not_met_and_takes_nothing_else(course: Course, trainer: Person) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment, answers=["An answer", ""])
    client = signed_in(trainer)
    html = client.get(page("mark", enrolment)).content.decode()
    assert "Left blank, as confirmed by its author" in html
    assert html.count('name="judged_2_1"') == 1
    assert html.count('name="judged_1_1"') == 3
    response = client.post(page("mark", enrolment), typed())
    assert "counts as not met" in response.content.decode()
    assert not CriterionMark.objects.exists()
    typed_well = typed() | {"judged_2_1": "not_met", "judged_2_2": "not_met"}
    assert client.post(page("mark", enrolment), typed_well).status_code == 302


def test_a_note_alone_and_half_an_oral_question_are_saved(course: Course, trainer: Person) -> None:
    """Nothing that is typed waits for the rest of it."""
    enrolment = enrolled(course)
    factories.submission(enrolment)
    client = signed_in(trainer)
    sent = typed("") | {"note_1_1": "LATER", "judged_1_2": "partly_met", "oral_question_1_2": "And why?"}
    assert client.post(page("mark", enrolment), sent).status_code == 302
    html = client.get(page("mark", enrolment)).content.decode()
    shown = fields_in(html)
    assert (shown["note_1_1"], shown["oral_question_1_2"]) == ("LATER", "And why?")
    assert "judged_1_1" not in shown
    assert "<span data-marked>1</span>" in html


def test_an_older_tab_is_shown_both_and_chooses_criterion_by_criterion(
    course: Course, trainer: Person
) -> None:
    """Page, refusal, page, second press; what did not clash is saved the first time."""
    enrolment = enrolled(course)
    factories.submission(enrolment)
    client, older = signed_in(trainer), signed_in(trainer)
    shown = fields_in(older.get(page("mark", enrolment)).content.decode())
    sent = {name: value for name, value in typed(note_1_1="NOTE-SAVED").items() if "_2" not in name[-2:]}
    client.post(page("mark", enrolment), {**shown, **sent})
    mine = {**shown, "judged_1_1": "not_met", "note_1_1": "NOTE-OF-THE-OLDER-TAB", "judged_1_2": "met"}
    response = older.post(page("mark", enrolment), mine)
    html = response.content.decode()
    assert response.status_code == 409
    assert "<title>Error:" in html.replace("\n", "")
    for words in ("NOTE-SAVED", "NOTE-OF-THE-OLDER-TAB", "Some judgements were not saved"):
        assert words in html
    judged = {name: standing(name).judged for name in ("1_1", "1_2", "2_1")}
    assert judged == {"1_1": "met", "1_2": "met", "2_1": "met"}
    # Nothing is chosen for them, and nothing goes before it is.
    again = fields_in(html)
    assert "use_1_1" not in again
    undecided = older.post(page("mark", enrolment), again)
    assert undecided.status_code == 422
    for words in ("Choose which of the two judgements counts.", "NOTE-SAVED", "NOTE-OF-THE-OLDER-TAB"):
        assert words in undecided.content.decode()
    kept = older.post(page("mark", enrolment), {**again, "use_1_1": "saved"})
    assert (kept.status_code, standing("1_1").note) == (302, "NOTE-SAVED")
    decided = older.post(page("mark", enrolment), {**again, "use_1_1": "mine"})
    assert decided.status_code == 302
    assert (standing("1_1").judged, standing("1_1").note) == ("not_met", "NOTE-OF-THE-OLDER-TAB")
    # Sent once more, it is what stands.
    assert older.post(page("mark", enrolment), {**again, "use_1_1": "mine"}).status_code == 302


def test_what_nobody_touched_takes_nothing_back(course: Course, trainer: Person) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment)
    client, older = signed_in(trainer), signed_in(trainer)
    shown = fields_in(older.get(page("mark", enrolment)).content.decode())
    client.post(page("mark", enrolment), typed())
    assert older.post(page("mark", enrolment), {**shown, "then": "here"}).status_code == 302
    assert set(CriterionMark.objects.values_list("judged", flat=True)) == {Judged.MET}
    assert not KeptMark.objects.exists()


def test_what_a_co_trainer_judged_is_changed_with_a_reason(
    course: Course, trainer: Person, other: Person
) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment)
    signed_in(trainer).post(page("mark", enrolment), typed())
    client = signed_in(other)
    html = client.get(page("mark", enrolment)).content.decode()
    assert "Judged so far by Ada Quill too." in flat(html)
    assert "Judged by Ada Quill on" in html
    changed = {**fields_in(html), "judged_1_1": "not_met", "note_1_1": "MINE"}
    response = client.post(page("mark", enrolment), changed)
    html = response.content.decode()
    assert response.status_code == 409
    assert "why do you change what Ada Quill judged?" in html
    assert standing("1_1").judged == Judged.MET
    again = {**fields_in(html), "use_1_1": "mine"}
    assert client.post(page("mark", enrolment), again).status_code == 409
    reason = {**again, "because_1_1": "It names no strength."}
    assert client.post(page("mark", enrolment), reason).status_code == 302
    assert (standing("1_1").judged_by, standing("1_1").because) == (other, "It names no strength.")
    history = client.get(page("mark_history", enrolment)).content.decode()
    for words in ("Ada Quill", "Ben Rook", "Why: It names no strength.", "Counts now", "Changed"):
        assert words in history


def test_history_of_what_nobody_judged_says_so(course: Course, trainer: Person) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment)
    assert "Nothing has been judged yet." in signed_in(trainer).get(page("mark_history", enrolment)).text


def test_marks_of_a_finalised_script_come_back_to_be_copied(course: Course, trainer: Person) -> None:
    enrolment = factories.recommended(course)
    response = signed_in(trainer).post(page("mark", enrolment), typed("not_met", base=1, note_1_1="TYPED"))
    assert response.status_code == 409
    for words in ("TYPED", "does not change any more"):
        assert words in response.text


# --- One judgement at a time ------------------------------------------------------------------------


def judging(client: Client, enrolment: Enrolment, name: str = "1_1", **sent: Any) -> Any:
    question, criterion = name.split("_")
    url = reverse("assessments:judge", args=[enrolment.uuid, question, criterion])
    stamp = {"submission": enrolment.submissions.latest("attempt").uuid, "device": uuid4(), "sequence": 1}
    values = {"judged": "met", "note": "", "oral_question": "", "oral_answer": "", "settled": "", "base": 0}
    fields = {f"{key}_{name}": value for key, value in (values | sent).items() if key not in stamp}
    return client.post(url, {**stamp, **{key: sent[key] for key in stamp if key in sent}, **fields})


def test_judgement_is_saved_and_said_back(course: Course, trainer: Person) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment)
    client = signed_in(trainer)
    reply = judging(client, enrolment, note="  Well put.\r\nYes. ")
    told = reply.json()
    assert (reply.status_code, told["state"], told["base"]) == (200, "saved", 1)
    assert told["mark"] == {
        "judged": "met",
        "note": "Well put.\nYes.",
        "oral_question": "",
        "oral_answer": "",
        "settled": "",
    }
    assert fields_in(client.get(page("mark", enrolment)).text)["had_1_1"] == told["had"]
    again = statements(lambda: judging(client, enrolment, judged="not_met", base=1))
    assert len(again) <= 5 + 1  # one reads the attempt, for this test


def test_judgement_that_clashes_brings_both_and_saves_neither_unseen(
    course: Course, trainer: Person, other: Person
) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment)
    judging(signed_in(trainer), enrolment, note="HERS")
    client = signed_in(other)
    reply = judging(client, enrolment, judged="not_met", note="HIS")
    told = reply.json()
    assert (reply.status_code, told["state"], told["mark"]["note"]) == (409, "clash", "HERS")
    for words in ("HERS", "HIS", "Ada Quill", 'name="use_1_1"', 'name="because_1_1"', "data-decide"):
        assert words in told["html"]
    reply = judging(client, enrolment, judged="not_met", note="HIS", base=told["base"])
    assert (reply.status_code, reply.json()["state"]) == (409, "unexplained")
    reply = judging(client, enrolment, judged="not_met", note="HIS", base=told["base"], because="Why.")
    assert reply.json()["state"] == "saved"
    assert standing("1_1").note == "HIS"


@pytest.mark.parametrize(
    ("sent", "status", "state"),
    [
        ({"judged": "splendid"}, 422, "refused"),
        ({"note": "x" * 2001}, 422, "refused"),
        ({"note": "nul\x00"}, 422, "refused"),
        ({"settled": "met"}, 422, "refused"),
        ({"device": "x"}, 400, "unreadable"),
        ({"sequence": -1}, 400, "unreadable"),
        ({"submission": "x"}, 400, "unreadable"),
        ({"submission": uuid4()}, 409, "over"),
        ({"name": "9_9"}, 422, "refused"),
        ({"name": f"1_{10**30}"}, 422, "refused"),
    ],
)
def test_what_is_no_judgement_is_said_and_saves_nothing(
    course: Course, trainer: Person, sent: dict[str, Any], status: int, state: str
) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment)
    reply = judging(signed_in(trainer), enrolment, **sent)
    assert (reply.status_code, reply.json()["state"]) == (status, state)
    assert reply.json()["message"]
    assert not CriterionMark.objects.exists()


@pytest.mark.parametrize("base", ["", "x", -1, 10**30])
def test_judgement_that_does_not_say_what_it_builds_on_writes_nothing_over(
    course: Course, trainer: Person, base: Any
) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment)
    client = signed_in(trainer)
    assert judging(client, enrolment, base=base).json()["state"] == "saved"
    assert judging(client, enrolment, judged="not_met", base=base).json()["state"] == "clash"
    assert standing("1_1").judged == Judged.MET


def test_judgement_of_a_finalised_script_is_over(course: Course, trainer: Person) -> None:
    enrolment = factories.recommended(course)
    reply = judging(signed_in(trainer), enrolment, judged="not_met", base=1)
    assert (reply.status_code, reply.json()["state"]) == (409, "over")


def test_judging_is_for_trainers_of_the_course_alone(course: Course, trainer: Person) -> None:
    enrolment = enrolled(course)
    factories.submission(enrolment)
    statuses = {
        404: [factories.associate(course.programme), factories.trainer_of(factories.course())],
        403: [enrolment.person, factories.commissioner(course.organisation), factories.admin()],
    }
    for status, people in statuses.items():
        for person in people:
            assert judging(signed_in(person), enrolment).status_code == status
    nobodys = reverse("assessments:judge", args=[uuid4(), 1, 1])
    assert signed_in(trainer).post(nobodys, {}).status_code == 404
    assert not CriterionMark.objects.exists()


def test_finalised_marks_are_read_with_who_and_when(course: Course, trainer: Person) -> None:
    enrolment = factories.recommended(course, outcome=Outcome.NOT_YET)
    client = signed_in(trainer)
    html = client.get(page("mark", enrolment)).content.decode()
    assert "Marked by Ada Quill. Finalised on" in html
    assert 'name="judged_1_1"' not in html
    assert client.post(page("mark", enrolment), typed("met", base=1)).status_code == 409
    assert set(CriterionMark.objects.values_list("judged", flat=True)) == {Judged.NOT_MET}


# --- The outcome ------------------------------------------------------------------------------------


def marked(course: Course, judged: str = Judged.MET, name: str = "Zoë O’Neill") -> Enrolment:
    enrolment = enrolled(course, name)
    factories.marking(factories.submission(enrolment), judged=judged)
    return enrolment


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
    assert "until a second marker has marked the answers" in re.sub(r"\s+", " ", response.content.decode())


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


# --- Publishing -------------------------------------------------------------------------------------


def test_publishing_shows_what_becomes_public_and_then_does_it() -> None:
    programme = factories.ProgrammeFactory.create()
    version = factories.version(programme)
    course = factories.course(programme=programme, published=False, starts=timezone.now() + timedelta(days=7))
    url = reverse("assessments:publish", args=[course.uuid])
    admin = factories.admin()
    client = signed_in(admin)
    with CaptureQueriesContext(connection) as queries:
        html = client.get(url).content.decode()
    assert len(queries) <= 12
    for words in (course.title, course.venue, version.fingerprint, "Full attendance"):
        assert words in html
    key = re.search(r'name="idempotency_key" value="([^"]+)"', html).group(1)
    response = client.post(url, {"idempotency_key": key})
    assert response.url == reverse("courses:detail", args=[course.uuid])
    assert client.post(url, {"idempotency_key": key}).url == response.url
    course.refresh_from_db()
    assert course.published_by == admin
    assert course.pin.version == version
    assert "Published on" in client.get(url).content.decode()


def test_publishing_too_early_says_what_is_missing() -> None:
    course = factories.course(published=False, sessions=0)
    client = signed_in(factories.admin())
    url = reverse("assessments:publish", args=[course.uuid])
    html = client.get(url).content.decode()
    assert "It has no sessions" in html
    assert '<button class="btn btn-primary">Publish' not in html
    key = "5f2b1c52-8d0c-4c2e-9b57-1b5b4dc4a0aa"
    assert client.post(url, {"idempotency_key": key}).status_code == 409


def test_only_admins_publish() -> None:
    course = factories.course(starts=timezone.now() + timedelta(days=7))
    url = reverse("assessments:publish", args=[course.uuid])
    for person, status in (
        (factories.trainer_of(course), 403),
        (factories.commissioner(course.organisation), 403),
        (factories.PersonFactory.create(), 404),
    ):
        assert signed_in(person).get(url).status_code == status
