"""Clock times of a place: gaps and folds, and how times are said."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.times import (
    NoSuchTime,
    at_local_time,
    local_clock,
    place_of,
    said_days,
    said_times,
    said_times_there,
)

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


def test_times_are_said_in_the_course_s_zone():
    start = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    assert said_times(start, start + timedelta(hours=3), SYDNEY) == "23 November 2026, 09:30 to 12:30"
    assert said_times(start, start + timedelta(hours=3), LONDON) == (
        "22 November 2026, 22:30 to 23 November 2026, 01:30"
    )


def test_times_say_whose_clocks_they_are_where_nothing_else_does():
    start = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    assert said_times_there(start, start + timedelta(hours=3), SYDNEY) == (
        "23 November 2026, 09:30 to 12:30, Sydney time"
    )


def test_days_are_said_once():
    start = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert said_days(start, start + timedelta(hours=3), LONDON) == "22 November 2026"
    assert said_days(start, start + timedelta(days=2), LONDON) == "22 to 24 November 2026"
    assert said_days(start, start + timedelta(days=10), LONDON) == "22 November 2026 to 2 December 2026"
    assert place_of("America/Argentina/Buenos_Aires") == "Buenos Aires"


@pytest.mark.parametrize(
    ("clock", "zone"),
    [(datetime(9999, 12, 31, 23), zoneinfo.ZoneInfo("America/New_York")), (datetime(1, 1, 1), SYDNEY)],
)
def test_time_past_the_calendar_is_refused(clock, zone):
    with pytest.raises(NoSuchTime, match="Check the year"):
        at_local_time(clock, zone)
