"""What an error of the database tells: its SQLSTATE, and words only where nobody's text can be among them.

psycopg2 puts the values into the statement, so that PostgreSQL's message quotes the line in which something
is wrong (LINE 25: … '<an answer>') or the whole row (DETAIL: Failing row contains …). Whoever logs the error
would log an answer with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

# Connections, constraints, transactions, rights, resources, locks, the server's end and its files, what our
# triggers say, damaged data.
TOLD = ("08", "23", "40", "42501", "53", "55", "57", "58", "P0", "XX")


def tell_no_text(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Execute a statement; what it raises names no value of it. See Django's database instrumentation.

    Raises:
        DatabaseError: as it came, with the same cause, whose `diag` still has everything.
    """
    try:
        return execute(sql, params, many, context)
    except DatabaseError as error:
        cause: Any = error.__cause__
        if state := getattr(cause, "pgcode", None):
            # The first line of a message; the others quote.
            words = cause.diag.message_primary if state.startswith(TOLD) else "The database refused this"
            error.args = cause.args = (f"{words} [{state}]",)
        raise


def watch(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Have every statement of a new connection executed by `tell_no_text`."""
    if tell_no_text not in connection.execute_wrappers:
        # First, since whoever has statements watched for a while takes the last one away again: a connection
        # that is opened meanwhile would lose this one and keep theirs for ever.
        connection.execute_wrappers.insert(0, tell_no_text)
