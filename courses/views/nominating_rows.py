"""The rows of a list of people before they are nominated: how each stands, and what is said of all."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from enum import Enum

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from aimcert.foundation.fields import redisplayed
from aimcert.foundation.pages import refusal_of
from courses.actions import (
    AlreadyEnrolled,
    AlreadyNominated,
    CourseRefused,
    NominationRefused,
    SeveralRefused,
    places_left,
    refused_openly,
)
from courses.certificate_names import warning
from courses.forms.nominating_several import Carried, CarriedList, ListedForm
from courses.histories import known_of
from courses.models import Course
from courses.nominees import Nominee

# So many rows have fields at once, and so many can be left out one by one: a form holds at most so much.
MOST_SHOWN = 50
MOST_TICKS = 300


class Stands(Enum):
    """What becomes of a row."""

    GOES = "goes"
    WRONG = "wrong"
    ON_COURSE = "on course"
    TWICE = "twice"
    CERTIFIED = "certified"
    OUT = "out"


@dataclass
class Row:
    """Somebody in a list.

    Args:
        carried: as the list came.
        form: what it says of them, with what is wrong.
        has_tick: whether they can be left out by themself.
        stands: what becomes of them.
        why: what is said of who does not go, or holds a certificate.
        anyway: whether somebody who holds a certificate is nominated all the same.
    """

    carried: Carried
    form: ListedForm
    has_tick: bool
    stands: Stands = Stands.GOES
    why: list[str] = field(default_factory=list)
    anyway: bool = False

    @property
    def number(self) -> int:
        return self.carried.listed.number

    @property
    def title(self) -> str:
        """Which row it is, and whose, whatever stands in it."""
        name = redisplayed(self.carried.listed.values["name"])
        return _("Row %(number)d: %(name)s") % {"number": self.number, "name": Truncator(name).chars(60)}

    @property
    def leaving_out(self) -> str:
        """What a tick beside somebody does."""
        return _("Leave out %(name)s") % {"name": self.nominee.name}

    @property
    def nominee(self) -> Nominee:
        return self.form.nominee

    @property
    def name_warning(self) -> str:
        """What a certificate cannot show of their name."""
        return warning(self.nominee.name)


class CheckedRows:
    """A list as it stands at this moment, for who would nominate it; nothing is done by looking.

    Args:
        carried: the list.
        course: for which.
        by: who reads it. They are told no more than where they nominate one by one.
        anyway: the rows whose certificate is no reason to leave them out.
    """

    def __init__(
        self, carried: CarriedList, *, course: Course, by: Person, anyway: Collection[str] = ()
    ) -> None:
        self.carried = carried
        self.rows = [
            Row(
                one,
                ListedForm(one.listed),
                has_tick=index < MOST_TICKS,
                anyway=str(one.listed.number) in anyway,
            )
            for index, one in enumerate(carried.rows)
        ]
        for row in self.rows:
            if row.carried.is_out:
                row.stands = Stands.OUT
            elif not row.form.is_valid():
                row.stands = Stands.WRONG
        self._ask_openly(course, by)
        self._find_twice()
        self._find_certified(course, by)
        self.places_left = places_left(course, invited=True)

    def of(self, stands: Stands) -> list[Row]:
        """Those that stand so."""
        return [row for row in self.rows if row.stands is stands]

    @property
    def going(self) -> list[Row]:
        return self.of(Stands.GOES)

    @property
    def wrong(self) -> list[Row]:
        return self.of(Stands.WRONG)

    @property
    def certified(self) -> list[Row]:
        """Who holds a certificate already, nominated all the same or not."""
        return [
            row
            for row in self.rows
            if row.stands is Stands.CERTIFIED or (row.stands is Stands.GOES and row.why)
        ]

    @property
    def on_course(self) -> list[Row]:
        """Who is on the course, or in the list twice: left out without anybody's doing."""
        return [row for row in self.rows if row.stands in (Stands.ON_COURSE, Stands.TWICE)]

    @property
    def out(self) -> list[Row]:
        return self.of(Stands.OUT)

    @property
    def too_many(self) -> int:
        """How many more would go than there are places."""
        return max(len(self.going) - self.places_left, 0)

    @property
    def can_go(self) -> bool:
        """Whether somebody can be nominated, and nothing is left to decide before."""
        return bool(self.going) and not self.wrong and not self.too_many

    @property
    def as_promised(self) -> bool:
        """Whether nobody would be nominated of whom the last page did not say so."""
        return all(row.carried.goes for row in self.going)

    def refuse(self, refused: SeveralRefused) -> None:
        """Say beside each row why nobody was nominated because of it."""
        going = self.going
        for index, reason in refused.reasons.items():
            self._tell(going[index], reason)

    def carried_on(self) -> str:
        """The list as the page carries it on, with who goes as it says so."""
        rows = [
            replace(row.carried, goes=row.stands is Stands.GOES, is_out=row.stands is Stands.OUT)
            for row in self.rows
        ]
        return replace(self.carried, rows=rows).as_text()

    @property
    def summary(self) -> list[str]:
        """What becomes of how many."""
        counted = {stands: len(self.of(stands)) for stands in Stands}
        words = {
            Stands.GOES: ngettext("%d is ready", "%d are ready", counted[Stands.GOES]),
            Stands.WRONG: ngettext("%d needs putting right", "%d need putting right", counted[Stands.WRONG]),
            Stands.CERTIFIED: ngettext(
                "%d holds a certificate already", "%d hold a certificate already", counted[Stands.CERTIFIED]
            ),
            Stands.ON_COURSE: ngettext(
                "%d is on this course already", "%d are on this course already", counted[Stands.ON_COURSE]
            ),
            Stands.TWICE: ngettext(
                "%d is in the list twice", "%d are in the list twice", counted[Stands.TWICE]
            ),
            Stands.OUT: ngettext("%d is left out by you", "%d are left out by you", counted[Stands.OUT]),
        }
        return [said % counted[stands] for stands, said in words.items() if counted[stands]]

    def _tell(self, row: Row, reason: CourseRefused) -> None:
        row.stands = Stands.WRONG
        name = reason.field if reason.field in row.form.fields else None
        row.form.add_error(name, refusal_of(reason, on_field=name is not None))

    def _ask_openly(self, course: Course, by: Person) -> None:
        going = self.going
        for index, reason in refused_openly(course, [row.nominee for row in going], by).items():
            row = going[index]
            if isinstance(reason, AlreadyNominated | AlreadyEnrolled):
                # The same list again changes nothing, and is no error.
                row.stands = Stands.ON_COURSE
                row.why = [
                    _("enrolled already") if isinstance(reason, AlreadyEnrolled) else _("nominated already")
                ]
            else:
                self._tell(row, reason)

    def _find_twice(self) -> None:
        first: dict[str, Row] = {}
        for row in self.going:
            earlier = first.setdefault(row.nominee.email, row)
            if earlier is row:
                continue
            if earlier.nominee == row.nominee:
                row.stands = Stands.TWICE
                row.why = [_("the same as row %(number)d") % {"number": earlier.number}]
                continue
            reason = _("Row %(number)d has this address too. Change one of them, or leave one out.")
            self._tell(row, NominationRefused(reason % {"number": earlier.number}, field="email"))

    def _find_certified(self, course: Course, by: Person) -> None:
        going = self.going
        known = known_of(by, course, {row.nominee.email for row in going})
        for row in going:
            row.why = [one.words for one in known.get(row.nominee.email, []) if one.holds]
            if row.why and not row.anyway:
                row.stands = Stands.CERTIFIED


def ticked(carried: CarriedList, numbers: Collection[str]) -> CarriedList:
    """The list as its ticks say: those that could be ticked are out where they are, all others as before."""
    rows = [
        replace(one, is_out=str(one.listed.number) in numbers if index < MOST_TICKS else one.is_out)
        for index, one in enumerate(carried.rows)
    ]
    return replace(carried, rows=rows)


def left_out(carried: CarriedList, rows: Iterable[Row]) -> CarriedList:
    """The list with these rows left out too."""
    out = {row.number for row in rows}
    return replace(
        carried, rows=[replace(one, is_out=one.is_out or one.listed.number in out) for one in carried.rows]
    )
