"""What stands on the legal pages, version by version."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models.people import Person
from accounts.states import LegalPage
from aimcert.foundation.rows import one_of


class LegalTextQuerySet(models.QuerySet["LegalText"]):
    def published(self, *pages: LegalPage) -> LegalTextQuerySet:
        """What anybody may read of `pages`: every version of their texts, each page's newest first."""
        return self.filter(page__in=pages).order_by("page", "-number")


class LegalText(models.Model):
    """A version of the text of a legal page, which PostgreSQL keeps as it was published; the newest holds."""

    page = models.CharField(max_length=20, choices=LegalPage.choices)
    number = models.PositiveIntegerField()
    text = models.TextField()
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = LegalTextQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="legaltext_number_unique"),
            one_of("legaltext", "page", LegalPage),
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.number}"
