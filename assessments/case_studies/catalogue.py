"""The case studies by programme, as far as somebody may read them."""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts.models import Person
from assessments.case_studies.models import Version
from courses.models import Programme


@dataclass
class CatalogueEntry:
    """One programme's case study: what is in force, what is written or agreed to, what was before."""

    programme: Programme
    in_force: Version | None = None
    underway: Version | None = None
    older: list[Version] = field(default_factory=list)


def catalogue_of(user: Person) -> list[CatalogueEntry]:
    """An entry for each programme of which `user` may read a version; an AIM admin sees all: two queries."""
    catalogue = {programme.pk: CatalogueEntry(programme) for programme in Programme.objects.all()}
    versions = Version.objects.visible_to(user).select_related("case_study").order_by("-number")
    seen = set()
    for version in versions:
        entry = catalogue[version.case_study.programme_id]
        seen.add(entry.programme.pk)
        if version.is_underway:
            entry.underway = version
        elif version.frozen_at and not version.retired_at:
            entry.in_force = version
        else:
            entry.older.append(version)
    return [entry for pk, entry in catalogue.items() if user.is_aim_admin or pk in seen]


def programme_called(code: str) -> Programme | None:
    """The programme with this code, if there is one: programmes are nobody's secret."""
    return Programme.objects.filter(code=code).first()
