"""Where a person is signed in: their sessions, and what a browser calls itself as people call it.

And where they signed in before: a device that somebody signed in on by themself carries a signed cookie with
a random name, which says nothing about anybody. Whose device it is stands in `KnownDevice`.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.handles import handle_of
from accounts.models import KnownDevice, Person

COOKIE = "device"
SALT = "accounts.device"
# Since somebody last signed in on it.
KEPT = timedelta(days=180)

# The first that is found: Edge and Chrome also call themselves Safari, and phones Linux or Mac OS X.
BROWSERS = (
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


# More are no list to look through, but one to end.
MOST = 20


@dataclass(frozen=True)
class Device:
    """Somewhere that somebody is signed in.

    Args:
        handle: what a form names the session by; never its key, which is as good as being signed in.
        name: as people call the browser and the machine.
        since: when they signed in there.
        is_here: the session that asks.
    """

    handle: str
    name: str
    since: datetime
    is_here: bool


def device_of(user_agent: str) -> str:
    """Such as "Edge on Windows"; a guess, shown only to its owner."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), None)
    machine = next((name for sign, name in MACHINES if sign in user_agent), None)
    if browser and machine:
        return _("%(browser)s on %(machine)s") % {"browser": browser, "machine": machine}
    return browser or machine or _("Unknown device")


def live_sessions(person: Person, now: datetime) -> QuerySet[UserSession]:
    """The sessions of `person` that have not ended or run out, the latest first."""
    live = Session.objects.filter(expire_date__gt=now).values("session_key")
    return UserSession.objects.filter(user=person, session_key__in=live).order_by("-created_at")


def devices_of(person: Person, here: str | None, now: datetime) -> list[Device]:
    """Where `person` is signed in, the latest first; `here` is the key of the session that asks."""
    return [
        Device(
            handle=handle_of("session", session.session_key),
            name=device_of(session.user_agent),
            since=session.created_at,
            is_here=session.session_key == here,
        )
        for session in live_sessions(person, now)[:MOST]
    ]


def device_hash(request: HttpRequest) -> str:
    """The hash of this device's name, as `KnownDevice` keeps it; "" where nobody signed in on it yet."""
    name = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=KEPT)
    return _hash_of(name) if name else ""


def is_known_device(request: HttpRequest, *, email: str) -> bool:
    """Whether whoever has this address, in our one spelling, signed in on this device before.

    It asks the database only where the device has a cookie of ours.
    """
    known = device_hash(request)
    return bool(known) and KnownDevice.objects.filter(device_hash=known, person__email=email).exists()


def named_device(request: HttpRequest, response: HttpResponse) -> str:
    """Give this device its cookie, with the name that it has already or a new one; the hash of it."""
    name = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=KEPT) or secrets.token_urlsafe(32)
    response.set_signed_cookie(
        COOKIE,
        name,
        salt=SALT,
        max_age=KEPT,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return _hash_of(name)


def _hash_of(name: str) -> str:
    return sha256(name.encode()).hexdigest()
