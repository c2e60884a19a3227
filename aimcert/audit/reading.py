"""Reading the audit log: a page of acts of every kind, the newest first.

First which rows stand on the page: of each act the first few by its own time, then the first of all of these.
Then what is told of those rows alone. No statement counts what there is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast, JSONObject
from django.urls import reverse
from django.utils.functional import Promise

from accounts.audit_log import CONTEXT, NOT_HERE, NOT_SIGNED_IN, TOLD, Facts, ToldAct
from accounts.models import Organisation, Person
from aimcert.audit.asked import Asked, Place, asked_rows, begun_before, codes
from courses.models import Course

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One act, as the log shows it.

    Args:
        at: when.
        who: who did it; None where nobody did.
        without: what stands there then.
        what: what was done.
        url: where it is read; "" where it has no page of its own.
        person: whom it is about.
        name: what they are called, where they have no account.
        organisation: which organisation it is about.
        course: of which course it is.
    """

    at: datetime
    who: Person | None
    without: str | Promise
    what: str
    url: str
    person: Person | None
    name: str
    organisation: Organisation | None
    course: Course | None


@dataclass(frozen=True)
class LogPage:
    """Some lines of the log.

    Args:
        lines: the newest first.
        further: before what the next page begins; None on the last.
    """

    lines: Sequence[Line]
    further: Place | None


def log_page(reader: Person, asked: Asked, place: Place | None = None, *, most: int = A_PAGE) -> LogPage:
    """The first of what is asked for that stands after `place`, `most` lines at most.

    Args:
        reader: an AIM admin; what they may not know of stands in `asked.hidden`.
        asked: what the log is narrowed to.
        place: the last line of the page before.
        most: how many lines.
    """
    places = _places(asked, place, most + 1)
    shown = places[:most]
    return LogPage(_lines(reader, shown), shown[-1] if len(places) > most else None)


def every_line(reader: Person, asked: Asked, *, most: int) -> Iterator[Line]:
    """All that is asked for, `most` lines at most, a thousand at a time."""
    place, left = None, most
    while left > 0:
        page = log_page(reader, asked, place, most=min(left, 1000))
        yield from page.lines
        left -= len(page.lines)
        place = page.further
        if place is None:
            return


def _together(parts: Iterable[QuerySet[Any, Any]]) -> QuerySet[Any, Any] | None:
    known = [*parts]
    if len(known) < 2:
        return known[0] if known else None
    return known[0].union(*known[1:], all=True)


def _places(asked: Asked, place: Place | None, most: int) -> list[Place]:
    parts = []
    for source, code in enumerate(codes()):
        told = TOLD[code]
        rows = asked_rows(told, asked)
        if rows is None:
            continue
        rows = begun_before(rows, told.act.at, source, place)
        named = rows.annotate(
            log_at=F(told.act.at),
            log_source=Value(source, output_field=IntegerField()),
            log_key=Cast("pk", BigIntegerField()),
        )
        first = named.order_by(f"-{told.act.at}", "-pk").values_list("log_at", "log_source", "log_key")
        parts.append(first[:most])
    all_of_them = _together(parts)
    if all_of_them is None:
        return []
    if len(parts) > 1:
        all_of_them = all_of_them.order_by("-log_at", "log_source", "-log_key")[:most]
    return list(all_of_them)


def _on(way: str, field: str) -> str:
    """The way to `field` of what `way` leads to."""
    return field if way == "pk" else f"{way}__{field}"


def _facts(told: ToldAct) -> JSONObject:
    about, act = told.about, told.act
    facts: dict[str, Any] = {
        "course": about.to_course,
        "person": about.to_person,
        "name": about.nomination and _on(about.nomination, "name"),
        "organisation": about.organisation,
        "enrolment_uuid": about.enrolment and _on(about.enrolment, "uuid"),
        "who": f"{CONTEXT}__metadata__actor" if act.who == CONTEXT else act.who,
        "context": CONTEXT if act.who == CONTEXT else "",
        **act.facts,
    }
    return JSONObject(**{name: way for name, way in facts.items() if way})


def _lines(reader: Person, places: Sequence[Place]) -> list[Line]:
    if not places:
        return []
    known, keys = codes(), defaultdict[int, list[int]](list)
    for _at, source, key in places:
        keys[source].append(key)
    parts = []
    for source, wanted in keys.items():
        told = TOLD[known[source]]
        parts.append(
            told.model._default_manager.filter(pk__in=wanted)
            .order_by()
            .annotate(
                log_source=Value(source, output_field=IntegerField()),
                log_key=Cast("pk", BigIntegerField()),
                log_facts=_facts(told),
            )
            .values_list("log_source", "log_key", "log_facts")
        )
    rows = _together(parts)
    facts = {(source, key): found for source, key, found in rows or ()}
    names = _Names(reader, facts.values())
    return [
        _line(TOLD[known[source]], at, facts[source, key], names)
        for at, source, key in places
        # It may have been deleted since.
        if (source, key) in facts
    ]


class _Names:
    """People, courses and organisations that lines name, by their keys: a statement each."""

    def __init__(self, reader: Person, facts: Iterable[Facts]) -> None:
        found = [*facts]
        people = {one.get(name) for one in found for name in ("who", "person")}
        self.people = Person.objects.visible_to(reader).only("uuid", "name", "email").in_bulk(_keys(people))
        courses = Course.objects.visible_to(reader).only("uuid", "number", "title")
        self.courses = courses.in_bulk(_keys(one.get("course") for one in found))
        organisations = Organisation.objects.visible_to(reader).only("uuid", "name")
        self.organisations = organisations.in_bulk(_keys(one.get("organisation") for one in found))


def _keys(found: Iterable[Any]) -> list[int]:
    # A key that there is not, so that the statement is asked whatever stands on the page.
    return [*{one for one in found if isinstance(one, int)}] or [0]


def _line(told: ToldAct, at: datetime, facts: Facts, names: _Names) -> Line:
    act = told.act
    course = names.courses.get(facts.get("course"))
    without: str | Promise = act.without
    if act.who == CONTEXT:
        without = NOT_SIGNED_IN if facts.get("context") else NOT_HERE
    url = ""
    if act.page:
        route, *given = act.page
        of_it = {**facts, "course_uuid": course and course.uuid}
        args = [of_it.get(name) for name in given]
        url = "" if None in args else reverse(route, args=args)
    return Line(
        at=at,
        who=names.people.get(facts.get("who")),
        without=without,
        what=act.said(facts),
        url=url,
        person=names.people.get(facts.get("person")),
        name=facts.get("name") or "",
        organisation=names.organisations.get(facts.get("organisation")),
        course=course,
    )
