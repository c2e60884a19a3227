"""The list of safeguarding records: its columns, and what narrows it. Not a word of a record stands in it."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.lists import Choice, ListColumn, ListTable, Search
from aimcert.foundation.templatetags.components import tag
from aimcert.foundation.times import said_moment
from safeguarding.models import RecordQuerySet
from safeguarding.states import Concern, Danger, Stands

# As `most_urgent_first` numbers them.
_STANDS = dict(enumerate(Stands))


class RecordTable(ListTable):
    """Records, `most_urgent_first`."""

    reference = ListColumn(_("Record"), sorts_by="reference")
    concern = ListColumn(_("About"), sorts_by="concern")
    danger = ListColumn(_("Danger now"), sorts_by="urgency")
    sent_at = ListColumn(_("Sent"), sorts_by="sent_at")
    stands = ListColumn(_("How far"), sorts_by="stands")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.concerns = {value: str(label) for value, label in Concern.choices}
        self.dangers: dict[str, SafeString | str] = {
            Danger.YES: tag(_("Danger now"), tone="attention"),
            Danger.NOT_SURE: tag(_("Danger: not sure"), tone="waiting"),
            Danger.NO: str(Danger.NO.label),
        }
        tones = {Stands.TO_READ: "waiting", Stands.OPEN: "info", Stands.CLOSED: "neutral"}
        self.tags = {number: tag(one.label, tone=tones[one]) for number, one in _STANDS.items()}

    def render_reference(self, record: Any) -> SafeString:
        url = reverse("safeguarding:record", args=[record.uuid])
        return format_html('<a class="text-nowrap" href="{}">{}</a>', url, record.reference)

    def render_concern(self, record: Any) -> str:
        return self.concerns[record.concern]

    def render_danger(self, record: Any) -> SafeString | str:
        return self.dangers[record.danger]

    def render_sent_at(self, record: Any) -> str:
        return said_moment(record.sent_at, place=False)

    def render_stands(self, record: Any) -> SafeString:
        return self.tags[record.stands]


class RecordNarrowing(django_filters.FilterSet):
    """What is typed, how far a record is, what it is about, and whether somebody is in danger."""

    q = Search(_("Reference"))
    stands = Choice(_("How far"), choices=Stands.choices, method="at")
    concern = Choice(_("About"), choices=Concern.choices)
    danger = Choice(_("Danger now"), choices=Danger.choices)

    def at(self, records: RecordQuerySet, name: str, stands: str) -> RecordQuerySet:
        return records.filter(Q(**{"stands": list(Stands).index(Stands(stands))}))
