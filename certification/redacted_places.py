"""Migration operations that say which texts about a person redaction reaches, once there is a new one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db import migrations

# A table, its columns that hold text, and whose a row is: SQL over `t`, with the enrolment as $2.
Text = tuple[str, Sequence[str], str]

CREATE = """
CREATE OR REPLACE FUNCTION certification_redacted_places() RETURNS TABLE (t text, c text, whose text)
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $places$
    VALUES {}
$places$
"""
# A guard before UPDATE without a condition of its own; the history's triggers are none.
GUARDS = """
SELECT t.tgname, c.relname, pg_get_triggerdef(t.oid) FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND n.nspname = 'public' AND c.relname = ANY (%s)
AND t.tgtype & 18 = 18 AND t.tgqual IS NULL AND t.tgname NOT LIKE 'pgtrigger%%'
"""


def redaction_reaches(*texts: Text) -> migrations.RunPython:
    """Have redaction reach these too, and let it pass their guards. Put it after the guards of their tables.

    Args:
        texts: new tables, or new columns of one that is reached already.
    """

    def forwards(apps: Any, schema_editor: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT t, c, whose FROM certification_redacted_places()")
            places = [
                *cursor.fetchall(),
                *((t, column, whose) for t, columns, whose in texts for column in columns),
            ]
            write_places(cursor, places)
            let_pass(cursor, [table for table, _columns, _whose in texts])

    return migrations.RunPython(forwards, migrations.RunPython.noop)


def write_places(cursor: Any, places: Sequence[tuple[str, str, str]]) -> None:
    """Write down all that redaction reaches: a table, one of its columns, whose a row is."""
    rows = ",\n".join("({})".format(", ".join(f"'{part}'" for part in place)) for place in places)
    cursor.execute(CREATE.format(rows.replace("%", "%%")))


def let_pass(cursor: Any, tables: Sequence[str]) -> None:
    """Have the guards of `tables` not ask where redaction changes a row; every other change they ask."""
    cursor.execute(GUARDS, [list(tables)])
    for name, table, definition in cursor.fetchall():
        conditional = re.sub(
            r" EXECUTE FUNCTION ", " WHEN (NOT certification_redacting()) EXECUTE FUNCTION ", definition
        )
        cursor.execute(f'DROP TRIGGER "{name}" ON "{table}"')
        cursor.execute(conditional)
