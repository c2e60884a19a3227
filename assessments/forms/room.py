"""The forms of the room: by when its answers are marked, and codes for who cannot reach their email."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.addresses import AddressField
from accounts.forms import CodeField


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


class GiveCodeForm(forms.Form):
    """What a trainer says before they are shown a code for somebody."""

    use_required_attribute = False
    present = forms.BooleanField(
        label=_("I have this person in front of me"),
        error_messages={"required": _("Tick the box to say so. A code is never given by phone or email.")},
    )


class EntryCodeForm(forms.Form):
    """A code from a trainer, with whose it is."""

    use_required_attribute = False
    email = AddressField(help_text=_("The one that your invitation came to."))
    code = CodeField(
        label=_("Code from your trainer"),
        error_messages=dict.fromkeys(
            ("required", "max_length", "hidden"), _("Enter the code that your trainer showed you.")
        ),
    )
