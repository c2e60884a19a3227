"""Every page of every role, as the permission table has them, is accessible at both widths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.journeys.accessibility.asking import pages_at
from tests.journeys.accessibility.looking import Looking
from tests.journeys.accessibility.outline import outline_of
from tests.permissions.asking import browser_of, path_of, routes, undone
from tests.permissions.matrix import MATRIX
from tests.permissions.world import ROLES, World

pytestmark = pytest.mark.django_db

# Their title, which stays in a browser's history, says from what kind of page one came, and names nobody.
NAMES_NOBODY = {"safeguarding:tell_of_course", "safeguarding:tell_of_person"}
# What brings no page: the way to sign in, or elsewhere, and no such method.
NO_PAGE = "L>m"
# What the page says and shows hangs on the route, and what stands around it on the role.
REFUSALS = "x-"


def shown_to(role: str) -> Iterator[tuple[str, str]]:
    """Each route, and what it is asked about, that shows `role` a page.

    Of refusals those that this role is the first to meet on the route, and its own first of each kind.
    """
    place, met = ROLES.index(role), set(NO_PAGE)
    for route in routes():
        for rule in MATRIX[route]:
            sign = rule.get[place]
            if sign not in met or (sign in REFUSALS and rule.get.index(sign) == place):
                yield route, rule.about
            met |= {sign} & set(REFUSALS)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_accessible(world: World, looking: Looking, role: str) -> None:
    found: list[str] = []
    titled: dict[str, set[str]] = defaultdict(set)
    sent: set[str] = set()
    with undone():
        client = browser_of(world, role)
        for route, about in shown_to(role):
            for how, path, response in pages_at(client, path_of(route, world, about), sent):
                name = f"{route} {role} {about} {how}{response.status_code}"
                found += looking.at(path, response, name)
                if response.status_code == 200 and not how:
                    page = route if route in NAMES_NOBODY else path
                    titled[outline_of(response).title].add(page)
    found += [f"{title!r} is the title of {paths}" for title, paths in titled.items() if len(paths) > 1]
    assert not found, "\n".join(found)
