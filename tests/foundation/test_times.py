"""Clock times of a place: gaps and folds, and how times are said."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from aimcert.foundation.times import (
    NoSuchTime,
    at_local_time,
    local_clock,
    place_of,
    said_clock,
    said_days,
    said_moment,
    said_place,
    said_times,
    said_typed,
)

HALF_HOURS_OF_2026 = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=30 * n) for n in range(48 * 365)]
LONDON, SYDNEY = zoneinfo.ZoneInfo("Europe/London"), zoneinfo.ZoneInfo("Australia/Sydney")


def test_clock_time_becomes_a_moment_and_back():
    clock = datetime(2026, 7, 1, 9, 30)
    moment = at_local_time(clock, LONDON)
    assert moment == datetime(2026, 7, 1, 8, 30, tzinfo=UTC)
    assert local_clock(moment, LONDON) == clock


def test_skipped_time_says_which_clocks_go_forward():
    with pytest.raises(NoSuchTime) as refused:
        at_local_time(datetime(2027, 3, 28, 1, 30), LONDON)
    assert "London go forward and skip 01:30" in refused.value.message


def test_repeated_time_says_which_clocks_go_back():
    with pytest.raises(NoSuchTime) as refused:
        at_local_time(datetime(2027, 10, 31, 1, 30), LONDON)
    assert "go back and show 01:30 twice" in refused.value.message


@given(
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1)),
    st.sampled_from(["Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "UTC"]),
)
def test_every_clock_time_is_one_moment_or_refused(clock, name):
    zone = zoneinfo.ZoneInfo(name)
    try:
        moment = at_local_time(clock, zone)
    except NoSuchTime:
        return
    assert moment.tzinfo is UTC
    assert local_clock(moment, zone) == clock


@pytest.mark.parametrize(
    ("at", "zone", "said"),
    [
        ("2026-11-22T14:05:09Z", "Europe/London", "22 November 2026, 14:05 (London\N{NO-BREAK SPACE}time)"),
        # Summer time: the same place, another distance from UTC.
        ("2026-07-01T13:05:09Z", "Europe/London", "1 July 2026, 14:05 (London\N{NO-BREAK SPACE}time)"),
        # Midnight is the first minute of a day; the day is that of the zone that is said.
        ("2026-11-22T00:00:00Z", "Europe/London", "22 November 2026, 00:00 (London\N{NO-BREAK SPACE}time)"),
        ("2026-06-30T23:00:00Z", "Europe/London", "1 July 2026, 00:00 (London\N{NO-BREAK SPACE}time)"),
        ("2026-11-30T22:30:00Z", "Europe/London", "30 November 2026, 22:30 (London\N{NO-BREAK SPACE}time)"),
        ("2026-11-30T22:30:00Z", "Australia/Sydney", "1 December 2026, 09:30 (Sydney\N{NO-BREAK SPACE}time)"),
        (
            "2027-01-01T02:00:00Z",
            "America/Los_Angeles",
            "31 December 2026, 18:00 (Los\N{NO-BREAK SPACE}Angeles\N{NO-BREAK SPACE}time)",
        ),
        (
            "2026-11-22T14:05:09Z",
            "America/Argentina/Buenos_Aires",
            "22 November 2026, 11:05 (Buenos\N{NO-BREAK SPACE}Aires\N{NO-BREAK SPACE}time)",
        ),
        (
            "2026-11-22T14:05:09Z",
            "Asia/Kathmandu",
            "22 November 2026, 19:50 (Kathmandu\N{NO-BREAK SPACE}time)",
        ),
        # No place's: behind UTC is what the database calls "GMT+5".
        ("2026-11-22T14:05:09Z", "UTC", "22 November 2026, 14:05 (UTC)"),
        ("2026-11-22T14:05:09Z", "Etc/GMT", "22 November 2026, 14:05 (UTC)"),
        ("2026-11-22T14:05:09Z", "Etc/GMT+5", "22 November 2026, 09:05 (UTC-05:00)"),
        # Once a year the clocks show an hour twice: an hour before it, both, and the one after it.
        ("2026-10-24T23:59:59Z", "Europe/London", "25 October 2026, 00:59 (London\N{NO-BREAK SPACE}time)"),
        (
            "2026-10-25T00:30:00Z",
            "Europe/London",
            "25 October 2026, 01:30 (London\N{NO-BREAK SPACE}time, before the clocks go back)",
        ),
        (
            "2026-10-25T01:30:00Z",
            "Europe/London",
            "25 October 2026, 01:30 (London\N{NO-BREAK SPACE}time, after the clocks go back)",
        ),
        ("2026-10-25T02:00:00Z", "Europe/London", "25 October 2026, 02:00 (London\N{NO-BREAK SPACE}time)"),
        # When they go forward, nothing is said twice.
        ("2026-03-29T00:59:59Z", "Europe/London", "29 March 2026, 00:59 (London\N{NO-BREAK SPACE}time)"),
        ("2026-03-29T01:00:00Z", "Europe/London", "29 March 2026, 02:00 (London\N{NO-BREAK SPACE}time)"),
    ],
)
def test_moment_is_said_by_the_clocks_of_a_place(at, zone, said):
    assert said_moment(datetime.fromisoformat(at), zoneinfo.ZoneInfo(zone)) == said


@pytest.mark.parametrize(
    "name", ["Europe/London", "Australia/Lord_Howe", "Africa/Casablanca", "America/St_Johns"]
)
def test_no_two_moments_around_a_change_of_the_clocks_are_said_alike(name):
    zone = zoneinfo.ZoneInfo(name)
    offsets = [at.astimezone(zone).utcoffset() for at in HALF_HOURS_OF_2026]
    # The clocks change within an hour and a half of each of these.
    near = [
        at
        for at, before, after in zip(HALF_HOURS_OF_2026[3:], offsets, offsets[6:], strict=False)
        if before != after
    ]
    said = [said_moment(at, zone) for at in near]
    assert len(said) == 12
    assert len(set(said)) == 12


def test_receipt_is_said_to_the_second():
    at = datetime(2026, 11, 22, 14, 5, 9, tzinfo=UTC)
    assert (
        said_moment(at, LONDON, seconds=True) == "22 November 2026, 14:05:09 (London\N{NO-BREAK SPACE}time)"
    )


def test_place_is_left_out_where_it_is_said_once():
    at = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
    assert said_moment(at, LONDON, place=False) == "22 November 2026, 14:05"
    with time_machine.travel(at, tick=False):
        assert said_clock(at, LONDON, place=False) == "14:05"
    twice = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert said_moment(twice, LONDON, place=False) == "25 October 2026, 01:30 (after the clocks go back)"


@pytest.mark.parametrize(
    ("now", "zone", "said"),
    [
        ("2026-11-22T14:10Z", "Europe/London", "14:05 (London\N{NO-BREAK SPACE}time)"),
        ("2026-11-22T00:00Z", "Europe/London", "14:05 (London\N{NO-BREAK SPACE}time)"),
        ("2026-11-21T23:59Z", "Europe/London", "22 November 2026, 14:05 (London\N{NO-BREAK SPACE}time)"),
        ("2026-11-23T00:00Z", "Europe/London", "22 November 2026, 14:05 (London\N{NO-BREAK SPACE}time)"),
        # Today is the day where the clock hangs: in Sydney that one began at 13:00 UTC.
        ("2026-11-22T13:00Z", "Australia/Sydney", "01:05 (Sydney\N{NO-BREAK SPACE}time)"),
        ("2026-11-22T12:59Z", "Australia/Sydney", "23 November 2026, 01:05 (Sydney\N{NO-BREAK SPACE}time)"),
    ],
)
def test_clock_says_the_day_where_that_is_not_today(now, zone, said):
    with time_machine.travel(datetime.fromisoformat(now), tick=False):
        assert said_clock(datetime(2026, 11, 22, 14, 5, tzinfo=UTC), zoneinfo.ZoneInfo(zone)) == said


def test_times_are_said_in_the_course_s_zone():
    start = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    end = start + timedelta(hours=3)
    assert said_times(start, end, SYDNEY) == "23 November 2026, 09:30 to 12:30 (Sydney\N{NO-BREAK SPACE}time)"
    assert said_times(start, end, SYDNEY, place=False) == "23 November 2026, 09:30 to 12:30"
    assert said_times(start, end, LONDON, place=False) == (
        "22 November 2026, 22:30 to 23 November 2026, 01:30"
    )
    night = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert said_times(night, night + timedelta(hours=1), LONDON, place=False) == (
        "25 October 2026, 01:30 (before the clocks go back) to 01:30 (after the clocks go back)"
    )


def test_typed_time_says_whose_it_is():
    assert said_typed(time(9, 5), SYDNEY) == "09:05 (Sydney\N{NO-BREAK SPACE}time)"


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/London", "14:05 (London\N{NO-BREAK SPACE}time)"),
        ("America/Los_Angeles", "06:05 (Los\N{NO-BREAK SPACE}Angeles\N{NO-BREAK SPACE}time)"),
        ("UTC", "14:05 (UTC)"),
    ],
)
def test_place_is_never_broken_across_lines(zone, said):
    at, there = datetime(2026, 11, 22, 14, 5, tzinfo=UTC), zoneinfo.ZoneInfo(zone)
    assert said_moment(at, there) == f"22 November 2026, {said}"
    assert said_times(at, at, there) == f"22 November 2026, {said[:5]} to {said}"
    assert said_typed(time(int(said[:2]), 5), there) == said
    with timezone.override(there), time_machine.travel(at, tick=False):
        # A page's script puts the same words behind the times that it says.
        page = Template("{{ at|moment }}; {{ at|clock }}; ({% whose_clock %})").render(Context({"at": at}))
    assert page == f"22 November 2026, {said}; {said}; {said[6:]}"


def test_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="naive"):
        said_moment(datetime(2026, 11, 22, 14, 5), LONDON)


def test_templates_say_times_in_the_zone_of_their_page():
    shown = Template(
        "{{ at|moment }}; {{ at|moment:'no place' }}; {{ at|moment:'seconds' }}; {{ at|clock }}; "
        "{{ never|moment }}{{ never|clock }}"
        "{% times_are_those %} {% times_are_those london %} {% whose_clock %}"
    )
    at = datetime(2026, 11, 22, 14, 5, 9, tzinfo=UTC)
    with timezone.override(SYDNEY), time_machine.travel(at, tick=False):
        assert shown.render(Context({"at": at, "never": None, "london": LONDON})) == (
            "23 November 2026, 01:05 (Sydney\N{NO-BREAK SPACE}time); 23 November 2026, 01:05; "
            "23 November 2026, 01:05:09 (Sydney\N{NO-BREAK SPACE}time); "
            "01:05 (Sydney\N{NO-BREAK SPACE}time); "
            "All times are Sydney time. All times are London time. Sydney\N{NO-BREAK SPACE}time"
        )


def test_days_are_said_once():
    start = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert said_days(start, start + timedelta(hours=3), LONDON) == "22 November 2026"
    assert said_days(start, start + timedelta(days=2), LONDON) == "22 to 24 November 2026"
    assert said_days(start, start + timedelta(days=10), LONDON) == "22 November 2026 to 2 December 2026"


def test_place_is_what_people_call_a_zone():
    assert place_of(zoneinfo.ZoneInfo("America/Argentina/Buenos_Aires")) == "Buenos Aires"
    assert place_of(zoneinfo.ZoneInfo("Etc/GMT-10")) == "UTC+10:00"
    assert (said_place(LONDON), said_place(UTC)) == ("London time", "UTC")


@pytest.mark.parametrize(
    ("clock", "zone"),
    [(datetime(9999, 12, 31, 23), zoneinfo.ZoneInfo("America/New_York")), (datetime(1, 1, 1), SYDNEY)],
)
def test_time_past_the_calendar_is_refused(clock, zone):
    with pytest.raises(NoSuchTime, match="Check the year"):
        at_local_time(clock, zone)
