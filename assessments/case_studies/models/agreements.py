"""Agreement to a proposed version: who agreed to which text, who objects to what, who is unavailable."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.rows import NamedByUuid, both_or_neither
from assessments.case_studies.models.contents import Version
from courses.models import Programme


class Agreement(models.Model):
    """One Associate's agreement to a version as it stood; it lapses when that text changes."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="agreements")
    associate = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="agreements")
    # The version's when they agreed: the agreement stands while the version still has it.
    fingerprint = models.CharField(max_length=64)
    # SHA-256 of each passage as it was agreed to: what changed since is said by name.
    passages: models.JSONField[dict[str, Any]] = models.JSONField()
    agreed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "associate", "fingerprint"], name="agreement_once"),
            models.CheckConstraint(
                name="agreement_has_fingerprint", condition=Q(fingerprint__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.associate_id} agreed to {self.version_id}"


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def standing(self) -> ObjectionQuerySet:
        """Objections that were neither withdrawn nor closed: none lapses by itself."""
        return self.filter(withdrawn_at__isnull=True, closed_at__isnull=True)

    def visible_to(self, user: Person) -> ObjectionQuerySet:
        """Objections to versions that `user` may read."""
        return self.filter(version__in=Version.objects.visible_to(user))


class Objection(NamedByUuid):
    """One Associate's objection to one passage, with the reason; it stands until they withdraw it."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="objections")
    passage = models.CharField(max_length=60)
    passage_sha256 = models.CharField(max_length=64, help_text="Of the text that it was raised against.")
    reason = models.TextField(max_length=4000)
    raised_at = models.DateTimeField(default=timezone.now)
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Only where who raised it is not licensed any more: an admin, with the reason.
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_because = models.TextField(blank=True, max_length=2000)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "passage", "raised_by"],
                condition=Q(withdrawn_at__isnull=True, closed_at__isnull=True),
                name="objection_one_standing",
            ),
            models.CheckConstraint(
                name="objection_ended_once",
                condition=Q(withdrawn_at__isnull=True) | Q(closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="objection_closed_has_reason",
                condition=Q(closed_at__isnull=True, closed_because="")
                | (Q(closed_at__isnull=False) & ~Q(closed_because="")),
            ),
            *both_or_neither("objection", "raised", "withdrawn", "closed"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"

    @property
    def stands(self) -> bool:
        """Whether it was neither withdrawn nor closed."""
        return self.withdrawn_at is None and self.closed_at is None


class ObjectionReply(models.Model):
    """What was answered to an objection, by an author or by who raised it."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField(max_length=4000)
    replied_at = models.DateTimeField(default=timezone.now)
    replied_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [*both_or_neither("objectionreply", "replied")]

    def __str__(self) -> str:
        return f"{self.objection_id}/{self.pk}"


class UnavailabilityQuerySet(models.QuerySet["Unavailability"]):
    def on(self, day: date) -> UnavailabilityQuerySet:
        """Those that hold on `day`."""
        return self.filter(ended_at__isnull=True, from_on__lte=day, until_on__gte=day)

    def standing(self) -> UnavailabilityQuerySet:
        """Those that hold today or will."""
        return self.filter(ended_at__isnull=True, until_on__gte=timezone.localdate())

    def visible_to(self, user: Person) -> UnavailabilityQuerySet:
        """Records that `user` may read, with their reasons: an AIM admin all, nobody else any."""
        return self if user.is_aim_admin else self.none()


class Unavailability(NamedByUuid):
    """An Associate who cannot be asked between two dates: recorded by an AIM admin, with the reason.

    A version can be frozen without them; until they agree to it, they train no course of the programme.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    associate = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.TextField(max_length=1000)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = UnavailabilityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "unavailabilities"
        constraints = [
            models.CheckConstraint(
                name="unavailability_until_after_from", condition=Q(until_on__gte=F("from_on"))
            ),
            models.CheckConstraint(name="unavailability_has_reason", condition=~Q(reason="")),
            *both_or_neither("unavailability", "recorded", "ended"),
        ]

    def __str__(self) -> str:
        return f"{self.associate_id}: {self.from_on} to {self.until_on}"


class AgreementReminder(models.Model):
    """A letter that reminded one Associate of a version that waits for them."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="reminders")
    associate = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [*both_or_neither("agreementreminder", "sent")]

    def __str__(self) -> str:
        return f"{self.associate_id}, {self.sent_at}"
