"""Working days: how long people have to do something, counted where it happens."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


def working_days_after(start: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The moment when `days` working days, Monday to Friday in `zone`, have passed since `start`.

    At the same time of day by the clock in `zone`; what starts at a weekend counts from Monday at
    nine. Public holidays, which differ by country, are not taken out.

    Args:
        start: an aware time.
        days: how many; at least one.
        zone: whose days they are.
    """
    local = start.astimezone(zone)
    day, at = local.date(), local.time()
    if day.weekday() >= SATURDAY:
        day += timedelta(days=7 - day.weekday())
        at = time(9)
    for _day in range(days):
        day += timedelta(days=1)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
    return datetime.combine(day, at, tzinfo=zone)
