"""Case studies and their agreement, the day's release and opening, submissions, marking, outcomes."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.history import tracked
from aimcert.foundation.rows import NamedByUuid, both_or_neither, one_of
from assessments.states import Judged, NotAssessed, Outcome, Reason, Settled
from courses.models import Course, CourseAssociate, Enrolment, Programme

# --- What is asked ------------------------------------------------------------------------------


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


# --- The day ------------------------------------------------------------------------------------


class CoursePin(models.Model):
    """The version that a course uses, pinned when the course was published."""

    course = models.OneToOneField(Course, on_delete=models.PROTECT, related_name="pin")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="pins")
    pinned_at = models.DateTimeField(default=timezone.now)
    pinned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "version"], name="coursepin_with_version"),
            *both_or_neither("coursepin", "pinned"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.version_id}"


@tracked(
    "course",
    "released_at",
    "released_by",
    "opened_at",
    "opened_by",
    "closed_at",
    "closed_by",
    "marking_due_on",
)
class Sitting(models.Model):
    """The individual case study on a course's day: released to read, opened to answer, closed."""

    course = models.OneToOneField(Course, on_delete=models.PROTECT, related_name="sitting")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Told to the room where marking could not be done on the day.
    marking_due_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sitting_opened_only_after_released",
                condition=Q(opened_at__isnull=True) | Q(released_at__isnull=False),
            ),
            models.CheckConstraint(
                name="sitting_closed_only_after_opened",
                condition=Q(closed_at__isnull=True) | Q(opened_at__isnull=False),
            ),
            *both_or_neither("sitting", "released", "opened", "closed"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id}"

    @property
    def is_open(self) -> bool:
        """Whether answers are taken now."""
        return self.opened_at is not None and self.closed_at is None


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: Person) -> SubmissionQuerySet:
        """Submissions that `user` may see: their own, and, once submitted, those of courses they train."""
        if user.is_aim_admin:
            return self.filter(Q(submitted_at__isnull=False) | Q(enrolment__person=user))
        trains = Exists(CourseAssociate.objects.filter(course=OuterRef("course"), associate=user))
        return self.filter(Q(enrolment__person=user) | (Q(submitted_at__isnull=False) & trains))


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


class Answer(models.Model):
    """What somebody wrote to one question; a draft is read by its author alone."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="answers")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(blank=True, max_length=20_000)
    # A blank that its author confirmed counts as answered, and as not met.
    blank_confirmed_at = models.DateTimeField(null=True, blank=True)
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
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}/{self.question_id}"


# --- Marking --------------------------------------------------------------------------------------


class MarkingQuerySet(models.QuerySet["Marking"]):
    def visible_to(self, user: Person) -> MarkingQuerySet:
        """Markings that `user` may see: of courses they train; an AIM admin all."""
        if user.is_aim_admin:
            return self
        return self.filter(
            Exists(CourseAssociate.objects.filter(course=OuterRef("submission__course"), associate=user))
        )


@tracked("uuid", "submission", "round", "marker", "finalised_at", "finalised_by")
class Marking(NamedByUuid):
    """One marker's judgement of one submission; a new round where the outcome was returned."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="markings")
    round = models.PositiveSmallIntegerField(default=1)
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
        constraints = [
            models.UniqueConstraint(fields=["submission", "round"], name="marking_round_unique"),
            models.UniqueConstraint(fields=["id", "submission"], name="marking_with_submission"),
            *both_or_neither("marking", "finalised"),
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
        return self.judged == Judged.MET or self.settled == Settled.MET


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def visible_to(self, user: Person) -> RecommendationQuerySet:
        """Recommendations that `user` may work on: of courses they train; an AIM admin all."""
        if user.is_aim_admin:
            return self
        return self.filter(
            Exists(CourseAssociate.objects.filter(course=OuterRef("enrolment__course"), associate=user))
        )


@tracked("uuid", "enrolment", "round", "outcome", "finalised_at", "finalised_by")
class Recommendation(NamedByUuid):
    """A trainer's recommended outcome for one enrolment; finalised, it never changes.

    A returned or refused one is followed by a new round, so that what was said before still stands.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="recommendations")
    round = models.PositiveSmallIntegerField(default=1)
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="recommendations"
    )
    marking = models.OneToOneField(
        Marking, null=True, blank=True, on_delete=models.PROTECT, related_name="recommendation"
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
            *both_or_neither("recommendation", "recommended", "finalised"),
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
