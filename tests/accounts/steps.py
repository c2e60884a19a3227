"""The second step in tests: an app and the codes that it shows; and proofs that are too old."""

from __future__ import annotations

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.actions import add_app
from accounts.models import Person


def with_app(person: Person) -> str:
    """Set an app up for `person`; its secret."""
    secret: str = generate_totp_secret()
    add_app(person=person, secret=secret, by=person, keeping="")
    return secret


def app_code(secret: str) -> str:
    """What the app shows now; a code that was used before counts as unused again."""
    cache.clear()
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def take_second_step(client: Client, secret: str) -> None:
    """Type what the app shows, in the middle of signing in."""
    assert client.post(reverse("mfa_authenticate"), {"code": app_code(secret)}).status_code == 302


def stale(client: Client, minutes: int = 16) -> Client:
    """Make it so long ago that the person of `client` proved who they are."""
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [
        {**record, "at": time.time() - minutes * 60} for record in records
    ]
    session.save()
    return client
