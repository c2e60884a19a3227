"""The register of certificates: its columns, and what narrows it."""

from __future__ import annotations

from typing import Any

import django_filters
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.lists import Choice, ListColumn, ListTable, Search
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.templatetags.components import tag
from certification.models import Certificate
from certification.states import CertificateState


class CertificateTable(ListTable):
    """Certificates."""

    number = ListColumn(_("Number"), sorts_by="number")
    name = ListColumn(_("Name"), sorts_by=InOrder("name"))
    programme = ListColumn(_("Programme"), sorts_by=InOrder("programme_name"))
    course = ListColumn(_("Course"), sorts_by=InOrder("course_title"))
    issued_on = ListColumn(_("Issued on"), sorts_by="issued_on")
    state = ListColumn(_("State"), sorts_by="state")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.states = {
            value: tag(label, tone="good" if value == CertificateState.VALID else "attention")
            for value, label in CertificateState.choices
        }

    def render_number(self, record: Certificate) -> SafeString:
        url = reverse("certification:certificate", args=[record.uuid])
        return format_html('<a class="text-nowrap" href="{}">{}</a>', url, record.reference)

    def render_name(self, record: Certificate) -> str:
        return record.name

    def render_programme(self, record: Certificate) -> str:
        return record.programme_name

    def render_course(self, record: Certificate) -> SafeString:
        return format_html('{} <span class="quiet">{}</span>', record.course_title, record.course_reference)

    def render_issued_on(self, record: Certificate) -> str:
        return date_format(record.issued_on)

    def render_state(self, record: Certificate) -> SafeString:
        return self.states[record.state]


class CertificateNarrowing(django_filters.FilterSet):
    """What is typed, and the state."""

    q = Search(_("Name, number, code or course reference"))
    state = Choice(_("State"), choices=CertificateState.choices)
