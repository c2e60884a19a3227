"""What a sponsor has to do about somebody who was not certified, and what it did."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Organisation, Person
from aimcert.foundation.history import tracked
from aimcert.foundation.name_order import name_matches
from aimcert.foundation.rows import NamedByUuid, both_or_neither, told_by_time
from assessments.models import Recommendation
from courses.models import Course, CourseAssociate, Enrolment


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def released(self) -> FollowUpQuerySet:
        """Follow-ups that have gone to their sponsor."""
        return self.filter(released_at__isnull=False)

    def matching(self, q: str) -> FollowUpQuerySet:
        """Follow-ups of whom or of which course or sponsor `q` means the name; or that course's number."""
        wanted = Q(enrolment__course__in=Course.objects.matching(q).values("pk"))
        for field in ("enrolment__certificate_name", "sponsor_organisation__name"):
            wanted |= name_matches(field, q)
        return self.filter(wanted)

    def visible_to(self, user: Person) -> FollowUpQuerySet:
        """Follow-ups that `user` may open.

        The person they are about; once released, commissioners of the sponsor, except about
        themselves; trainers of the course; AIM admins.
        """
        own = Q(enrolment__person=user)
        if user.is_aim_admin:
            return self
        trains = Exists(CourseAssociate.objects.filter(course=OuterRef("enrolment__course"), associate=user))
        sponsors = Q(sponsor_organisation_id__in=user.organisation_ids, released_at__isnull=False)
        return self.filter(own | trains | sponsors)


@tracked("uuid", "enrolment", "recommendation", "read_at", "released_at", "closed_at", "closed_by")
class FollowUp(NamedByUuid):
    """What a sponsor has to do about someone not yet competent or not assessed, until it is closed."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="follow_ups")
    recommendation = models.OneToOneField(Recommendation, on_delete=models.PROTECT, related_name="follow_up")
    sponsor_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups"
    )
    # The person opens what the commissioner will be told, and sends it on. What they have not sent
    # when it is due goes by itself, so released before `due_at` means sent by them.
    readable_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True, max_length=4000)
    commented_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="followup_released_once_read_or_due",
                condition=Q(released_at__isnull=True)
                | Q(read_at__isnull=False)
                | Q(released_at__gte=models.F("due_at")),
            ),
            models.CheckConstraint(
                name="followup_comment_with_time",
                condition=Q(comment="", commented_at__isnull=True)
                | (~Q(comment="") & Q(commented_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="followup_closed_only_after_released",
                condition=Q(closed_at__isnull=True) | Q(released_at__isnull=False),
            ),
            *both_or_neither("followup", "closed"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(released_at__isnull=True), name="followup_waiting"),
            told_by_time("followup_told_read", "read_at", read_at__isnull=False),
            told_by_time("followup_told_commented", "commented_at", commented_at__isnull=False),
            told_by_time("followup_told_released", "released_at", released_at__isnull=False),
            told_by_time("followup_told_closed", "closed_at", closed_at__isnull=False),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"


class FollowUpStep(models.Model):
    """One thing that a sponsor did about a follow-up. Written once, never changed."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="steps")
    done = models.TextField(max_length=2000)
    done_on = models.DateField()
    closes = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [told_by_time("followupstep_told", "recorded_at", closes=False)]
        ordering = ["recorded_at"]
        constraints = [*both_or_neither("followupstep", "recorded")]

    def __str__(self) -> str:
        return f"{self.follow_up_id}: {self.done_on}"
