"""A page that signs its person in without leaving it, and signing out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.accounts.entering import code_to

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


def send(client: Client, route: str, token: str, **typed: str) -> Any:
    return client.post(reverse(route), typed, headers={**SCRIPT, "X-CSRFToken": token})


def test_page_signs_in_and_saves_with_the_new_token() -> None:
    course = factories.course()
    factories.sitting(course)
    enrolment = factories.enrolment(course)
    client = Client(enforce_csrf_checks=True)
    client.force_login(enrolment.person)
    page = client.get(reverse("assessments:question", args=[enrolment.uuid, 1])).content.decode()
    found = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    token = found[1]
    client.cookies.pop("sessionid")
    state = reverse("assessments:state", args=[enrolment.uuid])
    assert client.get(state, headers={"Accept": "application/json"}).status_code == 401

    asked = send(client, "account_login", token, email=enrolment.person.email)
    assert (asked.status_code, asked.json()["location"]) == (200, reverse("account_confirm_login_code"))
    wrong = send(client, "account_confirm_login_code", token, code="0000-0000")
    assert wrong.status_code == 400
    assert "This is not the code" in wrong.json()["form"]["fields"]["code"]["errors"][0]
    assert "html" not in wrong.json()
    done = send(client, "account_confirm_login_code", token, code=code_to(enrolment.person.email))
    assert (done.status_code, done.json()["location"]) == (200, reverse("home"))

    told = client.get(state, headers={"Accept": "application/json"}).json()
    assert told["person"] == str(enrolment.person.uuid)
    journal = reverse("assessments:journal", args=[enrolment.uuid])
    json = {"Accept": "application/json"}
    old = client.post(journal, headers={**json, "X-CSRFToken": token})
    assert (old.status_code, old.json()["state"]) == (403, "csrf")
    assert client.post(journal, headers={**json, "X-CSRFToken": told["csrf"]}).status_code == 200


def test_script_is_told_of_a_bad_address_and_where_to_begin_again(client: Client) -> None:
    bad = send(client, "account_login", "", email="nothing")
    assert bad.status_code == 400
    assert "in the form name@example.org" in bad.json()["form"]["fields"]["email"]["errors"][0]
    nothing_pending = send(client, "account_confirm_login_code", "", code="0000-0000")
    assert nothing_pending.json() == {"location": reverse("account_login")}
    person = factories.PersonFactory.create()
    send(client, "account_login", "", email=person.email)
    for _number in range(5):
        last = send(client, "account_confirm_login_code", "", code="0000-0000")
    assert (last.status_code, last.json()["location"]) == (400, reverse("account_login"))


@pytest.mark.parametrize("route", ["account_logout", "account_sign_out_everywhere"])
def test_signing_out_empties_what_the_browser_keeps(client: Client, route: str) -> None:
    client.force_login(factories.PersonFactory.create())
    assert client.post(reverse(route))["Clear-Site-Data"] == '"storage"'


def test_nothing_else_empties_it(client: Client) -> None:
    client.force_login(factories.PersonFactory.create())
    assert "Clear-Site-Data" not in client.get(reverse("account_logout"))
    assert "Clear-Site-Data" not in client.post(reverse("account_end_other_sessions"))
