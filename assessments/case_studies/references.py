"""What a programme gives its questions to refer to: the domains, stages and areas of its framework."""

from __future__ import annotations

from assessments.case_studies.kinds import Reference, ReferenceArea
from assessments.case_studies.models import FrameworkEdition


def reference_of(edition: FrameworkEdition | None) -> Reference:
    """`edition` as the kinds of question take it; without one, nothing to refer to."""
    if edition is None:
        return Reference()
    return Reference(
        domains=tuple((domain.code, domain.name) for domain in edition.domains.all()),
        stages=tuple((stage.number, stage.title) for stage in edition.stages.all()),
        areas=tuple(
            ReferenceArea(area.stage, area.strand, area.part, area.title) for area in edition.areas.all()
        ),
    )
