"""A letter that somebody waits for on the page overtakes all others, and has a worker of its own."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import announce_email_change, forget_letters, queue_email, send_proving_code
from accounts.actions.letters import URGENT
from accounts.actions.signing_in import WORKS_FOR
from accounts.backlog import URGENT_LETTERS
from accounts.models import OutgoingEmail
from accounts.periodic import sweep_emails, sweep_urgent_emails
from accounts.tasks import send_urgent_email
from aimcert.foundation.backlog import backlogs
from tests import factories
from tests.letters import MailServer
from tests.stack import Stack, wait_until

pytestmark = pytest.mark.django_db

EMAILS = Path(settings.BASE_DIR) / "templates" / "emails"
NOBODY = "nobody@people.example"


def ordinary(to: str) -> OutgoingEmail:
    return queue_email(to=to, subject="Hello", template="password_set")


def urgent(to: str) -> OutgoingEmail:
    return queue_email(to=to, subject="Hello", template="sign_in_code", context={"code": "1234-5678"})


def ask_for_code(address: str) -> None:
    answer = Client().post(reverse("account_request_login_code"), {"email": address})
    assert answer.status_code == 302


def test_every_letter_with_a_code_is_urgent() -> None:
    with_code = {path.stem for path in EMAILS.iterdir() if re.search(r"{{[^}]*\bcode\b", path.read_text())}
    assert with_code >= {"sign_in_code", "proving_code", "confirm_address"}
    assert with_code <= URGENT
    assert {f"{name}.txt" for name in URGENT} <= {path.name for path in EMAILS.iterdir()}


def test_what_somebody_waits_for_is_urgent_and_what_they_do_not_is_not() -> None:
    person, other = factories.PersonFactory.create(), factories.PersonFactory.create()
    ask_for_code(person.email)
    # It must not take longer, or less long, where there is no account.
    ask_for_code(NOBODY)
    send_proving_code(person=person, code="1234", by=person)
    announce_email_change(person=person, email="new@people.example", code="1234", by=person)
    announce_email_change(person=person, email=other.email, code="1234", by=person)
    assert OutgoingEmail.objects.count() == 5
    assert not OutgoingEmail.objects.filter(is_urgent=False).exists()
    assert ordinary(person.email).is_urgent is False


def test_sweeps_take_urgent_letters_first(mail_server: MailServer) -> None:
    ordinary("first@people.example")
    ordinary("second@people.example")
    urgent("code@people.example")
    OutgoingEmail.objects.filter(is_urgent=True).update(next_attempt_at=timezone.now())
    assert sweep_emails() == 3
    assert mail_server.messages[0]["To"] == "code@people.example"


def test_urgent_worker_sweeps_up_no_other_letters(mail_server: MailServer) -> None:
    ordinary("first@people.example")
    urgent("code@people.example")
    assert (sweep_urgent_emails(), sweep_urgent_emails()) == (1, 0)
    assert [letter["To"] for letter in mail_server.messages] == ["code@people.example"]


def run_out(letter: OutgoingEmail, by: timedelta = timedelta(0), **fields: Any) -> None:
    """Let the code in `letter` have worked its time, and `by` more."""
    written = timezone.now() - WORKS_FOR - by
    OutgoingEmail.objects.filter(pk=letter.pk).update(created_at=written, next_attempt_at=written, **fields)


def test_code_that_works_no_more_is_not_sent_and_another_letter_is(mail_server: MailServer) -> None:
    late, just, other = urgent("late@people.example"), urgent("just@people.example"), ordinary(NOBODY)
    run_out(late)
    run_out(just, by=-timedelta(seconds=30))
    run_out(other, by=timedelta(hours=1))
    assert not send_urgent_email(late.pk)
    assert (sweep_urgent_emails(), sweep_emails()) == (1, 1)
    assert [letter["To"] for letter in mail_server.messages] == ["just@people.example", NOBODY]
    late.refresh_from_db()
    assert (late.attempts, late.sent_at) == (0, None)


@pytest.mark.parametrize("attempts", [3, 16])
def test_code_that_works_no_more_is_nobodys_backlog(client: Client, attempts: int) -> None:
    letter = urgent("code@people.example")
    run_out(letter, attempts=attempts, last_error="ConnectionRefusedError ECONNREFUSED")
    assert client.get("/healthz/backlog").json()["urgent_letters"] is True
    [codes] = [one for one in backlogs() if one.kind == URGENT_LETTERS]
    assert (codes.waiting, codes.failing, codes.given_up, codes.reasons) == (0, 0, 0, ())
    client.force_login(factories.admin())
    assert "Every email could be sent." in client.get(reverse("unsent_emails")).text
    assert "could not be sent" not in client.get(reverse("home")).text
    all_again = client.post(reverse("certification:try_again", args=[URGENT_LETTERS]), follow=True)
    assert "Nothing was waiting for another try." in all_again.text
    # From a page that was opened before it ran out.
    refused = client.post(reverse("retry_email", args=[letter.uuid]))
    assert refused.status_code == 409
    assert "no longer works" in refused.text
    letter.refresh_from_db()
    assert letter.attempts == attempts


def test_text_of_a_code_that_works_no_more_goes_and_later_that_it_was_written(settings: Any) -> None:
    late, fresh = urgent("late@people.example"), urgent("fresh@people.example")
    run_out(late)
    assert forget_letters(now=timezone.now()) == 0
    late.refresh_from_db()
    fresh.refresh_from_db()
    assert (late.text, late.html) == ("", "")
    assert "1234-5678" in fresh.text
    run_out(late, by=timedelta(days=settings.AIM["LETTER_DAYS"]))
    assert forget_letters(now=timezone.now()) == 1
    assert list(OutgoingEmail.objects.all()) == [fresh]


@pytest.mark.django_db(transaction=True)
def test_workers_pass_over_a_code_that_ran_out_while_the_mail_server_was_out(
    live_stack: Stack, mail_server: MailServer
) -> None:
    mail_server.stop()
    late = urgent("late@people.example")
    rows = OutgoingEmail.objects.filter(pk=late.pk)
    wait_until(lambda: rows.exclude(last_error="").exists())
    run_out(late)
    mail_server.start()
    # The sweep of these comes to the oldest first.
    fresh = urgent("fresh@people.example")
    mail_server.wait_for(fresh.to_address)
    wait_until(lambda: not OutgoingEmail.objects.waiting(timezone.now()).exists())
    assert mail_server.to(late.to_address) == []
    assert rows.get().attempts == 1


@pytest.mark.django_db(transaction=True)
def test_code_leaves_while_every_worker_is_busy_with_other_letters(
    live_stack: Stack, mail_server: MailServer
) -> None:
    person = factories.PersonFactory.create()
    mail_server.hold("slow@people.example")
    slow = [ordinary("slow@people.example") for _ in range(12)]
    # As many as the worker does at once, and the sweep besides would wait for one of them too.
    wait_until(lambda: len(mail_server.held) >= 2)
    ask_for_code(person.email)
    mail_server.wait_for(person.email, subject="sign-in code")
    # It did not wait for the rest: none of these was sent, and none was given up meanwhile.
    assert not OutgoingEmail.objects.filter(pk__in=[one.pk for one in slow], sent_at__isnull=False).exists()
    assert not OutgoingEmail.objects.exclude(last_error="").exists()
    mail_server.release()
    wait_until(lambda: not OutgoingEmail.objects.filter(sent_at__isnull=True).exists())
