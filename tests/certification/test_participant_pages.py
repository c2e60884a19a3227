"""The participant's page of one course and their feedback: in words, in order, for them alone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.models import OutgoingEmail, Person
from assessments.answering.participation import FINISHED_WITHOUT
from assessments.states import Outcome
from certification.actions import open_follow_up, read_feedback, record_step
from certification.models import FollowUp
from courses.models import Enrolment
from tests import factories
from tests.certification import outcomes, test_disclosure
from tests.pages import flat

pytestmark = pytest.mark.django_db

SENSITIVE = ("TOLD-PARTICIPANT", "TOLD-COMMISSIONER", "INTERNAL-NOTE", "WHAT-WAS-SAID")


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(enrolment: Enrolment, name: str = "my_course", person: Person | None = None) -> Any:
    return signed_in(person or enrolment.person).get(reverse(f"certification:{name}", args=[enrolment.uuid]))


def send(enrolment: Enrolment, do: str, **said: str) -> Any:
    url = reverse("certification:my_feedback", args=[enrolment.uuid])
    return signed_in(enrolment.person).post(url, {"do": do, "idempotency_key": str(uuid.uuid4()), **said})


@pytest.mark.parametrize(
    ("stage", "heading"),
    [
        (test_disclosure.before, "You are enrolled"),
        (test_disclosure.running, "The course is running"),
        (test_disclosure.answering, "The questions are open"),
        (test_disclosure.nothing_sent, "You handed in no answers"),
        (test_disclosure.submitted, "Your answers are being marked"),
        (test_disclosure.competent, "With The AIM Project: do not use the model yet"),
        (test_disclosure.returned, "With The AIM Project: do not use the model yet"),
        (test_disclosure.not_yet_unread, "Your feedback is ready to read"),
        (test_disclosure.not_yet_read, "Not yet competent"),
        (test_disclosure.not_assessed_read, "Not assessed"),
        (test_disclosure.certified, "You are certified as competent"),
        (test_disclosure.revoked, "Your certificate is no longer valid"),
        (test_disclosure.withdrawn, "You are no longer on this course"),
        (test_disclosure.cancelled, "This course is cancelled"),
    ],
)
def test_page_says_where_it_stands(stage: Callable[[], Enrolment], heading: str) -> None:
    made = stage()
    response = page(made)
    assert response.status_code == 200
    assert f'<h2 id="standing">{heading}</h2>' in flat(response.text)
    assert not any(word in response.content.decode() for word in SENSITIVE)


def test_page_leads_to_submitting_what_was_saved_before_answering_closed() -> None:
    made = test_disclosure.nothing_sent()
    check = reverse("assessments:check", args=[made.uuid])
    assert check not in page(made).content.decode()
    factories.submission(made, submitted=False, answers=["A draft."])
    shown = page(made).content.decode()
    assert '<h2 id="standing">Your answers are not submitted yet</h2>' in shown
    assert f'href="{check}"' in shown
    assert "You handed in no answers" not in shown


@pytest.mark.parametrize(
    ("stage", "is_to_come"),
    [
        (test_disclosure.before, True),
        (test_disclosure.answering, True),
        (test_disclosure.nothing_sent, True),
        (test_disclosure.submitted, True),
        (test_disclosure.competent, False),
        (test_disclosure.not_yet_unread, False),
        (test_disclosure.certified, False),
        (test_disclosure.withdrawn, False),
        (test_disclosure.cancelled, False),
    ],
)
def test_page_says_what_is_expected_only_of_whom_it_is_still_expected(
    stage: Callable[[], Enrolment], is_to_come: bool
) -> None:
    made = stage()
    shown = page(made).content.decode()
    assert ("Come to every session, from beginning to end." in shown) is is_to_come
    is_off = made.withdrawn_at is not None or made.course.cancelled_at is not None
    for words in ("<h2>Sessions</h2>", "How it meets", "Who is told your result"):
        assert (words in shown) is not is_off


@pytest.mark.parametrize(
    ("stage", "is_offered"),
    [
        (test_disclosure.before, True),
        (test_disclosure.running, True),
        (test_disclosure.answering, True),
        (test_disclosure.submitted, False),
        (test_disclosure.nothing_sent, False),
        (test_disclosure.competent, False),
        (test_disclosure.withdrawn, False),
    ],
)
def test_giving_up_the_place_is_offered_only_until_answers_are_in_or_the_course_was_held(
    stage: Callable[[], Enrolment], is_offered: bool
) -> None:
    made = stage()
    leaving = reverse("courses:enrolment_withdraw", args=[made.course.uuid, made.uuid])
    assert (leaving in page(made).text) is is_offered
    # The page of the course leads to one's own place, and offers nothing beside it.
    hub = signed_in(made.person).get(reverse("courses:detail", args=[made.course.uuid])).text
    assert reverse("certification:my_course", args=[made.uuid]) in hub
    assert leaving not in hub


def test_page_asks_the_same_few_questions_of_the_database_at_every_stage() -> None:
    counts = set()
    for stage in (
        test_disclosure.before,
        test_disclosure.competent,
        test_disclosure.not_yet_opened,
        test_disclosure.not_yet_read,
        test_disclosure.submitted,
    ):
        made = stage()
        client = signed_in(made.person)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("certification:my_course", args=[made.uuid]))
        counts.add(len(asked))
    assert counts == {8}


def test_trainers_words_stand_beside_the_certificate() -> None:
    course = factories.course()
    made = factories.enrolment(course, attended=True)
    marking = factories.marking(factories.submission(made), finalised=True)
    factories.recommendation(made, marking=marking, told_participant="Well argued throughout.")
    assert "Well argued" not in page(made).content.decode()
    outcomes.decided(made)
    assert "Well argued" in page(made).content.decode()


def test_only_the_person_opens_their_page() -> None:
    course = factories.course()
    made = outcomes.released(course).enrolment
    other = factories.enrolment(factories.course()).person
    statuses = {
        "own": made.person,
        "another": other,
        "commissioner": factories.commissioner(course.organisation),
        "trainer": factories.trainer_of(course),
        "admin": factories.admin(),
    }
    expected = {"own": 200, "another": 404, "commissioner": 403, "trainer": 403, "admin": 403}
    for name in ("my_course", "my_feedback"):
        assert {role: page(made, name, person).status_code for role, person in statuses.items()} == expected


def test_feedback_before_there_is_any_is_refused_with_words() -> None:
    response = page(test_disclosure.competent(), "my_feedback")
    assert response.status_code == 409
    assert "There is no feedback for you to read yet" in response.content.decode()


def test_feedback_shows_nothing_until_it_is_opened_and_a_get_opens_nothing() -> None:
    made = test_disclosure.not_yet_unread()
    closed = page(made, "my_feedback").content.decode()
    assert "Read my feedback" in closed
    assert not any(word in closed for word in (*SENSITIVE, "Not yet competent"))
    follow_up = made.follow_ups.get()
    assert (follow_up.read_at, follow_up.released_at) == (None, None)


def test_opening_shows_feedback_and_what_the_sponsor_will_be_told_and_sends_nothing() -> None:
    course = factories.course()
    commissioner = factories.commissioner(course.organisation)
    made = outcomes.follow_up(course).enrolment
    OutgoingEmail.objects.all().delete()
    response = send(made, "read")
    assert response.status_code == 302
    opened = page(made, "my_feedback").content.decode()
    assert "TOLD-PARTICIPANT" in opened
    assert "TOLD-COMMISSIONER" in opened
    assert "Understanding of the model" in opened
    assert not any(word in opened for word in ("INTERNAL-NOTE", "WHAT-WAS-SAID"))
    assert "Nothing has gone to" in opened
    assert not OutgoingEmail.objects.exists()
    follow_up = made.follow_ups.get()
    results = signed_in(commissioner).get(reverse("certification:results", args=[course.uuid]))
    assert "Not yet competent" not in results.content.decode()
    assert (follow_up.read_at is not None, follow_up.released_at) == (True, None)


def test_open_page_says_by_when_it_goes_in_the_courses_zone() -> None:
    course = factories.course(time_zone="Pacific/Auckland")
    with time_machine.travel(datetime(2026, 11, 20, 2, tzinfo=ZoneInfo("UTC")), tick=False):
        made = outcomes.opened(course).enrolment
        text = page(made, "my_feedback").content.decode()
    assert (
        "If you have not sent it by 24 November 2026, 15:00 (Auckland\N{NO-BREAK SPACE}time), it is sent then"
        in text
    )


@pytest.mark.parametrize("comment", ["", "<b>I was ill.</b>"])
def test_sending_it_on_takes_the_comment_along(comment: str) -> None:
    course = factories.course()
    commissioner = factories.commissioner(course.organisation)
    follow_up = outcomes.opened(course)
    OutgoingEmail.objects.all().delete()
    response = send(follow_up.enrolment, "send", comment=comment)
    assert response.url == reverse("certification:my_feedback", args=[follow_up.enrolment.uuid])
    assert list(OutgoingEmail.objects.values_list("to_address", flat=True)) == [commissioner.email]
    read = signed_in(commissioner).get(reverse("certification:follow_up", args=[follow_up.uuid]))
    assert (escape(comment) or "None so far.") in read.content.decode()
    after = page(follow_up.enrolment, "my_feedback").content.decode()
    assert f"It went to {course.organisation.name} on" in after
    assert "Save my comment" in after
    assert "I have read it" not in after


def test_sending_it_on_twice_with_one_form_changes_nothing_more() -> None:
    course = factories.course()
    factories.commissioner(course.organisation)
    follow_up = outcomes.opened(course)
    OutgoingEmail.objects.all().delete()
    client, key = signed_in(follow_up.enrolment.person), str(uuid.uuid4())
    url = reverse("certification:my_feedback", args=[follow_up.enrolment.uuid])
    for comment in ("I was ill.", "I was on call."):
        assert client.post(url, {"do": "send", "idempotency_key": key, "comment": comment}).url == url
    follow_up.refresh_from_db()
    assert follow_up.comment == "I was ill."
    assert OutgoingEmail.objects.count() == 1


def test_sending_it_on_unopened_is_refused() -> None:
    made = test_disclosure.not_yet_unread()
    assert send(made, "send", comment="What is this?").status_code == 409
    assert made.follow_ups.get().released_at is None


def test_comment_that_is_too_long_sends_nothing_and_is_kept() -> None:
    follow_up = outcomes.opened(factories.course())
    response = send(follow_up.enrolment, "send", comment="x" * 4001)
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert "x" * 4001 in response.content.decode()
    follow_up.refresh_from_db()
    assert (follow_up.released_at, follow_up.comment) == (None, "")


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (test_disclosure.not_yet_unread, "You read it before"),
        (test_disclosure.not_yet_due_unread, "Your time to read it first has passed"),
        (test_disclosure.not_yet_opened, "Read your feedback and send it on"),
        (test_disclosure.not_yet_read, "Read your feedback again"),
    ],
)
def test_page_says_whether_the_sponsor_was_told(stage: Callable[[], Enrolment], words: str) -> None:
    assert words in page(stage()).content.decode()


def test_unread_feedback_promises_a_comment_only_until_its_follow_up_is_closed() -> None:
    made = test_disclosure.not_yet_due_unread()
    pages = ("my_course", "my_feedback")
    assert all("You can still add a comment" in page(made, name).content.decode() for name in pages)
    by, today = factories.admin(), timezone.localdate()
    record_step(follow_up=made.follow_ups.get(), done="Met.", done_on=today, closes=True, by=by)
    assert not any("You can still add a comment" in page(made, name).content.decode() for name in pages)


def test_opening_twice_with_one_form_changes_nothing_more() -> None:
    made = test_disclosure.not_yet_unread()
    client, key = signed_in(made.person), str(uuid.uuid4())
    url = reverse("certification:my_feedback", args=[made.uuid])
    first = client.post(url, {"do": "read", "idempotency_key": key})
    read_at = made.follow_ups.get().read_at
    again = client.post(url, {"do": "read", "idempotency_key": key})
    assert first.url == again.url == url
    assert made.follow_ups.get().read_at == read_at


def test_comment_is_saved_escaped_and_shown_to_the_sponsor() -> None:
    course = factories.course()
    follow_up = outcomes.released(course)
    assert (
        send(follow_up.enrolment, "comment", comment="<script>alert(1)</script> I was ill.").status_code
        == 302
    )
    commissioner = signed_in(factories.commissioner(course.organisation))
    text = commissioner.get(reverse("certification:follow_up", args=[follow_up.uuid])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; I was ill." in text
    assert "<script>alert" not in text


@pytest.mark.parametrize("comment", ["", "   ", "x" * 4001])
def test_bad_comment_is_answered_beside_the_field_and_kept(comment: str) -> None:
    follow_up = outcomes.released(factories.course())
    response = send(follow_up.enrolment, "comment", comment=comment)
    assert response.status_code == 422
    text = response.content.decode()
    assert "There is a problem" in text
    assert comment.strip() in text
    follow_up.refresh_from_db()
    assert follow_up.comment == ""


def test_comment_is_taken_back_by_emptying_it() -> None:
    course = factories.course()
    follow_up = outcomes.released(course)
    send(follow_up.enrolment, "comment", comment="I was ill.")
    for _press in range(2):
        answer = send(follow_up.enrolment, "comment", comment=" ")
    assert answer.status_code == 422  # there is none any more
    follow_up.refresh_from_db()
    assert (follow_up.comment, follow_up.commented_at) == ("", None)
    commissioner = signed_in(factories.commissioner(course.organisation))
    read = commissioner.get(reverse("certification:follow_up", args=[follow_up.uuid])).content.decode()
    assert "I was ill." not in read
    assert "None so far." in read


@pytest.mark.parametrize(
    ("stage", "named"),
    [
        (test_disclosure.running, True),
        (test_disclosure.not_yet_unread, False),
        (test_disclosure.revoked, False),
    ],
)
def test_name_on_a_certificate_is_shown_while_one_can_come(stage: Any, named: bool) -> None:
    assert ("Name on your certificate" in page(stage()).content.decode()) is named


def test_comment_before_reading_and_after_closing_is_refused() -> None:
    unread = test_disclosure.not_yet_unread()
    assert send(unread, "comment", comment="What is this?").status_code == 409
    follow_up = outcomes.released(factories.course())
    record_step(
        follow_up=follow_up, done="Met.", done_on=timezone.localdate(), closes=True, by=factories.admin()
    )
    assert send(follow_up.enrolment, "comment", comment="Too late?").status_code == 409
    assert list(FollowUp.objects.values_list("comment", flat=True)) == ["", ""]


def test_unknown_request_changes_nothing() -> None:
    made = test_disclosure.not_yet_unread()
    assert send(made, "everything").status_code == 400
    assert made.follow_ups.get().read_at is None


def test_self_funded_reads_it_alone_and_keeps_their_own_follow_up() -> None:
    course = factories.course()
    follow_up = outcomes.follow_up(course, sponsor=None)
    made = follow_up.enrolment
    url = reverse("certification:follow_up", args=[follow_up.uuid])
    client = signed_in(made.person)
    assert client.get(url).status_code == 409
    send(made, "read")
    opened = page(made, "my_feedback").content.decode()
    assert "nothing goes to anyone else" in opened
    assert client.get(url).status_code == 409
    send(made, "send", comment="I will try again.")
    assert "TOLD-PARTICIPANT" in opened
    assert "TOLD-COMMISSIONER" not in opened
    assert client.get(url).status_code == 200
    step = {"done": "Read the manual again.", "done_on": timezone.localdate().isoformat(), "closes": "yes"}
    assert client.post(url, {**step, "idempotency_key": str(uuid.uuid4())}).status_code == 302
    follow_up.refresh_from_db()
    assert follow_up.closed_by == made.person


def test_not_assessed_can_be_read_like_any_outcome() -> None:
    made = outcomes.released(factories.course(), outcome=Outcome.NOT_ASSESSED).enrolment
    assert "Left before the end" in page(made, "my_feedback").content.decode()


def test_not_assessed_without_answers_is_told_whom_to_speak_to() -> None:
    """Also while the room is open again: nobody is sent to questions that take no answer from them."""
    course = factories.course()
    factories.sitting(course)
    made = factories.enrolment(course)
    recommendation = factories.recommendation(made, outcome=Outcome.NOT_ASSESSED)
    follow_up = open_follow_up(recommendation=recommendation, by=recommendation.recommended_by)
    questions = reverse("assessments:task_list", args=[made.uuid])
    for reads in (lambda: None, lambda: read_feedback(follow_up=follow_up, by=made.person)):
        reads()
        shown = page(made).content.decode()
        assert str(FINISHED_WITHOUT) in shown
        assert questions not in shown
