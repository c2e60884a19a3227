"""Clock times of a place as moments, and moments as clock times of a place."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from aimcert.foundation.refusals import Refused


class NoSuchTime(Refused):
    """The clocks skip or repeat this time on that day."""

    field: str | None = None


def at_local_time(clock: datetime, zone: zoneinfo.ZoneInfo) -> datetime:
    """The moment at which a clock in `zone` shows `clock`, in UTC.

    Args:
        clock: a date and a time without a zone.
        zone: where the clock hangs.

    Raises:
        NoSuchTime: the clocks go forward over it, or go back and show it twice; or it is no time of ours,
            on the first or last day that there is.
    """
    first, second = (clock.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    try:
        moment = first.astimezone(UTC)
    except OverflowError:
        raise NoSuchTime(_("Check the year of this date.")) from None
    said = {
        "time": formats.date_format(clock, "TIME_FORMAT"),
        "date": formats.date_format(clock, "DATE_FORMAT"),
        "zone": place_of(zone.key),
    }
    if moment.astimezone(zone).replace(tzinfo=None) != clock:
        raise NoSuchTime(
            _("On %(date)s the clocks in %(zone)s go forward and skip %(time)s. Choose another time.") % said
        )
    if second.astimezone(UTC) != moment:
        raise NoSuchTime(
            _("On %(date)s the clocks in %(zone)s go back and show %(time)s twice. Choose another time.")
            % said
        )
    return moment


def local_clock(moment: datetime, zone: zoneinfo.ZoneInfo) -> datetime:
    """What a clock in `zone` shows at `moment`."""
    return moment.astimezone(zone).replace(tzinfo=None)


def place_of(zone: str) -> str:
    """What people call a zone: "Europe/London" is London."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def said_times(starts_at: datetime, ends_at: datetime, zone: zoneinfo.ZoneInfo) -> str:
    """One session in words, in `zone`: "22 November 2026, 09:30 to 12:30"."""
    start, end = timezone.localtime(starts_at, zone), timezone.localtime(ends_at, zone)
    day = formats.date_format(start, "DATE_FORMAT")
    until = formats.date_format(end, "TIME_FORMAT" if start.date() == end.date() else "DATETIME_FORMAT")
    return _("%(day)s, %(start)s to %(end)s") % {
        "day": day,
        "start": formats.date_format(start, "TIME_FORMAT"),
        "end": until,
    }


def said_times_there(starts_at: datetime, ends_at: datetime, zone: zoneinfo.ZoneInfo) -> str:
    """The same where nothing else names the zone: "22 November 2026, 09:30 to 12:30, London time"."""
    times = said_times(starts_at, ends_at, zone)
    return _("%(times)s, %(place)s time") % {"times": times, "place": place_of(zone.key)}


def said_days(first: datetime, last: datetime, zone: zoneinfo.ZoneInfo) -> str:
    """The days from `first` to `last`, in `zone`: "22 November 2026" or "22 to 24 November 2026"."""
    start, end = timezone.localtime(first, zone).date(), timezone.localtime(last, zone).date()
    if start == end:
        return formats.date_format(start, "DATE_FORMAT")
    shared = "j" if (start.year, start.month) == (end.year, end.month) else "DATE_FORMAT"
    return _("%(first)s to %(last)s") % {
        "first": formats.date_format(start, shared),
        "last": formats.date_format(end, "DATE_FORMAT"),
    }
