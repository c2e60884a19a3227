"""Figures of a case study, drawn from data as SVG, each with the table that says the same."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from assessments.figures import genogram, timeline
from assessments.kinds.interface import Problem, key_problems

__all__ = ["FIGURES", "figure_problems"]

# By the value of states.FigureKind.
FIGURES = {"timeline": timeline, "genogram": genogram}


def figure_problems(figure: Any) -> list[Problem]:
    """Everything wrong with a figure from outside: `{"kind": …, "data": …}`."""
    found = key_problems(figure, ("kind", "data"))
    if found:
        return found
    module = FIGURES.get(figure["kind"]) if isinstance(figure["kind"], str) else None
    if module is None:
        return [Problem("kind", _("is none of %(kinds)s.") % {"kinds": ", ".join(FIGURES)})]
    return [
        Problem(f"data.{one.path}" if one.path else "data", one.words)
        for one in module.problems_of(figure["data"])
    ]
