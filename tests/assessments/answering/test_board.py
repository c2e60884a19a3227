"""The live board: what it says of everybody, what it never says, and what it costs."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from assessments import locks
from assessments.answering import actions
from assessments.answering.boards import Board, board_of
from assessments.models import Seat, Sitting
from courses.models import Course, Enrolment
from tests import factories
from tests.statements import statements

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def course() -> Course:
    course = factories.course()
    factories.sitting(course)
    return course


def named(course: Course, name: str) -> Enrolment:
    return factories.enrolment(course, factories.PersonFactory.create(name=name))


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(course: Course) -> str:
    return reverse("assessments:board", args=[course.uuid])


def state(client: Client, enrolment: Enrolment) -> dict[str, Any]:
    found: dict[str, Any] = client.get(reverse("assessments:state", args=[enrolment.uuid])).json()
    return found


def board(course: Course, **options: Any) -> Board:
    return board_of(course, Sitting.objects.get(course=course), course.pin.version, **options)


def seat(course: Course, name: str) -> Any:
    return next(seat for seat in board(course).seats if seat.name == name)


def save(enrolment: Enrolment, number: int, text: str = "SECRET", *, finished: bool = True) -> None:
    actions.save_answer(
        enrolment=enrolment, number=number, text=text, base_revision=0, finished=finished, by=enrolment.person
    )


def test_board_shows_each_question_of_each_person_and_no_word(course: Course) -> None:
    for name in ("Ann", "Ben", "Cas", "Dee"):
        named(course, name)
    ann, ben, cas, dee = Enrolment.objects.filter(course=course).order_by("person__name")
    save(ben, 1, finished=False)
    save(cas, 1)
    actions.confirm_blank(enrolment=cas, number=2, by=cas.person)
    save(dee, 1)
    save(dee, 2)
    actions.submit(enrolment=dee, declared=True, by=dee.person)
    told = {each.name: ([step.code for step in each.steps], each.state) for each in board(course).seats}
    assert told == {
        "Ann": (["none", "none"], "Not started"),
        "Ben": (["progress", "none"], "0 of 2 completed"),
        "Cas": (["done", "blank"], "2 of 2 completed"),
        "Dee": (["done", "done"], "Submitted"),
    }
    text = signed_in(factories.trainer_of(course)).get(address(course)).content.decode()
    assert "SECRET" not in text
    for words in ("Not started", "In progress", "Completed", "Left blank", "Saved just now", ann.person.name):
        assert words in text


def test_board_says_how_long_ago_by_the_servers_clock(course: Course) -> None:
    ann = named(course, "Ann")
    assert seat(course, "Ann").connection == "Not seen yet"
    client, now = signed_in(ann.person), timezone.now()
    save(ann, 1)
    state(client, ann)
    assert (seat(course, "Ann").connection, seat(course, "Ann").is_here) == ("Connected", True)
    for later, connection_, saved in (
        (timedelta(seconds=29), "Connected", "Saved just now"),
        (timedelta(seconds=45), "Not seen for under a minute", "Saved just now"),
        (4.5 * MINUTE, "Not seen for 4 minutes", "Saved 4 minutes ago"),
        (90 * MINUTE, "Not seen since", "Saved at"),
    ):
        with time_machine.travel(now + later):
            found = seat(course, "Ann")
            assert found.connection.startswith(connection_)
            assert found.saved.startswith(saved)


def test_board_says_once_of_which_place_its_times_are() -> None:
    course = factories.course(time_zone="Australia/Sydney")
    factories.sitting(course, closes_at=timezone.now() + 10 * MINUTE)
    ann = named(course, "Ann")
    save(ann, 1)
    state(signed_in(ann.person), ann)
    trainer = factories.trainer_of(course)
    with time_machine.travel(timezone.now() + 90 * MINUTE):
        page = signed_in(trainer).get(address(course)).content.decode()
    assert page.count("All times are Sydney time.") == 1
    assert re.search(r"Answering closed at [^<]*\d\d:\d\d \(Sydney\stime\)", page)
    assert re.search(r"Not seen since [^<(]*\d\d:\d\d<", page)
    # Its script says times in that zone too.
    assert 'data-zone="Australia/Sydney"' in page
    assert 'data-place="Sydney\N{NO-BREAK SPACE}time"' in page


def test_a_page_is_seen_in_one_statement_and_at_most_every_few_seconds(course: Course) -> None:
    ann = named(course, "Ann")
    client, now = signed_in(ann.person), timezone.now()
    with time_machine.travel(now, tick=False):
        first = statements(lambda: state(client, ann))
        again = statements(lambda: state(client, ann))
    assert len(first) - len(again) == 1
    assert Seat.objects.get().seen_at == now
    with time_machine.travel(now + timedelta(seconds=10), tick=False):
        assert len(statements(lambda: state(client, ann))) == len(first)
    assert Seat.objects.get().seen_at == now + timedelta(seconds=10)


def test_help_is_asked_for_shown_answered_and_taken_back(course: Course) -> None:
    ann = named(course, "Ann")
    client, trainer = signed_in(ann.person), signed_in(factories.trainer_of(course))
    help_ = reverse("assessments:help", args=[ann.uuid])
    assert client.post(help_).headers["Location"] == reverse("assessments:task_list", args=[ann.uuid])
    assert state(client, ann)["help_wanted"] is True
    assert "You asked for help at" in client.get(help_, headers={"HX-Request": "true"}).content.decode()
    now = timezone.now()
    with time_machine.travel(now + 3.5 * MINUTE):
        client.post(help_)
        waiting = board(course).wanting_help
        assert [(each.name, each.waits, each.waits_words) for each in waiting] == [
            ("Ann", 3, "for 3 minutes")
        ]
        page = trainer.get(address(course)).content.decode()
        assert "for 3 minutes" in page
        helped = reverse("assessments:helped", args=[course.uuid, ann.uuid])
        assert trainer.post(helped).headers["Location"] == address(course)
        trainer.post(helped)
        assert not board(course).wanting_help
        assert state(client, ann)["help_wanted"] is False
        task_list = client.get(reverse("assessments:task_list", args=[ann.uuid])).content.decode()
        assert "Your trainer knows" in task_list
    client.post(help_, {"then": "no_help"})
    assert Seat.objects.values_list("help_wanted_at", "help_answered_by").get() == (None, None)


def test_help_without_a_script_saves_the_answer_first(course: Course) -> None:
    ann = named(course, "Ann")
    client = signed_in(ann.person)
    url = reverse("assessments:question", args=[ann.uuid, 1])
    response = client.post(url, {"text": "What I have.", "base_revision": "0", "then": "help"})
    assert response.headers["Location"].startswith(url)
    assert ann.submissions.get().answers.get().text == "What I have."
    assert ann.submissions.get().answers.get().finished_at is None
    assert [each.name for each in board(course).wanting_help] == ["Ann"]


@pytest.mark.parametrize("when", ["before the release", "after submitting", "withdrawn", "cancelled"])
def test_help_at_the_wrong_time_is_refused_in_words(when: str) -> None:
    course = factories.course()
    ann = named(course, "Ann")
    if when == "after submitting":
        factories.sitting(course)
        factories.submission(ann)
    elif when == "withdrawn":
        ann.withdrawn_at, ann.withdrawn_by = timezone.now(), ann.person
        ann.save()
    elif when == "cancelled":
        course.cancelled_at, course.cancelled_by = timezone.now(), course.created_by
        course.save()
    with pytest.raises((actions.HelpNotNow, actions.NotTakingPart)) as refused:
        actions.ask_for_help(enrolment=ann.uuid, by=ann.person)
    assert str(refused.value.message)
    assert not Seat.objects.filter(help_wanted_at__isnull=False).exists()


def test_nobody_asks_for_another_or_answers_without_training(course: Course) -> None:
    ann, ben = named(course, "Ann"), named(course, "Ben")
    with pytest.raises(actions.NotTheirs):
        actions.ask_for_help(enrolment=ann.uuid, by=ben.person)
    actions.ask_for_help(enrolment=ann.uuid, by=ann.person)
    for by in (ben.person, factories.admin()):
        with pytest.raises((locks.OwnWork, locks.NotTheTrainer)):
            actions.answer_help(enrolment=ann, by=by)
    for statement in (
        "DELETE FROM assessments_seat",
        "UPDATE assessments_seat SET help_wanted_at = NULL, help_answered_at = now()",
        "UPDATE assessments_seat SET help_answered_at = now()",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_own_time_is_shown_to_trainers_and_to_no_wall(course: Course) -> None:
    ann = named(course, "Ann Longer")
    factories.sitting(course, closes_at=timezone.now() + 10 * MINUTE)
    trainer = factories.trainer_of(course)
    actions.grant_extra_time(enrolment=ann, minutes=20, reason="REASON", by=trainer)
    client = signed_in(trainer)
    page = client.get(address(course)).content.decode()
    assert re.search(r"Until \d", page)
    wall = client.get(address(course) + "?names=without").content.decode()
    for words in ("Ann Longer", "REASON", str(ann.uuid)):
        assert words not in wall
    assert not re.search(r"Until \d", wall)
    assert "Person 1" in wall
    own = reverse("assessments:person", args=[course.uuid, ann.uuid])
    assert "REASON" in client.get(own).content.decode()
    assert trainer.name in client.get(own).content.decode()
    for page_ in ("task_list", "check"):
        assert (
            "REASON"
            not in signed_in(ann.person)
            .get(reverse(f"assessments:{page_}", args=[ann.uuid]))
            .content.decode()
        )


# --- What it costs ------------------------------------------------------------------------------------


def crowd(course: Course, people: int) -> None:
    for number in range(people):
        enrolment = factories.enrolment(course)
        factories.submission(enrolment, submitted=number % 3 == 0)
        Seat.objects.create(enrolment=enrolment, seen_at=timezone.now())


@pytest.mark.whole_run
@pytest.mark.parametrize("people", [1, 3, 300])
def test_board_takes_one_statement_beside_who_asks_and_304_no_more(course: Course, people: int) -> None:
    crowd(course, people)
    client = signed_in(factories.trainer_of(course))
    with time_machine.travel(timezone.now(), tick=False):
        tag = client.get(address(course)).headers["ETag"]
        asked = {"HX-Request": "true", "If-None-Match": tag}
        whole = statements(lambda: client.get(address(course), headers={"HX-Request": "true"}))
        same = statements(lambda: client.get(address(course), headers=asked))
        # Session, person, their two kinds of role, the course with its day and case study, what they are
        # to it; and the board.
        assert (len(whole), len(same)) == (6, 6)
        about_board = [each for each in same if "assessments_answer" in each]
        assert len(about_board) == 1
        assert client.get(address(course), headers=asked).status_code == 304


def test_board_is_another_only_where_it_would_look_otherwise(course: Course) -> None:
    ann = named(course, "Ann")
    client, pupil, now = signed_in(factories.trainer_of(course)), signed_in(ann.person), timezone.now()

    def ask(tag: str, at: timedelta) -> Any:
        with time_machine.travel(now + at, tick=False):
            return client.get(address(course), headers={"HX-Request": "true", "If-None-Match": tag})

    with time_machine.travel(now, tick=False):
        save(ann, 1)
        state(pupil, ann)
    first = ask("", timedelta(0))
    assert first.status_code == 200
    text = first.content.decode()
    assert json.dumps(first.headers["ETag"]) in text.replace("&quot;", '"')
    assert "<html" not in text
    # They are seen again: the board looks the same.
    with time_machine.travel(now + timedelta(seconds=20), tick=False):
        state(pupil, ann)
    unchanged = ask(first.headers["ETag"], timedelta(seconds=25))
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    with time_machine.travel(now + timedelta(seconds=26), tick=False):
        actions.ask_for_help(enrolment=ann.uuid, by=ann.person)
    changed = ask(first.headers["ETag"], timedelta(seconds=27))
    assert changed.status_code == 200
    assert "Ann" in changed.content.decode()
    assert ask(changed.headers["ETag"], timedelta(seconds=120)).status_code == 200
    assert client.get(address(course)).headers["Cache-Control"].count("no-store") == 1


# --- The pages of the room ------------------------------------------------------------------------------


def press(client: Client, name: str, *about: Any, **data: Any) -> Any:
    return client.post(reverse(f"assessments:{name}", args=about), {"idempotency_key": str(uuid4()), **data})


def test_trainer_plans_warns_gives_time_and_opens_again_from_the_page(course: Course) -> None:
    factories.sitting(course, opened=False)
    client, room = signed_in(factories.trainer_of(course)), reverse("assessments:room", args=[course.uuid])
    ann = named(course, "Ann")

    def text() -> str:
        return client.get(room).content.decode()

    refused = press(client, "open", course.uuid, minutes="soon").content.decode()
    assert "Enter a whole number of minutes" in refused
    assert 'href="#id_minutes"' in refused
    press(client, "open", course.uuid, minutes="30")
    assert "(planned: 30 minutes)" in text()
    assert "in 30 minutes" in text()
    seen = Sitting.objects.get().closes_at
    assert seen is not None
    for _ in range(2):
        press(client, "more_time", course.uuid, 10, ends_at=seen.isoformat())
    assert Sitting.objects.get().closes_at == seen + 10 * MINUTE
    for nonsense in ("", "soon", "\x00", "2026-13-45T99:99", "2026-11-26T10:00:00"):
        assert press(client, "more_time", course.uuid, 10, ends_at=nonsense).status_code == 409
    assert press(client, "close_soon", course.uuid, 2).status_code == 302
    assert "in 2 minutes" in text()
    pupil = signed_in(ann.person).get(reverse("assessments:task_list", args=[ann.uuid])).content.decode()
    assert "That is in 2 minutes." in pupil
    assert press(client, "close_soon", course.uuid, 9999).status_code == 409
    with time_machine.travel(timezone.now() + 3 * MINUTE):
        client.force_login(factories.trainer_of(course))
        assert "at its planned end" in text()
        assert "declare it and submit it, but not change it" in text()
        assert "Say why." in press(client, "reopen", course.uuid).content.decode()
        press(client, "reopen", course.uuid, reason="The bus was late.", minutes="15")
        assert "The bus was late." in text()
        assert Sitting.objects.get().is_open


def test_answering_again_is_offered_where_it_would_give_them_something(course: Course) -> None:
    factories.sitting(course)
    ann, client = named(course, "Ann"), signed_in(factories.trainer_of(course))
    page = reverse("assessments:person", args=(course.uuid, ann.uuid))

    def offers() -> tuple[bool, bool]:
        html = client.get(page).content.decode()
        return "Give them extra time" in html, "Let them answer again" in html

    assert offers() == (True, False)
    factories.submission(ann)
    assert offers() == (False, True)
    trainer, until = factories.trainer_of(course), timezone.now() + 40 * MINUTE
    actions.reopen_for_one(enrolment=ann, until=until, reason="Sent by mistake.", by=trainer)
    assert offers() == (True, False)
    factories.sitting(course, closed=True)
    assert offers() == (True, True)


def test_trainer_gives_one_person_time_from_their_page(course: Course) -> None:
    factories.sitting(course, closed=True)
    ann, client = named(course, "Ann"), signed_in(factories.trainer_of(course))
    factories.submission(ann)
    about = (course.uuid, ann.uuid)
    page = reverse("assessments:person", args=about)
    assert "Let them answer again" in client.get(page).content.decode()
    until = timezone.localtime(timezone.now() + 40 * MINUTE, course.zone)
    typed = {"day": f"{until:%Y-%m-%d}", "until": f"{until:%H:%M}"}
    for data, words in (
        ({**typed}, "Say why."),
        ({**typed, "day": "soon", "reason": "R"}, "Enter a date that exists"),
        ({**typed, "until": "99:99", "reason": "R"}, "Enter a time"),
        ({**typed, "day": "2026-01-01", "reason": "R"}, "This moment has passed"),
    ):
        text = press(client, "reopen_for_one", *about, **data).content.decode()
        assert words in text
        assert "<title>Error:" in text
    for data, words in (
        ({"minutes": "5", "reason": "R"}, "They have submitted"),
        ({"minutes": "0", "reason": "R"}, "whole number of minutes"),
    ):
        assert words in press(client, "extra_time", *about, **data).content.decode()
    key = str(uuid4())
    for _ in range(2):
        response = press(
            client, "reopen_for_one", *about, **typed, reason="Sent by mistake.", idempotency_key=key
        )
        assert response.headers["Location"] == page
    assert ann.time_grants.count() == 1
    text = client.get(page).content.decode()
    assert "Sent by mistake." in text
    assert "Answering is open again" in text
    other = factories.course()
    assert client.get(reverse("assessments:person", args=[other.uuid, ann.uuid])).status_code == 404
    assert client.get(reverse("assessments:person", args=[course.uuid, uuid4()])).status_code == 404


def test_marks_of_an_earlier_attempt_are_shown_beside_and_not_saved(course: Course) -> None:
    ann, trainer = named(course, "Ann"), factories.trainer_of(course)
    first = factories.submission(ann)
    client = signed_in(trainer)
    url = reverse("assessments:mark", args=[course.uuid, ann.uuid])
    assert f'name="submission" value="{first.uuid}"' in client.get(url).content.decode()
    actions.reopen_for_one(
        enrolment=ann, until=timezone.now() + 10 * MINUTE, reason="Sent by mistake.", by=trainer
    )
    second = factories.submission(ann)
    typed = {"revision": "0", "submission": str(first.uuid), "judged_1_1": "met", "then": "here"}
    response = client.post(url, typed)
    assert response.status_code == 409
    assert "Other answers were submitted" in response.content.decode()
    assert not second.markings.exists()
    assert client.post(url, typed | {"submission": str(second.uuid)}).status_code == 302
    assert second.markings.exists()
