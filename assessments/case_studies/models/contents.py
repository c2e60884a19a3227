"""What is asked: case studies, their versions and who writes them, sections, questions, criteria."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.rows import NamedByUuid, both_or_neither
from assessments.case_studies.models.frameworks import Construct, FrameworkArea, FrameworkEdition
from assessments.states import FigureKind, VersionStage
from courses.models import Programme


class CaseStudy(NamedByUuid):
    """The case study of a programme, through all its versions."""

    programme = models.OneToOneField(Programme, on_delete=models.PROTECT, related_name="case_study")

    def __str__(self) -> str:
        return f"{self.programme_id}"


class VersionQuerySet(models.QuerySet["Version"]):
    def in_force(self) -> VersionQuerySet:
        """Frozen versions that were not retired, newest first."""
        return self.filter(frozen_at__isnull=False, retired_at__isnull=True).order_by("-number")

    def underway(self) -> VersionQuerySet:
        """Versions that are written or agreed to now: neither frozen nor given up."""
        return self.filter(frozen_at__isnull=True, withdrawn_at__isnull=True)

    def written_by(self, user: Person) -> VersionQuerySet:
        """Versions that `user` was invited to write, and still is."""
        invited = VersionAuthor.objects.filter(version=OuterRef("pk"), person=user, ended_at__isnull=True)
        return self.filter(Exists(invited))

    def visible_to(self, user: Person) -> VersionQuerySet:
        """Versions that `user` may read with model answers.

        Those of programmes that they are licensed for, once proposed; those that they write; an AIM
        admin all.
        """
        if user.is_aim_admin:
            return self
        licensed = Q(
            proposed_at__isnull=False,
            case_study__programme__in=user.licences.in_force(timezone.localdate()).values("programme"),
        )
        return self.filter(licensed | Q(pk__in=self.model.objects.written_by(user).values("pk")))

    def with_reader(self, user: Person) -> VersionQuerySet:
        """Each with what `user` is to it: assessments.rules then asks the database no more."""
        invited = VersionAuthor.objects.filter(version=OuterRef("pk"), person=user, ended_at__isnull=True)
        licences = user.licences.filter(programme=OuterRef("case_study__programme"))
        facts: dict[str, Any] = {
            "reader": Value(user.pk, output_field=models.IntegerField()),
            "reader_writes": Exists(invited),
            "reader_is_licensed": Exists(licences.in_force(timezone.localdate())),
            "reader_is_to_be_cleared": Exists(
                licences.filter(withdrawn_at__isnull=True, cleared_at__isnull=True)
            ),
        }
        return self.annotate(**facts)


class Version(NamedByUuid):
    """One text of a case study with its questions and criteria; once frozen, nothing in it changes."""

    case_study = models.ForeignKey(CaseStudy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=150)
    content_note = models.TextField()
    fictional_statement = models.TextField()
    # The edition that its areas are of; null where the programme has no framework.
    edition = models.ForeignKey(
        FrameworkEdition, null=True, blank=True, on_delete=models.PROTECT, related_name="versions"
    )
    # Of title, content note and statement; rises by one at each save of these.
    revision = models.PositiveIntegerField(default=1)
    drafted_at = models.DateTimeField(default=timezone.now)
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # SHA-256, in hexadecimal, over the form that `canonical` gives, from the proposal on; a change of what is
    # proposed renews it.
    fingerprint = models.CharField(max_length=64, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Given up before it was frozen; what was said about it stays.
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    # What `with_reader` adds: the primary key of whom it was read for, and what they are to it.
    reader: int
    reader_writes: bool
    reader_is_licensed: bool
    reader_is_to_be_cleared: bool

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_study", "number"], name="version_number_unique"),
            models.UniqueConstraint(
                fields=["case_study"],
                condition=Q(frozen_at__isnull=True, withdrawn_at__isnull=True),
                name="version_one_underway",
            ),
            models.CheckConstraint(
                name="version_proposed_has_fingerprint",
                condition=Q(proposed_at__isnull=True, fingerprint="")
                | Q(proposed_at__isnull=False, fingerprint__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="version_frozen_only_after_proposed",
                condition=Q(frozen_at__isnull=True) | Q(proposed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="version_retired_only_after_frozen",
                condition=Q(retired_at__isnull=True) | Q(frozen_at__isnull=False),
            ),
            models.CheckConstraint(
                name="version_withdrawn_never_frozen",
                condition=Q(withdrawn_at__isnull=True) | Q(frozen_at__isnull=True),
            ),
            *both_or_neither("version", "drafted", "proposed", "frozen", "retired", "withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    @property
    def stage(self) -> VersionStage:
        """How far it has come."""
        if self.withdrawn_at:
            return VersionStage.WITHDRAWN
        if self.retired_at:
            return VersionStage.RETIRED
        if self.frozen_at:
            return VersionStage.IN_FORCE
        return VersionStage.PROPOSED if self.proposed_at else VersionStage.DRAFT

    @property
    def is_underway(self) -> bool:
        """Whether it is written or agreed to now."""
        return self.stage in (VersionStage.DRAFT, VersionStage.PROPOSED)


class VersionAuthor(NamedByUuid):
    """An Associate who was invited to write one version. AIM admins write every one."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="authors")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "person"], condition=Q(ended_at__isnull=True), name="versionauthor_once"
            ),
            *both_or_neither("versionauthor", "invited", "ended"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} writes {self.version_id}"


class Section(NamedByUuid):
    """One part of the case study's text: Markdown as `prose` reads it, perhaps a figure."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="sections")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=150)
    body = models.TextField()
    # What assessments/figures draws below the text.
    figure_kind = models.CharField(max_length=20, choices=FigureKind.choices, blank=True)
    figure = models.JSONField(null=True, blank=True)
    # Rises by one at each save: a save that builds on an older one is refused, and shows both.
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            # Deferred, so that two can change places in one transaction.
            models.UniqueConstraint(
                fields=["version", "number"],
                name="section_number_unique",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="section_figure_has_kind",
                condition=Q(figure_kind="", figure__isnull=True)
                | Q(figure_kind__in=[*FigureKind.values], figure__isnull=False),
            ),
            *both_or_neither("section", "saved"),
        ]

    def __str__(self) -> str:
        return self.title


class Question(NamedByUuid):
    """One question of a version, answered individually; `kind` and `settings` as assessments/kinds has it."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=150)
    text = models.TextField()
    guidance = models.TextField(blank=True)
    guide_words = models.PositiveSmallIntegerField(null=True, blank=True)
    kind = models.SlugField(max_length=40, default="written")
    settings: models.JSONField[dict[str, Any]] = models.JSONField(default=dict, blank=True)
    # Read by markers alone.
    model_answer = models.TextField()
    # Of the question with its criteria; rises by one at each save.
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "number"],
                name="question_number_unique",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["id", "version"], name="question_with_version"),
            *both_or_neither("question", "saved"),
        ]

    def __str__(self) -> str:
        return self.title


class Criterion(NamedByUuid):
    """One thing that a marker looks for in an answer, or in one part of it."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="criteria")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    is_essential = models.BooleanField(default=False)
    # Who decided that it is, and why: where the question's kind asks for that.
    essential_because = models.TextField(blank=True)
    # The part of the answer that it is about; empty: the whole.
    part = models.CharField(max_length=100, blank=True)
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


class Wording(models.Model):
    """One saved text of one passage: what stood there before, and what was set aside as stale.

    A passage is `head`, `section:<uuid>` or `question:<uuid>`; nothing of its history is changed.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="wordings")
    passage = models.CharField(max_length=60)
    revision = models.PositiveIntegerField()
    content: models.JSONField[dict[str, Any]] = models.JSONField()
    # A save that built on an older text: kept beside what stands, for its author to merge.
    set_aside = models.BooleanField(default=False)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["version", "passage"], name="wording_of_passage")]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "passage", "revision"],
                condition=Q(set_aside=False),
                name="wording_revision_unique",
            ),
            *both_or_neither("wording", "saved"),
        ]

    def __str__(self) -> str:
        return f"{self.passage}, {self.revision}"
