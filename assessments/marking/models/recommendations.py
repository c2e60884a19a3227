"""The trainer's recommended outcomes, and a co-trainer's disagreement with one."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.history import tracked
from aimcert.foundation.rows import Changed, NamedByUuid, both_or_neither, one_of, told_by_time
from assessments.answering.models.submissions import Submission
from assessments.marking.models.marking import Marking
from assessments.states import NotAssessed, Outcome, Reason
from courses.models import CourseAssociate, Enrolment


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def latest_first(self) -> RecommendationQuerySet:
        """By their rounds: the one that stands before those that it followed."""
        return self.order_by("-round")

    def visible_to(self, user: Person) -> RecommendationQuerySet:
        """Recommendations that `user` may work on: of courses they train; an AIM admin all."""
        if user.is_aim_admin:
            return self
        return self.filter(
            Exists(CourseAssociate.objects.filter(course=OuterRef("enrolment__course"), associate=user))
        )


@tracked(
    "uuid",
    "enrolment",
    "round",
    "outcome",
    "finalised_at",
    "finalised_by",
    indexes=[
        told_by_time(
            "recommendationevent_told", "pgh_created_at", pgh_label="update", finalised_at__isnull=True
        )
    ],
)
class Recommendation(Changed, NamedByUuid):
    """A trainer's recommended outcome for one enrolment; finalised, it never changes.

    A returned or refused one is followed by a new round, so that what was said before still stands.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="recommendations")
    round = models.PositiveSmallIntegerField(default=1)
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="recommendations"
    )
    # The one that it stands on; a later round may stand on the same, where nothing was marked again.
    marking = models.ForeignKey(
        Marking, null=True, blank=True, on_delete=models.PROTECT, related_name="recommendations"
    )
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    reasons = ArrayField(models.CharField(max_length=20, choices=Reason.choices), default=list, blank=True)
    not_assessed_because = models.CharField(max_length=20, choices=NotAssessed.choices, blank=True)
    # *Interest* as a reason needs what was observed and the person's own account.
    interest_observed = models.TextField(blank=True, max_length=2000)
    interest_own_account = models.TextField(blank=True, max_length=2000)
    # Why it differs from what the marks suggest.
    override_reason = models.TextField(blank=True, max_length=2000)
    told_participant = models.TextField(blank=True, max_length=4000)
    told_commissioner = models.TextField(blank=True, max_length=4000)
    internal_note = models.TextField(blank=True, max_length=2000)
    # The conversation held on the day.
    conversation_on = models.DateTimeField(null=True, blank=True)
    conversation_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    conversation = models.TextField(blank=True, max_length=4000)
    # Why The AIM Project returned or refused the round before: certification writes it, trainers read it.
    begun_because = models.TextField(blank=True, max_length=2000)
    # Rises by one at each save, so that two tabs or two trainers never overwrite one another silently.
    revision = models.PositiveIntegerField(default=1)
    recommended_at = models.DateTimeField(default=timezone.now)
    recommended_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="recommendations")
    finalised_at = models.DateTimeField(null=True, blank=True)
    finalised_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        indexes = [
            told_by_time("recommendation_told", "recommended_at"),
            told_by_time("recommendation_told_finalised", "finalised_at", finalised_at__isnull=False),
        ]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "round"], name="recommendation_round_unique"),
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(finalised_at__isnull=True), name="recommendation_one_open"
            ),
            models.UniqueConstraint(fields=["id", "enrolment"], name="recommendation_with_enrolment"),
            one_of("recommendation", "outcome", Outcome),
            models.CheckConstraint(
                name="recommendation_reasons_known", condition=Q(reasons__contained_by=[*Reason.values])
            ),
            models.CheckConstraint(
                name="recommendation_reasons_fit_outcome",
                condition=Q(outcome=Outcome.COMPETENT, reasons=[], not_assessed_because="")
                | Q(outcome=Outcome.NOT_YET, not_assessed_because="")
                | Q(
                    outcome=Outcome.NOT_ASSESSED,
                    reasons=[],
                    not_assessed_because__in=[*NotAssessed.values],
                ),
            ),
            models.CheckConstraint(
                name="recommendation_competent_has_marking",
                condition=~Q(outcome=Outcome.COMPETENT)
                | Q(marking__isnull=False, submission__isnull=False)
                | Q(finalised_at__isnull=True),
            ),
            models.CheckConstraint(
                name="recommendation_conversation_whole",
                condition=Q(conversation_on__isnull=True, conversation_by__isnull=True, conversation="")
                | (Q(conversation_on__isnull=False, conversation_by__isnull=False) & ~Q(conversation="")),
            ),
            models.CheckConstraint(
                name="recommendation_not_yet_after_conversation",
                condition=~Q(outcome=Outcome.NOT_YET)
                | Q(finalised_at__isnull=True)
                | (
                    Q(conversation_on__isnull=False, reasons__len__gt=0)
                    & ~Q(told_participant="")
                    & ~Q(told_commissioner="")
                ),
            ),
            models.CheckConstraint(
                name="recommendation_not_assessed_has_words",
                condition=~Q(outcome=Outcome.NOT_ASSESSED)
                | Q(finalised_at__isnull=True)
                | (~Q(told_participant="") & ~Q(told_commissioner="")),
            ),
            *both_or_neither("recommendation", "recommended", "finalised", "changed"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}: {self.outcome}"


class DisagreementQuerySet(models.QuerySet["Disagreement"]):
    def visible_to(self, user: Person) -> DisagreementQuerySet:
        """Disagreements that `user` may see: of courses they train; an AIM admin all."""
        return self.filter(recommendation__in=Recommendation.objects.visible_to(user))


class Disagreement(NamedByUuid):
    """A co-trainer's disagreement with a recommendation: it goes to second marking."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="disagreements")
    reason = models.TextField(max_length=2000)
    disagreed_at = models.DateTimeField(default=timezone.now)
    disagreed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DisagreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "disagreed_by"],
                condition=Q(withdrawn_at__isnull=True),
                name="disagreement_one_standing",
            ),
            *both_or_neither("disagreement", "disagreed", "withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"
