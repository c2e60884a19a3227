"""Whatever a version says, its file says it too; whatever harms a file, nothing comes of it.

HYPOTHESIS_PROFILE=full tries 2,000 of each; a usual run 100.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from accounts.models import Person
from assessments.case_studies import actions
from assessments.case_studies.actions.contents import CheckedContent
from assessments.case_studies.canonical import (
    area_key,
    canonical_json,
    content_of,
    fingerprint_of,
    fingerprint_of_content,
)
from assessments.case_studies.exchange import file_of, read_file
from assessments.case_studies.exchange.files import written
from assessments.case_studies.kinds import KINDS, Kind, Shape
from assessments.case_studies.spelling import all_one_way, one_way
from assessments.models import Construct, FrameworkArea, Version
from tests import factories
from tests.assessments.case_studies import generated
from tests.permissions.asking import undone

pytestmark = pytest.mark.django_db

EXAMPLES = {"full": 2000}.get(os.environ.get("HYPOTHESIS_PROFILE", ""), 100)
SCHEMA = Draft202012Validator(json.loads(Path("docs/version.schema.json").read_text(encoding="utf-8")))
tried = settings(
    max_examples=EXAMPLES,
    deadline=None,
    # One world for all examples: each is taken back.
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
NUMBERED = re.compile(r"Line \d+(, column \d+)?: .+", re.DOTALL)


class World:
    """A programme with its framework and constructs, and what can be drawn for it."""

    def __init__(self) -> None:
        factories.ProgrammeFactory.create(code="aim3", name="AIM3")
        call_command("load_framework", verbosity=0)
        self.admin: Person = factories.admin()
        constructs = [
            {"code": row.code, "name": row.name, "illustrative": row.is_illustrative}
            for row in Construct.objects.all()
        ]
        areas = sorted({area_key(area) for area in FrameworkArea.objects.all()})
        self.versions = generated.versions(areas, constructs)
        self.rows = counted()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def counted() -> str:
    """How many rows each table of ours has."""
    tables = connection.introspection.django_table_names(only_existing=True)
    parts = [f"SELECT '{table}', count(*) FROM {table}" for table in sorted(tables)]  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return str(sorted(cursor.fetchall()))


def imported(file: bytes, admin: Person) -> tuple[list[str], Version | None]:
    """What is wrong with a file, or the draft that came of it."""
    try:
        return [], actions.import_file(data=file, by=admin).version
    except actions.ContentNotUsable as refused:
        return refused.problems, None


def in_a_file(content: dict[str, Any], constructs: list[dict[str, Any]], number: int = 1) -> bytes:
    return written(content, constructs, number=number, fingerprint=fingerprint_of_content(content, number))


def test_every_kind_of_question_is_generated() -> None:
    assert generated.SETTINGS.keys() == KINDS.keys()


@pytest.mark.whole_run
@tried
@given(data=st.data())
def test_a_version_goes_through_its_file_unchanged(world: World, data: st.DataObject) -> None:
    content, constructs = data.draw(world.versions)
    file = in_a_file(content, constructs)
    assert not [*SCHEMA.iter_errors(json.loads(file))]
    with undone():
        first = actions.import_file(data=file, by=world.admin).version
        exported = file_of(first)
        assert exported == file
        assert fingerprint_of(first) == fingerprint_of_content(content, 1)
        # Again, into another state of the programme, where it has another number.
        Version.objects.update(withdrawn_at=timezone.now(), withdrawn_by=world.admin)
        again = actions.import_file(data=exported, by=world.admin).version
        assert again.number == 2
        assert file_of(again) == in_a_file(content, constructs, 2)


@pytest.mark.whole_run
@tried
@given(data=st.data())
def test_a_damaged_file_is_refused_by_place_or_says_the_same(world: World, data: st.DataObject) -> None:
    content, constructs = data.draw(world.versions)
    harmed = data.draw(generated.damaged(in_a_file(content, constructs)))
    with undone():
        problems, made = imported(harmed, world.admin)
        event("refused" if problems else "says the same")
        if made is None:
            assert problems
            assert not [problem for problem in problems if not NUMBERED.fullmatch(problem)]
            assert "\n".join(problems).encode()
            assert counted() == world.rows
        else:
            assert content_of(made) == content
            assert not [*SCHEMA.iter_errors(json.loads(harmed))]
            used = Construct.objects.filter(code__in=[row["code"] for row in constructs])
            assert {row.code: (row.name, row.is_illustrative) for row in used} == {
                row["code"]: (row["name"], row["illustrative"]) for row in constructs
            }


@pytest.mark.whole_run
@tried
@given(data=st.data())
def test_what_the_schema_refuses_is_refused(world: World, data: st.DataObject) -> None:
    """Without a checksum, so that the content alone decides."""
    content, constructs = data.draw(world.versions)
    file = json.loads(data.draw(generated.harmed_values(in_a_file(content, constructs))))
    body = {key: value for key, value in file.items() if key not in ("number", "fingerprint", "checksum")}
    read = read_file(json.dumps(body).encode())
    checked = CheckedContent(read.content)
    is_usable = not (read.faults or read.broken or checked.faults)
    event("usable" if is_usable else "refused")
    if is_usable:
        assert not [*SCHEMA.iter_errors(json.loads(in_a_file(checked.content, body.get("constructs") or [])))]
        assert not [*SCHEMA.iter_errors(body)]


@tried
@given(text=st.one_of(generated.RAW, st.text()))
def test_a_text_written_in_one_way_stays_so(text: str) -> None:
    assert one_way(one_way(text)) == one_way(text)
    assert all_one_way([{"x": [text]}]) == [{"x": [one_way(text)]}]


# --- Kinds ----------------------------------------------------------------------------------------

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=8,
)
SAFE = re.compile(r"[a-z0-9.-]+")


@pytest.mark.whole_run
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
@tried
@given(data=st.data())
def test_names_are_unique_and_an_answer_can_be_read_back(kind: Kind, data: st.DataObject) -> None:
    drawn = data.draw(generated.SETTINGS[kind.code])
    assert kind.problems_of(drawn) == []
    fields = kind.fields(drawn)
    assert len({field.name for field in fields}) == len(fields)
    assert len({group.key for group in kind.groups(drawn)}) == len(kind.groups(drawn))
    values = {}
    for field in fields:
        assert SAFE.fullmatch(field.name)
        offered = [option.value for option in field.options]
        assert len(set(offered)) == len(offered)
        assert not any(set(value) & set(" \t\n") for value in offered)
        if field.is_text:
            values[field.name] = data.draw(st.one_of(st.just(""), generated.TEXT))
        elif field.shape is Shape.ONE:
            values[field.name] = data.draw(st.sampled_from(["", *offered]))
        else:
            chosen = data.draw(st.sets(st.sampled_from(offered)))
            values[field.name] = " ".join(value for value in offered if value in chosen)
    text = kind.text_of(values, drawn)
    assert kind.values_of(text) == {name: value for name, value in values.items() if value.strip()}
    assert kind.text_of(kind.values_of(text), drawn) == text


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
@tried
@given(data=st.data())
def test_settings_of_any_shape_are_judged_and_never_fall_over(kind: Kind, data: st.DataObject) -> None:
    drawn = data.draw(JSON)
    if data.draw(st.booleans()):
        drawn = data.draw(generated.SETTINGS[kind.code])
        ways = [*generated.places(drawn)][1:]
        if ways:
            place = data.draw(st.sampled_from(ways))
            holder: Any = drawn
            for step in place[:-1]:
                holder = holder[step]
            holder[place[-1]] = data.draw(st.one_of(JSON, st.sampled_from(generated.BAD_VALUES)))
    if not kind.problems_of(drawn):
        assert all(SAFE.fullmatch(field.name) for field in kind.fields(drawn))
        assert all_one_way(drawn) == drawn
        assert json.loads(canonical_json(drawn)) == drawn
