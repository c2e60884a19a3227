"""An equivalent session that another Associate held: it is asked of them, and they say whether it is so."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from courses.actions import (
    Entry,
    NotAskedOf,
    NotTheirRegister,
    OutcomeIsFinal,
    ReasonNeeded,
    RegisterRefused,
    answer_make_up,
    ask_make_up,
    record_make_up,
    take_register,
)
from courses.models import Course, Enrolment, MakeUpRequest, RegisterEntry
from courses.states import Presence
from courses.waiting import waiting_for
from tests import factories as make
from tests.courses.factories import NOON, fresh, letters_to, running
from tests.courses.pages import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


@pytest.fixture
def course() -> Course:
    return running()


@pytest.fixture
def enrolment(course: Course) -> Enrolment:
    return make.enrolment(course, certificate_name="Ann Able")


@pytest.fixture
def entry(course: Course, enrolment: Enrolment) -> RegisterEntry:
    absent = Entry(enrolment, Presence.ABSENT)
    return take_register(session=course.sessions.get(number=1), entries=[absent], by=make.trainer_of(course))[
        0
    ]


@pytest.fixture
def holder(course: Course) -> Person:
    """Who held the equivalent session: licensed for the programme, in another country."""
    return make.associate(course.programme, "IE", name="Hal Holder")


def asked(entry: RegisterEntry, holder: Person, **said: object) -> MakeUpRequest:
    given = {
        "made_up_on": timezone.localdate(),
        "made_up_how": "In York",
        "by": make.trainer_of(entry.course),
    }
    return ask_make_up(entry=entry, associate=holder, **{**given, **said})  # type: ignore[arg-type]


def finalised(enrolment: Enrolment) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(outcome_finalised_at=timezone.now())


def lines(person: Person) -> list[str]:
    return [one.words for one in waiting_for(fresh(person)) if "made up" in one.words]


def test_associate_who_held_it_is_asked_and_their_word_counts(entry, enrolment, holder):
    request = asked(entry, holder)
    assert asked(entry, holder) == request
    assert len(letters_to(holder.email)) == 1
    assert lines(holder) == [f"Say whether somebody made up a session with you: {entry.course.title}"]
    done = answer_make_up(request=request, confirmed=True, by=holder)
    assert answer_make_up(request=request, confirmed=True, by=holder).answered_at == done.answered_at
    entry.refresh_from_db()
    assert (entry.made_up_by, entry.made_up_on, entry.is_met) == (holder, timezone.localdate(), True)
    assert lines(holder) == []
    assert len(letters_to(make.trainer_of(entry.course).email)) == 1


def test_associate_says_no_and_what_is_not_so(entry, holder):
    request = asked(entry, holder)
    with pytest.raises(ReasonNeeded):
        answer_make_up(request=request, confirmed=False, by=holder, because=" ")
    answer_make_up(request=request, confirmed=False, by=holder, because="I held none that day.")
    with pytest.raises(NotAskedOf):
        answer_make_up(request=request, confirmed=True, by=holder)
    entry.refresh_from_db()
    assert not entry.is_met
    assert lines(holder) == []
    other = make.associate(entry.course.programme)
    assert asked(entry, other) != request


def test_asking_somebody_else_takes_the_first_question_back(entry, holder):
    first, other = asked(entry, holder), make.associate(entry.course.programme)
    asked(entry, other)
    assert lines(holder) == []
    with pytest.raises(NotAskedOf):
        answer_make_up(request=first, confirmed=True, by=holder)
    with pytest.raises(IntegrityError), transaction.atomic():
        MakeUpRequest.objects.filter(pk=first.pk).update(withdrawn_at=None, withdrawn_by=None)


def test_nobody_else_answers_or_asks(entry, holder):
    request, stranger = asked(entry, holder), make.associate(entry.course.programme)
    for by in (stranger, make.trainer_of(entry.course), make.admin()):
        with pytest.raises(NotAskedOf):
            answer_make_up(request=request, confirmed=True, by=by)
    with pytest.raises(NotTheirRegister):
        asked(entry, holder, by=stranger)


def test_only_an_associate_licensed_for_the_programme_on_that_day_is_asked(entry, enrolment, holder):
    holder.licences.update(valid_until=timezone.localdate() - timedelta(days=1))
    for person in (holder, make.associate(make.ProgrammeFactory.create()), enrolment.person):
        with pytest.raises(RegisterRefused) as refused:
            asked(entry, person)
        assert refused.value.field == "associate"
    taking_part = make.associate(entry.course.programme)
    make.enrolment(entry.course, taking_part)
    with pytest.raises(RegisterRefused):
        asked(entry, taking_part)


def test_day_and_words_are_those_of_an_equivalent_session(entry, holder):
    for said in ({"made_up_on": timezone.localdate() + timedelta(days=1)}, {"made_up_how": " "}):
        with pytest.raises(RegisterRefused) as refused:
            asked(entry, holder, **said)
        assert refused.value.field in said


def test_register_says_of_an_absence_what_is_to_be_done_while_something_is(entry, enrolment, course):
    page = reverse("courses:register_session", args=[course.uuid, 1])
    trainer = signed_in(make.trainer_of(course))
    open_ = text(trainer.get(page))
    assert "Must be made up" in open_
    assert "Say how it was made up" in open_
    finalised(enrolment)
    final = text(trainer.get(page))
    assert "Not made up" in final
    assert "Read the entry" in final
    assert "Must be made up" not in final
    assert "Must be made up" in text(signed_in(make.admin()).get(page))


def test_once_finalised_an_admin_alone_asks_and_says_why(entry, enrolment, holder):
    trainer, early = make.trainer_of(entry.course), asked(entry, holder)
    finalised(enrolment)
    assert lines(holder) == []
    with pytest.raises(OutcomeIsFinal):
        answer_make_up(request=early, confirmed=True, by=holder)
    with pytest.raises(OutcomeIsFinal):
        record_make_up(entry=entry, made_up_on=timezone.localdate(), made_up_how="In York", by=trainer)
    with pytest.raises(OutcomeIsFinal):
        asked(entry, holder, reason="I forgot")
    admin = make.admin()
    with pytest.raises(ReasonNeeded):
        asked(entry, holder, by=admin)
    request = asked(entry, holder, by=admin, reason="The trainer told us")
    assert len(lines(holder)) == 1
    answer_make_up(request=request, confirmed=True, by=holder)
    entry.refresh_from_db()
    assert entry.made_up_by == holder


def test_what_one_associate_confirmed_another_does_not_overwrite(entry, holder):
    request = asked(entry, holder)
    record_make_up(
        entry=entry, made_up_on=timezone.localdate(), made_up_how="Here", by=make.trainer_of(entry.course)
    )
    assert lines(holder) == []
    with pytest.raises(RegisterRefused):
        answer_make_up(request=request, confirmed=True, by=holder)
    with pytest.raises(RegisterRefused):
        asked(entry, holder)


# --- Pages --------------------------------------------------------------------------------------------


def entry_url(entry: RegisterEntry) -> str:
    return reverse("courses:register_entry", args=[entry.course.uuid, 1, entry.enrolment.uuid])


def test_trainer_names_who_held_it_and_reads_their_answer(entry, holder):
    client, url = signed_in(make.trainer_of(entry.course)), entry_url(entry)
    assert "Hal Holder" in text(client.get(url))
    sent = {"ask": "1", "ask-made_up_on": str(timezone.localdate()), "ask-made_up_how": "In York"}
    assert "Choose who held the equivalent session." in text(client.post(url, sent))
    assert client.post(url, {**sent, "ask-associate": str(holder.uuid)}).status_code == 302
    assert "has not answered yet" in text(client.get(url))
    request = MakeUpRequest.objects.get()
    page = reverse("courses:made_up", args=[request.uuid])
    theirs = signed_in(holder)
    assert "Ann Able" in text(theirs.get(page))
    assert "Say what is wrong" in text(theirs.post(page, {"confirmed": "no"}))
    assert theirs.post(page, {"confirmed": "no", "because": "Another day"}).status_code == 302
    assert "You said on" in text(theirs.get(page))
    assert re.search(r"Hal Holder said on .* Another day", text(client.get(url)))


def test_associate_who_is_asked_sees_nothing_else_of_the_course(entry, holder):
    request, client = asked(entry, holder), signed_in(holder)
    page = reverse("courses:made_up", args=[request.uuid])
    assert client.get(page).status_code == 200
    for name in ("courses:detail", "courses:register", "assessments:marking"):
        assert client.get(reverse(name, args=[entry.course.uuid])).status_code == 404
    assert client.get(entry_url(entry)).status_code == 404
    stranger = make.associate(entry.course.programme)
    assert signed_in(stranger).get(page).status_code == 404
    assert signed_in(make.trainer_of(entry.course)).get(page).status_code == 403
    assert client.post(page, {"confirmed": "yes"}).status_code == 302
    entry.refresh_from_db()
    assert entry.made_up_by == holder


def test_what_another_associate_confirmed_is_not_offered_to_be_corrected(entry, holder):
    answer_make_up(request=asked(entry, holder), confirmed=True, by=holder)
    page = text(signed_in(make.trainer_of(entry.course)).get(entry_url(entry)))
    assert "Confirmed by Hal Holder" in page
    assert "Confirm that it was made up" not in page
    assert "Correct what was made up" not in page


def test_correcting_what_one_confirmed_begins_with_what_it_says(entry):
    trainer = make.trainer_of(entry.course)
    record_make_up(entry=entry, made_up_on=timezone.localdate(), made_up_how="In Ripon, at ten", by=trainer)
    page = text(signed_in(trainer).get(entry_url(entry)))
    form = page.partition("Correct what was made up")[2].partition("</form>")[0]
    assert "In Ripon, at ten</textarea>" in form
    assert f'value="{timezone.localdate()}"' in form
    assert "Until then the outcome waits" not in page


def test_answer_that_it_is_not_right_is_not_praised(entry, holder):
    asked_ = asked(entry, holder)
    answer_make_up(request=asked_, confirmed=False, because="Left at noon.", by=holder)
    page = text(signed_in(holder).get(reverse("courses:made_up", args=[asked_.uuid])))
    assert "that this is not right" in page
    assert "notice-good" not in page


def test_page_of_what_is_not_asked_any_more_says_so(entry, enrolment, holder):
    client: Client = signed_in(holder)
    page = reverse("courses:made_up", args=[asked(entry, holder).uuid])
    finalised(enrolment)
    assert "You do not need to answer this any more" in text(client.get(page))


def test_after_finalising_a_trainer_is_offered_nothing_and_an_admin_asks(entry, enrolment, holder):
    finalised(enrolment)
    url = entry_url(entry)
    page = text(signed_in(make.trainer_of(entry.course)).get(url))
    assert "Confirm that it was made up" not in page
    assert "Ask them to confirm it" not in page
    admin = signed_in(make.admin())
    sent = {
        "ask": "1",
        "ask-associate": str(holder.uuid),
        "ask-made_up_on": str(timezone.localdate()),
        "ask-made_up_how": "In York",
    }
    assert "Say why you correct this register." in text(admin.post(url, sent))
    assert admin.post(url, {**sent, "ask-reason": "The trainer told us"}).status_code == 302
    assert MakeUpRequest.objects.get().reason == "The trainer told us"
