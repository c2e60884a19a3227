"""What of the audit log is asked for, and which rows of one act that means."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from pghistory.models import Context

from accounts.audit_log import CONTEXT, TOLD, ToldAct


@dataclass(frozen=True)
class Asked:
    """What the log is narrowed to; of what is None, everything.

    Args:
        hidden: courses of which the reader is told nothing, as keys.
        kind: a value of `Kind`; "": all.
        by: who did it, as keys of accounts.
        of: whom it is about, likewise.
        of_nominations: nominations of theirs, also where they have no account, as keys.
        courses: of which course, as keys.
        since: from when on.
        until: until when, itself not included.
        found: what is found by words in any of these.
    """

    hidden: Collection[int] = ()
    kind: str = ""
    by: Collection[int] | None = None
    of: Collection[int] | None = None
    of_nominations: Collection[int] = ()
    courses: Collection[int] | None = None
    since: datetime | None = None
    until: datetime | None = None
    found: Found | None = None


@dataclass(frozen=True)
class Found:
    """What words that were typed mean, as keys.

    Args:
        people: accounts, by name or address.
        courses: by title, number, organisation or programme.
        organisations: by name.
        enrolments: places of which a certificate is meant.
        nominations: by the name of who was nominated.
    """

    people: Collection[int]
    courses: Collection[int]
    organisations: Collection[int]
    enrolments: Collection[int]
    nominations: Collection[int]


# A row before which a page begins: when, which act by its place among all, and the row's key.
Place = tuple[datetime, int, int]


def codes() -> list[str]:
    """Every act that is told, in the order in which acts of one moment stand."""
    return sorted(TOLD)


def asked_rows(told: ToldAct, asked: Asked) -> QuerySet[Any, Any] | None:
    """The rows of one act that are asked for; None where none of it can be.

    What is of a course that the reader may not know of is in none of them, however it is asked for.
    """
    about, act = told.about, told.act
    if asked.kind and told.kind != asked.kind:
        return None
    wanted = act.when & Q(**{f"{act.at}__isnull": False})
    for ways in (
        _by(told, asked.by),
        _of(told, asked),
        _in(about.to_course, asked.courses),
        _found(told, asked.found),
    ):
        if ways is None:
            return None
        wanted &= ways
    if asked.since:
        wanted &= Q(**{f"{act.at}__gte": asked.since})
    if asked.until:
        wanted &= Q(**{f"{act.at}__lt": asked.until})
    rows = told.model._default_manager.filter(wanted).order_by()
    if about.to_course and asked.hidden:
        rows = rows.exclude(**{f"{about.to_course}__in": asked.hidden})
    return rows


def begun_before(rows: QuerySet[Any, Any], at: str, source: int, place: Place | None) -> QuerySet[Any, Any]:
    """Of the rows of one act those that stand after `place` on the log, which begins with the newest."""
    if place is None:
        return rows
    moment, other, key = place
    if source < other:
        return rows.filter(**{f"{at}__lt": moment})
    rows = rows.filter(**{f"{at}__lte": moment})
    return rows if source > other else rows.filter(Q(**{f"{at}__lt": moment}) | Q(pk__lt=key))


def _in(way: str, keys: Collection[int] | None) -> Q | None:
    if keys is None:
        return Q()
    return Q(**{f"{way}__in": keys}) if way and keys else None


def _by(told: ToldAct, keys: Collection[int] | None) -> Q | None:
    if told.act.who != CONTEXT or not keys:
        return _in(told.act.who, keys)
    acting = Context.objects.filter(metadata__actor__in=[*keys])
    return Q(pgh_context__in=acting.values("pk"))


def _of(told: ToldAct, asked: Asked) -> Q | None:
    if asked.of is None:
        return Q()
    return _any(_in(told.about.to_person, asked.of), _in(told.about.nomination, asked.of_nominations))


def _found(told: ToldAct, found: Found | None) -> Q | None:
    if found is None:
        return Q()
    about = told.about
    return _any(
        _by(told, found.people),
        _in(about.to_person, found.people),
        _in(about.to_course, found.courses),
        _in(about.organisation, found.organisations),
        _in(about.enrolment, found.enrolments),
        _in(about.nomination, found.nominations),
    )


def _any(*ways: Q | None) -> Q | None:
    """What any of `ways` means; None where none of them can be."""
    known = [way for way in ways if way is not None]
    return reduce(or_, known) if known else None
