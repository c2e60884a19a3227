"""What authors save of a version: its head, its sections, its questions; nobody overwrites another."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from assessments.case_studies.actions.drafting import write_criteria
from assessments.case_studies.actions.passages import (
    Content,
    changed,
    content_kept,
    lock_to_write,
    question_kept,
    save_passage,
    section_kept,
)
from assessments.case_studies.actions.versions import keep_wording
from assessments.case_studies.canonical import (
    HEAD,
    area_key,
    head_content,
    passage_of,
    question_content,
    questions_of,
    section_content,
)
from assessments.case_studies.models import Question, Section, Version

NO_FIGURE: dict[str, Any] = {"kind": "", "data": None}


def save_head(
    *,
    version: Version,
    title: str,
    content_note: str,
    fictional_statement: str,
    base_revision: int,
    by: Person,
) -> Version:
    """Save title, content note and fictional statement of a version.

    Args:
        version: which is underway.
        title: 1 to 150 characters.
        content_note, fictional_statement: Markdown; a draft may lack them until it is proposed.
        base_revision: the version's `revision` that the author saw.
        by: an AIM admin, or an author of the version.

    Returns:
        the version; saved unchanged, as it was.

    Raises:
        NotAnAuthor: `by` does not write this version.
        VersionFrozen, VersionWithdrawn: it is not written any more.
        StalePassage: it was saved meanwhile; what came is kept, set aside.
        ContentNotUsable: the version is proposed and would lack something.
        PassageRefused: the title is missing or too long.

    Side effects:
        Keeps the wording; where the version is proposed, renews its fingerprint.
    """
    content = content_kept(
        {"title": title, "content_note": content_note, "fictional_statement": fictional_statement}
    )

    def write(locked: Version, revision: int) -> None:
        for key, value in content.items():
            setattr(locked, key, value)
        locked.revision = revision
        locked.save(update_fields=[*content, "revision"])

    with transaction.atomic():
        locked = lock_to_write(version, by)
        stale = save_passage(
            locked, HEAD, content, base_revision, by, head_content(locked), locked.revision, write=write
        )
    if stale:
        raise stale
    return locked


def save_section(
    *,
    section: Section,
    title: str,
    body: str,
    figure: dict[str, Any] | None,
    base_revision: int,
    by: Person,
) -> Section:
    """Save one section.

    Args:
        section: of a version that is underway.
        title: 1 to 150 characters.
        body: Markdown, as aimcert/foundation/prose.py reads it.
        figure: `{"kind": …, "data": …}` as assessments/figures takes it, or None.
        base_revision: the section's `revision` that the author saw.
        by: an AIM admin, or an author of the version.

    Returns:
        the section; saved unchanged, as it was.

    Raises and side effects: as `save_head`; PassageRefused also where the figure cannot be drawn.
    """
    content = section_kept(title, body, figure)

    def write(locked: Version, revision: int) -> None:
        found.title, found.body = content["title"], content["body"]
        found.figure_kind, found.figure = (figure or NO_FIGURE)["kind"], (figure or NO_FIGURE)["data"]
        found.revision, found.saved_at, found.saved_by = revision, timezone.now(), by
        found.save()

    with transaction.atomic():
        version = lock_to_write(section.version, by)
        found = version.sections.filter(pk=section.pk).first() or section
        standing = section_content(found) if found is not section else {}
        stale = save_passage(
            version, passage_of(section), content, base_revision, by, standing, found.revision, write=write
        )
    if stale:
        raise stale
    return found


def save_question(*, question: Question, content: Content, base_revision: int, by: Person) -> Question:
    """Save one question with its criteria and its kind's settings.

    Args:
        question: of a version that is underway; its kind does not change.
        content: as `canonical.question_content` gives it. Where its kind does not ask why a criterion
            is essential, that is left out.
        base_revision: the question's `revision` that the author saw.
        by: an AIM admin, or an author of the version.

    Returns:
        the question; saved unchanged, as it was.

    Raises and side effects: as `save_head`; PassageRefused also for settings that its kind does not
    take, and for constructs, areas and parts that are not there.
    """

    def write(locked: Version, revision: int) -> None:
        for key, value in content.items():
            if key != "criteria":
                setattr(found, key, value)
        found.revision, found.saved_at, found.saved_by = revision, timezone.now(), by
        found.save()
        _write_criteria(locked, found, content)

    with transaction.atomic():
        version = lock_to_write(question.version, by)
        content = question_kept(version, {**content, "kind": question.kind})
        found = questions_of(version).filter(pk=question.pk).first() or question
        standing = question_content(found) if found is not question else {}
        stale = save_passage(
            version, passage_of(question), content, base_revision, by, standing, found.revision, write=write
        )
    if stale:
        raise stale
    return found


@transaction.atomic
def add_section(
    *, version: Version, title: str, body: str, figure: dict[str, Any] | None, by: Person
) -> Section:
    """Add a section at the end of the case study; arguments and refusals as `save_section`'s."""
    content = section_kept(title, body, figure)
    version = lock_to_write(version, by)
    figure = figure or NO_FIGURE
    section = Section.objects.create(
        version=version,
        number=version.sections.count() + 1,
        title=content["title"],
        body=content["body"],
        figure_kind=figure["kind"],
        figure=figure["data"],
        saved_by=by,
    )
    keep_wording(version, passage_of(section), section.revision, content, by=by)
    changed(version)
    return section


@transaction.atomic
def add_question(*, version: Version, content: Content, by: Person) -> Question:
    """Add a question after the last one; arguments and refusals as `save_question`'s."""
    version = lock_to_write(version, by)
    content = question_kept(version, content)
    parts = {key: value for key, value in content.items() if key != "criteria"}
    question = Question.objects.create(
        version=version, number=version.questions.count() + 1, saved_by=by, **parts
    )
    _write_criteria(version, question, content)
    keep_wording(version, passage_of(question), question.revision, content, by=by)
    changed(version)
    return question


def _write_criteria(version: Version, question: Question, content: Content) -> None:
    write_criteria(
        question,
        content["criteria"],
        constructs={row.code: row for row in version.case_study.programme.constructs.all()},
        areas={area_key(area): area for area in version.edition.areas.all()} if version.edition else {},
    )
