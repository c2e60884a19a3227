"""Long lists: searched and narrowed by a form, sorted by their columns, page by page.

`listed`: rows of a queryset, by django-filter and django-tables2. `rows_in_memory.listed_rows`: rows of which
more is known than a queryset can be asked. `components/list_filters.html`, `list_head.html` and
`list_table.html` show both. A list is never an error page: what it does not understand narrows and sorts
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import django_filters
import django_tables2
from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as now_said
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import one_line

A_PAGE = 50
# So few rows are looked through at a glance.
FEW = 10
LONGEST = 150
SORT = "sort"
SEARCH_LOOK = {
    "type": "search",
    "class": "form-control input-20",
    "maxlength": LONGEST,
    "autocomplete": "off",
}
CHOICE_LOOK = {"class": "form-select"}
EVERYTHING = _("All")


class Search(django_filters.CharFilter):
    """What is searched for: `matching(q)` of the queryset says what is meant by it.

    Args:
        label: what it looks at.
    """

    def __init__(self, label: str | Promise) -> None:
        super().__init__(label=label, widget=forms.TextInput(attrs=SEARCH_LOOK))

    def filter(self, qs: Any, value: str) -> Any:
        wanted = wanted_of(value)
        return qs.matching(wanted) if wanted else qs


class Choice(django_filters.ChoiceFilter):
    """One of a few kinds, or all.

    Args:
        label: what is chosen.
        options: as `ChoiceFilter` takes them: `choices`, and `method` or `field_name`; `empty_label` where
            a list that nobody narrowed shows less than everything.
    """

    def __init__(self, label: str | Promise, **options: Any) -> None:
        options.setdefault("empty_label", EVERYTHING)
        super().__init__(label=label, widget=forms.Select(attrs=CHOICE_LOOK), **options)


class ListColumn(django_tables2.Column):
    """A column, of which the table's `render_<column>` says what stands in it.

    Args:
        words: its heading.
        sorts_by: what the list is sorted by where this column's heading is chosen; None: it sorts nothing.
        is_number: whether it holds numbers.
        is_acts: whether it holds what can be done, which is not printed.
    """

    def __init__(
        self,
        words: str | Promise,
        *,
        sorts_by: str | Combinable | None = None,
        is_number: bool = False,
        is_acts: bool = False,
    ) -> None:
        super().__init__(verbose_name=words, orderable=sorts_by is not None, empty_values=(), accessor="pk")
        self.sorts_by = sorts_by
        self.look = look_of(is_number=is_number, is_acts=is_acts)

    def order(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:
        key: Any = F(self.sorts_by) if isinstance(self.sorts_by, str) else self.sorts_by
        ordered = key.desc(nulls_last=True) if is_descending else key.asc(nulls_last=True)
        return queryset.order_by(ordered, "pk"), True


class ListTable(django_tables2.Table):
    """The columns of a list, the first of which names the row."""

    class Meta:
        order_by_field = SORT


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a column, as it is written.

    Args:
        name: what addresses call the column.
        words: what stands there.
        look: its class in the style sheet.
        href: the address of the list sorted by it; empty where it sorts nothing.
        order: `ascending` or `descending` where the list is sorted by it now.
    """

    name: str
    words: str | Promise
    look: str
    href: str
    order: str


@dataclass(frozen=True)
class Listing:
    """One page of a list.

    Args:
        headings: its columns' headings.
        rows: what stands on this page.
        total: how many there are on all pages.
        narrowing: the form that narrows it.
        is_narrowed: whether something was asked for.
        has_fields: whether that form stands above it: not where all of a few rows are in sight.
        asked: how it is narrowed and sorted, in words, for who reads it on paper.
        kept: what the address of another page keeps, such as "q=leeds&".
        here: what an address that acts on a row ends with, so that `back_to_list` finds back; "?q=leeds".
        page: which page of how many; None where all rows stand on one.
        table: what writes the rows, where `list_table.html` does.
    """

    headings: Sequence[Heading]
    rows: Sequence[Any]
    total: int
    narrowing: forms.BaseForm
    is_narrowed: bool
    has_fields: bool
    asked: Sequence[str]
    kept: str
    here: str
    page: Page[Any] | None = None
    table: Any = None


def listed(
    request: HttpRequest,
    rows: QuerySet[Any, Any],
    *,
    table: type[ListTable],
    narrowing: type[django_filters.FilterSet],
) -> Listing:
    """A page of `rows`, as the address asks: two statements, whatever its length.

    Args:
        request: its address says what is searched for, how the list is sorted and which page is shown.
        rows: everything that may be shown, in the order in which it stands unsorted.
        table: its columns.
        narrowing: what narrows it; `shows_a_part` is true of one that nobody asked and that still leaves
            something out.
    """
    narrowed = narrowing(request.GET, queryset=rows)
    shown = table(narrowed.qs, order_by=request.GET.get(SORT) or None, request=request)
    shown.paginator = Paginator(shown.rows, A_PAGE)
    # django-tables2's own way raises for a page that there is not.
    page = shown.page = shown.paginator.get_page(request.GET.get("page"))
    sorting = ""
    columns = []
    for column in shown.columns:
        if column.is_ordered:
            sorting = str(column.order_by_alias)
        columns.append((column.name, column.header, column.column.look, column.orderable))
    total = shown.paginator.count
    return Listing(
        headings=headings_of(request.GET, columns, sorting),
        rows=[row.record for row in page.object_list],
        total=total,
        narrowing=narrowed.form,
        is_narrowed=is_narrowed_by(narrowed.form),
        has_fields=bool(request.GET) or total > FEW or getattr(narrowing, "shows_a_part", False),
        asked=asked_words(narrowed.form, columns, sorting),
        kept=kept_of(request.GET),
        here=here_of(request.GET),
        page=page,
        table=shown,
    )


def back_to_list(request: HttpRequest, to: str, *of: Any) -> HttpResponseRedirect:
    """Back to the list that something was done in, narrowed and sorted as it was.

    Args:
        request: the address that was acted at ends as the list's did.
        to: the list's route.
        of: what that is of.
    """
    return HttpResponseRedirect(reverse(to, args=of) + here_of(request.GET))


def wanted_of(typed: Any) -> str:
    """What is searched for by what was `typed`."""
    return one_line(typed or "")[:LONGEST]


def look_of(*, is_number: bool, is_acts: bool) -> str:
    """The class of a column's cells."""
    return "num" if is_number else "screen-only" if is_acts else ""


def is_narrowed_by(form: forms.BaseForm) -> bool:
    """Whether `form`, which was cleaned, narrows anything."""
    return any(value not in ("", None) for value in form.cleaned_data.values())


def kept_of(asked: QueryDict) -> str:
    """What the address of another page of a list keeps of what was `asked`."""
    kept = asked.copy()
    kept.pop("page", None)
    return f"{kept.urlencode()}&" if kept else ""


def here_of(asked: QueryDict) -> str:
    """The end of a list's own address, of what was `asked`."""
    return f"?{asked.urlencode()}" if asked else ""


# A column as both kinds of lists have it: its name, heading and look, and whether the list is sorted by it.
_Column = tuple[str, "str | Promise", str, bool]


def headings_of(asked: QueryDict, columns: Iterable[_Column], sorting: str) -> list[Heading]:
    """The headings of `columns`, each with the address that sorts by it, or turns it round.

    Args:
        asked: what the list's address asks for.
        columns: its columns.
        sorting: by what it is sorted, such as "-name"; empty where it stands as it is.
    """
    address = asked.copy()
    address.pop("page", None)
    found = []
    for name, words, look, sorts in columns:
        order = {name: "ascending", f"-{name}": "descending"}.get(sorting, "") if sorts else ""
        if sorts:
            address[SORT] = f"-{name}" if order == "ascending" else name
        found.append(Heading(name, words, look, f"?{address.urlencode()}" if sorts else "", order))
    return found


def asked_words(form: forms.BaseForm, columns: Iterable[_Column], sorting: str) -> list[str]:
    """How a list is narrowed by `form`, which was cleaned, and sorted: "Stage: Published"."""
    said = []
    for field in form:
        value = form.cleaned_data.get(field.name)
        if value not in ("", None):
            choices = dict(getattr(field.field, "choices", ()))
            said.append(f"{field.label}: {choices.get(value, value)}")
    for name, words, _look, _sorts in columns:
        if sorting == name:
            said.append(now_said("Sorted by: %(column)s") % {"column": words})
        elif sorting == f"-{name}":
            said.append(now_said("Sorted by: %(column)s, the other way round") % {"column": words})
    return said
