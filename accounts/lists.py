"""The list of organisations: its columns, and what narrows it."""

from __future__ import annotations

from typing import Any

import django_filters
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.countries import country_names
from aimcert.foundation.lists import ListColumn, ListTable, Search
from aimcert.foundation.name_order import InOrder


class OrganisationTable(ListTable):
    """Organisations with `people`, how many act for each."""

    name = ListColumn(_("Name"), sorts_by=InOrder("name"))
    country = ListColumn(_("Country"), sorts_by="country")
    people = ListColumn(_("Commissioners"), sorts_by="people", is_number=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.countries = country_names()

    def render_name(self, record: Any) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("organisation", args=[record.uuid]), record.name)

    def render_country(self, record: Any) -> str:
        return self.countries.get(record.country, str(record.country))

    def render_people(self, record: Any) -> int:
        return int(record.people)


class OrganisationNarrowing(django_filters.FilterSet):
    """What is typed."""

    q = Search(_("Part of the name"))
