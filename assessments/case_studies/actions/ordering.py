"""The order of a version's sections and questions, and what is taken out of it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Person
from aimcert.foundation.refusals import Refused
from assessments.case_studies.actions.passages import changed, lock_to_write
from assessments.case_studies.actions.versions import keep_wording
from assessments.case_studies.canonical import passage_of
from assessments.case_studies.models import Question, Section, Version


class PassageChanged(Refused):
    """Somebody saved the passage after the page that asked was opened."""


def move_section(*, section: Section, to: int, by: Person) -> None:
    """Put a section at another place among its version's; the others close up.

    Args:
        section: of a version that is underway.
        to: its new number, from 1; asked twice, it is moved once.
        by: an AIM admin, or an author of the version.

    Raises:
        NotAnAuthor, VersionFrozen, VersionWithdrawn: as `save_section`.
    """
    _move(section, to, by)


def move_question(*, question: Question, to: int, by: Person) -> None:
    """Put a question at another place among its version's; as `move_section`."""
    _move(question, to, by)


def remove_section(*, section: Section, base_revision: int, by: Person) -> None:
    """Take a section out of its version; every wording of it stays in its history.

    Args:
        section: of a version that is underway; asked twice, it is removed once.
        base_revision: its `revision` as who removes it saw it.
        by: an AIM admin, or an author of the version.

    Raises:
        PassageChanged: it was saved meanwhile.
        NotAnAuthor, VersionFrozen, VersionWithdrawn, ContentNotUsable: as `save_section`.
    """
    _remove(section, base_revision, by)


def remove_question(*, question: Question, base_revision: int, by: Person) -> None:
    """Take a question with its criteria out of its version; as `remove_section`."""
    _remove(question, base_revision, by)


def _rows(version: Version, part: Section | Question) -> Any:
    return version.sections.all() if isinstance(part, Section) else version.questions.all()


@transaction.atomic
def _move(part: Section | Question, to: int, by: Person) -> None:
    version = lock_to_write(part.version, by)
    rows = list(_rows(version, part))
    moved = next((row for row in rows if row.pk == part.pk), None)
    if moved is None:
        return
    rows.remove(moved)
    rows.insert(max(to, 1) - 1, moved)
    renumbered = [row for number, row in enumerate(rows, start=1) if row.number != number]
    for number, row in enumerate(rows, start=1):
        row.number = number
    if renumbered:
        _rows(version, part).bulk_update(renumbered, ["number"])
        changed(version)


@transaction.atomic
def _remove(part: Section | Question, base_revision: int, by: Person) -> None:
    version = lock_to_write(part.version, by)
    found = _rows(version, part).filter(pk=part.pk).first()
    if found is None:
        return
    if found.revision != base_revision:
        raise PassageChanged(_("Somebody saved this passage meanwhile. Read it again before you remove it."))
    _rows(version, part).filter(pk=part.pk).delete()
    _rows(version, part).filter(number__gt=found.number).update(number=F("number") - 1)
    keep_wording(version, passage_of(part), found.revision + 1, {}, by=by)
    changed(version)
