"""Every route, method and role has one exact answer, and what was refused changed nothing."""

from __future__ import annotations

import pytest

from tests.permissions.asking import ask, browser_of, path_of, routes, sign, state_of_everything, undone
from tests.permissions.matrix import MATRIX, Rule
from tests.permissions.world import ROLES, World

pytestmark = pytest.mark.django_db

REFUSED = set("Lx-mb")


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
    world: World, route: str, method: str, row: str, rule: Rule
) -> None:
    assert len(row) == len(ROLES), "one sign for each role"
    path = path_of(route, world, rule.about)
    answered = ""
    changed = []
    for role, expected in zip(ROLES, row, strict=True):
        with undone():
            client = browser_of(world, role)
            before = state_of_everything() if method == "POST" and expected in REFUSED else ""
            answered += sign(ask(client, method, path, rule.sends))
            if before and state_of_everything() != before:
                changed.append(role)
    told = {role: (want, got) for role, want, got in zip(ROLES, row, answered, strict=True) if want != got}
    assert answered == row, f"{path}: (expected, answered) {told}"
    assert not changed, f"refused, and changed something: {changed}"
