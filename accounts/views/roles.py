"""Who has a role and who had it, as the pages that give it and end it show them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.forms import PersonForm
from accounts.requests import SignedInRequest
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.undoing import named_again


def current_and_ended(roles: QuerySet[Any]) -> dict[str, list[Any]]:
    """For templates: `current` and `ended` of memberships or appointments, by name.

    Of those that ended, `held` says whether the person has the role now.
    """
    rows = list(roles.select_related("person").order_by(InOrder("person__name"), "pk"))
    current = [row for row in rows if row.ended_at is None]
    ended = [row for row in rows if row.ended_at is not None]
    holding = {row.person_id for row in current}
    for row in ended:
        row.held = row.person_id in holding
    return {"current": current, "ended": ended}


def asked_for(request: SignedInRequest, roles: QuerySet[Any]) -> PersonForm:
    """What was sent; before that, filled in with whoever had one of `roles` and is to have it again."""
    before = named_again(request, roles.filter(ended_at__isnull=False).select_related("person"))
    initial = {"name": before.person.name, "email": before.person.email} if before else {}
    return PersonForm(request.POST if request.method == "POST" else None, initial=initial)
