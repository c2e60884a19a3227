"""What the page of figures over time says, for its tests."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, Person
from certification.over_time import By, Chart, Window, charts_of, read_facts
from certification.over_time.groups import Asked

LEAST = settings.AIM["COHORT_LEAST"]


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(person: Person, **query: str) -> str:
    response = signed_in(person).get(reverse("certification:over_time"), query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split("</header>")[1].split())


def charts(person: Person, organisation: Organisation | None = None, by: By = By.YEAR) -> dict[str, Chart]:
    now = timezone.now()
    window = Window(by, timezone.localdate(now).year, timezone.localdate(now))
    pk = organisation and organisation.pk
    facts = read_facts(person, window, organisation=pk, now=now)
    return {chart.code: chart for chart in charts_of(facts, window, Asked(organisation=pk))}


def totals(person: Person, organisation: Organisation | None = None) -> dict[str, tuple[int, ...]]:
    """Of each chart all periods together, and of how many people nothing is told."""
    return {
        code: (*chart.total.values, chart.total.untold)
        for code, chart in charts(person, organisation).items()
    }


def tables(person: Person, **query: str) -> dict[str, list[Any]]:
    """The rows of each sheet of the file, without the last, which says what it is."""
    response = signed_in(person).get(reverse("certification:over_time_file"), query)
    assert response.status_code == 200
    book = openpyxl.load_workbook(BytesIO(response.content))
    assert book.sheetnames == ["Courses", "People", "Outcomes", "Follow-ups", "About"]
    return {name: list(book[name].values) for name in book.sheetnames[:-1]}
