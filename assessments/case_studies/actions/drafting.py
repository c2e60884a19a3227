"""Drafts of a case study: begun, or read from content."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Person
from assessments.case_studies.actions.contents import CheckedContent
from assessments.case_studies.actions.versions import (
    ContentNotUsable,
    VersionUnderway,
    keep_wording,
    require_admin,
)
from assessments.case_studies.canonical import HEAD, area_key, content_of, head_content, passage_of
from assessments.case_studies.models import (
    CaseStudy,
    Construct,
    Criterion,
    FrameworkArea,
    FrameworkEdition,
    Question,
    Section,
    Version,
    Wording,
)


@transaction.atomic
def import_version(*, content: dict[str, Any], by: Person) -> Version:
    """Make a draft of a programme's case study from content.

    Args:
        content: in the shape of docs/version.schema.json.
        by: an AIM admin.

    Returns:
        the draft; where the newest version says the same already, that one.

    Raises:
        NotForYou: `by` is not an AIM admin.
        ContentNotUsable: with everything that is wrong with the content.
        VersionUnderway: another version is being written or agreed to.

    Side effects:
        Makes the constructs that the content brings along.
    """
    require_admin(by)
    return draft_of(CheckedContent(content), by=by)[0]


@transaction.atomic
def draft_of(checked: CheckedContent, *, by: Person) -> tuple[Version, bool]:
    """The draft that content makes, and True; or the newest version that says the same, and False.

    Raises:
        ContentNotUsable: with everything that is wrong with the content.
        VersionUnderway: another version is being written or agreed to.
    """
    programme = checked.programme
    if checked.faults or programme is None:
        raise ContentNotUsable(checked.problems)
    study, _made = CaseStudy.objects.get_or_create(programme=programme)
    study = CaseStudy.objects.select_for_update(of=("self",)).get(pk=study.pk)
    newest = study.versions.filter(withdrawn_at__isnull=True).order_by("-number").first()
    if newest is not None and content_of(newest) == checked.content:
        return newest, False
    first = programme.constructs.count() + 1
    Construct.objects.bulk_create(
        [
            Construct(programme=programme, position=position, **row)
            for position, row in enumerate(checked.constructs, start=first)
        ],
        ignore_conflicts=True,
    )
    version = new_version(study, by=by, edition=checked.edition, **_head(checked.content))
    write_content(version, checked.content, by=by)
    return version, True


def new_version(
    study: CaseStudy,
    *,
    by: Person,
    edition: FrameworkEdition | None,
    title: str,
    content_note: str,
    fictional_statement: str,
) -> Version:
    """The next version of a locked case study, as an empty draft.

    Raises:
        VersionUnderway: another version is being written or agreed to.
    """
    if study.versions.underway().exists():
        raise VersionUnderway(
            _("Another version of this case study is being written. Go on with that one, or withdraw it.")
        )
    number = study.versions.aggregate(highest=Max("number"))["highest"] or 0
    version = Version.objects.create(
        case_study=study,
        number=number + 1,
        title=title,
        content_note=content_note,
        fictional_statement=fictional_statement,
        edition=edition,
        drafted_by=by,
    )
    keep_wording(version, HEAD, version.revision, head_content(version), by=by)
    return version


def _head(content: dict[str, Any]) -> dict[str, str]:
    return {key: content[key] for key in ("title", "content_note", "fictional_statement")}


def write_content(version: Version, content: dict[str, Any], *, by: Person) -> None:
    """Put sections and questions of `content` into a version that has none, each as its first wording.

    One statement for each table.
    """
    areas = {area_key(area): area for area in version.edition.areas.all()} if version.edition else {}
    constructs = {row.code: row for row in version.case_study.programme.constructs.all()}
    sections = Section.objects.bulk_create(
        [
            Section(
                version=version,
                number=number,
                title=row["title"],
                body=row["body"],
                figure_kind=row["figure"]["kind"] if row["figure"] else "",
                figure=row["figure"]["data"] if row["figure"] else None,
                saved_by=by,
            )
            for number, row in enumerate(content["sections"], start=1)
        ]
    )
    questions = Question.objects.bulk_create(
        [
            Question(
                version=version,
                number=number,
                saved_by=by,
                **{key: value for key, value in row.items() if key != "criteria"},
            )
            for number, row in enumerate(content["questions"], start=1)
        ]
    )
    _add_criteria(
        [(question, row["criteria"]) for question, row in zip(questions, content["questions"], strict=True)],
        constructs=constructs,
        areas=areas,
    )
    parts: list[Section | Question] = [*sections, *questions]
    rows = [*content["sections"], *content["questions"]]
    Wording.objects.bulk_create(
        Wording(version=version, passage=passage_of(part), revision=part.revision, content=row, saved_by=by)
        for part, row in zip(parts, rows, strict=True)
    )


def write_criteria(
    question: Question,
    rows: list[dict[str, Any]],
    *,
    constructs: dict[str, Construct],
    areas: dict[str, FrameworkArea],
) -> None:
    """Put `rows`, as content has them, in the place of a question's criteria."""
    question.criteria.all().delete()
    _add_criteria([(question, rows)], constructs=constructs, areas=areas)


def _add_criteria(
    asked: list[tuple[Question, list[dict[str, Any]]]],
    *,
    constructs: dict[str, Construct],
    areas: dict[str, FrameworkArea],
) -> None:
    """Give questions that have none their criteria."""
    rows = [row for _question, rows in asked for row in rows]
    criteria = Criterion.objects.bulk_create(
        [
            Criterion(
                question=question,
                number=position,
                text=row["text"],
                is_essential=row["essential"],
                essential_because=row["essential_because"],
                part=row["part"],
                met=row["met"],
                partly_met=row["partly_met"],
                not_met=row["not_met"],
            )
            for question, rows in asked
            for position, row in enumerate(rows, start=1)
        ]
    )
    pairs = [*zip(criteria, rows, strict=True)]
    Criterion.constructs.through.objects.bulk_create(
        Criterion.constructs.through(criterion=criterion, construct=constructs[code])
        for criterion, row in pairs
        for code in row["constructs"]
    )
    Criterion.areas.through.objects.bulk_create(
        Criterion.areas.through(criterion=criterion, frameworkarea=areas[key])
        for criterion, row in pairs
        for key in row["areas"]
    )
