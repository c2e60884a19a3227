"""Adjustments: asking for some, answering what was asked, granting one at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import ChoiceField, LinesField, MultipleChoiceField
from assessments.answering.actions import MOST_MINUTES, Agreed
from assessments.answering.models import AdjustmentRequest
from assessments.states import Adjusted

WORDS = 2000
DETAILS = 1000


def _conditional(field: forms.Field) -> forms.Field:
    """Asked for by some answers alone: it is neither required nor called optional."""
    field.conditional = True  # type: ignore[attr-defined]
    return field


def _minutes() -> forms.Field:
    wrong = _("Enter how many minutes more, from 1 to 240.")
    field = forms.IntegerField(
        label=_("Minutes more"),
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        help_text=_("Where more time is agreed: how long this person can go on after the room is closed."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
    )
    return _conditional(field)


class AskForm(forms.Form):
    """What would help, in one's own choice and words."""

    use_required_attribute = False
    kinds = MultipleChoiceField(
        label=_("What would help you?"),
        choices=Adjusted.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing that would help you.")},
    )
    words = LinesField(
        label=_("In your own words"),
        required=False,
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("How it would help, or what else you need. You do not have to say why you need it."),
    )


class AnswerForm(forms.Form):
    """What is agreed of what was asked, and in words how."""

    use_required_attribute = False
    kinds = MultipleChoiceField(
        label=_("What is agreed?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave out what cannot be done, and say why below."),
    )
    minutes = _minutes()
    answer = LinesField(
        label=_("Your answer"),
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The person reads it, and the trainers of this course do. Nobody else."),
        error_messages={
            "required": _("Say what is agreed and how it is done, or why it cannot be. The person reads it.")
        },
    )

    def __init__(self, *args: Any, asked: AdjustmentRequest, **options: Any) -> None:
        super().__init__(*args, **options)
        self.asked = asked
        _conditional(self.fields["kinds"])
        labels = dict(Adjusted.choices)
        self.fields["kinds"].choices = [(kind, labels[kind]) for kind in asked.kinds]  # type: ignore[attr-defined]
        if Adjusted.TIME not in asked.kinds:
            del self.fields["minutes"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (
            Adjusted.TIME in cleaned.get("kinds", [])
            and not cleaned.get("minutes")
            and "minutes" not in self.errors
        ):
            self.add_error("minutes", ValidationError(_("Enter how many minutes more, from 1 to 240.")))
        return cleaned

    def agreed(self) -> list[Agreed]:
        """What was ticked."""
        found = []
        for kind in map(Adjusted, self.cleaned_data["kinds"]):
            details = self.asked.words[:DETAILS] if kind == Adjusted.OTHER else ""
            minutes = (self.cleaned_data.get("minutes") or 0) if kind == Adjusted.TIME else 0
            found.append(Agreed(kind, details, minutes))
        return found


class GrantForm(forms.Form):
    """One thing that is done differently from now on."""

    use_required_attribute = False
    kind = ChoiceField(
        label=_("What do you grant?"),
        choices=Adjusted.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you grant.")},
    )
    minutes = _minutes()
    details = LinesField(
        label=_("How it is done"),
        required=False,
        max_length=DETAILS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as which room, or who reads. Needed for something else. No details of health."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _conditional(self.fields["details"])

    def agreed(self) -> Agreed:
        """What was chosen."""
        kind = Adjusted(self.cleaned_data["kind"])
        minutes = (self.cleaned_data.get("minutes") or 0) if kind == Adjusted.TIME else 0
        return Agreed(kind, self.cleaned_data["details"], minutes)
