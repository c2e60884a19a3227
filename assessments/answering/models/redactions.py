"""Redactions: what was taken out of kept texts, where, by whom and why; never what it said."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.rows import NamedByUuid
from assessments.answering.models.paper import Scan
from assessments.answering.models.submissions import Submission
from courses.models import Enrolment

# What stands in a text from then on.
MARK = "[redacted]"


class Redaction(NamedByUuid):
    """One redaction of one person's texts on one course; `certification_redact` alone writes its rows.

    The reason is read by who wrote the texts.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="redactions")
    reason = models.TextField(max_length=1000)
    redacted_at = models.DateTimeField(default=timezone.now)
    redacted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="redaction_says_why", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.uuid}"


class RedactedText(models.Model):
    """One text out of which something was taken: which, how often, and the SHA-256 that it had before."""

    redaction = models.ForeignKey(Redaction, on_delete=models.PROTECT, related_name="texts")
    # Of which attempt it is an answer, if it is one: its fingerprint is of the text as it was.
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="redacted_texts"
    )
    table_name = models.CharField(max_length=63)
    column_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    times = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="redactedtext_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="redactedtext_times", condition=Q(times__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.table_name}.{self.column_name} {self.row_id}"


class RemovedScan(models.Model):
    """A scan whose file was deleted whole. Its row stays, with the SHA-256 that the receipt names."""

    redaction = models.ForeignKey(Redaction, on_delete=models.PROTECT, related_name="removed_scans")
    scan = models.OneToOneField(Scan, on_delete=models.PROTECT, related_name="removed")

    def __str__(self) -> str:
        return f"{self.scan_id}"
