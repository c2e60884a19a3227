"""Enrolments, and what the register says of them: full attendance is a fact of an enrolment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Person
from aimcert.foundation.history import tracked
from aimcert.foundation.rows import NamedByUuid, both_or_neither, counted, first, one_of, told_by_time
from courses.models.courses import Course, CourseAssociate, Session, SessionChange
from courses.models.nominations import Nomination, withdrawn_for_sponsor
from courses.models.sponsors import confirmed
from courses.states import PARTLY_THERE, Judgement, Presence


def entry_met(prefix: str = "") -> Q:
    """The condition that a register entry counts as attended (the one rule, 1)."""
    return (
        Q(**{f"{prefix}presence": Presence.PRESENT})
        | Q(
            **{
                f"{prefix}presence__in": PARTLY_THERE,
                f"{prefix}judgement__in": [Judgement.NOTHING_MISSED, Judgement.COVERED],
            }
        )
        | (Q(**{f"{prefix}made_up_at__isnull": False}) & entry_complete(prefix))
    )


def entry_complete(prefix: str = "") -> Q:
    """The condition that a register entry waits for no judgement of what was missed."""
    return Q(**{f"{prefix}presence__in": [Presence.PRESENT, Presence.ABSENT]}) | Q(
        **{f"{prefix}judgement__in": [*Judgement.values]}
    )


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, user: Person) -> EnrolmentQuerySet:
        """Enrolments that `user` may see: own, of courses they train, of their organisation; an admin all.

        A walk-in is their organisation's once it has confirmed: before, it reads what it is asked alone.
        """
        if user.is_aim_admin:
            return self
        trains = Exists(CourseAssociate.objects.filter(course=OuterRef("course"), associate=user))
        sponsored = confirmed() & Q(sponsor_organisation_id__in=user.organisation_ids)
        return self.filter(Q(person=user) | Q(trains) | sponsored)

    def with_who_withdrew(self) -> EnrolmentQuerySet:
        """With `withdrawn_for_sponsor`: whether who took the place away acted for the sponsor then."""
        return self.annotate(withdrawn_for_sponsor=withdrawn_for_sponsor())

    def with_name_corrections(self) -> EnrolmentQuerySet:
        """With `name_corrections_told`: when, by whom and why each was made, in the query that reads them."""
        told = NameCorrection.objects.filter(enrolment=OuterRef("pk")).values(
            told=JSONObject(at="corrected_at", by="corrected_by__name", reason="reason")
        )
        return self.annotate(name_corrections_told=ArraySubquery(told))

    def with_session_changes(self) -> EnrolmentQuerySet:
        """With `session_changes_told`: when, by whom and why sessions changed that an outcome rests on."""
        changes = SessionChange.objects.filter(course=OuterRef("course")).exclude(reason="")
        told = changes.order_by("pk").values(
            told=JSONObject(at="changed_at", by="changed_by__name", reason="reason")
        )
        return self.annotate(session_changes_told=ArraySubquery(told))

    def with_attendance(self) -> EnrolmentQuerySet:
        """With the facts of full attendance: `sessions_total`, `sessions_entered`, `sessions_met`.

        Somebody late or gone early is entered once it is judged what they missed.

        And with `last_session` and `last_session_ends_at`, the number and the end of the session that
        ends last: until then nobody has attended in full, whatever the register says.
        """
        entries = RegisterEntry.objects.filter(enrolment=OuterRef("pk"))
        sessions = Session.objects.filter(course=OuterRef("course"))
        last = sessions.order_by("-ends_at", "-number")
        return self.annotate(
            sessions_total=counted(sessions),
            sessions_entered=counted(entries.filter(entry_complete())),
            sessions_met=counted(entries.filter(entry_met())),
            last_session=first(last, "number"),
            last_session_ends_at=first(last, "ends_at"),
        )


@tracked(
    "uuid",
    "course",
    "person",
    "sponsor_organisation",
    "sponsor_to_be_named",
    "sponsor_confirmed_by",
    "withdrawn_at",
    "frozen_at",
    indexes=[
        told_by_time(
            "enrolmentevent_told",
            "pgh_created_at",
            pgh_label="update",
            sponsor_confirmed_by__isnull=True,
            withdrawn_at__isnull=True,
            frozen_at__isnull=True,
        ),
        told_by_time("enrolmentevent_told_withdrawn", "withdrawn_at", withdrawn_at__isnull=False),
    ],
)
class Enrolment(NamedByUuid):
    """A participant's place on a course, accepted by them; the tenant of their data is its sponsor."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrolments")
    nomination = models.OneToOneField(Nomination, on_delete=models.PROTECT, related_name="enrolment")
    sponsor_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="enrolments"
    )
    # Of a walk-in without one so far: The AIM Project names who it is. Nothing is finalised before.
    sponsor_to_be_named = models.BooleanField(default=False)
    certificate_name = models.CharField(_("name on the certificate"), max_length=150)
    # The text of what was accepted is frozen under its version in courses/expectations.py.
    expectations_version = models.CharField(max_length=20)
    enrolled_at = models.DateTimeField(default=timezone.now)
    sponsor_confirmed_at = models.DateTimeField(null=True, blank=True)
    sponsor_confirmed_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Accepted through a link that a trainer was shown: the person, signed in, says that it was they.
    acceptance_confirmed_at = models.DateTimeField(null=True, blank=True)
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
    # Written by assessments while the latest outcome is finalised: the register then takes no correction
    # of a trainer's.
    outcome_finalised_at = models.DateTimeField(null=True, blank=True)
    # Written by certification with the first follow-up, which is the sponsor's: who that is stays, also
    # where the outcome is opened again.
    sponsor_settled_at = models.DateTimeField(null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        indexes = [
            told_by_time("enrolment_told_enrolled", "enrolled_at"),
            told_by_time(
                "enrolment_told_acceptance", "acceptance_confirmed_at", acceptance_confirmed_at__isnull=False
            ),
            told_by_time(
                "enrolment_told_sponsor", "sponsor_confirmed_at", sponsor_confirmed_at__isnull=False
            ),
            told_by_time("enrolment_told_identity", "identity_checked_at", identity_checked_at__isnull=False),
            told_by_time("enrolment_told_withdrawn", "withdrawn_at", withdrawn_at__isnull=False),
        ]
        constraints = [
            models.UniqueConstraint(fields=["course", "person"], name="enrolment_once_per_course"),
            models.UniqueConstraint(fields=["id", "course"], name="enrolment_with_course"),
            models.CheckConstraint(
                name="enrolment_sponsor_named_or_not",
                condition=Q(sponsor_to_be_named=False)
                | Q(
                    sponsor_organisation__isnull=True,
                    sponsor_confirmed_at__isnull=True,
                    outcome_finalised_at__isnull=True,
                ),
            ),
            *both_or_neither("enrolment", "sponsor_confirmed", "identity_checked", "withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"

    @property
    def is_confirmed(self) -> bool:
        """Whether its sponsor said yes; the same condition as `confirmed`, for one row."""
        return self.sponsor_confirmed_at is not None or not self.nomination.is_walk_in

    @property
    def pays_unconfirmed(self) -> bool:
        """Whether a walk-in is their own sponsor and has not said so; the condition, for one row."""
        is_own = self.sponsor_organisation_id is None and not self.sponsor_to_be_named
        return is_own and not self.is_confirmed

    @property
    def asks_the_person(self) -> bool:
        """Whether they have yet to say, signed in, that they accepted it themself or that they pay."""
        in_the_room = self.nomination.link_shown_to_id is not None and self.acceptance_confirmed_at is None
        return self.withdrawn_at is None and (in_the_room or self.pays_unconfirmed)

    @property
    def is_course_over(self) -> bool:
        """Whether the last session has ended, of one that `with_attendance` read."""
        ends_at: datetime | None = self.last_session_ends_at  # type: ignore[attr-defined]
        return ends_at is not None and ends_at <= timezone.now()

    @property
    def is_attended_in_full(self) -> bool:
        """Whether every session counts as attended and the last has ended, of one `with_attendance` read."""
        met: int = self.sessions_met  # type: ignore[attr-defined]
        return self.is_course_over and 0 < met == self.sessions_total  # type: ignore[attr-defined]


class SponsorRefusal(models.Model):
    """That an organisation said of a walk-in: not ours. Written once, never changed; AIM admins read it."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="sponsor_refusals")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField(default=timezone.now)
    refused_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [*both_or_neither("sponsorrefusal", "refused")]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.organisation_id}"


@tracked(
    "enrolment",
    "session",
    "presence",
    "minutes_missed",
    "judgement",
    "recorded_at",
    "recorded_by",
    "made_up_at",
    "made_up_by",
    deletions=True,
    indexes=[
        told_by_time("registerentryevent_told", "recorded_at"),
        told_by_time("registerentryevent_told_made", "made_up_at", made_up_at__isnull=False),
        told_by_time("registerentryevent_told_gone", "pgh_created_at", pgh_label="delete"),
    ],
)
class RegisterEntry(models.Model):
    """What the register says of one person at one session; no entry is unmet, never assumed.

    Somebody late or gone early without minutes and a judgement waits for these, and is unmet till then.
    """

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
    # Why it was corrected, where that was to be said; of earlier writings `RegisterReason` keeps it.
    reason = models.TextField(blank=True, max_length=1000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "session"], name="registerentry_once"),
            one_of("registerentry", "presence", Presence),
            models.CheckConstraint(
                name="registerentry_minutes_where_partly_there",
                condition=(
                    Q(presence__in=PARTLY_THERE)
                    & Q(minutes_missed__isnull=False, minutes_missed__gt=0)
                    & Q(judgement__in=[*Judgement.values])
                )
                | Q(
                    presence__in=[*Presence.values],
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

    @staticmethod
    def writings() -> models.QuerySet[Any]:
        """Everything that was ever written in a register, and by whom: an entry names its last writer."""
        written: models.QuerySet[Any] = apps.get_model("courses.RegisterEntryEvent")._default_manager.all()
        return written

    @property
    def is_complete(self) -> bool:
        """Whether it waits for no judgement; the same condition as `entry_complete`, for one row."""
        return self.presence in (Presence.PRESENT, Presence.ABSENT) or bool(self.judgement)

    @property
    def is_met(self) -> bool:
        """Whether this entry counts as attended; the same condition as `entry_met`, for one row."""
        return (
            self.presence == Presence.PRESENT
            or (
                self.presence in PARTLY_THERE
                and self.judgement in (Judgement.NOTHING_MISSED, Judgement.COVERED)
            )
            or (self.made_up_at is not None and self.is_complete)
        )


class NameCorrection(models.Model):
    """That the name on a certificate was corrected before approval, by whom and why: no name stands here.

    What it was before goes with the correction, since an old name is linked to a new one nowhere.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="name_corrections")
    # Empty where somebody corrected their own.
    reason = models.TextField(blank=True, max_length=1000)
    corrected_at = models.DateTimeField(default=timezone.now)
    corrected_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [*both_or_neither("namecorrection", "corrected")]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.corrected_at.isoformat()}"


class RegisterReason(models.Model):
    """Why one writing in a register corrected it: every one is kept, also where another followed.

    Its writing is that of the same person and session at the same time: see `RegisterEntry.writings`.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="register_reasons")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="register_reasons")
    recorded_at = models.DateTimeField()
    reason = models.TextField(max_length=1000)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "session", "recorded_at"], name="registerreason_once_each_writing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}/{self.session_id}: {self.recorded_at.isoformat()}"
