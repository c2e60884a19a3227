"""Lists of people as somebody has them, as text and as files, and the page on which they are handed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from courses.models import Course
from tests.bad_input.pages import read
from tests.courses.factories import person_fields

HEADINGS = ("Name", "Email", "Job role", "Years of experience", "Line manager", "Line manager email")
Cell = str | int | float | date | bool | None


def people(number: int) -> list[dict[str, Any]]:
    """So many people, each with an address of their own."""
    return [person_fields(name=f"Person {index}") for index in range(1, number + 1)]


def rows_of(listed: Sequence[dict[str, Any]]) -> list[list[Cell]]:
    """What a spreadsheet of them holds, with headings."""
    return [list(HEADINGS), *(list(one.values()) for one in listed)]


def text_of(rows: Sequence[Sequence[Cell]]) -> str:
    """Rows as they are copied out of a spreadsheet."""
    return "\n".join("\t".join("" if cell is None else str(cell) for cell in row) for row in rows)


def xlsx_of(rows: Sequence[Sequence[Cell]], *, title: str = "People") -> bytes:
    """Rows as a workbook of Excel's."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def uploaded(content: bytes, name: str = "people.xlsx") -> dict[str, SimpleUploadedFile]:
    """A file as a form sends it."""
    return {"file": SimpleUploadedFile(name, content)}


def page_of(course: Course) -> str:
    """The page on which a list is handed in, and looked at."""
    return reverse("courses:nominate_several", args=[course.uuid])


def given(client: Client, course: Course, listed: Sequence[dict[str, Any]]) -> HttpResponse:
    """What is shown of people whose rows somebody pasted."""
    return client.post(page_of(course), {"text": text_of(rows_of(listed))})  # type: ignore[return-value]


def carried(response: HttpResponse) -> dict[str, list[str]]:
    """What the page would send as it stands, with its key."""
    return {name: values for name, values in read(response).values.items() if name != "csrfmiddlewaretoken"}
