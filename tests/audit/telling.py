"""Reading the audit log in tests: its lines, its page and its spreadsheet."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import openpyxl
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from aimcert.audit.asked import Asked
from aimcert.audit.reading import Line, every_line
from courses.models import Course, Nomination
from tests import factories

LOG = "/staff/audit-log/"


def lines(reader: Person | None = None, **asked: Any) -> list[Line]:
    """What the log tells, the newest first."""
    return [*every_line(reader or factories.admin(), Asked(**asked), most=1000)]


def said(found: list[Line], about: Person | None = None) -> list[str]:
    return [one.what for one in found if about is None or one.person == about]


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def table(text: str) -> str:
    """The lines of a page of the log."""
    return text.partition("<tbody>")[2].partition("</tbody>")[0]


def page(reader: Person, **asked: Any) -> str:
    return browser(reader).get(reverse("audit_log"), asked).text


def nominee(course: Course, number: int, at: datetime) -> Nomination:
    return Nomination(
        course=course,
        name=f"Nominee-{number}",
        email=f"n{number}@people.example",
        job_role="x",
        years_experience=1,
        nominated_at=at,
        nominated_by=course.created_by,
        token_sha256=f"{number:064d}",
        token_expires_at=at,
    )


def sheet(reader: Person, **asked: Any) -> list[tuple[Any, ...]]:
    response = browser(reader).get(reverse("audit_log_sheet"), asked)
    assert response.status_code == 200
    book = openpyxl.load_workbook(BytesIO(response.content))
    return [*book.active.values]
