"""What executes the statements of a connection is in order, wherever the connection was opened."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from aimcert.foundation.database_errors import tell_no_text

pytestmark = pytest.mark.django_db


def other(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    return execute(sql, params, many, context)


def test_connection_opened_while_another_watches_keeps_what_is_its_own_alone() -> None:
    # As in a worker whose first request is a POST that reads no session: its history is written by the other.
    new = connection.copy()
    new.execute_wrappers = []
    with new.execute_wrapper(other):
        new.ensure_connection()
    try:
        assert new.execute_wrappers == [tell_no_text]
    finally:
        new.close()
