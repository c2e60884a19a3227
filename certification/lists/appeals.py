"""The list of appeals: what has to be answered next, and what became of the others."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as now_said
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.lists import Choice, ListColumn, ListTable, Search
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.templatetags.components import tag
from aimcert.foundation.times import said_moment
from certification.models import Appeal, AppealQuerySet
from certification.models.appeals import OPEN

STANDS = [
    ("open", _("To be answered")),
    ("overdue", _("Overdue")),
    ("answered", _("Answered")),
    ("withdrawn", _("Withdrawn")),
]


def stands(appeal: Appeal) -> str:
    """Where an appeal stands, by the names of `STANDS`."""
    if appeal.withdrawn_at is not None:
        return "withdrawn"
    if appeal.answered_at is not None:
        return "answered"
    return "overdue" if appeal.answer_due_at <= timezone.now() else "open"


class AppealTable(ListTable):
    """Appeals over all courses, with who has each in hand."""

    name = ListColumn(_("Person"), sorts_by=InOrder("enrolment__person__name"))
    course = ListColumn(_("Course"), sorts_by=InOrder("enrolment__course__title"))
    asked = ListColumn(_("Asked"), sorts_by="asked_at")
    due = ListColumn(_("To be answered by"), sorts_by="answer_due_at")
    stands = ListColumn(_("Where it stands"))

    def render_name(self, record: Any) -> SafeString:
        url = reverse("certification:appeal", args=[record.uuid])
        return format_html('<a href="{}">{}</a>', url, record.enrolment.person.name)

    def render_course(self, record: Any) -> SafeString:
        course = record.enrolment.course
        return format_html('{}<span class="under">{}</span>', course.title, course.reference)

    def render_asked(self, record: Any) -> str:
        return said_moment(record.asked_at, record.enrolment.course.zone)

    def render_due(self, record: Any) -> str:
        return said_moment(record.answer_due_at, record.enrolment.course.zone) if record.is_open else ""

    def render_stands(self, record: Any) -> SafeString:
        where = stands(record)
        tones = {"open": "waiting", "overdue": "attention", "answered": "good"}
        shown = tag(dict(STANDS)[where], tone=tones.get(where, "neutral"))
        if record.is_open and record.taken_by is None:
            return format_html('{}<span class="under">{}</span>', shown, now_said("in nobody’s hand yet"))
        if record.is_open:
            return format_html('{}<span class="under">{}</span>', shown, record.taken_by.name)
        return shown


class AppealFilter(django_filters.FilterSet):
    """What is typed, and where an appeal stands."""

    q = Search(_("Name, course or its number"))
    stands = Choice(_("Where it stands"), choices=STANDS, method="that_stand")

    def that_stand(self, rows: AppealQuerySet, name: str, where: str) -> AppealQuerySet:
        conditions = {
            "open": OPEN & Q(answer_due_at__gt=timezone.now()),
            "overdue": OPEN & Q(answer_due_at__lte=timezone.now()),
            "answered": Q(answered_at__isnull=False),
            "withdrawn": Q(withdrawn_at__isnull=False),
        }
        return rows.filter(conditions[where])
