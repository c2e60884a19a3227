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
from assessments.states import NoConversation, NotAssessed, Outcome, Reason
from courses.models import CourseAssociate, Enrolment

# What is written for a reason, each field named for its reason.
EVIDENCE: dict[str, tuple[str, ...]] = {
    Reason.INTEREST: ("interest_observed", "interest_own_account"),
    Reason.EXPERIENCE: ("experience_shown", "experience_needed"),
    Reason.UNDERSTANDING: ("understanding_words",),
}
WRITTEN_EVIDENCE = tuple(name for names in EVIDENCE.values() for name in names)
# Nothing is arranged: where the conversation was held, or the outcome is another.
ARRANGED_NOTHING: dict[str, object] = {
    "no_conversation_because": "",
    "no_conversation_words": "",
    "conversation_due_on": None,
    "conversation_holder": None,
}


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
    # *Experience* needs what shows that it is missing, and which experience it is.
    experience_shown = models.TextField(blank=True, max_length=2000, default="", db_default="")
    experience_needed = models.TextField(blank=True, max_length=2000, default="", db_default="")
    # *Understanding* stands on the marks and *attendance* on the register; this may be said beside the marks.
    understanding_words = models.TextField(blank=True, max_length=2000, default="", db_default="")
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
    # Or why there was none so far, who holds it (nobody named: The AIM Project), and by the end of which day.
    no_conversation_because = models.CharField(
        max_length=20, choices=NoConversation.choices, blank=True, default="", db_default=""
    )
    no_conversation_words = models.TextField(blank=True, max_length=1000, default="", db_default="")
    conversation_due_on = models.DateField(null=True, blank=True)
    conversation_holder = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
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
            # The few that were finalised before anybody had spoken to the person.
            models.Index(
                fields=["conversation_due_on"],
                condition=Q(conversation_due_on__isnull=False, finalised_at__isnull=False),
                name="recommendation_to_speak_about",
            ),
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
                name="recommendation_no_conversation_whole",
                condition=Q(
                    no_conversation_because="",
                    no_conversation_words="",
                    conversation_due_on__isnull=True,
                    conversation_holder__isnull=True,
                )
                | (
                    Q(
                        outcome=Outcome.NOT_YET,
                        conversation_on__isnull=True,
                        conversation_due_on__isnull=False,
                        no_conversation_because__in=[*NoConversation.values],
                    )
                    & (~Q(no_conversation_because=NoConversation.OTHER) | ~Q(no_conversation_words=""))
                ),
            ),
            models.CheckConstraint(
                name="recommendation_evidence_fits_reasons",
                condition=(
                    Q(reasons__contains=[Reason.EXPERIENCE]) | Q(experience_shown="", experience_needed="")
                )
                & (Q(reasons__contains=[Reason.UNDERSTANDING]) | Q(understanding_words="")),
            ),
            models.CheckConstraint(
                name="recommendation_not_yet_spoken_about",
                condition=~Q(outcome=Outcome.NOT_YET)
                | Q(finalised_at__isnull=True)
                | (
                    Q(reasons__len__gt=0)
                    & (Q(conversation_on__isnull=False) | Q(conversation_due_on__isnull=False))
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
