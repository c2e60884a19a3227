"""Courses, licences, nominations and the register."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from courses import expectations
from courses.forms.nominating_several import Carried, CarriedList
from courses.models import MakeUpRequest, RegisterEntry
from courses.nominee_lists import FIELDS, Listed
from courses.states import Presence
from tests.bad_input.forms.filled import (
    PERSON,
    PERSON_KINDS,
    Filled,
    carried,
    form,
    key,
    signed_in,
    somebody,
)
from tests.bad_input.values import Kind
from tests.courses.factories import coming, nominated, running
from tests.permissions.world import World

_COURSE = {
    "title": "A course",
    "organisation": "",
    "country": "GB",
    "time_zone": "Europe/London",
    "delivery": "in_person",
    "venue": "Room 1",
    "capacity": "20",
    "experience_sought": "Two years.",
}
_COURSE_KINDS = {
    "title": Kind.LINE,
    "organisation": Kind.CHOICE,
    "country": Kind.CHOICE,
    "time_zone": Kind.CHOICE,
    "delivery": Kind.CHOICE,
    "venue": Kind.LINES,
    "capacity": Kind.NUMBER,
    "experience_sought": Kind.LINES,
}
_SESSION_KINDS = {
    "sessions-0-day": Kind.DAY,
    "sessions-0-starts": Kind.CLOCK,
    "sessions-0-ends": Kind.CLOCK,
    "sessions-TOTAL_FORMS": Kind.HIDDEN,
    "sessions-INITIAL_FORMS": Kind.HIDDEN,
}


def _sessions() -> dict[str, Any]:
    return {
        "sessions-TOTAL_FORMS": "1",
        "sessions-INITIAL_FORMS": "0",
        "sessions-0-day": str(timezone.localdate() + timedelta(days=60)),
        "sessions-0-starts": "09:30",
        "sessions-0-ends": "16:30",
    }


_SESSIONS_NEEDED = {"sessions-0-day", "sessions-0-starts", "sessions-0-ends"}


@form("courses:create")
def _course(world: World) -> Filled:
    client = signed_in(world.people["AIM admin"])
    return Filled(
        client,
        reverse("courses:create"),
        key() | _COURSE | _sessions() | {"programme": world.course.programme.code},
        _COURSE_KINDS | _SESSION_KINDS | {"programme": Kind.CHOICE},
        needed={
            "programme",
            "title",
            "country",
            "time_zone",
            "delivery",
            "venue",
            "capacity",
            *_SESSIONS_NEEDED,
        },
        seen_on=[(client, reverse("courses:list"))],
        unseen={"venue", "experience_sought"},
    )


@form("courses:edit")
def _edit(world: World) -> Filled:
    client, uuid = signed_in(world.people["AIM admin"]), world.draft.uuid
    path = reverse("courses:edit", args=[uuid])
    return Filled(
        client,
        path,
        _COURSE | carried(client, path, "seen"),
        _COURSE_KINDS | {"seen": Kind.HIDDEN},
        needed={"title", "country", "time_zone", "delivery", "venue", "capacity"},
        seen_on=[
            (client, reverse("courses:detail", args=[uuid])),
            (client, reverse("assessments:publish", args=[uuid])),
        ],
    )


@form("courses:sessions")
def _session_rows(world: World) -> Filled:
    client, path = signed_in(world.people["AIM admin"]), reverse("courses:sessions", args=[world.draft.uuid])
    return Filled(
        client, path, _sessions() | carried(client, path, "seen"), _SESSION_KINDS | {"seen": Kind.HIDDEN}
    )


@form("courses:associates")
def _associate(world: World) -> Filled:
    return Filled(
        signed_in(world.people["AIM admin"]),
        reverse("courses:associates", args=[world.draft.uuid]),
        {"associate": str(world.people["Associate"].uuid)},  # type: ignore[union-attr]
        {"associate": Kind.CHOICE},
    )


@form("courses:cancel")
def _cancel(world: World) -> Filled:
    client, course = signed_in(world.people["AIM admin"]), coming()
    return Filled(
        client,
        reverse("courses:cancel", args=[course.uuid]),
        key() | {"because": "The trainer is ill."},
        {"because": Kind.LINES},
        seen_on=[(client, reverse("courses:public", args=[course.uuid]))],
    )


_NOMINEE = {
    "name": "Zoë O’Neill",
    "email": "zoe@people.example",
    "job_role": "Social worker",
    "years_experience": "2.5",
    "manager_name": "Sam Smith",
    "manager_email": "sam@council.example",
}
_NOMINEE_KINDS = {
    "name": Kind.LINE,
    "email": Kind.ADDRESS,
    "job_role": Kind.LINE,
    "years_experience": Kind.NUMBER,
    "manager_name": Kind.LINE,
    "manager_email": Kind.ADDRESS,
    "sponsor": Kind.CHOICE,
}


@form("courses:nominate")
def _nominate(world: World) -> Filled:
    client, course = signed_in(world.people["AIM admin"]), coming(organisation=world.organisation)
    return Filled(
        client,
        reverse("courses:nominate", args=[course.uuid]),
        key() | _NOMINEE | {"sponsor": str(world.organisation.uuid)},
        _NOMINEE_KINDS,
        seen_on=[
            (client, reverse("courses:nominations", args=[course.uuid])),
            (signed_in(world.people["commissioner"]), reverse("courses:nominations", args=[course.uuid])),
        ],
        unseen={"manager_name"},
    )


@form("courses:nominate_several")
def _nominate_several(world: World) -> Filled:
    """The page on which a list is put right; handing one in is tests/courses/test_lists_handed_in.py."""
    client, course = signed_in(world.people["AIM admin"]), coming(organisation=world.organisation)
    path = reverse("courses:nominate_several", args=[course.uuid])
    # One of whom the list says nothing is put right; somebody else stays as they are.
    other = _NOMINEE | {"name": "Sam Smith", "email": "sam@people.example"}
    rows = [Listed(2, dict.fromkeys(FIELDS, "")), Listed(3, other)]
    carried_on = CarriedList([Carried(listed, goes=True) for listed in rows]).as_text()
    return Filled(
        client,
        path,
        key()
        | {f"row-2-{name}": value for name, value in _NOMINEE.items()}
        | {"rows": carried_on, "act": "nominate", "sponsor": str(world.organisation.uuid)},
        {f"row-2-{name}": kind for name, kind in _NOMINEE_KINDS.items() if name != "sponsor"}
        | {"rows": Kind.HIDDEN, "sponsor": Kind.CHOICE},
        seen_on=[(client, reverse("courses:nominations", args=[course.uuid]))],
        unseen={"row-2-manager_name"},
    )


@form("courses:walk_in")
def _walk_in(world: World) -> Filled:
    trainer = world.people["trainer"]
    course = running(programme=world.course.programme, organisation=world.organisation, trainers=[trainer])
    return Filled(
        signed_in(trainer),
        reverse("courses:walk_in", args=[course.uuid]),
        key() | _NOMINEE | {"sponsor": "to_be_named", "sponsor_name": "A council in Yorkshire"},
        _NOMINEE_KINDS | {"sponsor_name": Kind.LINE},
        needed={"name", "email", "job_role", "years_experience", "sponsor"},
        seen_on=[
            (
                signed_in(world.people["AIM admin"]),
                reverse("courses:nominations", args=[course.uuid]),
            )
        ],
        unseen={"manager_name", "sponsor_name"},
    )


@form("courses:name_sponsor")
def _name_sponsor(world: World) -> Filled:
    admin, asked = world.people["AIM admin"], world.own["courses:name_sponsor"]["nomination"]
    organisation = world.people["other commissioner"].memberships.get().organisation  # type: ignore[union-attr]
    return Filled(
        signed_in(admin),
        reverse("courses:name_sponsor", args=[world.course.uuid, asked]),
        key() | {"sponsor": str(organisation.uuid), "seen": str(world.organisation.uuid)},
        {"sponsor": Kind.CHOICE, "seen": Kind.HIDDEN},
    )


@form("courses:certificate_name")
def _certificate_name(world: World) -> Filled:
    client, person = signed_in(world.people["AIM admin"]), world.things["eligible"]
    path = reverse("courses:certificate_name", args=[world.course.uuid, person.uuid])
    return Filled(
        client,
        path,
        {"name": "Another name", "reason": "They asked for it.", "seen": "0"},
        {"name": Kind.LINE, "reason": Kind.LINES, "seen": Kind.HIDDEN},
        seen_on=[(client, reverse("certification:decide", args=[world.course.uuid, person.uuid]))],
    )


@form("courses:invitation")
def _invitation(world: World) -> Filled:
    client, nomination = signed_in(None), nominated(coming())
    path = reverse("courses:invitation", args=[nomination.token])
    return Filled(
        client,
        path,
        {
            "certificate_name": "Zoë O’Neill",
            "accepted": "on",
            "expectations_version": expectations.CURRENT,
        },
        {"certificate_name": Kind.LINE, "accepted": Kind.TICK, "expectations_version": Kind.HIDDEN},
        seen_on=[(client, path)],
    )


@form("courses:licence_grant")
def _grant(world: World) -> Filled:
    client = signed_in(world.people["AIM admin"])
    return Filled(
        client,
        reverse("courses:licence_grant"),
        key()
        | PERSON
        | {
            "programme": world.course.programme.code,
            "country": "GB",
            "valid_from": "2026-01-01",
            "valid_until": "2030-12-31",
        },
        PERSON_KINDS
        | {
            "programme": Kind.CHOICE,
            "country": Kind.CHOICE,
            "valid_from": Kind.DAY,
            "valid_until": Kind.DAY,
        },
        needed={"name", "email", "programme", "country", "valid_from"},
        seen_on=[(client, reverse("courses:licences"))],
    )


@form("courses:licence_renew")
def _renew(world: World) -> Filled:
    client = signed_in(world.people["AIM admin"])
    path = reverse("courses:licence_renew", args=[world.names["licence"]])
    return Filled(
        client,
        path,
        carried(client, path, "seen") | {"valid_until": "2040-12-31"},
        {"valid_until": Kind.DAY, "seen": Kind.HIDDEN},
        needed=set(),
    )


@form("courses:register_session")
def _register(world: World) -> Filled:
    client, person = signed_in(world.people["AIM admin"]), somebody(world.course)
    path = reverse("courses:register_session", args=[world.course.uuid, 1])
    was = f"was-p-{person.uuid}"
    return Filled(
        client,
        path,
        carried(client, path, was) | {f"p-{person.uuid}": "absent", "reason": "The trainer told us."},
        {"reason": Kind.LINES, was: Kind.HIDDEN, f"p-{person.uuid}": Kind.HIDDEN},
        seen_on=[
            (client, reverse("courses:register_entry", args=[world.course.uuid, 1, person.uuid])),
        ],
    )


@form("courses:register_entry: judge")
def _judge(world: World) -> Filled:
    client, person = signed_in(world.people["AIM admin"]), somebody(world.course)
    path = reverse("courses:register_entry", args=[world.course.uuid, 1, person.uuid])
    return Filled(
        client,
        path,
        carried(client, path, "was")
        | {
            "judge": "1",
            "presence": "late",
            "minutes_missed": "10",
            "judgement": "covered",
            "covered_how": "At lunch.",
            "reason": "The trainer told us.",
        },
        {
            "presence": Kind.CHOICE,
            "minutes_missed": Kind.NUMBER,
            "judgement": Kind.CHOICE,
            "covered_how": Kind.LINES,
            "reason": Kind.LINES,
            "was": Kind.HIDDEN,
        },
        seen_on=[(client, path)],
    )


@form("courses:register_entry: make up")
def _make_up(world: World) -> Filled:
    client, person = signed_in(world.people["trainer"]), somebody(world.course)
    session = world.course.sessions.first()
    RegisterEntry.objects.filter(enrolment=person, session=session).update(presence=Presence.ABSENT)
    path = reverse("courses:register_entry", args=[world.course.uuid, 1, person.uuid])
    return Filled(
        client,
        path,
        {"make_up": "1", "made_up_on": str(timezone.localdate()), "made_up_how": "In York."},
        {"made_up_on": Kind.DAY, "made_up_how": Kind.LINES},
        seen_on=[(client, path)],
    )


@form("courses:register_entry: ask")
def _ask_make_up(world: World) -> Filled:
    client, person = signed_in(world.people["trainer"]), somebody(world.course)
    session = world.course.sessions.first()
    RegisterEntry.objects.filter(enrolment=person, session=session).update(presence=Presence.ABSENT)
    path = reverse("courses:register_entry", args=[world.course.uuid, 1, person.uuid])
    asked = {"ask": "1", "ask-associate": str(world.people["other trainer"].uuid)}
    return Filled(
        client,
        path,
        asked | {"ask-made_up_on": str(timezone.localdate()), "ask-made_up_how": "In York."},
        {"ask-associate": Kind.CHOICE, "ask-made_up_on": Kind.DAY, "ask-made_up_how": Kind.LINES},
        seen_on=[(client, path)],
    )


@form("courses:made_up")
def _made_up(world: World) -> Filled:
    asked = MakeUpRequest.objects.get(uuid=world.names["make_up"])
    entries = RegisterEntry.objects.filter(enrolment=asked.enrolment, session=asked.session)
    entries.update(presence=Presence.ABSENT)
    client = signed_in(world.people["other trainer"])
    path = reverse("courses:made_up", args=[asked.uuid])
    return Filled(
        client,
        path,
        {"confirmed": "no", "because": "Another day."},
        {"confirmed": Kind.CHOICE, "because": Kind.LINES},
        needed={"confirmed"},
        seen_on=[(client, path)],
    )
