"""Reads one spreadsheet in a process of its own, which may use so much memory and time and no more.

python aimcert/foundation/spreadsheet_reading.py '{"columns": 20, …}' < what came > what stands in it

The argument is a `Bounds`, as JSON. It writes JSON: `{"sheets": [{"name": …, "rows": [[number, [cell, …]],
…], "formulas": [number, …]}, …]}`, every cell a text, the formulas as numbers of rows; or `{"refused": …}`
with one of the words of `REFUSALS`. It knows nothing of Django nor of AIMcert, so that it starts at once, and
holds no connection, key or setting.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

import python_calamine as calamine

MOST_ROWS = 2_000
# Headings, and what stands above them, beside the rows.
MOST_LINES = MOST_ROWS + 50
MOST_COLUMNS = 100
# Of all cells together, in characters.
MOST_TEXT = 1_000_000


@dataclass(frozen=True)
class Bounds:
    """How much is read of a workbook; as it stands, what a list of people can be.

    Args:
        memory, seconds: what the process may use: of addresses, in bytes, and of the processor. The library
            makes room for a sheet's whole rectangle, so that two cells far apart would take all there is.
        unpacked: of all parts of a file together, in bytes.
        sheets: those after these are left out.
        lines: in one sheet, of those that hold anything.
        columns: those after these are left out.
        text: of all cells together, in characters.
        is_ours: it must be an XLSX as this application wrote it: without macros and without links to other
            files, and rows with a formula are named.
    """

    memory: int = 768 * 1024**2
    seconds: int = 10
    unpacked: int = 200 * 1024**2
    sheets: int = 10
    lines: int = MOST_LINES
    columns: int = MOST_COLUMNS
    text: int = MOST_TEXT
    is_ours: bool = False


ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Where OpenDocument says that a part is encrypted.
MANIFEST = "META-INF/manifest.xml"
# As OLE writes the names of what it holds: what Excel puts around an XLSX that it encrypts, and an XLS.
ENCRYPTED, WORKBOOK = (name.encode("utf-16-le") for name in ("EncryptedPackage", "Workbook"))

# What an XLSX holds of macros and of other files, and where it says which of its parts is which sheet.
MACROS, LINKS, INDEX = "xl/vbaProject.bin", "xl/externalLinks/", "xl/workbook.xml"
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]{0,2000}?\br:id=[\"']([^\"'>]{1,200})[\"']")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]{1,2000}>")
_ID, _TARGET = (re.compile(rb"\b%s=[\"']([^\"'>]{1,500})[\"']" % name) for name in (b"Id", b"Target"))
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\s[^>]{0,200}?\br=[\"'][A-Z]{1,3}([0-9]{1,7})[\"'][^>]{0,200}>\s{0,9}<(?:\w+:)?f[\s/>]"
)

REFUSALS = ("unknown", "locked", "closed", "damaged", "heavy", "long", "text", "macros", "links")
Value = int | float | str | bool | time | date | datetime | timedelta


class Unreadable(Exception):
    """Nothing is read of it: one of `REFUSALS`."""


def main() -> None:
    """Read standard input, and write what stands in it to standard output."""
    bounds = Bounds(**json.loads(sys.argv[1]))
    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory, bounds.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.seconds, bounds.seconds))
    # Nothing is written to a disk, whatever a library would like to.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    said: dict[str, Any]
    try:
        said = {"sheets": list(read(sys.stdin.buffer.read(), bounds))}
    except Unreadable as refused:
        said = {"refused": str(refused)}
    except MemoryError:
        said = {"refused": "heavy"}
    sys.stdout.buffer.write(json.dumps(said).encode())


def is_workbook(content: bytes) -> bool:
    """Whether its first bytes are those of any kind of workbook: XLSX, XLSB and ODS, or XLS."""
    return content.startswith((ZIP, OLE))


def read(content: bytes, bounds: Bounds) -> Iterator[dict[str, Any]]:
    """The sheets of a workbook that can be seen, with the rows that hold anything.

    Of a formula it is the value that was stored with it.

    Raises:
        Unreadable: it is none, or larger than `bounds`.
    """
    if content.startswith(ZIP):
        _refuse_parts(content, bounds)
    elif bounds.is_ours:
        raise Unreadable("locked" if ENCRYPTED in content else "unknown")
    try:
        workbook = calamine.load_workbook(BytesIO(content))
    except calamine.PasswordError:
        raise Unreadable("locked") from None
    except (calamine.CalamineError, OSError, ValueError):
        # The library tries one kind of workbook after the other, and says of none why it was not that.
        raise Unreadable(_why_not(content)) from None
    seen = [
        (place, one.name)
        for place, one in enumerate(workbook.sheets_metadata)
        if one.typ == calamine.SheetTypeEnum.WorkSheet and one.visible == calamine.SheetVisibleEnum.Visible
    ]
    formulas = _formulas(content) if bounds.is_ours else {}
    left = bounds.text
    for place, name in seen[: bounds.sheets]:
        try:
            sheet = workbook.get_sheet_by_name(name)
        except (calamine.CalamineError, OSError, ValueError):
            raise Unreadable("damaged") from None
        rows = _rows(sheet, bounds)
        left -= sum(len(cell) for _number, cells in rows for cell in cells)
        if left < 0:
            raise Unreadable("text")
        yield {"name": name, "rows": rows, "formulas": formulas.get(place, [])}


def _why_not(content: bytes) -> str:
    if ENCRYPTED in content:
        return "locked"
    return "closed" if WORKBOOK in content and content.startswith(OLE) else "unknown"


def _refuse_parts(content: bytes, bounds: Bounds) -> None:
    """Raise where a file says itself that it is too large, or locked.

    One that says less than is true dies of it; of what is encrypted the library reads nothing.
    """
    try:
        with ZipFile(BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
            if unpacked > bounds.unpacked:
                raise Unreadable("heavy")
            names = parts.namelist()
            if bounds.is_ours:
                _refuse_foreign(names)
            if MANIFEST in names and b"encryption-data" in parts.read(MANIFEST):
                raise Unreadable("locked")
    except (BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, ZlibError):
        raise Unreadable("damaged") from None


def _refuse_foreign(names: list[str]) -> None:
    """Raise where these are not the parts of an XLSX that holds cells alone."""
    if MACROS in names:
        raise Unreadable("macros")
    if any(name.startswith(LINKS) for name in names):
        raise Unreadable("links")
    if INDEX not in names and MANIFEST not in names:
        raise Unreadable("unknown")


def _formulas(content: bytes) -> dict[int, list[int]]:
    """The rows that have a formula, by their sheet's place in the workbook: the library tells of none."""
    with ZipFile(BytesIO(content)) as parts:
        names = set(parts.namelist())
        if INDEX not in names:
            raise Unreadable("unknown")
        try:
            relations = parts.read("xl/_rels/workbook.xml.rels")
            index = parts.read(INDEX)
            targets = {}
            for relation in _RELATION.findall(relations):
                if (key := _ID.search(relation)) and (target := _TARGET.search(relation)):
                    targets[key[1]] = target[1].decode().lstrip("/").removeprefix("xl/")
            found = {}
            for place, key in enumerate(_SHEET.findall(index)):
                name = f"xl/{targets.get(key, '')}"
                if name in names:
                    found[place] = sorted({int(row) for row in _FORMULA.findall(parts.read(name))})
        except (KeyError, ValueError, BadZipFile, OSError, ZlibError):
            raise Unreadable("damaged") from None
    return found


def _rows(sheet: calamine.CalamineSheet, bounds: Bounds) -> list[tuple[int, list[str]]]:
    """The rows of a sheet that hold anything, each with its number as the program shows it."""
    found: list[tuple[int, list[str]]] = []
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [said(cell) for cell in row[: bounds.columns]]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            found.append((number, cells))
        if len(found) > bounds.lines:
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
