"""Lists are searched, narrowed and sorted, at the same statements for few rows and many."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, OutgoingEmail, Person
from assessments.models import Version
from certification.actions import approve
from certification.models import Appeal
from courses.models import Course, Enrolment, Nomination, Programme
from tests import factories
from tests.certification import crowds, outcomes
from tests.statements import statements

pytestmark = pytest.mark.django_db

NAMES = ("Otley", "ábaco", "Zebra")
Names = Sequence[str]


def _courses(names: Names) -> Course | None:
    for number, name in enumerate(names):
        starts = timezone.now() + timedelta(days=9 - number)
        factories.course(
            title=name, starts=starts, organisation=factories.OrganisationFactory.create(name=name)
        )
    return None


def _certificates(names: Names) -> Course | None:
    admin = factories.admin()
    for name in names:
        approve(enrolment=_named(factories.recommended(factories.course(title=name)), name), by=admin)
    return None


def _licences(names: Names) -> Course | None:
    programme = factories.ProgrammeFactory.create()
    for name in names:
        factories.associate(programme, name=name)
    return None


def _organisations(names: Names) -> Course | None:
    for name in names:
        factories.OrganisationFactory.create(name=name)
    return None


def _letters(names: Names) -> Course | None:
    for name in names:
        OutgoingEmail.objects.create(
            to_address="x@people.example", subject=name, text="x", attempts=16, last_error="KeyError"
        )
    return None


def _follow_ups(names: Names) -> Course | None:
    for name in names:
        _named(outcomes.released(factories.course()).enrolment, name)
    return None


def _queue(names: Names) -> Course | None:
    for name in names:
        factories.recommended(factories.course(title=name))
    return None


def _of_a_course(names: Names) -> Course | None:
    """Somebody who waits for a decision each."""
    course = factories.course(capacity=300, title="AIM3")
    for name in names:
        _named(factories.recommended(course), name)
    return course


def _takes_part(names: Names) -> Course | None:
    course = factories.course(capacity=300, title="AIM3")
    for name in names:
        _named(factories.enrolment(course), name)
    return course


def _considerations(names: Names) -> Course | None:
    course = _takes_part(names)
    assert course is not None
    for one in course.enrolments.all():
        factories.consideration(one)
    return course


def _all_considerations(names: Names) -> Course | None:
    _considerations(names)
    return None


def _appeals(names: Names) -> Course | None:
    course = _takes_part(names)
    assert course is not None
    for one in course.enrolments.all():
        Appeal.objects.create(
            enrolment=one,
            kinds=["procedure"],
            words="It was loud.",
            asked_by=one.person,
            answer_due_at=timezone.now() + timedelta(days=28),
        )
    return None


def _agreement(names: Names) -> Version:
    programme = Programme.objects.filter(code="agreed").first()
    programme = programme or factories.ProgrammeFactory.create(code="agreed")
    for name in names:
        factories.associate(programme, name=name)
    return Version.objects.first() or factories.version(programme)


def _nominations(names: Names) -> Course | None:
    course = factories.course(capacity=300, title="AIM3", starts=timezone.now() + timedelta(days=9))
    for name in names:
        factories.nomination(course, name=name)
    return course


def _named(enrolment: Enrolment, name: str) -> Enrolment:
    """`enrolment`, of somebody called `name` wherever that stands."""
    Person.objects.filter(pk=enrolment.person_id).update(name=name)
    Nomination.objects.filter(pk=enrolment.nomination_id).update(name=name)
    enrolment.certificate_name = name
    enrolment.save()
    return enrolment


# What makes each list, its columns that sort, the column that names a row, and the statements it takes.
LISTS: dict[str, tuple[Callable[[Names], Course | Version | None], tuple[str, ...], str, int]] = {
    "courses:list": (_courses, ("course", "when", "by", "enrolled"), "course", 5),
    "certification:certificates": (
        _certificates,
        ("number", "name", "programme", "course", "issued_on", "state"),
        "name",
        5,
    ),
    "courses:licences": (_licences, ("associate", "programme", "dates"), "associate", 5),
    "organisations": (_organisations, ("name", "country", "people"), "name", 5),
    "unsent_emails": (_letters, ("address", "subject", "written", "why"), "subject", 5),
    "certification:follow_ups": (
        _follow_ups,
        ("name", "course", "sponsor", "outcome", "day", "recorded"),
        "name",
        5,
    ),
    "certification:queue": (_queue, ("course", "programme", "together", "others"), "course", 6),
    "certification:course_queue": (
        _of_a_course,
        ("name", "sessions", "questions", "essential", "state"),
        "name",
        8,
    ),
    "certification:results": (_of_a_course, ("name", "sponsor", "stage", "paper"), "name", 7),
    "assessments:marking": (
        _of_a_course,
        ("name", "attendance", "answers", "marking", "outcome", "next"),
        "name",
        9,
    ),
    "courses:nominations": (_nominations, ("name", "role", "stage"), "name", 10),
    "assessments:entry_codes": (_takes_part, ("name", "codes"), "name", 7),
    "assessments:course_adjustments": (_takes_part, ("name", "agreed", "asked"), "name", 8),
    "assessments:course_considerations": (
        _considerations,
        ("name", "happened", "recorded", "stands"),
        "name",
        8,
    ),
    "assessments:considerations": (
        _all_considerations,
        ("name", "course", "happened", "recorded", "stands"),
        "name",
        5,
    ),
    "certification:appeals": (_appeals, ("name", "course", "asked", "due"), "name", 6),
    "assessments:paper": (_takes_part, ("name", "code", "paper"), "name", 7),
    "assessments:version_agreement": (_agreement, ("associate", "country", "says"), "associate", 11),
}


# Of what takes long to make: pages of it all the same.
SLOWLY_MADE = (
    "courses:licences",
    "certification:follow_ups",
    "certification:queue",
    "assessments:version_agreement",
)


@pytest.fixture
def client(client: Client) -> Client:
    client.force_login(factories.admin())
    return client


def made(name: str, names: Names = NAMES) -> str:
    """The address of the list called `name`, on which somebody or something of each of `names` stands."""
    of = LISTS[name][0](names)
    return reverse(name, args=[of.uuid] if of else [])


def shown(client: Client, path: str, **asked: Any) -> list[str]:
    """Which of `NAMES` the list at `path` shows, in its order."""
    # Another table may stand before it; its headings alone sort.
    _before, _heading, rows = client.get(path, asked).text.partition('class="list-heading"')
    body = rows.partition("<tbody")[2]
    found = re.findall("|".join(NAMES), body)
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("name", LISTS)
def test_name_sorts_as_people_sort_and_the_other_way_round(client: Client, name: str) -> None:
    path, names = made(name), LISTS[name][2]
    assert shown(client, path, sort=names) == ["ábaco", "Otley", "Zebra"]
    assert shown(client, path, sort=f"-{names}") == ["Zebra", "Otley", "ábaco"]


@pytest.mark.parametrize("name", LISTS)
def test_every_column_that_offers_it_sorts_and_says_so(client: Client, name: str) -> None:
    path, columns = made(name), LISTS[name][1]
    page = client.get(path).text
    assert re.findall(r'class="list-heading"\s+href="\?sort=([^"&]*)"', page) == list(columns)
    assert "aria-sort" not in page
    for column in columns:
        up, down = (client.get(path, {"sort": sort}).text for sort in (column, f"-{column}"))
        assert up.count('aria-sort="ascending"') == 1, column
        assert down.count('aria-sort="descending"') == 1, column
        # The heading of a sorted column turns it round, and the form keeps how it is sorted.
        assert f'href="?sort=-{column}"' in up, column
        assert re.search(rf'<option value="-{column}" selected', down), column
        assert "Sorted by: " in down


@pytest.mark.parametrize("name", LISTS)
def test_search_and_sort_go_together(client: Client, name: str) -> None:
    path, names = made(name), LISTS[name][2]
    assert shown(client, path, q="abaco", sort=f"-{names}") == ["ábaco"]
    page = client.get(path, {"q": "abaco", "sort": names}).text
    assert f'href="?q=abaco&amp;sort=-{names}"' in page
    assert "Show all" in page
    # On paper it says what it was narrowed to.
    assert re.search(r'<p class="print-only">[^<]*: abaco; Sorted by: [^<]*</p>', page)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("sort", ["nothing", "-", "pk", "uuid", "name;drop", "\x00", "--name"])
def test_what_is_no_column_sorts_nothing(client: Client, name: str, sort: str) -> None:
    path = made(name)
    asked = {"sort": sort, "page": "x", "state": "nonsense", "stage": "x", "show": "x", "next": "x"}
    assert client.get(path, asked).status_code == 200
    assert shown(client, path, sort=sort) == shown(client, path)


@pytest.mark.parametrize("name", LISTS)
def test_list_without_anything_says_what_will_stand_there(client: Client, name: str) -> None:
    assert 'class="empty"' in client.get(made(name, ())).text


@pytest.mark.parametrize("name", LISTS)
def test_list_narrowed_to_nothing_says_so_and_leads_back(client: Client, name: str) -> None:
    path = made(name)
    text = client.get(path, {"q": "nothing"}).text
    assert shown(client, path, q="nothing") == []
    assert 'class="empty"' in text
    assert f'<a href="{path}">Show all</a>' in text
    assert 'value="nothing"' in text


def test_fields_stand_above_more_than_ten_rows_and_wherever_something_was_asked(client: Client) -> None:
    path = reverse("courses:list")
    fields = 'name="stage"'
    for _ in range(10):
        factories.course()
    assert fields not in client.get(path).text
    assert fields in client.get(path, {"q": "nobody"}).text
    factories.course()
    assert fields in client.get(path).text


def test_certificates_are_narrowed_by_their_state(client: Client) -> None:
    path = made("certification:certificates")
    assert len(shown(client, path, state="valid")) == 3
    assert shown(client, path, state="revoked") == []


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
    elif LISTS[name][0] in (_of_a_course, _takes_part):
        crowds.recommended(Course.objects.get(title="AIM3"), 297)
    elif name == "courses:nominations":
        course = Course.objects.get(title="AIM3")
        for _ in range(297):
            factories.nomination(course, name="Abaco again")
    elif name == "certification:certificates":
        for enrolment in crowds.recommended(factories.course(title="Abaco again"), 60):
            approve(enrolment=enrolment, by=by)
    elif name == "courses:list":
        for _ in range(60):
            factories.course(title="Abaco again")
    elif name in SLOWLY_MADE:
        LISTS[name][0](["Abaco again"] * 60)
    else:
        LISTS[name][0](["Abaco again"] * 297)


@pytest.mark.whole_run
@pytest.mark.parametrize("name", LISTS)
def test_list_takes_the_same_statements_for_a_few_rows_and_pages_of_them(client: Client, name: str) -> None:
    path, names, taken = made(name), LISTS[name][2], LISTS[name][3]
    kinds = {"state": "valid", "stage": "published", "show": "unmarked", "outcome": "not_yet"}
    asked = {"sort": f"-{names}", "q": "a"} | kinds
    few = len(statements(lambda: client.get(path, asked)))
    _many(name)
    many = len(statements(lambda: client.get(path, asked)))
    unasked = len(statements(lambda: client.get(path)))
    # The session, who asks, what they are, and what is about the course; how many rows there are, and these.
    assert (few, many, unasked) == (taken, taken, taken)
