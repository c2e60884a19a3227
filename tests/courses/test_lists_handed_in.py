"""A list of people that somebody hands in: what cannot be read of it, and what reading it takes."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from courses.views.nominating_several import READINGS
from tests import factories as make
from tests.bad_input.pages import read
from tests.courses.factories import NOON, coming
from tests.courses.lists_of_people import carried, given, page_of, people, uploaded
from tests.courses.pages import key, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


@pytest.mark.parametrize(
    "rows", ["", "x", "[]", "null", '["",[],"",false,[]]', '["",[],"",false,[[1,0,"a"]]]', "[" * 9999]
)
def test_list_that_did_not_arrive_whole_is_refused_in_words(rows):
    course = coming()
    client = signed_in(make.commissioner(course.organisation))
    refused = client.post(page_of(course), key() | {"rows": rows, "act": "nominate"})
    assert refused.status_code == 400
    assert "arrived incomplete" in text(refused)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choose a file, or paste rows."),
        (uploaded(b"%PDF-1.7"), "This is no spreadsheet that can be read here"),
        (uploaded(b"", "empty.csv"), "There is nothing in this file."),
        (
            uploaded(b"Name;Email\nZo\xeb;zoe@people.example", "p.csv"),
            "There is no column for this: Their job role",
        ),
        ({"text": "Zoë\tzoe@people.example"}, "No headings were found."),
        ({"text": "Name\tEmail", **uploaded(b"x")}, "Choose a file or paste rows, not both."),
    ],
)
def test_what_is_no_list_says_what_to_do(sent, words):
    course = coming()
    client = signed_in(make.commissioner(course.organisation))
    refused = client.post(page_of(course), sent)
    assert refused.status_code == 422
    assert words in read(refused).summary[0][1]
    assert "<title>Error: Nominate several people" in text(refused)
    if "text" in sent:
        assert read(refused).values["text"] == [sent["text"]]


def test_many_files_within_minutes_are_put_off():
    course = coming()
    client = signed_in(make.commissioner(course.organisation))
    for _ in range(READINGS.at_once):
        assert client.post(page_of(course), {"text": "x"}).status_code == 422
    assert client.post(page_of(course), {"text": "x"}).status_code == 429
    assert signed_in(make.admin()).post(page_of(course), {"text": "x"}).status_code == 422


def test_hidden_signs_in_a_cell_are_said_beside_it():
    course = coming()
    client = signed_in(make.commissioner(course.organisation))
    listed = people(2)
    listed[0] |= {"name": "Zoë\x07", "email": "zoe\u202e@people.example", "job_role": "x" * 10_000}
    preview = given(client, course, listed)
    words = [said for _where, said in read(preview).summary]
    assert ["hidden character" in said for said in words] == [True, True, False]
    assert "Row 2: Shorten this to 150 characters: it has 10000." in words
    assert read(preview).values["row-2-name"] == ["Zoë�"]


def test_example_is_a_spreadsheet_that_is_read_once_it_is_filled_in():
    course = coming()
    client = signed_in(make.commissioner(course.organisation))
    example = client.get(reverse("courses:nominees_example", args=[course.uuid]))
    assert example["Content-Disposition"] == 'attachment; filename="people-to-nominate.xlsx"'
    empty = client.post(page_of(course), uploaded(example.content))
    assert "There is nobody below the headings." in text(empty)
    book = load_workbook(BytesIO(example.content))
    for one in people(2):
        book.worksheets[0].append(list(one.values()))
    written = BytesIO()
    book.save(written)
    preview = client.post(page_of(course), uploaded(written.getvalue()))
    assert "2 are ready." in text(preview)


@pytest.mark.parametrize("step", ["read", "checked"])
def test_page_takes_the_same_statements_for_any_number_of_people(step):
    course = coming(capacity=300)
    by = make.commissioner(course.organisation)
    for _ in range(3):
        make.nomination(course)
    found = []
    for number in (1, 3, 300):
        listed = people(number)
        if number > 1:
            listed[1]["email"] = "x"
        client = signed_in(by)
        preview = given(client, course, listed)
        sent = carried(preview) | {"act": "check"}
        with CaptureQueriesContext(connection) as captured:
            if step == "read":
                given(client, course, listed)
            else:
                client.post(page_of(course), sent)
        found.append(len([one for one in captured.captured_queries if one["sql"] not in ("BEGIN", "COMMIT")]))
    assert found[0] == found[1] == found[2]
