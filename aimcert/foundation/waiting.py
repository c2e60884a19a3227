"""One thing that waits for somebody, as every app says it and the home page lists it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import IntEnum

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


class Urgency(IntEnum):
    """How soon something needs its person; the home page is sorted by it."""

    NOW = 0
    SOON = 1
    LATER = 2


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
    """

    words: str
    url: str
    when: datetime | None = None
    urgency: int = Urgency.SOON
    done: bool = False
    zone: tzinfo | None = None

    @property
    def day(self) -> date | None:
        """The day of `when`."""
        return timezone.localdate(self.when, self.zone) if self.when else None

    @property
    def day_said(self) -> str:
        """What stands beside the words, and says what the day is: since then it waits, or then it is."""
        if (day := self.day) is None:
            return ""
        today = timezone.localdate(timezone=self.zone)
        if day == today:
            return _("today")
        words = _("since %(day)s") if day < today and not self.done else _("on %(day)s")
        return words % {"day": date_format(day)}
