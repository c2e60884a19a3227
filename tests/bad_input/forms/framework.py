"""Drafting an edition of the framework."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tests.bad_input.forms.filled import Filled, carried, form, signed_in
from tests.bad_input.values import Kind
from tests.permissions.world import World


def _drafted(world: World) -> Any:
    return world.own["assessments:framework_edit"]["edition"]


@form("assessments:framework_edit")
def _edition(world: World) -> Filled:
    client, edition = signed_in(world.people["AIM admin"]), _drafted(world)
    path = reverse("assessments:framework_edit", args=[edition])
    return Filled(
        client,
        path,
        carried(client, path, "revision")
        | {
            "title": "The framework",
            "source": "From the book.",
            "notes": "One note.",
            "domains": "family | Family | Who cares for whom.",
        },
        {
            "title": Kind.LINE,
            "source": Kind.LINES,
            "notes": Kind.ROWS,
            "domains": Kind.ROWS,
            "revision": Kind.HIDDEN,
        },
        needed={"title", "source"},
        seen_on=[(client, path), (client, reverse("assessments:framework_edition", args=[edition]))],
    )


@form("assessments:framework_stage")
def _stage(world: World) -> Filled:
    client, edition = signed_in(world.people["AIM admin"]), _drafted(world)
    path = reverse("assessments:framework_stage", args=[edition, 1])
    areas = carried(client, path, "areas_0", "areas_1", "areas_2")
    return Filled(
        client,
        path,
        carried(client, path, "revision")
        | areas
        | {"title": "Safety", "purpose": "To be safe.", "responsibility": "adults", "areas_0": "Safety plan"},
        {
            "title": Kind.LINE,
            "purpose": Kind.LINES,
            "responsibility": Kind.CHOICE,
            "areas_0": Kind.ROWS,
            "areas_2": Kind.ROWS,
            "revision": Kind.HIDDEN,
        },
        needed={"title", "responsibility"},
        seen_on=[(client, path), (client, reverse("assessments:framework_edition", args=[edition]))],
    )
