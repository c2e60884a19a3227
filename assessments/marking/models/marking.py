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
from assessments.states import Judged, MarkingRole, MarkKept, Settled
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
    """One judgement of one submission, in a role; a new round where the outcome was returned.

    `marker` began it. Who judged each criterion, perhaps a co-trainer, stands with its mark.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="markings")
    round = models.PositiveSmallIntegerField(default=1)
    role = models.CharField(max_length=20, choices=MarkingRole.choices, default=MarkingRole.FIRST)
    marker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="markings")
    started_at = models.DateTimeField(default=timezone.now)
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


class CriterionMarkQuerySet(models.QuerySet["CriterionMark"]):
    def judged(self) -> CriterionMarkQuerySet:
        """Those that say something of the criterion; the rest hold words alone, or what was taken back."""
        return self.exclude(judged="")


class CriterionMark(models.Model):
    """A marker's judgement of one criterion, as it is now. Who it is about can ask to read the notes.

    A note can stand there before anything is judged, and a judgement can be taken back: then `judged` is
    empty. What it was before stands in `KeptMark`.
    """

    marking = models.ForeignKey(Marking, on_delete=models.PROTECT, related_name="marks")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="marks")
    judged = models.CharField(max_length=20, choices=Judged.choices, blank=True)
    note = models.TextField(blank=True, max_length=2000)
    # One oral question may settle what was partly met; both sides word for word. It settles nothing
    # before what came of it is chosen.
    oral_question = models.TextField(blank=True, max_length=2000)
    oral_answer = models.TextField(blank=True, max_length=4000)
    settled = models.CharField(max_length=20, choices=Settled.choices, blank=True)
    # Why what somebody else had judged was changed.
    because = models.TextField(blank=True, max_length=2000)
    # Rises by one at each change, so that two tabs or two markers never overwrite one another silently.
    revision = models.PositiveIntegerField(default=1)
    judged_at = models.DateTimeField(default=timezone.now)
    judged_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # The page that wrote it, and which of its saves that was; null where a plain form did.
    device = models.UUIDField(null=True, blank=True)
    sequence = models.PositiveBigIntegerField(null=True, blank=True)

    objects = CriterionMarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marking", "criterion"], name="criterionmark_once"),
            models.CheckConstraint(
                name="criterionmark_judged_known", condition=Q(judged__in=["", *Judged.values])
            ),
            models.CheckConstraint(
                name="criterionmark_settled_known", condition=Q(settled__in=["", *Settled.values])
            ),
            models.CheckConstraint(
                name="criterionmark_settled_has_words",
                condition=Q(settled="") | (~Q(oral_question="") & ~Q(oral_answer="")),
            ),
            models.CheckConstraint(
                name="criterionmark_oral_of_partly_met",
                condition=Q(judged=Judged.PARTLY_MET) | Q(settled="", oral_question="", oral_answer=""),
            ),
            *both_or_neither("criterionmark", "judged"),
        ]

    def __str__(self) -> str:
        return f"{self.marking_id}/{self.criterion_id}: {self.judged}"

    @property
    def is_met(self) -> bool:
        """Whether the criterion stands as met, the oral question counted."""
        return stands_as(self.judged, self.settled) == Judged.MET


class KeptMark(models.Model):
    """What a mark was before it was changed, or what was sent and not saved since it had changed: for good.

    Not kept is what somebody's own note was while they typed on.
    """

    marking = models.ForeignKey(Marking, on_delete=models.PROTECT, related_name="kept_marks")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=20, choices=MarkKept.choices)
    judged = models.CharField(max_length=20, choices=Judged.choices, blank=True)
    note = models.TextField(blank=True, max_length=2000)
    oral_question = models.TextField(blank=True, max_length=2000)
    oral_answer = models.TextField(blank=True, max_length=4000)
    settled = models.CharField(max_length=20, choices=Settled.choices, blank=True)
    because = models.TextField(blank=True, max_length=2000)
    # Which it was; of one that was not saved, the one that its marker had seen.
    revision = models.PositiveIntegerField()
    judged_at = models.DateTimeField()
    judged_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["kept_at", "pk"]
        constraints = [one_of("keptmark", "why", MarkKept), *both_or_neither("keptmark", "judged")]
        indexes = [models.Index(fields=["marking", "criterion"], name="keptmark_of_mark")]

    def __str__(self) -> str:
        return f"{self.marking_id}/{self.criterion_id} {self.why}"


def stands_as(judged: str, settled: str) -> str:
    """The `Judged` that a mark stands as, the oral question counted; "" where nothing was judged."""
    return settled or judged
