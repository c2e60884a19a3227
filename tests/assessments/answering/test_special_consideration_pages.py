"""The pages of special consideration: telling, recording, deciding; and who never comes to know of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import OutgoingEmail, Person
from assessments.answering import actions
from assessments.answering.addresses import code_of
from assessments.models import ConsiderationDecision, SpecialConsideration, TimeGrant
from assessments.states import Granted, WhatFollows
from certification.actions import approve
from certification.actions.reporting import build_report
from courses.models import Course, Enrolment, RegisterEntry
from courses.states import Presence
from tests import factories
from tests.assessments.answering.test_adjustment_pages import browser, everything_that, post, read_file
from tests.pages import flat
from tests.permissions.world import build
from tests.statements import statements

pytestmark = pytest.mark.django_db
# None of them stands anywhere else in a test's world.
SECRET = ("ZQ-WHAT-HAPPENED", "ZQ-WHAT-IT-DID", "ZQ-WHY-SO")


def told(**fields: Any) -> dict[str, Any]:
    return {
        "what": SECRET[0],
        "day": str(timezone.localdate()),
        "time": "00:00",
        "effect": SECRET[1],
        **fields,
    }


def own(enrolment: Enrolment) -> str:
    return reverse("assessments:my_considerations", args=[enrolment.uuid])


def of_course(course: Course, route: str = "course_considerations") -> str:
    return reverse(f"assessments:{route}", args=[course.uuid])


def page_of(row: SpecialConsideration) -> str:
    enrolment = row.enrolment
    return reverse("assessments:consideration", args=[enrolment.course.uuid, enrolment.uuid, row.uuid])


@pytest.fixture
def course() -> Course:
    return factories.course()


def test_telling_deciding_and_reading_what_was_decided(course: Course) -> None:
    enrolment, admin = factories.enrolment(course), factories.admin()
    person = browser(enrolment.person)
    assert "Tell us what happened" in person.get(reverse("assessments:task_list", args=[enrolment.uuid])).text
    assert "Say what happened." in post(person, own(enrolment), **told(what=""))
    text = post(person, own(enrolment), **told(minutes="10"))
    assert "We have it." in text
    assert "With The AIM Project" in text
    assert "The trainers of this course may not read it." in text
    home = flat(browser(admin).get(reverse("home")).text)
    line = f"Decide on special consideration: 1 person, {course.title}"
    assert line in home
    listed = browser(admin).get(reverse("assessments:considerations"), {"stands": "to-decide"}).text
    row = SpecialConsideration.objects.get()
    assert page_of(row) in listed
    assert SECRET[0] not in listed
    page = browser(admin).get(page_of(row)).text
    assert SECRET[0] in page
    assert "It is never a mark" in flat(page)
    assert "Choose what follows." in post(browser(admin), page_of(row), reason="Why.")
    assert "Say why. The person reads it." in post(browser(admin), page_of(row), follows="nothing")
    assert "Decided. They can read it now." in post(
        browser(admin), page_of(row), follows="nothing", reason=SECRET[2]
    )
    assert line not in flat(browser(admin).get(reverse("home")).text)
    text = flat(person.get(own(enrolment)).text)
    assert "Nothing follows" in text
    assert SECRET[2] in text


def test_home_says_that_it_is_overdue(course: Course) -> None:
    admin = factories.admin()
    factories.consideration(factories.enrolment(course))
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        words = f"Decide on special consideration, overdue: 1 person, {course.title}"
        assert words in flat(browser(admin).get(reverse("home")).text)


def test_recording_for_everybody_leaves_out_whom_the_register_has_as_absent(course: Course) -> None:
    people = [factories.enrolment(course) for _ in range(3)]
    by = factories.trainer_of(course)
    first = course.sessions.get(number=1)
    RegisterEntry.objects.create(
        course=course, enrolment=people[2], session=first, presence=Presence.ABSENT, recorded_by=by
    )
    course.sessions.filter(number=2).delete()
    client, record = browser(by), of_course(course, "consideration_record")
    during = first.starts_at.astimezone(course.zone) + timedelta(minutes=1)
    when = {"day": str(during.date()), "time": during.strftime("%H:%M")}
    assert "Say to whom it happened." in post(client, record, **told(**when))
    assert "Tick at least one person" in post(client, record, **told(whom="some", **when))
    assert "Recorded for 2 people." in post(client, record, **told(whom="everybody", **when))
    assert set(SpecialConsideration.objects.values_list("enrolment", flat=True)) == {
        one.pk for one in people[:2]
    }
    text = post(client, record, **told(whom="some", people=[str(people[2].uuid)], **when))
    assert "Recorded for 1 person." in text
    # They are told that something waits, and read it on their own page.
    assert SECRET[0] in browser(people[0].person).get(own(people[0])).text


def test_the_same_form_sent_twice_records_once(course: Course) -> None:
    enrolment = factories.enrolment(course)
    client, key = browser(enrolment.person), str(uuid4())
    for _ in range(2):
        client.post(own(enrolment), {"idempotency_key": key, **told()})
    # Another press, from the page opened anew, with the same words.
    post(client, own(enrolment), **told())
    assert SpecialConsideration.objects.count() == 1


def test_a_second_admins_press_on_a_stale_page_is_refused_and_shows_what_was_decided(course: Course) -> None:
    factories.sitting(course, closes_at=timezone.now() + timedelta(hours=1))
    by = factories.trainer_of(course)
    rows = [factories.consideration(factories.enrolment(course), by=by, together=uuid4()) for _ in range(2)]
    row = rows[0]
    first, second = browser(factories.admin()), browser(factories.admin())
    assert "Decide this" in second.get(page_of(row)).text
    post(first, page_of(row), follows="more_time", minutes="10", reason="The first one’s reason.")
    text = flat(post(second, page_of(row), follows="nothing", reason="The second one’s reason."))
    assert "This was decided meanwhile, and one decision stands." in text
    assert "The first one’s reason." in text
    assert "10 minutes after the room closes." in text
    # What was typed is still there, and a second press changes nothing either.
    assert "The second one’s reason." in text
    text = flat(post(second, page_of(row), follows="nothing", reason="The second one’s reason."))
    assert "one decision stands" in text
    decision = ConsiderationDecision.objects.get()
    assert (decision.follows, decision.reason) == (WhatFollows.MORE_TIME, "The first one’s reason.")
    assert "Decide this" not in second.get(page_of(row)).text


def test_others_of_whom_it_was_recorded_together_are_decided_with_it(course: Course) -> None:
    factories.sitting(course, closed=True)
    by, together = factories.trainer_of(course), uuid4()
    rows = [factories.consideration(factories.enrolment(course), by=by, together=together) for _ in range(3)]
    admin = browser(factories.admin())
    day = timezone.localdate() + timedelta(days=2)
    sitting = {
        "follows": "sitting", "from_day": str(day), "from_time": "10:00", "day": str(day), "until": "12:00"
    }  # fmt: skip
    page = admin.get(page_of(rows[0])).text
    assert all(str(one.uuid) in page for one in rows[1:])
    refused = post(admin, page_of(rows[0]), **{**sitting, "until": "09:00"}, reason="Why.")
    assert "This is before it begins." in refused
    assert "Enter the time at which it begins." in post(
        admin, page_of(rows[0]), **{**sitting, "from_time": ""}, reason="Why."
    )
    post(admin, page_of(rows[0]), **sitting, reason="Why.", also=[str(rows[1].uuid)])
    assert set(ConsiderationDecision.objects.values_list("consideration", flat=True)) == {
        rows[0].pk,
        rows[1].pk,
    }
    grants = TimeGrant.objects.filter(what=Granted.REOPENED)
    assert {grant.starts_at.astimezone(course.zone).hour for grant in grants if grant.starts_at} == {10}
    person = flat(browser(rows[1].enrolment.person).get(own(rows[1].enrolment)).text)
    assert "Answering is open from" in person
    # Whoever was left out is decided on their own page; who was decided meanwhile is not offered.
    page = admin.get(page_of(rows[2])).text
    assert str(rows[1].uuid) not in page


def test_trainer_reads_the_words_only_where_they_may(course: Course) -> None:
    enrolment, admin = factories.enrolment(course), factories.admin()
    trainer = browser(factories.trainer_of(course))
    person = browser(enrolment.person)
    post(person, own(enrolment), **told())
    row = SpecialConsideration.objects.get()
    post(browser(admin), page_of(row), follows="nothing", reason=SECRET[2])
    for path in (of_course(course), page_of(row)):
        text = trainer.get(path).text
        assert enrolment.person.name in text
        for words in (*SECRET, "Nothing follows"):
            assert words not in text, path
    assert trainer.post(page_of(row), {"idempotency_key": str(uuid4())}).status_code == 403
    post(person, own(enrolment), **told(what=SECRET[0] + " again", trainers_may_read="on"))
    again = SpecialConsideration.objects.exclude(pk=row.pk).get()
    assert SECRET[1] in trainer.get(page_of(again)).text
    assert "Give" in trainer.get(page_of(again)).text


def test_too_early_and_too_late_say_what_to_do_instead_and_nothing_is_offered() -> None:
    ahead = factories.enrolment(factories.course(starts=timezone.now() + timedelta(days=3)))
    past = factories.enrolment(factories.course(starts=timezone.now() - timedelta(days=20)))
    for enrolment, words in ((ahead, "Ask for an adjustment"), (past, "write to")):
        client = browser(enrolment.person)
        for route in ("assessments:task_list", "certification:my_course"):
            assert "Tell us what happened" not in client.get(reverse(route, args=[enrolment.uuid])).text
        text = client.get(own(enrolment)).text
        assert words in text
        assert "<textarea" not in text
        text = post(client, own(enrolment), **told())
        # Refused on the page, with what was typed still there.
        assert SECRET[0] in text
        assert "error-summary" in text
        trainer = browser(factories.trainer_of(enrolment.course))
        assert "Record what happened" not in trainer.get(of_course(enrolment.course)).text
        record = of_course(enrolment.course, "consideration_record")
        assert 'name="whom"' not in trainer.get(record).text
        text = post(trainer, record, **told(whom="some", people=[str(enrolment.uuid)]))
        assert "error-summary" in text
    assert not SpecialConsideration.objects.exists()


def test_who_withdrew_reads_what_was_decided_and_tells_nothing_more(course: Course) -> None:
    enrolment = factories.enrolment(course)
    factories.consideration(enrolment, what=SECRET[0])
    Enrolment.objects.filter(pk=enrolment.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=enrolment.person
    )
    client = browser(enrolment.person)
    text = client.get(own(enrolment)).text
    assert SECRET[0] in text
    assert "<textarea" not in text
    assert "goes on without you" in post(client, own(enrolment), **told())
    assert SpecialConsideration.objects.count() == 1


def test_a_session_that_a_trainers_code_began_neither_shows_nor_takes_it(course: Course) -> None:
    enrolment, by = factories.enrolment(course), factories.trainer_of(course)
    given = actions.give_entry_code(enrolment=enrolment, by=by)
    client = browser(None)
    room_code = reverse("assessments:room_code", args=[code_of(course.number)])
    client.post(room_code, {"email": enrolment.person.email, "code": given.code})
    page = client.get(reverse("assessments:task_list", args=[enrolment.uuid]))
    assert page.status_code == 200
    assert "Tell us what happened" not in page.text
    assert client.get(own(enrolment)).status_code == 403


@pytest.mark.parametrize("rows", [1, 3, 300])
def test_lists_take_the_same_statements_for_any_number(rows: int) -> None:
    course, other = factories.course(capacity=300), factories.course()
    by = factories.trainer_of(course)
    place = factories.enrolment(course)
    now = timezone.now()
    SpecialConsideration.objects.bulk_create(
        SpecialConsideration(
            enrolment=place,
            what=f"Thing {number}.",
            effect="Noise.",
            happened_at=now,
            recorded_at=now,
            trainers_may_read=True,
            recorded_by=by,
        )
        for number in range(rows)
    )
    factories.consideration(factories.enrolment(other))
    admin, trainer, person = browser(factories.admin()), browser(by), browser(place.person)
    taken = [
        len(statements(lambda client=client, url=url: client.get(url)))
        for client, url in (
            (admin, reverse("assessments:considerations")),
            (trainer, of_course(course)),
            (person, own(place)),
        )
    ]
    assert taken == [5, 7, 6]


def test_the_room_never_shows_it(course: Course) -> None:
    """It hangs on the wall."""
    factories.sitting(course)
    by = factories.trainer_of(course)
    factories.consideration(factories.enrolment(course), by=by, what=SECRET[0])
    for route in ("room", "board"):
        assert SECRET[0] not in browser(by).get(of_course(course, route)).text


@pytest.mark.whole_run
def test_no_employer_no_other_participant_and_no_page_of_marking_ever_says_it() -> None:
    world = build()
    admin = world.people["AIM admin"]
    assert admin is not None
    other = factories.enrolment(world.course).person
    about = [world.enrolment, *(one for one in world.things.values() if isinstance(one, Enrolment))]
    trainer = factories.trainer_of(world.course)
    for one in about:
        if one.withdrawn_at is None:
            row = factories.consideration(one, by=trainer, what=SECRET[0], effect=SECRET[1])
            post(browser(admin), page_of(row), follows="nothing", reason=SECRET[2])
            post(browser(one.person), own(one), **told())
    approve(enrolment=world.things["eligible"], by=admin)
    commissioner = world.people["commissioner"]
    assert commissioner is not None
    files = []
    for format_ in ("pdf", "xlsx"):
        report = factories.asked_report(
            world.course, commissioner, organisation=world.organisation, format=format_
        )
        build_report(report_id=report.pk)
        report.refresh_from_db()
        assert report.built_at
        files.append(report)
    kept_from: list[Person | None] = [
        commissioner,
        other,
        world.people["Associate"],
        world.people["AIM admin who takes part"],
    ]
    for person in kept_from:
        client = browser(person)
        pages = everything_that(world, client)
        assert len(pages) > 5
        for report in files:
            response = client.get(reverse("certification:report_download", args=[report.uuid]))
            if response.status_code == 200:
                content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
                pages[f"report {report.format}"] = read_file(content, report)
        for path, said in pages.items():
            for words in SECRET:
                assert words not in said, path
    # Whoever marks may be who recorded it: their other pages, marking's above all, say nothing of it.
    pages = everything_that(world, browser(trainer))
    assert any("/marking/" in path for path in pages)
    for path, said in pages.items():
        if "/what-happened/" not in path:
            for words in SECRET:
                assert words not in said, path
    for letter in OutgoingEmail.objects.all():
        for words in (*SECRET, "what-happened", "onsideration"):
            assert words not in letter.text + letter.html + letter.subject


def test_a_stranger_finds_nothing_and_nobody_decides_through_another_persons_page(course: Course) -> None:
    row = factories.consideration(factories.enrolment(course))
    other = factories.enrolment(course)
    crossed = reverse("assessments:consideration", args=[course.uuid, other.uuid, row.uuid])
    assert browser(factories.admin()).get(crossed).status_code == 404
    stranger: Client = browser(factories.PersonFactory.create())
    assert stranger.get(page_of(row)).status_code == 404
    assert stranger.get(own(row.enrolment)).status_code == 404
