"""Programmes, licences, courses and their sessions, nominations, enrolments, the register."""

from __future__ import annotations

import zoneinfo
from datetime import date, datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, When
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Person
from aimcert.foundation.history import tracked
from aimcert.foundation.rows import NamedByUuid, both_or_neither, one_of
from courses.states import Delivery, Judgement, NominationStage, Presence, Stage
from courses.tokens import sha256_of


class Programme(NamedByUuid):
    """A model that people are trained in: AIM3, AIM Under 12s. Data, never a branch in code."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    about = models.TextField(help_text=_("What the model is for, for a course's public page."))
    experience_sought = models.TextField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class LicenceQuerySet(models.QuerySet["Licence"]):
    def in_force(self, on: date) -> LicenceQuerySet:
        """Licences that hold on the local date `on` and were not withdrawn."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=on),
            valid_from__lte=on,
            withdrawn_at__isnull=True,
        )

    def visible_to(self, user: Person) -> LicenceQuerySet:
        """Licences whose page `user` may open: an AIM admin all, an Associate their own."""
        return self if user.is_aim_admin else self.filter(associate=user)


class Licence(NamedByUuid):
    """The AIM Project's licence for an Associate to train a programme in a country, between dates."""

    associate = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="licences")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="licences")
    country = models.CharField(max_length=2)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    granted_at = models.DateTimeField(default=timezone.now)
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Written by assessments when this Associate agreed to the version in force.
    cleared_at = models.DateTimeField(null=True, blank=True)

    objects = LicenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="licence_until_after_from",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="licence_country_two_letters", condition=Q(country__regex=r"^[A-Z]{2}$")
            ),
            models.UniqueConstraint(
                fields=["associate", "programme", "country"],
                condition=Q(withdrawn_at__isnull=True),
                name="licence_one_current",
            ),
            *both_or_neither("licence", "granted", "withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.associate}: {self.programme} in {self.country}"


class CourseQuerySet(models.QuerySet["Course"]):
    def published(self) -> CourseQuerySet:
        """Courses with a public page."""
        return self.filter(published_at__isnull=False)

    def trained_by(self, user: Person) -> CourseQuerySet:
        """Courses to which `user` is assigned as a trainer."""
        return self.filter(Exists(CourseAssociate.objects.filter(course=OuterRef("pk"), associate=user)))

    def sponsored_by(self, organisation_ids: frozenset[int]) -> CourseQuerySet:
        """Published courses which these organisations commissioned, or to which they sponsor somebody."""
        nominated = Nomination.objects.filter(
            course=OuterRef("pk"), sponsor_organisation_id__in=organisation_ids, withdrawn_at__isnull=True
        )
        return self.published().filter(Q(organisation_id__in=organisation_ids) | Exists(nominated))

    def visible_to(self, user: Person) -> CourseQuerySet:
        """Courses whose inner pages `user` may open, in whichever role."""
        if user.is_aim_admin:
            return self
        trains = Exists(CourseAssociate.objects.filter(course=OuterRef("pk"), associate=user))
        enrolled = Exists(Enrolment.objects.filter(course=OuterRef("pk"), person=user))
        sponsors = Q(pk__in=self.model.objects.sponsored_by(user.organisation_ids).values("pk"))
        # An open course takes nominations from any organisation.
        sponsors |= Q(organisation__isnull=True, published_at__isnull=False)
        return self.filter(Q(trains) | Q(enrolled) | (sponsors if user.organisation_ids else Q(pk__in=[])))

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
        holding = Enrolment.objects.filter(course=OuterRef("pk"), withdrawn_at__isnull=True).order_by()
        return self.annotate(enrolled=_counted(holding.values("course")))

    def in_order(self, now: datetime) -> CourseQuerySet:
        """Of courses `with_dates`: what runs or comes next first, then those without dates, then the past."""
        past = Case(When(last_end__gte=now, then=0), When(last_end__isnull=True, then=1), default=2)
        soonest = Case(When(last_end__gte=now, then=F("first_start")))
        return self.order_by(
            past, soonest.asc(nulls_last=True), F("last_end").desc(nulls_last=True), "-number"
        )


class Course(NamedByUuid):
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
        constraints = [
            one_of("course", "delivery", Delivery),
            models.CheckConstraint(
                name="course_capacity_sane", condition=Q(capacity__gte=1, capacity__lte=300)
            ),
            models.CheckConstraint(
                name="course_country_two_letters", condition=Q(country__regex=r"^[A-Z]{2}$")
            ),
            *both_or_neither("course", "created", "published", "cancelled"),
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


class NominationQuerySet(models.QuerySet["Nomination"]):
    def standing(self) -> NominationQuerySet:
        """Nominations neither withdrawn nor declined."""
        return self.filter(withdrawn_at__isnull=True, declined_at__isnull=True)

    def with_token(self, token: str) -> NominationQuerySet:
        """The one nomination, if any, whose link carries `token`."""
        return self.filter(token_sha256=sha256_of(token))

    def visible_to(self, user: Person) -> NominationQuerySet:
        """Nominations that `user` may see: those their organisation sponsors; an AIM admin all."""
        if user.is_aim_admin:
            return self
        return self.filter(sponsor_organisation_id__in=user.organisation_ids)


@tracked(
    "uuid", "course", "sponsor_organisation", "nominated_by", "declined_at", "withdrawn_at", "withdrawn_by"
)
class Nomination(NamedByUuid):
    """Somebody put forward for a course; with their own acceptance it becomes an enrolment."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="nominations")
    sponsor_organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="nominations",
        verbose_name=_("sponsor"),
        help_text=_("Who results and follow-up go to. Empty: the person themself."),
    )
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("email address"))
    job_role = models.CharField(_("job role"), max_length=150)
    years_experience = models.DecimalField(
        _("years of experience in this field"),
        max_digits=3,
        decimal_places=1,
        validators=[MinValueValidator(0), MaxValueValidator(60)],
    )
    manager_name = models.CharField(_("line manager’s name"), max_length=150, blank=True)
    manager_email = models.EmailField(_("line manager’s email address"), blank=True)
    # A walk-in is put forward by the trainer on the day; their sponsor confirms afterwards.
    is_walk_in = models.BooleanField(default=False)
    nominated_at = models.DateTimeField(default=timezone.now)
    nominated_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    token_sha256 = models.CharField(
        max_length=64, unique=True, help_text=_("Of the link's single-use token.")
    )
    token_expires_at = models.DateTimeField()
    declined_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    # Of the link just made, on the object that made it alone; only its hash is kept.
    token: str

    objects = NominationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "course",
                Lower("email"),
                condition=Q(withdrawn_at__isnull=True, declined_at__isnull=True),
                name="nomination_once_per_course",
            ),
            models.UniqueConstraint(fields=["id", "course"], name="nomination_with_course"),
            models.CheckConstraint(name="nomination_email_lower", condition=Q(email=Lower("email"))),
            models.CheckConstraint(
                name="nomination_years_sane", condition=Q(years_experience__gte=0, years_experience__lte=60)
            ),
            *both_or_neither("nomination", "nominated", "withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"

    def stage_at(self, now: datetime, enrolment: Enrolment | None) -> NominationStage:
        """How far this nomination has come at `now`; `enrolment` is the one made of it, if any."""
        if enrolment is not None:
            return NominationStage.LEFT if enrolment.withdrawn_at else NominationStage.ACCEPTED
        if self.withdrawn_at:
            return NominationStage.WITHDRAWN
        if self.declined_at:
            return NominationStage.DECLINED
        return NominationStage.INVITED if now < self.token_expires_at else NominationStage.EXPIRED


def entry_met(prefix: str = "") -> Q:
    """The condition that a register entry counts as attended (the one rule, 1)."""
    return (
        Q(**{f"{prefix}presence": Presence.PRESENT})
        | Q(
            **{
                f"{prefix}presence__in": [Presence.LATE, Presence.LEFT_EARLY],
                f"{prefix}judgement__in": [Judgement.NOTHING_MISSED, Judgement.COVERED],
            }
        )
        | Q(**{f"{prefix}made_up_at__isnull": False})
    )


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, user: Person) -> EnrolmentQuerySet:
        """Enrolments that `user` may see: own, of courses they train, of their organisation; an admin all."""
        if user.is_aim_admin:
            return self
        trains = Exists(CourseAssociate.objects.filter(course=OuterRef("course"), associate=user))
        return self.filter(Q(person=user) | Q(trains) | Q(sponsor_organisation_id__in=user.organisation_ids))

    def with_attendance(self) -> EnrolmentQuerySet:
        """With `sessions_total`, `sessions_entered` and `sessions_met`: the facts of full attendance."""
        entries = RegisterEntry.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment")
        sessions = Session.objects.filter(course=OuterRef("course")).order_by().values("course")
        return self.annotate(
            sessions_total=_counted(sessions),
            sessions_entered=_counted(entries),
            sessions_met=_counted(entries.filter(entry_met())),
        )


def _counted(rows: models.QuerySet[Any]) -> Coalesce:
    from_rows = models.Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=models.IntegerField())
    return Coalesce(from_rows, 0)


@tracked(
    "uuid", "course", "person", "sponsor_organisation", "sponsor_confirmed_by", "withdrawn_at", "frozen_at"
)
class Enrolment(NamedByUuid):
    """A participant's place on a course, accepted by them; the tenant of their data is its sponsor."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrolments")
    nomination = models.OneToOneField(Nomination, on_delete=models.PROTECT, related_name="enrolment")
    sponsor_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="enrolments"
    )
    certificate_name = models.CharField(_("name on the certificate"), max_length=150)
    # The text of what was accepted is frozen under its version in courses/expectations.py.
    expectations_version = models.CharField(max_length=20)
    enrolled_at = models.DateTimeField(default=timezone.now)
    sponsor_confirmed_at = models.DateTimeField(null=True, blank=True)
    sponsor_confirmed_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    identity_checked_at = models.DateTimeField(null=True, blank=True)
    identity_checked_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Written by certification on approval: the register and the certificate's name then refuse change.
    frozen_at = models.DateTimeField(null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "person"], name="enrolment_once_per_course"),
            models.UniqueConstraint(fields=["id", "course"], name="enrolment_with_course"),
            *both_or_neither("enrolment", "sponsor_confirmed", "identity_checked", "withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"


@tracked(
    "enrolment",
    "session",
    "presence",
    "minutes_missed",
    "judgement",
    "recorded_by",
    "made_up_at",
    "made_up_by",
    deletions=True,
)
class RegisterEntry(models.Model):
    """What the register says of one person at one session; no entry is unmet, never assumed."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="register_entries")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="register_entries")
    presence = models.CharField(max_length=20, choices=Presence.choices)
    minutes_missed = models.PositiveSmallIntegerField(null=True, blank=True)
    judgement = models.CharField(max_length=20, choices=Judgement.choices, blank=True)
    covered_how = models.TextField(blank=True, max_length=1000, help_text=_("How and when it was covered."))
    # An equivalent session, confirmed by the licensed Associate who held it.
    made_up_on = models.DateField(null=True, blank=True)
    made_up_how = models.TextField(blank=True, max_length=1000)
    made_up_at = models.DateTimeField(null=True, blank=True)
    made_up_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # An AIM admin who corrects a register says why.
    reason = models.TextField(blank=True, max_length=1000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "session"], name="registerentry_once"),
            one_of("registerentry", "presence", Presence),
            models.CheckConstraint(
                name="registerentry_minutes_where_partly_there",
                condition=(
                    Q(presence__in=[Presence.LATE, Presence.LEFT_EARLY], minutes_missed__gt=0)
                    & Q(judgement__in=[*Judgement.values])
                )
                | Q(
                    presence__in=[Presence.PRESENT, Presence.ABSENT],
                    minutes_missed__isnull=True,
                    judgement="",
                ),
            ),
            models.CheckConstraint(
                name="registerentry_covered_says_how",
                condition=~Q(judgement=Judgement.COVERED) | ~Q(covered_how=""),
            ),
            models.CheckConstraint(
                name="registerentry_made_up_says_how_and_when",
                condition=Q(made_up_at__isnull=True, made_up_on__isnull=True)
                | (Q(made_up_at__isnull=False, made_up_on__isnull=False) & ~Q(made_up_how="")),
            ),
            *both_or_neither("registerentry", "recorded", "made_up"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}/{self.session_id}: {self.presence}"

    @property
    def is_met(self) -> bool:
        """Whether this entry counts as attended; the same condition as `entry_met`, for one row."""
        return (
            self.presence == Presence.PRESENT
            or (
                self.presence in (Presence.LATE, Presence.LEFT_EARLY)
                and self.judgement in (Judgement.NOTHING_MISSED, Judgement.COVERED)
            )
            or self.made_up_at is not None
        )
