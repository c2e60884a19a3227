"""An answer that is posted without a session is carried through signing in, and saved for its author."""

from __future__ import annotations

import html
import logging
import re
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.answering import actions
from assessments.models import Answer, KeptAnswer
from courses.models import Enrolment
from tests import factories
from tests.accounts.entering import code_to

pytestmark = pytest.mark.django_db
TEXT = "\nFirst line.\n\n  “Zoë” & <b>second</b>\tline  \n"


@pytest.fixture
def enrolment() -> Enrolment:
    course = factories.course()
    factories.sitting(course)
    return factories.enrolment(course)


def path(enrolment: Enrolment, number: int = 1) -> str:
    return reverse("assessments:question", args=[enrolment.uuid, number])


def carried(response: HttpResponse) -> dict[str, str]:
    """The hidden fields of the page's first form, as a browser sends them on."""
    form = response.content.decode().split('<form method="post" novalidate>', 1)[1].split("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


def answer(text: str = TEXT, base: int = 0) -> dict[str, str]:
    return {"text": text, "base_revision": str(base), "then": "list"}


def come_in(client: Client, url: str, sent: dict[str, str], email: str, **more: Any) -> HttpResponse:
    """Post, give an address, type the code: what the last answer is."""
    first: Any = client.post(url, sent, **more)
    assert first.status_code == 200
    second: Any = client.post(url, carried(first) | {"signing-email": email}, **more)
    assert second.status_code == 200
    code = code_to(email)
    return client.post(url, carried(second) | {"signing-code": code}, **more)  # type: ignore[return-value]


def test_text_is_saved_as_it_was_typed_after_signing_in(client: Client, enrolment: Enrolment) -> None:
    done = come_in(client, path(enrolment), answer(), enrolment.person.email)
    assert done.status_code == 302
    assert done["Location"].startswith(reverse("assessments:task_list", args=[enrolment.uuid]))
    assert Answer.objects.get().text == TEXT
    assert client.session["_auth_user_id"] == str(enrolment.person.pk)


def test_text_is_in_no_session_address_or_log(
    client: Client, enrolment: Enrolment, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "PELICAN-7731"
    with caplog.at_level(logging.DEBUG):
        done = come_in(client, path(enrolment), answer(secret), enrolment.person.email)
    assert secret not in caplog.text
    assert secret not in done["Location"]
    assert not [one for one in Session.objects.all() if secret in str(one.get_decoded())]


def test_get_without_a_session_leads_to_sign_in_as_ever(client: Client, enrolment: Enrolment) -> None:
    assert client.get(path(enrolment)).url.startswith(reverse("account_login"))  # type: ignore[attr-defined]


def test_page_shows_what_was_typed_and_carries_it_through_mistakes(
    client: Client, enrolment: Enrolment
) -> None:
    first: Any = client.post(path(enrolment), answer())
    assert "“Zoë” &amp; &lt;b&gt;second" in first.content.decode()
    wrong: Any = client.post(path(enrolment), carried(first) | {"signing-email": "no address"})
    assert "Enter an email address in the form" in wrong.content.decode()
    asked: Any = client.post(path(enrolment), carried(wrong) | {"signing-email": enrolment.person.email})
    for _number in range(5):
        assert carried(asked)["text"] == TEXT
        asked = client.post(path(enrolment), carried(asked) | {"signing-code": "0000-0000"})
    assert "too many wrong codes" in asked.content.decode()
    assert carried(asked)["text"] == TEXT
    again: Any = client.post(path(enrolment), carried(asked) | {"signing-email": enrolment.person.email})
    code = code_to(enrolment.person.email)
    done: Any = client.post(path(enrolment), carried(again) | {"signing-code": code})
    assert done.status_code == 302
    assert Answer.objects.get().text == TEXT


def test_limits_of_signing_in_hold_on_this_way_too_and_lose_nothing(
    client: Client, enrolment: Enrolment
) -> None:
    email = {"signing-email": enrolment.person.email}
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _number in range(3):
            client.post(path(enrolment), answer() | email | {"signing-step": "email"})
        waits = client.post(path(enrolment), answer() | email | {"signing-step": "email"})
        assert (waits.status_code, "Wait 20 seconds" in waits.content.decode()) == (429, True)
        assert carried(waits)["text"] == TEXT
        clock.shift(20)
        asked = client.post(path(enrolment), carried(waits) | email)
        assert carried(asked)["signing-step"] == "code"
        assert "signing-work" not in carried(asked)
        sent = carried(asked) | {"signing-code": code_to(enrolment.person.email)}
        assert client.post(path(enrolment), sent).status_code == 302
    assert Answer.objects.get().text == TEXT


def test_conflict_after_signing_in_shows_both_texts(client: Client, enrolment: Enrolment) -> None:
    actions.save_answer(
        enrolment=enrolment, number=1, base_revision=0, text="Saved elsewhere.", by=enrolment.person
    )
    done = come_in(client, path(enrolment), answer("Typed here."), enrolment.person.email)
    assert done.status_code == 409
    assert "Saved elsewhere." in done.content.decode()
    assert "Typed here." in done.content.decode()


def test_closed_meanwhile_is_said_and_kept_for_its_author(client: Client, enrolment: Enrolment) -> None:
    actions.start_submission(enrolment=enrolment, by=enrolment.person)
    factories.sitting(enrolment.course, closed=True)
    done = come_in(client, path(enrolment), answer("Too late."), enrolment.person.email)
    assert done.status_code == 409
    assert "Too late." in done.content.decode()
    assert not Answer.objects.exists()


def test_nothing_is_saved_for_anybody_else_and_nothing_is_told(enrolment: Enrolment) -> None:
    seen = set()
    for number, url in enumerate((path(enrolment), reverse("assessments:question", args=[uuid4(), 1]))):
        other = factories.PersonFactory.create(email=f"other{number}@people.example")
        done = come_in(Client(), url, answer("Not theirs."), other.email)
        assert done.status_code == 404
        text = done.content.decode()
        assert "Nothing was saved" in text
        # A page names who is signed in.
        for differs in (other.email, other.name, str(other.uuid)):
            text = text.replace(differs, "")
        seen.add(re.sub(r"token\" value=\"\w+", "", text))
    assert len(seen) == 1
    trainer = factories.trainer_of(enrolment.course)
    assert come_in(Client(), path(enrolment), answer(), trainer.email).status_code == 404
    withdrawn = factories.enrolment(
        enrolment.course, withdrawn_at=enrolment.enrolled_at, withdrawn_by=trainer
    )
    assert come_in(Client(), path(withdrawn), answer(), withdrawn.person.email).status_code == 404
    assert not Answer.objects.exists()
    assert not KeptAnswer.objects.exists()


def test_page_is_the_same_for_a_place_that_there_is_and_one_that_there_is_not(enrolment: Enrolment) -> None:
    seen = set()
    for url in (path(enrolment), reverse("assessments:question", args=[uuid4(), 99])):
        shown: Any = Client().post(url, answer())
        seen.add((shown.status_code, re.sub(r"token\" value=\"\w+", "", shown.content.decode())))
    assert len(seen) == 1


def test_script_is_still_told_that_nobody_is_signed_in(client: Client, enrolment: Enrolment) -> None:
    told: Any = client.post(path(enrolment), answer(), headers={"Accept": "application/json"})
    assert (told.status_code, told.json()) == (401, {"state": "signed_out"})


# --- The token ------------------------------------------------------------------------------------

HERE = {"Origin": "http://testserver"}


def test_token_is_asked_for_and_a_page_without_a_session_has_one(enrolment: Enrolment) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(enrolment.person)
    page = client.get(path(enrolment)).content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    client.cookies.pop("sessionid")
    shown: Any = client.post(path(enrolment), answer() | {"csrfmiddlewaretoken": token[1]})
    assert shown.status_code == 200
    done = client.post(
        path(enrolment), carried(shown) | {"signing-email": enrolment.person.email}
    ).content.decode()
    assert "Check your email" in done


def test_refusal_for_a_missing_token_carries_what_was_typed(enrolment: Enrolment) -> None:
    client = Client(enforce_csrf_checks=True)
    refused: Any = client.post(path(enrolment), answer(), headers=HERE)
    assert refused.status_code == 403
    assert "“Zoë” &amp; &lt;b&gt;second&lt;/b&gt;" in refused.content.decode()
    assert "no-store" in refused["Cache-Control"]
    assert not Answer.objects.exists()


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}])
def test_refusal_shows_no_words_that_another_site_sent(enrolment: Enrolment, headers: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    refused: Any = client.post(path(enrolment), answer("Ring this number."), headers=headers)
    assert refused.status_code == 403
    assert "Ring this number." not in refused.content.decode()


def test_refusal_of_another_form_shows_nothing_of_it(enrolment: Enrolment) -> None:
    client = Client(enforce_csrf_checks=True)
    refused: Any = client.post(reverse("account_change_name"), {"name": "Secret"}, headers=HERE)
    assert refused.status_code == 403
    assert "Secret" not in refused.content.decode()
