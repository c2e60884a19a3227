"""The fields of a passage as they are compared and shown: paragraphs of text, lines of what is data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.case_studies.figures import figure_typed
from assessments.case_studies.kinds import KINDS
from assessments.states import FigureKind

LABELS: dict[str, str | Promise] = {
    "title": gettext_lazy("Title"),
    "content_note": gettext_lazy("Content note"),
    "fictional_statement": gettext_lazy("Statement that it is fictional"),
    "body": gettext_lazy("Text"),
    "figure": gettext_lazy("Figure"),
    "text": gettext_lazy("Question"),
    "guidance": gettext_lazy("Guidance"),
    "guide_words": gettext_lazy("Guide length in words"),
    "kind": gettext_lazy("Kind of question"),
    "settings": gettext_lazy("What it asks for"),
    "model_answer": gettext_lazy("Model answer"),
    "criteria": gettext_lazy("Criteria"),
}
CRITERION_LABELS: dict[str, str | Promise] = {
    "text": gettext_lazy("Criterion"),
    "essential": gettext_lazy("Essential"),
    "essential_because": gettext_lazy("Essential because"),
    "part": gettext_lazy("About"),
    "met": gettext_lazy("Met"),
    "partly_met": gettext_lazy("Partly met"),
    "not_met": gettext_lazy("Not met"),
    "constructs": gettext_lazy("Constructs"),
    "areas": gettext_lazy("Areas"),
}


def all_paragraphs(content: Mapping[str, Any]) -> Iterator[str]:
    """Everything that a passage says."""
    for key in LABELS:
        yield from paragraphs_of(key, content.get(key))


def paragraphs_of(key: str, value: Any) -> list[str]:
    """One field of a passage, in what is compared as a whole first."""
    if value in (None, "", [], {}):
        return []
    if key == "criteria":
        return [paragraph for criterion in value for paragraph in _criterion(criterion)]
    if key == "kind":
        return [str(KINDS[value].name)] if value in KINDS else [str(value)]
    if key == "figure":
        # As its author types it: its data has its keys in one order here and in another there.
        return [str(FigureKind(value["kind"]).label), *figure_typed(**value).splitlines()]
    if isinstance(value, str):
        return [paragraph for paragraph in re.split(r"\n\s*\n", value) if paragraph.strip()]
    return list(_lines(value))


def _criterion(criterion: Mapping[str, Any]) -> Iterator[str]:
    for key, label in CRITERION_LABELS.items():
        value = criterion.get(key)
        if isinstance(value, bool):
            value = _("yes") if value else _("no")
        elif isinstance(value, list):
            value = ", ".join(value)
        if value:
            yield f"{label}: {value}"


def _lines(value: Any, name: str = "") -> Iterator[str]:
    """Data as lines that a person can read: what it is called, and what it is."""
    if isinstance(value, dict):
        for key, inner in value.items():
            label = capfirst(str(key).replace("_", " "))
            yield from _lines(inner, f"{name}, {label}" if name else label)
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _lines(inner, f"{name} {number}".strip())
    elif value not in (None, ""):
        yield f"{name}: {value}" if name else str(value)
