"""What a search finds in accounts: organisations."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.countries import country_names
from accounts.models import Organisation, Person
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.search import Found, Group, group


def search(user: Person, q: str) -> list[Group]:
    """Organisations by name."""
    if not (user.is_aim_admin or user.organisation_ids):
        return []
    organisations = Organisation.objects.visible_to(user).matching(q)
    url = f"{reverse('organisations')}?{urlencode({'q': q})}"
    names = country_names()

    def say(organisation: Organisation) -> Found:
        country = names.get(organisation.country, organisation.country)
        return Found(organisation.name, reverse("organisation", args=[organisation.uuid]), country)

    return [group(_("Organisations"), organisations.order_by(InOrder("name"), "pk"), say, url=url)]
