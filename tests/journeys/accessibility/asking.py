"""Asking for pages, and sending their forms as nobody filled them in; nothing of it stays."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.journeys.accessibility.outline import outline_of
from tests.permissions.asking import undone


def at(route: str, *things: Any) -> str:
    """The address of `route` about `things`: rows by their UUID, numbers and codes as they are."""
    return reverse(route, args=[thing.uuid if isinstance(thing, models.Model) else thing for thing in things])


def asked(client: Client, path: str, sent: dict[str, Any] | None = None) -> HttpResponse:
    """The answer to a GET, or to a POST of `sent`; it changes nothing, and signs nobody out."""
    cookies = deepcopy(client.cookies)
    with undone():
        response = client.get(path) if sent is None else client.post(path, sent)
    client.cookies = cookies
    return response  # type: ignore[return-value]


def is_page(response: HttpResponse) -> bool:
    """Whether a browser would show it."""
    return bool(response.get("Content-Type", "").startswith("text/html") and response.content)


def pages_at(client: Client, path: str, sent: set[str]) -> Iterator[tuple[str, str, HttpResponse]]:
    """The page at `path`, and what each of its forms brings when it is sent empty: state, path, page.

    Args:
        sent: where forms were sent before; added to, so that the sign-out of every page is sent once.
    """
    response = asked(client, path)
    if not is_page(response):
        return
    yield "", path, response
    for form in outline_of(response).forms:
        action = form.action or path
        if action not in sent:
            sent.add(action)
            answer = asked(client, action, form.sent | (form.button or {}))
            if is_page(answer):
                yield "empty ", action, answer
