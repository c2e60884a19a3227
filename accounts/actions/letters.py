"""Letters: written as rows in the transaction that decided them, sent by the worker."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import SENDING, OutgoingEmail, Person
from aimcert.foundation.logs import error_code
from aimcert.foundation.outbox import try_afresh
from aimcert.foundation.refusals import Refused
from aimcert.foundation.retention import delete_batches
from aimcert.foundation.task_queue import enqueue

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

logger = logging.getLogger(__name__)

SHARED_LAYOUT = "emails/text.html"
# By their templates, what somebody waits for on the page that asked for it. A letter that must not be told
# apart from one of these, since it says whether there is an account, takes as long as it does.
URGENT = frozenset({"sign_in_code", "no_account", "proving_code", "confirm_address", "address_in_use"})


class LetterRunOut(Refused):
    """What a letter carries works no more, so that it would only mislead."""


@transaction.atomic(savepoint=False)
def queue_email(
    *,
    to: str,
    subject: StrOrPromise,
    template: str,
    context: dict[str, Any] | None = None,
    language: str = settings.LANGUAGE_CODE,
) -> OutgoingEmail:
    """Write a letter now, in its reader's language; it is sent once, soon after the transaction commits.

    A letter says that something waits, and where: never a result, an answer or a reason.

    Args:
        to: the address.
        subject: one line; a lazy translation is put into `language`.
        template: `templates/emails/<template>.txt`, and `.html` where there is one; without it the
            worker sets the text in the shared layout. One of `URGENT` overtakes all others.
        context: what the templates read, beside `site_url` and `support_email`.
        language: the reader's, such as their `Person.language`.

    Returns:
        The row. Two calls are two letters: who calls again knows whether it was decided already.

    Side effects:
        Wakes a worker for it after the commit, see `enqueue_letter`.
    """
    values = {
        "site_url": settings.SITE_URL,
        "support_email": settings.AIM["SUPPORT_EMAIL"],
        **(context or {}),
    }
    with translation.override(language):
        values["subject"] = " ".join(str(subject).split())[:200]
        # Nothing is escaped in plain text, so that O’Neill & Sons stay themselves.
        plain = get_template(f"emails/{template}.txt").template  # type: ignore[attr-defined]
        values["text"] = plain.render(Context(values, autoescape=False)).strip() + "\n"
        own = _own_html(template)
        html = own.render(values) if own else ""
    letter = OutgoingEmail.objects.create(
        to_address=to,
        subject=values["subject"],
        text=values["text"],
        html=html,
        is_urgent=template in URGENT,
    )
    enqueue_letter(letter.pk, is_urgent=letter.is_urgent)
    return letter


def enqueue_letter(letter_id: int, *, is_urgent: bool) -> None:
    """After the commit, wake a worker to send a letter: the one for urgent letters, or any other."""
    enqueue("accounts.send_urgent_email" if is_urgent else "accounts.send_email", letter_id)


def write_to(
    *, person: Person, subject: StrOrPromise, template: str, context: dict[str, Any] | None = None
) -> OutgoingEmail | None:
    """Write a letter to a person, by the name and in the language of the account that they read now.

    Args:
        person: whom; see `reader_of`.
        subject, template, context: as for `queue_email`; the template also reads their `name`.

    Returns:
        The letter; None where nobody reads it.
    """
    reader = reader_of(person)
    if reader is None:
        return None
    return queue_email(
        to=reader.email,
        subject=subject,
        template=template,
        context={"name": reader.name, **(context or {})},
        language=reader.language,
    )


def reader_of(person: Person) -> Person | None:
    """Who reads a letter to `person`: the account that theirs was joined to; nobody, where it is closed."""
    while person.merged_into is not None:
        person = person.merged_into
    return person if person.is_active else None


def deliver_email(*, letter_id: int) -> bool:
    """Send one letter by SMTP, unless it was sent, is being sent, waits for its next attempt, or is too late.

    Too late is one whose code works no more (`run_out`): whoever waited for it has asked for another.

    The attempt is counted, and the letter is kept from other workers for its lease, before the mail
    server is spoken to: no transaction stays open meanwhile, and a worker that is killed leaves a
    row that the sweep takes up again. Its text goes when it was sent, since it may hold a code.

    Args:
        letter_id: primary key of an `OutgoingEmail`.

    Returns:
        Whether it was sent by this call.
    """
    letter = SENDING.take(OutgoingEmail.objects.waiting(timezone.now()), letter_id)
    if letter is None:
        return False
    # Sent again, where a worker died before it could note the server's yes, it is the same message.
    headers = {"Message-ID": f"<{letter.uuid}@{settings.MESSAGE_ID_DOMAIN}>"}
    message = EmailMultiAlternatives(letter.subject, letter.text, to=[letter.to_address], headers=headers)
    html = letter.html or render_to_string(SHARED_LAYOUT, {"subject": letter.subject, "text": letter.text})
    message.attach_alternative(html, "text/html")
    try:
        message.send()
    except Exception as error:  # smtplib's, ssl's and the socket's own
        # The error's words may hold the address, which logs must not.
        logger.warning("letter not sent", extra={"letter": letter.pk, "error": error_code(error)})
        SENDING.put_off(OutgoingEmail.objects.filter(sent_at__isnull=True), letter, error_code(error))
        return False
    letter.sent_at = timezone.now()
    letter.text = letter.html = letter.last_error = ""
    letter.save(update_fields=["sent_at", "text", "html", "last_error"])
    return True


@transaction.atomic
def retry_email(*, letter: OutgoingEmail, by: Person) -> OutgoingEmail:
    """Have a letter that could not be sent tried again at once.

    Args:
        letter: the letter.
        by: the AIM admin who asks.

    Returns:
        The letter; one that was sent meanwhile stays as it is.

    Raises:
        LetterRunOut: what it carries works no more.

    Side effects:
        Starts its count of attempts afresh, and wakes a worker for it.
    """
    letter = OutgoingEmail.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if OutgoingEmail.objects.run_out(timezone.now()).filter(pk=letter.pk).exists():
        raise LetterRunOut(
            _("The code in this email no longer works. Who asked for it can ask for a new one.")
        )
    if letter.sent_at is None:
        letter.save(update_fields=letter.try_afresh())
        enqueue_letter(letter.pk, is_urgent=letter.is_urgent)
    return letter


@transaction.atomic
def retry_letters(*, by: Person, are_urgent: bool = False) -> int:
    """Have every letter that could not be sent tried again at once, those too that were given up.

    What a worker may be sending at this moment is left to it.

    Args:
        by: the AIM admin who asks.
        are_urgent: which: those that somebody waits for, or all others.

    Returns:
        How many are tried again.

    Side effects:
        Starts their count of attempts afresh, and wakes a sweep.
    """
    now = timezone.now()
    tried = try_afresh(SENDING.idle(OutgoingEmail.objects.unsent(now).filter(is_urgent=are_urgent), now))
    enqueue("accounts.sweep_urgent_emails" if are_urgent else "accounts.sweep_emails")
    return len(tried)


def forget_letters(*, now: datetime) -> int:
    """Delete letters that were sent, or given up, longer ago than `AIM["LETTER_DAYS"]`; how many went.

    A letter's text went when it was sent; this is who was written to, when and about what. One that
    is still being tried stays, however old. One that ran out is sent no more, so its text goes at once.
    """
    before = now - timedelta(days=settings.AIM["LETTER_DAYS"])
    letters = OutgoingEmail.objects.all()
    letters.run_out(now).exclude(text="", html="").update(text="", html="")
    gone = delete_batches(letters.filter(sent_at__lt=before))
    gone += delete_batches(letters.run_out(before))
    return gone + delete_batches(letters.given_up(now).filter(next_attempt_at__lt=before))


def _own_html(template: str) -> Any:
    """The template of a letter that has HTML of its own; None for all others."""
    try:
        return get_template(f"emails/{template}.html")
    except TemplateDoesNotExist:
        return None
