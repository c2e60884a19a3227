"""A session by a trainer's code reaches the pages of one's own place there; every other route says 403."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse

from aimcert.confined import OPEN
from assessments.answering.actions import give_entry_code
from assessments.answering.addresses import code_of
from courses.models import CourseAssociate, Enrolment
from tests import factories
from tests.permissions.asking import ask, path_of, routes, rows_written, sign, state_of_everything, undone
from tests.permissions.matrix import MATRIX
from tests.permissions.world import World

pytestmark = pytest.mark.django_db

# They know nobody, so that they answer as they answer everyone; what asks who is signed in leads home.
PUBLIC = {
    "help": ".",
    "help_of_role": ".",
    "account_login": ">",
    "account_request_login_code": ">",
    "account_confirm_login_code": ">",
    "account_password_sign_in": ">",
    "account_signup": ".",
    "mfa_authenticate": ">",
    "courses:invitation": ".",
    "courses:public": ".",
    "certification:verify": ".",
    "certification:verified": ".",
    "assessments:room_entry": ">",
    "assessments:room_code": ">",
    "robots": ".",
    "welcome": ".",
    "legal_page": ".",
    "legal_version": ".",
    "safeguarding:worried": ".",
    "demo_mailbox": ".",
    "demo_message": ".",
}


def confined(world: World, enrolment: Enrolment) -> Client:
    """A browser in which the person of `enrolment` got in by a code."""
    client = Client(raise_request_exception=False)
    trainer = world.people["trainer"]
    assert trainer
    given = give_entry_code(enrolment=enrolment, by=trainer)
    path = reverse("assessments:room_code", args=[code_of(enrolment.course.number)])
    assert client.post(path, {"email": enrolment.person.email, "code": given.code}).status_code == 302
    return client


def everybody_at_once(world: World) -> Enrolment:
    """The participant, who is AIM staff, acts for the sponsor and trains another course as well."""
    person = world.enrolment.person
    person.staff_appointments.create(person=person, started_by=person)
    person.memberships.create(organisation=world.organisation, started_by=person)
    other = factories.course(programme=world.course.programme)
    licence = factories.trainer_of(world.course).licences.get()
    person.licences.create(
        programme=licence.programme, country="GB", valid_from="2020-01-01", granted_by=person
    )
    CourseAssociate.objects.create(
        course=other, associate=person, licence=person.licences.get(), assigned_by=person
    )
    return world.enrolment


@pytest.fixture(scope="module")
def everybody(world: World, django_db_blocker: Any) -> Iterator[Client]:
    """A browser in which somebody who is everybody at once got in by a code."""
    with django_db_blocker.unblock(), undone():
        yield confined(world, everybody_at_once(world))


@pytest.mark.parametrize("route", sorted(set(routes())))
def test_route_is_refused_unless_it_is_ones_own_place(world: World, everybody: Client, route: str) -> None:
    for method in ("GET", "POST"):
        _check(everybody, method, route, path_of(route, world, ""))


def _check(client: Client, method: str, route: str, path: str) -> None:
    then = ""
    with undone():
        written = rows_written()
        answered = sign(ask(client, method, path))
        if answered in "xm" and rows_written() != written:
            then = state_of_everything()
    assert not then or then == state_of_everything()
    if route in PUBLIC:
        view = resolve(path).func
        assert not getattr(view, "login_required", True)
        assert answered in (PUBLIC[route], "m", "e")
    elif route == "home":
        assert answered == ">"
    elif route in OPEN:
        assert answered in ("L" if route == "account_logout" and method == "POST" else ".>cebm-")
    else:
        assert answered == "x"


def test_what_is_open_is_a_route() -> None:
    assert set(MATRIX) >= OPEN
    assert {"certification:my_feedback", "courses:confirm_acceptance", "account_change_email"}.isdisjoint(
        OPEN
    )


@pytest.mark.parametrize("route", sorted(route for route in OPEN if route.startswith("assessments:")))
def test_ones_place_on_another_course_is_refused(world: World, everybody: Client, route: str) -> None:
    with undone():
        course = factories.course(programme=world.course.programme)
        factories.sitting(course)
        other = factories.enrolment(course, world.enrolment.person)
        given = path_of(route, world, "")
        path = given.replace(str(world.enrolment.uuid), str(other.uuid))
        path = path.replace(str(world.course.uuid), str(course.uuid))
        if path == given:
            return
        assert {everybody.get(path).status_code, everybody.post(path).status_code} == {403}


def test_roles_beside_are_no_roles_in_it(world: World, everybody: Client) -> None:
    draft = world.own["assessments:framework_edit"]["edition"]
    assert everybody.get(reverse("assessments:framework_edition", args=[draft])).status_code == 404
    current = everybody.get(reverse("assessments:framework"))
    assert current.status_code == 200
    assert reverse("assessments:framework_edit", args=[draft]) not in current.content.decode()


def test_refusal_says_why_and_how_to_sign_in_fully(world: World) -> None:
    with undone():
        client = confined(world, world.enrolment)
        tasks = reverse("assessments:task_list", args=[world.enrolment.uuid])
        assert client.get("/").url == tasks  # type: ignore[attr-defined]
        refused = client.get(reverse("account"))
        text = refused.content.decode()
        assert "You signed in with a code from your trainer" in text
        assert tasks in text
        assert reverse("account_logout") in text
        assert f'href="{reverse("account")}"' not in text
        assert "What you sent was not done." not in text
        assert "What you sent was not done." in client.post(reverse("account_change_name")).content.decode()
        told = client.get(reverse("account"), headers={"Accept": "application/json"})
        assert (told.status_code, told.json()["state"]) == (403, "confined")


def test_signing_in_fully_after_signing_out_reaches_everything(world: World) -> None:
    with undone():
        client = confined(world, world.enrolment)
        client.post(reverse("account_logout"))
        client.force_login(world.enrolment.person)
        assert client.get(reverse("account")).status_code == 200
