"""Spreadsheets that people hand in: workbooks, text files, and rows that were copied out of one."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import StringIO
from pathlib import Path

from django.utils.translation import gettext as _

from aimcert.foundation.refusals import Refused
from aimcert.foundation.spreadsheet_reading import (
    MOST_COLUMNS,
    MOST_LINES,
    MOST_ROWS,
    MOST_TEXT,
    Bounds,
    is_workbook,
)

MOST_BYTES = 5 * 1024 * 1024
# In seconds: of the clock, where the process has so much of the processor's time and others use it too.
MOST_WAIT = 25
_READING = Path(__file__).with_name("spreadsheet_reading.py")

DELIMITERS = "\t;,"
# Lines of which the delimiter is told.
_LOOKED_AT = 50
# What says a text's encoding by itself; the first that fits counts.
_MARKS = (("utf-8-sig", b"\xef\xbb\xbf"), ("utf-16", b"\xff\xfe"), ("utf-16", b"\xfe\xff"))
# What is no table, but is often handed in as one.
_NO_TEXT = (b"%PDF-", b"{\\rtf")


class SpreadsheetRefused(Refused):
    """It cannot be read, or holds more than is taken.

    Args:
        message: why, and what to do.
        reason: a word for it, for tests.
    """

    status = 422

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class SheetRead:
    """What stands in one sheet.

    Args:
        name: on its tab; empty where it has none.
        rows: those that hold anything, each with its number as a program shows it, and its cells.
        formulas: the numbers of those that have a formula, where that was asked.
    """

    name: str
    rows: list[tuple[int, list[str]]]
    formulas: Sequence[int] = ()


def read_spreadsheet(content: bytes) -> list[SheetRead]:
    """What stands in a file, whatever its name says that it is: XLSX, XLS, XLSB, ODS or text.

    A workbook is read by a process that may use so much memory and time and no more: see
    `aimcert/foundation/spreadsheet_reading.py`.

    Returns:
        The sheets that hold anything; at least one.

    Raises:
        SpreadsheetRefused: it cannot be read.
    """
    if len(content) > MOST_BYTES:
        raise _refused("large")
    if is_workbook(content):
        sheets = _from_workbook(content)
    elif content.startswith(_NO_TEXT):
        raise _refused("unknown")
    else:
        sheets = [read_pasted(_decoded(content))]
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        raise _refused("empty")
    return sheets


def read_own_workbook(content: bytes, bounds: Bounds) -> list[SheetRead]:
    """What stands in an XLSX that this application wrote, and that comes back.

    Args:
        content: the file.
        bounds: how much of it is read.

    Returns:
        The sheets that hold anything; perhaps none.

    Raises:
        SpreadsheetRefused: it cannot be read; its words say so of a list of people, its `reason` of any file.
    """
    if len(content) > MOST_BYTES:
        raise _refused("large")
    if not is_workbook(content):
        raise _refused("unknown")
    return [sheet for sheet in _from_workbook(content, bounds) if sheet.rows]


def read_pasted(text: str) -> SheetRead:
    """What stands in a text: rows copied out of a spreadsheet, or a file of values between delimiters.

    Raises:
        SpreadsheetRefused: it holds more than is taken.
    """
    if len(text) > MOST_TEXT:
        raise _refused("text")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    first, _newline, rest = lines.partition("\n")
    if first.lower().startswith("sep=") and len(first) == 5:
        # Excel's own first line, which says what stands between the cells.
        delimiter, lines = first[4], "\n" + rest
    else:
        delimiter = max(DELIMITERS, key=lambda one: _cells(lines, one))
    found = []
    for number, row in _parsed(lines, delimiter):
        cells = row[:MOST_COLUMNS]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            found.append((number, cells))
        if len(found) > MOST_LINES:
            raise _refused("long")
    return SheetRead("", found)


def _cells(text: str, delimiter: str) -> tuple[int, int]:
    """How many of the first lines `delimiter` parts into cells, and how often it does."""
    start = "\n".join(text.split("\n", _LOOKED_AT)[:_LOOKED_AT])
    parted = [len(row) - 1 for _number, row in _parsed(start, delimiter) if len(row) > 1]
    return len(parted), sum(parted)


def _parsed(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The rows of `text`, each with its number among all rows."""
    try:
        quoted = csv.reader(StringIO(text), delimiter=delimiter, strict=True)
        return list(enumerate(quoted, start=1))
    except csv.Error:
        pass
    try:
        # A cell that begins with a quotation mark which nothing ends would take in all that follows.
        plain = csv.reader(StringIO(text), delimiter=delimiter, quoting=csv.QUOTE_NONE)
        return list(enumerate(plain, start=1))
    except csv.Error:
        # One cell is longer than the whole list of somebody's people.
        raise _refused("text") from None


def _decoded(content: bytes) -> str:
    for encoding, mark in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    # Without a mark, every second byte of what is mostly Latin letters says it.
    halves = content[:2000:2], content[1:2000:2]
    for encoding, half in zip(("utf-16-be", "utf-16-le"), halves, strict=True):
        if half and half.count(0) > len(half) / 2:
            return content.decode(encoding, errors="replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        pass
    try:
        # What Excel writes where it is not asked for Unicode.
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise _refused("unknown") from None


def _from_workbook(content: bytes, bounds: Bounds | None = None) -> list[SheetRead]:
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", str(_READING), json.dumps(asdict(bounds or Bounds()))],
            env={"PATH": os.environ.get("PATH", "")},
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=MOST_WAIT,
        )
    except subprocess.TimeoutExpired:
        raise _refused("heavy") from None
    try:
        said = json.loads(done.stdout)
    except ValueError:
        # It died of its limits, or of a fault that the file was made for.
        raise _refused("heavy") from None
    if "refused" in said:
        raise _refused(said["refused"])
    return [SheetRead(**sheet) for sheet in said["sheets"]]


def _refused(reason: str) -> SpreadsheetRefused:
    instead = _("Save it as an Excel workbook (.xlsx) or as CSV, or copy its rows and paste them.")
    words = {
        "unknown": _("This is no spreadsheet that can be read here, such as a Word document or a PDF."),
        "damaged": _("This file is damaged. Open it in your spreadsheet program and save it again."),
        "locked": _(
            "This file is protected by a password. Save a copy without one, or copy its rows and paste them."
        ),
        "closed": _(
            "This file is damaged, or protected by a password. Save it again without one, or copy its rows"
            " and paste them."
        ),
        "heavy": _(
            "This file takes too much to read: it unpacks to a great deal, or its cells stand far apart. Copy"
            " the rows that you need into a new spreadsheet, and choose that."
        ),
        "macros": _("This file holds macros. Save it as an Excel workbook without them (.xlsx)."),
        "links": _("This file refers to other files. Take a new one, and fill that in."),
        "empty": _(
            "There is nothing in this file. Check that you saved it, and that you chose the right one."
        ),
        "large": _("This file is larger than %(most)d MB. Save the list of people alone.")
        % {"most": MOST_BYTES // 1024**2},
        "long": _("This list has more than %(most)s rows. Hand in those whom you nominate for this course.")
        % {"most": f"{MOST_ROWS:,}"},
        "text": _(
            "There is more text in this than a list of people needs. Leave out the columns that are not"
            " asked for."
        ),
    }
    said = f"{words[reason]} {instead}" if reason == "unknown" else words[reason]
    return SpreadsheetRefused(said, reason)
