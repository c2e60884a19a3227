"""Home: one list of what waits, in order, for every relationship; and the frame of every page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, OutgoingEmail
from aimcert import home
from aimcert.areas import PLACES
from aimcert.foundation.waiting import Urgency, Waiting
from tests.factories import OrganisationFactory, PersonFactory, admin, commissioner

pytestmark = pytest.mark.django_db


def test_home_lists_the_most_urgent_first_and_the_done_below(client: Client, monkeypatch: Any) -> None:
    now = timezone.now()
    first, second = (
        lambda person: [
            Waiting("later", "/", now, Urgency.LATER),
            Waiting("done lately", "/done/", now, done=True),
            Waiting("now, second", "/", now, Urgency.NOW),
        ],
        lambda person: [
            Waiting("soon", "/", now - timedelta(days=9), Urgency.SOON),
            Waiting("now, first", "/", now - timedelta(hours=1), Urgency.NOW),
            Waiting("done before", "/", now - timedelta(days=1), done=True),
        ],
    )
    monkeypatch.setattr(home, "SOURCES", (first, second))
    client.force_login(PersonFactory.create())
    text = client.get(reverse("home")).text
    order = ["What needs you now", "now, first", "now, second", "soon", "later", "done lately", "done before"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_home_says_what_will_stand_there_while_nothing_waits(client: Client) -> None:
    client.force_login(PersonFactory.create())
    text = client.get(reverse("home")).text
    assert "Nothing needs you now" in text
    assert "we email you" in text


def test_home_shows_each_role_its_places(client: Client) -> None:
    stranger, acting, staff = PersonFactory.create(), commissioner(OrganisationFactory.create()), admin()
    seen = []
    for person in (stranger, acting, staff):
        client.force_login(person)
        text = client.get(reverse("home")).text
        names = ("organisations", "staff", "certification:follow_ups", "courses:list")
        seen.append([f'href="{reverse(name)}"' in text for name in names])
    assert seen == [[False, False, False, True], [True, False, True, True], [True, True, True, True]]


@pytest.mark.parametrize("who", ["stranger", "commissioner", "admin"])
def test_every_place_of_home_can_be_opened(client: Client, who: str) -> None:
    people: dict[str, Any] = {
        "stranger": PersonFactory.create,
        "commissioner": lambda: commissioner(OrganisationFactory.create()),
        "admin": admin,
    }
    person = people[who]()
    client.force_login(person)
    for place in PLACES:
        if place.is_for(person):
            assert client.get(reverse(place.name)).status_code == 200, place.name


def test_home_asks_as_much_for_many_organisations_and_letters_as_for_one(client: Client) -> None:
    person = admin()
    client.force_login(person)
    counts = set()
    for _ in range(3):
        for _ in range(4):
            organisation = OrganisationFactory.create()
            Membership.objects.create(person=person, organisation=organisation, started_by=person)
            OutgoingEmail.objects.create(to_address="a@people.example", subject="Hi", text="x", attempts=16)
        client.get(reverse("home"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("home"))
        counts.add(len(captured))
    assert len(counts) == 1


def test_admin_is_told_of_letters_that_cannot_be_sent(client: Client) -> None:
    OutgoingEmail.objects.create(to_address="a@people.example", subject="Hello", text="x", attempts=16)
    client.force_login(PersonFactory.create())
    assert "could not be sent" not in client.get(reverse("home")).text
    client.force_login(admin())
    assert "Look at 1 email that could not be sent" in client.get(reverse("home")).text


def test_signed_in_pages_are_not_stored(client: Client) -> None:
    client.force_login(PersonFactory.create())
    assert "no-store" in client.get(reverse("home"))["Cache-Control"]
    assert "no-store" in client.get("/nothing-here/")["Cache-Control"]


def test_public_text_reads_no_session(client: Client, django_assert_num_queries: Any) -> None:
    client.force_login(PersonFactory.create())
    with django_assert_num_queries(0):
        answer = client.get(reverse("robots"))
    assert "Disallow: /" in answer.text
    assert "Cookie" not in answer.get("Vary", "")


def test_stranger_is_told_what_this_is_and_where_to_sign_in(
    client: Client, django_assert_num_queries: Any
) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, reverse("welcome"))
    with django_assert_num_queries(0):
        answer = client.get(reverse("welcome"))
    assert "Cookie" not in answer.get("Vary", "")
    for name in ("account_login", "certification:verify", "account_signup"):
        assert f'href="{reverse(name)}"' in answer.text
    # Who was on their way somewhere is asked to sign in, and gets there.
    inner = reverse("organisations")
    assert client.get(inner)["Location"] == f"{reverse('account_login')}?next={inner}"


def test_pages_allow_no_inline_script_or_style(client: Client) -> None:
    client.force_login(admin())
    for name in ("home", "account", "organisations", "staff", "create_organisation"):
        answer = client.get(reverse(name))
        assert " style=" not in answer.text
        assert "<style" not in answer.text
        assert "<script>" not in answer.text
        assert " onclick=" not in answer.text
        assert "'unsafe" not in answer["Content-Security-Policy"]


def test_unknown_page_is_explained(client: Client) -> None:
    client.force_login(PersonFactory.create())
    answer = client.get("/nothing-here/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_crash_is_explained_without_reading_anything(client: Client, monkeypatch: Any) -> None:
    def crash(person: Any) -> list[Waiting]:
        raise RuntimeError

    monkeypatch.setattr(home, "SOURCES", (crash,))
    client.raise_request_exception = False
    client.force_login(PersonFactory.create())
    answer = client.get(reverse("home"))
    assert answer.status_code == 500
    assert "What was saved before is still saved" in answer.text
    assert settings.AIM["SUPPORT_EMAIL"] in answer.text


def test_form_from_another_site_is_refused_with_a_way_back() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(PersonFactory.create())
    answer = client.post(reverse("account_change_name"), {"name": "Mallory"})
    assert answer.status_code == 403
    assert "open for too long" in answer.text
