"""The spreadsheet writer: what people wrote stays text, whatever it begins with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO

from django.utils.timezone import is_aware, make_naive
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | bool | date | datetime | None

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TEXT = 32_767  # Excel's limit for one cell, in UTF-16 units
CUT_MARK = " […]"

# What XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets): Excel calls such a file damaged.
_REFUSED_BY_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel refuses these in a sheet's name, which has at most 31 characters.
# In points: a line of text, and what Excel shows of a row at most.
_LINE, _HIGHEST = 15, 409
# The hidden worksheet of what cells choose from: no name that somebody reads.
_CHOICES = "choices"
_REFUSED_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True)
class Column:
    """A column's heading, and its width in characters.

    Args:
        is_open: whether its cells can be changed where the sheet is locked; they are texts then, whatever is
            typed.
        choices: what such a cell chooses from; empty: anything.
        is_hidden: whether a program shows it only to somebody who asks for it.
    """

    heading: str
    width: int = 20
    is_open: bool = False
    choices: Sequence[str] = ()
    is_hidden: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name on the tab, its columns, and rows that are read once, in order.

    Args:
        is_locked: whether a program changes only what is in open columns. It takes no password to unlock it:
            this keeps somebody from mistakes, and nobody from anything.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    is_locked: bool = False


def write_xlsx(sheets: Iterable[Sheet], *, title: str = "", created: datetime | None = None) -> bytes:
    """Write `sheets` as an XLSX file, row by row, so that thousands of rows take little memory.

    No cell becomes a formula, a link or a number because of what its text looks like. Dates are
    dates and numbers are numbers. An aware time is shown in the current time zone. Control
    characters that XML refuses are left out, and a text that is longer than a cell can be ends
    with "[…]".

    Args:
        sheets: at least one; names are shortened to what Excel takes and must then differ.
        title: the document's title in its properties.
        created: the moment in its properties; an aware time. Now where not given.

    Returns:
        the file.
    """
    output = BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "d mmmm yyyy",
    }
    with Workbook(output, options) as workbook:
        properties: dict[str, object] = {"title": _clean(title)}
        if created:
            properties["created"] = created.astimezone(UTC)
        workbook.set_properties(properties)
        heading = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        text = workbook.add_format({"text_wrap": True, "valign": "top"})
        day = workbook.add_format({"num_format": "d mmmm yyyy", "valign": "top", "align": "left"})
        moment = workbook.add_format({"num_format": "d mmmm yyyy, hh:mm", "valign": "top", "align": "left"})
        opened = workbook.add_format(
            {
                "text_wrap": True,
                "valign": "top",
                "locked": False,
                "num_format": "@",
                "bg_color": "#FFF8DC",
                "border": 1,
                "border_color": "#8A8A8A",
            }
        )
        lists: dict[tuple[str, ...], int] = {}
        for sheet in sheets:
            worksheet = workbook.add_worksheet(
                _REFUSED_IN_NAMES.sub(" ", _clean(sheet.name))[:31].strip("' ")
            )
            for number, column in enumerate(sheet.columns):
                options = {"hidden": True} if column.is_hidden else {}
                worksheet.set_column(number, number, column.width, None, options)
                worksheet.write_string(0, number, _clean(column.heading), heading)
            if sheet.is_locked:
                headings = [column.heading for column in sheet.columns]
                worksheet.set_row(0, _height(headings, sheet.columns))
            worksheet.freeze_panes(1, 0)
            worksheet.repeat_rows(0)
            worksheet.set_landscape()
            worksheet.set_paper(9)  # A4
            worksheet.fit_to_pages(1, 0)
            line = 0
            for line, row in enumerate(sheet.rows, start=1):
                if sheet.is_locked:
                    worksheet.set_row(line, _height(row, sheet.columns))
                for number, value in enumerate(row):
                    if sheet.columns[number].is_open:
                        if value:
                            worksheet.write_string(line, number, _clean(str(value)), opened)
                        else:
                            worksheet.write_blank(line, number, None, opened)
                        continue
                    _write(
                        worksheet,
                        line,
                        number,
                        value,
                        text=text,
                        day=day,
                        moment=moment,
                    )
            if sheet.is_locked:
                _lock(worksheet, sheet.columns, line, lists)
        if lists:
            # A list within a cell's own rule would end each choice at its first comma.
            worksheet = workbook.add_worksheet(_CHOICES)
            worksheet.hide()
            for row_number, choices in enumerate(lists):
                for number, choice in enumerate(choices):
                    worksheet.write_string(row_number, number, _clean(choice))
    return output.getvalue()


def _height(row: Sequence[Cell], columns: Sequence[Column]) -> float:
    """How high a row must be to show its longest text, in points: not every program finds that itself."""
    lines = [
        sum(max(1, -(-len(part) // max(column.width - 1, 1))) for part in str(value).split("\n"))
        for value, column in zip(row, columns, strict=False)
        if value and not column.is_hidden
    ]
    return min(_LINE * max(lines, default=1), _HIGHEST)


def _lock(
    worksheet: Worksheet, columns: Sequence[Column], last: int, lists: dict[tuple[str, ...], int]
) -> None:
    """Lock all but the open columns, and let these choose from `lists`, each a row of a hidden worksheet."""
    worksheet.protect("", {"format_columns": True, "format_rows": True})
    for number, column in enumerate(columns):
        if column.choices and last:
            row = lists.setdefault(tuple(column.choices), len(lists))
            end = xl_rowcol_to_cell(row, len(column.choices) - 1, row_abs=True, col_abs=True)
            source = f"={_CHOICES}!$A${row + 1}:{end}"
            worksheet.data_validation(1, number, last, number, {"validate": "list", "source": source})


def _write(
    worksheet: Worksheet, line: int, number: int, value: Cell, *, text: Format, day: Format, moment: Format
) -> None:
    match value:
        case None | "":
            pass
        case bool():
            worksheet.write_boolean(line, number, value, text)
        case datetime():
            worksheet.write_datetime(line, number, make_naive(value) if is_aware(value) else value, moment)
        case date():
            worksheet.write_datetime(line, number, value, day)
        case int() | float():
            worksheet.write_number(line, number, value, text)
        case _:
            worksheet.write_string(line, number, _clean(str(value)), text)


def _clean(text: str) -> str:
    text = _REFUSED_BY_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    encoded = text.encode("utf-16-le")
    if len(encoded) <= 2 * LONGEST_TEXT:
        return text
    room = 2 * (LONGEST_TEXT - len(CUT_MARK))
    # A character outside the basic plane takes two units; half of one is left out.
    return encoded[:room].decode("utf-16-le", errors="ignore") + CUT_MARK
