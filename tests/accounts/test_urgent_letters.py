"""A letter that somebody waits for on the page overtakes all others, and has a worker of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import announce_email_change, queue_email, send_proving_code
from accounts.actions.letters import URGENT
from accounts.models import OutgoingEmail
from accounts.periodic import sweep_emails, sweep_urgent_emails
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
