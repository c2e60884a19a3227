"""What waits for a person in safeguarding."""

from __future__ import annotations

from django.db.models import Count, Max, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from accounts.relationships import relationships_of
from aimcert.foundation.waiting import DayIs, Urgency, Waiting
from safeguarding.models import Record
from safeguarding.rules import LEADS, NO_LEAD, UNREAD
from safeguarding.states import Entered


def waiting_for(user: Person) -> list[Waiting]:
    """Records to read and to deal with, for a lead; for AIM admins, that a lead must be appointed."""
    held = relationships_of(user)
    found: list[Waiting] = []
    if LEADS in held:
        found += _records(user)
    if NO_LEAD in held:
        words = _("Appoint a safeguarding lead: The AIM Project has none")
        found.append(Waiting(words, reverse("safeguarding:leads"), None, Urgency.NOW))
    elif UNREAD in held:
        words = _("Appoint another safeguarding lead: no lead is free to read a record that waits")
        found.append(Waiting(words, reverse("safeguarding:leads"), None, Urgency.NOW))
    return found


def _records(user: Person) -> list[Waiting]:
    to_read = Q(latest__in=["", Entered.ADDED])
    counts = (
        Record.objects.visible_to(user)
        .standing()
        .aggregate(
            unread=Count("pk", filter=to_read),
            first=Min("sent_at", filter=to_read),
            open=Count("pk", filter=~to_read),
            last=Max("sent_at", filter=~to_read),
        )
    )
    url = reverse("safeguarding:records")
    found = []
    if number := counts["unread"]:
        words = ngettext("Read %(n)d safeguarding record", "Read %(n)d safeguarding records", number)
        found.append(Waiting(words % {"n": number}, url, counts["first"], Urgency.NOW))
    if number := counts["open"]:
        words = ngettext(
            "Go on with %(n)d open safeguarding record", "Go on with %(n)d open safeguarding records", number
        )
        at = counts["last"]
        found.append(Waiting(words % {"n": number}, url, at, Urgency.LATER, day_is=DayIs.LATEST))
    return found
