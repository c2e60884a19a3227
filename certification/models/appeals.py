"""Appeals: what somebody asks to be looked at again, who decides it, and what they came to."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.name_order import name_matches
from aimcert.foundation.rows import NamedByUuid, both_or_neither, one_of, told_by_time
from assessments.models import Submission
from certification.states import AppealFollows, AppealKind, AppealResult, Touches
from courses.models import Course, Enrolment

OPEN = Q(answered_at__isnull=True, withdrawn_at__isnull=True)


class AppealQuerySet(models.QuerySet["Appeal"]):
    def open(self) -> AppealQuerySet:
        """Those that are neither answered nor withdrawn."""
        return self.filter(OPEN)

    def visible_to(self, user: Person) -> AppealQuerySet:
        """One's own, and those to which one was appointed; an AIM admin all."""
        if user.is_aim_admin:
            return self
        sits = PanelMember.objects.standing().filter(appeal=OuterRef("pk"), person=user)
        return self.filter(Q(enrolment__person=user) | Exists(sits))

    def matching(self, q: str) -> AppealQuerySet:
        """Those whose person's name, course's title or number holds `q`; never by their words."""
        courses = Course.objects.matching(q).values("pk")
        return self.filter(name_matches("enrolment__person__name", q) | Q(enrolment__course__in=courses))


class Appeal(NamedByUuid):
    """What one person asks to be looked at again, once for a place and a set of answers.

    What was asked never changes; it is taken in hand, withdrawn or answered, each once.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="appeals")
    # Their answers that it is about; None where there were none yet.
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="appeals"
    )
    kinds = ArrayField(models.CharField(max_length=20, choices=AppealKind.choices))
    words = models.TextField(max_length=10000)
    file = models.CharField(max_length=200, blank=True)
    file_name = models.CharField(max_length=150, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answer_due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # By whoever confirmed its decision last; what was decided is its latest draft.
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Refusals of these answers before this moment no longer keep anybody from *competent*.
    refusal_lifted_at = models.DateTimeField(null=True, blank=True)
    overdue_told_at = models.DateTimeField(null=True, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "submission"], nulls_distinct=False, name="appeal_once"
            ),
            models.CheckConstraint(
                name="appeal_kinds_known",
                condition=Q(kinds__len__gt=0, kinds__contained_by=[*AppealKind.values]),
            ),
            models.CheckConstraint(
                name="appeal_file_whole",
                condition=Q(file="", file_name="", content_type="", sha256="", size=0)
                | (Q(sha256__regex=r"^[0-9a-f]{64}$", size__gt=0) & ~Q(file="") & ~Q(content_type="")),
            ),
            models.CheckConstraint(
                name="appeal_ends_once", condition=Q(withdrawn_at__isnull=True) | Q(answered_at__isnull=True)
            ),
            models.CheckConstraint(
                name="appeal_lifts_when_answered",
                condition=Q(refusal_lifted_at__isnull=True)
                | Q(refusal_lifted_at=models.F("answered_at"), submission__isnull=False),
            ),
            *both_or_neither("appeal", "asked", "taken", "withdrawn", "answered"),
        ]
        indexes = [
            models.Index(fields=["answer_due_at"], condition=OPEN, name="appeal_open"),
            told_by_time("appeal_told_asked", "asked_at"),
            told_by_time("appeal_told_taken", "taken_at", taken_at__isnull=False),
            told_by_time("appeal_told_withdrawn", "withdrawn_at", withdrawn_at__isnull=False),
            told_by_time("appeal_told_answered", "answered_at", answered_at__isnull=False),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"

    @property
    def is_open(self) -> bool:
        """Whether it is neither answered nor withdrawn."""
        return self.answered_at is None and self.withdrawn_at is None

    @property
    def said(self) -> list[str]:
        """What is to be looked at, in words."""
        return [str(AppealKind(kind).label) for kind in self.kinds]


class PanelRule(models.Model):
    """Whether one who decides has to be unconnected with The AIM Project: the latest row. Never changed."""

    needs_unconnected = models.BooleanField()
    reason = models.TextField(max_length=2000)
    set_at = models.DateTimeField(default=timezone.now)
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="panelrule_says_why", condition=~Q(reason="")),
            *both_or_neither("panelrule", "set"),
        ]

    def __str__(self) -> str:
        return f"{self.needs_unconnected}"


class PanelMemberQuerySet(models.QuerySet["PanelMember"]):
    def standing(self) -> PanelMemberQuerySet:
        """Those who were not taken off again."""
        return self.filter(ended_at__isnull=True)


class PanelMember(NamedByUuid):
    """Somebody with no part in the first decision, appointed to decide an appeal."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="panel_places")
    is_unconnected = models.BooleanField()
    appointed_at = models.DateTimeField(default=timezone.now)
    appointed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # That they have no part in it, and are unconnected where they have to be; before that they read nothing.
    declared_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = PanelMemberQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["appeal", "person"], condition=Q(ended_at__isnull=True), name="panelmember_once"
            ),
            *both_or_neither("panelmember", "appointed", "ended"),
        ]
        indexes = [
            told_by_time("panelmember_told_appointed", "appointed_at"),
            told_by_time("panelmember_told_declared", "declared_at", declared_at__isnull=False),
            told_by_time("panelmember_told_ended", "ended_at", ended_at__isnull=False),
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id}: {self.person_id}"


class AppealDraft(models.Model):
    """A decision as one member wrote it; it is the appeal's once all others confirmed it. Never changed."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="drafts")
    revision = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=20, choices=AppealResult.choices)
    follows = models.CharField(max_length=20, choices=AppealFollows.choices)
    found = models.TextField(max_length=10000)
    # What the person reads.
    answer = models.TextField(max_length=10000)
    # By what a fault may have touched others; empty: it cannot have.
    touches = ArrayField(models.CharField(max_length=20, choices=Touches.choices), default=list, blank=True)
    drafted_at = models.DateTimeField(default=timezone.now)
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["revision"]
        constraints = [
            one_of("appealdraft", "result", AppealResult),
            one_of("appealdraft", "follows", AppealFollows),
            models.CheckConstraint(
                name="appealdraft_touches_known", condition=Q(touches__contained_by=[*Touches.values])
            ),
            models.CheckConstraint(
                name="appealdraft_not_upheld_changes_nothing",
                condition=~Q(result=AppealResult.NOT_UPHELD)
                | Q(follows__in=[AppealFollows.NOTHING, AppealFollows.WORDS]),
            ),
            models.CheckConstraint(name="appealdraft_in_words", condition=~Q(found="") & ~Q(answer="")),
            models.UniqueConstraint(fields=["appeal", "revision"], name="appealdraft_revision_once"),
            *both_or_neither("appealdraft", "drafted"),
        ]
        indexes = [told_by_time("appealdraft_told", "drafted_at")]

    def __str__(self) -> str:
        return f"{self.appeal_id}: {self.revision}"

    @property
    def touched(self) -> list[str]:
        """Whom a fault may have touched, in words."""
        return [str(Touches(one).label) for one in self.touches]


class AppealView(models.Model):
    """What another member says of a draft: that they confirm it, or see it otherwise. Never changed."""

    draft = models.ForeignKey(AppealDraft, on_delete=models.PROTECT, related_name="views")
    confirms = models.BooleanField()
    words = models.TextField(max_length=4000, blank=True)
    said_at = models.DateTimeField(default=timezone.now)
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="appealview_says_what_otherwise", condition=Q(confirms=True) | ~Q(words="")
            ),
            models.UniqueConstraint(
                fields=["draft", "said_by"], condition=Q(confirms=True), name="appealview_confirms_once"
            ),
            *both_or_neither("appealview", "said"),
        ]
        indexes = [told_by_time("appealview_told", "said_at")]

    def __str__(self) -> str:
        return f"{self.draft_id}: {self.said_by_id}"
