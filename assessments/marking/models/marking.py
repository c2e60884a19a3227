"""Marking: a marker's judgement of a submission, criterion by criterion."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.history import tracked
from aimcert.foundation.rows import Changed, NamedByUuid, both_or_neither, one_of, told_by_time
from assessments.answering.models.submissions import Submission
from assessments.case_studies.models.contents import Criterion
from assessments.states import Judged, MarkingRole, Settled
from courses.models import CourseAssociate

# How a mark stands, the oral question counted; each mark is one of the three (`CriterionMark.stands_as`).
MET = Q(judged=Judged.MET) | Q(settled=Settled.MET)
PARTLY_MET = Q(judged=Judged.PARTLY_MET, settled="")
NOT_MET = Q(judged=Judged.NOT_MET) | Q(settled=Settled.NOT_MET)


class MarkingQuerySet(models.QuerySet["Marking"]):
    def standing_first(self) -> MarkingQuerySet:
        """Those that an outcome may rest on, the one that stands before the others of its submission.

        Of the latest round the settled marks, where there are any; else the first marker's. A second
        marker's never stand by themselves.
        """
        settled = Case(When(role=MarkingRole.SETTLED, then=0), default=1)
        return self.exclude(role=MarkingRole.SECOND).order_by("-round", settled)

    def visible_to(self, user: Person) -> MarkingQuerySet:
        """Markings that `user` may see: of courses they train; an AIM admin all."""
        if user.is_aim_admin:
            return self
        return self.filter(
            Exists(CourseAssociate.objects.filter(course=OuterRef("submission__course"), associate=user))
        )


@tracked(
    "uuid",
    "submission",
    "round",
    "role",
    "marker",
    "finalised_at",
    "finalised_by",
    indexes=[
        told_by_time("markingevent_told", "pgh_created_at", pgh_label="update", finalised_at__isnull=True)
    ],
)
class Marking(Changed, NamedByUuid):
    """One judgement of one submission, in a role; a new round where the outcome was returned."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="markings")
    round = models.PositiveSmallIntegerField(default=1)
    role = models.CharField(max_length=20, choices=MarkingRole.choices, default=MarkingRole.FIRST)
    marker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="markings")
    started_at = models.DateTimeField(default=timezone.now)
    # Rises by one at each save, so that two tabs or two markers never overwrite one another silently.
    revision = models.PositiveIntegerField(default=1)
    finalised_at = models.DateTimeField(null=True, blank=True)
    finalised_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = MarkingQuerySet.as_manager()

    class Meta:
        indexes = [told_by_time("marking_told_started", "started_at")]
        constraints = [
            models.UniqueConstraint(fields=["submission", "round", "role"], name="marking_once_in_each_role"),
            models.UniqueConstraint(fields=["id", "submission"], name="marking_with_submission"),
            one_of("marking", "role", MarkingRole),
            *both_or_neither("marking", "finalised", "changed"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"


class CriterionMark(models.Model):
    """A marker's judgement of one criterion. Notes are disclosable to the person they are about."""

    marking = models.ForeignKey(Marking, on_delete=models.PROTECT, related_name="marks")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="marks")
    judged = models.CharField(max_length=20, choices=Judged.choices)
    note = models.TextField(blank=True, max_length=2000)
    # One oral question may settle what was partly met; both sides word for word.
    oral_question = models.TextField(blank=True, max_length=2000)
    oral_answer = models.TextField(blank=True, max_length=4000)
    settled = models.CharField(max_length=20, choices=Settled.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marking", "criterion"], name="criterionmark_once"),
            one_of("criterionmark", "judged", Judged),
            models.CheckConstraint(
                name="criterionmark_settled_has_words",
                condition=Q(settled="", oral_question="", oral_answer="")
                | (
                    Q(settled__in=[*Settled.values], judged=Judged.PARTLY_MET)
                    & ~Q(oral_question="")
                    & ~Q(oral_answer="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.marking_id}/{self.criterion_id}: {self.judged}"

    @property
    def is_met(self) -> bool:
        """Whether the criterion stands as met, the oral question counted."""
        return stands_as(self.judged, self.settled) == Judged.MET


def stands_as(judged: str, settled: str) -> str:
    """The `Judged` that a mark stands as, the oral question counted; "" where nothing was judged."""
    return settled or judged
