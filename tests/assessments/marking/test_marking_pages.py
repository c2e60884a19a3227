"""One script after the other: who reads it, how it is marked, and what a clash shows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from assessments.marking.marking_list import marking_list_of
from assessments.models import CriterionMark, KeptMark, Marking
from assessments.states import Judged
from courses.models import Course
from tests import factories
from tests.assessments.marking.scripts import enrolled, page, signed_in, standing, typed
from tests.pages import fields_in, flat

pytestmark = pytest.mark.django_db


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
