"""Names are found and put in order as people do, on any server, by index; Python and PostgreSQL agree."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Person
from aimcert.foundation.name_order import InOrder, name_key, name_matches
from courses.models import Enrolment
from tests import factories
from tests.courses.pages import signed_in

pytestmark = pytest.mark.django_db

NAMES = [
    "ana de Souza",
    "Élodie Blanc",
    "elodie Brun",
    "Łukasz Nowak",
    "Pat Oakley",
    "Pat O’Neill",
    "Pat O'Neill",
    "Øystein Aas",
    "Zoe Ash",
    "Zoë Bell",
]
FOUND = [
    ("Pat O’Neill", "O'Neill"),
    ("Pat O’Neill", "oneill"),
    ("Pat O’Neill", "neill PAT"),
    ("Pat ONeill", "O’Neill"),
    ("Zoë Bell", "Zoe"),
    ("Zoe Bell", "zoë"),
    ("Zoe\u0308 Bell", "Zoë"),
    ("Dina Haddad", "Haddad Dina"),
    ("Dina Al-Haddad", "haddad, dina"),
    ("Dina Al-Haddad", "alhaddad"),
    ("Dina Al-Haddad", "Al\u2011Haddad"),
    ("Whānau Trust", "Whanau"),
    ("Łukasz Wójcik", "Lukasz Wojcik"),
    ("Søren Weiß", "soren weiss"),
    ("王小明", "小明"),
    ("Ёлка Ўладзімір", "елка"),
    ("An\u00adna", "Anna"),
]


LETTERS = st.characters(codec="utf-8", exclude_characters="\0", max_codepoint=0x2FFF)


def keys(names: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name_key(name) FROM unnest(%s) WITH ORDINALITY AS n(name, i) ORDER BY i", [names]
        )
        return [key for (key,) in cursor.fetchall()]


def test_lists_are_in_the_order_of_a_reader() -> None:
    for name in reversed(NAMES):
        factories.PersonFactory.create(name=name)
    people = Person.objects.filter(name__in=NAMES).order_by(InOrder("name"))
    found = list(people.values_list("name", flat=True))
    assert found == sorted(NAMES, key=lambda name: (name_key(name), found.index(name)))
    assert found[:4] == ["ana de Souza", "Élodie Blanc", "elodie Brun", "Łukasz Nowak"]
    assert found[-2:] == ["Zoe Ash", "Zoë Bell"]


@pytest.mark.parametrize(("name", "typed"), FOUND)
def test_somebody_is_found_however_their_name_is_typed(name: str, typed: str) -> None:
    person = factories.PersonFactory.create(name=name)
    assert list(Person.objects.filter(name_matches("name", typed))) == [person]


@pytest.mark.parametrize("typed", ["Bob", "Zoe Smith", "x' | 'z", "zoe:* & !x", "\\", "--", "\u200b", "%"])
def test_nobody_is_found_by_what_is_not_their_name(typed: str) -> None:
    factories.PersonFactory.create(name="Zoe Bell")
    assert not Person.objects.filter(name_matches("name", typed)).exists()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(LETTERS, max_size=12)))
def test_python_and_postgresql_have_the_same_key(names: list[str]) -> None:
    assert keys(names + NAMES) == [name_key(name) for name in names + NAMES]


@pytest.mark.parametrize("where", ["name_key(name) >= 'zoe'", "name_words(name) @@ name_query('zoe')"])
def test_searches_and_lists_have_an_index(where: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN SELECT id FROM accounts_person WHERE {where}")  # noqa: S608
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "person_name_" in plan


def test_pages_search_and_sort_so() -> None:
    admin = factories.admin()
    for name in ("Zoe House", "Élodie House", "O’Neill Trust"):
        factories.OrganisationFactory.create(name=name)
    client = signed_in(admin)
    page = client.get(reverse("organisations")).text
    assert page.index("Élodie House") < page.index("Neill Trust") < page.index("Zoe House")
    assert "O’Neill Trust" in client.get(reverse("organisations"), {"name": "trust O'Neill"}).text
    course = factories.course(title="Whānau, Leeds")
    assert "Whānau" in client.get(reverse("courses:list"), {"q": "leeds whanau"}).text
    number = f"c\u2011{course.number:05d}"
    assert "Whānau" in client.get(reverse("courses:list"), {"q": number}).text
    factories.associate(course.programme, name="Zoë O’Neill")
    assert "Zoë O’Neill" in client.get(reverse("courses:licences"), {"q": "ONeill Zoe"}).text
    for name in ("Zoe", "Élodie", "ana"):
        factories.enrolment(course, certificate_name=name)
    assert Enrolment.objects.count() == 3
    register = client.get(reverse("courses:register_session", args=[course.uuid, 1])).text
    assert register.index(">ana<") < register.index(">Élodie<") < register.index(">Zoe<")
