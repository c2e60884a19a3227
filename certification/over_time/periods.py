"""Quarters and years: which of them a page shows, and what they are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext as now_said
from django.utils.translation import gettext_lazy as _

QUARTERS = 4
MONTHS = 12 // QUARTERS


class By(TextChoices):
    """How long a period is."""

    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")


# How many years stand on one page.
SPANS = {By.QUARTER: 3, By.YEAR: 10}


class Period(NamedTuple):
    """A year, or one quarter of it.

    Args:
        year: of the calendar.
        quarter: 1 to 4; 0: the whole year.
    """

    year: int
    quarter: int = 0

    @property
    def words(self) -> str:
        """Such as "Jan–Mar 2026", or "2026"."""
        if not self.quarter:
            return str(self.year)
        last = self.quarter * MONTHS
        months = (date_format(date(self.year, month, 1), "M") for month in (last - MONTHS + 1, last))
        return now_said("%(months)s %(year)s") % {"months": "–".join(months), "year": self.year}


def quarter_of(day: date) -> Period:
    """The quarter in which `day` lies."""
    return Period(day.year, (day.month - 1) // MONTHS + 1)


@dataclass(frozen=True)
class Window:
    """The whole years that one page shows.

    Args:
        by: how long a period is.
        last: its last year.
        today: no period begins after this day.
    """

    by: By
    last: int
    today: date

    @property
    def first(self) -> int:
        """Its first year."""
        return self.last - SPANS[self.by] + 1

    @property
    def periods(self) -> list[Period]:
        """Its periods in order, those without any course too."""
        return list(self._periods())

    def _periods(self) -> Iterator[Period]:
        now = quarter_of(self.today)
        for year in range(self.first, self.last + 1):
            if self.by == By.YEAR:
                yield Period(year)
                continue
            quarters = (Period(year, number) for number in range(1, QUARTERS + 1))
            yield from (one for one in quarters if one <= now)

    def period_of(self, quarter: Period) -> Period:
        """Which of its periods a quarter belongs to."""
        return Period(quarter.year) if self.by == By.YEAR else quarter

    @property
    def words(self) -> str:
        """From which year to which."""
        return now_said("%(first)s to %(last)s") % {"first": self.first, "last": self.last}
