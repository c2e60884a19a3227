"""Statements that Django puts together once for each process, and sends with other values each time.

To make SQL of the facts of the one rule takes Django longer than it takes PostgreSQL to read them for a few
people: see docs/adr/0030-statements-put-together-once.md. A queryset is written as any other, with a
`Given("name")` in the place of what changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models import Expression, Func, QuerySet
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=models.Model, covariant=True)
Row = TypeVar("Row", covariant=True)


class Given(Expression):
    """In a queryset of `Compiled`: a value that is given each time.

    Args:
        name: by which it is given.
        output_field: of which type it is, where the queryset does not tell.
    """

    def __init__(self, name: str, output_field: models.Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=output_field or models.BigIntegerField())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Given]]:  # type: ignore[override]
        return "%s", (self,)

    def get_group_by_cols(self) -> list[Any]:
        return []


class GivenKeys(Func):
    """Of a queryset of `Compiled`: primary keys that are given each time, perhaps none, for `__in`."""

    template = "(SELECT unnest(%(expressions)s::bigint[]))"
    output_field = models.BigIntegerField()

    def __init__(self, name: str) -> None:
        super().__init__(Given(name))


class Compiled(Generic[M, Row]):
    """A queryset whose SQL is put together at its first use.

    Args:
        build: makes the queryset; nothing in it may depend on anything but what is `Given`.
    """

    def __init__(self, build: Callable[[], QuerySet[M, Row]]) -> None:
        self._build = build

    @cached_property
    def _ready(self) -> tuple[QuerySet[M, Row], SQLCompiler, str, Sequence[Any]]:
        rows = self._build()
        compiler = rows.query.get_compiler(connection=connection)
        return (rows, compiler, *compiler.as_sql())

    def rows(self, **given: Any) -> list[Row]:
        """What the queryset finds, each row as it would be read otherwise.

        Args:
            given: a value for each `Given`.

        Raises:
            KeyError: one is missing.
        """
        built, compiler, sql, params = self._ready
        compiler = copy(compiler)
        compiler.connection = connection
        values = tuple(given[one.name] if isinstance(one, Given) else one for one in params)
        # What follows is Django's own way from rows to objects, which asks the compiler for the SQL.
        compiler.as_sql = lambda *_args, **_options: (sql, values)  # type: ignore[method-assign]
        rows = built.all()
        rows.query.get_compiler = lambda *_args, **_options: compiler  # type: ignore[method-assign]
        return list(rows)
