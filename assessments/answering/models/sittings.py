"""The day: the version that a course uses, when it was released, opened and closed, and for whom longer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.history import tracked
from aimcert.foundation.rows import both_or_neither
from assessments.case_studies.models.contents import Version
from assessments.states import Granted
from courses.models import Course, Enrolment


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


class PinMove(models.Model):
    """A published course that was given a newer version, before its case study was released."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="pin_moves")
    from_version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    to_version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(default=timezone.now)
    moved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="pinmove_to_another", condition=~Q(from_version=models.F("to_version"))
            ),
            *both_or_neither("pinmove", "moved"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.from_version_id} to {self.to_version_id}"


@tracked(
    "course",
    "released_at",
    "released_by",
    "opened_at",
    "opened_by",
    "closed_at",
    "closed_by",
    "planned_minutes",
    "closes_at",
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
    # The length that was planned, if any, and when answering closes by itself: from the one, or
    # because its trainer said so. Closed is whichever comes first of this and `closed_at`.
    planned_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    # Told to the room where marking could not be done on the day.
    marking_due_on = models.DateField(null=True, blank=True)
    marking_told_at = models.DateTimeField(null=True, blank=True)
    marking_told_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

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
            models.CheckConstraint(
                name="sitting_closes_only_after_opened",
                condition=Q(closes_at__isnull=True)
                | Q(opened_at__isnull=False, closes_at__gte=models.F("opened_at")),
            ),
            *both_or_neither("sitting", "released", "opened", "closed", "marking_told"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id}"

    @property
    def ends_at(self) -> datetime | None:
        """When the room's answering ended or will; None while nobody said when."""
        return min(filter(None, (self.closed_at, self.closes_at)), default=None)

    def closes_at_for(self, *, extra_minutes: int, until: datetime | None) -> datetime | None:
        """When answering ends for one participant, who was granted this beside the room's hours."""
        ends_at = self.ends_at
        if ends_at is None:
            return None
        return max(filter(None, (ends_at + timedelta(minutes=extra_minutes), until)))

    @property
    def is_over(self) -> bool:
        """Whether the room's answering has ended. One participant's may last longer: see `TimeGrant`."""
        ends_at = self.ends_at
        return ends_at is not None and ends_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        """Whether the room's answers are taken now."""
        return self.opened_at is not None and not self.is_over


class RoomReopening(models.Model):
    """Why a room that was closed takes answers again."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="room_reopenings")
    reason = models.TextField(max_length=1000)
    reopened_at = models.DateTimeField(default=timezone.now)
    reopened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="roomreopening_says_why", condition=~Q(reason="")),
            *both_or_neither("roomreopening", "reopened"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id}"


class TimeGrant(models.Model):
    """Time that one participant has beside the room's: minutes after it closes, or until a moment.

    Answering that was opened again for somebody who had submitted starts a new attempt.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="time_grants")
    what = models.CharField(max_length=20, choices=Granted.choices)
    minutes = models.PositiveSmallIntegerField(default=0)
    # From when, where that is later than when it was granted: before, it counts for nothing.
    starts_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(max_length=1000)
    granted_at = models.DateTimeField(default=timezone.now)
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="timegrant_minutes_or_moment",
                condition=Q(what=Granted.EXTRA, minutes__gt=0, until__isnull=True)
                | Q(what=Granted.REOPENED, minutes=0, until__isnull=False),
            ),
            models.CheckConstraint(
                name="timegrant_starts_before_its_end",
                condition=Q(starts_at__isnull=True)
                | Q(
                    what=Granted.REOPENED,
                    starts_at__gt=models.F("granted_at"),
                    starts_at__lt=models.F("until"),
                ),
            ),
            models.CheckConstraint(name="timegrant_says_why", condition=~Q(reason="")),
            models.UniqueConstraint(fields=["id", "enrolment"], name="timegrant_with_enrolment"),
            *both_or_neither("timegrant", "granted"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.what}"
