"""Reports that were asked for, and what was told of many people together."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django_fsm import FSMField, FSMModelMixin, transition

from accounts.models import Organisation, Person
from aimcert.foundation.history import tracked
from aimcert.foundation.outbox import Hindered, waiting_index
from aimcert.foundation.rows import NamedByUuid, both_or_neither, one_of, told_by_time
from certification.report_kinds import KINDS
from certification.states import (
    REPORT_STEPS,
    ReportFormat,
    ReportKind,
    ReportState,
)
from courses.models import Course, Enrolment


class CohortRelease(models.Model):
    """Where a sponsor's people on one course were strong or weak together, as it was told. Never changed.

    Kept with whom it was about, so that what is told next can be held against it.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="cohort_releases")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cohort_releases")
    people = models.ManyToManyField(Enrolment, related_name="cohort_releases")
    bands = models.JSONField(help_text="A list of `certification.report_contents.Banded`, as it stores them.")
    released_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.course_id}, {self.organisation_id}: {self.released_at}"


class ReportQuerySet(models.QuerySet["Report"]):
    def started(self) -> ReportQuerySet:
        """Reports that are to be built, or being built."""
        return self.filter(state__in=[ReportState.WAITING, ReportState.BUILDING])

    def visible_to(self, user: Person) -> ReportQuerySet:
        """Reports that `user` may open now: those of which each kind says so; an AIM admin all."""
        if user.is_aim_admin:
            return self
        seen = [Q(kind=kind.code) & kind.audience.sees(user) for kind in KINDS.values()]
        return self.filter(reduce(or_, seen))


@tracked("uuid", "organisation", "course", "kind", "format", "state", "requested_by")
class Report(FSMModelMixin, NamedByUuid, Hindered):
    """A report that was asked for, of one kind: about one organisation's people on one course."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reports")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=20, choices=ReportKind.choices)
    format = models.CharField(max_length=10, choices=ReportFormat.choices)
    state = FSMField(default=ReportState.WAITING, choices=ReportState.choices, protected=True)
    language = models.CharField(max_length=10, default="en-gb")
    requested_at = models.DateTimeField(default=timezone.now)
    requested_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    done = models.PositiveIntegerField(default=0, help_text="People written so far.")
    total = models.PositiveIntegerField(default=0)
    built_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    file = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    # A file that a worker is about to store, deleted by the next if that one died over it.
    storing = models.CharField(max_length=200, blank=True, db_default="")

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("report", "state", ReportState),
            one_of("report", "kind", ReportKind),
            one_of("report", "format", ReportFormat),
            models.CheckConstraint(
                name="report_built_has_file",
                condition=(
                    Q(state=ReportState.BUILT, built_at__isnull=False, expires_at__isnull=False)
                    & Q(sha256__regex=r"^[0-9a-f]{64}$")
                    & ~Q(file="")
                )
                | (~Q(state=ReportState.BUILT) & Q(built_at__isnull=True, file="", sha256="")),
            ),
            *both_or_neither("report", "requested"),
        ]
        indexes = [
            waiting_index("report", Q(state__in=[ReportState.WAITING, ReportState.BUILDING])),
            told_by_time("report_told", "requested_at"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"

    @transition(field=state, source=REPORT_STEPS["begin"][0], target=REPORT_STEPS["begin"][1])
    def begin(self) -> None:
        """A worker has taken it, or taken it again after another died."""

    @transition(field=state, source=REPORT_STEPS["finish"][0], target=REPORT_STEPS["finish"][1])
    def finish(self) -> None:
        """Its file is stored."""

    @transition(field=state, source=REPORT_STEPS["give_up"][0], target=REPORT_STEPS["give_up"][1])
    def give_up(self) -> None:
        """It failed too often; the page says so and offers to ask again."""

    @transition(field=state, source=REPORT_STEPS["lose"][0], target=REPORT_STEPS["lose"][1])
    def lose(self) -> None:
        """Its file is gone before its time, or quotes what was taken out; it is built again."""

    @transition(field=state, source=REPORT_STEPS["ask_again"][0], target=REPORT_STEPS["ask_again"][1])
    def ask_again(self) -> None:
        """An AIM admin has it tried once more, after what hindered it is mended."""

    @transition(field=state, source=REPORT_STEPS["expire"][0], target=REPORT_STEPS["expire"][1])
    def expire(self) -> None:
        """Its file is deleted; the row stays, to say so and who had asked for it."""
