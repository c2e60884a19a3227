"""Marking sheets that were made to harm, or are of something else: refused in words, within little memory."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
import zlib
from dataclasses import asdict
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from accounts.models import Person
from aimcert.foundation import spreadsheet_reading
from aimcert.foundation.spreadsheet_reading import ENCRYPTED, OLE
from assessments.marking.forms.marking_sheet import BOUNDS
from assessments.marking.marking_sheet import Seal
from assessments.models import CriterionMark
from courses.models import Course
from tests import factories
from tests.assessments.marking import sheets
from tests.assessments.marking.scripts import signed_in
from tests.assessments.marking.sheets import JUDGED, filled, hand_in, why_not, written

pytestmark = pytest.mark.django_db

SHEET = "xl/worksheets/sheet3.xml"
# Reads a file as the application does, and says how much memory that took, in kilobytes.
MEASURED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdin=sys.stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.stdout.write(done.stdout.decode()[:200])
"""


@pytest.fixture
def taken(course: Course, trainer: Person) -> bytes:
    factories.submission(factories.enrolment(course))
    return sheets.take(signed_in(trainer), course)


def repacked(content: bytes, **parts: Any) -> bytes:
    """A workbook with one of its sheets' XML replaced, or with parts more (`more`)."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == SHEET and "sheet" in parts:
                part = parts["sheet"](part)
            new.writestr(name, part)
        for name, part in parts.get("more", {}).items():
            new.writestr(name, part)
    return written.getvalue()


def with_rows(rows: bytes, *, head: bytes = b"") -> Any:
    """The XML of a sheet with other rows."""

    def replaced(part: bytes) -> bytes:
        start, rest = part.split(b"<sheetData>", 1)
        end = rest.split(b"</sheetData>", 1)[1]
        return (
            start.replace(b"<worksheet", head + b"<worksheet", 1)
            + b"<sheetData>"
            + rows
            + b"</sheetData>"
            + end
        )

    return replaced


def million_rows() -> bytes:
    return b"".join(b'<row r="%d"><c r="F%d"><v>1</v></c></row>' % (n, n) for n in range(1, 1_000_001))


def lying_bomb(content: bytes) -> bytes:
    """A workbook one part of which unpacks to 300 MB, and says that it is a few bytes."""
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = b" " * 1024**2
    packed = b"".join([*(packing.compress(block) for _turn in range(300)), packing.flush()])
    made = repacked(content, more={"xl/worksheets/sheet99.xml": packed})
    # Stored as it is by zipfile; here its headers say that it is deflated, and small.
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(made)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in ("xl/worksheets/sheet99.xml", SHEET):
                new.writestr(name, old.read(name))
        new.writestr(zipfile.ZipInfo(SHEET), packed)
    changed = bytearray(written.getvalue())
    for signature, method, size in ((b"PK\x03\x04", 8, 22), (b"PK\x01\x02", 10, 24)):
        at = (
            changed.find(SHEET.encode()) - 30
            if signature == b"PK\x03\x04"
            else changed.rfind(SHEET.encode()) - 46
        )
        assert changed[at : at + 4] == signature
        changed[at + method : at + method + 2] = (8).to_bytes(2, "little")
        changed[at + size : at + size + 4] = (100).to_bytes(4, "little")
    return bytes(changed)


LAUGHS = (
    b'<!DOCTYPE worksheet [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)
FILES: dict[str, Any] = {
    "a text": lambda taken: b"code,judged\n1,Met\n",
    "a PDF": lambda taken: b"%PDF-1.7",
    "nothing": lambda taken: b"",
    "half of it": lambda taken: taken[: len(taken) // 2],
    "another archive": lambda taken: repacked_from_nothing(),
    "encrypted": lambda taken: OLE + ENCRYPTED + bytes(5000),
    "macros": lambda taken: repacked(taken, more={"xl/vbaProject.bin": b"x"}),
    "links": lambda taken: repacked(taken, more={"xl/externalLinks/externalLink1.xml": b"<x/>"}),
    "a bomb": lambda taken: repacked(taken, more={"xl/media/a.png": bytes(70 * 1024**2)}),
    "a bomb that lies": lying_bomb,
    "a million rows": lambda taken: repacked(taken, sheet=with_rows(million_rows())),
    "cells far apart": lambda taken: repacked(
        taken,
        sheet=with_rows(
            b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        ),
    ),
    "a long note": lambda taken: repacked(
        taken,
        sheet=with_rows(
            b'<row r="2"><c r="F2" t="inlineStr"><is><t>' + b"x" * 10 * 1024**2 + b"</t></is></c></row>"
        ),
    ),
}


def repacked_from_nothing() -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as new:
        new.writestr("word/document.xml", "<x/>")
    return written.getvalue()


@pytest.mark.whole_run
@pytest.mark.parametrize("kind", FILES)
def test_file_is_refused_with_what_to_do(course: Course, trainer: Person, taken: bytes, kind: str) -> None:
    words = why_not(hand_in(signed_in(trainer), course, FILES[kind](taken)))
    assert len(words) > 40
    assert not CriterionMark.objects.exists()


@pytest.mark.whole_run
@pytest.mark.parametrize("kind", [*FILES, "entities"])
def test_reading_takes_little_memory(taken: bytes, tmp_path: Any, kind: str) -> None:
    content = FILES[kind](taken) if kind in FILES else repacked(taken, sheet=laughing)
    (tmp_path / "file").write_bytes(content)
    reading = [sys.executable, "-I", "-B", spreadsheet_reading.__file__, json.dumps(asdict(BOUNDS))]
    with (tmp_path / "file").open("rb") as given:
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, *reading], stdin=given, capture_output=True, check=True
        )
    kilobytes, _newline, _said = done.stdout.decode().partition("\n")
    assert int(kilobytes) < 200 * 1024


def laughing(part: bytes) -> bytes:
    cell = b'<row r="2"><c r="F2" t="inlineStr"><is><t>&j;</t></is></c></row>'
    return with_rows(cell, head=LAUGHS)(part)


def test_entities_are_never_filled_in(course: Course, trainer: Person, taken: bytes) -> None:
    page = hand_in(signed_in(trainer), course, repacked(taken, sheet=laughing))
    assert "hahaha" not in page.text
    assert not CriterionMark.objects.exists()


def of_another_version(course: Course, content: bytes) -> bytes:
    """A sheet that was taken before the course had another version of the case study."""
    was = Seal(course.uuid, course.pin.version.uuid).of_sheet()
    before = Seal(course.uuid, factories.version(course.programme).uuid).of_sheet()

    def write(book: Workbook) -> None:
        (cell,) = [one for row in book["How it works"].iter_rows() for one in row if one.value == was]
        cell.value = before

    return written(content, write)


def test_sheet_of_another_course_version_or_site_is_refused(
    course: Course, trainer: Person, taken: bytes, settings: Any
) -> None:
    other = factories.course(programme=course.programme, trainers=[trainer])
    factories.submission(factories.enrolment(other))
    client = signed_in(trainer)
    content = filled(taken, (1, 2, JUDGED, "Met"))
    assert "of another course" in why_not(hand_in(client, other, content))
    assert "of another version" in why_not(hand_in(client, course, of_another_version(course, content)))
    settings.SECRET_KEY = "another site's"
    client = signed_in(trainer)
    assert "no marking sheet of this site" in why_not(hand_in(client, course, content))
    assert not CriterionMark.objects.exists()


def test_many_sheets_at_once_are_put_off(course: Course, trainer: Person) -> None:
    client = signed_in(trainer)
    for _turn in range(20):
        hand_in(client, course, b"PK\x03\x04")
    assert "Wait a minute, then try again." in why_not(hand_in(client, course, b"PK\x03\x04"))
