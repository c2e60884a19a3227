"""Spreadsheets that people hand in are read, or refused in words that say what to do."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook

from aimcert.foundation.spreadsheet_files import (
    MOST_BYTES,
    SheetRead,
    SpreadsheetRefused,
    read_pasted,
    read_spreadsheet,
)
from aimcert.foundation.spreadsheet_reading import ENCRYPTED, MOST_LINES, MOST_ROWS, OLE, WORKBOOK
from tests.courses.lists_of_people import xlsx_of

ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"><office:body>
<office:spreadsheet><table:table table:name="Staff"><table:table-row>
<table:table-cell office:value-type="string"><text:p>Zoë</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="2"><text:p>2</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


def rows(content: bytes) -> list[tuple[int, list[str]]]:
    (sheet,) = read_spreadsheet(content)
    return [(number, list(cells)) for number, cells in sheet.rows]


def reason(content: bytes) -> str:
    with pytest.raises(SpreadsheetRefused) as refused:
        read_spreadsheet(content)
    assert len(str(refused.value.message)) > 40
    return refused.value.reason


def repacked(content: bytes, **changed: bytes) -> bytes:
    """A workbook with one of its parts changed: `sheet` is its first sheet's XML."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet1.xml"):
                part = part.replace(b"</sheetData>", changed["sheet"] + b"</sheetData>")
                part = changed.get("before", b"") + part
            new.writestr(name, part)
    return written.getvalue()


def opendocument(manifest: bytes, *, content: bytes = b"") -> bytes:
    """A workbook of OpenDocument's, with something in its manifest, and its sheets as they stand in XML."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        namespace = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        parts.writestr("META-INF/manifest.xml", namespace + manifest + b"</manifest:manifest>")
        # Office programs write no line breaks between cells.
        parts.writestr("content.xml", content or ODS.replace("\n<", "<").encode())
    return written.getvalue()


def test_numbers_dates_and_formulas_are_said_as_their_reader_sees_them():
    found = rows(xlsx_of([["Zoë", 2.0, 2.5, 0, date(2026, 5, 2), True], [None, "007", 1e20, -3.25]]))
    assert found == [
        (1, ["Zoë", "2", "2.5", "0", "2 May 2026", "TRUE"]),
        (2, ["", "007", "1e+20", "-3.25"]),
    ]
    # What Excel stored with a formula is what it says.
    stored = b'<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row>'
    assert rows(repacked(xlsx_of([["Years"]]), sheet=stored)) == [(1, ["Years"]), (2, ["2"])]


def test_rows_have_the_numbers_that_their_program_shows():
    assert rows(xlsx_of([[], ["a"], [None, " "], [], ["", "b"]])) == [(2, ["a"]), (5, ["", "b"])]
    assert rows(b"\n\na,b\n,\n\n,c\n") == [(3, ["a", "b"]), (6, ["", "c"])]


def test_sheets_that_can_be_seen_are_read_where_they_hold_anything():
    book = Workbook()
    for name, state, cell in (
        ("Hidden", "hidden", "x"),
        ("Empty", "visible", None),
        ("Staff", "visible", "Zoë"),
    ):
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        sheet["B2"] = cell
    written = BytesIO()
    book.save(written)
    (found,) = read_spreadsheet(written.getvalue())
    assert found.name == "Staff"
    assert "Zoë" in found.rows[0][1]


def test_opendocument_is_read():
    assert rows(opendocument(b"")) == [(1, ["Zoë", "2"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_is_read_in_every_encoding_and_with_every_delimiter(encoding, delimiter):
    said = delimiter.join(["Zoë O’Neill", "2"]) + "\r\n" + delimiter.join(['"a""b"', "–"])
    assert rows(said.encode(encoding)) == [(1, ["Zoë O’Neill", "2"]), (2, ['a"b', "–"])]


def test_delimiter_is_told_by_the_cells_and_not_by_a_comma_in_one():
    assert rows("Name;Years\nO’Neill, Zoë, Dr;2,5".encode()) == [
        (1, ["Name", "Years"]),
        (2, ["O’Neill, Zoë, Dr", "2,5"]),
    ]
    assert rows(b"sep=;\nName;Role, a, b, c, d\n") == [(2, ["Name", "Role, a, b, c, d"])]
    assert rows(b'A title\nName,"Role\nor post"\n') == [(1, ["A title"]), (2, ["Name", "Role\nor post"])]


def test_quotation_mark_that_nothing_ends_takes_in_no_other_row():
    pasted = read_pasted('Name\tRole\n"Zoë\tSocial worker\nSam\tNurse')
    assert [cells for _number, cells in pasted.rows] == [
        ["Name", "Role"],
        ['"Zoë', "Social worker"],
        ["Sam", "Nurse"],
    ]


def test_what_is_hidden_in_a_text_stays_for_the_form_to_say():
    assert read_pasted("a\x00\x07b\t\u202ec") == SheetRead("", [(1, ["a\x00\x07b", "\u202ec"])])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (xlsx_of([]), "empty"),
        (b"%PDF-1.7 \xff", "unknown"),
        (b"\x89PNG\r\n\x1a\n\x00\x81\x8d", "unknown"),
        (xlsx_of([["a"]])[:900], "damaged"),
        (b"PK\x03\x04" + b"x" * 999, "damaged"),
        (OLE + b"\0" * 2000, "unknown"),
        (OLE + b"\0" * 600 + ENCRYPTED + b"\0" * 600, "locked"),
        (OLE + b"\0" * 600 + WORKBOOK + b"\0" * 600, "closed"),
        (opendocument(b"<manifest:encryption-data/>", content=b"\x07" * 99), "locked"),
        (opendocument(b"", content=b"<office:document-content"), "unknown"),
        (b"x" * (MOST_BYTES + 1), "large"),
        (b"a,b\n" * (MOST_LINES + 1), "long"),
        (b"a," + b"x" * 1_000_000, "text"),
        (b"a,\n" + b"x" * 999_000, "text"),
        (xlsx_of([["a"]] * (MOST_LINES + 1)), "long"),
        (xlsx_of([["x" * 30_000] * 40]), "text"),
    ],
)
def test_what_cannot_be_read_says_why(content, why):
    assert reason(content) == why


def test_document_of_another_program_says_what_to_do():
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as parts:
        parts.writestr("word/document.xml", "<w/>")
    with pytest.raises(SpreadsheetRefused, match=r"Word document.* Save it as an Excel workbook"):
        read_spreadsheet(written.getvalue())


def test_file_that_takes_all_there_is_is_refused_and_nothing_dies_of_it():
    far = Workbook()
    sheet = far.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "a", "b"
    written = BytesIO()
    far.save(written)
    assert reason(written.getvalue()) == "heavy"
    cell = b'<row r="9"><c r="A9" t="inlineStr"><is><t>%s</t></is></c></row>'
    # It says what it unpacks to.
    assert reason(repacked(xlsx_of([["a"]]), sheet=cell % (b"A" * 210_000_000))) == "heavy"
    assert reason(repacked(xlsx_of([["a"]]), sheet=cell % (b"A" * 50_000_000))) == "text"


def test_entities_of_a_file_are_neither_followed_nor_multiplied():
    before = b'<!DOCTYPE x [<!ENTITY a "lots"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    cell = b'<row r="9"><c r="A9" t="inlineStr"><is><t>&a;&f;</t></is></c></row>'
    try:
        found = str(rows(repacked(xlsx_of([["a"]]), sheet=cell, before=before)))
    except SpreadsheetRefused:
        found = ""
    assert "lots" not in found
    assert "root" not in found


def test_as_many_rows_as_are_said_are_read():
    assert len(rows(b"a,b\n" * MOST_ROWS)) == MOST_ROWS
