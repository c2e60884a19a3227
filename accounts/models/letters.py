"""Letters to be sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.people import Person
from aimcert.foundation.name_order import name_matches
from aimcert.foundation.outbox import Attempts, Hindered, waiting_index
from aimcert.foundation.rows import NamedByUuid
from aimcert.foundation.typed import mailbox

# Well above what SMTP's timeouts add up to; after about ten hours trying goes on only when an AIM admin asks.
SENDING = Attempts(lease=timedelta(minutes=3), most=16)


class OutgoingEmailQuerySet(models.QuerySet["OutgoingEmail"]):
    # An urgent letter carries a code that works for so long, or must not be told apart from one that does.
    URGENT_FOR = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)

    def unsent(self, now: datetime) -> OutgoingEmailQuerySet:
        """Letters that were not sent, and that are of use if they are sent now."""
        return self.filter(Q(is_urgent=False) | Q(created_at__gt=now - self.URGENT_FOR), sent_at__isnull=True)

    def run_out(self, now: datetime) -> OutgoingEmailQuerySet:
        """Letters that were not sent while what they carry worked: nobody is served by them any more."""
        return self.filter(is_urgent=True, created_at__lte=now - self.URGENT_FOR, sent_at__isnull=True)

    def waiting(self, now: datetime) -> OutgoingEmailQuerySet:
        """Letters whose next attempt is due."""
        return SENDING.due(self.unsent(now).exclude(SENDING.is_given_up), now)

    def given_up(self, now: datetime) -> OutgoingEmailQuerySet:
        """Letters that could not be sent, however often it was tried."""
        return self.unsent(now).filter(SENDING.is_given_up)

    def matching(self, q: str) -> OutgoingEmailQuerySet:
        """Letters to an address in which `q` stands, or of whose subject each of its words begins a word."""
        return self.filter(Q(to_address__icontains=mailbox(q) or q) | name_matches("subject", q))

    def visible_to(self, user: Person) -> OutgoingEmailQuerySet:
        """Letters whose fate `user` may see: an AIM admin all, nobody else any."""
        return self if user.is_aim_admin else self.none()


class OutgoingEmail(NamedByUuid, Hindered):
    """A letter that must be sent: written in the transaction that decided it, sent by the worker.

    Its text goes when it is sent, since it may hold a sign-in code or an invitation's link.
    """

    to_address = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    # Somebody waits for it on the page that asked for it: accounts/actions/letters.py says which these are.
    is_urgent = models.BooleanField(default=False, db_default=False)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = OutgoingEmailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="outgoingemail_text_gone_when_sent",
                condition=Q(sent_at__isnull=True) | Q(text="", html=""),
            )
        ]
        indexes = [waiting_index("outgoingemail", Q(sent_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.subject} ({self.uuid})"
