"""What a page's script sends and asks: every reply says what is true, and nobody reaches another's."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from assessments.answering import actions
from assessments.case_studies.actions import texts
from assessments.models import Answer, KeptAnswer, Submission
from assessments.states import Kept
from courses.models import Enrolment
from tests import factories
from tests.statements import statements

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def enrolment() -> Enrolment:
    course = factories.course()
    factories.sitting(course)
    return factories.enrolment(course)


@pytest.fixture
def submission(enrolment: Enrolment) -> Submission:
    return actions.start_submission(enrolment=enrolment, by=enrolment.person)


def browser(enrolment: Enrolment, **more: Any) -> Client:
    client = Client(**more)
    client.force_login(enrolment.person)
    return client


def url(name: str, enrolment: Enrolment, *more: object) -> str:
    return reverse(f"assessments:{name}", args=[enrolment.uuid, *more])


def typed(submission: Submission, text: str, base: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "submission": str(submission.uuid),
        "device": str(uuid4()),
        "sequence": 1,
        "base": base,
        "values": {"text": text},
        **more,
    }


def send(client: Client, enrolment: Enrolment, body: Any, number: int = 1) -> HttpResponse:
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    return client.post(  # type: ignore[return-value]
        url("save", enrolment, number), content, content_type="application/json", headers=JSON
    )


def test_reply_to_a_save_is_the_sha256_of_what_is_kept(enrolment: Enrolment, submission: Submission) -> None:
    reply = send(browser(enrolment), enrolment, typed(submission, "Zoë\r\n"))
    assert reply.status_code == 200
    told = json.loads(reply.content)
    answer = Answer.objects.get()
    assert told == {
        "state": "saved",
        "revision": 1,
        "saved_at": answer.saved_at.isoformat(),
        "sha256": sha256("Zoë\n".encode()).hexdigest(),
    }
    assert reply["Cache-Control"].count("no-store") == 1


def test_a_save_takes_four_statements(enrolment: Enrolment, submission: Submission) -> None:
    client = browser(enrolment)
    taken = statements(lambda: send(client, enrolment, typed(submission, "One.")))
    assert len(taken) == 4
    # Asking where one stands notes as well that the page is there, every few seconds.
    assert len(statements(lambda: client.get(url("state", enrolment), headers=JSON))) == 5
    assert len(statements(lambda: client.get(url("state", enrolment), headers=JSON))) == 4


def test_conflict_tells_both_texts_and_keeps_both(enrolment: Enrolment, submission: Submission) -> None:
    client = browser(enrolment)
    send(client, enrolment, typed(submission, "Theirs."))
    reply = send(client, enrolment, typed(submission, "Mine."))
    assert reply.status_code == 409
    told = json.loads(reply.content)
    assert told["state"] == "conflict"
    assert told["saved"]["values"] == {"text": "Theirs."}
    assert told["saved"]["revision"] == 1
    assert told["mine"] == {"text": "Mine."}
    assert Answer.objects.get().text == "Theirs."
    assert {one.text for one in KeptAnswer.objects.filter(why=Kept.CONFLICT)} == {"Theirs.", "Mine."}


def test_too_late_is_said_and_kept(enrolment: Enrolment, submission: Submission) -> None:
    client = browser(enrolment)
    factories.sitting(enrolment.course, closed=True)
    reply = send(client, enrolment, typed(submission, "Late."))
    assert (reply.status_code, json.loads(reply.content)["state"]) == (409, "closed")
    assert "Late." in client.get(url("earlier", enrolment, 1)).content.decode()
    assert not Answer.objects.exists()


def test_what_came_out_of_word_is_saved_as_its_hash_says(
    enrolment: Enrolment, submission: Submission
) -> None:
    reply = send(browser(enrolment), enrolment, typed(submission, "one\vtwo\x00\ud800\u2028three"))
    told = json.loads(reply.content)
    assert (reply.status_code, told["state"]) == (200, "saved")
    assert Answer.objects.get().text == "one\ntwo\ufffd\nthree"
    assert told["sha256"] == sha256("one\ntwo\ufffd\nthree".encode()).hexdigest()


def test_text_that_cannot_be_kept_is_refused_in_words(enrolment: Enrolment, submission: Submission) -> None:
    reply = send(browser(enrolment), enrolment, typed(submission, "x" * 20_001))
    told = json.loads(reply.content)
    assert (reply.status_code, told["state"], told["field"]) == (422, "refused", "text")
    assert "20,001 characters" in told["message"]


MALFORMED: list[Any] = [
    "",
    "{",
    b"\xff\xfe",
    "[" * 100_000,
    "null",
    [],
    {"device": "x"},
    {"submission": None},
    {"device": None},
    {"sequence": -1},
    {"sequence": 2**60},
    {"sequence": "1"},
    {"sequence": True},
    {"base": 1.5},
    {"base": None},
    {"base": -1},
    {"values": "text"},
    {"values": ["text"]},
    {"values": {"text": 1}},
    {"values": None},
    {"finished": "yes"},
    {"finished": 1},
    {"finished": 0.0},
]


@pytest.mark.parametrize("body", MALFORMED, ids=lambda body: repr(body)[:40])
def test_what_is_no_save_is_refused(enrolment: Enrolment, submission: Submission, body: Any) -> None:
    if isinstance(body, dict):
        body = typed(submission, "Mine.") | body
    reply = send(browser(enrolment), enrolment, body)
    assert reply.status_code == 400
    assert json.loads(reply.content)["state"] == "unreadable"
    assert not Answer.objects.exists()


def test_a_field_of_another_question_is_refused(enrolment: Enrolment, submission: Submission) -> None:
    reply = send(browser(enrolment), enrolment, typed(submission, "x", values={"level": "1"}))
    assert reply.status_code == 422
    assert not Answer.objects.exists()


def test_oversized_is_refused_before_it_is_read(enrolment: Enrolment, submission: Submission) -> None:
    for size in (400_000, 3_000_000):
        reply = send(browser(enrolment), enrolment, typed(submission, "x" * size))
        assert (reply.status_code, json.loads(reply.content)["state"]) == (413, "too_large")
    reply = send(browser(enrolment), enrolment, typed(submission, "é" * 20_001))
    assert reply.status_code == 422
    assert not Answer.objects.exists()


def test_nobody_reaches_another_ones_answers(enrolment: Enrolment, submission: Submission) -> None:
    other = factories.enrolment(enrolment.course)
    elsewhere = factories.enrolment(factories.course())
    theirs = actions.start_submission(enrolment=other, by=other.person)
    swapped = [
        (other, typed(theirs, "x"), 1, 404),
        (other, typed(submission, "x"), 1, 404),
        (enrolment, typed(theirs, "x"), 1, 404),
        (elsewhere, typed(submission, "x"), 1, 404),
        (enrolment, typed(submission, "x"), 99, 404),
    ]
    client = browser(enrolment)
    for of, body, number, status in swapped:
        assert send(client, of, body, number).status_code == status
    for name in ("journal", "state"):
        ask = client.post if name == "journal" else client.get
        assert ask(url(name, other), headers=JSON).status_code == 404
    assert not Answer.objects.exists()
    assert not KeptAnswer.objects.exists()


def test_signed_out_and_without_its_token_a_script_is_told_so(
    enrolment: Enrolment, submission: Submission
) -> None:
    reply = send(Client(), enrolment, typed(submission, "x"))
    assert (reply.status_code, json.loads(reply.content)) == (401, {"state": "signed_out"})
    reply = send(browser(enrolment, enforce_csrf_checks=True), enrolment, typed(submission, "x"))
    assert (reply.status_code, json.loads(reply.content)["state"]) == (403, "csrf")


def test_journal_gives_the_key_and_where_one_stands(enrolment: Enrolment) -> None:
    client = browser(enrolment)
    told = json.loads(client.post(url("journal", enrolment), headers=JSON).content)
    assert len(b64decode(told["key"])) == 32
    assert told["person"] == str(enrolment.person.uuid)
    assert told["submission"] == str(Submission.objects.get().uuid)
    assert told["stage"] == "answering"
    assert re.fullmatch(r"\w{32,64}", told["csrf"])
    send(client, enrolment, typed(Submission.objects.get(), "One."))
    assert json.loads(client.get(url("state", enrolment), headers=JSON).content)["revisions"] == {"1": 1}


def test_journal_of_a_day_that_is_not_open_says_why(enrolment: Enrolment) -> None:
    factories.sitting(enrolment.course, opened=False)
    reply = browser(enrolment).post(url("journal", enrolment), headers=JSON)
    assert reply.status_code == 409
    assert "not open" in json.loads(reply.content)["message"]
    assert not Submission.objects.exists()


def test_no_log_holds_a_draft(
    enrolment: Enrolment, submission: Submission, caplog: pytest.LogCaptureFixture
) -> None:
    client = browser(enrolment)
    for body in (
        typed(submission, "VERY SECRET"),
        typed(submission, "VERY SECRET TOO"),
        typed(submission, "VERY SECRET \x00"),
        "VERY SECRET",
    ):
        send(client, enrolment, body)
    factories.sitting(enrolment.course, closed=True)
    send(client, enrolment, typed(submission, "VERY SECRET AND LATE"))
    assert caplog.records
    assert "SECRET" not in caplog.text + str([record.__dict__ for record in caplog.records])


def test_earlier_versions_are_listed_for_their_author(enrolment: Enrolment, submission: Submission) -> None:
    client = browser(enrolment)
    assert "There are none yet" in client.get(url("earlier", enrolment, 1)).content.decode()
    device = str(uuid4())
    for sequence, text in enumerate(["First <b>.", "Second."]):
        send(client, enrolment, typed(submission, text, sequence, device=device, sequence=sequence))
    page = client.get(url("earlier", enrolment, 1)).content.decode()
    assert "First &lt;b&gt;." in page
    assert "Second." not in page


@pytest.mark.parametrize("text", ["\u200b", "\u3164\u2800", "\u00ad\n\u2060", "\u0301"])
def test_an_answer_of_which_nothing_can_be_seen_is_none(text: str) -> None:
    assert texts.kept(text) == ""
    assert texts.kept(f"{text}a") == f"{text}a"
