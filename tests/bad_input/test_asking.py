"""Whatever stands in the address of a list, a search or a page, it is shown, or said to be unknown."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.bad_input.forms import signed_in
from tests.bad_input.values import ARABIC, FORMULA, IMAGE, LONG, SCRIPT, quoted
from tests.permissions.asking import path_of
from tests.permissions.world import World

pytestmark = pytest.mark.django_db

ODD = [
    *map(quoted, ("", "abc", "-1", "0", "2", "9" * 40, "1e400", "NaN", "\0", "a\0b", "%", "_", "\\", "²")),
    *map(quoted, (SCRIPT, IMAGE, ARABIC, "\u202eturned", FORMULA, LONG[:5000])),
    "%FF%FE",
    "%ED%A0%80",
    "%",
    "1&{0}=2",
]
ASKED = {
    "courses:list": ("AIM admin", ["q", "stage", "sort", "page"]),
    "courses:licences": ("AIM admin", ["q", "sort", "page"]),
    "organisations": ("AIM admin", ["q", "sort", "page"]),
    "certification:certificates": ("AIM admin", ["q", "state", "sort", "page"]),
    "unsent_emails": ("AIM admin", ["q", "sort", "page"]),
    "certification:queue": ("AIM admin", ["q", "show", "sort"]),
    "certification:course_queue": ("AIM admin", ["q", "state", "sort"]),
    "certification:follow_ups": ("commissioner", ["q", "outcome", "show", "sort", "page"]),
    "certification:over_time": ("AIM admin", ["by", "programme", "organisation", "to"]),
    "certification:results": ("commissioner", ["q", "show", "sort"]),
    "courses:nominations": ("commissioner", ["q", "stage", "sort"]),
    "assessments:paper": ("trainer", ["q", "paper", "sort"]),
    "assessments:entry_codes": ("trainer", ["q", "sort"]),
    "assessments:course_adjustments": ("trainer", ["q", "show", "sort"]),
    "assessments:course_considerations": ("trainer", ["q", "stands", "sort"]),
    "certification:appeals": ("AIM admin", ["q", "stands", "sort", "page"]),
    "assessments:considerations": ("AIM admin", ["q", "stands", "sort", "page"]),
    "assessments:version_agreement": ("AIM admin", ["q", "says", "sort"]),
    "assessments:marking": ("trainer", ["q", "show", "next", "sort"]),
    "safeguarding:records": ("Associate", ["q", "stands", "concern", "danger", "sort", "page"]),
    "certification:approve_all": ("AIM admin", ["done"]),
    "certification:verify": ("anonymous", ["code"]),
    "assessments:task_list": ("participant", ["saved"]),
    "assessments:question": ("participant", ["saved", "change"]),
    "assessments:check": ("participant", ["saved"]),
    "assessments:version_question_new": ("AIM admin", ["kind"]),
    "assessments:version_object": ("trainer", ["passage"]),
    "assessments:version_unavailable": ("AIM admin", ["associate"]),
    "account_login": ("anonymous", ["next", "another"]),
    "account_password_sign_in": ("anonymous", ["next"]),
    "search": ("AIM admin", ["q"]),
    "audit_log": ("AIM admin", ["q", "by", "of", "course", "kind", "since", "until", "after"]),
}


@pytest.mark.parametrize("route", ASKED)
def test_odd_parameters_are_shown_harmless_or_unknown(world: World, route: str) -> None:
    role, names = ASKED[route]
    client, path = signed_in(world.people[role]), path_of(route, world, "")
    for name in names:
        for odd in ODD:
            response = client.get(f"{path}?{name}={odd.replace('{0}', name)}")
            # A code that nobody was given is not found.
            assert response.status_code in ((200, 404, 422) if name == "code" else (200, 422)), (
                name,
                odd[:40],
            )
            page = response.content.decode()
            assert SCRIPT not in page, name
            assert IMAGE not in page, name


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("anonymous", "/verify/%00/"),
        ("anonymous", "/verify/%FF%FE/"),
        ("anonymous", "/verify/" + "x" * 5000 + "/"),
        ("anonymous", "/courses/invitations/%00/"),
        ("anonymous", "/courses/invitations/%ED%A0%80/"),
        ("participant", "/room/%00/"),
        ("participant", "/room/%FF%FE/"),
        ("participant", "/room/" + "x" * 5000 + "/"),
        ("trainer", "{course}register/" + "9" * 40 + "/"),
        ("trainer", "{course}register/0/"),
        ("participant", "{my}questions/" + "9" * 40 + "/"),
        ("participant", "{my}questions/0/"),
    ],
)
def test_address_of_nothing_is_not_found(world: World, role: str, path: str) -> None:
    known = {
        "course": reverse("courses:detail", args=[world.course.uuid]),
        "my": reverse("certification:my_course", args=[world.enrolment.uuid]),
    }
    client = signed_in(world.people[role])
    assert client.get(path.format(**known)).status_code == 404
