"""Agreeing to a version, objecting to a passage of it, and who cannot be asked."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from tests.bad_input.forms.filled import Filled, carried, form, key, signed_in
from tests.bad_input.values import Kind
from tests.permissions.world import World


@form("assessments:version_agree")
def _agree(world: World) -> Filled:
    client = signed_in(world.people["trainer"])
    path = reverse("assessments:version_agree", args=[world.names["version"]])
    return Filled(
        client,
        path,
        key() | carried(client, path, "seen") | {"declared": "on"},
        {"declared": Kind.TICK, "seen": Kind.HIDDEN},
    )


@form("assessments:version_object")
def _object(world: World) -> Filled:
    client, version = signed_in(world.people["trainer"]), world.names["version"]
    return Filled(
        client,
        reverse("assessments:version_object", args=[version]),
        key() | {"passage": f"section:{world.names['section']}", "reason": "It is too long."},
        {"passage": Kind.CHOICE, "reason": Kind.LINES},
        seen_on=[(client, reverse("assessments:version_agreement", args=[version]))],
    )


@form("assessments:version_objection_reply")
def _reply(world: World) -> Filled:
    client, about = signed_in(world.people["AIM admin"]), [world.names["version"], world.names["objection"]]
    return Filled(
        client,
        reverse("assessments:version_objection_reply", args=about),
        {"text": "We shortened it."},
        {"text": Kind.LINES},
        seen_on=[(client, reverse("assessments:version_objection", args=about))],
    )


@form("assessments:version_objection_close")
def _close(world: World) -> Filled:
    client, about = signed_in(world.people["AIM admin"]), [world.names["version"], world.names["objection"]]
    # Who is licensed withdraws it themself.
    raised_by = world.people["other trainer"]
    assert raised_by is not None
    raised_by.licences.update(withdrawn_at=timezone.now(), withdrawn_by=world.people["AIM admin"])
    return Filled(
        client,
        reverse("assessments:version_objection_close", args=about),
        key() | {"because": "They left us."},
        {"because": Kind.LINES},
        seen_on=[(client, reverse("assessments:version_objection", args=about))],
    )


@form("assessments:version_unavailable")
def _unavailable(world: World) -> Filled:
    client, version = signed_in(world.people["AIM admin"]), world.names["version"]
    today = timezone.localdate()
    return Filled(
        client,
        reverse("assessments:version_unavailable", args=[version]),
        key()
        | {
            "associate": str(world.people["trainer"].uuid),  # type: ignore[union-attr]
            "from_on": str(today),
            "until_on": str(today + timedelta(days=5)),
            "reason": "On leave.",
        },
        {"associate": Kind.CHOICE, "from_on": Kind.DAY, "until_on": Kind.DAY, "reason": Kind.LINES},
        seen_on=[(client, reverse("assessments:version_agreement", args=[version]))],
    )
