"""Licences, as typed by an AIM admin."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.addresses import AddressField
from accounts.countries import countries
from aimcert.foundation.fields import ChoiceField, DayField, ModelChoiceField, OneLineField
from aimcert.foundation.stale_forms import EditForm
from courses.actions import last_day_seen
from courses.models import Licence, Programme


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
    programme = ModelChoiceField(
        label=_("Programme"),
        queryset=Programme.objects.all(),
        empty_label=None,
        widget=forms.RadioSelect,
        to_field_name="code",
        error_messages={"required": _("Choose the programme.")},
    )
    country = ChoiceField(
        label=_("Country"),
        choices=countries,
        initial="GB",
        error_messages={"required": _("Choose the country.")},
    )
    valid_from = DayField(
        label=_("First day"), error_messages={"required": _("Enter the first day of the licence.")}
    )
    valid_until = DayField(
        label=_("Last day"),
        help_text=_("Leave it empty for a licence that holds until it is withdrawn."),
        required=False,
    )


class RenewForm(EditForm):
    """Another last day."""

    valid_until = DayField(
        label=_("Last day"),
        help_text=_("Leave it empty for a licence that holds until it is withdrawn."),
        required=False,
    )

    @staticmethod
    def initial_of(licence: Licence) -> dict[str, object]:
        """What the form shows of `licence` as it is now."""
        return {"valid_until": licence.valid_until, "seen": last_day_seen(licence)}
