"""What a version says, in one canonical form, and the SHA-256 that stands for it ever after."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from assessments.case_studies.fingerprints import fingerprint
from assessments.case_studies.models import Construct, Criterion, FrameworkArea, Question, Section, Version

FORM = "AIMcert version, form 2"


def canonical_json(value: Any) -> bytes:
    """`value` as bytes that anyone can make again: UTF-8 JSON, keys sorted, no white space between.

    Text stands as it is stored, nothing outside ASCII is escaped, and every number is whole.
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def area_key(area: FrameworkArea) -> str:
    """How content names an area of the framework: stage/strand/title."""
    return f"{area.stage}/{area.strand}/{area.title}"


def content_of(
    version: Version, sections: Iterable[Section] | None = None, questions: Iterable[Question] | None = None
) -> dict[str, Any]:
    """Everything that participants and markers read in `version`, without its number.

    Sections, questions and criteria stand in their order; constructs by code and areas by
    stage/strand/title, each list sorted. One statement for each table, whatever its size.

    Args:
        version: any version, a draft, proposed or frozen.
        sections: its own, in order, from who has read them already.
        questions: likewise, as `questions_of` reads them.

    Returns:
        lists, dicts, text, whole numbers, booleans and None: what `canonical_json` takes.
    """
    sections = version.sections.all() if sections is None else sections
    questions = questions_of(version) if questions is None else questions
    return {
        "programme": version.case_study.programme.code,
        **head_content(version),
        "sections": [section_content(section) for section in sections],
        "questions": [question_content(question) for question in questions],
    }


def questions_of(version: Version) -> QuerySet[Question]:
    """The questions of `version` with all that `question_content` reads."""
    return version.questions.prefetch_related(_criteria())


def _criteria() -> Prefetch[str]:
    """Criteria with the names of their constructs and areas, in one statement."""
    constructs = Construct.objects.filter(criteria=OuterRef("pk")).order_by()
    areas = FrameworkArea.objects.filter(criteria=OuterRef("pk")).order_by()
    area = Concat(
        Cast("stage", TextField()), Value("/"), "strand", Value("/"), "title", output_field=TextField()
    )
    criteria = Criterion.objects.annotate(
        construct_codes=ArraySubquery(constructs.values("code")),
        area_keys=ArraySubquery(areas.values_list(area)),
    )
    return Prefetch("criteria", criteria)


def head_content(version: Version) -> dict[str, Any]:
    """What stands before the first section."""
    return {
        "title": version.title,
        "content_note": version.content_note,
        "fictional_statement": version.fictional_statement,
    }


def section_content(section: Section) -> dict[str, Any]:
    """One section, its figure as data."""
    figure = {"kind": section.figure_kind, "data": section.figure} if section.figure_kind else None
    return {"title": section.title, "body": section.body, "figure": figure}


def question_content(question: Question) -> dict[str, Any]:
    """One question with its criteria."""
    return {
        "title": question.title,
        "text": question.text,
        "guidance": question.guidance,
        "guide_words": question.guide_words,
        "kind": question.kind,
        "settings": question.settings,
        "model_answer": question.model_answer,
        "criteria": [
            {
                "text": criterion.text,
                "essential": criterion.is_essential,
                "essential_because": criterion.essential_because,
                "part": criterion.part,
                "met": criterion.met,
                "partly_met": criterion.partly_met,
                "not_met": criterion.not_met,
                "constructs": _constructs_of(criterion),
                "areas": _areas_of(criterion),
            }
            for criterion in question.criteria.all()
        ],
    }


# Sorted here, whatever order the database has for text.


def _constructs_of(criterion: Criterion) -> list[str]:
    known: list[str] | None = getattr(criterion, "construct_codes", None)
    return sorted([one.code for one in criterion.constructs.all()] if known is None else known)


def _areas_of(criterion: Criterion) -> list[str]:
    known: list[str] | None = getattr(criterion, "area_keys", None)
    return sorted([area_key(one) for one in criterion.areas.all()] if known is None else known)


HEAD = "head"


def passage_of(part: Section | Question) -> str:
    """How the passage is called that `part` is: what can be agreed to and objected to by itself."""
    return f"{'section' if isinstance(part, Section) else 'question'}:{part.uuid}"


def passages_of(version: Version) -> dict[str, dict[str, Any]]:
    """The content of each passage of `version` by its name, in the order in which they are read."""
    return passages_of_all([version])[version.pk]


def passages_of_all(versions: Iterable[Version]) -> dict[int, dict[str, dict[str, Any]]]:
    """`passages_of` each of `versions`, by its primary key: one statement for each table for all of them."""
    found = {version.pk: {HEAD: head_content(version)} for version in versions}
    for section in Section.objects.filter(version__in=found).order_by("version", "number"):
        found[section.version_id][passage_of(section)] = section_content(section)
    questions = Question.objects.filter(version__in=found).order_by("version", "number")
    for question in questions.prefetch_related(_criteria()):
        found[question.version_id][passage_of(question)] = question_content(question)
    return found


def passage_sha256(content: dict[str, Any]) -> str:
    """The SHA-256 of one passage's content, in hexadecimal."""
    return fingerprint(canonical_json(content))


def fingerprint_of(version: Version) -> str:
    """The SHA-256 over form, number and content of `version`, in hexadecimal (64 digits)."""
    return fingerprint_of_content(content_of(version), version.number)


def fingerprint_of_content(content: dict[str, Any], number: int | None) -> str:
    """The fingerprint that a version with this content has under this number."""
    return fingerprint(canonical_json({"form": FORM, "number": number, **content}))
