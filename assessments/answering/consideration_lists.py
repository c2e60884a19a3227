"""Lists of special consideration: what they say of a row, never a word of what happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import Case, IntegerField, Q, Value, When
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as now_said
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.lists import Choice, ListColumn, ListTable, Search
from aimcert.foundation.name_order import InOrder, name_key
from aimcert.foundation.rows_in_memory import OneOf, RowColumn, RowNarrowing, TypedSearch
from aimcert.foundation.templatetags.components import tag
from aimcert.foundation.times import said_moment
from assessments.answering.models import (
    TO_DECIDE,
    UNDECIDED,
    SpecialConsideration,
    SpecialConsiderationQuerySet,
)
from assessments.states import WhatFollows

STANDS = [(TO_DECIDE, _("To be decided")), *WhatFollows.choices]
_PLACE = {value: number for number, (value, _words) in enumerate(STANDS)}


def stands(row: SpecialConsideration) -> str:
    """Where a row stands: what was decided, or `TO_DECIDE`."""
    return row.decided.follows if row.decided else TO_DECIDE


def in_list_order(rows: SpecialConsiderationQuerySet) -> SpecialConsiderationQuerySet:
    """`rows` with `stands`, to sort by: what is to be decided first, the longest waiting first."""
    whens = [When(decision__follows=value, then=Value(_PLACE[value])) for value in WhatFollows.values]
    return rows.annotate(
        stands=Case(*whens, default=Value(_PLACE[TO_DECIDE]), output_field=IntegerField()),
        is_decided=Case(When(UNDECIDED, then=Value(0)), default=Value(1), output_field=IntegerField()),
    ).order_by("is_decided", "recorded_at", "pk")


class ConsiderationTable(ListTable):
    """What may be decided by whoever reads it, over all courses, `in_list_order`."""

    name = ListColumn(_("Person"), sorts_by=InOrder("enrolment__person__name"))
    course = ListColumn(_("Course"), sorts_by=InOrder("enrolment__course__title"))
    happened = ListColumn(_("Happened"), sorts_by="happened_at")
    recorded = ListColumn(_("Recorded"), sorts_by="recorded_at")
    stands = ListColumn(_("What was decided"), sorts_by="stands")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.tags = {
            value: tag(words, tone="waiting" if value == TO_DECIDE else "neutral") for value, words in STANDS
        }

    def render_name(self, record: Any) -> SafeString:
        enrolment = record.enrolment
        url = reverse("assessments:consideration", args=[enrolment.course.uuid, enrolment.uuid, record.uuid])
        return format_html('<a href="{}">{}</a>', url, enrolment.person.name)

    def render_course(self, record: Any) -> SafeString:
        course = record.enrolment.course
        return format_html('{}<span class="under">{}</span>', course.title, course.reference)

    def render_happened(self, record: Any) -> str:
        return said_moment(record.happened_at, record.enrolment.course.zone)

    def render_recorded(self, record: Any) -> SafeString:
        by = now_said("by themself") if record.is_told_by_themself else now_said("by a trainer")
        at = said_moment(record.recorded_at, record.enrolment.course.zone)
        return format_html('{}<span class="under">{}</span>', at, by)

    def render_stands(self, record: Any) -> SafeString:
        return self.tags[stands(record)]


class ConsiderationFilter(django_filters.FilterSet):
    """What is typed, and where a row stands."""

    q = Search(_("Name, course or its number"))
    stands = Choice(_("What was decided"), choices=STANDS, method="that_stand")

    def that_stand(
        self, rows: SpecialConsiderationQuerySet, name: str, where: str
    ) -> SpecialConsiderationQuerySet:
        return rows.filter(UNDECIDED if where == TO_DECIDE else Q(decision__follows=where))


# Of one course, for its trainers: of a decision that is not theirs to read, that there is one.
DECIDED = "decided"
COURSE_COLUMNS = (
    RowColumn("name", _("Person"), lambda row: name_key(row.enrolment.person.name)),
    RowColumn("happened", _("Happened"), lambda row: row.happened_at),
    RowColumn("recorded", _("Recorded by"), lambda row: name_key(row.recorded_by.name)),
    RowColumn("stands", _("What was decided"), lambda row: _PLACE[stands(row)] if row.is_read else -1),
)


class CourseNarrowing(RowNarrowing):
    """Whom somebody typed, and whether it was decided."""

    q = TypedSearch(_("Name"))
    stands = OneOf(_("Show only"), [(TO_DECIDE, _("To be decided")), (DECIDED, _("Decided"))])

    def names_of(self, row: Any) -> tuple[str, ...]:
        return (row.enrolment.person.name,)

    def by_stands(self, where: str) -> Callable[[Any], bool]:
        return lambda row: (row.decided is None) == (where == TO_DECIDE)
