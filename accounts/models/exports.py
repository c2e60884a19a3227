"""Everything that is held about one person, as a file that they asked for."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.people import Person
from aimcert.foundation.outbox import Hindered, waiting_index
from aimcert.foundation.rows import NamedByUuid, both_or_neither

UNDERWAY = Q(made_at__isnull=True, given_up_at__isnull=True)


class DataExportQuerySet(models.QuerySet["DataExport"]):
    def visible_to(self, user: Person) -> DataExportQuerySet:
        """Exports that `user` may open and download: those about themself, and nobody else's."""
        return self.about(user)

    def about(self, person: Person) -> DataExportQuerySet:
        """Exports about `person`, those too of accounts that were merged into theirs."""
        return self.filter(person__in=Person.objects.accounts_of(person))

    def underway(self) -> DataExportQuerySet:
        """Those that are to be made, or being made."""
        return self.filter(UNDERWAY)


class DataExport(NamedByUuid, Hindered):
    """A file of everything held about one person: asked for, made by a worker, deleted after its time.

    The row stays: when it was asked for, by whom, and the SHA-256 of what was given.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="data_exports")
    language = models.CharField(max_length=10, default="en-gb")
    asked_at = models.DateTimeField(default=timezone.now)
    # The person, or an AIM admin who answers a letter of theirs; why, `SecurityStep` says.
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    done = models.PositiveSmallIntegerField(default=0, help_text="Kinds of records written so far.")
    total = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    file = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    # A file that a worker is about to store, deleted by the next if that one died over it.
    storing = models.CharField(max_length=200, blank=True)

    objects = DataExportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=UNDERWAY, name="dataexport_one_underway"),
            models.CheckConstraint(
                name="dataexport_made_has_file",
                condition=Q(made_at__isnull=True, file="", sha256="", deleted_at__isnull=True)
                | (
                    Q(made_at__isnull=False, expires_at__isnull=False, given_up_at__isnull=True)
                    & Q(sha256__regex=r"^[0-9a-f]{64}$")
                    & (Q(deleted_at__isnull=True) & ~Q(file="") | Q(deleted_at__isnull=False, file=""))
                ),
            ),
            *both_or_neither("dataexport", "asked"),
        ]
        indexes = [
            waiting_index("dataexport", UNDERWAY),
            models.Index(
                fields=["expires_at"],
                condition=Q(made_at__isnull=False, deleted_at__isnull=True),
                name="dataexport_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"

    @property
    def is_underway(self) -> bool:
        """Whether it is to be made, or being made; the same condition as `underway`, for one row."""
        return self.made_at is None and self.given_up_at is None

    def can_be_had(self, now: datetime) -> bool:
        """Whether its file can be downloaded at `now`."""
        is_kept = self.made_at is not None and self.deleted_at is None
        return is_kept and self.expires_at is not None and now < self.expires_at
