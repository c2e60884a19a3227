"""The audit log page by page, as a spreadsheet, and led to from other pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from aimcert.audit.asked import Asked
from aimcert.audit.reading import A_PAGE, log_page
from certification import actions
from courses.models import Nomination
from tests import factories
from tests.audit.telling import LOG, browser, nominee, page, sheet
from tests.statements import statements

pytestmark = pytest.mark.django_db

STATEMENTS = 9


def test_pages_go_on_where_the_last_one_ended_also_within_one_moment() -> None:
    course = factories.course(capacity=300)
    now = timezone.now()
    Nomination.objects.bulk_create([nominee(course, number, now) for number in range(130)])
    reader = factories.admin()
    client, url, seen = browser(reader), LOG, []
    for _page in range(9):
        response = client.get(url)
        text = response.text
        names = [one.split("<")[0] for one in text.split("Nominee-")[1:]]
        seen += names
        if 'rel="next"' not in text:
            break
        href = text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        url = LOG + href
    assert "Nothing was done before." in text
    assert len(seen) == len(set(seen)) == 130
    assert "The newest" in text


@pytest.mark.parametrize("size", [1, 3, pytest.param(300, marks=pytest.mark.whole_run)])
def test_a_page_takes_the_same_statements_whatever_there_is(size: int) -> None:
    reader = factories.admin()
    for _number in range(min(size, 3)):
        certified = factories.recommended(factories.course())
        actions.approve(enrolment=certified, by=reader)
    if size > 3:
        now = timezone.now()
        course = factories.course(capacity=300)
        Nomination.objects.bulk_create([nominee(course, number, now) for number in range(size)])
    client = browser(reader)
    client.get(LOG)
    assert len(statements(lambda: client.get(LOG))) == STATEMENTS
    narrowed = f"{LOG}?q=person&kind=places&since=2020-01-01"
    assert len(statements(lambda: client.get(narrowed))) == STATEMENTS + 1


def test_a_page_is_of_fifty() -> None:
    course = factories.course(capacity=300)
    Nomination.objects.bulk_create([nominee(course, number, timezone.now()) for number in range(60)])
    found = log_page(factories.admin(), Asked())
    assert len(found.lines) == A_PAGE
    assert found.further is not None


def test_the_spreadsheet_has_what_the_log_is_narrowed_to() -> None:
    with time_machine.travel(datetime(2026, 7, 1, 8, 30, tzinfo=UTC), tick=False):
        enrolment = factories.recommended(factories.course(title="=1+1"))
        admin = factories.admin(name="=HYPERLINK(1)")
        certificate = actions.approve(enrolment=enrolment, by=admin)
    headings, *rows = sheet(factories.admin(), kind="decisions")
    assert headings[0] == "When (London time)"
    assert rows == [
        (
            datetime(2026, 7, 1, 9, 30),
            "=HYPERLINK(1)",
            f"Approved, and issued certificate {certificate.reference}",
            f"{enrolment.person}; {enrolment.sponsor_organisation}"
            if enrolment.sponsor_organisation
            else str(enrolment.person),
            enrolment.course.reference,
            "=1+1",
        )
    ]


def test_the_spreadsheet_goes_beyond_a_page_and_ends_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    course = factories.course(capacity=300)
    Nomination.objects.bulk_create([nominee(course, number, timezone.now()) for number in range(120)])
    reader = factories.admin()
    assert len(sheet(reader, kind="places")) == 121
    monkeypatch.setattr("aimcert.audit.views.MOST_ROWS", 70)
    assert len(sheet(reader, kind="places")) == 71


@pytest.mark.parametrize("odd", ["\0", "9" * 40, "%FF", "x" * 5000, "31/02/2026"])
def test_the_spreadsheet_is_made_whatever_is_asked(odd: str) -> None:
    reader = factories.admin()
    for name in ("q", "by", "of", "course", "kind", "since", "until", "after"):
        assert sheet(reader, **{name: odd})[0][1] == "Who", name


def test_other_pages_lead_to_it_already_narrowed() -> None:
    admin = factories.admin()
    enrolment = factories.recommended(factories.course())
    certificate = actions.approve(enrolment=enrolment, by=factories.admin())
    client, person = browser(admin), enrolment.person
    pages = {
        reverse("courses:detail", args=[enrolment.course.uuid]): f"course={enrolment.course.uuid}",
        reverse("certification:person", args=[person.uuid]): f"of={person.uuid}",
        reverse("certification:certificate", args=[certificate.uuid]): f"of={person.uuid}",
    }
    for url, query in pages.items():
        text = client.get(url).text
        assert f"{LOG}?{query}" in text, url
    assert LOG not in browser(person).get(reverse("certification:certificate", args=[certificate.uuid])).text
    trainer = browser(factories.trainer_of(enrolment.course))
    assert LOG not in trainer.get(reverse("courses:detail", args=[enrolment.course.uuid])).text


@pytest.mark.parametrize(
    "after",
    [
        *("", "x", "2026-01-01", "~~", "2026-01-01T00:00:00+00:00~nothing.at.all~1", "{at}~{code}~x"),
        *("{at}~{code}~" + "9" * 30, "2026-01-01T00:00:00~{code}~1", "0001-01-01T00:00:00+00:00~{code}~1"),
    ],
)
def test_a_place_that_is_none_begins_with_the_newest(after: str) -> None:
    written = after.format(
        at="2026-01-01T00:00:00+00:00", code="courses.nomination.nominated_at.nominated_by"
    )
    assert "Made them an AIM admin" in page(factories.admin(), after=written)


def test_a_place_in_the_past_shows_what_was_before() -> None:
    at = timezone.now() - timedelta(days=9)
    factories.nomination(factories.course(), name="Long ago", nominated_at=at)
    after = f"{(at + timedelta(seconds=1)).isoformat()}~courses.nomination.nominated_at.nominated_by~1"
    text = page(factories.admin(), after=after)
    assert "Long ago" in text
    assert "Made them an AIM admin" not in text
