"""A question with its kind's settings and its criteria: all that one page holds, as typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aimcert.foundation.fields import ChoiceField, LinesField, MultipleChoiceField
from assessments.case_studies.actions.contents import LONGEST
from assessments.case_studies.forms.writing import PassageForm, ProseField, title_field
from assessments.case_studies.kinds import (
    Kind,
    Problem,
    SettingField,
    SettingsRefused,
    TypedShape,
    kind_of,
    kinds_for,
)
from assessments.case_studies.models import Version
from assessments.case_studies.references import reference_of

SETTING = "setting_"
ROW = "criterion"
TOO_LONG = gettext_lazy("Shorten this text to 40,000 characters.")


class KindForm(forms.Form):
    """Which kind of question to add."""

    use_required_attribute = False
    kind = ChoiceField(
        label=gettext_lazy("What kind of question is it?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the kind of question.")},
    )

    def __init__(self, version: Version, data: Any = None) -> None:
        super().__init__(data)
        self.kinds = kinds_for(reference_of(version.edition))
        self.fields["kind"].choices = [(kind.code, f"{kind.name}: {kind.about}") for kind in self.kinds]  # type: ignore[attr-defined]

    def chosen(self) -> Kind | None:
        """The kind, where one was chosen that the programme has."""
        return kind_of(self.cleaned_data["kind"]) if self.is_bound and self.is_valid() else None


class QuestionForm(PassageForm):
    """What is asked, the settings of its kind, and the model answer."""

    title = title_field()
    text = ProseField(label=gettext_lazy("What is asked"), rows=6)
    guidance = ProseField(
        label=gettext_lazy("Guidance"),
        help_text=gettext_lazy("Shown below the question, while it is answered."),
        rows=3,
    )
    guide_words = forms.IntegerField(
        label=gettext_lazy("Guide length in words"),
        help_text=gettext_lazy("A guide, never a limit."),
        required=False,
        min_value=1,
        max_value=5000,
        widget=forms.TextInput(attrs={"class": "input-4", "inputmode": "numeric"}),
        error_messages={
            code: gettext_lazy("Enter a whole number from 1 to 5,000, or nothing.")
            for code in ("invalid", "min_value", "max_value")
        },
    )
    model_answer = ProseField(
        label=gettext_lazy("Model answer"),
        help_text=gettext_lazy("Read by markers alone, never by participants."),
        rows=10,
    )

    def __init__(self, data: Any = None, *, kind: Kind, version: Version, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.kind, self.version = kind, version
        self.settings: dict[str, Any] | None = None
        self.fields["guidance"].conditional = False  # type: ignore[attr-defined]
        model_answer = self.fields.pop("model_answer")
        for setting in kind.setting_fields():
            field = _setting_field(setting)
            field.conditional = True  # type: ignore[attr-defined]
            self.fields[f"{SETTING}{setting.name}"] = field
        self.fields["model_answer"] = model_answer

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        typed = {key.removeprefix(SETTING): value for key, value in values.items() if key.startswith(SETTING)}
        try:
            self.settings = self.kind.settings_from(typed, reference_of(self.version.edition))
        except SettingsRefused as refused:
            for problem in refused.problems:
                fields = self.kind.setting_fields()
                field = next((one for one in fields if problem.path.startswith(one.name)), None)
                self.add_error(f"{SETTING}{field.name}" if field else None, _problem_text(problem, field))
        return values


def _problem_text(problem: Problem, field: SettingField | None) -> str:
    """A problem as a sentence: about one line of a field, about the field, or as it is."""
    row = problem.path.partition("[")[2].partition("]")[0]
    if row.isdigit():
        return _("Line %(number)d %(words)s") % {"number": int(row) + 1, "words": problem.words}
    if field is not None:
        return _("“%(field)s” %(words)s") % {"field": field.label, "words": problem.words}
    return problem.words


def _setting_field(setting: SettingField) -> forms.Field:
    """What a setting is typed into."""
    label, hint = str(setting.label), str(setting.hint)
    if setting.shape is TypedShape.TICK:
        return forms.BooleanField(label=label, help_text=hint, required=False)
    lines = forms.Textarea(attrs={"rows": 5, "dir": "auto"})
    return LinesField(label=label, help_text=hint, required=False, widget=lines)


@dataclass(frozen=True)
class Offered:
    """What a criterion of one question can name.

    Args:
        parts: of the answer, the whole of it first; empty where it has no parts; None where they are not
            known, since the settings cannot be used: what was chosen is then carried along.
        constructs: code and name of each.
        areas: of the framework, below their headings.
        asks_why: whether an essential criterion says who decided that it is, and why.
        parts_wait_for: what has to be filled in before the parts are known; "" where they are, or never are.
    """

    parts: list[tuple[str, str]] | None
    constructs: list[tuple[str, str]]
    areas: list[tuple[str, list[tuple[str, str]]]]
    asks_why: bool
    parts_wait_for: str = ""


class CriterionForm(forms.Form):
    """One thing that a marker looks for."""

    use_required_attribute = False
    text = LinesField(
        label=gettext_lazy("What the marker looks for"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        error_messages={
            "required": gettext_lazy("Say what the marker looks for, or remove this criterion."),
            "max_length": TOO_LONG,
        },
    )
    essential = ChoiceField(
        label=gettext_lazy("How much it counts"),
        choices=[
            ("yes", gettext_lazy("Essential: nobody is competent without it")),
            ("no", gettext_lazy("Desirable")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether it is essential or desirable.")},
    )
    essential_because = LinesField(
        label=gettext_lazy("Who decided that it is essential, and why"),
        help_text=gettext_lazy(
            "Only where it is essential: criteria of this kind of question are desirable unless The AIM"
            " Project and the Associates decide otherwise."
        ),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        error_messages={"max_length": TOO_LONG},
    )
    part = ChoiceField(
        label=gettext_lazy("Which part of the answer it is about"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose a part that the answer has.")},
    )
    constructs = MultipleChoiceField(
        label=gettext_lazy("Constructs"), required=False, widget=forms.CheckboxSelectMultiple
    )
    areas = MultipleChoiceField(
        label=gettext_lazy("Areas of the framework"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, data: Any = None, *, key: str, offered: Offered, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, prefix=f"{ROW}-{key}", initial=initial)
        self.key = key
        for name, label in (
            ("met", gettext_lazy("Met looks like this")),
            ("partly_met", gettext_lazy("Partly met looks like this")),
            ("not_met", gettext_lazy("Not met looks like this")),
        ):
            self.fields[name] = LinesField(
                label=label,
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
                error_messages={"max_length": TOO_LONG},
            )
        for field in self.fields.values():
            field.conditional = True  # type: ignore[attr-defined]
        if offered.parts is None:
            self.fields["part"] = forms.Field(required=False, widget=forms.HiddenInput)
        else:
            self._choose("part", offered.parts)
        self._choose("constructs", offered.constructs)
        self._choose("areas", offered.areas)
        if not offered.asks_why:
            del self.fields["essential_because"]
        self.order_fields([name for name in self.fields if name not in ("constructs", "areas")])

    def _choose(self, name: str, choices: list[Any]) -> None:
        """Offer `choices`; a field that has none is not there."""
        if choices:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    @property
    def chosen_areas(self) -> int:
        """How many areas are ticked, for the line that folds them away."""
        return len(self["areas"].value() or ()) if "areas" in self.fields else 0

    def content(self) -> dict[str, Any]:
        """The criterion as content has it; only of a form that is valid."""
        values = self.cleaned_data
        return {
            "text": values["text"],
            "essential": values["essential"] == "yes",
            "essential_because": values.get("essential_because", ""),
            "part": values.get("part", ""),
            "met": values["met"],
            "partly_met": values["partly_met"],
            "not_met": values["not_met"],
            "constructs": sorted(values.get("constructs", [])),
            "areas": sorted(values.get("areas", [])),
        }
