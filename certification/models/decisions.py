"""Decisions on outcomes, and who was appointed to take one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.rows import NamedByUuid, both_or_neither, one_of, told_by_time
from assessments.models import Recommendation
from certification.states import (
    DecisionKind,
)
from courses.models import Enrolment


class Appointment(NamedByUuid):
    """A licensed Associate with no part in a course, appointed to decide where no admin is free."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="appointments")
    associate = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    reason = models.TextField(max_length=1000)
    appointed_at = models.DateTimeField(default=timezone.now)
    appointed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "associate"], name="appointment_once"),
            models.CheckConstraint(name="appointment_has_reason", condition=~Q(reason="")),
            *both_or_neither("appointment", "appointed"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"


class Decision(NamedByUuid):
    """The AIM Project's decision on one finalised recommendation. Written once, never changed."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="decisions")
    recommendation = models.OneToOneField(Recommendation, on_delete=models.PROTECT, related_name="decision")
    kind = models.CharField(max_length=20, choices=DecisionKind.choices)
    # The question that a return asks, or why it was refused; the trainer reads it.
    reason = models.TextField(blank=True, max_length=2000)
    appointment = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="decisions")

    class Meta:
        indexes = [
            told_by_time(
                "decision_told", "decided_at", kind__in=[DecisionKind.RETURNED, DecisionKind.REFUSED]
            )
        ]
        constraints = [
            one_of("decision", "kind", DecisionKind),
            models.CheckConstraint(
                name="decision_says_why_unless_approved",
                condition=Q(kind=DecisionKind.APPROVED) | ~Q(reason=""),
            ),
            models.UniqueConstraint(fields=["id", "enrolment"], name="decision_with_enrolment"),
            *both_or_neither("decision", "decided"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}: {self.kind}"
