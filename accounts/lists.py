"""The lists of organisations and of letters that could not be sent: their columns, and what narrows them."""

from __future__ import annotations

from typing import Any

import django_filters
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.countries import country_names
from accounts.models import OutgoingEmail
from aimcert.foundation.lists import ListColumn, ListTable, Search, here_of
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.plain_errors import plain
from aimcert.foundation.times import said_moment


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


class LetterTable(ListTable):
    """Letters that were given up."""

    address = ListColumn(_("To"), sorts_by="to_address")
    subject = ListColumn(_("Subject"), sorts_by=InOrder("subject"))
    written = ListColumn(_("Written"), sorts_by="created_at")
    why = ListColumn(_("Why"), sorts_by="last_error")
    acts = ListColumn(_("What you can do"), is_acts=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.here = here_of(self.request.GET)
        self.token = get_token(self.request)

    def render_address(self, record: OutgoingEmail) -> str:
        return record.to_address

    def render_subject(self, record: OutgoingEmail) -> str:
        return record.subject

    def render_written(self, record: OutgoingEmail) -> str:
        return said_moment(record.created_at, place=False)

    def render_why(self, record: OutgoingEmail) -> str:
        return plain(record.last_error)

    def render_acts(self, record: OutgoingEmail) -> SafeString:
        button = {
            "url": reverse("retry_email", args=[record.uuid]) + self.here,
            "words": _("Try again"),
            "about": record.to_address,
            "class": "btn-secondary btn-small",
            "csrf_token": self.token,
        }
        return render_to_string("components/post_button.html", button)


class LetterNarrowing(django_filters.FilterSet):
    """What is typed."""

    q = Search(_("Part of the address or of the subject"))
