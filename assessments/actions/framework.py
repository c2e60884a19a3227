"""Loading the framework that criteria point to: reference data, the same on every machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from assessments.models import Construct, FrameworkArea
from courses.models import Programme


@dataclass(frozen=True)
class LoadedFramework:
    """How many areas and constructs there are now; the code of a programme that is not there yet."""

    areas: int
    constructs: int
    programme_missing: str = ""


@transaction.atomic
def load_framework(*, content: dict[str, Any]) -> LoadedFramework:
    """Make the areas and constructs that `content` names; what is there already stays.

    Args:
        content: in the shape of assessments/reference/framework.yaml.

    Returns:
        What there is now. Twice is once: an area is known by stage, strand and title, a construct
        by programme and code, and only their order and their part are brought up to date.
    """
    areas = [
        FrameworkArea(
            stage=stage["number"],
            strand=strand,
            part=part,
            title=title,
            position=position,
        )
        for stage in content["stages"]
        for position, (strand, part, title) in enumerate(_areas(stage), start=1)
    ]
    FrameworkArea.objects.bulk_create(
        areas,
        update_conflicts=True,
        unique_fields=["stage", "strand", "title"],
        update_fields=["part", "position"],
    )
    wanted = content["constructs"]
    programme = Programme.objects.filter(code=wanted["programme"]).first()
    if programme is None:
        return LoadedFramework(
            areas=FrameworkArea.objects.count(),
            constructs=0,
            programme_missing=wanted["programme"],
        )
    Construct.objects.bulk_create(
        [
            Construct(programme=programme, code=code, name=name, position=position)
            for position, (code, name) in enumerate(wanted["names"].items(), start=1)
        ],
        update_conflicts=True,
        unique_fields=["programme", "code"],
        update_fields=["position"],
    )
    return LoadedFramework(areas=FrameworkArea.objects.count(), constructs=programme.constructs.count())


def _areas(stage: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(strand, part, title) of each area of one stage, in their order."""
    found = []
    for strand, areas in stage["areas"].items():
        parts = areas.items() if isinstance(areas, dict) else [("", areas)]
        found += [(strand, part, title) for part, titles in parts for title in titles]
    return found
