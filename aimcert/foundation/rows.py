"""What many tables share: names for URLs, who changed a row last, constraints on pairs, subqueries."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, IntegerField, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone


class NamedByUuid(models.Model):
    """A row that URLs name by a random UUID, never by its primary key."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class Changed(models.Model):
    """A row that says who changed it last and when, so that whoever was late learns it."""

    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True

    def note_change(self, by: Any) -> list[str]:
        """Note that `by` changes it now; the names of the fields, for `update_fields`."""
        self.changed_at, self.changed_by = timezone.now(), by
        return ["changed_at", "changed_by"]


def both_or_neither(model: str, *stems: str) -> list[models.CheckConstraint]:
    """Constraints that `<stem>_at` and `<stem>_by` are set together or not at all.

    Args:
        model: the model's name in lower case, for the constraint's name.
        stems: the words before `_at` and `_by`.
    """
    return [
        models.CheckConstraint(
            name=f"{model}_{stem}_at_with_by",
            condition=Q(**{f"{stem}_at__isnull": True, f"{stem}_by__isnull": True})
            | Q(**{f"{stem}_at__isnull": False, f"{stem}_by__isnull": False}),
        )
        for stem in stems
    ]


def one_of(model: str, field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    """A constraint that `field` holds one of `choices`' values (or, where it may be empty, "")."""
    return models.CheckConstraint(
        name=f"{model}_{field}_known", condition=Q(**{f"{field}__in": [*choices.values]})
    )


def counted(rows: models.QuerySet[Any]) -> Coalesce:
    """How many of `rows` there are, to annotate with; they name what they are counted for by `OuterRef`."""
    # Grouped by a constant, so that the count needs no join to what it is counted for.
    grouped = rows.order_by().annotate(_one=Value(1)).values("_one").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(grouped, output_field=IntegerField()), 0)


def first(rows: models.QuerySet[Any], field: str) -> Subquery:
    """`field` of the first of `rows`, to annotate with; they name what it is asked for by `OuterRef`."""
    return Subquery(rows.values(field)[:1])


def told_by_time(name: str, field: str, **when: Any) -> models.Index:
    """An index by which the audit log finds the latest rows that tell one act.

    Args:
        name: of the index.
        field: the time of the act.
        when: which rows tell it, where not every row does: as where that time may be empty.
    """
    return models.Index(fields=[field], condition=Q(**when) if when else None, name=name)
