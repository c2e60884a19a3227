"""The world about which every route is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.permissions.asking import browser_of
from tests.permissions.world import ROLES, World, build


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all rows; each question is taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def browsers(world: World) -> dict[str, Client]:
    """A browser for each role, signed in once."""
    return {role: browser_of(world, role) for role in ROLES}


@pytest.fixture(autouse=True)
def _proved_for_as_long_as_it_takes(settings: Any) -> None:
    """Their one proof lasts, since on a slow machine a module takes longer: test_proving.py asks."""
    settings.AIM = settings.AIM | {"ASKED_ANEW_MINUTES": 24 * 60}
