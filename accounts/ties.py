"""Every relationship that somebody has to us, looked at once: for a page that asks for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, FilteredRelation, OuterRef, Q

from accounts.models import Person, StaffAppointment


@dataclass(frozen=True)
class ActingFor:
    """An organisation that somebody acts for now.

    Args:
        uuid: the organisation's.
        name: the organisation's.
        started_at: since when.
    """

    uuid: UUID
    name: str
    started_at: datetime


@dataclass(frozen=True)
class Ties:
    """Every relationship that one person has to us, as one statement reads them.

    Args:
        acting_for: the organisations that they act for, the latest first.
        others: what higher apps asked about them with `add_tie`, and was true.
    """

    acting_for: tuple[ActingFor, ...]
    others: frozenset[str]

    def __contains__(self, name: str) -> bool:
        return name in self.others


_others: dict[str, Exists] = {}


def add_tie(name: str, *, found: Exists) -> None:
    """From now on `ties` also tells whether somebody has this relationship.

    Args:
        name: what `in` asks for; no name of a person's field.
        found: the condition on a person; their primary key is `OuterRef("pk")`.
    """
    _others[name] = found


def ties(person: Person) -> Ties:
    """What `person` is to us: one query, then remembered for as long as this Person object lives.

    It answers `is_aim_admin` and `organisation_ids` too, which then ask for nothing.
    """
    # On the object, like these two, and so read afresh for each request. Not in its `__dict__`:
    # `request.user` is a wrapper that has one of its own.
    known: Ties | None = getattr(person, "_ties", None)
    if known is None:
        known = _ties(person)
        setattr(person, "_ties", known)  # noqa: B010
    return known


def _ties(person: Person) -> Ties:
    staff = StaffAppointment.objects.filter(person=OuterRef("pk"), ended_at__isnull=True)
    rows = list(
        Person.objects.filter(pk=person.pk)
        .annotate(
            now=FilteredRelation("memberships", condition=Q(memberships__ended_at__isnull=True)),
            on_staff=Exists(staff),
            **_others,
        )
        .order_by("-now__started_at")
        .values_list(
            "on_staff",
            "now__organisation",
            "now__organisation__uuid",
            "now__organisation__name",
            "now__started_at",
            *_others,
        )
    )
    # One row for each organisation; without any, one without an organisation.
    person.is_aim_admin, found = rows[0][0], rows[0][5:]
    acting = [row[1:5] for row in rows if row[1] is not None]
    person.organisation_ids = frozenset(pk for pk, *_rest in acting)
    return Ties(
        acting_for=tuple(ActingFor(*organisation) for _pk, *organisation in acting),
        others=frozenset(name for name, is_so in zip(_others, found, strict=True) if is_so),
    )
