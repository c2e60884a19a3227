"""Working days are those of the zone where they are counted, by its clock."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from aimcert.foundation.working_days import working_days_after

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-23T10:30", "2026-11-25T10:30"),  # Monday to Wednesday
        ("2026-11-26T16:00", "2026-11-30T16:00"),  # Thursday over the weekend
        ("2026-11-27T17:45", "2026-12-01T17:45"),  # Friday: Monday, Tuesday
        ("2026-11-28T09:00", "2026-12-02T09:00"),  # Saturday counts from Monday at nine
        ("2026-11-29T23:59", "2026-12-02T09:00"),  # Sunday
        ("2026-03-27T12:00", "2026-03-31T12:00"),  # over the change of clocks, by the clock
    ],
)
def test_two_working_days_pass_in_the_courses_zone(start: str, due: str) -> None:
    at = datetime.fromisoformat(start).replace(tzinfo=LONDON)
    assert working_days_after(at, 2, LONDON) == datetime.fromisoformat(due).replace(tzinfo=LONDON)


def test_working_days_are_those_of_the_courses_zone_not_of_utc() -> None:
    """23:30 UTC on Thursday is Friday morning in Auckland."""
    auckland = ZoneInfo("Pacific/Auckland")
    due = working_days_after(datetime(2026, 11, 26, 23, 30, tzinfo=ZoneInfo("UTC")), 2, auckland)
    assert due == datetime(2026, 12, 1, 12, 30, tzinfo=auckland)
