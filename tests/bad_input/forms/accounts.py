"""Signing in, one's own account, organisations and staff."""

from __future__ import annotations

import re

from django.urls import reverse

from accounts.models import Person
from tests import factories
from tests.accounts import entering
from tests.accounts.steps import app_code, with_app
from tests.bad_input.forms.filled import (
    FORMS,
    PERSON,
    PERSON_KINDS,
    Filled,
    carried,
    form,
    key,
    signed_in,
)
from tests.bad_input.values import Kind
from tests.permissions.world import World


def _sign_in(world: World) -> Filled:
    return Filled(
        signed_in(None),
        reverse("account_login"),
        {"email": "participant@people.example"},
        {"email": Kind.ADDRESS},
    )


FORMS["account_login"] = FORMS["account_request_login_code"] = _sign_in


@form("account_confirm_login_code")
def _code(world: World) -> Filled:
    client, person = signed_in(None), factories.PersonFactory.create()
    entering.ask(client, person.email)
    code = entering.code_to(person.email)
    return Filled(client, reverse("account_confirm_login_code"), {"code": code}, {"code": Kind.CODE})


@form("account_password_sign_in")
def _password_sign_in(world: World) -> Filled:
    person = _with_password()
    return Filled(
        signed_in(None),
        reverse("account_password_sign_in"),
        {"login": person.email, "password": PASSWORD},
        {"login": Kind.ADDRESS, "password": Kind.SECRET},
        # Which of the two is wrong is told to nobody; what leads anywhere leads to the password.
        own_ids={"login": "id_"},
    )


PASSWORD = "several quiet words together"


def _with_password() -> Person:
    person = factories.PersonFactory.create()
    person.set_password(PASSWORD)
    person.save()
    return person


@form("account_change_name")
def _name(world: World) -> Filled:
    client = signed_in(factories.PersonFactory.create())
    return Filled(
        client,
        reverse("account_change_name"),
        {"name": "Zoë"},
        {"name": Kind.LINE},
        seen_on=[(client, reverse("account"))],
    )


@form("account_change_email")
def _address(world: World) -> Filled:
    client = entering.sign_in(signed_in(None), factories.PersonFactory.create())
    return Filled(
        client, reverse("account_change_email"), {"email": "new@people.example"}, {"email": Kind.ADDRESS}
    )


@form("account_confirm_email_change")
def _address_code(world: World) -> Filled:
    filled = _address(world)
    filled.client.post(filled.path, filled.values)
    code = entering.code_to("new@people.example")
    return Filled(filled.client, reverse("account_confirm_email_change"), {"code": code}, {"code": Kind.CODE})


@form("account_set_password")
def _first_password(world: World) -> Filled:
    client = entering.sign_in(signed_in(None), factories.PersonFactory.create())
    return Filled(
        client,
        reverse("account_set_password"),
        {"password1": PASSWORD, "password2": PASSWORD},
        {"password1": Kind.SECRET, "password2": Kind.SECRET},
        own_ids={"password1": "id_password"},
    )


@form("account_change_password")
def _other_password(world: World) -> Filled:
    client = entering.sign_in(signed_in(None), _with_password())
    return Filled(
        client,
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "others of them now", "password2": "others of them now"},
        {"oldpassword": Kind.SECRET, "password1": Kind.SECRET, "password2": Kind.SECRET},
        own_ids={"password1": "id_password"},
    )


@form("mfa_authenticate")
def _second_step(world: World) -> Filled:
    client, person = signed_in(None), factories.PersonFactory.create()
    secret = with_app(person)
    entering.ask(client, person.email)
    entering.type_code(client, entering.code_to(person.email))
    return Filled(client, reverse("mfa_authenticate"), {"code": app_code(secret)}, {"code": Kind.CODE})


@form("account_add_app")
def _app(world: World) -> Filled:
    client = signed_in(factories.PersonFactory.create())
    path = reverse("account_add_app")
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", client.get(path).content.decode())
    assert secret
    return Filled(client, path, {"code": app_code(secret[1])}, {"code": Kind.CODE})


def _staff_act(world: World, route: str) -> Filled:
    client, person = signed_in(world.people["AIM admin"]), factories.PersonFactory.create()
    with_app(person)
    return Filled(
        client,
        reverse(route, args=[person.uuid]),
        {"reason": "She rang us from her own number.", **key()},
        {"reason": Kind.LINES, "idempotency_key": Kind.HIDDEN},
        seen_on=[(client, reverse("person", args=[person.uuid]))],
    )


@form("sign_out_for")
def _signed_out(world: World) -> Filled:
    return _staff_act(world, "sign_out_for")


@form("reset_second_step")
def _reset(world: World) -> Filled:
    return _staff_act(world, "reset_second_step")


@form("ask_for_somebodys_data")
def _asked_for(world: World) -> Filled:
    return _staff_act(world, "ask_for_somebodys_data")


@form("account_data_ask")
def _asked(world: World) -> Filled:
    client, page = signed_in(factories.PersonFactory.create()), reverse("account_data")
    return Filled(
        client, reverse("account_data_ask"), key(), {"idempotency_key": Kind.HIDDEN}, seen_on=[(client, page)]
    )


@form("create_organisation")
def _organisation(world: World) -> Filled:
    client = signed_in(world.people["AIM admin"])
    return Filled(
        client,
        reverse("create_organisation"),
        {"name": "A council", "country": "GB", "time_zone": "Europe/London"},
        {"name": Kind.LINE, "country": Kind.CHOICE, "time_zone": Kind.CHOICE},
        seen_on=[(client, reverse("organisations"))],
    )


@form("edit_organisation")
def _edited_organisation(world: World) -> Filled:
    client, uuid = signed_in(world.people["AIM admin"]), world.organisation.uuid
    path = reverse("edit_organisation", args=[uuid])
    return Filled(
        client,
        path,
        carried(client, path, "seen") | {"name": "A council", "country": "GB", "time_zone": "Europe/London"},
        {"name": Kind.LINE, "country": Kind.CHOICE, "time_zone": Kind.CHOICE, "seen": Kind.HIDDEN},
        seen_on=[(client, reverse("organisation", args=[uuid]))],
    )


@form("edit_legal_page")
def _legal_page(world: World) -> Filled:
    client = signed_in(world.people["AIM admin"])
    path = reverse("edit_legal_page", args=["complaints"])
    return Filled(
        client,
        path,
        carried(client, path, "seen") | {"text": "# Complaints\n\nWrite to us."},
        {"text": Kind.LINES, "seen": Kind.HIDDEN},
        seen_on=[(signed_in(None), reverse("legal_page", args=["complaints"]))],
    )


@form("invite_commissioner")
def _commissioner(world: World) -> Filled:
    client, uuid = signed_in(world.people["AIM admin"]), world.organisation.uuid
    return Filled(
        client,
        reverse("invite_commissioner", args=[uuid]),
        PERSON,
        PERSON_KINDS,
        seen_on=[(client, reverse("organisation", args=[uuid]))],
    )


@form("appoint_staff")
def _staff(world: World) -> Filled:
    client = signed_in(world.people["AIM admin"])
    return Filled(
        client, reverse("appoint_staff"), PERSON, PERSON_KINDS, seen_on=[(client, reverse("staff"))]
    )
