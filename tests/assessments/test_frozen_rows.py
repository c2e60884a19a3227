"""A frozen version, tried by raw SQL as the application's own role: nothing that belongs to it changes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, models, transaction

from assessments.case_studies import actions
from assessments.models import Criterion, Version
from tests import factories
from tests.assessments.case_studies import versions as make

pytestmark = pytest.mark.django_db

# What points at a version or a part of it, and is not of it: its use, and who may still look at it.
NOT_OF_IT = {
    "assessments_coursepin",
    "assessments_pinmove",
    "assessments_submission",
    "assessments_submissionevent",
    "assessments_answer",
    "assessments_acknowledgedsave",
    "assessments_keptanswer",
    "assessments_transcription",
    "assessments_transcribedanswer",
    "assessments_scan",
    "assessments_criterionmark",
    "assessments_keptmark",
    "assessments_markinglease",
    "assessments_proposedmark",
    "assessments_versionauthor",
}


def tables() -> dict[str, str]:
    """Every table that belongs to a version, with SQL that finds its rows of version %(version)s."""
    found = {Version._meta.db_table: "id = %(version)s"}
    waiting: list[type[models.Model]] = [Version]
    while waiting:
        parent = waiting.pop()
        inner = f"SELECT id FROM {parent._meta.db_table} WHERE {found[parent._meta.db_table]}"  # noqa: S608
        for table, column, model in [*_children(parent), *_many_to_many(parent)]:
            if table not in found and table not in NOT_OF_IT:
                found[table] = f"{column} IN ({inner})"
                waiting.append(model)
    return found


def _children(parent: type[models.Model]) -> Iterator[tuple[str, str, type[models.Model]]]:
    for relation in parent._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            model = relation.related_model
            if not model._meta.auto_created:
                yield model._meta.db_table, relation.field.column, model


def _many_to_many(parent: type[models.Model]) -> Iterator[tuple[str, str, type[models.Model]]]:
    for field in parent._meta.many_to_many:
        through = field.remote_field.through
        yield through._meta.db_table, field.m2m_column_name(), through


@pytest.fixture
def version() -> Version:
    """A frozen version with a row in every table that belongs to one."""
    admin = factories.admin()
    programme = factories.ProgrammeFactory.create()
    one, two = factories.associate(programme), factories.associate(programme)
    version = make.proposed(programme, admin)
    edition = programme.framework_editions.create(number=1, title="Framework", source="Here", notes=[])
    area = edition.areas.create(stage=1, strand="child", title="An area", position=1)
    criterion = Criterion.objects.filter(question__version=version).first()
    assert criterion is not None
    criterion.areas.add(area)
    make.change_section(version)
    version.refresh_from_db()
    actions.remind(version=version, by=admin)
    objection = actions.object_to(version=version, passage="head", reason="The title.", by=one)
    actions.reply_to_objection(objection=objection, text="It stays.", by=admin)
    actions.withdraw_objection(objection=objection, by=one)
    make.all_agree(version, one, two)
    return actions.freeze_version(version=version, by=admin)


def test_the_tables_are_those_that_a_version_is_known_to_have() -> None:
    assert set(tables()) == {
        "assessments_version",
        "assessments_section",
        "assessments_question",
        "assessments_criterion",
        "assessments_criterion_constructs",
        "assessments_criterion_areas",
        "assessments_wording",
        "assessments_agreement",
        "assessments_objection",
        "assessments_objectionreply",
        "assessments_agreementreminder",
    }


def columns_of(table: str) -> dict[str, str]:
    """The columns of `table` with their types."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"
            " AND table_schema = current_schema() ORDER BY ordinal_position",
            [table],
        )
        return dict(cursor.fetchall())


def count(table: str, found: str, version: Version) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {found}", {"version": version.pk})  # noqa: S608
        return int(cursor.fetchone()[0])


# What PostgreSQL says where a guard, or the lack of a privilege, refuses; anything else is chance.
GUARDED = {"23001", "42501"}

# Another value of a column, by its type.
ANOTHER = {
    "integer": "coalesce({0}, 0) + 1",
    "smallint": "coalesce({0}, 0) + 1",
    "bigint": "coalesce({0}, 0) + 1",
    "uuid": "gen_random_uuid()",
    "boolean": "NOT {0}",
    "jsonb": """'{{"another": 1}}'::jsonb""",
    "timestamp with time zone": "coalesce({0}, now()) + interval '1 day'",
    "text": "coalesce({0}, '') || 'x'",
    "character varying": "left('x' || coalesce({0}, ''), 20)",
}


def refused(statement: str, version: Version) -> bool:
    """Whether a guard refuses `statement`; one that another rule refuses would say nothing."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.replace("%(version)s", str(version.pk)))
    except DatabaseError as error:
        return getattr(error.__cause__, "pgcode", "") in GUARDED
    return False


def test_no_row_of_it_is_deleted(version: Version) -> None:
    for table, found in tables().items():
        rows = count(table, found, version)
        assert rows, f"{table} has no row to try"
        assert refused(f"DELETE FROM {table} WHERE {found}", version), table  # noqa: S608
        assert count(table, found, version) == rows, table


def test_no_column_of_it_is_written(version: Version) -> None:
    # It is retired when a newer one comes into force: these two alone are written then.
    spared = {("assessments_version", "retired_at"), ("assessments_version", "retired_by_id")}
    for table, found in tables().items():
        for column, kind in columns_of(table).items():
            if (table, column) not in spared:
                value = ANOTHER[kind].format(column)
                statement = f"UPDATE {table} SET {column} = {value} WHERE {found}"  # noqa: S608
                assert refused(statement, version), statement


def test_nothing_is_added_to_it_but_agreements(version: Version) -> None:
    parts = {
        "assessments_section": {"number": "99", "uuid": "gen_random_uuid()"},
        "assessments_question": {"number": "99", "uuid": "gen_random_uuid()"},
        "assessments_criterion": {"number": "99", "uuid": "gen_random_uuid()"},
        "assessments_objection": {"uuid": "gen_random_uuid()", "passage": "'other'"},
    }
    for table, changed in parts.items():
        names = [name for name in columns_of(table) if name != "id"]
        values = ", ".join(changed.get(name, name) for name in names)
        found = tables()[table]
        statement = (
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} WHERE {found} LIMIT 1"  # noqa: S608
        )
        assert refused(statement, version), table
    newcomer = factories.associate(version.case_study.programme, cleared=False)
    assert actions.agree(version=version, by=newcomer).associate == newcomer
