"""Loading the programmes: reference data, the same on every machine."""

from __future__ import annotations

from django.db import transaction

from courses.models import Programme


@transaction.atomic
def load_programmes(*, content: list[dict[str, object]]) -> int:
    """Make the programmes that `content` names, and bring their words up to date.

    Args:
        content: in the shape of courses/reference/programmes.yaml, in the order to show them.

    Returns:
        How many programmes there are now. Twice is once: a programme is known by its code, and one
        that `content` does not name stays as it is.
    """
    Programme.objects.bulk_create(
        [Programme(position=position, **row) for position, row in enumerate(content, start=1)],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "about", "experience_sought", "position"],
    )
    return Programme.objects.count()
