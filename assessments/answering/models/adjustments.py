"""Adjustments: what somebody asked The AIM Project for, and what was agreed with them for the day.

Nobody outside the course's own trainers and The AIM Project ever reads these rows: an employer never
learns of an adjustment, and neither does anybody else who takes part.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.rows import NamedByUuid, both_or_neither, one_of
from assessments.answering.models.sittings import TimeGrant
from assessments.states import Adjusted
from courses.models import CourseAssociate, Enrolment


def leads_course_of(user: Person) -> Q:
    """The condition on what hangs on an enrolment: `user` trains its course, or is an AIM admin.

    Whoever has or had a place on that course themself reads nothing of others on it.
    """
    course = OuterRef("enrolment__course")
    own_place = Exists(
        Enrolment.objects.filter(Q(person=user) | Q(person__merged_into=user), course=course).order_by()
    )
    if user.is_aim_admin:
        return ~Q(own_place)
    return Q(Exists(CourseAssociate.objects.filter(course=course, associate=user))) & ~Q(own_place)


class AdjustmentRequestQuerySet(models.QuerySet["AdjustmentRequest"]):
    def visible_to(self, user: Person) -> AdjustmentRequestQuerySet:
        """One's own, and, of the courses that they lead, those of others: see `leads_course_of`."""
        return self.filter(Q(enrolment__person=user) | leads_course_of(user))

    def to_answer(self, by: Any) -> AdjustmentRequestQuerySet:
        """Unanswered ones of people who still take part, on courses without a place of the admin `by`."""
        own_place = Enrolment.objects.filter(
            Q(person=by) | Q(person__merged_into=by), course=OuterRef("enrolment__course")
        )
        return self.filter(
            ~Exists(own_place.order_by()),
            answered_at__isnull=True,
            enrolment__withdrawn_at__isnull=True,
            enrolment__course__cancelled_at__isnull=True,
        ).order_by()


class AdjustmentRequest(NamedByUuid):
    """What somebody asks The AIM Project for, directly; an AIM admin answers in words."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="adjustment_requests")
    kinds = ArrayField(models.CharField(max_length=20, choices=Adjusted.choices))
    words = models.TextField(blank=True, max_length=2000)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # What is agreed and how it will be done, or why it cannot be; the person reads it.
    answer = models.TextField(blank=True, max_length=2000)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = AdjustmentRequestQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "enrolment"], name="adjustmentrequest_with_enrolment"),
            models.CheckConstraint(
                name="adjustmentrequest_asks_for_something",
                condition=Q(kinds__len__gt=0, kinds__contained_by=[*Adjusted.values]),
            ),
            models.CheckConstraint(
                name="adjustmentrequest_other_says_what",
                condition=~Q(kinds__contains=[Adjusted.OTHER]) | ~Q(words=""),
            ),
            models.CheckConstraint(
                name="adjustmentrequest_answered_in_words",
                condition=Q(answered_at__isnull=True, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
            ),
            *both_or_neither("adjustmentrequest", "asked", "answered"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"

    @property
    def said(self) -> list[str]:
        """What is asked for, in words."""
        return [str(Adjusted(kind).label) for kind in self.kinds]


class AdjustmentQuerySet(models.QuerySet["Adjustment"]):
    def visible_to(self, user: Person) -> AdjustmentQuerySet:
        """One's own, and, of the courses that they lead, those of others: see `leads_course_of`."""
        return self.filter(Q(enrolment__person=user) | leads_course_of(user))

    def standing(self) -> AdjustmentQuerySet:
        """Those that nobody ended."""
        return self.filter(ended_at__isnull=True)


class Adjustment(NamedByUuid):
    """What was agreed with one person for the day; it stands until somebody ends it, and is never deleted.

    Extra time is the minutes of a `TimeGrant`, which nobody takes back.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="adjustments")
    # The request that it answers; none where it was granted at once.
    request = models.ForeignKey(
        AdjustmentRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="agreed"
    )
    kind = models.CharField(max_length=20, choices=Adjusted.choices)
    details = models.TextField(blank=True, max_length=1000)
    time_grant = models.OneToOneField(
        TimeGrant, null=True, blank=True, on_delete=models.PROTECT, related_name="adjustment"
    )
    granted_at = models.DateTimeField(default=timezone.now)
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("adjustment", "kind", Adjusted),
            models.CheckConstraint(
                name="adjustment_time_is_granted",
                condition=Q(kind=Adjusted.TIME, time_grant__isnull=False, ended_at__isnull=True)
                | (~Q(kind=Adjusted.TIME) & Q(time_grant__isnull=True)),
            ),
            models.CheckConstraint(
                name="adjustment_other_says_what", condition=~Q(kind=Adjusted.OTHER) | ~Q(details="")
            ),
            models.UniqueConstraint(
                fields=["enrolment", "kind"],
                condition=Q(ended_at__isnull=True) & ~Q(kind__in=[Adjusted.TIME, Adjusted.OTHER]),
                name="adjustment_one_of_a_kind",
            ),
            *both_or_neither("adjustment", "granted", "ended"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"
