"""The list of courses: its columns, and what narrows it."""

from __future__ import annotations

from typing import Any

import django_filters
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as now_said
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.lists import Choice, ListColumn, ListTable, Search
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.templatetags.components import tag
from aimcert.foundation.times import said_days
from courses.models import CourseQuerySet
from courses.states import STAGE_TONES, Stage


class CourseTable(ListTable):
    """Courses `with_dates` and `with_places`."""

    course = ListColumn(_("Course"), sorts_by=InOrder("title"))
    when = ListColumn(_("When"), sorts_by="first_start")
    by = ListColumn(_("Commissioned by"), sorts_by=InOrder("organisation__name"))
    enrolled = ListColumn(_("Enrolled"), sorts_by="enrolled", is_number=True)
    stage = ListColumn(_("Stage"))

    def render_course(self, record: Any) -> SafeString:
        return format_html(
            '<a href="{}">{}</a><span class="under">{}, {}</span>',
            reverse("courses:detail", args=[record.uuid]),
            record.title,
            record.reference,
            record.programme.name,
        )

    def render_when(self, record: Any) -> str:
        if not record.first_start:
            return now_said("No sessions yet")
        return said_days(record.first_start, record.last_end, record.zone)

    def render_by(self, record: Any) -> str:
        return str(record.host_name)

    def render_enrolled(self, record: Any) -> str:
        return now_said("%(enrolled)s of %(capacity)s") % {
            "enrolled": record.enrolled,
            "capacity": record.capacity,
        }

    def render_stage(self, record: Any) -> SafeString:
        stage = record.stage_at(timezone.now(), record.first_start, record.last_end)
        return tag(stage.label, tone=STAGE_TONES[stage])


class CourseNarrowing(django_filters.FilterSet):
    """What is typed, and the stage."""

    q = Search(_("Title, organisation, programme or number"))
    stage = Choice(_("Stage"), choices=Stage.choices, method="at_stage")

    def at_stage(self, courses: CourseQuerySet, name: str, stage: str) -> CourseQuerySet:
        return courses.at_stage(stage, timezone.now())
