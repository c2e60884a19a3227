"""Every page of a course says its days and times as clocks and calendars show them where the course meets."""

from __future__ import annotations

from typing import Any

import pytest
from django import shortcuts
from django.utils import timezone

from courses.models import Course
from tests.permissions.asking import ask, browser_of, path_of, routes, undone
from tests.permissions.matrix import MATRIX
from tests.permissions.world import ROLES, World

pytestmark = pytest.mark.django_db

# Where it is tomorrow while it is still today in London.
ZONE = "Pacific/Auckland"


@pytest.mark.parametrize("role", ["participant", "trainer", "Associate", "commissioner", "AIM admin"])
def test_page_of_a_course_is_in_the_course_s_zone(
    world: World, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    rendered: dict[str, str] = {}
    render = shortcuts.render

    def seen(request: Any, template: str, context: Any = None, **more: Any) -> Any:
        if isinstance((context or {}).get("course"), Course):
            rendered[template] = timezone.get_current_timezone_name()
        return render(request, template, context, **more)

    monkeypatch.setattr(shortcuts, "render", seen)
    with undone():
        Course.objects.update(time_zone=ZONE)
        client = browser_of(world, role)
        for route in routes():
            for rule in MATRIX[route]:
                # Who is refused or led on is shown no page of a course.
                if rule.get[ROLES.index(role)] not in "Lx-m>":
                    ask(client, "GET", path_of(route, world, rule.about))
    assert rendered
    assert {template for template, zone in rendered.items() if zone != ZONE} == set()
