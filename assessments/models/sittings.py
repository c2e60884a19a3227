"""The day: the version that a course uses, and when it was released, opened and closed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.history import tracked
from aimcert.foundation.rows import both_or_neither
from assessments.models.contents import Version
from courses.models import Course


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
