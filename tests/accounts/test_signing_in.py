"""Signing in by emailed code and by password, through the real pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import set_password
from accounts.models import OutgoingEmail, Person
from tests.accounts.entering import ask, code_to, sign_in, type_code
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

PASSWORD = "quiet harbour lantern 42"


def signed_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def test_signing_in_by_code_leads_to_where_one_wanted_to_go(client: Client) -> None:
    person = PersonFactory.create(email="zoe@people.example")
    first = client.get(reverse("account"))
    assert first.url == f"{reverse('account_login')}?next={reverse('account')}"

    asked = ask(client, "  ZOE@People.Example ", next=reverse("account"))
    assert asked.url.startswith(reverse("account_confirm_login_code"))
    page = client.get(asked.url)
    assert "zoe@people.example" in page.text
    key_before = client.session.session_key
    done = type_code(client, code_to("zoe@people.example"), next=reverse("account"))

    assert done.url == reverse("account")
    assert client.session.session_key != key_before
    assert client.session["_auth_user_id"] == str(person.pk)
    assert not EmailAddress.objects.exists()


def test_signing_in_leads_home_where_nothing_was_wanted(client: Client) -> None:
    PersonFactory.create(email="a@people.example")
    ask(client, "a@people.example")
    assert type_code(client, code_to("a@people.example").replace("-", " ")).url == reverse("home")


@pytest.mark.parametrize(
    "write",
    [
        lambda code: code.replace("-", "\u2013"),  # en dash
        lambda code: code.replace("-", "\u2011"),  # non-breaking hyphen
        lambda code: code.replace("-", "\u2212"),  # minus sign
        lambda code: f"\u200e{code}\ufeff",
        lambda code: "".join(chr(ord(char) + 0xFEE0) for char in code),  # full width
        lambda code: f"{code}.",
        lambda code: "\u200b".join(code),
    ],
)
def test_a_code_is_taken_however_a_keyboard_or_a_page_writes_it(client: Client, write: Any) -> None:
    PersonFactory.create(email="a@people.example")
    ask(client, "a@people.example")
    assert type_code(client, write(code_to("a@people.example"))).url == reverse("home")


def test_a_wrong_code_stays_in_its_box_as_it_was_typed(client: Client) -> None:
    PersonFactory.create(email="a@people.example")
    ask(client, "a@people.example")
    wrong = type_code(client, "0000\u20130000").text
    assert 'value="0000\u20130000"' in wrong
    assert "data-error-summary" in wrong
    assert '<a href="#id_code">' in wrong


@pytest.mark.parametrize(
    "typed",
    [
        "\u200ezoe@people.example\ufeff",
        "zoe\u200b@people.\u00adexample",
        "Zoë O’Neill <Zoe@People.example>",
        "mailto:zoe@people.example",
        "zoe@people.example.",
        "ｚｏｅ＠ｐｅｏｐｌｅ．ｅｘａｍｐｌｅ",
    ],
)
def test_an_address_is_read_as_it_was_meant(client: Client, typed: str) -> None:
    PersonFactory.create(email="zoe@people.example")
    ask(client, typed)
    assert type_code(client, code_to("zoe@people.example")).url == reverse("home")


def test_an_address_that_turns_text_around_is_refused_by_name_and_stays(client: Client) -> None:
    refused = ask(client, "\u202ezoe@people.example").text
    assert "turns text around (U+202E)" in refused
    assert "zoe@people.example" in refused


def test_signing_in_never_leads_to_another_site(client: Client) -> None:
    PersonFactory.create(email="a@people.example")
    ask(client, "a@people.example", next="https://elsewhere.example/")
    done = type_code(client, code_to("a@people.example"), next="https://elsewhere.example/")
    assert done.url == reverse("home")


def test_wrong_code_is_explained_and_the_right_one_still_works(client: Client) -> None:
    PersonFactory.create(email="a@people.example")
    ask(client, "a@people.example")
    wrong = type_code(client, "0000-0000")
    assert wrong.status_code == 422
    assert "<title>Error: Enter the code" in " ".join(wrong.text.split())
    assert "This is not the code for this sign-in" in wrong.text
    assert type_code(client, code_to("a@people.example")).url == reverse("home")


def test_empty_code_asks_for_it(client: Client) -> None:
    PersonFactory.create(email="a@people.example")
    ask(client, "a@people.example")
    assert "Enter the code from the email." in type_code(client, " ").text


def test_fifth_wrong_code_ends_the_code(client: Client) -> None:
    PersonFactory.create(email="a@people.example")
    ask(client, "a@people.example")
    code = code_to("a@people.example")
    for _ in range(5):
        last = type_code(client, "0000-0000")
    assert last.url == reverse("account_login")
    assert type_code(client, code).url == reverse("account_login")
    assert not signed_in(client)


def test_code_stops_working_after_fifteen_minutes(client: Client) -> None:
    PersonFactory.create(email="a@people.example")
    with time_machine.travel("2026-11-22 09:00:00Z", tick=False) as clock:
        ask(client, "a@people.example")
        code = code_to("a@people.example")
        clock.shift(15 * 60 + 1)
        assert type_code(client, code).url == reverse("account_login")
        assert not signed_in(client)


def test_code_still_works_just_before_fifteen_minutes(client: Client) -> None:
    PersonFactory.create(email="a@people.example")
    with time_machine.travel("2026-11-22 09:00:00Z", tick=False) as clock:
        ask(client, "a@people.example")
        clock.shift(15 * 60 - 5)
        assert type_code(client, code_to("a@people.example")).url == reverse("home")


def test_another_code_replaces_the_first(client: Client) -> None:
    PersonFactory.create(email="a@people.example")
    ask(client, "a@people.example")
    first = code_to("a@people.example")
    ask(client, "a@people.example")
    second = code_to("a@people.example")
    assert first != second
    assert "This is not the code for this sign-in" in type_code(client, first).text
    assert type_code(client, second).url == reverse("home")


def test_another_address_can_be_used_while_a_code_is_on_its_way(client: Client) -> None:
    ask(client, "mistyped@people.example")
    assert client.get(reverse("account_login")).url == reverse("account_confirm_login_code")
    assert client.get(reverse("account_login"), {"another": ""}).status_code == 200


@pytest.mark.whole_run
def test_thirty_people_sign_in_from_one_address_of_the_network() -> None:
    for number in range(30):
        email = f"room{number}@people.example"
        PersonFactory.create(email=email)
        client = Client(REMOTE_ADDR="203.0.113.7")
        assert ask(client, email).status_code == 302
        assert type_code(client, "0000-0000").status_code == 422
        assert type_code(client, code_to(email)).url == reverse("home")


def test_unknown_address_is_answered_exactly_as_a_known_one() -> None:
    PersonFactory.create(email="known@people.example")
    seen = {}
    for email in ("known@people.example", "other@people.example"):
        client = Client()
        asked = ask(client, email)
        page = client.get(asked.url)
        wrong = [type_code(client, "0000-0000") for _ in range(5)]
        again = ask(client, email)
        seen[email] = [
            (answer.status_code, answer.get("Location"), _without_what_differs(answer.text, email))
            for answer in (asked, page, *wrong, again)
        ]
    assert seen["known@people.example"] == seen["other@people.example"]
    assert OutgoingEmail.objects.filter(to_address="other@people.example").count() == 2


def _without_what_differs(text: str, email: str) -> str:
    text = re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", text)
    return re.sub(r'(code-label">)\w+', r"\1", text).replace(email, "EMAIL")


def test_unknown_address_costs_the_same_statements() -> None:
    PersonFactory.create(email="known@people.example")
    ask(Client(), "warm@people.example")
    counts = set()
    for email in ("known@people.example", "other@people.example"):
        with CaptureQueriesContext(connection) as captured:
            ask(Client(), email)
        counts.add(len(captured))
    assert len(counts) == 1


def test_letter_to_an_unknown_address_tells_no_code(client: Client) -> None:
    ask(client, "other@people.example")
    letter = OutgoingEmail.objects.get()
    assert not re.search(r"\d{4}-\d{4}", letter.text + letter.html)
    assert reverse("account_signup") in letter.text


def test_closed_account_gets_no_code_and_cannot_sign_in(client: Client) -> None:
    PersonFactory.create(email="a@people.example", is_active=False)
    ask(client, "a@people.example")
    assert not re.search(r"\d{4}-\d{4}", OutgoingEmail.objects.get().text)
    assert type_code(client, "").status_code == 422
    assert not signed_in(client)


def test_account_closed_after_the_code_was_sent_cannot_sign_in(client: Client) -> None:
    person = PersonFactory.create(email="a@people.example")
    ask(client, "a@people.example")
    Person.objects.filter(pk=person.pk).update(is_active=False)
    type_code(client, code_to("a@people.example"))
    assert not signed_in(client)


def test_closing_an_account_ends_its_session(client: Client) -> None:
    person = PersonFactory.create()
    sign_in(client, person)
    assert signed_in(client)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert not signed_in(client)


@pytest.mark.parametrize(
    "typed",
    ["", "nobody", "a@b", "x" * 300 + "@people.example", "<script>@people.example", "a\x00@b.example"],
)
def test_malformed_address_is_explained(client: Client, typed: str) -> None:
    answer = ask(client, typed)
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert not OutgoingEmail.objects.exists()


def test_international_domain_is_one_account_in_both_spellings(client: Client) -> None:
    PersonFactory.create(email="zoe@xn--bcher-kva.example")
    ask(client, "zoe@bücher.example")
    assert type_code(client, code_to("zoe@xn--bcher-kva.example")).url == reverse("home")


def test_password_signs_in_once_it_was_set(client: Client) -> None:
    person = PersonFactory.create(email="a@people.example")
    set_password(person=person, password=PASSWORD, by=person)
    assert person.password.startswith("argon2")
    typed = {"login": "A@people.example", "password": PASSWORD}
    assert client.post(reverse("account_password_sign_in"), typed).url == reverse("home")
    assert signed_in(client)


@pytest.mark.whole_run
def test_refused_password_links_to_its_field() -> None:
    person = PersonFactory.create(email="a@people.example")
    set_password(person=person, password=PASSWORD, by=person)
    for typed in ("wrong", *["wrong"] * 10):  # and, in the end, too many
        answer = Client().post(
            reverse("account_password_sign_in"), {"login": person.email, "password": typed}
        )
        summary = re.search(r"data-error-summary.*?</div>", answer.text, re.DOTALL)
        assert summary
        assert re.findall(r"<li>\s*(?!\s|<a )", summary[0]) == []
        assert '<a href="#id_password">' in summary[0]
        assert 'id="id_password_error"' in answer.text


def test_password_page_says_the_same_for_unknown_wrong_and_never_set() -> None:
    person = PersonFactory.create(email="set@people.example")
    set_password(person=person, password=PASSWORD, by=person)
    PersonFactory.create(email="never@people.example")
    pages = set()
    for email in ("set@people.example", "never@people.example", "other@people.example"):
        answer = Client().post(reverse("account_password_sign_in"), {"login": email, "password": "wrong"})
        assert "do not go together" in answer.text
        pages.add(_without_what_differs(answer.text, email))
    assert len(pages) == 1


@pytest.mark.whole_run
def test_eleventh_wrong_password_of_strangers_is_refused_and_a_code_is_not(client: Client) -> None:
    person = PersonFactory.create(email="a@people.example")
    set_password(person=person, password=PASSWORD, by=person)
    page = reverse("account_password_sign_in")
    for _ in range(10):
        client.post(page, {"login": "a@people.example", "password": "wrong"})
    refused = Client(REMOTE_ADDR="198.51.100.9").post(
        page, {"login": "a@people.example", "password": PASSWORD}
    )
    assert "Sign in with an emailed code instead" in refused.text
    ask(client, "a@people.example")
    assert type_code(client, code_to("a@people.example")).url == reverse("home")


def test_password_page_works_while_a_code_is_on_its_way(client: Client) -> None:
    person = PersonFactory.create(email="a@people.example")
    set_password(person=person, password=PASSWORD, by=person)
    ask(client, "a@people.example")
    page = reverse("account_password_sign_in")
    assert client.get(page).status_code == 200
    assert client.post(page, {"login": "a@people.example", "password": PASSWORD}).url == reverse("home")


def test_closed_account_cannot_sign_in_by_password(client: Client) -> None:
    person = PersonFactory.create(email="a@people.example")
    set_password(person=person, password=PASSWORD, by=person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    client.post(reverse("account_password_sign_in"), {"login": "a@people.example", "password": PASSWORD})
    assert not signed_in(client)


def test_there_is_no_sign_up(client: Client) -> None:
    page = client.get(reverse("account_signup"))
    assert page.status_code == 200
    assert "<form" not in page.text
    assert client.post(reverse("account_signup"), {"email": "new@people.example"}).status_code == 405
    assert not Person.objects.exists()


def test_signing_out_ends_this_session_only(client: Client) -> None:
    person = PersonFactory.create()
    other = Client()
    for one in (client, other):
        sign_in(one, person)
    assert client.get(reverse("account_logout")).status_code == 200
    assert signed_in(client)
    client.post(reverse("account_logout"))
    assert not signed_in(client)
    assert signed_in(other)
