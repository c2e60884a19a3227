"""What a programme's case study refers to: its constructs, and the editions of its framework."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.expressions import Combinable
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.rows import Changed, NamedByUuid, both_or_neither, one_of
from assessments.states import Responsibility
from courses.models import Enrolment, Licence, Programme


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


class EditionQuerySet(models.QuerySet["FrameworkEdition"]):
    def current(self) -> EditionQuerySet:
        """Published editions, the newest first."""
        return self.filter(published_at__isnull=False).order_by("-number")

    def visible_to(self, user: Person) -> EditionQuerySet:
        """Editions that `user` may read.

        Published ones of programmes that they have or had a place in, or are licensed for; whoever acts
        for an organisation, of every programme; an AIM admin drafts too.
        """
        if user.is_aim_admin:
            return self
        if user.organisation_ids:
            return self.current()
        return self.current().taught_to(user, timezone.localdate())

    def taught_to(self, person: Person | OuterRef, today: date | Combinable) -> EditionQuerySet:
        """Editions of programmes that `person` has or had a place in, or is licensed for `today`."""
        places = Enrolment.objects.filter(person=person).values("course__programme")
        licences = Licence.objects.in_force(today).filter(associate=person)
        return self.filter(Q(programme__in=places) | Q(programme__in=licences.values("programme")))


class FrameworkEdition(Changed, NamedByUuid):
    """One text of the framework and the domains of a programme; once published, nothing in it changes."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="framework_editions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=150)
    notes = ArrayField(models.TextField(), default=list, blank=True)
    source = models.TextField()
    # Rises by one at each save of a draft, so that two admins never overwrite one another silently.
    revision = models.PositiveIntegerField(default=1)
    drafted_at = models.DateTimeField(default=timezone.now)
    # Nobody drafted or published the edition that comes with AIMcert (assessments/reference).
    drafted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="frameworkedition_number_unique"),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(published_at__isnull=True),
                name="frameworkedition_one_draft",
            ),
            models.CheckConstraint(
                name="frameworkedition_published_by_whom",
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False, drafted_by__isnull=False)
                | Q(published_at__isnull=False, published_by__isnull=True, drafted_by__isnull=True),
            ),
            models.CheckConstraint(
                name="frameworkedition_drafted_by_whom",
                condition=Q(drafted_at__isnull=False)
                & (Q(drafted_by__isnull=False) | Q(published_by__isnull=True)),
            ),
            *both_or_neither("frameworkedition", "changed"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, edition {self.number}"


class FrameworkDomain(models.Model):
    """One of the domains that an assessment looks at."""

    edition = models.ForeignKey(FrameworkEdition, on_delete=models.CASCADE, related_name="domains")
    code = models.SlugField()
    name = models.CharField(max_length=100)
    about = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="frameworkdomain_code_unique")
        ]

    def __str__(self) -> str:
        return self.name


class FrameworkStage(models.Model):
    """One stage of the framework, and who mainly carries risk management in it."""

    edition = models.ForeignKey(FrameworkEdition, on_delete=models.CASCADE, related_name="stages")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=150)
    purpose = models.TextField(blank=True)
    responsibility = models.CharField(max_length=20, choices=Responsibility.choices)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="frameworkstage_number_unique"),
            models.CheckConstraint(
                name="frameworkstage_one_to_nine", condition=Q(number__gte=1, number__lte=9)
            ),
            one_of("frameworkstage", "responsibility", Responsibility),
        ]

    def __str__(self) -> str:
        return self.title


class FrameworkArea(models.Model):
    """One area of the framework: where a criterion can point to."""

    edition = models.ForeignKey(FrameworkEdition, on_delete=models.CASCADE, related_name="areas")
    stage = models.PositiveSmallIntegerField()
    strand = models.CharField(max_length=60)
    part = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["stage", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "stage", "strand", "title"], name="frameworkarea_unique"
            ),
            models.CheckConstraint(
                name="frameworkarea_stage_one_to_nine", condition=Q(stage__gte=1, stage__lte=9)
            ),
        ]

    def __str__(self) -> str:
        return self.title
