"""How somebody heard their outcome after it was finalised, and reminders to tell them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.rows import NamedByUuid, both_or_neither, one_of, told_by_time
from assessments.models import Recommendation
from certification.states import (
    HowTold,
    Reminded,
)
from courses.models import Enrolment


class ToldLater(NamedByUuid):
    """How somebody heard *not yet competent* that was finalised before anybody had spoken to them.

    Written once, never changed. From then on they can read their feedback.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="told_later")
    recommendation = models.OneToOneField(Recommendation, on_delete=models.PROTECT, related_name="told_later")
    how = models.CharField(max_length=20, choices=HowTold.choices)
    told_on = models.DateField(help_text="Where the course meets.")
    told_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # What was said; of what was written, why nobody spoke to them and how it reached them.
    words = models.TextField(max_length=4000)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [told_by_time("toldlater_told", "recorded_at")]
        constraints = [
            one_of("toldlater", "how", HowTold),
            models.CheckConstraint(name="toldlater_has_words", condition=~Q(words="")),
            *both_or_neither("toldlater", "recorded"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}: {self.how}"


class ConversationReminder(models.Model):
    """That whoever holds a conversation, and The AIM Project, were written to about it. Never changed."""

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="conversation_reminders"
    )
    what = models.CharField(max_length=20, choices=Reminded.choices)
    reminded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            one_of("conversationreminder", "what", Reminded),
            models.UniqueConstraint(fields=["recommendation", "what"], name="conversationreminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation_id}: {self.what}"
