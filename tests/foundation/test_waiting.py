"""A line of the home page says what its day is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aimcert.foundation.waiting import Waiting

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "done", "said"),
    [
        (datetime(2026, 11, 20, 9, 0, tzinfo=UTC), False, "since 20 November 2026"),
        (datetime(2026, 11, 20, 9, 0, tzinfo=UTC), True, "on 20 November 2026"),
        (datetime(2026, 11, 22, 0, 0, tzinfo=UTC), False, "today"),
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), False, "on 23 November 2026"),
        (None, False, ""),
    ],
)
def test_day_says_since_when_it_waits_or_when_it_is(
    time_machine: Any, when: datetime | None, done: bool, said: str
) -> None:
    time_machine.move_to(NOW, tick=False)
    assert Waiting("Mark 12 answers", "/", when, done=done).day_said == said


def test_day_is_one_of_the_calendar_there(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    late = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
    assert Waiting("Come", "/", late, zone=ZoneInfo("Europe/London")).day_said == "today"
    assert Waiting("Come", "/", late, zone=ZoneInfo("Australia/Sydney")).day_said == "on 23 November 2026"
