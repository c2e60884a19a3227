"""People, the organisations they act for, and The AIM Project's staff."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import rules
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.compiled import Compiled, Given
from aimcert.foundation.name_order import InOrder, NameWords, name_matches
from aimcert.foundation.rows import Changed, NamedByUuid, both_or_neither

# Kinds of second steps, as allauth names them; recovery codes are none by themselves.
FACTORS = ("totp", "webauthn")


@dataclass(frozen=True)
class Roles:
    """What somebody is to The AIM Project, as far as it says where they may go.

    Args:
        is_staff: is appointed to The AIM Project's staff.
        has_factor: has a second step.
        organisation_ids: primary keys of the organisations that they act for.
        others: what higher apps asked about them with `add_relationship`, and was true.
    """

    is_staff: bool = False
    has_factor: bool = False
    organisation_ids: frozenset[int] = frozenset()
    others: frozenset[str] = frozenset()

    def __contains__(self, name: object) -> bool:
        return name in self.others


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: Person) -> PersonQuerySet:
        """People whose account page `user` may open: an AIM admin everyone, others themself."""
        if user.is_aim_admin:
            return self
        return self.filter(pk=user.pk)

    def with_address(self, email: str) -> PersonQuerySet:
        """The one person, if any, who has this email address."""
        return self.filter(email=email.strip().lower())

    def accounts_of(self, person: Any) -> PersonQuerySet:
        """A person's account, and those that were merged into it.

        Rows of theirs are found by `person__in` this, which goes by indexes; a condition on the row's person
        or on what that was merged into reads every row there is, and everybody.

        Args:
            person: one that was not merged into another; or its primary key, or a reference to that.
        """
        key = person.pk if isinstance(person, Person) else person
        return self.filter(Q(pk=key) | Q(merged_into=key))

    def on_staff(self) -> PersonQuerySet:
        """Who belongs to The AIM Project's staff now and can sign in."""
        standing = StaffAppointment.objects.filter(person=models.OuterRef("pk"), ended_at__isnull=True)
        return self.filter(models.Exists(standing), is_active=True)

    def acting_for(self, organisation: int | None) -> PersonQuerySet:
        """Those who act for the organisation of this primary key now and can sign in."""
        acting = Membership.objects.filter(
            person=models.OuterRef("pk"), organisation=organisation, ended_at__isnull=True
        )
        return self.filter(models.Exists(acting), is_active=True)


class PersonManager(BaseUserManager["Person"].from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """Makes people; outside sample data and commands only `accounts.actions` does."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser, NamedByUuid):
    """Someone with an account; what they may do follows from their relationships, not from here."""

    email = models.EmailField(_("email address"))
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(max_length=10, default="en-gb")
    is_active = models.BooleanField(default=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    created_at = models.DateTimeField(default=timezone.now)
    # Their sessions ended then, and sign-ins that were half done: for the whole account, by whatever act.
    signed_out_at = models.DateTimeField(null=True, blank=True)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_unique"),
            models.CheckConstraint(name="person_email_lower", condition=Q(email=Lower("email"))),
            models.CheckConstraint(
                name="person_merged_is_inactive", condition=Q(merged_into__isnull=True) | Q(is_active=False)
            ),
        ]
        indexes = [
            GinIndex(NameWords("name"), name="person_name_words"),
            models.Index(InOrder("name"), name="person_name_order"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether a rule grants `perm` on `obj`; there is no other way to be allowed anything."""
        return self.is_active and rules.has_perm(perm, self, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return False

    def was_signed_out_after(self, moment: float) -> bool:
        """Whether sessions were ended after `moment`, in seconds since 1970."""
        return self.signed_out_at is not None and self.signed_out_at.timestamp() > moment

    # Read afresh for each request, since each request loads its own Person.

    @cached_property
    def is_aim_admin(self) -> bool:
        """Whether this person belongs to The AIM Project's staff now, with the second step that it asks."""
        return self.roles.is_staff and (self.roles.has_factor or not settings.STAFF_SECOND_FACTOR)

    @cached_property
    def awaits_second_factor(self) -> bool:
        """Whether this person will be an AIM admin as soon as they have a second step."""
        return self.roles.is_staff and not self.roles.has_factor and settings.STAFF_SECOND_FACTOR

    @cached_property
    def organisation_ids(self) -> frozenset[int]:
        """Primary keys of the organisations that this person acts for now."""
        return self.roles.organisation_ids

    @cached_property
    def roles(self) -> Roles:
        """What this person is to The AIM Project, as far as it says where they may go: one statement."""
        is_staff, has_factor, organisations, *others = _ROLES.rows(
            person=self.pk, today=timezone.localdate()
        )[0]
        names = (name for name, is_so in zip(OTHER_ROLES, others, strict=True) if is_so)
        return Roles(is_staff, has_factor, frozenset(organisations), frozenset(names))


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def matching(self, q: str) -> OrganisationQuerySet:
        """Organisations of whose name each word of `q` begins a word."""
        return self.filter(name_matches("name", q))

    def visible_to(self, user: Person) -> OrganisationQuerySet:
        """Organisations whose page `user` may open: an AIM admin all, a commissioner their own."""
        if user.is_aim_admin:
            return self
        return self.filter(pk__in=user.organisation_ids)


class Organisation(Changed, NamedByUuid):
    """A body that commissions or sponsors: a council, a health trust, a charity, a government."""

    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2, help_text=_("Two letters, such as GB or IE."))
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/London")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), "country", name="organisation_name_unique"),
            models.CheckConstraint(
                name="organisation_country_two_letters", condition=Q(country__regex=r"^[A-Z]{2}$")
            ),
            *both_or_neither("organisation", "changed"),
        ]
        indexes = [
            GinIndex(NameWords("name"), name="organisation_name_words"),
            models.Index(InOrder("name"), name="organisation_name_order"),
        ]
        ordering = [InOrder("name")]

    def __str__(self) -> str:
        return self.name


class Membership(NamedByUuid):
    """A commissioner's standing: this person acts for this organisation, from then to then."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    started_at = models.DateTimeField(default=timezone.now)
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=Q(ended_at__isnull=True),
                name="membership_one_current",
            ),
            *both_or_neither("membership", "started", "ended"),
        ]

    def __str__(self) -> str:
        return f"{self.person} for {self.organisation}"


class StaffAppointmentQuerySet(models.QuerySet["StaffAppointment"]):
    def visible_to(self, user: Person) -> StaffAppointmentQuerySet:
        """Appointments that `user` may see: an AIM admin all, nobody else any."""
        return self if user.is_aim_admin else self.none()

    def in_force(self) -> StaffAppointmentQuerySet:
        """Those that make somebody an AIM admin now: not ended, and with the second step that is asked."""
        current = self.filter(ended_at__isnull=True)
        if not settings.STAFF_SECOND_FACTOR:
            return current
        with_factor = Person.objects.filter(pk=OuterRef("person"), authenticator__type__in=FACTORS)
        return current.filter(Exists(with_factor))


class StaffAppointment(NamedByUuid):
    """An AIM admin's standing: this person belongs to The AIM Project's staff, from then to then."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="staff_appointments")
    started_at = models.DateTimeField(default=timezone.now)
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = StaffAppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True), name="staffappointment_one_current"
            ),
            *both_or_neither("staffappointment", "started", "ended"),
        ]

    def __str__(self) -> str:
        return str(self.person)


# What higher apps ask besides, by name: each makes the condition on a person, whose primary key is
# `OuterRef("pk")`, that holds on the date it is given.
OTHER_ROLES: dict[str, Callable[[date | Combinable], Exists]] = {}


def _roles() -> QuerySet[Person, Any]:
    staff = StaffAppointment.objects.filter(person=OuterRef("pk"), ended_at__isnull=True)
    factors = Person.objects.filter(pk=OuterRef("pk"), authenticator__type__in=FACTORS)
    acting = Membership.objects.filter(person=OuterRef("pk"), ended_at__isnull=True)
    today = Given("today", models.DateField())
    return Person.objects.filter(pk=Given("person")).values_list(
        Exists(staff),
        Exists(factors),
        ArraySubquery(acting.values("organisation")),
        *(found(today) for found in OTHER_ROLES.values()),
    )


_ROLES = Compiled(_roles)
