"""The SQL statements that something takes, without those of the transaction around them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK")
# History puts who acts before a statement, on the same way to the server.
WHO_ACTS = re.compile(r"^SELECT set_config\(.*?\), set_config\(.*?\); ")


def counted(captured: CaptureQueriesContext) -> list[str]:
    """The statements of `captured` that count, as they were sent."""
    said = [WHO_ACTS.sub("", each["sql"]) for each in captured]
    return [each for each in said if not each.startswith(NOT_COUNTED)]


def statements(act: Callable[[], Any]) -> list[str]:
    """The statements that `act` takes."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return counted(captured)
