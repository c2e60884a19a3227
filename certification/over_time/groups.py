"""Of whom outcomes are told together: every figure is a sum of whole groups, none with too few people.

What one page tells, less what another does, is then a sum of whole groups too: see
docs/adr/0036-figures-over-time.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from certification.over_time.periods import Period


class Stood(TextChoices):
    """Where somebody stands, as it is counted."""

    COMPETENT = "competent", _("Competent")
    NOT_YET = "not_yet", _("Not yet competent")
    NOT_ASSESSED = "not_assessed", _("Not assessed")
    OPEN = "open", _("Still open")
    OTHER = "other", _("Withdrew, or certificate no longer valid")


@dataclass(frozen=True, slots=True)
class Counted:
    """One person's place on a course that was held, as far as it is counted.

    Args:
        organisation: whose page counts them, its primary key; None: The AIM Project's alone.
        programme: its primary key.
        apart: the course's primary key where some readers are told nothing of it, else 0.
        quarter: of the course's last day.
        stood: where they stand, as their sponsor is told.
        opened: how many follow-ups of theirs went to the sponsor.
        closed_after: of those that are closed, after how many days each.
    """

    organisation: int | None
    programme: int
    apart: int
    quarter: Period
    stood: Stood
    opened: int = 0
    closed_after: tuple[int, ...] = ()


class Asked(NamedTuple):
    """What a page is narrowed to; None: it is not."""

    organisation: int | None = None
    programme: int | None = None

    def has(self, person: Counted) -> bool:
        """Whether `person` is among those it is narrowed to."""
        return self.organisation in (None, person.organisation) and self.programme in (
            None,
            person.programme,
        )


class _Level(NamedTuple):
    """What the people of one group have in common, beside the year."""

    organisation: bool
    programme: bool
    quarter: bool


# Who is too few at one level is looked at again at the next. The quarter comes before the programme: a page
# that is not narrowed by programme is the first that one sees.
_OF_ONE_SPONSOR = (
    _Level(True, True, True),
    _Level(True, False, True),
    _Level(True, True, False),
    _Level(True, False, False),
)
_OF_ALL_SPONSORS = (
    _Level(False, True, True),
    _Level(False, False, True),
    _Level(False, True, False),
    _Level(False, False, False),
)


@dataclass(frozen=True)
class Group:
    """People of whom outcomes are told together, and never of some of them alone.

    Args:
        level: what they have in common.
        people: at least as many as it takes.
    """

    level: _Level
    people: Sequence[Counted] = field(repr=False)

    def stands_in(self, asked: Asked, period: Period | None = None) -> bool:
        """Whether all of it lies in `period`, or anywhere, of a page narrowed as `asked`."""
        one = self.people[0]
        narrowed = (
            (asked.organisation, self.level.organisation, one.organisation),
            (asked.programme, self.level.programme, one.programme),
        )
        if any(wanted is not None and not (alike and wanted == its) for wanted, alike, its in narrowed):
            return False
        if period is None:
            return True
        if not period.quarter:
            return one.quarter.year == period.year
        return self.level.quarter and one.quarter == period


def groups_of(people: Iterable[Counted], *, least: int, over_sponsors: bool) -> list[Group]:
    """`people` in groups, each person in one: the smallest that is large enough. Some are in none.

    Args:
        people: of whole years.
        least: how many people a group has at least.
        over_sponsors: whether people of different sponsors may be one group, where no page of one sponsor
            would tell of them: for who is told of all sponsors.
    """
    found: list[Group] = []
    left = list(people)
    for level in (*_OF_ONE_SPONSOR, *(_OF_ALL_SPONSORS if over_sponsors else ())):
        alike: dict[tuple[object, ...], list[Counted]] = defaultdict(list)
        for one in left:
            alike[_common(one, level)].append(one)
        found += [Group(level, those) for those in alike.values() if len(those) >= least]
        left = [one for those in alike.values() if len(those) < least for one in those]
    return found


def _common(one: Counted, level: _Level) -> tuple[object, ...]:
    return (
        one.organisation if level.organisation else "any",
        one.programme if level.programme else "any",
        one.apart,
        one.quarter if level.quarter else one.quarter.year,
    )
