"""The seed of a course's sample for second marking: kept before a mark exists, shown after the draw."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from courses.models import Course


class SampleSeed(models.Model):
    """What decides who is drawn. Its SHA-256 may be read from the first moment on, itself once it was used.

    The first of a course is kept when its room opens; each draw keeps the next, for answers marked later.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sample_seeds")
    number = models.PositiveSmallIntegerField(default=1)
    seed = models.CharField(max_length=64)
    seed_sha256 = models.CharField(max_length=64)
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "number"], name="sampleseed_once")]

    def __str__(self) -> str:
        return f"{self.course_id}/{self.number}"
