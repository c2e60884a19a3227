"""An AIM admin finds somebody by what they know of them: a part of a name or of an address."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import change_email
from tests import factories

pytestmark = pytest.mark.django_db

EVERYONE = ["Zoë O’Neill", "Dina Al-Haddad", "Tom Barrow"]


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(factories.admin())
    return client


def found(client: Client, typed: str) -> list[str]:
    page = client.get(reverse("search"), {"q": typed}, follow=True).text
    return [name for name in EVERYONE if name in page]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("zoe", "Zoë O’Neill"),
        ("O'Neill", "Zoë O’Neill"),
        ("Haddad Dina", "Dina Al-Haddad"),
        ("<tom.barrow@example.org>", "Tom Barrow"),
        ("barrow@", "Tom Barrow"),
    ],
)
def test_somebody_is_found_as_people_type_names_and_addresses(admin: Client, typed: str, name: str) -> None:
    factories.PersonFactory.create(name="Zoë O’Neill")
    factories.PersonFactory.create(name="Dina Al-Haddad")
    factories.PersonFactory.create(name="Tom Barrow", email="tom.barrow@example.org")
    assert found(admin, typed) == [name]


def test_somebody_is_found_by_an_address_that_they_gave_up(admin: Client) -> None:
    tom = factories.PersonFactory.create(name="Tom Barrow", email="tom@before.example.org")
    change_email(person=tom, email="tom@now.example.org", by=tom)
    assert found(admin, "tom@before") == ["Tom Barrow"]


@pytest.mark.parametrize("typed", [".", "<>", "\x00", "  ", "…"])
def test_nothing_but_signs_finds_nobody(admin: Client, typed: str) -> None:
    factories.PersonFactory.create(name="Tom Barrow")
    assert found(admin, typed) == []
