"""Licences, as typed by an AIM admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.addresses import AddressField
from accounts.countries import countries
from aimcert.foundation.fields import OneLineField
from courses.models import Programme

_BAD_DATE = {"invalid": _("Enter a date that exists, such as 22/11/2026.")}


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class GrantForm(forms.Form):
    """Who is licensed for what, where and when."""

    use_required_attribute = False
    name = OneLineField(
        label=_("The Associate’s name"),
        max_length=150,
        error_messages={"required": _("Enter the Associate’s name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = AddressField(
        label=_("The Associate’s email address"),
        error_messages={"required": _("Enter the Associate’s email address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    programme = forms.ModelChoiceField(
        label=_("Programme"),
        queryset=Programme.objects.all(),
        empty_label=None,
        widget=forms.RadioSelect,
        to_field_name="code",
        error_messages={"required": _("Choose the programme.")},
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=countries,
        initial="GB",
        error_messages={"required": _("Choose the country.")},
    )
    valid_from = forms.DateField(
        label=_("First day"),
        widget=_date_input(),
        error_messages={"required": _("Enter the first day of the licence."), **_BAD_DATE},
    )
    valid_until = forms.DateField(
        label=_("Last day"),
        help_text=_("Leave it empty for a licence that holds until it is withdrawn."),
        required=False,
        widget=_date_input(),
        error_messages=_BAD_DATE,
    )

    def clean_valid_from(self) -> Any:
        day = self.cleaned_data["valid_from"]
        if not 2000 <= day.year <= 2200:
            raise forms.ValidationError(_("Check the year of this date."))
        return day


class RenewForm(forms.Form):
    """Another last day."""

    use_required_attribute = False
    valid_until = forms.DateField(
        label=_("Last day"),
        help_text=_("Leave it empty for a licence that holds until it is withdrawn."),
        required=False,
        widget=_date_input(),
        error_messages=_BAD_DATE,
    )
