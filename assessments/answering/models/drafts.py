"""Drafts: what was acknowledged to whom, every text that an answer ever had, and the journal's key."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from assessments.answering.models.submissions import Submission
from assessments.case_studies.models.contents import Question
from assessments.states import Kept

KEY_BYTES = 32  # AES-256


class AcknowledgedSave(models.Model):
    """A save that its page was told of. The page and its sequence number name it: sent again, it has the
    same reply, and no second effect.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="acknowledged")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    # One page in one tab of one browser: two tabs are two devices.
    device = models.UUIDField()
    sequence = models.PositiveBigIntegerField()
    # What the answer then was.
    revision = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "device", "sequence"], name="acknowledgedsave_once"
            ),
            models.CheckConstraint(
                name="acknowledgedsave_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device}/{self.sequence}"


class KeptAnswerQuerySet(models.QuerySet["KeptAnswer"]):
    def visible_to(self, user: Person) -> KeptAnswerQuerySet:
        """Drafts are their author's alone, whoever else reads what was submitted."""
        return self.filter(submission__enrolment__person=user)


class KeptAnswer(models.Model):
    """A text of an answer that is not the current one, for its author to read again.

    Of texts that were replaced, one for each minute stays. A side of a conflict, and what came after
    answering closed, stays whatever happens.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="kept_answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=20, choices=Kept.choices)
    text = models.TextField(max_length=20_000)
    # When it was saved, or came to be kept; and the minute of it, by which texts replace one another.
    saved_at = models.DateTimeField()
    minute = models.DateTimeField()

    objects = KeptAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "question", "minute"],
                condition=Q(why=Kept.REPLACED),
                name="keptanswer_one_a_minute",
            ),
            models.CheckConstraint(name="keptanswer_why", condition=Q(why__in=Kept.values)),
        ]
        indexes = [models.Index(fields=["submission", "question"], name="keptanswer_of_answer")]

    def __str__(self) -> str:
        return f"{self.submission_id}/{self.question_id} {self.why}"


def new_key() -> bytes:
    """A key for AES-256-GCM, from the system's randomness."""
    return secrets.token_bytes(KEY_BYTES)


class JournalKey(models.Model):
    """What encrypts, on a participant's own devices, the text that is not saved yet.

    It is given to the signed-in author alone, and destroyed a day after the course: what is left on
    a device can be read by nobody from then on.
    """

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="journal_key")
    key = models.BinaryField(null=True, default=new_key)
    made_at = models.DateTimeField(default=timezone.now)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="journalkey_there_until_destroyed",
                condition=Q(key__isnull=False, destroyed_at__isnull=True)
                | Q(key__isnull=True, destroyed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}"
