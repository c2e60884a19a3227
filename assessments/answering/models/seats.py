"""The participant's side of the live room: when their page was last heard of, and whether they want help."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import Person
from aimcert.foundation.rows import both_or_neither
from courses.models import Enrolment


class Seat(models.Model):
    """One participant in the room: their page's last sign of life, and their last request for help.

    It says where somebody is now and keeps no past: each sign of life takes the place of the one before.
    """

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="seat")
    seen_at = models.DateTimeField(null=True, blank=True)
    help_wanted_at = models.DateTimeField(null=True, blank=True)
    # A trainer has seen that help is wanted.
    help_answered_at = models.DateTimeField(null=True, blank=True)
    help_answered_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="seat_help_answered_was_wanted",
                condition=Q(help_answered_at__isnull=True)
                | Q(help_wanted_at__isnull=False, help_answered_at__gte=F("help_wanted_at")),
            ),
            *both_or_neither("seat", "help_answered"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}"
