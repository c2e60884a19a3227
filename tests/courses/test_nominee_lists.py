"""Which column says what, in the words that people use for it."""

from __future__ import annotations

import pytest

from aimcert.foundation.spreadsheet_files import SheetRead, read_pasted
from courses.forms.nominating_several import labels
from courses.nominee_lists import FIELDS, ListRefused, people_in
from tests.courses.lists_of_people import HEADINGS

ZOE = ["Zoë O’Neill", "zoe@people.example", "Social worker", "2.5", "Sam Smith", "sam@council.example"]


def sheet(*rows: list[str]) -> list[SheetRead]:
    return [SheetRead("", list(enumerate(rows, start=1)))]


def only(*rows: list[str]) -> dict[str, str]:
    (one,) = people_in(sheet(*rows), labels()).people
    return one.values


EXPECTED = dict(zip(FIELDS, ZOE, strict=True))


@pytest.mark.parametrize(
    "headings",
    [
        HEADINGS,
        tuple(labels().values()),
        ("FULL NAME", "E-mail", "Job Title", "Experience", "Supervisor", "Supervisor’s e-mail"),
        ("Participant", "email address", "post", "Yrs", "Line Manager Name", "Line Manager Email Address"),
        (
            "Staff name*",
            "Work email",
            "Role",
            "No. of years",
            "Name of line manager",
            "Email of line manager",
        ),
        ("name", " EMAIL ", "job_role", "years_experience", "manager_name", "manager_email"),
        ("Delegate", "Mail", "Position", "Years (in this field)", "Manager", "Manager's email"),
    ],
)
def test_headings_are_understood_in_the_words_that_people_use(headings):
    assert only(list(headings), ZOE) == EXPECTED


def test_columns_stand_in_any_order_and_beside_others():
    headings = ["Team", *reversed(HEADINGS), "", "Dietary needs"]
    read = people_in(sheet(headings, ["North", *reversed(ZOE), "x", "none"]), labels())
    assert read.people[0].values == EXPECTED
    assert read.unused == ["Team", "Dietary needs"]


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        (["First name", "Last name"], ["Zoë", "O’Neill"]),
        (["Surname", "Forename"], ["O’Neill", "Zoë"]),
        (["Name", "Surname"], ["Zoë", "O’Neill"]),
        (["Full name", "Surname"], ["Zoë O’Neill", "O’Neill"]),
        (["Full name", "First name", "Surname"], ["Zoë O’Neill", "Zoë", "O’Neill"]),
        (["First name", "Surname"], ["Zoë O’Neill", ""]),
    ],
)
def test_name_is_put_together_of_its_parts(headings, cells):
    assert only([*headings, *HEADINGS[1:]], [*cells, *ZOE[1:]]) == EXPECTED


def test_title_above_the_headings_is_found_past_and_their_repetition_too():
    read = people_in(
        sheet(["AIM3 in Leeds"], ["Please fill in:", "Name"], list(HEADINGS), ZOE, list(HEADINGS), ZOE[:2]),
        labels(),
    )
    assert [one.number for one in read.people] == [4, 6]
    assert read.people[1].values == EXPECTED | dict.fromkeys(FIELDS[2:], "")


def test_sheet_with_the_headings_is_the_one_that_is_read():
    sheets = [
        SheetRead("Read me", [(1, ["How to fill this in"])]),
        SheetRead("Staff", sheet(list(HEADINGS), ZOE)[0].rows),
    ]
    read = people_in(sheets, labels())
    assert (read.sheet, len(read.people)) == ("Staff", 1)


def test_rows_without_headings_are_taken_in_order_where_their_addresses_tell_it():
    read = people_in([read_pasted("\n".join(["\t".join(ZOE)] * 2))], labels())
    assert read.in_order
    assert [one.values for one in read.people] == [EXPECTED, EXPECTED]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [ZOE[:4]],
            "No headings were found. Write these into the first row: Their name; Their email address;",
        ),
        ([ZOE, [*ZOE[:5], "Sam"]], "No headings were found"),
        (
            [list(HEADINGS)[:4], ZOE[:4]],
            "no column for this: Their line manager’s name; Their line manager’s email",
        ),
        (
            [list(HEADINGS)[1:], ZOE[1:]],
            "no column for this: Their name. .* were understood: Email; Job role;",
        ),
        ([list(HEADINGS)], "nobody below the headings"),
        ([list(HEADINGS), [" ", "", " "]], "nobody below the headings"),
        ([list(HEADINGS), *[ZOE] * 2001], "2,001 people in this list, and at most 2,000"),
    ],
)
def test_list_that_names_nobody_says_what_to_do(rows, words):
    with pytest.raises(ListRefused, match=words):
        people_in(sheet(*rows), labels())


def test_second_column_of_one_kind_is_said_to_be_left_out():
    read = people_in(sheet([*HEADINGS, "Email (home)"], [*ZOE, "z@home.example"]), labels())
    assert read.people[0].values == EXPECTED
    assert read.unused == ["Email (home)"]
