"""Long lists: searched and narrowed by a form, sorted by their columns, page by page.

django-filter and django-tables2 do it; `components/list_filters.html` and `list_table.html` show it.
A list is never an error page: what it does not understand narrows and sorts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import django_filters
import django_tables2
from django import forms
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import one_line

A_PAGE = 50
LONGEST = 150
SORT = "sort"


class Search(django_filters.CharFilter):
    """What is searched for: `matching(q)` of the queryset says what is meant by it.

    Args:
        label: what it looks at.
    """

    def __init__(self, label: str | Promise) -> None:
        look = {
            "type": "search",
            "class": "form-control input-20",
            "maxlength": LONGEST,
            "autocomplete": "off",
        }
        super().__init__(label=label, widget=forms.TextInput(attrs=look))

    def filter(self, qs: Any, value: str) -> Any:
        wanted = one_line(value or "")[:LONGEST]
        return qs.matching(wanted) if wanted else qs


class Choice(django_filters.ChoiceFilter):
    """One of a few kinds, or all.

    Args:
        label: what is chosen.
        options: as `ChoiceFilter` takes them: `choices`, and `method` or `field_name`.
    """

    def __init__(self, label: str | Promise, **options: Any) -> None:
        look = forms.Select(attrs={"class": "form-select"})
        super().__init__(label=label, empty_label=_("All"), widget=look, **options)


class ListColumn(django_tables2.Column):
    """A column, of which the table's `render_<column>` says what stands in it.

    Args:
        words: its heading.
        sorts_by: what the list is sorted by where this column's heading is chosen; None: it sorts nothing.
        is_number: whether it holds numbers.
    """

    def __init__(
        self, words: str | Promise, *, sorts_by: str | Combinable | None = None, is_number: bool = False
    ) -> None:
        super().__init__(verbose_name=words, orderable=sorts_by is not None, empty_values=(), accessor="pk")
        self.sorts_by = sorts_by
        self.is_number = is_number

    def order(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:
        key: Any = F(self.sorts_by) if isinstance(self.sorts_by, str) else self.sorts_by
        ordered = key.desc(nulls_last=True) if is_descending else key.asc(nulls_last=True)
        return queryset.order_by(ordered, "pk"), True


class ListTable(django_tables2.Table):
    """The columns of a list, the first of which names the row."""

    class Meta:
        order_by_field = SORT


@dataclass(frozen=True)
class Listing:
    """One page of a list.

    Args:
        table: its rows and columns, and its page.
        narrowing: the form that narrows it.
        is_narrowed: whether something was asked for.
        kept: what the address of another page keeps, such as "q=leeds&".
    """

    table: Any
    narrowing: Any
    is_narrowed: bool
    kept: str

    @property
    def total(self) -> int:
        """How many rows there are on all pages."""
        return int(self.table.paginator.count)


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
        narrowing: what narrows it.
    """
    narrowed = narrowing(request.GET, queryset=rows)
    shown = table(narrowed.qs, order_by=request.GET.get(SORT) or None, request=request)
    shown.paginator = Paginator(shown.rows, A_PAGE)
    # django-tables2's own way raises for a page that there is not.
    shown.page = shown.paginator.get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    asked = any(value not in ("", None) for value in narrowed.form.cleaned_data.values())
    return Listing(shown, narrowed.form, asked, f"{kept.urlencode()}&" if kept else "")
