"""A passage's content said line by line, for who compares two wordings of it or reads an old one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments.case_studies.figures import figure_typed
from assessments.case_studies.kinds import KINDS


@dataclass(frozen=True)
class Line:
    """One part of a passage: what it is called, and what it says."""

    label: str
    text: str


def lines_of(content: dict[str, Any], constructs: dict[str, str]) -> list[Line]:
    """What `content` of a head, a section or a question says; nothing where the passage was removed.

    Args:
        content: as assessments/case_studies/canonical.py gives it for one passage.
        constructs: names by code.
    """
    if not content:
        return []
    if "questions" not in content and "criteria" in content:
        lines = _question(content, constructs)
    elif "body" in content:
        lines = _section(content)
    else:
        lines = _head(content)
    return [line for line in lines if line.text]


def _head(content: dict[str, Any]) -> Iterator[Line]:
    yield Line(_("Title"), content["title"])
    yield Line(_("Content note"), content["content_note"])
    yield Line(_("Everyone in it is fictional"), content["fictional_statement"])


def _section(content: dict[str, Any]) -> Iterator[Line]:
    yield Line(_("Title"), content["title"])
    yield Line(_("Text"), content["body"])
    figure = content["figure"]
    if figure:
        yield Line(_("Figure"), figure_typed(**figure))


def _question(content: dict[str, Any], constructs: dict[str, str]) -> Iterator[Line]:
    kind = KINDS[content["kind"]]
    yield Line(_("Title"), content["title"])
    yield Line(_("Kind"), str(kind.name))
    yield Line(_("What is asked"), content["text"])
    yield Line(_("Guidance"), content["guidance"])
    yield Line(_("Guide length in words"), str(content["guide_words"] or ""))
    typed = kind.typed_of(content["settings"])
    for field in kind.setting_fields():
        value = typed.get(field.name)
        yield Line(
            str(field.label), (_("Yes") if value else _("No")) if isinstance(value, bool) else value or ""
        )
    yield Line(_("Model answer"), content["model_answer"])
    parts = dict(kind.parts(content["settings"]))
    for number, row in enumerate(content["criteria"], start=1):
        yield Line(
            _("Criterion %(number)d") % {"number": number}, "\n".join(_criterion(row, parts, constructs))
        )


def _criterion(row: dict[str, Any], parts: dict[str, str], constructs: dict[str, str]) -> Iterator[str]:
    yield row["text"]
    yield _("Essential") if row["essential"] else _("Desirable")
    if row["essential_because"]:
        yield _("Why it is essential: %(text)s") % {"text": row["essential_because"]}
    if row["part"]:
        yield _("About: %(part)s") % {"part": parts.get(row["part"], row["part"])}
    yield _("Met: %(text)s") % {"text": row["met"]}
    yield _("Partly met: %(text)s") % {"text": row["partly_met"]}
    yield _("Not met: %(text)s") % {"text": row["not_met"]}
    if row["constructs"]:
        names = ", ".join(constructs.get(code, code) for code in row["constructs"])
        yield _("Constructs: %(names)s") % {"names": names}
    if row["areas"]:
        yield _("Areas: %(names)s") % {"names": "; ".join(row["areas"])}
