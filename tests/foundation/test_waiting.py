"""A line of the home page says what the day beside it is."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from aimcert.foundation.waiting import DayIs, Waiting

THEN = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (Waiting("Mark 3 scripts", "/", THEN), "since 22 November 2026"),
        (Waiting("Take the register", "/", THEN, day_is=DayIs.ON), "on 22 November 2026"),
        (Waiting("Complete and publish", "/", THEN, day_is=DayIs.STARTS), "starts on 22 November 2026"),
        (Waiting("Look at 2 emails", "/", THEN, day_is=DayIs.LATEST), "the latest on 22 November 2026"),
        (Waiting("Your certificate", "/", THEN, done=True), "on 22 November 2026"),
        (Waiting("Answer requests", "/"), ""),
    ],
)
def test_a_line_says_what_its_day_is(line: Waiting, said: str) -> None:
    with time_machine.travel(datetime(2026, 11, 1, tzinfo=UTC)):
        assert line.said_day == said


def test_what_has_started_says_so() -> None:
    line = Waiting("Change the dates, or cancel", "/", THEN, day_is=DayIs.STARTS)
    with time_machine.travel(datetime(2026, 11, 30, tzinfo=UTC)):
        assert line.said_day == "started on 22 November 2026"


def test_the_day_is_that_of_where_it_happens() -> None:
    line = Waiting("Take the register", "/", THEN, zone=ZoneInfo("Pacific/Auckland"), day_is=DayIs.ON)
    assert line.said_day == "on 23 November 2026"
