"""Codes that a trainer gives to somebody in the room who cannot reach their email."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.rows import NamedByUuid, both_or_neither, told_by_time
from assessments.states import CodeEnd
from courses.models import Enrolment

# Wrong tries are shown to trainers, and end nothing.
MOST_COUNTED = 1000


class EntryCodeQuerySet(models.QuerySet["EntryCode"]):
    def visible_to(self, user: Person) -> EntryCodeQuerySet:
        """Codes of enrolments that `user` may see; a page that shows them asks for more."""
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))


class EntryCode(NamedByUuid):
    """A code that signs one participant in once, to their own place alone; it is kept as its HMAC.

    The rows are the log: who gave it, to whom, when, whether it was used, and what ended it.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="entry_codes")
    code_hmac = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=20, choices=CodeEnd.choices, blank=True)

    objects = EntryCodeQuerySet.as_manager()

    class Meta:
        indexes = [
            told_by_time("entrycode_told_made", "made_at"),
            told_by_time("entrycode_told_used", "used_at", used_at__isnull=False),
        ]
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(used_at__isnull=True, ended_at__isnull=True),
                name="entrycode_one_at_a_time",
            ),
            models.CheckConstraint(name="entrycode_hmac", condition=Q(code_hmac__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="entrycode_works_a_while", condition=Q(expires_at__gt=models.F("made_at"))
            ),
            models.CheckConstraint(
                name="entrycode_used_or_ended", condition=Q(used_at__isnull=True) | Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="entrycode_ended_says_why",
                condition=Q(ended_at__isnull=True, ended_because="")
                | Q(ended_at__isnull=False, ended_because__in=CodeEnd.values),
            ),
            *both_or_neither("entrycode", "made"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.uuid}"

    def works_at(self, now: datetime) -> bool:
        """Whether it can still be used."""
        return self.used_at is None and self.ended_at is None and now < self.expires_at
