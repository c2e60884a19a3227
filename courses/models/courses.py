"""Courses, their sessions and their trainers."""

from __future__ import annotations

import zoneinfo
from datetime import datetime

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Person
from aimcert.foundation.name_order import NameWords, name_matches
from aimcert.foundation.rows import Changed, NamedByUuid, both_or_neither, counted, one_of
from aimcert.foundation.typed import symbols
from courses.models.programmes import Licence, Programme
from courses.models.sponsors import known_to_sponsor
from courses.states import Delivery, Stage


class CourseQuerySet(models.QuerySet["Course"]):
    def published(self) -> CourseQuerySet:
        """Courses with a public page."""
        return self.filter(published_at__isnull=False)

    def trained_by(self, user: Person) -> CourseQuerySet:
        """Courses to which `user` is assigned as a trainer."""
        return self.filter(Exists(CourseAssociate.objects.filter(course=OuterRef("pk"), associate=user)))

    def sponsored_by(self, organisation_ids: frozenset[int]) -> CourseQuerySet:
        """Published courses which these organisations commissioned, or to which they sponsor somebody."""
        nominated = self.model.objects.filter(
            known_to_sponsor("nominations__"),
            nominations__sponsor_organisation_id__in=organisation_ids,
            nominations__withdrawn_at__isnull=True,
        )
        return self.published().filter(
            Q(organisation_id__in=organisation_ids) | Q(pk__in=nominated.values("pk"))
        )

    def visible_to(self, user: Person) -> CourseQuerySet:
        """Courses whose inner pages `user` may open, in whichever role."""
        if user.is_aim_admin:
            return self
        trains = Exists(CourseAssociate.objects.filter(course=OuterRef("pk"), associate=user))
        enrolled = Q(pk__in=self.model.objects.filter(enrolments__person=user).values("pk"))
        sponsors = Q(pk__in=self.model.objects.sponsored_by(user.organisation_ids).values("pk"))
        # An open course takes nominations from any organisation.
        sponsors |= Q(organisation__isnull=True, published_at__isnull=False)
        return self.filter(Q(trains) | enrolled | (sponsors if user.organisation_ids else Q(pk__in=[])))

    def matching(self, q: str) -> CourseQuerySet:
        """Courses whose title, organisation, programme or number is meant by `q`; all where it is empty."""
        if not q:
            return self
        wanted = Q()
        for field in ("title", "organisation__name", "programme__name"):
            wanted |= name_matches(field, q)
        digits = symbols(q).removeprefix("C")
        # Longer than any number that the column holds would be an error of the database.
        if digits.isascii() and digits.isdigit() and len(digits) <= 9:
            wanted |= Q(number=int(digits))
        return self.filter(wanted)

    def at_stage(self, stage: str, now: datetime) -> CourseQuerySet:
        """Of courses `with_dates`, those that `Course.stage_at(now)` says are at `stage`."""
        if stage == Stage.CANCELLED:
            return self.filter(cancelled_at__isnull=False)
        standing = self.filter(cancelled_at__isnull=True)
        if stage == Stage.DRAFT:
            return standing.filter(published_at__isnull=True)
        published = standing.filter(published_at__isnull=False)
        if stage == Stage.PUBLISHED:
            return published.filter(Q(first_start__isnull=True) | Q(first_start__gt=now))
        if stage == Stage.RUNNING:
            return published.filter(first_start__lte=now, last_end__gte=now)
        return published.filter(last_end__lt=now)

    def with_dates(self) -> CourseQuerySet:
        """With `first_start`, `last_end` and `session_count`, so that a list asks once."""
        return self.annotate(
            first_start=Min("sessions__starts_at"),
            last_end=Max("sessions__ends_at"),
            session_count=Count("sessions", distinct=True),
        )

    def with_places(self) -> CourseQuerySet:
        """With `enrolled`: how many hold a place."""
        holding = self.model.objects.filter(
            pk=OuterRef("pk"), enrolments__isnull=False, enrolments__withdrawn_at__isnull=True
        )
        return self.annotate(enrolled=counted(holding))

    def in_order(self, now: datetime) -> CourseQuerySet:
        """Of courses `with_dates`: what runs or comes next first, then those without dates, then the past."""
        past = Case(When(last_end__gte=now, then=0), When(last_end__isnull=True, then=1), default=2)
        soonest = Case(When(last_end__gte=now, then=F("first_start")))
        return self.order_by(
            past, soonest.asc(nulls_last=True), F("last_end").desc(nulls_last=True), "-number"
        )


class Course(Changed, NamedByUuid):
    """One run of a programme: its sessions, its Associates, who commissioned it."""

    number = models.PositiveIntegerField(unique=True, help_text=_("From a counter; shown as its reference."))
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="courses")
    title = models.CharField(_("title"), max_length=150)
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="courses",
        verbose_name=_("commissioned by"),
        help_text=_("Empty: hosted by The AIM Project, open to anyone."),
    )
    country = models.CharField(_("country"), max_length=2)
    time_zone = models.CharField(_("time zone"), max_length=50)
    delivery = models.CharField(_("how it meets"), max_length=20, choices=Delivery.choices)
    venue = models.TextField(_("venue, or how to join online"), max_length=1000)
    capacity = models.PositiveSmallIntegerField(
        _("places"), validators=[MinValueValidator(1), MaxValueValidator(300)]
    )
    experience_sought = models.TextField(_("experience sought"), max_length=2000)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cancelled_because = models.TextField(blank=True, max_length=1000)

    objects = CourseQuerySet.as_manager()

    class Meta:
        indexes = [GinIndex(NameWords("title"), name="course_title_words")]
        constraints = [
            one_of("course", "delivery", Delivery),
            models.CheckConstraint(
                name="course_capacity_sane", condition=Q(capacity__gte=1, capacity__lte=300)
            ),
            models.CheckConstraint(
                name="course_country_two_letters", condition=Q(country__regex=r"^[A-Z]{2}$")
            ),
            *both_or_neither("course", "created", "published", "cancelled", "changed"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def reference(self) -> str:
        """What people call this course on the telephone."""
        return f"C{self.number:05d}"

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The zone in which its times are said."""
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def host_name(self) -> str:
        """Who commissioned it, in words."""
        return self.organisation.name if self.organisation else str(_("The AIM Project (open course)"))

    def stage_at(self, now: datetime, first_start: datetime | None, last_end: datetime | None) -> Stage:
        """Where this course stands at `now`, from its decisions and its sessions' first and last times."""
        if self.cancelled_at:
            return Stage.CANCELLED
        if not self.published_at:
            return Stage.DRAFT
        if first_start is None or last_end is None or now < first_start:
            return Stage.PUBLISHED
        return Stage.RUNNING if now <= last_end else Stage.HELD


class Session(NamedByUuid):
    """One sitting of a course, for which the register is taken."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="session_number_unique"),
            models.UniqueConstraint(fields=["id", "course"], name="session_with_course"),
            models.CheckConstraint(name="session_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.course_id}/{self.number}"


class SessionChange(models.Model):
    """That the sessions of a course were changed, by whom and when, and why where that was to be said."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="session_changes")
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True, max_length=1000)

    class Meta:
        constraints = [*both_or_neither("sessionchange", "changed")]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.changed_at}"


class CourseAssociate(NamedByUuid):
    """A trainer of a course: an Associate assigned to it under a licence."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="associates")
    associate = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="trained")
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="used")
    assigned_at = models.DateTimeField(default=timezone.now)
    assigned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "associate"], name="courseassociate_once"),
            *both_or_neither("courseassociate", "assigned"),
        ]

    def __str__(self) -> str:
        return f"{self.associate} trains {self.course_id}"
