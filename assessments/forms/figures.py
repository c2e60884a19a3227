"""A section's figure as its author types it: one line for each event, person or couple."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aimcert.foundation.fields import LinesField, one_line
from assessments.figures import figure_problems
from assessments.states import FigureKind

SEPARATOR = "|"
BETWEEN_PARTNERS = "+"
DIED = "died"
LISTS = ("events", "people", "couples")


def _lines(label: Any, hint: Any) -> LinesField:
    field = LinesField(
        label=label, help_text=hint, required=False, widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"})
    )
    field.conditional = True  # type: ignore[attr-defined]
    return field


class FigureFields(forms.Form):
    """The fields of a figure; `cleaned_data["figure"]` is its data as assessments/figures takes it."""

    figure_kind = forms.ChoiceField(
        label=gettext_lazy("Figure below the text"),
        choices=[("", gettext_lazy("None")), *FigureKind.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    events = _lines(
        gettext_lazy("Events of the timeline"),
        gettext_lazy("One on each line: when, then | and what: “Aged 9 | Moves to his grandmother’s”."),
    )
    people = _lines(
        gettext_lazy("People of the genogram"),
        gettext_lazy(
            "One on each line, the young person first: name | female, male or unsaid | a note. Write “died”"
            " as a fourth part where somebody did: “Nan | female | his grandmother | died”."
        ),
    )
    couples = _lines(
        gettext_lazy("Couples of the genogram"),
        gettext_lazy(
            "One on each line: “Carys + Rhys | apart | Dylan, Ffion”: together or apart, and their children."
        ),
    )

    @staticmethod
    def figure_as_typed(figure: dict[str, Any] | None) -> dict[str, Any]:
        """`figure` as its author typed it, or would have."""
        if figure is None:
            return {"figure_kind": ""}
        data, join = figure["data"], f" {SEPARATOR} ".join
        if figure["kind"] == FigureKind.TIMELINE:
            events = "\n".join(join((row["when"], row["what"])) for row in data["events"])
            return {"figure_kind": figure["kind"], "events": events}
        people = [
            join((row["name"], row["sex"], row["note"], *([DIED] if row["died"] else [])))
            for row in data["people"]
        ]
        couples = [
            join((f" {BETWEEN_PARTNERS} ".join(row["partners"]), row["bond"], ", ".join(row["children"])))
            for row in data["couples"]
        ]
        return {
            "figure_kind": figure["kind"],
            "people": "\n".join(people),
            "couples": "\n".join(couples),
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        figure = self._figure(values)
        for problem in figure_problems(figure) if figure else ():
            row = problem.path.removeprefix("data.")
            name = next((key for key in LISTS if row.startswith(key)), "figure_kind")
            self.add_error(name, _said(row, problem.words))
        values["figure"] = figure
        return values

    def _figure(self, values: dict[str, Any]) -> dict[str, Any] | None:
        kind = values.get("figure_kind")
        if kind == FigureKind.TIMELINE:
            rows = [_parts(line, 2) for line in _typed(values, "events")]
            return {"kind": kind, "data": {"events": [{"when": when, "what": what} for when, what in rows]}}
        if kind == FigureKind.GENOGRAM:
            people = [
                {"name": name, "sex": sex.lower(), "note": note, "died": died.lower() == DIED}
                for name, sex, note, died in (_parts(line, 4) for line in _typed(values, "people"))
            ]
            couples = [
                {
                    "partners": _names(partners, BETWEEN_PARTNERS),
                    "bond": bond.lower(),
                    "children": _names(children, ","),
                }
                for partners, bond, children in (_parts(line, 3) for line in _typed(values, "couples"))
            ]
            return {"kind": kind, "data": {"people": people, "couples": couples}}
        return None


def _typed(values: dict[str, Any], name: str) -> list[str]:
    return [line for line in (one_line(line) for line in values.get(name, "").splitlines()) if line]


def _parts(line: str, count: int) -> list[str]:
    """The first `count` parts of a line, empty where it has fewer; what follows belongs to the last."""
    parts = [part.strip() for part in line.split(SEPARATOR, count - 1)]
    return parts + [""] * (count - len(parts))


def _names(text: str, between: str) -> list[str]:
    return [name.strip() for name in text.split(between) if name.strip()]


def _said(path: str, words: str) -> str:
    """A problem's place as an author counts: “Line 2 …”."""
    _rows, bracket, rest = path.partition("[")
    if not bracket:
        return words
    number, _bracket, column = rest.partition("]")
    told = {"number": int(number) + 1, "column": column.removeprefix("."), "words": words}
    return _("Line %(number)d: %(column)s %(words)s") % told
