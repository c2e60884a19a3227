"""How many letters wait to be sent, and how many exports to be made."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import SENDING, DataExport, OutgoingEmail
from aimcert.foundation.backlog import LATE, Backlog, add_backlog, counted

LETTERS, URGENT_LETTERS, EXPORTS = "letters", "urgent_letters", "exports"
# Who asked for an export that could not be made has asked again by then.
EXPORT_DAYS_BACK = 7
# The reader's own mail server said no: ours works.
REFUSED_THERE = "SMTPRecipientsRefused"
# Somebody sits there and waits for it; a second attempt is made within this.
URGENT_LATE = timedelta(minutes=2)


def letters() -> Backlog:
    """Letters that were not sent, but the urgent ones."""
    return _unsent(LETTERS, is_urgent=False, late_after=LATE)


def urgent_letters() -> Backlog:
    """Letters that were not sent though somebody waits for them, such as sign-in codes."""
    return _unsent(URGENT_LETTERS, is_urgent=True, late_after=URGENT_LATE)


def _unsent(kind: str, *, is_urgent: bool, late_after: timedelta) -> Backlog:
    """Count those that are of use still; one that its reader's server refuses holds up no other."""
    return counted(
        kind,
        OutgoingEmail.objects.unsent(timezone.now()).filter(is_urgent=is_urgent),
        since="created_at",
        is_given_up=SENDING.is_given_up,
        is_hindered_by_itself=Q(last_error__startswith=REFUSED_THERE),
        late_after=late_after,
    )


def exports() -> Backlog:
    """Exports that were asked for, and those of the last days that could not be made."""
    given_up = Q(given_up_at__isnull=False)
    lately = Q(asked_at__gte=timezone.now() - timedelta(days=EXPORT_DAYS_BACK))
    return counted(
        EXPORTS,
        DataExport.objects.filter(Q(made_at__isnull=True) & (~given_up | lately)),
        since="asked_at",
        is_given_up=given_up,
    )


add_backlog(URGENT_LETTERS, count=urgent_letters)
add_backlog(LETTERS, count=letters)
add_backlog(EXPORTS, count=exports)
