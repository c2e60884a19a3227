"""No page takes more than twelve SQL statements, whoever opens it, those of the transaction apart."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.permissions.asking import ask, browser_of, path_of, undone
from tests.permissions.matrix import MATRIX
from tests.permissions.world import ROLES, World
from tests.statements import counted

pytestmark = pytest.mark.django_db

CEILING = 12
PAGES = [
    pytest.param(route, rule.get, rule.about, id=f"{route}{' about ' + rule.about if rule.about else ''}")
    for route, rules in MATRIX.items()
    for rule in rules
    if "." in rule.get
]


@pytest.mark.parametrize(("route", "row", "about"), PAGES)
def test_page_takes_few_statements_for_each_role(world: World, route: str, row: str, about: str) -> None:
    path = path_of(route, world, about)
    above = {}
    for role, expected in zip(ROLES, row, strict=True):
        if expected != ".":
            continue
        with undone():
            client = browser_of(world, role)
            with CaptureQueriesContext(connection) as captured:
                assert ask(client, "GET", path).status_code == 200
        if (number := len(counted(captured))) > CEILING:
            above[role] = number
    assert not above, f"{path} takes more than {CEILING} statements: {above}"
