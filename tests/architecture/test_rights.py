"""What the application's role may do in the database is what rights.txt beside this says, and no more."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

WRITTEN = Path(__file__).with_name("rights.txt")
# Of which each one has the same rights as most of its kind, or is named.
MANY = ("sequence", "function")

# Thing and right, one row for each right that the role has: by itself, or because everybody has it.
RIGHTS = """
WITH role AS (SELECT oid, rolname FROM pg_roles WHERE rolname = %(role)s),
     ours AS (
        SELECT oid, nspname FROM pg_namespace
         WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
           AND nspname !~ '^pg_(toast_)?temp_'
     )
SELECT 'role', word FROM pg_roles JOIN role USING (oid), unnest(
    ARRAY[rolsuper, rolcreatedb, rolcreaterole, pg_roles.rolreplication, rolbypassrls],
    ARRAY['SUPERUSER', 'CREATEDB', 'CREATEROLE', 'REPLICATION', 'BYPASSRLS']) AS may(yes, word) WHERE yes
UNION ALL
SELECT 'member of', roleid::regrole::text FROM pg_auth_members JOIN role ON member = role.oid
UNION ALL
SELECT 'owner of', pg_describe_object(classid, objid, objsubid)
  FROM pg_shdepend JOIN role ON refobjid = role.oid WHERE deptype = 'o'
UNION ALL
SELECT 'database', r FROM role, unnest(ARRAY['CONNECT', 'CREATE', 'TEMPORARY']) r
 WHERE has_database_privilege(rolname, current_database(), r)
UNION ALL
SELECT 'schema ' || nspname, r FROM role, ours, unnest(ARRAY['USAGE', 'CREATE']) r
 WHERE has_schema_privilege(rolname, ours.oid, r)
UNION ALL
SELECT 'new ' || CASE defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences'
    ELSE defaclobjtype::text END, privilege_type
  FROM pg_default_acl, aclexplode(defaclacl), role WHERE grantee IN (0, role.oid)
UNION ALL
SELECT 'sequence ' || relname, r FROM role, pg_class JOIN ours ON ours.oid = relnamespace,
    unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) r
 WHERE relkind = 'S' AND has_sequence_privilege(rolname, pg_class.oid, r)
UNION ALL
SELECT 'function ' || proname, CASE WHEN prosecdef THEN 'EXECUTE-AS-ITS-OWNER' ELSE 'EXECUTE' END
  FROM role, pg_proc JOIN ours ON ours.oid = pronamespace
 WHERE has_function_privilege(rolname, pg_proc.oid, 'EXECUTE')
UNION ALL
SELECT format('column %%s.%%s', relname, attname), privilege_type
  FROM role, pg_attribute JOIN pg_class ON pg_class.oid = attrelid JOIN ours ON ours.oid = relnamespace,
    aclexplode(attacl) WHERE grantee IN (0, role.oid)
UNION ALL
SELECT relname, r FROM role, pg_class JOIN ours ON ours.oid = relnamespace,
    unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) r
 WHERE relkind IN ('r', 'v', 'm', 'p', 'f') AND has_table_privilege(rolname, pg_class.oid, r)
"""


def rights() -> dict[str, set[str]]:
    """What the application's role may do here, by thing."""
    found: dict[str, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS, {"role": settings.DATABASE_APP_ROLE})
        for thing, right in cursor.fetchall():
            found[thing].add(right)
    for kind in MANY:
        same = [thing for thing in found if thing.startswith(f"{kind} ")]
        rights_of_each = Counter(frozenset(found[thing]) for thing in same)
        most, _times = rights_of_each.most_common(1)[0]
        found[f"every {kind}"] = set(most)
        for thing in same:
            if found[thing] == most:
                del found[thing]
    return found


def written() -> dict[str, set[str]]:
    lines = [line.split(":") for line in WRITTEN.read_text().splitlines() if line and line[0] != "#"]
    assert len({thing for thing, _ in lines}) == len(lines), "rights.txt says something twice"
    return {thing: set(words.split()) for thing, words in lines}


@pytest.mark.django_db
def test_application_may_do_what_is_written_and_nothing_else() -> None:
    has, may = rights(), written()
    assert {thing: has[thing] for thing in has if has[thing] != may.get(thing)} == {
        thing: may[thing] for thing in may if may[thing] != has.get(thing)
    }, "what it has differs from what is written in rights.txt"
