"""Every relationship that somebody has to us, looked at once: for a page that asks for all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    Field,
    FilteredRelation,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    When,
)
from django.db.models.expressions import Combinable
from django.utils import timezone

from accounts.models import FACTORS, OTHER_ROLES, OutgoingEmail, Person, Roles, StaffAppointment


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
class Relationships:
    """Every relationship that one person has to us, as one statement reads them.

    Args:
        acting_for: the organisations that they act for, the latest first.
        others: what higher apps asked about them with `add_relationship`, and was true.
        given_up: for staff, how many letters could not be sent; for anybody else none.
        last_given_up: when the latest of these was written.
    """

    acting_for: tuple[ActingFor, ...]
    others: frozenset[str]
    given_up: int = 0
    last_given_up: datetime | None = None

    def __contains__(self, name: str) -> bool:
        return name in self.others


# Makes the condition on a person, whose primary key is `OuterRef("pk")`, that holds on the date it is given.
Found: TypeAlias = Callable[[date | Combinable], Exists]

_others: dict[str, Found] = {}


def add_relationship(name: str, *, found: Found, leads_somewhere: bool = False) -> None:
    """From now on `relationships_of` also tells whether somebody has this relationship.

    Args:
        name: what `in` asks for; no name of a person's field.
        found: the condition.
        leads_somewhere: whether `Person.roles` tells it too, since there is a place for whoever has it: then
            it is asked for on every page.
    """
    _others[name] = found
    if leads_somewhere:
        OTHER_ROLES[name] = found


def relationships_of(person: Person) -> Relationships:
    """What `person` is to us: one query, then remembered for as long as this Person object lives.

    It answers `roles` too, which then asks for nothing.
    """
    # On the object, like these two, and so read afresh for each request. Not in its `__dict__`:
    # `request.user` is a wrapper that has one of its own.
    known: Relationships | None = getattr(person, "_ties", None)
    if known is None:
        known = _ties(person)
        setattr(person, "_ties", known)  # noqa: B010
    return known


def _ties(person: Person) -> Relationships:
    staff = StaffAppointment.objects.filter(person=OuterRef("pk"), ended_at__isnull=True)
    today = timezone.localdate()
    others = {name: found(today) for name, found in _others.items()}
    rows = list(
        Person.objects.filter(pk=person.pk)
        .annotate(
            now=FilteredRelation("memberships", condition=Q(memberships__ended_at__isnull=True)),
            on_staff=Exists(staff),
            with_factor=Exists(Person.objects.filter(pk=OuterRef("pk"), authenticator__type__in=FACTORS)),
            given_up=_of_letters("COUNT", "pk", IntegerField()),
            last_given_up=_of_letters("MAX", "created_at", DateTimeField()),
            **others,
        )
        .order_by("-now__started_at")
        .values_list(
            "on_staff",
            "with_factor",
            "given_up",
            "last_given_up",
            "now__organisation",
            "now__organisation__uuid",
            "now__organisation__name",
            "now__started_at",
            *others,
        )
    )
    # One row for each organisation; without any, one without an organisation.
    is_staff, has_factor, given_up, last_given_up = rows[0][:4]
    acting = [row[4:8] for row in rows if row[4] is not None]
    held = frozenset(name for name, is_so in zip(others, rows[0][8:], strict=True) if is_so)
    person.roles = Roles(
        is_staff=is_staff,
        has_factor=has_factor,
        organisation_ids=frozenset(pk for pk, *_rest in acting),
        others=held & OTHER_ROLES.keys(),
    )
    return Relationships(
        acting_for=tuple(ActingFor(*organisation) for _pk, *organisation in acting),
        others=held,
        given_up=given_up or 0,
        last_given_up=last_given_up,
    )


def _of_letters(function: str, field: str, output_field: Field[Any, Any]) -> Case:
    """Over all letters that could not be sent: looked at for an AIM admin alone."""
    letters = OutgoingEmail.objects.given_up(timezone.now()).order_by()
    found = letters.values(found=Func(field, function=function, output_field=output_field))
    return Case(When(on_staff=True, then=Subquery(found, output_field=output_field)))
