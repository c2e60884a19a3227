"""The form of the room: by when its answers are marked."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class MarkingDateForm(forms.Form):
    """A day that the room is told."""

    use_required_attribute = False
    on = forms.DateField(
        label=_("Marked by"),
        help_text=_("Only where marking cannot be done today. Everyone who takes part sees this date."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": _("Enter the date by which the answers will be marked."),
            "invalid": _("Enter a date, such as 27/11/2026."),
        },
    )
