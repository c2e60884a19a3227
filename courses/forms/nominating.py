"""People put forward, and their own answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.addresses import AddressField
from accounts.models import Organisation
from aimcert.foundation.fields import INCOMPLETE, ChoiceField, OneLineField
from courses.certificate_names import SHOWS

THEMSELF = "themself"


class NominationForm(forms.Form):
    """Who is put forward, and who sponsors them."""

    use_required_attribute = False
    name = OneLineField(
        label=_("Their name"),
        max_length=150,
        error_messages={"required": _("Enter their name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = AddressField(
        label=_("Their email address"),
        help_text=_("Any that they control and will still have after a change of employer."),
        error_messages={"required": _("Enter their email address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    job_role = OneLineField(
        label=_("Their job role"),
        max_length=150,
        error_messages={"required": _("Enter their job role.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    years_experience = forms.DecimalField(
        label=_("Years of experience in this field"),
        help_text=_(
            "In work with children and young people who display harmful sexual behaviour. 0 if none."
        ),
        min_value=0,
        max_digits=3,
        decimal_places=1,
        # After the digits, so that 100 says what is wrong with it.
        validators=[MaxValueValidator(60)],
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input-4", "autocomplete": "off"}),
        error_messages={
            "required": _("Enter their years of experience, 0 if none."),
            "invalid": _("Enter a number of years, such as 3 or 2.5."),
            "min_value": _("Enter 0 or more years."),
            "max_value": _("Enter at most 60 years."),
            "max_digits": _("Enter at most 60 years, with at most one decimal place."),
            "max_whole_digits": _("Enter at most 60 years."),
            "max_decimal_places": _("Enter at most one decimal place, such as 2.5."),
        },
    )
    manager_name = OneLineField(
        label=_("Their line manager’s name"),
        max_length=150,
        error_messages={"required": _("Enter their line manager’s name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    manager_email = AddressField(
        label=_("Their line manager’s email address"),
        help_text=_(
            "Kept so that nobody approves an outcome of somebody they manage. We do not write to it."
        ),
        error_messages={"required": _("Enter their line manager’s email address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    sponsor = ChoiceField(
        label=_("Who sponsors them?"),
        help_text=_("Results and follow-up go to the sponsor."),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who sponsors them.")},
    )
    manager_needed = True

    def __init__(
        self,
        *args: Any,
        sponsors: Iterable[Organisation],
        themself: bool = False,
        **kwargs: Any,
    ) -> None:
        """Args: sponsors: to choose from; themself: whether the person can be their own sponsor."""
        super().__init__(*args, **kwargs)
        self._sponsors = {str(one.uuid): one for one in sponsors}
        choices: list[tuple[str, Any]] = [(uuid, one.name) for uuid, one in self._sponsors.items()]
        if themself:
            choices.append((THEMSELF, _("Nobody: they pay for themself")))
        field = self.fields["sponsor"]
        field.choices = choices  # type: ignore[attr-defined]
        if len(choices) > 8:
            field.widget = forms.Select(choices=[("", _("Choose")), *choices])
        if len(choices) == 1:
            # One possible sponsor is no question; whatever is sent, it is this one.
            del self.fields["sponsor"]
        if not self.manager_needed:
            self.fields["manager_name"].required = self.fields["manager_email"].required = False

    @property
    def chosen_sponsor(self) -> Organisation | None:
        """Who was chosen; None: the person themself."""
        only = next(iter(self._sponsors.values()), None)
        chosen = self.cleaned_data.get("sponsor")
        return only if chosen is None else self._sponsors.get(chosen)

    @property
    def person(self) -> dict[str, Any]:
        """What the action wants to know of the person."""
        return {name: self.cleaned_data[name] for name in _OF_THE_PERSON}


_OF_THE_PERSON = ("name", "email", "job_role", "years_experience", "manager_name", "manager_email")


class WalkInForm(NominationForm):
    """Somebody who is in the room; their line manager can be left for later."""

    manager_needed = False


class AcceptForm(forms.Form):
    """What an invited person confirms."""

    use_required_attribute = False
    certificate_name = OneLineField(
        label=_("Your name, as it shall stand on the certificate"),
        help_text=format_lazy("{} {}", _("You can correct it until the certificate is approved."), SHOWS),
        max_length=150,
        error_messages={"required": _("Enter your name as it shall stand on the certificate.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    accepted = forms.BooleanField(
        label=_("I have read what is expected, and I accept it"),
        error_messages={"required": _("Say that you accept what is expected, or decline the invitation.")},
    )
    expectations_version = OneLineField(
        max_length=20,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "max_length", "hidden"), INCOMPLETE),
    )
