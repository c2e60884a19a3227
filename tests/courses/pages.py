"""What tests of pages share: signing in, keys of forms, the text that came back."""

from __future__ import annotations

import re
from uuid import uuid4

from django.test import Client

from accounts.models import Person

SCRIPT = "<script>alert(1)</script>"
ARABIC = "محمد عبد الله"


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def key() -> dict[str, str]:
    return {"idempotency_key": str(uuid4())}


def text(response) -> str:
    """The page, its white space as a browser shows it."""
    return re.sub(r"[ \t\n\f\r]+", " ", response.content.decode())
