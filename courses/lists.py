"""The lists of courses, of licences and of nominations: their columns, and what narrows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as now_said
from django.utils.translation import gettext_lazy as _

from accounts.countries import country_names
from aimcert.foundation.lists import Choice, ListColumn, ListTable, Search
from aimcert.foundation.name_order import InOrder, name_key
from aimcert.foundation.rows_in_memory import OneOf, RowColumn, RowNarrowing, TypedSearch
from aimcert.foundation.templatetags.components import tag
from aimcert.foundation.times import said_days
from courses.models import CourseQuerySet, Licence
from courses.states import STAGE_TONES, NominationStage, Stage


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


class LicenceTable(ListTable):
    """Licences with their Associate and programme."""

    associate = ListColumn(_("Associate"), sorts_by=InOrder("associate__name"))
    programme = ListColumn(_("For"), sorts_by=InOrder("programme__name"))
    dates = ListColumn(_("From and until"), sorts_by="valid_until")
    stands = ListColumn(_("Stands"))
    acts = ListColumn(_("What you can do"), is_acts=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.countries = country_names()
        self.today = timezone.localdate()

    def render_associate(self, record: Licence) -> SafeString:
        return format_html('{}<span class="under">{}</span>', record.associate.name, record.associate.email)

    def render_programme(self, record: Licence) -> SafeString:
        country = self.countries.get(record.country, record.country)
        return format_html('{}<span class="under">{}</span>', record.programme.name, country)

    def render_dates(self, record: Licence) -> SafeString:
        until = date_format(record.valid_until) if record.valid_until else now_said("until withdrawn")
        return format_html("{}<br>{}", date_format(record.valid_from), until)

    def render_stands(self, record: Licence) -> SafeString:
        if record.withdrawn_at:
            return tag(_("Withdrawn"))
        if record.valid_until is not None and record.valid_until < self.today:
            return tag(_("Has ended"), tone="attention")
        if not record.cleared_at:
            return tag(_("Has not agreed to the case study"), tone="waiting")
        if record.valid_from > self.today:
            return tag(_("Not in force yet"), tone="info")
        return tag(_("In force"), tone="good")

    def render_acts(self, record: Licence) -> SafeString | str:
        if record.withdrawn_at:
            return "–"
        if record.associate_id == self.request.user.pk:
            return now_said("This is you")
        whose = f": {record.associate.name}, {record.programme.name}"
        acts = [
            (reverse("courses:licence_renew", args=[record.uuid]), _("Change the last day"), whose),
            (reverse("courses:licence_withdraw", args=[record.uuid]), _("Withdraw"), whose),
        ]
        link = '<a href="{}">{}<span class="visually-hidden">{}</span></a>'
        return format_html_join(SafeString("<br>"), link, acts)


class LicenceNarrowing(django_filters.FilterSet):
    """What is typed."""

    q = Search(_("Name, email address or programme"))


_NOMINATION_STAGES = {stage: number for number, stage in enumerate(NominationStage)}
# A row is a `NominationRow`.
NOMINATION_COLUMNS = (
    RowColumn("name", _("Name"), lambda row: name_key(row.nomination.name)),
    RowColumn("role", _("Job role and experience"), lambda row: name_key(row.nomination.job_role)),
    RowColumn("sponsor", _("Sponsor"), lambda row: name_key(_sponsor_of(row))),
    RowColumn("stage", _("How far"), lambda row: _NOMINATION_STAGES[row.stage]),
    RowColumn("acts", _("What you can do"), is_acts=True),
)


def _sponsor_of(row: Any) -> str:
    organisation = row.nomination.sponsor_organisation
    return str(organisation.name) if organisation else ""


class NominationNarrowing(RowNarrowing):
    """What is typed, and how far they have come."""

    q = TypedSearch(_("Name, role, email or sponsor"))
    stage = OneOf(_("How far"), NominationStage.choices)

    def names_of(self, row: Any) -> tuple[str, ...]:
        one = row.nomination
        return (one.name, one.job_role, one.email, _sponsor_of(row))

    def by_stage(self, stage: str) -> Callable[[Any], bool]:
        return lambda row: row.stage == stage
