"""Nominations: who was put forward for a course, and the link that they were sent."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import ConfirmedAddress, Membership, Organisation, Person
from aimcert.foundation.history import tracked
from aimcert.foundation.name_order import NameWords, name_matches
from aimcert.foundation.rows import NamedByUuid, both_or_neither, told_by_time
from courses.models.courses import Course
from courses.models.sponsors import known_to_sponsor
from courses.states import NominationStage
from courses.tokens import sha256_of


class Accepted(Protocol):
    """What is read here of the enrolment that an accepted nomination became."""

    @property
    def withdrawn_at(self) -> datetime | None: ...

    @property
    def sponsor_confirmed_at(self) -> datetime | None: ...


def withdrawn_for_sponsor() -> Exists:
    """The condition, on what was withdrawn and has a sponsor, that who did it acted for the sponsor then."""
    acting = Membership.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=OuterRef("withdrawn_at")),
        person=OuterRef("withdrawn_by"),
        organisation=OuterRef("sponsor_organisation"),
        started_at__lte=OuterRef("withdrawn_at"),
    )
    return Exists(acting)


class NominationQuerySet(models.QuerySet["Nomination"]):
    def standing(self) -> NominationQuerySet:
        """Nominations neither withdrawn nor declined."""
        return self.filter(withdrawn_at__isnull=True, declined_at__isnull=True)

    def that_came_to_nothing(self) -> NominationQuerySet:
        """Those that were declined or withdrawn before anybody took the place."""
        ended = Q(withdrawn_at__isnull=False) | Q(declined_at__isnull=False)
        return self.filter(ended, enrolment__isnull=True)

    def that_may_be_accepted(self, now: datetime) -> NominationQuerySet:
        """Those by which a place is offered: not answered, and by a link that works."""
        return self.standing().filter(enrolment__isnull=True, token_expires_at__gt=now)

    def with_token(self, token: str) -> NominationQuerySet:
        """The one nomination, if any, whose link carries `token`."""
        return self.filter(token_sha256=sha256_of(token))

    def with_who_withdrew(self) -> NominationQuerySet:
        """With `withdrawn_for_sponsor`: whether who withdrew it, or the place, acted for the sponsor then."""
        return self.annotate(withdrawn_for_sponsor=withdrawn_for_sponsor())

    def matching(self, q: str) -> NominationQuerySet:
        """Nominations of somebody of whose name each word of `q` begins a word."""
        return self.filter(name_matches("name", q))

    def about(self, person: Person) -> NominationQuerySet:
        """Nominations of `person`: to an address that they have or had, or accepted by them."""
        had = ConfirmedAddress.objects.of(person).values("email")
        return self.filter(Q(email=person.email) | Q(enrolment__person=person) | Q(email__in=had))

    def known_to_sponsor(self) -> NominationQuerySet:
        """Nominations of which the sponsor may know: of a walk-in, once it is asked."""
        return self.filter(known_to_sponsor())

    def visible_to(self, user: Person) -> NominationQuerySet:
        """Nominations that `user` may see: their organisation's, also if it is only asked; an admin all."""
        if user.is_aim_admin:
            return self
        return self.known_to_sponsor().filter(sponsor_organisation_id__in=user.organisation_ids)


@tracked(
    "uuid",
    "course",
    "sponsor_organisation",
    "sponsor_to_be_named",
    "nominated_by",
    "declined_at",
    "withdrawn_at",
    "withdrawn_by",
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
        help_text=_("Who results and follow-up go to. Empty: the person themself, or still to be named."),
    )
    # Of a walk-in: The AIM Project names who sponsors them, and this is what the trainer knew of it.
    sponsor_to_be_named = models.BooleanField(default=False)
    sponsor_said = models.CharField(max_length=200, blank=True)
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
    link_sent_at = models.DateTimeField(default=timezone.now)
    # Who was shown the link, in the room: what is accepted by it, others than the nominee may have accepted.
    link_shown_to = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    declined_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    # Of the link just made, on the object that made it alone; only its hash is kept.
    token: str

    objects = NominationQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(NameWords("name"), name="nomination_name_words"),
            told_by_time("nomination_told_nominated", "nominated_at"),
            told_by_time("nomination_told_shown", "link_sent_at", link_shown_to__isnull=False),
            told_by_time("nomination_told_declined", "declined_at", declined_at__isnull=False),
            told_by_time("nomination_told_withdrawn", "withdrawn_at", withdrawn_at__isnull=False),
        ]
        constraints = [
            # Once for each sponsor: whether another put the same address forward is not theirs to learn.
            models.UniqueConstraint(
                "course",
                "sponsor_organisation",
                "sponsor_to_be_named",
                Lower("email"),
                condition=Q(withdrawn_at__isnull=True, declined_at__isnull=True),
                nulls_distinct=False,
                name="nomination_once_per_sponsor",
            ),
            models.UniqueConstraint(fields=["id", "course"], name="nomination_with_course"),
            models.CheckConstraint(name="nomination_email_lower", condition=Q(email=Lower("email"))),
            models.CheckConstraint(
                name="nomination_years_sane", condition=Q(years_experience__gte=0, years_experience__lte=60)
            ),
            models.CheckConstraint(
                name="nomination_sponsor_named_or_not",
                condition=Q(sponsor_to_be_named=False)
                | Q(is_walk_in=True, sponsor_organisation__isnull=True),
            ),
            *both_or_neither("nomination", "nominated", "withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"

    @property
    def is_known_to_sponsor(self) -> bool:
        """Whether its sponsor may know of it; the same condition as `known_to_sponsor`, for one row."""
        enrolment: Accepted | None = getattr(self, "enrolment", None)
        if not self.is_walk_in or enrolment is None:
            return not self.is_walk_in
        return enrolment.withdrawn_at is None or enrolment.sponsor_confirmed_at is not None

    def works_until(self, last_end: datetime | None) -> datetime:
        """Until when the link can be answered, of a course whose last session ends at `last_end`."""
        return self.token_expires_at if last_end is None else min(self.token_expires_at, last_end)

    def stage_at(self, now: datetime, enrolment: Accepted | None) -> NominationStage:
        """How far this nomination has come at `now`; `enrolment` is the one made of it, if any."""
        if enrolment is not None:
            return NominationStage.LEFT if enrolment.withdrawn_at else NominationStage.ACCEPTED
        if self.withdrawn_at:
            return NominationStage.WITHDRAWN
        if self.declined_at:
            return NominationStage.DECLINED
        return NominationStage.INVITED if now < self.token_expires_at else NominationStage.EXPIRED
