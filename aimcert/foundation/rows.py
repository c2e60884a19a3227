"""What many tables share: a random name for URLs, constraints that keep pairs together, counts of rows."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Count, IntegerField, Q, Subquery, Value
from django.db.models.functions import Coalesce


class NamedByUuid(models.Model):
    """A row that URLs name by a random UUID, never by its primary key."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


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
