"""Loading the edition of the framework that comes with AIMcert: the same on every machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessments.case_studies.models import (
    Construct,
    FrameworkArea,
    FrameworkDomain,
    FrameworkEdition,
    FrameworkStage,
)
from courses.models import Programme


@dataclass(frozen=True)
class LoadedFramework:
    """How many areas and domains the edition has; the code of a programme that is not there yet."""

    areas: int
    domains: int
    programme_missing: str = ""


@transaction.atomic
def load_framework(*, content: dict[str, Any]) -> LoadedFramework:
    """Make the first edition of a programme's framework, and the constructs that are its domains.

    Args:
        content: in the shape of assessments/reference/framework.yaml.

    Returns:
        What the edition has. It is made once: there already, it stays as it is, and what changes
        from then on is an admin's new edition.
    """
    programme = Programme.objects.select_for_update().filter(code=content["programme"]).first()
    if programme is None:
        return LoadedFramework(areas=0, domains=0, programme_missing=content["programme"])
    edition = programme.framework_editions.filter(drafted_by__isnull=True).first()
    if edition is None:
        edition = _made(programme, content)
    return LoadedFramework(areas=edition.areas.count(), domains=edition.domains.count())


def _made(programme: Programme, content: dict[str, Any]) -> FrameworkEdition:
    edition = FrameworkEdition.objects.create(
        programme=programme,
        number=1,
        title=content["title"],
        notes=content["notes"],
        source=content["source"],
    )
    FrameworkDomain.objects.bulk_create(
        FrameworkDomain(edition=edition, position=position, **domain)
        for position, domain in enumerate(content["domains"], start=1)
    )
    FrameworkStage.objects.bulk_create(
        FrameworkStage(
            edition=edition,
            number=stage["number"],
            title=stage["title"],
            purpose=stage["purpose"],
            responsibility=stage["responsibility"],
        )
        for stage in content["stages"]
    )
    FrameworkArea.objects.bulk_create(
        FrameworkArea(
            edition=edition,
            stage=stage["number"],
            strand=strand,
            part=part,
            title=title,
            position=position,
        )
        for stage in content["stages"]
        for position, (strand, part, title) in enumerate(_areas(stage), start=1)
    )
    Construct.objects.bulk_create(
        [
            Construct(programme=programme, code=domain["code"], name=domain["name"], position=position)
            for position, domain in enumerate(content["domains"], start=1)
        ],
        ignore_conflicts=True,
    )
    # Last, since nothing can be added to a published edition.
    edition.published_at = timezone.now()
    edition.save(update_fields=["published_at"])
    return edition


def _areas(stage: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(strand, part, title) of each area of one stage, in their order."""
    found = []
    for strand, areas in stage["areas"].items():
        parts = areas.items() if isinstance(areas, dict) else [("", areas)]
        found += [(strand, part, title) for part, titles in parts for title in titles]
    return found
