"""What a kind of report is, and for whom; each kind is one module of `certification.reports`.

The kinds are found when Django starts. Tables, rules, actions and pages know one by its code, and name none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import rules
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.text import slugify

from accounts.models import Person
from certification.permissions import Certification
from certification.states import ReportFormat, ReportKind, Viewer
from courses.models import Course, Enrolment
from courses.rules import oversees_others

# A row of `Report`, and what one kind says of one person.
Row = TypeVar("Row")
Said = TypeVar("Said")


@dataclass(frozen=True)
class Audience:
    """For whom a report is, and so what it may say.

    Args:
        may_ask: what somebody must be allowed on the course to ask for one.
        sees: the condition on `Report` for those that somebody sees who is no AIM admin; these see all.
        may_have: whether somebody who sees one may open it and download its file.
        told_as: as whom its reader is told of results, which is handed to what gathers them.
    """

    may_ask: Certification
    sees: Callable[[Person], Q]
    may_have: rules.Predicate
    told_as: Viewer


@dataclass(frozen=True)
class Kind(Generic[Row, Said]):
    """A kind of report: what it says, of whom, for whom, and as which files.

    Args:
        code: its name in the database and in addresses.
        audience: for whom it is.
        leads: what the page says of it where it is asked for, for a sponsor and for The AIM Project.
        ready, underway: what the home page says of one, with its format (`kind`) and its course (`title`).
        file_stem: what the name of its files begins with.
        title: what a reader's window and a screen reader call one, in the current language.
        people: whom one is about, in order; never who asked for it. Their number is its length.
        gather: what is said of some of these, in the current language, to whom it is for: of results no
            more than `disclosure.told` tells them.
        writers: the formats that it has, each with what writes the file from all that was gathered and
            the title.
    """

    code: ReportKind
    audience: Audience
    leads: Mapping[Viewer, Promise]
    ready: Promise
    underway: Promise
    file_stem: str
    title: Callable[[Row], str]
    people: Callable[[Row], QuerySet[Enrolment]]
    gather: Callable[[QuerySet[Enrolment], Viewer], list[Said]]
    writers: Mapping[ReportFormat, Callable[[Row, Sequence[Said], str], bytes]]

    @property
    def name(self) -> str:
        """What it is called, in the current language."""
        return str(self.code.label)

    def file_name(self, report: Any) -> str:
        """What the file of `report` is called when it is downloaded."""
        said = f"{self.file_stem} {report.course.reference} {report.organisation.name}"
        return f"{slugify(said)[:80]}.{report.format}"


@rules.predicate
def _acts_for_the_sponsor(person: Person, report: Any) -> bool:
    """Acts for the organisation whose people the report is about."""
    return report.organisation_id in person.organisation_ids


# Those who act for the organisation whose people it is about; The AIM Project, but who took part.
SPONSOR = Audience(
    may_ask=Certification.SEE_RESULTS,
    sees=lambda user: Q(organisation_id__in=user.organisation_ids),
    may_have=_acts_for_the_sponsor | oversees_others,
    told_as=Viewer.SPONSOR,
)

# By their codes, in the order in which they are offered.
KINDS: dict[str, Kind[Any, Any]] = {}


def add_kind(kind: Kind[Any, Any]) -> None:
    """From now on reports of this kind can be asked for."""
    KINDS[kind.code] = kind


def kind_of(code: str) -> Kind[Any, Any]:
    """The kind called `code`.

    Raises:
        KeyError: there is none; the database refuses a report of one that `ReportKind` does not know.
    """
    return KINDS[code]


def kinds_for(user: Person, course: Course) -> list[Kind[Any, Any]]:
    """The kinds that `user` may ask for on `course`."""
    return [kind for kind in KINDS.values() if user.has_perm(kind.audience.may_ask, course)]
