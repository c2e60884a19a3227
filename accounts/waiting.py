"""What waits for a person in accounts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from accounts.relationships import relationships_of
from aimcert.foundation.waiting import DayIs, Urgency, Waiting

RECENT = 5


def waiting_for(user: Person) -> list[Waiting]:
    """Letters that cannot be sent, for an AIM admin; the organisations that one lately began to act for."""
    held = relationships_of(user)
    found: list[Waiting] = []
    if held.given_up:
        words = ngettext(
            "Look at %(n)d email that could not be sent",
            "Look at %(n)d emails that could not be sent",
            held.given_up,
        )
        url = reverse("unsent_emails")
        at = held.last_given_up
        found.append(Waiting(words % {"n": held.given_up}, url, at, Urgency.SOON, day_is=DayIs.LATEST))
    for organisation in held.acting_for[:RECENT]:
        found.append(
            Waiting(
                _("You act for %(organisation)s") % {"organisation": organisation.name},
                reverse("organisation", args=[organisation.uuid]),
                organisation.started_at,
                Urgency.LATER,
                done=True,
            )
        )
    return found
