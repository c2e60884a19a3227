"""A new edition of the framework: drafted from the one in use, edited, published, and then left as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from aimcert.foundation.stale_forms import ChangedMeanwhile
from assessments.case_studies.actions.versions import require_admin
from assessments.case_studies.models import (
    Construct,
    FrameworkArea,
    FrameworkDomain,
    FrameworkEdition,
    FrameworkStage,
)
from assessments.states import Responsibility
from courses.models import Programme

MOST_STAGES = 9


class EditionPublished(Refused):
    """A published edition does not change."""


class EditionChanged(ChangedMeanwhile):
    """Somebody saved the draft since it was opened."""


class EditionNotReady(Refused):
    """Something is missing that a published edition has."""


class StagesFull(Refused):
    """A framework has at most nine stages, and at least one."""


@dataclass(frozen=True)
class DomainTyped:
    """One domain as an admin wrote it."""

    code: str
    name: str
    about: str


@dataclass(frozen=True)
class AreaTyped:
    """One area of one stage as an admin wrote it."""

    strand: str
    part: str
    title: str


@transaction.atomic
def draft_edition(*, programme: Programme, by: Person) -> FrameworkEdition:
    """The next edition of a programme's framework, a copy of the one in use, to be changed.

    Returns:
        The draft; the one that is there already, since there is one at a time.

    Raises:
        NotForYou: `by` is no AIM admin.
    """
    require_admin(by)
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    editions = FrameworkEdition.objects.filter(programme=programme)
    draft = editions.filter(published_at__isnull=True).first()
    if draft is not None:
        return draft
    current = editions.current()[0]
    draft = FrameworkEdition.objects.create(
        programme=programme,
        number=current.number + 1,
        title=current.title,
        notes=current.notes,
        source=current.source,
        drafted_by=by,
    )
    FrameworkDomain.objects.bulk_create(_copied(current.domains.all(), draft))
    FrameworkStage.objects.bulk_create(_copied(current.stages.all(), draft))
    FrameworkArea.objects.bulk_create(_copied(current.areas.all(), draft))
    return draft


Row = TypeVar("Row", FrameworkDomain, FrameworkStage, FrameworkArea)


def _copied(rows: QuerySet[Row], draft: FrameworkEdition) -> list[Row]:
    copies = list(rows)
    for row in copies:
        row.pk, row.edition = None, draft
    return copies


@transaction.atomic
def save_edition(
    *,
    edition: FrameworkEdition,
    revision: int,
    title: str,
    source: str,
    notes: Sequence[str],
    domains: Sequence[DomainTyped],
    by: Person,
) -> FrameworkEdition:
    """Save the texts and the domains of a draft.

    Args:
        revision: the one that was opened.

    Raises:
        NotForYou: `by` is no AIM admin.
        EditionPublished: it is in use, or was.
        EditionChanged: it was saved since it was opened.
    """
    draft = _opened(edition, revision, by)
    draft.title, draft.source, draft.notes = title, source, list(notes)
    draft.domains.all().delete()
    FrameworkDomain.objects.bulk_create(
        FrameworkDomain(edition=draft, code=row.code, name=row.name, about=row.about, position=position)
        for position, row in enumerate(domains, start=1)
    )
    return _saved(draft, by)


@transaction.atomic
def save_stage(
    *,
    edition: FrameworkEdition,
    number: int,
    revision: int,
    title: str,
    purpose: str,
    responsibility: str,
    areas: Sequence[AreaTyped],
    by: Person,
) -> FrameworkEdition:
    """Save one stage of a draft and all its areas; raises as `save_edition` does."""
    draft = _opened(edition, revision, by)
    stage = draft.stages.get(number=number)
    stage.title, stage.purpose, stage.responsibility = title, purpose, responsibility
    stage.save()
    draft.areas.filter(stage=number).delete()
    FrameworkArea.objects.bulk_create(
        FrameworkArea(
            edition=draft,
            stage=number,
            strand=area.strand,
            part=area.part,
            title=area.title,
            position=position,
        )
        for position, area in enumerate(areas, start=1)
    )
    return _saved(draft, by)


@transaction.atomic
def add_stage(*, edition: FrameworkEdition, revision: int, by: Person) -> FrameworkStage:
    """One more stage at the end of a draft, to be written; raises as `save_edition` does.

    Raises:
        StagesFull: there are nine.
    """
    draft = _opened(edition, revision, by)
    number = draft.stages.count() + 1
    if number > MOST_STAGES:
        raise StagesFull(_("A framework has at most %(most)d stages.") % {"most": MOST_STAGES})
    last = draft.stages.last()
    stage = FrameworkStage.objects.create(
        edition=draft,
        number=number,
        title=_("A new stage"),
        responsibility=last.responsibility if last else Responsibility.ADULTS,
    )
    _saved(draft, by)
    return stage


@transaction.atomic
def remove_stage(*, edition: FrameworkEdition, number: int, revision: int, by: Person) -> FrameworkEdition:
    """Take a stage and its areas out of a draft; those after it move up. Raises as `save_edition` does.

    Raises:
        StagesFull: it is the only one.
    """
    draft = _opened(edition, revision, by)
    if draft.stages.count() == 1:
        raise StagesFull(_("A framework has at least one stage."))
    draft.stages.filter(number=number).delete()
    draft.areas.filter(stage=number).delete()
    for stage in draft.stages.filter(number__gt=number):
        draft.areas.filter(stage=stage.number).update(stage=stage.number - 1)
        stage.number -= 1
        stage.save(update_fields=["number"])
    return _saved(draft, by)


@transaction.atomic
def publish_edition(*, edition: FrameworkEdition, revision: int, by: Person) -> FrameworkEdition:
    """Put a draft in the place of the edition in use. From then on PostgreSQL refuses to change it.

    Versions of a case study keep the edition that they were written on. A domain that is new becomes a
    construct that criteria can name.

    Returns:
        The edition; published before, it stays as it is.

    Raises:
        NotForYou: `by` is no AIM admin.
        EditionChanged: it was saved since its preview was opened.
        EditionNotReady: it has no domain, or a stage without a title or an area.
    """
    require_admin(by)
    draft = _locked_edition(edition)
    if draft.published_at is not None:
        return draft
    draft = _opened(edition, revision, by)
    if missing := missing_to_publish_edition(draft):
        raise EditionNotReady("\n".join(missing))
    known = draft.programme.constructs.count()
    Construct.objects.bulk_create(
        [
            Construct(programme=draft.programme, code=row.code, name=row.name, position=known + row.position)
            for row in draft.domains.all()
        ],
        ignore_conflicts=True,
    )
    draft.published_at, draft.published_by = timezone.now(), by
    draft.save(update_fields=["published_at", "published_by"])
    return draft


def missing_to_publish_edition(edition: FrameworkEdition) -> list[str]:
    """What a draft still lacks, in words; empty where it can be published."""
    missing = []
    if not edition.domains.exists():
        missing.append(_("It has no domain."))
    filled = set(edition.areas.values_list("stage", flat=True))
    missing += [
        _("Stage %(number)d has no area.") % {"number": stage.number}
        for stage in edition.stages.all()
        if stage.number not in filled
    ]
    return missing


def _locked_edition(edition: FrameworkEdition) -> FrameworkEdition:
    editions = FrameworkEdition.objects.select_for_update(of=("self",)).select_related("programme")
    return editions.get(pk=edition.pk)


def _opened(edition: FrameworkEdition, revision: int, by: Person) -> FrameworkEdition:
    require_admin(by)
    draft = _locked_edition(edition)
    if draft.published_at is not None:
        raise EditionPublished(_("This edition is published, so it does not change. Draft the next one."))
    if draft.revision != revision:
        raise EditionChanged(
            _(
                "Somebody saved this draft while you had it open. What you wrote was not saved yet, and it is"
                " not lost."
            )
        )
    return draft


def _saved(draft: FrameworkEdition, by: Person) -> FrameworkEdition:
    draft.revision += 1
    draft.save(update_fields=["title", "source", "notes", "revision", *draft.note_change(by)])
    return draft
