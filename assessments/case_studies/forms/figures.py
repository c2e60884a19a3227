"""A section's figure as its author types it: one line for each event, person or couple."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import ChoiceField, LinesField
from assessments.case_studies.figures import FigureRefused, figure_data_from, figure_typed
from assessments.states import FigureKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def _lines(label: StrOrPromise, hint: StrOrPromise) -> LinesField:
    field = LinesField(
        label=label, help_text=hint, required=False, widget=forms.Textarea(attrs={"rows": 7, "dir": "auto"})
    )
    field.conditional = True  # type: ignore[attr-defined]
    return field


class FigureFields(forms.Form):
    """The fields of a figure; `cleaned_data["figure"]` is its data as assessments/figures takes it."""

    figure_kind = ChoiceField(
        label=_("Figure below the text"),
        choices=[("", _("None")), *FigureKind.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    timeline = _lines(
        _("Events of the timeline"),
        _("One on each line: when, then | and what: “Aged 9 | Moves to his grandmother’s”."),
    )
    genogram = _lines(
        _("People and couples of the genogram"),
        _(
            "First the people, one on each line, the young person first: “Dylan | male | 14”; where somebody"
            " died: “Nan | female | his grandmother | died”. Then the couples: “Carys + Rhys | apart |"
            " Dylan, Ffion”: together or apart, and their children."
        ),
    )

    @staticmethod
    def figure_as_typed(figure: dict[str, Any] | None) -> dict[str, Any]:
        """`figure` as its author typed it, or would have."""
        if figure is None:
            return {"figure_kind": ""}
        return {"figure_kind": figure["kind"], figure["kind"]: figure_typed(figure["kind"], figure["data"])}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["figure"] = None
        if kind := values.get("figure_kind"):
            try:
                values["figure"] = {"kind": kind, "data": figure_data_from(kind, values.get(kind, ""))}
            except FigureRefused as refused:
                for problem in refused.problems:
                    said = f"{problem.path}: {problem.words}" if problem.path else problem.words
                    self.add_error(kind, capfirst(said))
        return values
