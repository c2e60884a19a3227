"""Help says what is true: the buttons and places that it names are on the pages, by these very words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from aimcert.help import Role
from tests import factories

pytestmark = pytest.mark.django_db

TEMPLATES = settings.BASE_DIR / "templates"
HELP = TEMPLATES / "help"


def named(page: Path) -> list[str]:
    """What a page of help names as it stands on another page."""
    return re.findall(r'<b>\s*{% translate "([^"]+)" %}\s*</b>', page.read_text())


@pytest.mark.parametrize("role", Role)
def test_what_help_names_is_on_some_page_by_these_words(role: Role) -> None:
    words = named(HELP / f"{role.slug}.html")
    assert words
    elsewhere = [path.read_text() for path in TEMPLATES.rglob("*.html") if path.parent != HELP]
    elsewhere += [(settings.BASE_DIR / "aimcert/areas.py").read_text()]
    said = [word for word in words if not any(f'"{word}"' in text for text in elsewhere)]
    assert said == []
    # Nothing is named in another form, which this would not see.
    assert (HELP / f"{role.slug}.html").read_text().count("<b>") == len(words)


@pytest.mark.parametrize("signed_in", [False, True])
def test_help_is_for_everybody_also_before_signing_in(client: Client, signed_in: bool) -> None:
    if signed_in:
        client.force_login(factories.PersonFactory.create())
    contents = client.get(reverse("help"))
    assert contents.status_code == 200
    for role in Role:
        url = reverse("help_of_role", args=[role.slug])
        assert url in contents.text
        assert client.get(url).status_code == 200


def test_role_that_nobody_has_is_not_found(client: Client) -> None:
    assert client.get(reverse("help_of_role", args=["king"])).status_code == 404


def test_every_page_leads_to_help(client: Client) -> None:
    for name in ("welcome", "account_login", "certification:verify"):
        assert f'href="{reverse("help")}"' in client.get(reverse(name)).text
