"""Where a person is signed in: their sessions, and what a browser calls itself as people call it."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Person

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


def device_of(user_agent: str) -> str:
    """Such as "Edge on Windows"; a guess, shown only to its owner."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), None)
    machine = next((name for sign, name in MACHINES if sign in user_agent), None)
    if browser and machine:
        return _("%(browser)s on %(machine)s") % {"browser": browser, "machine": machine}
    return browser or machine or _("Another device")


def live_sessions(person: Person, now: datetime) -> QuerySet[UserSession]:
    """The sessions of `person` that have not ended or run out, the latest first."""
    live = Session.objects.filter(expire_date__gt=now).values("session_key")
    return UserSession.objects.filter(user=person, session_key__in=live).order_by("-created_at")


def signed_in_since(person: Person, session_key: str | None, moment: datetime) -> bool:
    """Whether `person` signed in to this session after `moment`."""
    found = UserSession.objects.filter(user=person, session_key=session_key, created_at__gte=moment)
    return bool(found.exists())
