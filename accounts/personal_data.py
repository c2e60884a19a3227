"""What is held about one person: each app says it of its own tables in `holdings.py`; an export joins them.

A table that can name a person is in one of these lists, or `tests/accounts/test_export_tables.py` fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, reduce
from typing import IO, Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ConfirmedAddress, Person
from aimcert.foundation.times import said_moment

SOMEBODY = gettext_lazy("somebody acting for The AIM Project, or as a trainer")
IDENTIFIER = gettext_lazy("Identifier")
# Why a field of a row is not told.
SECRET = gettext_lazy(
    "what lets somebody in, or proves it, is kept secret: codes, keys and their fingerprints"
)
ITS_OWN = gettext_lazy("numbers by which AIMcert works, and which say nothing about you")


@dataclass(frozen=True)
class Whose:
    """Whom an export is about.

    Args:
        person: the account that is theirs now.
    """

    person: Person

    @cached_property
    def accounts(self) -> frozenset[int]:
        """Primary keys of their accounts: theirs, and those that were merged into it."""
        return frozenset(Person.objects.accounts_of(self.person).values_list("pk", flat=True))

    def at_their_address(self, address: str, at: str) -> Q:
        """The condition that a row went to an address of theirs while nobody else had it.

        Args:
            address: the row's field that holds it, in our one spelling.
            at: the row's field that says when.
        """
        given_up: dict[str, datetime | None] = dict.fromkeys(
            Person.objects.filter(pk__in=self.accounts).values_list("email", flat=True)
        )
        own = ConfirmedAddress.objects.filter(person__in=self.accounts)
        for email, until in own.values_list("email", "given_up_at"):
            given_up.setdefault(email, until)
        others = ConfirmedAddress.objects.filter(email__in=given_up).exclude(person__in=self.accounts)
        before: dict[str, datetime] = {}
        for email, since in others.values_list("email", "given_up_at"):
            if since is not None:
                before[email] = max(since, before.get(email, since))
        found = Q(pk__in=[])
        for email, until in given_up.items():
            theirs = Q(**{address: email})
            if until is not None:
                theirs &= Q(**{f"{at}__lt": until})
            if (since := before.get(email)) and (until is None or since < until):
                theirs &= Q(**{f"{at}__gte": since})
            found |= theirs
        return found


@dataclass(frozen=True)
class Column:
    """One thing that a table says of a row.

    Args:
        key: its name for machines; once published it stays.
        label: its name for people.
        path: the attributes that lead to it from the row, such as "course.title".
        person: what the person of a foreign key is called unless it is who the export is about; None: it is
            no foreign key to a person.
        is_read: whether people read it; what names a row, so that others can refer to it, only machines do.
    """

    key: str
    label: Promise
    path: str
    person: Promise | None = None
    is_read: bool = True

    @property
    def field(self) -> str:
        """The row's own field that it reads."""
        return self.path.split(".")[0].removesuffix("_id")

    def value(self, row: Any, whose: Whose) -> Any:
        """What it says, as a machine reads it."""
        found = reduce(lambda one, name: getattr(one, name, None), self.path.split("."), row)
        if self.person is None or found is None:
            return found
        return _("you") if found in whose.accounts else str(self.person)

    def words(self, row: Any, value: Any) -> str:
        """The same, as a person reads it; "" for nothing."""
        *way, last = self.path.split(".")
        holder = reduce(lambda one, name: getattr(one, name, None), way, row)
        if isinstance(value, list):
            of_one = getattr(holder._meta.get_field(last), "base_field", None)
            known = dict(of_one.flatchoices) if of_one else {}
            return said([known.get(one, one) for one in value])
        display = getattr(holder, f"get_{last}_display", None)
        return str(display()) if display is not None and value else said(value)


def said(value: Any) -> str:
    """A value in words."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return said_moment(value)
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, list | tuple):
        return "; ".join(said(one) for one in value)
    return "" if value is None else str(value)


def says(key: str, label: Promise, path: str = "") -> Column:
    """A column that says what it holds."""
    return Column(key, label, path or key)


def names(key: str, path: str = "") -> Column:
    """A column that names a row, or the one that it belongs to, for machines."""
    return Column(key, IDENTIFIER, path or key, is_read=False)


def done_by(key: str, label: Promise, somebody: Promise = SOMEBODY) -> Column:
    """A column that says who did something: you, or in which role somebody else did, never their name."""
    return Column(key, label, f"{key}_id", person=somebody)


@dataclass(frozen=True)
class HeldFile:
    """A file that goes with a row.

    Args:
        name: what it is called, below the folder of its table.
        open: opens it to be read in binary. It raises FileNotFoundError where the storage lost it.
    """

    name: str
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True)
class Holding:
    """One table, as far as it is about one person.

    Args:
        name: of its file for machines; once published it stays.
        title: what it is called.
        about: what it holds, and what it is for.
        model: the table.
        find: its rows that are about somebody.
        columns: what each says.
        without: its other fields, each with why it is not told.
        related: what is read along with each row.
        files: the files that go with a row.
        is_listed: whether each row stands on the page for people too; else their number alone does.
    """

    name: str
    title: Promise
    about: Promise
    model: type[Model]
    find: Callable[[Whose], QuerySet[Any]]
    columns: tuple[Column, ...]
    without: Mapping[str, Promise] = field(default_factory=dict)
    related: tuple[str, ...] = ()
    files: Callable[[Any], Iterable[HeldFile]] | None = None
    is_listed: bool = True

    def rows(self, whose: Whose) -> QuerySet[Any]:
        """Its rows about `whose`, the oldest first."""
        found = self.find(whose).order_by("pk")
        return found.select_related(*self.related) if self.related else found


@dataclass(frozen=True)
class Act:
    """That somebody did something in the course of their work, of which the row tells about others.

    Args:
        model: the table.
        who: its field that names the person.
        at: its field that says when.
    """

    model: type[Model]
    who: str
    at: str

    @property
    def what(self) -> str:
        """Which act it is, in words."""
        did = self.who.removesuffix("_by").replace("_", " ")
        return capfirst(f"{self.model._meta.verbose_name}: {did}")


@dataclass(frozen=True)
class LeftOut:
    """Tables that are not told, for one reason.

    Args:
        because: why, and how to ask for it where one can; on the page for people.
        models: the tables.
        keeps_acts: whether it is not even told that somebody wrote in them.
    """

    because: Promise
    models: tuple[type[Model], ...]
    keeps_acts: bool = False


HOLDINGS: dict[str, Holding] = {}
LEFT_OUT: list[LeftOut] = []
_acts: list[Act] = []


def add_holding(holding: Holding) -> None:
    """From now on an export tells of this table."""
    HOLDINGS[holding.name] = holding


def add_acts(model: type[Model], **acts: str) -> None:
    """From now on an export tells when somebody did these, beside every `_by` with its `_at`.

    Args:
        model: the table.
        acts: its fields that name the person, each with the field of its time.
    """
    _acts.extend(Act(model, who, at) for who, at in acts.items())


def leave_out(*models: type[Model], because: Promise, keeps_acts: bool = False) -> None:
    """Say of tables why an export does not tell of them; see `LeftOut`."""
    LEFT_OUT.append(LeftOut(because, models, keeps_acts))


def acts() -> list[Act]:
    """What somebody does in the course of their work, of which an export tells when they did it."""
    silent = {model for one in LEFT_OUT if one.keeps_acts for model in one.models}
    paired = [
        Act(model, one.name, f"{one.name.removesuffix('_by')}_at")
        for model in apps.get_models()
        if model not in silent and tracked_by(model) is None
        for one in model._meta.get_fields()
        if one.many_to_one and one.related_model is Person and one.name.endswith("_by")
    ]
    own = [act for act in paired if any(one.name == act.at for one in act.model._meta.get_fields())]
    return [*own, *_acts]


def tracked_by(model: type[Model]) -> type[Model] | None:
    """The model whose history `model` keeps; None where it keeps none."""
    tracked: type[Model] | None = getattr(model, "pgh_tracked_model", None)
    return tracked


def histories() -> dict[type[Model], type[Model]]:
    """Each model whose history is kept, with the model that keeps it."""
    found = ((tracked_by(model), model) for model in apps.get_models())
    return {tracked: model for tracked, model in found if tracked is not None}
