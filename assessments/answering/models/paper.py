"""Paper: booklets with a personal code, what was typed in from them, its scans, and files of unsent text."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.outbox import Attempted, Attempts, waiting_index
from aimcert.foundation.rows import NamedByUuid, both_or_neither, told_by_time
from assessments.answering.models.adjustments import leads_course_of
from assessments.answering.models.submissions import Submission
from assessments.case_studies.models.contents import Question, Version
from courses.models import Enrolment

SCAN_TYPES = ("application/pdf", "image/jpeg", "image/png")


class Booklet(models.Model):
    """The personal code of one participant's paper: on each sheet of it, so that none is anybody else's."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="booklet")
    code = models.CharField(max_length=8, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [told_by_time("booklet_told_made", "made_at")]
        constraints = [
            models.CheckConstraint(
                name="booklet_code", condition=Q(code__regex=r"^[ABCDEFGHJKLMNPQRSTVWXYZ]{8}$")
            ),
            *both_or_neither("booklet", "made"),
        ]

    def __str__(self) -> str:
        return self.code


class TranscriptionQuerySet(models.QuerySet["Transcription"]):
    def visible_to(self, user: Person) -> TranscriptionQuerySet:
        """Of one's own paper, and, of the courses that they lead, of others': see `leads_course_of`."""
        return self.filter(Q(enrolment__person=user) | leads_course_of(user))

    def underway(self) -> TranscriptionQuerySet:
        """Neither given up nor submitted."""
        return self.filter(ended_at__isnull=True, submission__isnull=True)

    def to_check(self) -> TranscriptionQuerySet:
        """Typed in whole, and to be compared with the paper by somebody else."""
        return self.underway().filter(typed_at__isnull=False)


class Transcription(NamedByUuid):
    """One participant's paper, typed in: by one person, compared with the paper by another, then submitted.

    Until then its texts are apart from anything that was begun online.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="transcriptions")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    # Why this person wrote on paper.
    reason = models.TextField(max_length=1000)
    begun_at = models.DateTimeField(default=timezone.now)
    begun_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    typed_at = models.DateTimeField(null=True, blank=True)
    typed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # What differed from the paper, when it was last sent back to who types.
    returned = models.TextField(blank=True, max_length=2000)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Who checked it saw the declaration signed on the paper, of which the scans are the evidence.
    declared_on_paper = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    submission = models.OneToOneField(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="transcription"
    )
    # Given up, as where it was begun for the wrong person.
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = TranscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(ended_at__isnull=True, submission__isnull=True),
                name="transcription_one_underway",
            ),
            models.CheckConstraint(name="transcription_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="transcription_typed_by_who_began",
                condition=Q(typed_by__isnull=True) | Q(typed_by=F("begun_by")),
            ),
            models.CheckConstraint(
                name="transcription_checked_by_another",
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("typed_by")),
            ),
            models.CheckConstraint(
                name="transcription_submitted_is_checked",
                condition=Q(
                    submission__isnull=False,
                    typed_at__isnull=False,
                    checked_at__isnull=False,
                    declared_on_paper=True,
                    ended_at__isnull=True,
                )
                | Q(submission__isnull=True, checked_at__isnull=True, declared_on_paper=False),
            ),
            *both_or_neither("transcription", "begun", "typed", "returned", "checked", "ended"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"


class TranscribedAnswer(models.Model):
    """What was typed in for one question. Once submitted it stands in the submission, and no more here."""

    transcription = models.ForeignKey(Transcription, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True, max_length=20_000)
    # Left blank on the paper: it counts as answered, and as not met.
    is_blank = models.BooleanField(default=False)
    # The parts of an answer with several that are blank on the paper, by the names of their fields.
    blank_parts = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    # Rises by one at each save: a save that builds on an older one is refused.
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transcription", "question"], name="transcribedanswer_once"),
            models.CheckConstraint(
                name="transcribedanswer_blank_or_text",
                condition=(Q(is_blank=True, text="") | (Q(is_blank=False) & ~Q(text=""))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transcription_id}/{self.question_id}"


class ScanQuerySet(models.QuerySet["Scan"]):
    def visible_to(self, user: Person) -> ScanQuerySet:
        """Of what they see the transcription of."""
        return self.filter(transcription__in=Transcription.objects.visible_to(user))


class Scan(NamedByUuid):
    """A scan or photograph of the paper, kept by its SHA-256."""

    transcription = models.ForeignKey(Transcription, on_delete=models.PROTECT, related_name="scans")
    file = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField(default=1)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = ScanQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["transcription", "sha256"], name="scan_once"),
            models.CheckConstraint(name="scan_type", condition=Q(content_type__in=SCAN_TYPES)),
            models.CheckConstraint(name="scan_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            *both_or_neither("scan", "added"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"


# Above what reading may take. One that cannot be read is refused after the last attempt, and says so.
READING = Attempts(lease=timedelta(minutes=5), most=3)


class ScanUploadQuerySet(models.QuerySet["ScanUpload"]):
    def visible_to(self, user: Person) -> ScanUploadQuerySet:
        """Of what they see the transcription of."""
        return self.filter(transcription__in=Transcription.objects.visible_to(user))

    def waiting(self, now: datetime) -> ScanUploadQuerySet:
        """To be read, and nobody reads it at the moment."""
        return READING.due(self.filter(read_at__isnull=True), now)

    def unread(self) -> ScanUploadQuerySet:
        """Not read yet, or read and refused: no scan came of it."""
        return self.filter(scan__isnull=True)


class ScanUpload(NamedByUuid, Attempted):
    """A file as it came, until a worker has read it: then it is a `Scan`, or it is said why it is none."""

    transcription = models.ForeignKey(Transcription, on_delete=models.PROTECT, related_name="uploads")
    # What it is called on the device it came from, so that its sender knows it again.
    name = models.CharField(max_length=100, blank=True)
    # As it came; deleted once it was read.
    file = models.CharField(max_length=150, blank=True)
    sha256 = models.CharField(max_length=64)
    read_at = models.DateTimeField(null=True, blank=True)
    refused = models.CharField(
        max_length=20, blank=True, help_text="One of `assessments.answering.scans.REFUSALS`."
    )
    scan = models.ForeignKey(Scan, null=True, blank=True, on_delete=models.CASCADE, related_name="uploads")
    uploaded_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = ScanUploadQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["transcription", "sha256"], name="scanupload_once"),
            models.CheckConstraint(name="scanupload_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="scanupload_read_is_kept_or_refused",
                condition=Q(read_at__isnull=True, scan__isnull=True, refused="") & ~Q(file="")
                | Q(read_at__isnull=False, scan__isnull=False, refused="")
                | (Q(read_at__isnull=False, scan__isnull=True) & ~Q(refused="")),
            ),
            *both_or_neither("scanupload", "uploaded"),
        ]
        indexes = [waiting_index("scanupload", Q(read_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.uuid}"


class UnsentUpload(models.Model):
    """An encrypted file of unsent answers that was taken in: whose, by whom; never a word of it."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="unsent_uploads")
    sha256 = models.CharField(max_length=64)
    answers = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="unsentupload_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            *both_or_neither("unsentupload", "uploaded"),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}"
