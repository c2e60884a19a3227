"""One question of each kind, and an answer with something in every field of it."""

from __future__ import annotations

from typing import Any

from assessments.case_studies.kinds import Kind, Reference, ReferenceArea

REFERENCE = Reference(
    domains=(("developmental", "Developmental"), ("self-regulation", "Self-regulation")),
    stages=((1, "Preparation"), (2, "Building resilience")),
    areas=(
        ReferenceArea(1, "adults", "", "safety plan"),
        ReferenceArea(2, "adults", "", "providing a secure base"),
        ReferenceArea(1, "young person", "", "safety plan"),
        ReferenceArea(2, "young person", "part 1", "emotional literacy"),
    ),
)
TYPED: dict[str, dict[str, Any]] = {
    "written": {},
    "choice": {"options": "Refer on\r\n\r\n Wait \nAsk again", "several": True},
    "domain-profile": {"levels": "Lower\nSome\nHigher"},
    "intervention-plan": {"people": "Dylan | young person\nCarys, his mother | adults"},
}


def settings_of(kind: Kind) -> dict[str, Any]:
    return kind.settings_from(TYPED[kind.code], REFERENCE)


def filled(kind: Kind) -> dict[str, str]:
    """Something in every field: text, or the last thing that can be chosen."""
    return {
        field.name: f"Words for {field.label}\nand more." if field.is_text else field.options[-1].value
        for field in kind.fields(settings_of(kind))
    }
