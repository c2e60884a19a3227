"""What the page of figures over time is narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.lists import CHOICE_LOOK
from aimcert.foundation.rows_in_memory import OneOf
from certification.over_time import By


class OverTimeForm(forms.Form):
    """By quarter or year, until which year, of which programme and organisation.

    It is never an error: what it does not understand narrows nothing.

    Args:
        programmes: names by code; of a single one there is nothing to choose.
        organisations: names by UUID; none where there is nothing to choose.
        first: the first year that there is.
        last: this year.
    """

    by = forms.ChoiceField(
        label=_("By"), choices=By.choices, required=False, widget=forms.Select(attrs=CHOICE_LOOK)
    )
    programme = OneOf(_("Programme"))
    organisation = OneOf(_("Organisation"))
    to = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        programmes: Mapping[str, str],
        organisations: Mapping[str, str],
        first: int,
        last: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._years = range(first, last + 1)
        if len(programmes) == 1:
            programmes = {}
        for name, choices in (("programme", programmes), ("organisation", organisations)):
            if choices:
                field = cast(forms.ChoiceField, self.fields[name])
                field.choices = [*cast(Any, field.choices), *choices.items()]
            else:
                del self.fields[name]
        self.is_valid()

    def clean_to(self) -> int | None:
        to: int | None = self.cleaned_data["to"]
        return to if to in self._years else None

    def asked(self, name: str) -> Any:
        """What was chosen; None where nothing that there is was."""
        return self.cleaned_data.get(name) or None
