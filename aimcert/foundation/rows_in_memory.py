"""Lists of which more is known than a queryset can be asked: rows in memory, listed as others are.

For a course's people, whom its places bound, and for pages on which all rows count: all stand on one page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise

from aimcert.foundation.lists import (
    CHOICE_LOOK,
    EVERYTHING,
    FEW,
    SEARCH_LOOK,
    SORT,
    Listing,
    asked_words,
    headings_of,
    here_of,
    is_narrowed_by,
    kept_of,
    look_of,
    wanted_of,
)
from aimcert.foundation.name_order import name_finder

R = TypeVar("R")


class TypedSearch(forms.CharField):
    """What is searched for.

    Args:
        label: what it looks at.
    """

    def __init__(self, label: str | Promise) -> None:
        words: Any = label
        super().__init__(label=words, required=False, widget=forms.TextInput(attrs=SEARCH_LOOK))

    def clean(self, value: Any) -> str:
        return wanted_of(super().clean(value))


class OneOf(forms.ChoiceField):
    """One of a few kinds, or all.

    Args:
        label: what is chosen.
        choices: a value and its words each.
    """

    def __init__(self, label: str | Promise, choices: Sequence[tuple[str, str | Promise]] = ()) -> None:
        words: Any = label
        widget = forms.Select(attrs=CHOICE_LOOK)
        super().__init__(label=words, required=False, widget=widget, choices=[("", EVERYTHING), *choices])


class RowNarrowing(forms.Form):
    """What narrows rows in memory: of each field, `by_<field>(value)` says which rows stay.

    `q` looks at `names_of(row)`, what a row is called, as `matching` of a queryset does.
    """

    def names_of(self, row: Any) -> Sequence[str]:
        """Names by which `row` is found."""
        return (row.name,)

    def by_q(self, typed: str) -> Callable[[Any], bool]:
        means = name_finder(typed)
        return lambda row: any(means(name) for name in self.names_of(row) if name)

    def narrowed(self, rows: Sequence[R]) -> Sequence[R]:
        """Those of `rows` that are asked for."""
        self.is_valid()
        for name, value in self.cleaned_data.items():
            if value not in ("", None):
                stays: Callable[[Any], bool] = getattr(self, f"by_{name}")(value)
                rows = [row for row in rows if stays(row)]
        return rows


@dataclass(frozen=True, slots=True)
class RowColumn:
    """A column of rows in memory; the template says what stands in it.

    Args:
        name: what addresses call it.
        words: its heading.
        sorts_by: what it is sorted by, of a row; where that is None or empty, the row comes last. No
            function: it sorts nothing.
        is_number: whether it holds numbers.
        is_acts: whether it holds what can be done, which is not printed.
    """

    name: str
    words: str | Promise
    sorts_by: Callable[[Any], Any] | None = None
    is_number: bool = False
    is_acts: bool = False


def listed_rows(
    request: HttpRequest,
    rows: Sequence[Any],
    *,
    columns: Sequence[RowColumn],
    narrowing: RowNarrowing,
    beside: int = 0,
) -> Listing:
    """All of `rows` that the address asks for: no statement.

    Args:
        request: its address says what is searched for and how the list is sorted.
        rows: everything that may be shown, in the order in which it stands unsorted.
        columns: its columns.
        narrowing: what narrows it, of this request's address.
        beside: how many rows stand in another list that is narrowed by the same form.
    """
    # Where nothing is asked, nothing is read of the address: a form costs more than a few rows.
    found = narrowing.narrowed(rows) if request.GET else rows
    wanted = request.GET.get(SORT, "")
    sorting = ""
    for column in columns:
        if column.sorts_by and wanted.removeprefix("-") == column.name:
            sorting = wanted
            found = _in_order(found, column.sorts_by, is_descending=wanted != column.name)
    plain = [
        (one.name, one.words, look_of(is_number=one.is_number, is_acts=one.is_acts), bool(one.sorts_by))
        for one in columns
    ]
    return Listing(
        headings=headings_of(request.GET, plain, sorting),
        rows=found,
        total=len(found),
        narrowing=narrowing,
        is_narrowed=bool(request.GET) and is_narrowed_by(narrowing),
        has_fields=bool(request.GET) or len(rows) + beside > FEW,
        asked=asked_words(narrowing, plain, sorting) if request.GET else [],
        kept=kept_of(request.GET),
        here=here_of(request.GET),
    )


def _in_order(rows: Sequence[R], key: Callable[[R], Any], *, is_descending: bool) -> list[R]:
    """`rows` by `key`; those without one come last, whichever way round."""
    keyed = [(key(row), row) for row in rows]
    known = [pair for pair in keyed if pair[0] not in (None, "")]
    known.sort(key=lambda pair: pair[0], reverse=is_descending)
    return [row for _key, row in known] + [row for found, row in keyed if found in (None, "")]
