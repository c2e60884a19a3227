"""Lists are searched, narrowed and sorted, at the same statements for few rows and many."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation
from certification.actions import approve
from tests import factories
from tests.certification import crowds
from tests.statements import statements

pytestmark = pytest.mark.django_db

NAMES = ("Otley", "ábaco", "Zebra")


def _courses() -> None:
    for number, name in enumerate(NAMES):
        starts = timezone.now() + timedelta(days=9 - number)
        factories.course(
            title=name, starts=starts, organisation=factories.OrganisationFactory.create(name=name)
        )


def _certificates() -> None:
    admin = factories.admin()
    for name in NAMES:
        course = factories.course(title=name)
        enrolment = factories.recommended(course)
        enrolment.certificate_name = name
        enrolment.save()
        approve(enrolment=enrolment, by=admin)


def _licences() -> None:
    programme = factories.ProgrammeFactory.create()
    for name in NAMES:
        factories.associate(programme, name=name)


def _organisations() -> None:
    for name in NAMES:
        factories.OrganisationFactory.create(name=name)


# Each list with what makes it, its columns that sort, and the column that names a row.
LISTS: dict[str, tuple[Callable[[], None], tuple[str, ...], str]] = {
    "courses:list": (_courses, ("course", "when", "by", "enrolled"), "course"),
    "certification:certificates": (
        _certificates,
        ("number", "name", "programme", "course", "issued_on", "state"),
        "name",
    ),
    "courses:licences": (_licences, ("associate", "programme", "dates"), "associate"),
    "organisations": (_organisations, ("name", "country", "people"), "name"),
}


@pytest.fixture
def client(client: Client) -> Client:
    client.force_login(factories.admin())
    return client


def shown(client: Client, name: str, **asked: Any) -> list[str]:
    """Which of `NAMES` the list shows, in its order."""
    text = client.get(reverse(name), asked).text
    body = text[text.index("<tbody") :] if "<tbody" in text else ""
    found = re.findall("|".join(NAMES), body)
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("name", LISTS)
def test_name_sorts_as_people_sort_and_the_other_way_round(client: Client, name: str) -> None:
    make, _columns, names = LISTS[name]
    make()
    assert shown(client, name, sort=names) == ["ábaco", "Otley", "Zebra"]
    assert shown(client, name, sort=f"-{names}") == ["Zebra", "Otley", "ábaco"]


@pytest.mark.parametrize("name", LISTS)
def test_every_column_that_offers_it_sorts_and_says_so(client: Client, name: str) -> None:
    make, columns, _names = LISTS[name]
    make()
    page = client.get(reverse(name)).text
    assert re.findall(r'class="list-heading"\s+href="\?sort=([^"&]*)"', page) == list(columns)
    assert "aria-sort" not in page
    for column in columns:
        up, down = (client.get(reverse(name), {"sort": sort}).text for sort in (column, f"-{column}"))
        assert up.count('aria-sort="ascending"') == 1, column
        assert down.count('aria-sort="descending"') == 1, column
        # The heading of a sorted column turns it round, and the form keeps how it is sorted.
        assert f'href="?sort=-{column}"' in up, column
        assert re.search(rf'<option value="-{column}" selected', down), column


@pytest.mark.parametrize("name", LISTS)
def test_search_and_sort_go_together(client: Client, name: str) -> None:
    make, _columns, names = LISTS[name]
    make()
    assert shown(client, name, q="abaco", sort=f"-{names}") == ["ábaco"]
    page = client.get(reverse(name), {"q": "abaco", "sort": names}).text
    assert f'href="?q=abaco&amp;sort=-{names}"' in page
    assert "Show all" in page


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("sort", ["nothing", "-", "stage", "pk", "name;drop", "\x00", "--name"])
def test_what_is_no_column_sorts_nothing(client: Client, name: str, sort: str) -> None:
    make, _columns, _names = LISTS[name]
    make()
    answer = client.get(reverse(name), {"sort": sort, "page": "x", "state": "nonsense", "stage": "x"})
    assert answer.status_code == 200
    assert shown(client, name, sort=sort) == shown(client, name)


@pytest.mark.parametrize("name", LISTS)
def test_list_without_anything_says_what_will_stand_there(client: Client, name: str) -> None:
    assert 'class="empty"' in client.get(reverse(name)).text
    text = client.get(reverse(name), {"q": "nothing"}).text
    assert 'class="empty"' in text
    assert "Show all" in text


def test_certificates_are_narrowed_by_their_state(client: Client) -> None:
    _certificates()
    assert len(shown(client, "certification:certificates", state="valid")) == 3
    assert shown(client, "certification:certificates", state="revoked") == []


def test_next_page_keeps_what_was_asked_for(client: Client) -> None:
    by = factories.admin()
    Organisation.objects.bulk_create(
        Organisation(name=f"Trust {number:03}", country="GB", created_by=by) for number in range(60)
    )
    asked = {"q": "trust", "sort": "-name"}
    first = client.get(reverse("organisations"), asked).text
    assert "Trust 059" in first
    assert 'href="?q=trust&amp;sort=-name&amp;page=2"' in first
    second = client.get(reverse("organisations"), asked | {"page": 2}).text
    assert "Trust 000" in second
    assert "Trust 059" not in second
    assert (
        "Trust 000" in client.get(reverse("organisations"), {"q": "trust", "sort": "-name", "page": 99}).text
    )


def _many(name: str) -> None:
    """As many rows as fill a page and more, as cheaply as they can be had."""
    by = factories.admin()
    if name == "organisations":
        rows = (Organisation(name=f"Trust {number:03}", country="GB", created_by=by) for number in range(297))
        Organisation.objects.bulk_create(rows)
    elif name == "courses:licences":
        programme = factories.ProgrammeFactory.create()
        for _ in range(60):
            factories.associate(programme, name="Abaco again")
    elif name == "courses:list":
        for _ in range(60):
            factories.course(title="Abaco again")
    else:
        for enrolment in crowds.recommended(factories.course(title="Abaco again"), 60):
            approve(enrolment=enrolment, by=by)


@pytest.mark.whole_run
@pytest.mark.parametrize("name", LISTS)
def test_list_takes_the_same_statements_for_a_few_rows_and_pages_of_them(client: Client, name: str) -> None:
    make, _columns, names = LISTS[name]
    asked = {"sort": f"-{names}", "state": "valid", "stage": "published"}
    make()
    few = len(statements(lambda: client.get(reverse(name), asked | {"q": "a"})))
    _many(name)
    many = len(statements(lambda: client.get(reverse(name), asked | {"q": "a"})))
    unasked = len(statements(lambda: client.get(reverse(name))))
    # The session, who asks, what they are; how many there are, and the page of them.
    assert (few, many, unasked) == (5, 5, 5)
