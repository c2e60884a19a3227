"""What the tests of accessibility share.

Fixtures: `looking` (one browser for every page), `world` (what the permission table is asked of),
`wrong` (what is wrong with some pages of one person). PAGES_TO names a folder for a picture of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Browser

from accounts.models import Person
from tests.journeys.accessibility.asking import asked, pages_at
from tests.journeys.accessibility.looking import Looking
from tests.permissions.world import World, build


@pytest.fixture(scope="session")
def looking(browser: Browser, axe: Callable[..., None]) -> Iterator[Looking]:
    """One browser that looks at pages, and knows what it has looked at."""
    looking = Looking(browser, axe)
    yield looking
    looking.close()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all roles; what is asked of it is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def wrong(looking: Looking, request: pytest.FixtureRequest) -> Callable[..., list[str]]:
    """What is wrong with the pages at some addresses, and with what their empty forms bring.

    `wrong(person, *paths)`: `person` is signed in, or None, or a browser (`Client`) of one's own.
    `sent=` posts that to each path instead; `media=` are colours, as Playwright's `emulate_media`
    takes them.
    """
    state = request.node.name.removeprefix("test_")
    sent_before: set[str] = set()

    def find(
        person: Person | Client | None,
        *paths: str,
        sent: dict[str, Any] | None = None,
        media: dict[str, Any] | None = None,
    ) -> list[str]:
        client = person if isinstance(person, Client) else Client()
        if isinstance(person, Person):
            client.force_login(person)
        found: list[str] = []
        read = looking.asked
        for path in paths:
            pages = (
                pages_at(client, path, sent_before)
                if sent is None
                else iter([("sent ", path, asked(client, path, sent))])
            )
            for how, where, response in pages:
                route = resolve(urlsplit(where).path).view_name
                name = f"{route} {state} {how}{response.status_code}"
                found += looking.at(where, response, name, media)
        # One page may lead on to another; all of them do not.
        return found if looking.asked > read else [f"no page at {paths}"]

    return find
