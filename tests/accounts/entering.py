"""Signing in as people do: ask for a code, read it in the letter, type it."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import LimitCount, OutgoingEmail, Person


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
