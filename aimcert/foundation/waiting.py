"""One thing that waits for somebody, as every app says it and the home page lists it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import IntEnum

from django.utils import timezone


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
        """The day of `when` that stands beside the words."""
        return timezone.localdate(self.when, self.zone) if self.when else None
