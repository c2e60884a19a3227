"""Letters: written in the deciding transaction, sent once, whatever fails in between."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.actions import deliver_email, queue_email, retry_email
from accounts.models import SENDING, OutgoingEmail
from accounts.periodic import sweep_emails
from accounts.tasks import send_email
from tests.factories import admin
from tests.letters import MailServer, text_of

pytestmark = pytest.mark.django_db

TO = "zoe@people.example"


def letter(**context: Any) -> OutgoingEmail:
    values = {"name": "Zoë O’Neill", "organisation": "O'Neill & <Sons>", "email": TO, **context}
    return queue_email(to=TO, subject="Hello", template="commissioner_invited", context=values)


def test_letter_run_twice_is_sent_once_and_its_text_goes(mail_server: MailServer) -> None:
    row = letter()
    assert [send_email(row.pk), send_email(row.pk), sweep_emails()] == [True, False, 0]
    (came,) = mail_server.messages
    assert came["To"] == TO
    assert "O'Neill & <Sons>" in text_of(came)
    row.refresh_from_db()
    assert row.sent_at is not None
    assert (row.text, row.html) == ("", "")


def test_html_part_escapes_what_people_typed(mail_server: MailServer) -> None:
    deliver_email(letter_id=letter().pk)
    body = mail_server.messages[0].get_body(preferencelist=("html",))
    assert body is not None
    assert "O&#x27;Neill &amp; &lt;Sons&gt;" in body.get_content()


def test_failed_attempt_is_counted_and_tried_again_later(mail_server: MailServer) -> None:
    row = letter()
    mail_server.stop()
    assert not send_email(row.pk)
    row.refresh_from_db()
    assert row.attempts == 1
    assert row.last_error == "ConnectionRefusedError ECONNREFUSED"
    assert row.text
    assert timezone.now() < row.next_attempt_at < timezone.now() + timedelta(seconds=31)
    mail_server.start()
    assert sweep_emails() == 0
    OutgoingEmail.objects.update(next_attempt_at=timezone.now())
    assert sweep_emails() == 1
    assert len(mail_server.messages) == 1


def test_letter_of_a_worker_that_died_is_sent_after_its_lease(mail_server: MailServer) -> None:
    row = letter()
    OutgoingEmail.objects.update(attempts=1, next_attempt_at=timezone.now() + SENDING.lease)
    assert not send_email(row.pk)
    OutgoingEmail.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    assert sweep_emails() == 1


def test_letter_sent_again_by_another_worker_is_the_same_message(mail_server: MailServer) -> None:
    row, other = letter(), letter()
    deliver_email(letter_id=row.pk)
    # The worker died between the mail server's yes and noting it: the row is as it was before.
    OutgoingEmail.objects.filter(pk=row.pk).update(
        sent_at=None, text=row.text, next_attempt_at=timezone.now() - timedelta(seconds=1)
    )
    deliver_email(letter_id=row.pk)
    deliver_email(letter_id=other.pk)
    first, again, another = [one["Message-ID"] for one in mail_server.messages]
    assert first == again == f"<{row.uuid}@{settings.MESSAGE_ID_DOMAIN}>"
    assert another != first


def test_letter_that_cannot_be_sent_is_shown_to_an_admin_who_can_try_again(
    client: Any, mail_server: MailServer
) -> None:
    row = letter()
    OutgoingEmail.objects.update(attempts=16, last_error="SMTPRecipientsRefused")
    assert sweep_emails() == 0
    client.force_login(admin())
    page = client.get(reverse("unsent_emails")).text
    assert TO in page
    assert "refuses the address" in page
    assert "SMTPRecipientsRefused" not in page
    client.post(reverse("retry_email", args=[row.uuid]))
    assert sweep_emails() == 1
    assert "Every email could be sent." in client.get(reverse("unsent_emails")).text


def test_trying_again_leaves_a_sent_letter_alone(mail_server: MailServer) -> None:
    row = letter()
    deliver_email(letter_id=row.pk)
    retry_email(letter=row, by=admin())
    assert sweep_emails() == 0
    assert len(mail_server.messages) == 1


def test_letter_of_a_decision_that_was_undone_does_not_exist() -> None:
    with transaction.atomic():
        letter()
        transaction.set_rollback(True)
    assert not OutgoingEmail.objects.exists()


def test_subject_stays_one_line() -> None:
    row = queue_email(to=TO, subject="One\r\nBcc: all@people.example", template="password_set")
    assert row.subject == "One Bcc: all@people.example"


def test_lazy_subject_is_written_down() -> None:
    assert queue_email(to=TO, subject=gettext_lazy("Hello"), template="password_set").subject == "Hello"


def test_database_keeps_no_text_of_a_sent_letter() -> None:
    row = letter()
    with pytest.raises(IntegrityError, match="text_gone_when_sent"), transaction.atomic():
        OutgoingEmail.objects.filter(pk=row.pk).update(sent_at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_letter_that_another_worker_holds_is_left_to_it(mail_server: MailServer) -> None:
    row = letter()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            other.set_autocommit(False)
            cursor.execute("SELECT 1 FROM accounts_outgoingemail WHERE id = %s FOR UPDATE", [row.pk])
            assert not deliver_email(letter_id=row.pk)
            other.rollback()
    finally:
        other.close()
    assert deliver_email(letter_id=row.pk)
    assert len(mail_server.messages) == 1


@pytest.mark.parametrize(
    "template",
    [
        "sign_in_code",
        "no_account",
        "confirm_address",
        "address_in_use",
        "address_changed",
        "password_set",
        "commissioner_invited",
        "staff_appointed",
    ],
)
def test_every_letter_of_accounts_says_where_to_turn(mail_server: MailServer, template: str) -> None:
    row = queue_email(to=TO, subject="Hello", template=template, context={"code": "1234-5678", "name": "Zoë"})
    deliver_email(letter_id=row.pk)
    for kind in ("plain", "html"):
        part = mail_server.messages[0].get_body(preferencelist=(kind,))
        assert part is not None
        assert "support@aimcert.example" in part.get_content()
        assert "The AIM Project" in part.get_content()
        # Somebody else gave us what we hold of them: the first letter says where to read of it.
        assert f"{settings.SITE_URL}{reverse('legal_page', args=['privacy'])}" in part.get_content()


def test_every_letter_has_the_same_foot() -> None:
    letters = set((settings.BASE_DIR / "templates/emails").glob("*.txt"))
    without = {path.name for path in letters if not path.read_text().startswith('{% extends "emails/base')}
    assert without == {"base.txt"}
