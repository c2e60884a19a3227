"""How many letters wait to be sent."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import OutgoingEmail
from aimcert.foundation.backlog import Backlog, add_backlog, counted

LETTERS = "letters"
# The reader's own mail server said no: ours works.
REFUSED_THERE = "SMTPRecipientsRefused"


def letters() -> Backlog:
    """Letters that were not sent; one that its reader's server refuses holds up no other."""
    return counted(
        LETTERS,
        OutgoingEmail.objects.filter(sent_at__isnull=True),
        since="created_at",
        is_given_up=Q(attempts__gte=OutgoingEmail.objects.all().MOST_ATTEMPTS),
        is_hindered_by_itself=Q(last_error__startswith=REFUSED_THERE),
    )


add_backlog(LETTERS, count=letters)
