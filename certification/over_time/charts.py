"""The four charts: what is counted of the facts, line by line, for the picture, the table and the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as now_said
from django.utils.translation import gettext_lazy as _

from certification.over_time.facts import Facts, Held, PutForward
from certification.over_time.groups import Asked, Counted, Group, Stood, groups_of
from certification.over_time.periods import Period, Window

# As many series as there are patterns to tell them apart; of more programmes, the last are counted together.
MOST_SERIES = 5
T = TypeVar("T")


@dataclass(frozen=True)
class Line:
    """What is counted in one period, or in all of them.

    Args:
        words: which period.
        values: how many of each series.
        untold: of how many people nothing is told here, since they are too few.
        is_told: whether it tells anything; not where all there is would be of too few people.
        days: the median of days, where there is one.
    """

    words: str
    values: tuple[int, ...]
    untold: int = 0
    is_told: bool = True
    days: int | None = None

    @property
    def sum(self) -> int:
        """How many of all series together."""
        return sum(self.values)


@dataclass(frozen=True)
class Chart:
    """One picture and its table.

    Args:
        code: for addresses within the page.
        title: what is counted.
        about: what it shows and which date counts.
        unit: what all series together are.
        series: what each is called.
        lines: one for each period.
        total: all periods together.
        untold: what the column of those of whom nothing is told is called; "" where all is told.
        draws_untold: whether they are as many as what is counted would have been, and so drawn beside it.
        has_days: whether there is a median of days.
    """

    code: str
    title: str | Promise
    about: str | Promise
    unit: str | Promise
    series: Sequence[str | Promise]
    lines: Sequence[Line]
    total: Line
    untold: str | Promise = ""
    draws_untold: bool = False
    has_days: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted, nor anything left untold."""
        return not (self.total.sum or self.total.untold)


def charts_of(facts: Facts, window: Window, asked: Asked) -> list[Chart]:
    """What the page shows: courses, people, outcomes, follow-ups.

    Args:
        facts: of the years of `window`.
        window: which periods.
        asked: what the page is narrowed to.
    """
    least: int = settings.AIM["COHORT_LEAST"]
    told = _Told(
        [one for one in facts.people if asked.has(one)],
        [
            group
            for group in groups_of(facts.people, least=least, over_sponsors=facts.over_sponsors)
            if group.stands_in(asked)
        ],
        asked,
        window,
    )
    return [
        _courses(facts, window, asked),
        _people(facts, window, asked),
        told.outcomes(),
        told.follow_ups(least),
    ]


def _by_period(rows: Iterable[T], window: Window, quarter: Callable[[T], Period]) -> dict[Period, list[T]]:
    """`rows` of each period, those without any too."""
    found: dict[Period, list[T]] = {period: [] for period in window.periods}
    for row in rows:
        # Of a course that ended in a zone where the next quarter has begun already.
        found.setdefault(window.period_of(quarter(row)), []).append(row)
    return found


def _courses(facts: Facts, window: Window, asked: Asked) -> Chart:
    held = [one for one in facts.courses if one.is_asked and asked.programme in (None, one.programme)]
    named = [pk for pk in facts.programmes if any(one.programme == pk for one in held)]
    shown = named if len(named) <= MOST_SERIES else named[: MOST_SERIES - 1]
    series: list[str | Promise] = [facts.programmes[pk] for pk in shown]
    if len(shown) < len(named):
        series.append(_("Other programmes"))
    places = {pk: min(number, len(series) - 1) for number, pk in enumerate(named)}

    def counted(words: str, rows: Iterable[Held]) -> Line:
        found = Counter(places[one.programme] for one in rows)
        return Line(words, tuple(found[number] for number in range(len(series))))

    lines = _by_period(held, window, lambda one: one.quarter)
    return Chart(
        code="courses",
        title=_("Courses"),
        about=_(
            "Courses that were held. Each counts in the period of its last day, once that is over, and so do"
            " its people in the pictures below. One that was cancelled does not count."
        ),
        unit=_("Courses"),
        series=series,
        lines=[counted(period.words, rows) for period, rows in lines.items()],
        total=counted(now_said("Together"), held),
    )


def _people(facts: Facts, window: Window, asked: Asked) -> Chart:
    found = [
        one
        for one in facts.put_forward
        if asked.organisation in (None, one.organisation) and asked.programme in (None, one.programme)
    ]

    def counted(words: str, rows: Sequence[PutForward]) -> Line:
        return Line(
            words,
            (
                sum(one.came for one in rows),
                sum(one.left for one in rows),
                sum(one.stayed_away for one in rows),
            ),
        )

    lines = _by_period(found, window, lambda one: one.quarter)
    return Chart(
        code="people",
        title=_("People"),
        about=_(
            "Everyone nominated for these courses: who accepted and kept their place, who accepted and gave"
            " it up, and who never took one, since they declined, did not answer, or were no longer put"
            " forward."
        ),
        unit=_("Nominated"),
        series=[_("Kept their place"), _("Gave it up"), _("Took no place")],
        lines=[counted(period.words, rows) for period, rows in lines.items()],
        total=counted(now_said("Together"), found),
    )


@dataclass(frozen=True)
class _Told:
    """Outcomes and follow-ups: of whole groups alone.

    Args:
        people: everyone whom the page is about.
        groups: of them, those that may be told.
        asked: what the page is narrowed to.
        window: which periods.
    """

    people: Sequence[Counted]
    groups: Sequence[Group]
    asked: Asked
    window: Window

    def _lines(self, counted: Callable[[str, Sequence[Counted], int], Line]) -> tuple[list[Line], Line]:
        there = _by_period(self.people, self.window, lambda one: one.quarter)
        lines = [self._line(counted, period.words, len(people), period) for period, people in there.items()]
        return lines, self._line(counted, now_said("Together"), len(self.people), None)

    def _line(
        self,
        counted: Callable[[str, Sequence[Counted], int], Line],
        words: str,
        everyone: int,
        period: Period | None,
    ) -> Line:
        told = [one for group in self.groups if group.stands_in(self.asked, period) for one in group.people]
        return counted(words, told, everyone - len(told))

    def outcomes(self) -> Chart:
        def counted(words: str, told: Sequence[Counted], untold: int) -> Line:
            found = Counter(one.stood for one in told)
            return Line(words, tuple(found[one] for one in Stood), untold, bool(told) or not untold)

        lines, total = self._lines(counted)
        return Chart(
            code="outcomes",
            title=_("Outcomes"),
            about=_(
                "Where the people on these courses stand today, whenever that was decided. Competent: with a"
                " certificate that is valid. Still open: no result has gone to the sponsor so far."
            ),
            unit=_("People"),
            series=[one.label for one in Stood],
            lines=lines,
            total=total,
            untold=_("Not told: too few"),
            draws_untold=True,
        )

    def follow_ups(self, least: int) -> Chart:
        def counted(words: str, told: Sequence[Counted], untold: int) -> Line:
            closed = [days for one in told for days in one.closed_after]
            still_open = sum(one.opened for one in told) - len(closed)
            return Line(
                words,
                (len(closed), still_open),
                untold,
                bool(told) or not untold,
                # As many as it takes to tell anything; a half is rounded up.
                int(median(closed) + 0.5) if len(closed) >= least else None,
            )

        lines, total = self._lines(counted)
        return Chart(
            code="follow-ups",
            title=_("Follow-ups"),
            about=_(
                "What had to be followed up of the people on these courses, from the day on which it went to"
                " the sponsor: how much of it was closed, and how much is still open today. Half of what was"
                " closed took no longer than the days that are given; they are given of %(least)d or more."
            )
            % {"least": least},
            unit=_("Follow-ups"),
            series=[_("Closed"), _("Open")],
            lines=lines,
            total=total,
            untold=_("People not told of: too few"),
            has_days=True,
        )
