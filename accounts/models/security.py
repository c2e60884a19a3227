"""The trace of what was done to the security of an account."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.people import Person
from accounts.states import SecurityAct
from aimcert.foundation.rows import both_or_neither, one_of, told_by_time

BY_STAFF = [SecurityAct.RESET, SecurityAct.SIGNED_OUT, SecurityAct.EXPORTED]


class SecurityStep(models.Model):
    """What was done to the security of an account, why and by whom; never changed."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="security_steps")
    act = models.CharField(max_length=20, choices=SecurityAct.choices)
    reason = models.TextField(blank=True)
    done_at = models.DateTimeField(default=timezone.now)
    done_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [told_by_time("securitystep_told_done", "done_at")]
        constraints = [
            one_of("securitystep", "act", SecurityAct),
            *both_or_neither("securitystep", "done"),
            models.CheckConstraint(
                name="securitystep_by_staff_has_reason",
                condition=~Q(act__in=BY_STAFF) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.person}"
