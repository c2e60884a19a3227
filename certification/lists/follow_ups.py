"""The list of follow-ups: its columns, and what narrows it."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as now_said
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.lists import Choice, ListColumn, ListTable, Search
from aimcert.foundation.name_order import InOrder
from assessments.states import Outcome
from certification.models import FollowUpQuerySet

OPEN = Q(closed_at__isnull=True)
CLOSED = "closed"


class FollowUpTable(ListTable):
    """Open follow-ups `with_commissioner`, with their `outcome` and `steps_count`."""

    name = ListColumn(_("Name"), sorts_by=InOrder("enrolment__certificate_name"))
    course = ListColumn(_("Course"), sorts_by=InOrder("enrolment__course__title"))
    sponsor = ListColumn(_("Sponsor"), sorts_by=InOrder("sponsor_organisation__name"))
    outcome = ListColumn(_("Outcome"), sorts_by="outcome")
    day = ListColumn(_("With the sponsor since"), sorts_by="released_at")
    recorded = ListColumn(_("Recorded so far"), sorts_by="steps_count", is_number=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.outcomes = {value: str(label) for value, label in Outcome.choices}
        self.is_admin = self.request.user.is_aim_admin

    def render_name(self, record: Any) -> SafeString:
        url = reverse("certification:follow_up", args=[record.uuid])
        return format_html('<a href="{}">{}</a>', url, record.enrolment.certificate_name)

    def render_course(self, record: Any) -> SafeString:
        course = record.enrolment.course
        return format_html('{}<span class="under">{}</span>', course.title, course.programme.name)

    def render_sponsor(self, record: Any) -> SafeString | str:
        if record.sponsor_organisation is None:
            return now_said("Self-funded")
        name = str(record.sponsor_organisation.name)
        if record.closed_at or record.has_commissioner or not self.is_admin:
            return name
        nobody = _("Nobody there can act: yours to do")
        return format_html('{}<span class="under">{}</span>', name, nobody)

    def render_outcome(self, record: Any) -> str:
        return self.outcomes[record.outcome]

    def render_day(self, record: Any) -> str:
        if record.released_at:
            return _day(record.released_at, record)
        return now_said("The person reads it first, until %(day)s") % {"day": _day(record.due_at, record)}

    def render_recorded(self, record: Any) -> int:
        return int(record.steps_count)


class ClosedFollowUpTable(FollowUpTable):
    """Closed ones."""

    day = ListColumn(_("Closed"), sorts_by="closed_at")

    def render_day(self, record: Any) -> str:
        return _day(record.closed_at, record)


def _day(at: Any, record: Any) -> str:
    return date_format(timezone.localtime(at, record.enrolment.course.zone))


class FollowUpNarrowing(django_filters.FilterSet):
    """What is typed, the outcome, and whether the closed ones are shown instead."""

    shows_a_part = True
    q = Search(_("Name, course or sponsor"))
    outcome = Choice(
        _("Outcome"),
        choices=[(value, Outcome(value).label) for value in (Outcome.NOT_YET, Outcome.NOT_ASSESSED)],
    )
    show = Choice(_("Show"), choices=[(CLOSED, _("Closed"))], empty_label=_("Open"), method="as_they_are")

    def as_they_are(self, follow_ups: FollowUpQuerySet, name: str, show: str) -> FollowUpQuerySet:
        # `follow_ups_shown` has chosen already: the open ones are shown where nothing is asked for.
        return follow_ups


def follow_ups_shown(follow_ups: QuerySet[Any, Any], *, closed: bool) -> QuerySet[Any, Any]:
    """The closed ones of `follow_ups`, the latest first, or the open ones, the oldest first."""
    if closed:
        return follow_ups.exclude(OPEN).order_by("-closed_at", "pk")
    return follow_ups.filter(OPEN).order_by(F("released_at").asc(nulls_last=True), "pk")
