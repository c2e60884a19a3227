"""Programmes, and the licences of the Associates who train them."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, found_by
from aimcert.foundation.name_order import name_matches
from aimcert.foundation.rows import Changed, NamedByUuid, both_or_neither


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
    def in_force(self, on: date | Combinable) -> LicenceQuerySet:
        """Licences that hold on the local date `on` and were not withdrawn."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=on),
            valid_from__lte=on,
            withdrawn_at__isnull=True,
        )

    def matching(self, q: str) -> LicenceQuerySet:
        """Licences of whom `q` means by name or address, or for a programme of that name."""
        associates = found_by(q).values("pk")
        return self.filter(Q(associate__in=associates) | name_matches("programme__name", q))

    def visible_to(self, user: Person) -> LicenceQuerySet:
        """Licences whose page `user` may open: an AIM admin all, an Associate their own."""
        return self if user.is_aim_admin else self.filter(associate=user)


class Licence(Changed, NamedByUuid):
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
            *both_or_neither("licence", "granted", "withdrawn", "changed"),
        ]

    def __str__(self) -> str:
        return f"{self.associate}: {self.programme} in {self.country}"
