"""What is asked: case studies, their versions and agreement, questions, criteria, constructs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.rows import NamedByUuid, both_or_neither
from courses.models import Programme


class Construct(models.Model):
    """What a criterion is about; each programme has its own."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="constructs")
    code = models.SlugField()
    name = models.CharField(max_length=100)
    # Ours, until The AIM Project supplies a programme's own.
    is_illustrative = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="construct_code_unique")]

    def __str__(self) -> str:
        return self.name


class FrameworkArea(models.Model):
    """One area of the AIM Intervention Framework: where a criterion can point to."""

    stage = models.PositiveSmallIntegerField()
    strand = models.CharField(max_length=60)
    part = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["stage", "position"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "strand", "title"], name="frameworkarea_unique"),
            models.CheckConstraint(
                name="frameworkarea_stage_one_to_four", condition=Q(stage__gte=1, stage__lte=4)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CaseStudy(NamedByUuid):
    """The case study of a programme, through all its versions."""

    programme = models.OneToOneField(Programme, on_delete=models.PROTECT, related_name="case_study")

    def __str__(self) -> str:
        return f"{self.programme_id}"


class VersionQuerySet(models.QuerySet["Version"]):
    def in_force(self) -> VersionQuerySet:
        """Frozen versions that were not retired, newest first."""
        return self.filter(frozen_at__isnull=False, retired_at__isnull=True).order_by("-number")

    def visible_to(self, user: Person) -> VersionQuerySet:
        """Versions that `user` may read with model answers: those of programmes they are licensed for."""
        if user.is_aim_admin:
            return self
        today = timezone.localdate()
        return self.filter(case_study__programme__in=user.licences.in_force(today).values("programme"))


class Version(NamedByUuid):
    """One text of a case study with its questions and criteria; once frozen, nothing in it changes."""

    case_study = models.ForeignKey(CaseStudy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=150)
    content_note = models.TextField()
    fictional_statement = models.TextField()
    proposed_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # SHA-256, in hexadecimal, over the canonical form in assessments/canonical.py.
    fingerprint = models.CharField(max_length=64, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_study", "number"], name="version_number_unique"),
            models.CheckConstraint(
                name="version_frozen_has_fingerprint",
                condition=Q(frozen_at__isnull=True, fingerprint="")
                | Q(frozen_at__isnull=False, fingerprint__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="version_retired_only_after_frozen",
                condition=Q(retired_at__isnull=True) | Q(frozen_at__isnull=False),
            ),
            *both_or_neither("version", "proposed", "frozen", "retired"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"


class Agreement(models.Model):
    """One licensed Associate's agreement to a proposed version."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="agreements")
    associate = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="agreements")
    agreed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "associate"], name="agreement_once")]

    def __str__(self) -> str:
        return f"{self.associate_id} agreed to {self.version_id}"


class Section(models.Model):
    """One part of the case study's text: paragraphs and lists, no markup."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="sections")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=150)
    body = models.TextField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="section_number_unique")]

    def __str__(self) -> str:
        return self.title


class Question(NamedByUuid):
    """One question of a version, answered individually."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="questions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=150)
    text = models.TextField()
    guidance = models.TextField(blank=True)
    guide_words = models.PositiveSmallIntegerField(null=True, blank=True)
    # Read by markers alone.
    model_answer = models.TextField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="question_number_unique"),
            models.UniqueConstraint(fields=["id", "version"], name="question_with_version"),
        ]

    def __str__(self) -> str:
        return self.title


class Criterion(NamedByUuid):
    """One thing that a marker looks for in an answer."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="criteria")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    is_essential = models.BooleanField(default=False)
    met = models.TextField()
    partly_met = models.TextField()
    not_met = models.TextField()
    constructs = models.ManyToManyField(Construct, related_name="criteria")
    areas = models.ManyToManyField(FrameworkArea, related_name="criteria", blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "criteria"
        constraints = [models.UniqueConstraint(fields=["question", "number"], name="criterion_number_unique")]

    def __str__(self) -> str:
        return self.text
