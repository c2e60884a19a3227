"""What somebody answers: their submissions, and the answers in them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.history import tracked
from aimcert.foundation.rows import NamedByUuid, told_by_time
from aimcert.foundation.typed import UNSEEN
from assessments.case_studies.models.contents import Question, Version
from courses.models import Course, CourseAssociate, Enrolment


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: Person) -> SubmissionQuerySet:
        """Submissions that `user` may see: their own, and, once submitted, those of courses they train."""
        if user.is_aim_admin:
            return self.filter(Q(submitted_at__isnull=False) | Q(enrolment__person=user))
        trains = Exists(CourseAssociate.objects.filter(course=OuterRef("course"), associate=user))
        return self.filter(Q(enrolment__person=user) | (Q(submitted_at__isnull=False) & trains))

    def latest_submitted(self) -> SubmissionQuerySet:
        """Those that were submitted, the one that counts of an enrolment before its earlier ones."""
        return self.filter(submitted_at__isnull=False).order_by("-submitted_at", "-attempt")

    def that_count(self) -> SubmissionQuerySet:
        """Of each enrolment the one that counts: submitted, and none after it."""
        later = Submission.objects.filter(
            enrolment=OuterRef("enrolment"), submitted_at__gt=OuterRef("submitted_at")
        )
        return self.filter(~Exists(later), submitted_at__isnull=False)


@tracked("uuid", "enrolment", "version", "attempt", "submitted_at")
class Submission(NamedByUuid):
    """One person's answers to one version, on one enrolment; a later attempt is a new one."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="submissions")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="submissions")
    attempt = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    # What was declared, word for word, and the SHA-256 of what was submitted.
    declaration = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    receipt = models.CharField(max_length=20, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        indexes = [told_by_time("submission_told", "submitted_at", submitted_at__isnull=False)]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "attempt"], name="submission_attempt_unique"),
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(submitted_at__isnull=True), name="submission_one_open"
            ),
            models.UniqueConstraint(fields=["id", "version"], name="submission_with_version"),
            models.UniqueConstraint(fields=["id", "enrolment"], name="submission_with_enrolment"),
            models.UniqueConstraint(
                fields=["receipt"], condition=~Q(receipt=""), name="submission_receipt_unique"
            ),
            models.CheckConstraint(
                name="submission_submitted_is_declared",
                condition=Q(submitted_at__isnull=True, declaration="", fingerprint="", receipt="")
                | (
                    Q(submitted_at__isnull=False, fingerprint__regex=r"^[0-9a-f]{64}$")
                    & ~Q(declaration="")
                    & ~Q(receipt="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"


# Of answers, those in all their parts. Of what was submitted before parts were asked about no gap is counted:
# it was complete by the rule of its day, and stays so.
ANSWERED = Q(text__regex=f"[^{UNSEEN}]", gaps=0) | Q(blank_confirmed_at__isnull=False)


class Answer(models.Model):
    """What somebody wrote to one question; a draft is read by its author alone."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="answers")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(blank=True, max_length=20_000)
    # A blank that its author confirmed counts as answered, and as not met.
    blank_confirmed_at = models.DateTimeField(null=True, blank=True)
    # The parts of an answer with several that its author leaves blank on purpose, by the names of their
    # fields; and how many of its parts are neither filled in nor among these.
    blank_parts = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    gaps = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Set where its author went on from it; empty while they mean to come back to it.
    finished_at = models.DateTimeField(null=True, blank=True)
    # Rises by one at each save: a save that builds on an older one is refused, and shows both.
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "question"], name="answer_once"),
            models.CheckConstraint(
                name="answer_blank_confirmed_is_blank",
                condition=Q(blank_confirmed_at__isnull=True) | Q(text=""),
            ),
            models.CheckConstraint(
                name="answer_with_parts_was_begun",
                condition=Q(blank_parts=[], gaps=0) | ~Q(text=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}/{self.question_id}"
