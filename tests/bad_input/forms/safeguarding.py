"""Telling the safeguarding leads, what they record, and who is one."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from accounts.models import Person
from tests.bad_input.forms.filled import FORMS, PERSON, PERSON_KINDS, Filled, form, key, signed_in
from tests.bad_input.values import Kind
from tests.permissions.world import World

TOLD = {
    "danger": "no",
    "concern": "child",
    "about": "A boy in Leeds",
    "seen": "What was said on Tuesday.",
    "done": "",
}
TOLD_KINDS = {
    "danger": Kind.CHOICE,
    "concern": Kind.CHOICE,
    "about": Kind.LINE,
    "seen": Kind.LINES,
    "done": Kind.LINES,
}


def _lead(world: World) -> Person:
    lead = world.people["Associate"]
    assert lead is not None
    return lead


def _told(world: World, route: str, *args: Any) -> Filled:
    client, reader = signed_in(world.people["participant"]), signed_in(_lead(world))
    return Filled(
        client,
        reverse(route, args=args),
        {**TOLD, **key()},
        TOLD_KINDS,
        needed={"danger", "concern", "about", "seen"},
        seen_on=[(reader, reverse("safeguarding:records"))],
        unseen={"about", "seen", "done"},
    )


FORMS["safeguarding:tell"] = lambda world: _told(world, "safeguarding:tell")
FORMS["safeguarding:tell_of_course"] = lambda world: _told(
    world, "safeguarding:tell_of_course", world.course.uuid
)
FORMS["safeguarding:tell_of_person"] = lambda world: _told(
    world, "safeguarding:tell_of_person", world.enrolment.uuid
)


@form("safeguarding:sent_record")
def _addition(world: World) -> Filled:
    record = world.names["record"]
    return Filled(
        signed_in(world.people["participant"]),
        reverse("safeguarding:sent_record", args=[record]),
        {"text": "On Wednesday too.", **key()},
        {"text": Kind.LINES},
        seen_on=[(signed_in(_lead(world)), reverse("safeguarding:record", args=[record]))],
    )


@form("safeguarding:record")
def _step(world: World) -> Filled:
    client, path = signed_in(_lead(world)), reverse("safeguarding:record", args=[world.names["record"]])
    return Filled(
        client,
        path,
        {"kind": "decided", "text": "Told the local authority.", "shown": "0", **key()},
        {"kind": Kind.CHOICE, "text": Kind.LINES},
        seen_on=[(client, path)],
    )


@form("safeguarding:appoint_lead")
def _appointment(world: World) -> Filled:
    client = signed_in(world.people["AIM admin"])
    return Filled(
        client,
        reverse("safeguarding:appoint_lead"),
        PERSON,
        PERSON_KINDS,
        seen_on=[(client, reverse("safeguarding:leads"))],
    )
