"""People put forward, and their own answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.addresses import AddressField
from accounts.models import Organisation
from aimcert.foundation.fields import INCOMPLETE, ChoiceField, OneLineField
from aimcert.foundation.stale_forms import EditForm
from courses.actions import whose
from courses.certificate_names import SHOWS
from courses.models import Enrolment
from courses.nominees import Nominee

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

THEMSELF = "themself"
ANOTHER = "another"
TO_BE_NAMED = "to_be_named"


class Sponsoring(TypedDict):
    """What the action wants to know of a walk-in's sponsor; see `add_walk_in`."""

    sponsor: Organisation | None
    sponsor_name: str
    sponsor_to_be_named: bool


class NomineeForm(forms.Form):
    """Who is put forward."""

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
            "Kept so that nobody approves an outcome of somebody they manage. We do not write to it: tell"
            " them that you gave it."
        ),
        error_messages={"required": _("Enter their line manager’s email address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    @property
    def nominee(self) -> Nominee:
        """Who is put forward."""
        return Nominee(**{field.name: self.cleaned_data[field.name] for field in fields(Nominee)})


class SponsorChoice(forms.Form):
    """Who sponsors whoever is put forward."""

    use_required_attribute = False
    sponsor = ChoiceField(
        label=_("Who sponsors them?"),
        help_text=_("Results and follow-up go to the sponsor."),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who sponsors them.")},
    )
    # Besides the organisations that are offered.
    other_choices: ClassVar[list[tuple[str, StrOrPromise]]] = []

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
        choices: list[tuple[str, StrOrPromise]] = [(uuid, one.name) for uuid, one in self._sponsors.items()]
        choices += self.other_choices
        if themself:
            choices.append((THEMSELF, _("Nobody: they pay for themself")))
        field = self.fields["sponsor"]
        field.choices = choices  # type: ignore[attr-defined]
        if len(choices) > 8:
            field.widget = forms.Select(choices=[("", _("Choose")), *choices])
        if len(choices) == 1:
            # One possible sponsor is no question; whatever is sent, it is this one.
            del self.fields["sponsor"]

    @property
    def chosen_sponsor(self) -> Organisation | None:
        """Who was chosen; None: the person themself."""
        only = next(iter(self._sponsors.values()), None)
        chosen = self.cleaned_data.get("sponsor")
        return only if chosen is None else self._sponsors.get(chosen)


class NominationForm(SponsorChoice, NomineeForm):
    """Who is put forward, and who sponsors them."""


class WalkInForm(NominationForm):
    """Somebody who is in the room; their line manager can be left for later, and so can their sponsor.

    Another organisation is named by its name alone: whom The AIM Project works with is not listed.
    """

    sponsor_name = OneLineField(
        label=_("The other organisation’s name"),
        help_text=_(
            "The whole name, as the organisation itself writes it. If The AIM Project names the sponsor, what"
            " the person told you about who that could be."
        ),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    other_choices: ClassVar[list[tuple[str, StrOrPromise]]] = [
        (ANOTHER, _("Another organisation")),
        (TO_BE_NAMED, _("I do not know: The AIM Project names the sponsor")),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager_name"].required = self.fields["manager_email"].required = False

    def clean(self) -> dict[str, object]:
        """Whoever chooses another organisation says which."""
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        named = cleaned.get("sponsor_name")
        if cleaned.get("sponsor") == ANOTHER and not named and "sponsor_name" not in self.errors:
            self.add_error("sponsor_name", _("Enter the name of the organisation that sponsors them."))
        return cleaned

    @property
    def sponsoring(self) -> Sponsoring:
        """What the action wants to know of the sponsor."""
        chosen = self.cleaned_data["sponsor"]
        return {
            "sponsor": self.chosen_sponsor,
            "sponsor_name": self.cleaned_data["sponsor_name"] if chosen in (ANOTHER, TO_BE_NAMED) else "",
            "sponsor_to_be_named": chosen == TO_BE_NAMED,
        }


class SponsorForm(EditForm):
    """Who sponsors a walk-in, for an AIM admin to name."""

    sponsor = ChoiceField(
        label=_("Who sponsors them?"),
        error_messages={"required": _("Choose who sponsors them.")},
    )
    # Who was asked when the page was opened.
    seen = OneLineField(
        max_length=40,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "max_length", "hidden"), INCOMPLETE),
    )

    def __init__(self, *args: Any, sponsors: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sponsors = {str(one.uuid): one for one in sponsors}
        self.fields["sponsor"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            *((uuid, one.name) for uuid, one in self._sponsors.items()),
            (THEMSELF, _("Nobody: they pay for themself")),
        ]

    @staticmethod
    def initial_of(enrolment: Enrolment) -> dict[str, object]:
        """What the form would say of who is asked now."""
        seen = whose(enrolment)
        return {"sponsor": None if enrolment.sponsor_to_be_named else seen, "seen": seen}

    @property
    def chosen(self) -> Organisation | None:
        """Who was chosen; None: the person themself."""
        return self._sponsors.get(self.cleaned_data["sponsor"])


class AcceptForm(forms.Form):
    """What an invited person confirms."""

    use_required_attribute = False
    certificate_name = OneLineField(
        label=_("Your name, as it should appear on the certificate"),
        help_text=format_lazy("{} {}", _("You can correct it until the certificate is approved."), SHOWS),
        max_length=150,
        error_messages={"required": _("Enter your name as it should stand on the certificate.")},
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
