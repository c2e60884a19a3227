"""Where a text stands: every column of every table, whatever its type, read as the owner."""

from __future__ import annotations

from django.db import connection


def where_it_stands(text: str) -> set[str]:
    """The tables of the database of which some row holds `text`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND n.nspname = 'public' ORDER BY c.relname"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = "SELECT '{0}' WHERE EXISTS (SELECT 1 FROM \"{0}\" t WHERE position(%(text)s IN t::text) > 0)"
        parts = [found.format(table) for table in tables]
        cursor.execute(" UNION ALL ".join(parts), {"text": text})
        return {name for (name,) in cursor.fetchall()}
