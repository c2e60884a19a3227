"""Clock times of a place as moments, and the one way in which AIMcert says a time.

*22 November 2026, 14:05 (London time)*. Stored in UTC, a moment is said as clocks show it in one zone, day
and time alike: where the course meets, where an organisation is, or else where The AIM Project is. Nobody
knows where its reader is, so a time names the place of its clock.

- `said_moment`: the day and the time. `said_clock`: the time, and the day where that is not today.
  `said_times`: from when until when. In a template `{{ at|moment }}`, `{{ at|clock }}`.
- A table with times in its rows, and the sessions of a course, name the place once, beside them: *All times
  are London time.* (`{% times_are_those %}`). There a time leaves it out (`place=False`, `:"no place"`).
- Beside a time, the place stands on one line: *London* and *time* are not broken apart.
- Seconds are said only of what they may have to prove: a receipt, a text that was kept.
- An hour that the clocks show twice says which: *25 October 2026, 01:30 (London time, before the clocks go
  back)*.
- A zone that is no place's is said by its distance from UTC: *14:05 (UTC)*, *14:05 (UTC-05:00)*.

Where the day alone matters, the date is said alone. A cell of a spreadsheet is a time itself, its heading
names the place. What machines read is ISO 8601. A page's scripts say a time through `static/js/clock.js`: a
device shows its own clock, so the place is left out where that agrees.
"""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, time, timedelta, tzinfo
from datetime import timezone as fixed_zone

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
        "zone": place_of(zone),
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


def place_of(zone: tzinfo) -> str:
    """What people call a zone: "Europe/London" is London. One that is no place's is its distance from UTC."""
    name = str(zone)
    if name.startswith("Etc/") or name in ("GMT", "UTC"):
        # By its offset: the names say it the other way round, "Etc/GMT+5" is five hours behind.
        return str(fixed_zone(datetime(2000, 1, 1, tzinfo=zone).utcoffset() or timedelta()))
    return name.rsplit("/", 1)[-1].replace("_", " ")


def said_place(zone: tzinfo | None = None) -> str:
    """Whose clock shows a time: "London time", or "UTC" where that is no place's."""
    place = place_of(zone or timezone.get_current_timezone())
    return place if place.startswith("UTC") else _("%(place)s time") % {"place": place}


def unbroken(words: str) -> str:
    """`words` on one line, wherever they stand."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def said_moment(
    at: datetime, zone: tzinfo | None = None, *, seconds: bool = False, place: bool = True
) -> str:
    """A moment in words: "22 November 2026, 14:05 (London time)".

    Args:
        at: an aware time.
        zone: where the clock hangs; the current time zone where it is not given.
        seconds: whether it is said to the second.
        place: whether it names the place; not where a table or a list says that once for all its times.
    """
    local = timezone.localtime(at, zone)
    clock = formats.date_format(local, "H:i:s" if seconds else "TIME_FORMAT")
    return _("%(day)s, %(time)s") % {
        "day": formats.date_format(local, "DATE_FORMAT"),
        "time": _beside(clock, local, place=place),
    }


def said_clock(at: datetime, zone: tzinfo | None = None, *, place: bool = True) -> str:
    """The time alone while it is today's, "14:05 (London time)"; as `said_moment` on any other day."""
    local = timezone.localtime(at, zone)
    if local.date() != timezone.localdate(timezone=zone):
        return said_moment(at, zone, place=place)
    return _beside(formats.date_format(local, "TIME_FORMAT"), local, place=place)


def said_typed(clock: time, zone: tzinfo) -> str:
    """A time that somebody typed, whatever its day: "14:05 (London time)"."""
    said = {"time": formats.time_format(clock, "TIME_FORMAT"), "place": unbroken(said_place(zone))}
    return _("%(time)s (%(place)s)") % said


def said_times(
    starts_at: datetime, ends_at: datetime, zone: tzinfo | None = None, *, place: bool = True
) -> str:
    """From when until when: "22 November 2026, 09:30 to 12:30 (London time)", as `said_moment` does."""
    start, end = timezone.localtime(starts_at, zone), timezone.localtime(ends_at, zone)
    until = formats.date_format(end, "TIME_FORMAT" if start.date() == end.date() else "DATETIME_FORMAT")
    return _("%(day)s, %(start)s to %(end)s") % {
        "day": formats.date_format(start, "DATE_FORMAT"),
        "start": _beside(formats.date_format(start, "TIME_FORMAT"), start, place=False),
        "end": _beside(until, end, place=place),
    }


def _beside(clock: str, local: datetime, *, place: bool) -> str:
    """`clock` with what has to stand beside it: the place, and which one of two hours alike it is."""
    told = [unbroken(said_place(local.tzinfo))] if place else []
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        told.append(_("after the clocks go back") if local.fold else _("before the clocks go back"))
    return _("%(time)s (%(place)s)") % {"time": clock, "place": ", ".join(told)} if told else clock


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
