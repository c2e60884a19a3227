"""Settling: where two markers differ, what they say to one another, propose and agree on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.rows import NamedByUuid, both_or_neither, one_of, told_by_time
from assessments.answering.models.submissions import Submission
from assessments.case_studies.models.contents import Criterion
from assessments.marking.models.marking import Marking
from assessments.states import Judged


class SettlingMessage(models.Model):
    """One thing that somebody said about how two markers differ. It never changes."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="settling_messages")
    text = models.TextField(max_length=2000)
    said_at = models.DateTimeField(default=timezone.now)
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["said_at", "pk"]
        constraints = [
            models.CheckConstraint(name="settlingmessage_says_something", condition=~Q(text="")),
            *both_or_neither("settlingmessage", "said"),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.pk}"


class SettlementProposal(NamedByUuid):
    """What one side proposes, of every criterion that the two judged differently; the latest counts."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="settlement_proposals")
    # Whether the second marker proposed it; the other side then agrees.
    is_from_second = models.BooleanField()
    # Of *competent* although an essential criterion is not met: whether the second marker would support it.
    supports_override = models.BooleanField(null=True)
    proposed_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        get_latest_by = "pk"
        constraints = [*both_or_neither("settlementproposal", "proposed")]

    def __str__(self) -> str:
        return f"{self.uuid}"


class ProposedMark(models.Model):
    """What a proposal says of one criterion."""

    proposal = models.ForeignKey(SettlementProposal, on_delete=models.PROTECT, related_name="marks")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    judged = models.CharField(max_length=20, choices=Judged.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "criterion"], name="proposedmark_once"),
            one_of("proposedmark", "judged", Judged),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}/{self.criterion_id}"


class Settlement(models.Model):
    """What counts of two markings of one submission: the settled one. All three stay for good."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="settlement")
    first = models.ForeignKey(Marking, on_delete=models.PROTECT, related_name="+")
    second = models.OneToOneField(Marking, on_delete=models.PROTECT, related_name="+")
    marking = models.OneToOneField(Marking, on_delete=models.PROTECT, related_name="settlement")
    # What both agreed on; none where they did not differ, or an admin settled it with a reason.
    proposal = models.OneToOneField(
        SettlementProposal, null=True, blank=True, on_delete=models.PROTECT, related_name="settlement"
    )
    reason = models.TextField(blank=True, max_length=2000)
    # Of *competent* although an essential criterion is not met: whether a second person supports it.
    supports_override = models.BooleanField(null=True)
    settled_at = models.DateTimeField(default=timezone.now)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="settlement_agreed_or_reasoned", condition=Q(proposal__isnull=True) | Q(reason="")
            ),
            *both_or_neither("settlement", "settled"),
        ]
        indexes = [told_by_time("settlement_told_settled", "settled_at")]

    def __str__(self) -> str:
        return f"{self.submission_id}"
