"""What a version says, in one canonical form, and the SHA-256 that stands for it ever after."""

from __future__ import annotations

import json
from typing import Any

from assessments.fingerprints import fingerprint
from assessments.models import FrameworkArea, Version

FORM = "AIMcert version, form 1"


def canonical_json(value: Any) -> bytes:
    """`value` as bytes that anyone can make again: UTF-8 JSON, keys sorted, no white space between.

    Text stands as it is stored, nothing outside ASCII is escaped, and every number is whole.
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def area_key(area: FrameworkArea) -> str:
    """How content names an area of the framework: stage/strand/title."""
    return f"{area.stage}/{area.strand}/{area.title}"


def content_of(version: Version) -> dict[str, Any]:
    """Everything that participants and markers read in `version`, without its number.

    Sections, questions and criteria stand in their order; constructs by code and areas by
    stage/strand/title, each list sorted.

    Args:
        version: any version, proposed or frozen.

    Returns:
        lists, dicts, text, whole numbers, booleans and None: what `canonical_json` takes.
    """
    questions = version.questions.prefetch_related("criteria__constructs", "criteria__areas")
    return {
        "programme": version.case_study.programme.code,
        "title": version.title,
        "content_note": version.content_note,
        "fictional_statement": version.fictional_statement,
        "sections": [{"title": s.title, "body": s.body} for s in version.sections.all()],
        "questions": [
            {
                "title": question.title,
                "text": question.text,
                "guidance": question.guidance,
                "guide_words": question.guide_words,
                "model_answer": question.model_answer,
                "criteria": [
                    {
                        "text": criterion.text,
                        "essential": criterion.is_essential,
                        "met": criterion.met,
                        "partly_met": criterion.partly_met,
                        "not_met": criterion.not_met,
                        "constructs": sorted(c.code for c in criterion.constructs.all()),
                        "areas": sorted(area_key(a) for a in criterion.areas.all()),
                    }
                    for criterion in question.criteria.all()
                ],
            }
            for question in questions
        ],
    }


def fingerprint_of(version: Version) -> str:
    """The SHA-256 over form, number and content of `version`, in hexadecimal (64 digits)."""
    return fingerprint(canonical_json({"form": FORM, "number": version.number, **content_of(version)}))
