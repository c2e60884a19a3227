"""Every route, method and role has one exact answer; what was refused changed nothing.

And no page takes more than twelve SQL statements, whoever opens it, those of the transaction apart and
one that notes that a session is in use.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aimcert.foundation.models import SentForm
from tests.permissions.asking import ask, path_of, routes, rows_written, sign, state_of_everything, undone
from tests.permissions.matrix import MATRIX, Rule
from tests.permissions.world import ROLES, World
from tests.statements import counted

pytestmark = pytest.mark.django_db

REFUSED = set("Lx-mbe")
# Twelve, and the one that notes once a minute that a session is in use.
MOST_STATEMENTS = 13
# Where the keys of forms are kept that are done once.
SPENT = SentForm._meta.db_table


def test_every_route_is_classified() -> None:
    known, there = set(MATRIX), set(routes())
    assert not there - known, "classify these routes in tests/permissions/matrix.py"
    assert not known - there, "these routes are gone"


CASES = [
    pytest.param(
        route,
        method,
        row,
        rule,
        id=" ".join([method, route, *(["about", rule.about] if rule.about else []), *rule.sends]),
    )
    for route, rules in MATRIX.items()
    for rule in rules
    for method, row in (("GET", rule.get), ("POST", rule.post))
]


@pytest.mark.parametrize(("route", "method", "row", "rule"), CASES)
def test_route_answers_each_role_as_classified(
    world: World, browsers: dict[str, Client], route: str, method: str, row: str, rule: Rule
) -> None:
    assert len(row) == len(ROLES), "one sign for each role"
    path = path_of(route, world, rule.about)
    answered = ""
    changed, above, without_key = [], {}, {}
    for role, expected in zip(ROLES, row, strict=True):
        refused, then = method == "POST" and expected in REFUSED, ""
        # What each asks for is taken back before the next one asks.
        with undone():
            written = rows_written() if refused else 0
            with CaptureQueriesContext(connection) as captured:
                answered += sign(ask(browsers[role], method, path, rule.sends))
            if refused and rows_written() != written:
                then = state_of_everything()
        if then and then != state_of_everything():
            changed.append(role)
        if expected in "x-" and any(SPENT in query["sql"] for query in captured):
            # The form's own key was looked at: it matters to nobody who may not send the form.
            with undone():
                again = sign(ask(browsers[role], method, path, rule.sends | {"idempotency_key": ""}))
            if again != expected:
                without_key[role] = again
        if method == "GET" and expected == "." and len(counted(captured)) > MOST_STATEMENTS:
            above[role] = len(counted(captured))
    told = {role: (want, got) for role, want, got in zip(ROLES, row, answered, strict=True) if want != got}
    assert answered == row, f"{path}: (expected, answered) {told}"
    assert not without_key, f"{path}: without the form's key (answered) {without_key}"
    assert not changed, f"refused, and changed something: {changed}"
    assert not above, f"{path} takes more than {MOST_STATEMENTS} statements: {above}"
