"""What the audit log tells: acts that each app's `audit.py` says, by whom and when each was done.

An act is told from the row that says who did it and when; where a row is written over, from its history.
Only ids, states, actors and times are read of it, never what somebody wrote. `aimcert/audit` reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q, TextChoices
from django.db.models.expressions import Combinable
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Who acted stands in the context of an event of history, and not in its row.
CONTEXT = "pgh_context"
ITSELF = _("By itself")
NOT_SIGNED_IN = _("Nobody signed in")
# Of history that was written by no request, as by a command on the server.
NOT_HERE = _("Not through the site")

Facts = Mapping[str, Any]
EVERY = Q()


class Kind(TextChoices):
    """Kinds of acts, by which the log is narrowed."""

    COURSES = "courses", _("Courses, trainers and licences")
    PLACES = "places", _("Nominations and places")
    REGISTER = "register", _("The register")
    DAY = "day", _("The case study on the day")
    MARKING = "marking", _("Marking and recommendations")
    DECISIONS = "decisions", _("Decisions and certificates")
    FOLLOW_UPS = "follow-ups", _("Follow-ups and reports")
    CASE_STUDIES = "case-studies", _("Case studies and the framework")
    ACCOUNTS = "accounts", _("Accounts, organisations and staff")


@dataclass(frozen=True)
class About:
    """What the rows of a table are about: the way from a row to each, where it has one.

    Args:
        enrolment: to the place on a course, which says the course and the person by itself.
        course: to the course; where a row has neither this nor a place, it is of no course by its nature.
        person: to whom it is about.
        nomination: to the nomination of somebody who may have no account.
        organisation: to the organisation.
    """

    enrolment: str = ""
    course: str = ""
    person: str = ""
    nomination: str = ""
    organisation: str = ""

    @property
    def to_course(self) -> str:
        """The way to the course; "" for what is of none."""
        return self.course or self._of_place("course")

    @property
    def to_person(self) -> str:
        """The way to the person; "" for what is about nobody."""
        return self.person or self._of_place("person")

    def _of_place(self, field_name: str) -> str:
        if not self.enrolment:
            return ""
        return field_name if self.enrolment == "pk" else f"{self.enrolment}__{field_name}"


# Of no course, and about nobody.
NOBODY = About()


@dataclass(frozen=True)
class Act:
    """One thing that is done, as rows of a table tell it.

    Args:
        words: what was done, as the log says it, with facts in it as "%(number)s".
        who: the way to who did it; `CONTEXT`: who was signed in when history was written; "": nobody.
        at: the field that says when.
        when: which rows tell it.
        facts: what else words, `says` and `page` read of a row, by name.
        says: the words for one row, where these need more than that.
        page: the route where it is read, and the facts that its address is made of.
        without: what stands in place of a name where nobody did it.
    """

    words: Promise
    who: str
    at: str
    when: Q = EVERY
    facts: Mapping[str, str | Combinable] = field(default_factory=dict)
    says: Callable[[Facts], str] | None = None
    page: tuple[str, ...] = ()
    without: Promise = ITSELF

    def said(self, facts: Facts) -> str:
        """What was done, of one row."""
        return self.says(facts) if self.says else str(self.words) % facts


@dataclass(frozen=True)
class ToldAct:
    """An act, with the table that tells it.

    Args:
        model: the table.
        kind: what it is narrowed by.
        about: what its rows are about.
        act: what was done.
    """

    model: type[Model]
    kind: Kind
    about: About
    act: Act

    @property
    def code(self) -> str:
        """What addresses of further pages call it."""
        return f"{self.model._meta.label_lower}.{self.act.at}.{self.act.who}"


@dataclass(frozen=True)
class NotTold:
    """What somebody did that the log does not tell, and why.

    Args:
        model: the table.
        who: its fields that name who did it; empty: of this table nothing at all.
        because: why.
    """

    model: type[Model]
    who: tuple[str, ...]
    because: str


TOLD: dict[str, ToldAct] = {}
NOT_TOLD: list[NotTold] = []


def done(stem: str, words: Promise, **options: Any) -> Act:
    """An act of which the row says `<stem>_by` and `<stem>_at`.

    Args:
        stem: the words before both.
        words: what was done.
        options: as `Act` takes them.
    """
    return Act(words=words, **{"who": f"{stem}_by", "at": f"{stem}_at", **options})


def tell(model: type[Model], kind: Kind, about: About, *acts: Act) -> None:
    """From now on the log tells of `acts` in the rows of `model`.

    Raises:
        ValueError: two acts of one table have the same person and time.
    """
    for act in acts:
        told = ToldAct(model, kind, about, act)
        if told.code in TOLD:
            raise ValueError(f"{told.code} is told twice")
        TOLD[told.code] = told


def keep_silent(model: type[Model], *who: str, because: str) -> None:
    """Say of what the log does not tell why it does not; see `NotTold`."""
    NOT_TOLD.append(NotTold(model, who, because))
