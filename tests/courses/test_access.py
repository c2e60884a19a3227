"""Which role gets which status."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests import factories as make
from tests.courses.factories import NOON, running
from tests.courses.pages import key, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


@pytest.mark.parametrize(
    ("route", "statuses"),
    [
        # admin, trainer, commissioner, participant, stranger
        ("courses:detail", (200, 200, 200, 200, 404)),
        ("courses:edit", (200, 403, 403, 403, 404)),
        ("courses:sessions", (200, 403, 403, 403, 404)),
        ("courses:associates", (200, 403, 403, 403, 404)),
        ("courses:cancel", (200, 403, 403, 403, 404)),
        ("courses:nominations", (200, 403, 200, 403, 404)),
        ("courses:nominate", (200, 403, 200, 403, 404)),
        ("courses:register", (200, 200, 403, 403, 404)),
        ("courses:register_session", (200, 200, 403, 403, 404)),
        ("courses:register_entry", (200, 200, 403, 403, 404)),
        ("courses:walk_in", (403, 200, 403, 403, 404)),
        ("courses:enrolment_withdraw", (200, 403, 409, 200, 404)),
    ],
)
def test_each_role_gets_its_status(route, statuses, client):
    course = running()
    enrolment = make.enrolment(course)
    people = (
        make.admin(),
        make.trainer_of(course),
        make.commissioner(course.organisation),
        enrolment.person,
        make.commissioner(make.OrganisationFactory.create()),
    )
    args = {"course": course.uuid}
    if route.endswith(("register_session", "register_entry")):
        args["number"] = 1
    if route.endswith(("register_entry", "enrolment_withdraw")):
        args["enrolment"] = enrolment.uuid
    url = reverse(route, kwargs=args)
    assert tuple(signed_in(person).get(url).status_code for person in people) == statuses
    assert client.get(url).url.startswith("/account/login/") or client.get(url).status_code == 302


@pytest.mark.parametrize("route", ["courses:create", "courses:licences", "courses:licence_grant"])
def test_site_wide_pages_are_the_aim_project_s(route):
    course = running()
    for person in (
        make.trainer_of(course),
        make.commissioner(course.organisation),
        make.PersonFactory.create(),
    ):
        assert signed_in(person).get(reverse(route)).status_code == 403
    assert signed_in(make.admin()).get(reverse(route)).status_code == 200


def test_licence_of_somebody_else_is_not_there_and_one_s_own_is_not_one_s_to_change():
    course = running()
    trainer, other = make.trainer_of(course), make.associate(course.programme)
    client = signed_in(trainer)
    for licence, status in ((trainer.licences.get(), 403), (other.licences.get(), 404)):
        for name in ("licence_renew", "licence_withdraw"):
            url = reverse(f"courses:{name}", args=[licence.uuid])
            assert client.post(url, key()).status_code == status
