"""A participant's pages: what each shows when, what is never lost, where each press leads."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.models import OutgoingEmail, Person
from assessments.answering import actions
from assessments.answering.participation import FINISHED_WITHOUT
from assessments.answering.waiting import answering_for
from assessments.models import Answer, Submission
from assessments.states import Outcome
from courses.models import Course, Enrolment
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    course = factories.course()
    factories.sitting(course)
    return course


@pytest.fixture
def enrolment(course: Course) -> Enrolment:
    return factories.enrolment(course)


@pytest.fixture
def client(enrolment: Enrolment) -> Client:
    return signed_in(enrolment.person)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def url(page: str, enrolment: Enrolment, *more: int) -> str:
    return reverse(f"assessments:{page}", args=[enrolment.uuid, *more])


def save(client: Client, enrolment: Enrolment, number: int = 1, **data: Any) -> HttpResponse:
    return client.post(
        url("question", enrolment, number), {"text": "Mine.", "base_revision": "0", "then": "next", **data}
    )


def declare(client: Client, enrolment: Enrolment, **data: Any) -> HttpResponse:
    return client.post(url("submit", enrolment), {"idempotency_key": str(uuid4()), **data})


def answer_all(enrolment: Enrolment) -> None:
    for number in (1, 2):
        actions.save_answer(
            enrolment=enrolment, number=number, text=f"Mine {number}.", base_revision=0, by=enrolment.person
        )


def submitted(enrolment: Enrolment) -> Submission:
    answer_all(enrolment)
    return actions.submit(enrolment=enrolment, declared=True, by=enrolment.person)


PAGES: list[tuple[str, tuple[int, ...]]] = [
    ("task_list", ()),
    ("question", (1,)),
    ("check", ()),
    ("submit", ()),
    ("receipt", ()),
    ("answers_text", ()),
]


@pytest.mark.parametrize(
    ("released", "opened", "closed", "statuses"),
    [
        (False, False, False, [200, 409, 409, 409, 409, 409]),
        (True, False, False, [200, 409, 409, 409, 409, 409]),
        (True, True, False, [200, 200, 200, 302, 409, 409]),
        (True, True, True, [200, 409, 409, 409, 409, 409]),
    ],
)
def test_pages_answer_by_how_far_the_day_has_come(
    client: Client, enrolment: Enrolment, released: bool, opened: bool, closed: bool, statuses: list[int]
) -> None:
    if released:
        factories.sitting(enrolment.course, opened=opened, closed=closed)
    else:
        enrolment.course.sitting.__class__.objects.update(
            released_at=None, released_by=None, opened_at=None, opened_by=None
        )
    found = [client.get(url(page, enrolment, *more)).status_code for page, more in PAGES]
    assert found == statuses


def test_pages_are_read_only_after_closing(client: Client, enrolment: Enrolment) -> None:
    save(client, enrolment)
    factories.sitting(enrolment.course, closed=True)
    page = client.get(url("question", enrolment, 1)).content.decode()
    assert "Mine." in page
    assert "<textarea" not in page
    check = client.get(url("check", enrolment))
    assert "Mine." in check.content.decode()
    assert url("question", enrolment, 1) not in check.content.decode()
    assert "can still declare" in client.get(url("task_list", enrolment)).content.decode()


def test_what_was_saved_in_time_is_declared_after_closing(client: Client, enrolment: Enrolment) -> None:
    save(client, enrolment)
    factories.sitting(enrolment.course, closed=True)
    assert "leave question 2 blank" in client.get(url("check", enrolment)).content.decode()
    assert client.post(url("check", enrolment), {"blank_2": "on"}).status_code == 302
    assert declare(client, enrolment, declared="on").status_code == 302
    assert [answer.text for answer in Answer.objects.order_by("question__number")] == ["Mine.", ""]


@pytest.mark.parametrize("closed", [False, True])
def test_pages_say_from_the_first_that_the_outcome_is_final(
    client: Client, enrolment: Enrolment, closed: bool
) -> None:
    """Someone finalised as *not assessed* is never asked to write, also where the room is open again."""
    factories.recommendation(enrolment, outcome=Outcome.NOT_ASSESSED)
    factories.sitting(enrolment.course, closed=closed)
    page = client.get(url("task_list", enrolment)).content.decode()
    assert str(FINISHED_WITHOUT) in page
    assert url("question", enrolment, 1) not in page
    for name, more in (("question", (1,)), ("check", ()), ("submit", ())):
        response = client.get(url(name, enrolment, *more))
        assert response.status_code == 409
        assert str(FINISHED_WITHOUT) in response.content.decode()
    response = save(client, enrolment)
    assert (response.status_code, str(FINISHED_WITHOUT) in response.content.decode()) == (409, True)
    assert not Submission.objects.exists()


def test_pages_keep_a_draft_readable_where_the_outcome_is_final(client: Client, enrolment: Enrolment) -> None:
    answer_all(enrolment)
    factories.recommendation(enrolment, outcome=Outcome.NOT_ASSESSED)
    for name, more in (("task_list", ()), ("question", (1,)), ("check", ())):
        page = client.get(url(name, enrolment, *more)).content.decode()
        assert str(FINISHED_WITHOUT) in page
        assert "<textarea" not in page
        assert "Continue" not in page
    assert "Mine 1." in client.get(url("check", enrolment)).content.decode()
    for response in (
        save(client, enrolment, base_revision="1", text="More."),
        client.post(url("check", enrolment)),
        client.get(url("submit", enrolment)),
        declare(client, enrolment, declared="on"),
    ):
        assert (response.status_code, str(FINISHED_WITHOUT) in response.content.decode()) == (409, True)
    assert Answer.objects.get(question__number=1).text == "Mine 1."


def test_home_does_not_ask_for_answers_where_the_outcome_is_final(enrolment: Enrolment) -> None:
    factories.recommendation(enrolment, outcome=Outcome.NOT_ASSESSED)
    (line,) = answering_for(enrolment.person)
    assert (line.done, line.url) == (True, url("task_list", enrolment))
    assert line.words.startswith("Your trainer has finished with your part")


def test_pages_lead_to_the_receipt_after_submitting(client: Client, enrolment: Enrolment) -> None:
    """The back button finds the receipt, not a form."""
    submission = submitted(enrolment)
    receipt = url("receipt", enrolment)
    for page, more in (("question", (1,)), ("check", ()), ("submit", ())):
        response = client.get(url(page, enrolment, *more))
        assert (response.status_code, response.headers["Location"]) == (302, receipt)
    page = client.get(receipt).content.decode()
    for words in (submission.receipt, submission.fingerprint, "Mine 1.", "Mine 2.", "to the letter"):
        assert words in page
    assert client.get(receipt).headers["Cache-Control"].count("no-store") == 1


def test_receipt_follows_no_later_change_of_a_name_or_a_title(client: Client, enrolment: Enrolment) -> None:
    submitted(enrolment)
    person, course = enrolment.person, enrolment.course
    accepted = escape(enrolment.certificate_name)
    person.name, course.title = "Changed Since", "Another Title"
    person.save()
    course.save()
    main = client.get(url("receipt", enrolment)).content.decode().partition("<main")[2]
    assert f"<dd>{accepted}</dd>" in main
    assert course.reference in main
    assert "Changed Since" not in main
    assert "Another Title" not in main


def test_receipt_says_what_happens_next_as_far_as_it_has_come(client: Client, enrolment: Enrolment) -> None:
    submission = submitted(enrolment)

    def said() -> tuple[bool, bool, bool]:
        page = client.get(url("receipt", enrolment)).content.decode()
        return tuple(  # type: ignore[return-value]
            words in page
            for words in ("Your trainer marks your answers", "do not use the model", "See where you stand")
        )

    assert said() == (True, True, False)
    marking = factories.marking(submission, finalised=True)
    factories.recommendation(enrolment, marking=marking)
    assert said() == (False, True, True)
    Enrolment.objects.filter(pk=enrolment.pk).update(frozen_at=timezone.now())
    assert said() == (False, False, True)


def test_receipts_file_has_the_receipts_sha256(client: Client, enrolment: Enrolment) -> None:
    submission = submitted(enrolment)
    response = client.get(url("answers_text", enrolment))
    assert sha256(response.content).hexdigest() == submission.fingerprint
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert submission.receipt in response.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("stranger", 404),
        ("participant of the course", 404),
        ("trainer", 403),
        ("sponsor's commissioner", 403),
        ("another commissioner", 404),
        ("AIM admin", 403),
        ("withdrawn", 403),
        ("anonymous", 302),
    ],
)
def test_pages_are_for_their_participant_alone(
    course: Course, enrolment: Enrolment, role: str, status: int
) -> None:
    answer_all(enrolment)
    people: dict[str, Any] = {
        "stranger": factories.PersonFactory.create,
        "participant of the course": lambda: factories.enrolment(course).person,
        "trainer": lambda: factories.trainer_of(course),
        "sponsor's commissioner": lambda: factories.commissioner(course.organisation),
        "another commissioner": lambda: factories.commissioner(factories.OrganisationFactory.create()),
        "AIM admin": factories.admin,
        "withdrawn": lambda: enrolment.person,
    }
    client = Client() if role == "anonymous" else signed_in(people[role]())
    if role == "withdrawn":
        enrolment.withdrawn_at, enrolment.withdrawn_by = timezone.now(), enrolment.person
        enrolment.save()
    before = list(Answer.objects.values_list("text", "revision", "blank_confirmed_at").order_by("pk"))
    pages = [page for page in PAGES if role != "withdrawn" or page[0] not in ("receipt", "answers_text")]
    assert {client.get(url(page, enrolment, *more)).status_code for page, more in pages} == {status}
    # Without a session the page asks to sign in, with what was typed.
    saved = 200 if role == "anonymous" else status
    for response, expected in (
        (save(client, enrolment, text="Theirs.", base_revision="1"), saved),
        (save(client, enrolment, choice="saved", text="Theirs."), saved),
        (client.post(url("check", enrolment), {"blank_1": "on"}), status),
        (declare(client, enrolment, declared="on"), status),
    ):
        assert response.status_code == expected
        assert "Mine" not in response.content.decode()
    assert list(Answer.objects.values_list("text", "revision", "blank_confirmed_at").order_by("pk")) == before
    assert Submission.objects.get().submitted_at is None


def test_withdrawn_person_keeps_the_receipt_of_what_they_submitted(
    client: Client, enrolment: Enrolment
) -> None:
    submitted(enrolment)
    enrolment.withdrawn_at, enrolment.withdrawn_by = timezone.now(), enrolment.person
    enrolment.save()
    assert client.get(url("receipt", enrolment)).status_code == 200
    assert client.get(url("task_list", enrolment)).status_code == 403


def test_question_that_is_not_there_is_not_found(client: Client, enrolment: Enrolment) -> None:
    for number in (0, 4, 99, 10**30):
        assert client.get(url("question", enrolment, number)).status_code == 404
    for number in (0, 3, 10**30):
        assert save(client, enrolment, number).status_code == 404
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("number", "then", "leads"),
    [
        (1, "next", "questions/2/?saved=1"),
        (1, "", "questions/2/?saved=1"),
        (1, "list", "questions/?saved=1"),
        (2, "check", "check/?saved=2"),
        (1, "//evil.example", "questions/2/?saved=1"),
    ],
)
def test_saving_goes_on_to_where_the_button_said(
    client: Client, enrolment: Enrolment, number: int, then: str, leads: str
) -> None:
    response = save(client, enrolment, number, then=then)
    assert response.headers["Location"] == f"/my/{enrolment.uuid}/{leads}"
    page = client.get(response.headers["Location"]).content.decode()
    assert f"Question {number} was saved at" in page


def test_after_the_last_question_comes_checking(client: Client, enrolment: Enrolment) -> None:
    response = client.get(url("question", enrolment, 3))
    assert response.headers["Location"] == url("check", enrolment)


def test_task_list_says_how_far_each_question_is(client: Client, enrolment: Enrolment) -> None:
    page = client.get(url("task_list", enrolment)).content.decode()
    assert page.count("Not started") == 2
    save(client, enrolment, 1, then="list")
    save(client, enrolment, 2)
    page = client.get(url("task_list", enrolment)).content.decode()
    assert ("In progress" in page, "Completed" in page, "Not started" in page) == (True, True, False)


def test_saving_writes_no_session_and_no_message(client: Client, enrolment: Enrolment) -> None:
    response = save(client, enrolment)
    assert "messages" not in response.cookies
    assert "sessionid" not in response.cookies


@pytest.mark.parametrize(
    ("text", "says", "shown"),
    [
        ("x" * 20_001, "20,001", "x" * 20_001),
        ("lone \ud800", "", None),
    ],
)
def test_text_that_cannot_be_kept_stays_on_the_page(
    client: Client, enrolment: Enrolment, text: str, says: str, shown: str | None
) -> None:
    if shown is None:
        # Bytes that are no UTF-8, as only a broken client sends: what arrives is U+FFFD, and kept.
        body = b"base_revision=0&text=lone+%ED%A0%80"
        kind = "application/x-www-form-urlencoded"
        assert client.post(url("question", enrolment, 1), body, content_type=kind).status_code == 302
        assert Answer.objects.get().text == "lone ���"
        return
    response = save(client, enrolment, text=text)
    page = response.content.decode()
    assert response.status_code == 422
    assert says in page
    assert shown in page
    assert "<title>Error:" in page
    assert 'href="#answer"' in page
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "</textarea><b>", "\n\nleading", "\u202eright-to-left שלום", "&amp;"],
)
def test_question_shows_exactly_what_was_typed(client: Client, enrolment: Enrolment, text: str) -> None:
    save(client, enrolment, text=text)
    page = client.get(url("question", enrolment, 1)).content.decode()
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f">\n{escaped}</textarea>" in page
    assert Answer.objects.get().text == text


def test_stale_save_shows_both_texts_and_one_press_settles_it(client: Client, enrolment: Enrolment) -> None:
    save(client, enrolment, text="From the phone.")
    response = save(client, enrolment, text="From the laptop.")
    page = response.content.decode()
    assert response.status_code == 409
    assert "From the phone." in page
    assert "From the laptop." in page
    assert 'name="base_revision" value="1"' in page
    mine = save(client, enrolment, text="From the laptop.", base_revision="1", choice="mine", then="check")
    assert mine.headers["Location"] == f"{url('check', enrolment)}?saved=1"
    assert Answer.objects.get().text == "From the laptop."


def test_stale_save_can_keep_what_was_saved_or_both(client: Client, enrolment: Enrolment) -> None:
    save(client, enrolment, text="One.")
    assert save(client, enrolment, text="Two.", base_revision="1", choice="saved").status_code == 302
    assert Answer.objects.get().text == "One."
    both = save(client, enrolment, text="Two.", kept="One.", base_revision="1", choice="both")
    assert both.headers["Location"] == f"{url('question', enrolment, 1)}?saved=1"
    answer = Answer.objects.get()
    assert (answer.text, answer.finished_at) == ("One.\n\nTwo.", None)


def test_stale_save_is_found_again_while_one_chooses(client: Client, enrolment: Enrolment) -> None:
    save(client, enrolment, text="One.")
    save(client, enrolment, text="Two.", base_revision="1")
    again = save(client, enrolment, text="Three.", base_revision="1", choice="mine")
    assert again.status_code == 409
    assert "Two." in again.content.decode()


@pytest.mark.parametrize("base", ["", "x", "-1", "9" * 5000, "²", "1.0"])
def test_form_without_a_usable_revision_overwrites_nothing(
    client: Client, enrolment: Enrolment, base: str
) -> None:
    save(client, enrolment, text="One.")
    assert save(client, enrolment, text="Two.", base_revision=base).status_code == 409
    assert Answer.objects.get().text == "One."


def test_save_after_closing_gives_back_what_was_typed(client: Client, enrolment: Enrolment) -> None:
    save(client, enrolment, text="One.")
    factories.sitting(enrolment.course, closed=True)
    response = save(client, enrolment, text="Typed too late.", base_revision="1")
    assert response.status_code == 409
    assert "Typed too late." in response.content.decode()
    assert "Answering is closed" in response.content.decode()
    assert Answer.objects.get().text == "One."


def test_save_after_submitting_shows_the_way_to_the_receipt(client: Client, enrolment: Enrolment) -> None:
    submitted(enrolment)
    response = save(client, enrolment, text="Typed too late.", base_revision="1")
    assert response.status_code == 409
    assert "Typed too late." in response.content.decode()
    assert url("receipt", enrolment) in response.content.decode()


def test_check_asks_for_every_blank_by_itself(client: Client, enrolment: Enrolment) -> None:
    page = client.get(url("check", enrolment)).content.decode()
    assert page.count('type="checkbox"') == 2
    response = client.post(url("check", enrolment), {"blank_1": "on"})
    page = response.content.decode()
    assert "Answer question 2, or tick that you leave it blank." in page
    assert 'href="#id_blank_2"' in page
    assert "<title>Error:" in page
    # What was ticked stays ticked.
    assert page.count(" checked") == 1
    assert not Answer.objects.exists()
    response = client.post(url("check", enrolment), {"blank_1": "on", "blank_2": "on"})
    assert response.headers["Location"] == url("submit", enrolment)
    assert Answer.objects.filter(blank_confirmed_at__isnull=False).count() == 2
    assert "You leave questions 1, 2 blank." in client.get(url("submit", enrolment)).content.decode()


def test_submit_page_waits_for_answers_and_for_the_declaration(client: Client, enrolment: Enrolment) -> None:
    assert client.get(url("submit", enrolment)).headers["Location"] == url("check", enrolment)
    answer_all(enrolment)
    page = client.get(url("submit", enrolment)).content.decode()
    for words in ("the manual", "your own notes", "artificial intelligence", "nothing can change"):
        assert words in page
    refused = declare(client, enrolment)
    assert refused.status_code == 422
    assert "Tick the box" in refused.content.decode()
    assert Submission.objects.get().submitted_at is None


def test_submit_sent_twice_is_one_receipt(client: Client, enrolment: Enrolment) -> None:
    """The same form again, or another from a second tab: the same receipt, one letter."""
    answer_all(enrolment)
    key = str(uuid4())
    leads = {
        declare(client, enrolment, declared="on", idempotency_key=each).headers["Location"]
        for each in (key, key, str(uuid4()))
    }
    assert leads == {url("receipt", enrolment)}
    assert OutgoingEmail.objects.count() == 1


def test_submit_with_a_blank_that_nobody_confirmed_is_refused(client: Client, enrolment: Enrolment) -> None:
    save(client, enrolment)
    response = declare(client, enrolment, declared="on")
    assert response.status_code == 409
    assert "Question 2 is not answered" in response.content.decode()


def test_marking_date_is_told_on_the_receipt(client: Client, enrolment: Enrolment) -> None:
    submitted(enrolment)
    today = timezone.localdate()
    actions.tell_marking_date(course=enrolment.course, on=today, by=factories.trainer_of(enrolment.course))
    assert f"by {today:%-d %B %Y}" in client.get(url("receipt", enrolment)).content.decode()


def test_late_answer_to_a_plain_form_is_said_to_be_kept_where_it_is(
    client: Client, enrolment: Enrolment
) -> None:
    assert save(client, enrolment).status_code == 302
    factories.sitting(enrolment.course, closed=True)
    late = save(client, enrolment, text="Mine, and later.", base_revision="1")
    assert late.status_code == 409
    page = late.content.decode()
    assert "This came too late" in page
    assert "on this page alone" not in page
    assert f'href="{url("earlier", enrolment, 1)}"' in page
    assert "Mine, and later." in client.get(url("earlier", enrolment, 1)).content.decode()
    assert Answer.objects.get().text == "Mine."


def test_late_answer_of_somebody_who_never_began_is_said_to_be_nowhere_else(
    client: Client, enrolment: Enrolment
) -> None:
    factories.sitting(enrolment.course, closed=True)
    page = save(client, enrolment).content.decode()
    assert "This was not saved" in page
    assert "on this page alone" in page


def test_receipt_and_letter_say_the_time_as_pages_do(client: Client, enrolment: Enrolment) -> None:
    submission = submitted(enrolment)
    page = client.get(url("receipt", enrolment)).content.decode()
    letter = OutgoingEmail.objects.get(subject="We have your answers").text
    at = timezone.localtime(submission.submitted_at, enrolment.course.zone)
    for said in (page, letter):
        assert f"{at:%H:%M:%S} (London\N{NO-BREAK SPACE}time)" in said
        assert "Europe/London" not in said
