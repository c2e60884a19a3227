"""The public page that says whether a certificate stands."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Person
from certification import actions
from certification.codes import in_groups, new_code
from certification.documents import verification_url
from certification.models import Certificate
from certification.states import CertificateState
from tests import factories
from tests.pages import flat

NAME = "Zoë O’Neill & <Sons>"


@pytest.fixture
def certificate(db: None) -> Certificate:
    enrolment = factories.recommended(factories.course(), certificate_name=NAME)
    return actions.approve(enrolment=enrolment, by=factories.admin(name="Ada Approver"))


def open_code(client: Client, code: str) -> tuple[Any, list[str]]:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(f"/verify/{quote(code, safe='')}/")
    return response, [query["sql"] for query in captured]


def test_a_valid_certificate_says_for_whom_which_model_since_when_and_by_whom(
    client: Client, certificate: Certificate
) -> None:
    response, statements = open_code(client, certificate.code)
    page = response.content.decode()
    assert response.status_code == 200
    assert "This certificate is valid" in page
    # Who came late and missed nothing material did not attend the whole course.
    assert "met the attendance that the course requires" in page
    assert "Zoë O’Neill &amp; &lt;Sons&gt;" in page
    for words in (certificate.programme_name, certificate.reference, "The AIM Project", "Certified since"):
        assert words in page
    assert len(statements) == 1
    assert "django_session" not in statements[0]


@pytest.mark.parametrize(
    "write",
    [
        str.lower,
        lambda code: " ".join(in_groups(code)),
        lambda code: "-".join(code),
        "\u2212".join,  # minus signs
        "\u00ad".join,  # soft hyphens
        "\u200b".join,  # spaces without a width
        lambda code: "".join(chr(ord(char) + 0xFEE0) for char in code),  # full width
        lambda code: f"{code}.",
        lambda code: f"“{code}”",
        verification_url,
        lambda code: f" <{verification_url(code)}>. ",
        lambda code: verification_url(code).lower().removeprefix("http://").rstrip("/"),
    ],
)
def test_a_code_is_found_however_it_is_typed(client: Client, certificate: Certificate, write: Any) -> None:
    assert open_code(client, write(certificate.code))[0].status_code == 200
    typed = client.get(reverse("certification:verify"), {"code": write(certificate.code)})
    assert "This certificate is valid" in typed.content.decode()


def test_a_revoked_certificate_says_since_when_and_never_why(
    client: Client, certificate: Certificate
) -> None:
    by = factories.admin()
    actions.revoke(certificate=certificate, reason="Not their own work.", by=by)
    response, _ = open_code(client, certificate.code)
    page = response.content.decode()
    assert response.status_code == 200
    assert "Revoked since" in page
    assert "own work" not in page
    assert "is valid" not in page


@pytest.mark.parametrize("state", [CertificateState.SUSPENDED, CertificateState.SUPERSEDED])
def test_other_states_say_so_and_not_valid(client: Client, certificate: Certificate, state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE certification_certificate SET state = %s", [state])
    response, statements = open_code(client, certificate.code)
    page = response.content.decode()
    assert response.status_code == 200
    assert f"This certificate is {state}" in page
    assert "is valid" not in page
    assert len(statements) == 1


NO_CODES = [
    "short",
    "U" * 26,
    "x" * 200,
    "0" * 25,
    "0" * 27,
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "\x00",
    "مرحبا",
    "%",
]


@pytest.mark.parametrize("malformed", NO_CODES)
def test_unknown_and_malformed_codes_run_the_same_statements_and_get_the_same_answer(
    client: Client, certificate: Certificate, malformed: str
) -> None:
    unknown, asked = open_code(client, new_code())
    answer, also_asked = open_code(client, malformed)
    assert (answer.status_code, answer.content) == (unknown.status_code, unknown.content)
    assert answer.status_code == 404
    assert dict(answer.headers) == dict(unknown.headers)
    assert [without_values(sql) for sql in asked] == [without_values(sql) for sql in also_asked]
    assert len(asked) == 1
    assert malformed not in answer.content.decode() or malformed in ("%", "short")


def without_values(sql: str) -> str:
    return re.sub(r"'[0-9a-f]{64}'", "?", sql)


def test_nothing_is_kept_indexed_or_read_of_a_session(client: Client, certificate: Certificate) -> None:
    person = Person.objects.first()
    assert person is not None
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    for code in (certificate.code, "unknown"):
        response, statements = open_code(client, code)
        assert response["Cache-Control"] == "no-store"
        assert "noindex" in response["X-Robots-Tag"]
        assert b'name="robots" content="noindex"' in response.content
        assert not response.cookies
        assert len(statements) == 1
    with CaptureQueriesContext(connection) as captured:
        response = client.get(reverse("certification:verify"))
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert len(captured) == 0


def test_a_wrong_code_stays_in_the_box_and_the_summary_leads_to_it(
    client: Client, certificate: Certificate
) -> None:
    typed = f"{certificate.code[:-1]}!"
    response = client.get(reverse("certification:verify"), {"code": typed})
    page = flat(response.text)
    assert response.status_code == 404
    assert "<title>Error: No certificate" in page
    assert f'value="{typed}"' in page
    assert "data-error-summary" in page
    assert '<a href="#id_code">No certificate has this code:' in page
    assert "js/site" in page


@time_machine.travel("2026-11-29 14:03:20Z", tick=False)
@pytest.mark.parametrize("state", CertificateState.values)
def test_each_answer_says_for_when_it_holds_and_who_assures_practice(
    client: Client, certificate: Certificate, state: str
) -> None:
    if state == CertificateState.REVOKED:
        actions.revoke(certificate=certificate, reason="Not their own work.", by=factories.admin())
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE certification_certificate SET state = %s", [state])
    page = open_code(client, certificate.code)[0].content.decode()
    assert "Checked on 29 November 2026, 14:03 (London\N{NO-BREAK SPACE}time)." in page
    assert "quality assurance of practice is provided through line management" in page


@time_machine.travel("2026-07-01 14:03:20Z", tick=False)
def test_no_certificate_holds_for_a_moment_too(client: Client, db: None) -> None:
    page = open_code(client, new_code())[0].content.decode()
    assert "Checked on 1 July 2026, 15:03 (London\N{NO-BREAK SPACE}time)." in page


def test_an_empty_code_is_asked_for_again(client: Client, db: None) -> None:
    response = client.get(reverse("certification:verify"), {"code": " "})
    assert "Enter the code" in response.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(client: Client, certificate: Certificate, method: str) -> None:
    response = getattr(client, method)(reverse("certification:verified", args=[certificate.code]))
    assert response.status_code == 405


def test_many_from_one_address_are_all_answered(client: Client, certificate: Certificate) -> None:
    for _ in range(60):
        assert client.get(reverse("certification:verified", args=[certificate.code])).status_code == 200
