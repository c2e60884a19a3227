"""The room: its hours, time for one person, the date of marking."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.bad_input.forms.filled import Filled, carried, form, key, signed_in, somebody
from tests.bad_input.values import Kind
from tests.permissions.world import World


@form("assessments:open")
def _open(world: World) -> Filled:
    factories.sitting(world.course, opened=False)
    return Filled(
        signed_in(world.people["trainer"]),
        reverse("assessments:open", args=[world.course.uuid]),
        {"minutes": "45"},
        {"minutes": Kind.NUMBER},
        needed=set(),
    )


@form("assessments:reopen")
def _reopen(world: World) -> Filled:
    factories.sitting(world.course, closed=True)
    client = signed_in(world.people["trainer"])
    return Filled(
        client,
        reverse("assessments:reopen", args=[world.course.uuid]),
        {"minutes": "15", "reason": "The bus was late."},
        {"minutes": Kind.NUMBER, "reason": Kind.LINES},
        needed={"reason"},
        seen_on=[(client, reverse("assessments:room", args=[world.course.uuid]))],
    )


@form("assessments:marking_date")
def _marking_date(world: World) -> Filled:
    client, room = signed_in(world.people["trainer"]), reverse("assessments:room", args=[world.course.uuid])
    return Filled(
        client,
        reverse("assessments:marking_date", args=[world.course.uuid]),
        carried(client, room, "seen") | {"on": str(timezone.localdate() + timedelta(days=7))},
        {"on": Kind.DAY, "seen": Kind.HIDDEN},
    )


@form("assessments:extra_time")
def _extra_time(world: World) -> Filled:
    client, about = signed_in(world.people["trainer"]), (world.course.uuid, somebody(world.course).uuid)
    return Filled(
        client,
        reverse("assessments:extra_time", args=about),
        key() | {"minutes": "10", "reason": "Reads slowly."},
        {"minutes": Kind.NUMBER, "reason": Kind.LINES},
        seen_on=[(client, reverse("assessments:person", args=about))],
    )


@form("assessments:reopen_for_one")
def _reopen_for_one(world: World) -> Filled:
    client, person = signed_in(world.people["trainer"]), somebody(world.course)
    factories.submission(person)
    about = (world.course.uuid, person.uuid)
    until = timezone.localtime(timezone.now() + timedelta(hours=26), world.course.zone)
    return Filled(
        client,
        reverse("assessments:reopen_for_one", args=about),
        key() | {"day": f"{until:%Y-%m-%d}", "until": f"{until:%H:%M}", "reason": "Sent by mistake."},
        {"day": Kind.DAY, "until": Kind.CLOCK, "reason": Kind.LINES},
        seen_on=[(client, reverse("assessments:person", args=about))],
    )
