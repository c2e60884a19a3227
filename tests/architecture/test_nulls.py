"""A null beyond a join is also true of who has no such row: every filter on one says which row it means."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from tests.architecture.test_habits import APPS, ROOT, SOURCES, where

END = "__isnull"
ORDER = ["aimcert", *APPS]
# Where the row that may be missing is meant: its path, and why nobody too many is found.
MEANT = {
    "assessments/answering/waiting.py": {
        "sitting__closed_at": "a room that was never opened is not closed",
        "sitting__closes_at": "a room that was never opened has no end",
    },
    "assessments/answering/actions/submissions.py": {
        "recommendations__submission": "asked of a finalised recommendation, in the same join"
    },
    "assessments/marking/rules.py": {
        "submission__settlement": "asked of what is marked a second time: it waits where nothing is settled"
    },
    "courses/models/making_up.py": {
        **dict.fromkeys(
            [
                "enrolment__outcome_finalised_at",
                "enrolment__withdrawn_at",
                "enrolment__frozen_at",
                "enrolment__course__cancelled_at",
            ],
            "asked of requests, each of which is about an enrolment",
        )
    },
    "courses/views/registering.py": {
        "register_entries__enrolment__withdrawn_at": "counts entries: where there is none, it counts none"
    },
    "certification/over_time/facts.py": {
        "enrolment__withdrawn_at": "asked of nominations that became an enrolment, in the same condition"
    },
    "accounts/views/organisations.py": {
        "memberships__ended_at": "counts memberships: where there is none, it counts none"
    },
    "accounts/relationships.py": {
        "memberships__ended_at": "the condition of the join itself, not of what was joined"
    },
}


def may_be_missing(model: type[Model], path: list[str]) -> list[str]:
    """The parts of `path`, from `model`, beyond which there may be no row; empty where it is not its path."""
    found, at = [], model
    for number, name in enumerate(path):
        try:
            field: Any = at._meta.get_field(name)
        except FieldDoesNotExist:
            return []
        if number == len(path) - 1:
            return found
        if field.related_model is None:
            return []
        if field.auto_created or field.null:
            found.append("__".join(path[: number + 1]))
        at = field.related_model
    return []


def nulls(source: Path) -> Iterator[tuple[int, str]]:
    """Each `a__b__isnull=True` whose `a` may be missing, unless the same condition names that `a` too."""
    # Of its own app and those below: what stands above, it never asks.
    reached = [*ORDER[: ORDER.index(source.relative_to(ROOT).parts[0]) + 1]]
    models = [model for model in apps.get_models() if model.__module__.split(".")[0] in reached]
    for call in ast.walk(ast.parse(source.read_text())):
        if not isinstance(call, ast.Call):
            continue
        said = {word.arg: word.value for word in call.keywords if word.arg}
        for name, value in said.items():
            path = name.removesuffix(END).split("__")
            asks_null = name.endswith(END) and isinstance(value, ast.Constant) and value.value is True
            if not asks_null or len(path) < 2:
                continue
            of = [model for model in models if all(_begins(model, other) for other in said)]
            optional = [found for model in of if (found := may_be_missing(model, path))]
            # What else the condition says of the same row: that it is there, or what it holds.
            held = {other for other in said if not other.endswith(END)}
            held |= {other for other in said if other.endswith(END) and said[other].value is False}
            if any(not _named(parts[-1], held) for parts in optional):
                yield call.lineno, "__".join(path)


def _begins(model: type[Model], name: str) -> bool:
    """Whether `name` can be asked of `model`: what it was annotated with tells its model no more."""
    first = name.split("__")[0]
    known = {field.name for field in model._meta.get_fields()} | {"pk"}
    return first in known or first not in _all_fields()


@cache
def _all_fields() -> frozenset[str]:
    return frozenset(field.name for model in apps.get_models() for field in model._meta.get_fields())


def _named(relation: str, held: set[str]) -> bool:
    return any(name == relation or name.startswith(f"{relation}__") for name in held)


def test_null_beyond_a_join_says_which_row_it_is_of() -> None:
    """`filter(staff_appointments__ended_at__isnull=True)` finds everybody who never was on the staff."""
    found = {where(path): {name for _line, name in nulls(path)} for path in SOURCES}
    assert {path: names for path, names in found.items() if names} == {
        path: set(names) for path, names in MEANT.items()
    }
