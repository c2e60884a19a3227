"""The sessions of a course in somebody's own calendar: read back by iCalendar's rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from icalendar import Calendar

from courses.actions import cancel, edit_course, set_sessions
from courses.actions.sessions import SessionTimes
from courses.models import Course
from tests import factories as make
from tests.courses.factories import NOON, course_fields
from tests.courses.pages import signed_in
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(time_machine: Any) -> Any:
    time_machine.move_to(NOON, tick=False)
    return time_machine


def read(course: Course) -> Calendar:
    response = signed_in(make.admin()).get(reverse("courses:calendar", args=[course.uuid]))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{course.reference}.ics"'
    assert b"\r\n" in response.content
    return Calendar.from_ical(response.content)


def test_each_session_is_at_its_time_in_the_zone_of_its_course() -> None:
    # Sydney is eleven hours ahead of UTC at that time of the year.
    starts = datetime(2027, 1, 14, 22, 30, tzinfo=UTC)
    course = make.course(
        starts=starts,
        title="AIM3; Sydney, a",
        venue="Level 3\n1 George Street",
        time_zone="Australia/Sydney",
    )
    calendar = read(course)
    first, second = calendar.walk("VEVENT")
    assert first["DTSTART"].params["TZID"] == "Australia/Sydney"
    assert first["DTSTART"].dt.isoformat() == "2027-01-15T09:30:00+11:00"
    assert first["DTEND"].dt - first["DTSTART"].dt == timedelta(hours=2)
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Australia/Sydney"]
    assert second["SUMMARY"] == "AIM3; Sydney, a: session 2 of 2"
    assert first["LOCATION"] == "Level 3, 1 George Street"
    assert first["URL"].endswith(reverse("courses:detail", args=[course.uuid]))
    assert first["UID"] != second["UID"]
    assert {event["STATUS"] for event in (first, second)} == {"CONFIRMED"}


def test_change_keeps_what_a_session_is_known_by_and_counts_up(clock: Any) -> None:
    admin = make.admin()
    course = make.course(starts=NOON + timedelta(days=7), sessions=1)
    before = read(course).walk("VEVENT")[0]
    assert read(course).to_ical() == read(course).to_ical()
    clock.move_to(NOON + timedelta(minutes=1), tick=False)
    later = NOON + timedelta(days=9)
    set_sessions(course=course, sessions=[SessionTimes(later, later + timedelta(hours=3))], by=admin)
    moved = read(course).walk("VEVENT")[0]
    assert (moved["UID"], moved["DTSTART"].dt) == (before["UID"], later)
    assert moved["SEQUENCE"] > before["SEQUENCE"]
    clock.move_to(NOON + timedelta(minutes=2), tick=False)
    fields = course_fields(title=course.title, organisation=course.organisation, venue="Elsewhere")
    del fields["programme"]
    edit_course(course=course, **fields, by=admin)
    edited = read(Course.objects.get(pk=course.pk)).walk("VEVENT")[0]
    assert edited["LOCATION"] == "Elsewhere"
    assert edited["SEQUENCE"] > moved["SEQUENCE"]
    clock.move_to(NOON + timedelta(minutes=3), tick=False)
    cancel(course=course, because="Too few people.", by=admin)
    calendar = read(Course.objects.get(pk=course.pk))
    event = calendar.walk("VEVENT")[0]
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert event["SEQUENCE"] > edited["SEQUENCE"]


def test_course_without_sessions_says_so_and_shows_no_link() -> None:
    course = make.course(sessions=0, published=False)
    client, address = signed_in(make.admin()), reverse("courses:calendar", args=[course.uuid])
    assert address not in client.get(reverse("courses:detail", args=[course.uuid])).text
    refused = client.get(address)
    assert refused.status_code == 409
    assert "no sessions yet" in refused.text


def test_file_takes_the_same_statements_for_any_number_of_sessions() -> None:
    client = signed_in(make.admin())
    counts = set()
    for number in (1, 3, 12):
        course = make.course(sessions=number)
        url = reverse("courses:calendar", args=[course.uuid])
        counts.add(len(statements(lambda url=url: client.get(url))))
    assert len(counts) == 1


def test_person_on_the_course_finds_the_file_on_its_page_and_on_their_own() -> None:
    enrolment = make.enrolment(make.course(starts=NOON + timedelta(days=7)))
    client = signed_in(enrolment.person)
    address = reverse("courses:calendar", args=[enrolment.course.uuid])
    for page in (
        reverse("courses:detail", args=[enrolment.course.uuid]),
        reverse("certification:my_course", args=[enrolment.uuid]),
    ):
        assert address in client.get(page).text
    assert client.get(address).status_code == 200
