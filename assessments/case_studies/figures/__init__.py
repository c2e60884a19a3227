"""Figures of a case study, drawn from data as SVG, each with the table that says the same."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments.case_studies.figures import genogram, timeline
from assessments.case_studies.figures.typed import FigureRefused
from assessments.case_studies.kinds.interface import Problem, key_problems

__all__ = ["FIGURES", "FigureRefused", "figure_data_from", "figure_problems", "figure_shown", "figure_typed"]

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


def figure_shown(kind: str, data: Any, *, title: str, for_paper: bool = False) -> SafeString:
    """A figure as a page or a document shows it: drawn, with its key, and as a table.

    Args:
        kind: a value of states.FigureKind; "" gives nothing.
        data: without a problem.
        title: of the section that it belongs to.
        for_paper: the table stands open, where nothing can be opened.
    """
    if not kind:
        return SafeString("")
    module = FIGURES[kind]
    called = {"genogram": _("Genogram: %(title)s"), "timeline": _("Timeline: %(title)s")}[kind]
    called %= {"title": title}
    context = {
        "kind": kind,
        "title": called,
        "drawn": module.drawn(data, title=called),
        "key": module.KEY,
        "columns": module.COLUMNS,
        "rows": module.rows(data),
        "for_paper": for_paper,
    }
    return render_to_string("assessments/case_studies/figure.html", context)


def figure_typed(kind: str, data: Any) -> str:
    """A figure's data as the plain text that its author edits; "" where there is none."""
    return FIGURES[kind].typed_of(data) if kind else ""


def figure_data_from(kind: str, typed: str) -> dict[str, Any] | None:
    """The reverse of `figure_typed`.

    Raises:
        FigureRefused: `problems` says what is wrong, line by line.
    """
    return FIGURES[kind].data_from(typed) if kind else None
