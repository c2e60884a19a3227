"""A marking sheet in the hands of a test: taken, written into with another library, and brought back."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from courses.models import Course
from tests.pages import fields_in

# The columns of a question's worksheet, as a person counts them.
CODE, ANSWER, CRITERION, JUDGED, NOTE, ASKED, ANSWERED, SETTLED, BECAUSE, BY, SIGN = (
    1,
    2,
    3,
    5,
    6,
    7,
    8,
    9,
    10,
    11,
    12,
)


def address(course: Course) -> str:
    return reverse("assessments:marking_sheet", args=[course.uuid])


def take(client: Client, course: Course) -> bytes:
    response = client.get(reverse("assessments:marking_sheet_file", args=[course.uuid]))
    assert response.status_code == 200
    return response.content


def written(content: bytes, write: Callable[[Workbook], Any]) -> bytes:
    """`content` after `write` changed it."""
    book = load_workbook(BytesIO(content))
    write(book)
    changed = BytesIO()
    book.save(changed)
    return changed.getvalue()


def cells(content: bytes, question: int = 1) -> list[list[Any]]:
    """The rows of a question's worksheet, below its headings."""
    sheet = load_workbook(BytesIO(content))[f"Question {question}"]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


def filled(content: bytes, *values: tuple[int, int, int, Any]) -> bytes:
    """`content` with cells filled: question, row, column, value."""

    def write(book: Workbook) -> None:
        for question, row, column, value in values:
            book[f"Question {question}"].cell(row, column).value = value

    return written(content, write)


def hand_in(client: Client, course: Course, content: bytes, name: str = "marking-sheet.xlsx") -> Any:
    return client.post(address(course), {"file": SimpleUploadedFile(name, content)})


def save(client: Client, course: Course, page: Any) -> Any:
    """Press the button of the page that says what would be saved."""
    return client.post(address(course), {"rows": fields_in(page.text)["rows"]})


def why_not(page: Any) -> str:
    """What the page of the upload says against the file."""
    assert page.status_code == 422
    found = re.search(r'href="#id_file"[^>]*>(.*?)</a>', page.text, re.DOTALL)
    assert found
    return " ".join(found[1].split())
