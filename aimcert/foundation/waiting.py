"""One thing that waits for somebody, as every app says it and the home page lists it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import Enum, IntEnum

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


class Urgency(IntEnum):
    """How soon something needs its person; the home page is sorted by it."""

    NOW = 0
    SOON = 1
    LATER = 2


class DayIs(Enum):
    """What the day beside a line of the home page is."""

    SINCE = "since"  # it has waited since then
    ON = "on"  # it happens, or happened, then
    STARTS = "starts"  # its course does
    BY = "by"  # it has to be done by the end of it
    LATEST = "latest"  # the latest of several


@dataclass(frozen=True)
class Waiting:
    """A line of the home page.

    Args:
        words: what to do, or what was done, as one would say it: "Mark 12 answers: AIM3, Leeds, today".
        url: where to do it, or where it can be read.
        when: the moment that it is about, in UTC; the list is sorted by it within one urgency.
        urgency: how soon; see `Urgency`.
        zone: by whose calendar its day is said; the current time zone's where it is not given.
        done: it needs nothing any more, and is shown below what does.
        day_is: what its day is; of what is done, the day on which it was.
    """

    words: str
    url: str
    when: datetime | None = None
    urgency: int = Urgency.SOON
    done: bool = False
    zone: tzinfo | None = None
    day_is: DayIs = DayIs.SINCE

    @property
    def said_day(self) -> str:
        """The day of `when`, and what it is: "since 22 November 2026"."""
        if self.when is None:
            return ""
        day = date_format(timezone.localdate(self.when, self.zone))
        if self.done or self.day_is is DayIs.ON:
            return _("on %(day)s") % {"day": day}
        if self.day_is is DayIs.BY:
            is_past = timezone.localdate(self.when, self.zone) < timezone.localdate(timezone=self.zone)
            return (_("was due by %(day)s") if is_past else _("by %(day)s")) % {"day": day}
        if self.day_is is DayIs.LATEST:
            return _("the latest on %(day)s") % {"day": day}
        if self.day_is is DayIs.STARTS:
            is_past = self.when <= timezone.now()
            return (_("started on %(day)s") if is_past else _("starts on %(day)s")) % {"day": day}
        return _("since %(day)s") % {"day": day}
