"""An error of the database names no value of the statement, wherever it is logged."""

from __future__ import annotations

import os
import secrets
import traceback
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

pytestmark = pytest.mark.django_db

WRONG = {
    "quotes the value": "SELECT %s::integer",
    "quotes the line": "SELECT CASE WHEN true THEN %s::text ELSE 1 END",
    "quotes the row": "INSERT INTO told (words, number) VALUES (%s, NULL)",
    "quotes the key": "INSERT INTO told (words, number) VALUES (%s, 1)",
}


@pytest.mark.parametrize("statement", WRONG.values(), ids=WRONG)
def test_error_names_no_value(statement: str, caplog: pytest.LogCaptureFixture) -> None:
    secret = secrets.token_hex(16)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE told (words text UNIQUE, number integer NOT NULL)")
        cursor.execute("INSERT INTO told VALUES (%s, 1)", [secret])
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            cursor.execute(statement, [secret])
    told = "".join(traceback.format_exception(caught.value))
    assert secret not in told + caplog.text
    assert f"[{caught.value.__cause__.pgcode}]" in str(caught.value)
    if "TEST_TEMPLATE" in os.environ:
        logs = list(Path(os.environ["TEST_RUN_DIR"]).rglob("*postgres*.log"))
        assert logs
        assert "INSERT INTO told" not in "".join(log.read_text(errors="replace") for log in logs)


def test_error_still_says_which_constraint_and_what_a_trigger_says() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE told (words text CONSTRAINT told_once UNIQUE)")
        cursor.execute("INSERT INTO told VALUES ('one')")
        with pytest.raises(DatabaseError, match="told_once") as caught, transaction.atomic():
            cursor.execute("INSERT INTO told VALUES ('one')")
        assert caught.value.__cause__.diag.constraint_name == "told_once"
        with pytest.raises(DatabaseError, match="as a trigger would"), transaction.atomic():
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'as a trigger would'; END $$")
