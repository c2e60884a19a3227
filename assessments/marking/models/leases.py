"""Who has an answer open to mark it, for some minutes, so that two markers do not do the same work."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.rows import both_or_neither
from assessments.answering.models.submissions import Submission
from assessments.case_studies.models.contents import Question


class MarkingLease(models.Model):
    """One marker's turn at one answer. It ends by itself; whoever takes it over makes a row of their own.

    It keeps nobody from judging: that no judgement is written over unseen, its revision sees to.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="leases")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # Whose turn it still was.
    taken_from = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()
    # Somebody else's turn began.
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "question"], condition=Q(ended_at__isnull=True), name="lease_one_open"
            ),
            models.CheckConstraint(
                name="lease_from_another",
                condition=Q(taken_from__isnull=True) | ~Q(taken_from=models.F("taken_by")),
            ),
            *both_or_neither("markinglease", "taken"),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}/{self.question_id}"
