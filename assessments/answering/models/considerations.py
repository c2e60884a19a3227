"""Special consideration: what happened to somebody on a course, and what The AIM Project decided about it.

Apart from adjustments, which are asked for beforehand. It never changes a mark, so no page of marking shows
it; no commissioner, report, certificate or letter ever says a word of it.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Person
from aimcert.foundation.name_order import name_matches
from aimcert.foundation.rows import NamedByUuid, both_or_neither, one_of, told_by_time
from aimcert.foundation.typed import symbols
from assessments.answering.models.adjustments import leads_course_of
from assessments.answering.models.sittings import TimeGrant
from assessments.states import WhatFollows
from courses.models import CourseAssociate, Enrolment

UNDECIDED = Q(decision__isnull=True)
# What narrows a list to these.
TO_DECIDE = "to-decide"


class SpecialConsiderationQuerySet(models.QuerySet["SpecialConsideration"]):
    def visible_to(self, user: Person) -> SpecialConsiderationQuerySet:
        """What is about them, and, of the courses that they lead, of others: see `leads_course_of`.

        Of what somebody told of themself, a trainer may not read the words: see `says_words_to_trainers`.
        """
        return self.filter(Q(enrolment__person=user) | leads_course_of(user))

    def free_to(self, by: Any) -> SpecialConsiderationQuerySet:
        """Of courses on which the AIM admin `by` neither has nor had a place, and which they do not train."""
        course = OuterRef("enrolment__course")
        own_place = Enrolment.objects.filter(Q(person=by) | Q(person__merged_into=by), course=course)
        trains = CourseAssociate.objects.filter(associate=by, course=course)
        return self.filter(~Exists(own_place.order_by()), ~Exists(trains.order_by()))

    def to_decide(self, by: Any) -> SpecialConsiderationQuerySet:
        """Of those `free_to` the admin `by`, the undecided ones of people who still take part."""
        return (
            self.free_to(by)
            .filter(
                decision__isnull=True,
                enrolment__withdrawn_at__isnull=True,
                enrolment__course__cancelled_at__isnull=True,
            )
            .order_by()
        )

    def matching(self, q: str) -> SpecialConsiderationQuerySet:
        """Those whose person's name, course's title or course's number holds `q`; never by their words."""
        wanted = name_matches("enrolment__person__name", q) | name_matches("enrolment__course__title", q)
        digits = symbols(q).removeprefix("C")
        # Longer than any number that the column holds would be an error of the database.
        if digits.isascii() and digits.isdigit() and len(digits) <= 9:
            wanted |= Q(enrolment__course__number=int(digits))
        return self.filter(wanted)


class SpecialConsideration(NamedByUuid):
    """What happened to one person; a row each where one thing happened to several. It never changes.

    Attributes:
        together: the same in all rows that one form recorded.
        trainers_may_read: what a trainer recorded, trainers read; what the person told, where they say so.
        is_read: whether the page of a course, for whoever asked for it, says what was decided.
    """

    is_read: bool

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="considerations")
    together = models.UUIDField(default=uuid.uuid4, editable=False)
    what = models.TextField(max_length=2000)
    happened_at = models.DateTimeField()
    minutes_lost = models.PositiveSmallIntegerField(null=True, blank=True)
    effect = models.TextField(max_length=2000)
    trainers_may_read = models.BooleanField()
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = SpecialConsiderationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "enrolment"], name="specialconsideration_with_enrolment"),
            models.UniqueConstraint(
                fields=["together", "enrolment"], name="specialconsideration_once_together"
            ),
            models.CheckConstraint(
                name="specialconsideration_in_words", condition=~Q(what="") & ~Q(effect="")
            ),
            models.CheckConstraint(
                name="specialconsideration_minutes_if_any",
                condition=Q(minutes_lost__isnull=True) | Q(minutes_lost__gt=0),
            ),
            models.CheckConstraint(
                name="specialconsideration_happened_before",
                condition=Q(happened_at__lte=models.F("recorded_at")),
            ),
            *both_or_neither("specialconsideration", "recorded"),
        ]
        indexes = [told_by_time("specialconsideration_time", "recorded_at")]

    def __str__(self) -> str:
        return f"{self.uuid}"

    @property
    def decided(self) -> ConsiderationDecision | None:
        """What was decided; None so far."""
        return getattr(self, "decision", None)

    @property
    def is_told_by_themself(self) -> bool:
        """Whether the person told it; else a trainer recorded it."""
        return self.recorded_by_id == self.enrolment.person_id


class ConsiderationDecision(models.Model):
    """What The AIM Project decided about one row, once and for good; never a mark.

    Time is a `TimeGrant`, which nobody takes back.
    """

    consideration = models.OneToOneField(
        SpecialConsideration, on_delete=models.PROTECT, related_name="decision"
    )
    # The same as the consideration's, as PostgreSQL holds: so is the time's.
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="consideration_decisions")
    follows = models.CharField(max_length=20, choices=WhatFollows.choices)
    # The person reads it.
    reason = models.TextField(max_length=2000)
    time_grant = models.OneToOneField(
        TimeGrant, null=True, blank=True, on_delete=models.PROTECT, related_name="consideration_decision"
    )
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("considerationdecision", "follows", WhatFollows),
            models.CheckConstraint(name="considerationdecision_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="considerationdecision_time_is_granted",
                condition=Q(follows=WhatFollows.NOTHING, time_grant__isnull=True)
                | (~Q(follows=WhatFollows.NOTHING) & Q(time_grant__isnull=False)),
            ),
            *both_or_neither("considerationdecision", "decided"),
        ]
        indexes = [told_by_time("considerationdecision_time", "decided_at")]

    def __str__(self) -> str:
        return f"{self.consideration_id}: {self.follows}"
