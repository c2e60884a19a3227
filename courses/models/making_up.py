"""What an Associate is asked: whether somebody made up, at a session of theirs, one that they missed."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from aimcert.foundation.rows import NamedByUuid, both_or_neither
from courses.models.courses import CourseAssociate, Session
from courses.models.enrolments import Enrolment, RegisterEntry
from courses.states import Judgement, Presence


def entry_needs_making_up(prefix: str = "") -> Q:
    """The condition that only an equivalent session makes a register entry count, and none did so far."""
    missed = Q(**{f"{prefix}presence": Presence.ABSENT}) | Q(**{f"{prefix}judgement": Judgement.MAKE_UP})
    return missed & Q(**{f"{prefix}made_up_at__isnull": True})


class MakeUpRequestQuerySet(models.QuerySet["MakeUpRequest"]):
    def visible_to(self, user: Person) -> MakeUpRequestQuerySet:
        """Requests that `user` may see: asked of them, or about a course they train; an AIM admin all."""
        if user.is_aim_admin:
            return self
        trains = Exists(CourseAssociate.objects.filter(course=OuterRef("enrolment__course"), associate=user))
        return self.filter(Q(associate=user) | trains)

    def unanswered(self) -> MakeUpRequestQuerySet:
        """Requests neither answered nor taken back."""
        return self.filter(answered_at__isnull=True, withdrawn_at__isnull=True)

    def waiting(self) -> MakeUpRequestQuerySet:
        """Unanswered requests whose answer still changes something."""
        entries = RegisterEntry.objects.filter(
            entry_needs_making_up(), enrolment=OuterRef("enrolment"), session=OuterRef("session")
        )
        is_open = Q(enrolment__outcome_finalised_at__isnull=True) | Q(
            ~Q(reason=""), asked_at__gte=F("enrolment__outcome_finalised_at")
        )
        return self.unanswered().filter(
            Exists(entries),
            is_open,
            enrolment__withdrawn_at__isnull=True,
            enrolment__frozen_at__isnull=True,
            enrolment__course__cancelled_at__isnull=True,
        )


class MakeUpRequest(NamedByUuid):
    """Asked of the Associate who is said to have held an equivalent session: was this person there?"""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="make_up_requests")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="make_up_requests")
    associate = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="make_ups_asked")
    made_up_on = models.DateField()
    made_up_how = models.TextField(max_length=1000)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # Why an AIM admin asks, who alone does once an outcome is finalised.
    reason = models.TextField(blank=True, max_length=1000)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed = models.BooleanField(null=True, blank=True)
    declined_because = models.TextField(_("what is not so"), blank=True, max_length=1000)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = MakeUpRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "session"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="makeuprequest_one_unanswered",
            ),
            models.CheckConstraint(
                name="makeuprequest_answer_is_yes_or_no",
                condition=Q(answered_at__isnull=True, confirmed__isnull=True)
                | Q(answered_at__isnull=False, confirmed__isnull=False, withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="makeuprequest_answered_by_whom_it_was_asked",
                condition=Q(answered_by__isnull=True) | Q(answered_by=F("associate")),
            ),
            *both_or_neither("makeuprequest", "asked", "answered", "withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"
