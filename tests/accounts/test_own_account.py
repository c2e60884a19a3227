"""One's own account: name, address, password, sessions."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from accounts.actions import change_email, set_password
from accounts.actions.people import AddressTaken
from accounts.handles import handle_of
from accounts.models import OutgoingEmail, Person
from accounts.signing_in import NO_ADDRESS
from tests.accounts.entering import code_to, sign_in
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

NEW = "a long and quiet sentence"


@pytest.fixture
def person(client: Client) -> Person:
    made = PersonFactory.create(name="Zoë", email="zoe@people.example")
    sign_in(client, made)
    return made


def test_signing_out_everywhere_ends_all_ones_sessions_and_nobody_elses(
    client: Client, person: Person
) -> None:
    phone, stranger = Client(), Client()
    sign_in(phone, person)
    sign_in(stranger, PersonFactory.create())
    answer = client.post(reverse("account_sign_out_everywhere"))
    assert answer.url == reverse("account_login")
    for one in (client, phone):
        assert one.get(reverse("account")).status_code == 302
    assert stranger.get(reverse("account")).status_code == 200


def test_account_page_lists_where_one_is_signed_in(client: Client, person: Person) -> None:
    phone = Client()
    sign_in(phone, person)
    UserSession.objects.filter(session_key=phone.session.session_key).update(
        user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
    )
    UserSession.objects.create(user=person, session_key="ended", ip=NO_ADDRESS, user_agent="Firefox on Linux")
    page = client.get(reverse("account")).text
    assert "Safari on iPhone" in page
    assert "Firefox on Linux" not in page
    assert page.count(">This device<") == 1


def test_no_network_address_is_kept(client: Client, person: Person) -> None:
    assert set(UserSession.objects.values_list("ip", flat=True)) == {NO_ADDRESS}


def test_account_page_asks_as_much_for_many_sessions_as_for_one(
    client: Client, person: Person, django_assert_num_queries: Any
) -> None:
    for _ in range(5):
        sign_in(Client(), person)
    with django_assert_num_queries(5):
        client.get(reverse("account"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Zoë   O’Neill & <Sons> ", "Zoë O’Neill & <Sons>"),
        ("Zoe\u0308", "Zoë"),
        ("Mallory\u202egnihtyna", "Mallorygnihtyna"),
        ("محمد علي", "محمد علي"),
    ],
)
def test_name_is_kept_tidied(client: Client, person: Person, typed: str, kept: str) -> None:
    assert client.post(reverse("account_change_name"), {"name": typed}).status_code == 302
    person.refresh_from_db()
    assert person.name == kept


def test_name_that_was_saved_as_it_was_says_so(client: Client, person: Person) -> None:
    url = reverse("account_change_name")
    assert "Nothing was changed." in client.post(url, {"name": f" {person.name}"}, follow=True).text
    changed = client.post(url, {"name": "Zoë O’Neill"}, follow=True).text
    assert "Your name was changed." in changed
    assert "Nothing was changed." not in changed


@pytest.mark.parametrize("typed", ["", "   ", "x" * 151, "Anna\x00Maria\x1b", "\u202e"])
def test_impossible_name_is_explained_and_nothing_changes(client: Client, person: Person, typed: str) -> None:
    answer = client.post(reverse("account_change_name"), {"name": typed})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    person.refresh_from_db()
    assert person.name == "Zoë"


def test_address_changes_once_the_new_one_confirmed_it(client: Client, person: Person) -> None:
    asked = client.post(reverse("account_change_email"), {"email": "New@Home.Example"})
    assert asked.url == reverse("account_confirm_email_change")
    person.refresh_from_db()
    assert person.email == "zoe@people.example"
    code = code_to("new@home.example")
    assert code not in str(dict(client.session))

    assert "not the code" in client.post(asked.url, {"code": "0000-0000"}).text
    assert client.post(asked.url, {"code": code}).url == reverse("account")
    person.refresh_from_db()
    assert person.email == "new@home.example"
    told = OutgoingEmail.objects.get(to_address="zoe@people.example")
    assert "new@home.example" not in told.text


def test_old_address_no_longer_signs_in_after_a_change(client: Client, person: Person) -> None:
    change_email(person=person, email="new@home.example", by=person)
    OutgoingEmail.objects.all().delete()
    Client().post(reverse("account_login"), {"email": "zoe@people.example"})
    assert not re.search(r"\d{4}-\d{4}", OutgoingEmail.objects.get().text)


def test_page_does_not_tell_whether_an_address_has_an_account(client: Client, person: Person) -> None:
    PersonFactory.create(email="taken@people.example")
    answers = []
    for email in ("taken@people.example", "free@people.example"):
        asked = client.post(reverse("account_change_email"), {"email": email})
        page = client.get(asked.url).text.replace(email, "EMAIL")
        answers.append((asked.status_code, asked.url, re.sub(r'value="\w{64}"', "", page)))
    assert answers[0] == answers[1]
    assert not re.search(r"\d{4}-\d{4}", OutgoingEmail.objects.get(to_address="taken@people.example").text)


def test_address_taken_meanwhile_is_refused(person: Person) -> None:
    PersonFactory.create(email="taken@people.example")
    with pytest.raises(AddressTaken):
        change_email(person=person, email="taken@people.example", by=person)


def test_fifth_wrong_code_ends_the_change(client: Client, person: Person) -> None:
    asked = client.post(reverse("account_change_email"), {"email": "new@home.example"})
    code = code_to("new@home.example")
    assert "not the code that we emailed last" in client.post(asked.url, {"code": "0000-0000"}).text
    for _ in range(4):
        last = client.post(asked.url, {"code": "0000-0000"})
    assert last.url == reverse("account_change_email")
    assert client.post(asked.url, {"code": code}).url == reverse("account_change_email")
    person.refresh_from_db()
    assert person.email == "zoe@people.example"


def test_seventh_new_address_within_a_quarter_of_an_hour_is_refused(client: Client, person: Person) -> None:
    for number in range(6):
        client.post(reverse("account_change_email"), {"email": f"new{number}@home.example"})
    refused = client.post(reverse("account_change_email"), {"email": "new7@home.example"})
    assert refused.status_code == 429
    assert "Wait 15 minutes" in refused.text
    assert not OutgoingEmail.objects.filter(to_address="new7@home.example").exists()


def test_setting_a_password_ends_other_sessions_and_tells_its_owner(client: Client, person: Person) -> None:
    phone = Client()
    sign_in(phone, person)
    typed = {"password1": NEW, "password2": NEW}
    assert client.post(reverse("account_set_password"), typed).url == reverse("account")
    assert client.get(reverse("account")).status_code == 200
    assert phone.get(reverse("account")).status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert OutgoingEmail.objects.get().to_address == person.email


@pytest.mark.parametrize(
    ("first", "second"), [("short", "short"), ("password1234", "password1234"), (NEW, NEW + "x"), ("", "")]
)
def test_weak_or_mistyped_password_is_explained(
    client: Client, person: Person, first: str, second: str
) -> None:
    answer = client.post(reverse("account_set_password"), {"password1": first, "password2": second})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    person.refresh_from_db()
    assert not person.has_usable_password()


def test_changing_a_password_needs_the_current_one(client: Client, person: Person) -> None:
    set_password(person=person, password=NEW, by=person)
    sign_in(client, person)
    typed = {"oldpassword": "wrong", "password1": NEW + "2", "password2": NEW + "2"}
    assert "not your current password" in client.post(reverse("account_change_password"), typed).text
    assert client.post(reverse("account_change_password"), typed | {"oldpassword": NEW}).status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW + "2")


def test_one_session_is_ended_by_its_handle_and_nobody_elses(client: Client, person: Person) -> None:
    phone, tablet = sign_in(Client(), person), sign_in(Client(), person)
    stranger_person = PersonFactory.create()
    stranger = sign_in(Client(), stranger_person)
    page = client.get(reverse("account")).text
    assert phone.session.session_key not in page
    handles = re.findall(r"sessions/(\w{32})/end/", page)
    assert len(handles) == 2
    foreign = handle_of("session", stranger.session.session_key or "")
    for handle in (handle_of("session", phone.session.session_key or ""), foreign, "nothing"):
        assert client.post(reverse("account_end_session", args=[handle])).url == reverse("account")
    assert [one.get(reverse("account")).status_code for one in (client, phone, tablet, stranger)] == [
        200,
        302,
        200,
        200,
    ]


def test_all_other_sessions_end_at_once(client: Client, person: Person) -> None:
    phone, tablet = sign_in(Client(), person), sign_in(Client(), person)
    client.post(reverse("account_end_other_sessions"))
    assert "signed out on 2 other devices" in client.get(reverse("account")).text
    assert [one.get(reverse("account")).status_code for one in (phone, tablet)] == [302, 302]
