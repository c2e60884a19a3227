"""What people wrote stays text in a spreadsheet; dates and numbers keep their kind."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from aimcert.foundation.spreadsheets import (
    CUT_MARK,
    LONGEST_TEXT,
    Cell,
    Column,
    Sheet,
    write_xlsx,
)


def written(*cells: Cell) -> list[Any]:
    """The cells of the first row below the heading, as another program reads them."""
    content = write_xlsx([Sheet("Results", [Column("A")] * len(cells), [cells])])
    return next(iter(load_workbook(BytesIO(content)).worksheets[0].iter_rows(min_row=2)))


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://evil.example","click")',
        "=1+1",
        "{=SUM(A1)}",
        "+1",
        "-1",
        "@x",
        "\t=1+1",
        "\n=1+1",
        " =1+1",
        "007",
        "1e5",
        "http://evil.example/",
        "mailto:a@evil.example",
        "internal:Sheet2!A1",
        "Zoë O’Neill & <Sons>",
        "ليلى الحسن",
    ],
)
def test_text_stays_the_same_text(text: str) -> None:
    (cell,) = written(text)
    assert cell.data_type in ("s", "inlineStr")
    assert cell.value == text
    assert cell.hyperlink is None


def test_text_led_by_a_carriage_return_stays_text_on_a_new_line() -> None:
    (cell,) = written("\r=1+1\r\nnext")
    assert (cell.data_type, cell.value) == ("s", "\n=1+1\nnext")


def test_dates_numbers_and_nothing_keep_their_kind() -> None:
    day, moment, number, share, yes, nothing, empty = written(
        date(2026, 11, 22),
        datetime(2026, 7, 1, 9, 30, tzinfo=UTC),
        12,
        0.5,
        True,
        None,
        "",
    )
    assert (day.is_date, day.value) == (True, datetime(2026, 11, 22))
    # In the current time zone, London's, which is an hour ahead in July.
    assert (moment.is_date, moment.value) == (True, datetime(2026, 7, 1, 10, 30))
    assert (number.value, share.value, yes.value) == (12, 0.5, True)
    assert (nothing.value, empty.value) == (None, None)


def test_control_characters_that_xml_refuses_are_left_out() -> None:
    (cell,) = written("a\x00b\x0bc\x1fd\ufffe\uffff\ud800e\nf")
    assert cell.value == "abcde\nf"


@pytest.mark.parametrize("char", ["x", "é", "😀"])
def test_too_long_a_text_is_cut_and_says_so(char: str) -> None:
    (cell,) = written(char * 40_000)
    assert cell.value.endswith(CUT_MARK)
    assert cell.value.removesuffix(CUT_MARK) == char * len(cell.value.removesuffix(CUT_MARK))
    assert LONGEST_TEXT - 1 <= len(cell.value.encode("utf-16-le")) // 2 <= LONGEST_TEXT


def test_longest_text_is_whole() -> None:
    (cell,) = written("x" * LONGEST_TEXT)
    assert cell.value == "x" * LONGEST_TEXT


def test_sheet_has_its_name_headings_widths_and_frozen_row() -> None:
    content = write_xlsx(
        [
            Sheet(
                "Results: AIM3 / Leeds [a very long name of a course]",
                [Column("Name", 30), Column("=A1")],
                [],
            ),
            Sheet("Steps", [Column("Done on")], [[date(2026, 11, 22)]]),
        ],
        title="Follow-up",
    )
    book = load_workbook(BytesIO(content))
    results, steps = book.worksheets
    assert (results.title, steps.title) == ("Results  AIM3   Leeds  a very l", "Steps")
    assert [cell.value for cell in results[1]] == ["Name", "=A1"]
    assert results["B1"].data_type in ("s", "inlineStr")
    assert results.freeze_panes == "A2"
    assert 30 <= results.column_dimensions["A"].width <= 31
    assert book.properties.title == "Follow-up"


def test_thousands_of_rows_take_little_memory() -> None:
    rows = ([f"Person {number}", "x" * 200, date(2026, 11, 22)] for number in range(5_000))
    tracemalloc.start()
    try:
        content = write_xlsx([Sheet("Results", [Column("Name"), Column("Told"), Column("On")], rows)])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert load_workbook(BytesIO(content), read_only=True).worksheets[0].max_row == 5_001
    assert peak < 5_000_000
