"""Reads one spreadsheet in a process of its own, which may use so much memory and time and no more.

python aimcert/foundation/spreadsheet_reading.py < what came > what stands in it

It writes JSON: `{"sheets": [{"name": …, "rows": [[number, [cell, …]], …]}, …]}`, every cell a text; or
`{"refused": …}` with one of the words of `REFUSALS`. It knows nothing of Django nor of AIMcert, so that it
starts at once, and holds no connection, key or setting.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

import python_calamine as calamine

# What this process may use: of addresses, in bytes, and of the processor, in seconds. The library makes
# room for a sheet's whole rectangle, so that two cells far apart would take all there is.
MOST_MEMORY = 768 * 1024**2
MOST_SECONDS = 10
# Of all parts of a file together, as they are once unpacked.
MOST_UNPACKED = 200 * 1024**2

MOST_SHEETS = 10
MOST_ROWS = 2_000
# Headings, and what stands above them, beside the rows.
MOST_LINES = MOST_ROWS + 50
MOST_COLUMNS = 100
# Of all cells together, in characters.
MOST_TEXT = 1_000_000

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Where OpenDocument says that a part is encrypted.
MANIFEST = "META-INF/manifest.xml"
# As OLE writes the names of what it holds: what Excel puts around an XLSX that it encrypts, and an XLS.
ENCRYPTED, WORKBOOK = (name.encode("utf-16-le") for name in ("EncryptedPackage", "Workbook"))

REFUSALS = ("unknown", "locked", "closed", "damaged", "heavy", "long", "text")
Value = int | float | str | bool | time | date | datetime | timedelta


class Unreadable(Exception):
    """Nothing is read of it: one of `REFUSALS`."""


def main() -> None:
    """Read standard input, and write what stands in it to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    # Nothing is written to a disk, whatever a library would like to.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    said: dict[str, Any]
    try:
        said = {"sheets": list(read(sys.stdin.buffer.read()))}
    except Unreadable as refused:
        said = {"refused": str(refused)}
    except MemoryError:
        said = {"refused": "heavy"}
    sys.stdout.buffer.write(json.dumps(said).encode())


def is_workbook(content: bytes) -> bool:
    """Whether its first bytes are those of any kind of workbook: XLSX, XLSB and ODS, or XLS."""
    return content.startswith((ZIP, OLE))


def read(content: bytes) -> Iterator[dict[str, Any]]:
    """The sheets of a workbook that can be seen, with the rows that hold anything.

    Of a formula it is the value that was stored with it.

    Raises:
        Unreadable: it is none, or larger than a list of people can be.
    """
    if content.startswith(ZIP):
        _refuse_parts(content)
    try:
        workbook = calamine.load_workbook(BytesIO(content))
    except calamine.PasswordError:
        raise Unreadable("locked") from None
    except (calamine.CalamineError, OSError, ValueError):
        # The library tries one kind of workbook after the other, and says of none why it was not that.
        raise Unreadable(_why_not(content)) from None
    seen = [
        one.name
        for one in workbook.sheets_metadata
        if one.typ == calamine.SheetTypeEnum.WorkSheet and one.visible == calamine.SheetVisibleEnum.Visible
    ]
    left = MOST_TEXT
    for name in seen[:MOST_SHEETS]:
        try:
            sheet = workbook.get_sheet_by_name(name)
        except (calamine.CalamineError, OSError, ValueError):
            raise Unreadable("damaged") from None
        rows = _rows(sheet)
        left -= sum(len(cell) for _number, cells in rows for cell in cells)
        if left < 0:
            raise Unreadable("text")
        yield {"name": name, "rows": rows}


def _why_not(content: bytes) -> str:
    if ENCRYPTED in content:
        return "locked"
    return "closed" if WORKBOOK in content and content.startswith(OLE) else "unknown"


def _refuse_parts(content: bytes) -> None:
    """Raise where a file says itself that it is too large, or locked.

    One that says less than is true dies of it; of what is encrypted the library reads nothing.
    """
    try:
        with ZipFile(BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
            if unpacked > MOST_UNPACKED:
                raise Unreadable("heavy")
            if MANIFEST in parts.namelist() and b"encryption-data" in parts.read(MANIFEST):
                raise Unreadable("locked")
    except (BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, ZlibError):
        raise Unreadable("damaged") from None


def _rows(sheet: calamine.CalamineSheet) -> list[tuple[int, list[str]]]:
    """The rows of a sheet that hold anything, each with its number as the program shows it."""
    found: list[tuple[int, list[str]]] = []
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [said(cell) for cell in row[:MOST_COLUMNS]]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            found.append((number, cells))
        if len(found) > MOST_LINES:
            raise Unreadable("long")
    return found


def said(value: Value) -> str:
    """A cell as its reader sees it, near enough: whole numbers without a point, a date as a date."""
    match value:
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() | date():
            return f"{value.day} {value:%B %Y}"
        case _:
            return str(value)


if __name__ == "__main__":
    main()
