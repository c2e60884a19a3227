"""Signing in as people do: ask for a code, read it in the letter, type it."""

from __future__ import annotations

import re
from hashlib import sha256
from itertools import count
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import LimitCount, OutgoingEmail, Person

HOME, ROOM = "198.51.100.1", "203.0.113.7"


def ask(client: Client, email: str, **query: str) -> Any:
    """Ask for a sign-in code."""
    return client.post(reverse("account_login", query=query or None), {"email": email})


def code_to(email: str) -> str:
    """The code in the last letter to `email`."""
    letter = OutgoingEmail.objects.filter(to_address=email).order_by("-pk")[0]
    found = re.search(r"\b(\d{4}(?:-\d{4}){1,2})\b", letter.text)
    assert found, letter.text
    return found[1]


def type_code(client: Client, code: str, **query: str) -> Any:
    """Type a code on the page that asks for it."""
    return client.post(reverse("account_confirm_login_code", query=query or None), {"code": code})


def sign_in(client: Client, person: Person) -> Client:
    """Sign `person` in, as if nobody had asked for codes lately, and throw the letter away."""
    LimitCount.objects.all().delete()
    ask(client, person.email)
    assert type_code(client, code_to(person.email)).url == reverse("home")
    OutgoingEmail.objects.filter(to_address=person.email).delete()
    return client


# --- From somewhere, and with work where strangers are asked for it --------------------------------


def at(network: str) -> Client:
    """A browser there."""
    return Client(REMOTE_ADDR=network)


def work_in(page: Any) -> dict[str, Any]:
    """What a page sets a device to do."""
    text = page.text
    token = re.search(r'name="signing-work" value="([^"]+)"', text)
    assert token, text
    numbers = {name: int(found) for name, found in re.findall(r'data-(puzzles|bits|wait)="(\d+)"', text)}
    return {"token": token[1], **numbers}


def done(work: dict[str, Any]) -> dict[str, str]:
    """What a device hands in that did its work."""
    found = []
    for puzzle in range(work["puzzles"]):
        for number in count():
            digest = sha256(f"{work['token']}:{puzzle}:{number}".encode()).digest()
            if int.from_bytes(digest[:4], "big") >> (32 - work["bits"]) == 0:
                found.append(str(number))
                break
    return {"signing-work": work["token"], "signing-answers": ",".join(found)}


def ask_with(client: Client, email: str, work: dict[str, str]) -> Any:
    """Ask for a sign-in code, and hand work in."""
    return client.post(reverse("account_login"), {"email": email, **work})


def attack(email: str, asks: int = 30) -> None:
    """Ask for codes in somebody's name, from a network of its own each time."""
    for number in range(asks):
        ask(at(f"192.0.2.{number % 250}"), email)
