"""Second marking: what The AIM Project asks for, who is drawn, who marks a second time."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.rows import NamedByUuid, both_or_neither, told_by_time
from assessments.answering.models.sampling import SampleSeed
from assessments.answering.models.submissions import Submission
from courses.models import Course, Programme


class SecondMarkingNumbers(models.Model):
    """What The AIM Project asks for in one programme; the latest row counts, none changes."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="second_marking_numbers")
    # Of the scripts of one marker on one course: the larger of the two; both zero: no sample is drawn.
    sample_at_least = models.PositiveSmallIntegerField()
    sample_percent = models.PositiveSmallIntegerField()
    # On so many first courses of an Associate every *not yet competent* is marked a second time.
    first_courses = models.PositiveSmallIntegerField()
    because = models.TextField(max_length=1000)
    set_at = models.DateTimeField(default=timezone.now)
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        get_latest_by = "pk"
        constraints = [
            models.CheckConstraint(name="secondmarkingnumbers_percent", condition=Q(sample_percent__lte=100)),
            *both_or_neither("secondmarkingnumbers", "set"),
        ]
        indexes = [told_by_time("secondnumbers_told_set", "set_at")]

    def __str__(self) -> str:
        return f"{self.programme_id}: {self.sample_at_least}, {self.sample_percent} %"


class SampleDraw(NamedByUuid):
    """One draw over the marked scripts of a course, with the numbers that held then."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sample_draws")
    seed = models.OneToOneField(SampleSeed, on_delete=models.PROTECT, related_name="draw")
    sample_at_least = models.PositiveSmallIntegerField()
    sample_percent = models.PositiveSmallIntegerField()
    drawn_at = models.DateTimeField(default=timezone.now)
    drawn_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [*both_or_neither("sampledraw", "drawn")]
        indexes = [told_by_time("sampledraw_told_drawn", "drawn_at")]

    def __str__(self) -> str:
        return f"{self.uuid}"


class DrawnScript(models.Model):
    """One script among those that a draw was made over, for one of those who judged something of it."""

    draw = models.ForeignKey(SampleDraw, on_delete=models.PROTECT, related_name="scripts")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="draws")
    marker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    is_in_sample = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "submission", "marker"], name="drawnscript_once")
        ]

    def __str__(self) -> str:
        return f"{self.draw_id}/{self.submission_id}"


class SecondMarkerQuerySet(models.QuerySet["SecondMarker"]):
    def visible_to(self, user: Person) -> SecondMarkerQuerySet:
        """What `user` themself was asked to mark a second time, also what was handed back since."""
        return self.filter(marker=user)


class SecondMarker(NamedByUuid):
    """Somebody who was asked to mark a submission a second time; its UUID names the script to them."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="second_markers")
    marker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="second_markings")
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # Handed back by them, or taken back by The AIM Project: somebody else can be asked.
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_because = models.TextField(blank=True, max_length=1000)

    objects = SecondMarkerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission"], condition=Q(ended_at__isnull=True), name="secondmarker_one_open"
            ),
            models.CheckConstraint(
                name="secondmarker_ended_because",
                condition=Q(ended_at__isnull=True) | ~Q(ended_because=""),
            ),
            *both_or_neither("secondmarker", "asked", "ended"),
        ]
        indexes = [
            told_by_time("secondmarker_told_asked", "asked_at"),
            told_by_time("secondmarker_told_ended", "ended_at", ended_at__isnull=False),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"
