"""From when on a sponsor knows of somebody: a walk-in's may never have heard of them."""

from __future__ import annotations

from django.db.models import Q


def confirmed(prefix: str = "") -> Q:
    """The condition, on an enrolment, that its sponsor said yes: a walk-in's is asked first."""
    return Q(**{f"{prefix}nomination__is_walk_in": False}) | Q(
        **{f"{prefix}sponsor_confirmed_at__isnull": False}
    )


def known_to_sponsor(prefix: str = "") -> Q:
    """The condition, on a nomination, that its sponsor may know of it.

    Of a walk-in, who was put forward by none of theirs, they learn once the person has accepted, to be
    asked; and no more of whoever left before they answered.
    """
    asked = Q(**{f"{prefix}enrolment__isnull": False, f"{prefix}enrolment__withdrawn_at__isnull": True})
    said_yes = Q(**{f"{prefix}enrolment__sponsor_confirmed_at__isnull": False})
    return Q(**{f"{prefix}is_walk_in": False}) | asked | said_yes


def pays_unconfirmed() -> Q:
    """The condition, on an enrolment, that a walk-in is their own sponsor and has not said so."""
    return Q(
        nomination__is_walk_in=True,
        sponsor_organisation__isnull=True,
        sponsor_to_be_named=False,
        sponsor_confirmed_at__isnull=True,
    )
