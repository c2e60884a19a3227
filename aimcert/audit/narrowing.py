"""What the audit log is narrowed by: who acted, whom it is about, which course, which kind, from when on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import F, Q, QuerySet, Value
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit_log import Kind
from accounts.models import ConfirmedAddress, Organisation, Person, found_by
from aimcert.audit.asked import Asked, Found
from aimcert.foundation.fields import DayField
from aimcert.foundation.lists import wanted_of
from aimcert.foundation.rows_in_memory import OneOf, TypedSearch
from certification.models import Certificate
from courses.models import Course, Enrolment, Nomination
from courses.rules import own_places

# As many may be meant by a name; of more, more has to be typed.
MOST_MEANT = 200


class TooMany(Exception):
    """More are meant by what was typed than are looked for."""


class LogNarrowing(forms.Form):
    """What narrows the log. In an address somebody or a course may be named by a UUID: links do that.

    A field that names one so is a choice between it and everything, in words.
    """

    q = TypedSearch(_("Name, course, organisation or certificate"))
    by = TypedSearch(_("Who did it"))
    of = TypedSearch(_("Whom it is about"))
    course = TypedSearch(_("Course"))
    kind = OneOf(_("What was done"), Kind.choices)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until"), required=False)

    def __init__(self, asked: QueryDict, *, reader: Person) -> None:
        super().__init__(asked)
        self.reader = reader
        self.hidden = frozenset(own_places(reader).values_list("course", flat=True))
        self.courses = Course.objects.visible_to(reader).exclude(pk__in=self.hidden)
        self.people = Person.objects.visible_to(reader)
        self.named: dict[str, Person | Course | None] = {}
        for name, rows in (("by", self.people), ("of", self.people), ("course", self.courses)):
            self._choose(name, rows)
        for name in ("since", "until"):
            self.fields[name].widget.attrs["class"] = "form-control input-10"

    def _choose(self, name: str, rows: QuerySet[Any, Any]) -> None:
        """Where the address names one of `rows`, offer that alone, and everything."""
        try:
            uuid = UUID(wanted_of(self.data.get(name)))
        except ValueError:
            return
        found = self.named[name] = rows.filter(uuid=uuid).first()
        if found is not None:
            field = OneOf(self.fields[name].label or "", [(self.data[name], str(found))])
            self.fields[name] = field

    @property
    def day_errors(self) -> list[str]:
        """What is no day, in words."""
        return [
            f"{self[name].label}: {error}"
            for name in ("since", "until")
            for error in self.errors.get(name, ())
        ]

    @property
    def too_many(self) -> str:
        """By which words too many are meant, so that nothing is shown; "" where that is not so."""
        return getattr(self, "_too_many", "")

    def asked(self) -> Asked | None:
        """What is asked for; None: nothing that there is."""
        self.is_valid()
        try:
            return self._asked(self.cleaned_data)
        except TooMany as many:
            self._too_many = str(many)
        except LookupError:
            pass
        return None

    def _asked(self, given: dict[str, Any]) -> Asked:
        of = self._accounts("of", given)
        return Asked(
            hidden=self.hidden,
            kind=given.get("kind", ""),
            by=self._accounts("by", given),
            of=of,
            of_nominations=self._nominations(of, given) if of is not None else (),
            courses=self._courses(given),
            since=_begins(given.get("since")),
            until=_begins(given.get("until"), days=1),
            found=self._found(given["q"]) if given.get("q") else None,
        )

    def _key(self, name: str) -> int:
        found = self.named[name]
        if found is None:
            raise LookupError(name)
        return found.pk

    def _accounts(self, name: str, given: dict[str, Any]) -> Collection[int] | None:
        if name in self.named:
            self._key(name)
            person: Any = self.named[name]
            return _keys("", Person.objects.accounts_of(person.merged_into_id or person.pk))[0]
        return _keys(given[name], self._called(given[name]))[0] if given.get(name) else None

    def _courses(self, given: dict[str, Any]) -> Collection[int] | None:
        if "course" in self.named:
            return [self._key("course")]
        typed = given.get("course")
        return _keys(typed, self.courses.matching(typed))[0] if typed else None

    def _nominations(self, accounts: Collection[int], given: dict[str, Any]) -> Collection[int]:
        """Nominations of `accounts`, and those of a name that was typed."""
        visible = Nomination.objects.visible_to(self.reader)
        now = Person.objects.filter(pk__in=accounts).values("email")
        had = ConfirmedAddress.objects.filter(person__in=accounts).values("email")
        parts = [visible.filter(Q(email__in=now) | Q(email__in=had))]
        if "of" not in self.named:
            parts.append(visible.matching(given["of"]))
        return [key for keys in _keys(given["of"], *parts) for key in keys]

    def _called(self, typed: str) -> QuerySet[Any, Any]:
        return self.people.filter(pk__in=found_by(typed).values("pk"))

    def _found(self, typed: str) -> Found:
        certificates = Certificate.objects.visible_to(self.reader).matching(typed)
        return Found(
            *_keys(
                typed,
                self._called(typed),
                self.courses.matching(typed),
                Organisation.objects.visible_to(self.reader).matching(typed),
                Enrolment.objects.filter(pk__in=certificates.values("enrolment")),
                Nomination.objects.visible_to(self.reader).matching(typed),
            )
        )


def _keys(typed: str, *parts: QuerySet[Any, Any]) -> list[list[int]]:
    """The keys of each of `parts`, which `typed` means, in one statement.

    Raises:
        TooMany: more than `MOST_MEANT` are meant.
    """
    named = [
        rows.order_by().annotate(part=Value(number), key=F("pk")).values_list("part", "key")[: MOST_MEANT + 1]
        for number, rows in enumerate(parts)
    ]
    found: list[list[int]] = [[] for _part in parts]
    for part, key in named[0].union(*named[1:], all=True) if len(named) > 1 else named[0]:
        found[part].append(key)
    if any(len(keys) > MOST_MEANT for keys in found):
        raise TooMany(typed)
    return found


def _begins(day: Any, *, days: int = 0) -> datetime | None:
    """The moment at which `day` begins in London, or the one so many days after it."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), time.min))
