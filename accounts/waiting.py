"""What waits for a person in accounts."""

from __future__ import annotations

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import OutgoingEmail, Person
from accounts.ties import ties
from aimcert.foundation.waiting import Urgency, Waiting

RECENT = 5


def waiting_for(user: Person) -> list[Waiting]:
    """Letters that cannot be sent, for an AIM admin; the organisations that one lately began to act for."""
    acting_for = ties(user).acting_for
    found: list[Waiting] = []
    if user.is_aim_admin:
        stuck = (
            OutgoingEmail.objects.visible_to(user).given_up().aggregate(n=Count("pk"), last=Max("created_at"))
        )
        if stuck["n"]:
            words = ngettext("%(n)d email could not be sent", "%(n)d emails could not be sent", stuck["n"])
            found.append(Waiting(words % stuck, reverse("unsent_emails"), stuck["last"], Urgency.SOON))
    for organisation in acting_for[:RECENT]:
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
