"""No permission check can be removed unnoticed: each decides some cell of the matrix by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest
from typing import Any

import pytest
import rules
from django.test import Client
from rules.permissions import permissions

from accounts.permissions import Accounts
from assessments.permissions import Assessments
from certification.permissions import Certification
from courses.permissions import Courses
from safeguarding.permissions import Safeguarding
from tests.permissions.asking import ask, path_of, sign, undone
from tests.permissions.matrix import MATRIX
from tests.permissions.world import ROLES, World

pytestmark = pytest.mark.django_db

# Whoever may not is a stranger, and gets a 404 from `visible_to` before a rule is asked: the rule repeats
# it, as a second lock.
SAID_BY_VISIBLE_TO = {
    "courses.view",
    "accounts.view_organisation",
    "certification.view_certificate",
    "assessments.read_model_answers",
}


def forbidden() -> Iterator[tuple[str, str, str, str, dict[str, str]]]:
    """Every cell of the matrix that is a 403: its role, method, route and what it is asked about and with.

    The last of every row, then the one before it, and so on: most of a row are refused by one permission.
    """
    rows = [
        [
            (role, method, route, rule.about, rule.sends)
            for role, answer in reversed(list(zip(ROLES, row, strict=True)))
            if answer == "x"
        ]
        for route, rules in MATRIX.items()
        for rule in rules
        for method, row in (("GET", rule.get), ("POST", rule.post))
    ]
    for cells in zip_longest(*rows):
        yield from filter(None, cells)


@contextmanager
def recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the permissions that were asked for and not given, in their order."""
    denied: list[str] = []
    has_perm = rules.has_perm

    def asked(name: str, *args: Any) -> bool:
        if not (given := has_perm(name, *args)):
            denied.append(str(name))
        return given

    with monkeypatch.context() as patched:
        patched.setattr(rules, "has_perm", asked)
        yield denied


@contextmanager
def allowed_to_all(name: str) -> Iterator[None]:
    """The permission `name` without its rule."""
    rule = permissions[name]
    rules.set_perm(name, rules.always_allow)
    try:
        yield
    finally:
        rules.set_perm(name, rule)


def test_every_permission_is_one_that_an_app_names(world: World) -> None:
    named = {str(one) for app in (Accounts, Courses, Assessments, Certification, Safeguarding) for one in app}
    assert {str(name) for name in permissions} == named


def test_each_permission_decides_a_cell_of_the_matrix_by_itself(
    world: World, browsers: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    unnoticed = {str(name) for name in permissions} - SAID_BY_VISIBLE_TO
    for role, method, route, about, sends in forbidden():
        if not unnoticed:
            break
        path = path_of(route, world, about)
        with undone(), recorded(monkeypatch) as denied:
            ask(browsers[role], method, path, sends)
        # The last one that was not given is the one that refused.
        for name in denied[-1:]:
            if name in unnoticed:
                with undone(), allowed_to_all(name):
                    if sign(ask(browsers[role], method, path, sends)) != "x":
                        unnoticed.remove(name)
    assert not unnoticed, "the matrix would not notice if these were gone"
