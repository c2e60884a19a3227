"""Migration operations for what must never be false, whoever writes the SQL."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import migrations

# Whoever may make temporary tables could else put an empty one before the table that a guard asks.
OUR_TABLES = "SET search_path = public, pg_temp"


def append_only(*tables: str) -> migrations.RunPython:
    """Take UPDATE and DELETE on `tables` from the application's role (TRUNCATE it never had)."""

    def forwards(apps: Any, schema_editor: Any) -> None:
        role = schema_editor.quote_name(settings.DATABASE_APP_ROLE)
        for table in tables:
            schema_editor.execute(f"REVOKE UPDATE, DELETE ON {schema_editor.quote_name(table)} FROM {role}")

    return migrations.RunPython(forwards, migrations.RunPython.noop)


def read_only(*tables: str) -> migrations.RunPython:
    """Leave the application's role nothing but SELECT on `tables`, which the owner fills."""

    def forwards(apps: Any, schema_editor: Any) -> None:
        role = schema_editor.quote_name(settings.DATABASE_APP_ROLE)
        for table in tables:
            schema_editor.execute(
                f"REVOKE INSERT, UPDATE, DELETE ON {schema_editor.quote_name(table)} FROM {role}"
            )

    return migrations.RunPython(forwards, migrations.RunPython.noop)


def never_deleted(*tables: str) -> migrations.RunPython:
    """Take DELETE on `tables` from the application's role."""

    def forwards(apps: Any, schema_editor: Any) -> None:
        role = schema_editor.quote_name(settings.DATABASE_APP_ROLE)
        for table in tables:
            schema_editor.execute(f"REVOKE DELETE ON {schema_editor.quote_name(table)} FROM {role}")

    return migrations.RunPython(forwards, migrations.RunPython.noop)


def tied(table: str, columns: tuple[str, str], to: str, their_columns: tuple[str, str]) -> migrations.RunSQL:
    """A composite foreign key, so that two facts of a row agree with one row elsewhere.

    Args:
        table: the table that points.
        columns: its two columns; where the second is null, nothing is asked.
        to: the table pointed at.
        their_columns: its two columns, which a unique constraint covers.
    """
    name = f"{table}_{columns[0]}_tied_{columns[1]}"[:63]
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({', '.join(columns)}) "
        f"REFERENCES {to} ({', '.join(their_columns)}) DEFERRABLE INITIALLY IMMEDIATE",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def either(column: str) -> str:
    """SQL for a trigger: `column` before and after a change, so that nothing is moved in or out either."""
    return (
        f"(CASE WHEN TG_OP = 'INSERT' THEN NEW.{column} ELSE OLD.{column} END,"
        f" CASE WHEN TG_OP = 'DELETE' THEN OLD.{column} ELSE NEW.{column} END)"
    )


def refuse_where(found: str, says: str) -> str:
    """A trigger's body that refuses any change where the query `found` finds a row."""
    return f"""
    IF EXISTS ({found}) THEN
        RAISE EXCEPTION '{says}' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
    """


def guard(name: str, body: str, on: dict[str, str]) -> list[migrations.RunSQL]:
    """A plain trigger, which no role but the owner can switch off.

    Args:
        name: the trigger's and its function's name.
        body: PL/pgSQL between BEGIN and END; it returns the row or raises.
        on: table to events, such as {"courses_session": "UPDATE OR DELETE"}.
    """
    function = migrations.RunSQL(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {OUR_TABLES}"
        f" AS $guard$\nBEGIN\n{body}\nEND\n$guard$",
        f"DROP FUNCTION {name}()",
    )
    triggers = [
        migrations.RunSQL(
            f"CREATE TRIGGER {name} BEFORE {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
            f"DROP TRIGGER {name} ON {table}",
        )
        for table, events in on.items()
    ]
    return [function, *triggers]
