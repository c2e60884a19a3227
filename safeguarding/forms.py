"""What somebody tells the safeguarding leads, and what a lead records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from aimcert.foundation.fields import (
    ChoiceField,
    LinesField,
    MultipleChoiceField,
    OneLineField,
    RevisionField,
)
from safeguarding.models import MOST_ABOUT, MOST_DONE, MOST_SEEN
from safeguarding.states import Concern, Danger, Entered

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WORDS = {
    Entered.ACKNOWLEDGED: _("I have read it and am dealing with it"),
    Entered.DECIDED: _("Something was decided or done"),
    Entered.CLOSED: _("It can be closed: nothing more is to be done"),
    Entered.REOPENED: _("It must be opened again"),
}


class RecordForm(forms.Form):
    """What somebody saw, about whom."""

    use_required_attribute = False

    danger = ChoiceField(
        label=_("Is somebody in danger now?"),
        choices=Danger.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether somebody is in danger now.")},
    )
    concern = ChoiceField(
        label=_("What is it about?"),
        choices=Concern.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what it is about.")},
    )
    about = OneLineField(
        label=_("Who is it about?"),
        help_text=_("A name, or how they can be recognised, and where they live or work if you know."),
        max_length=MOST_ABOUT,
        error_messages={"required": _("Say who it is about, as well as you can.")},
    )
    seen = LinesField(
        label=_("What you saw, heard or read"),
        help_text=_("In your own words, with when and where. Keep facts apart from what you think."),
        max_length=MOST_SEEN,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Say what you saw, heard or read.")},
    )
    done = LinesField(
        label=_("What has been done already"),
        help_text=_("Whom you told, and when. Leave it empty if nothing has been done yet."),
        required=False,
        max_length=MOST_DONE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    keep_from = MultipleChoiceField(
        label=_("Is one of the safeguarding leads involved?"),
        help_text=_("Whoever you tick cannot read this. Leave it empty if none of them is."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, leads: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._leads = {str(lead.uuid): lead for lead in leads}
        if self._leads:
            _offer(self.fields["keep_from"], [(key, lead.name) for key, lead in self._leads.items()])
        else:
            del self.fields["keep_from"]
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def clean_keep_from(self) -> list[Person]:
        """The people who were ticked."""
        return [self._leads[key] for key in self.cleaned_data["keep_from"]]


class AdditionForm(forms.Form):
    """What its writer adds to a record."""

    use_required_attribute = False

    text = LinesField(
        label=_("What you want to add"),
        max_length=MOST_SEEN,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        error_messages={"required": _("Write what you want to add.")},
    )


class StepForm(forms.Form):
    """What a lead did about a record."""

    use_required_attribute = False

    kind = ChoiceField(
        label=_("What do you record?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what you record.")},
    )
    text = LinesField(
        label=_("In words"),
        help_text=_("What was decided or done, by whom, or the reason. It stays as you write it."),
        required=False,
        max_length=MOST_SEEN,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )
    shown = RevisionField()

    def __init__(self, *args: Any, kinds: Iterable[Entered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["kind"], [(kind.value, WORDS[kind]) for kind in kinds])
        # Only an acknowledgement needs no words: a page that calls them optional would mislead.
        self.fields["text"].conditional = True  # type: ignore[attr-defined]


def _offer(field: Any, choices: list[tuple[str, StrOrPromise]]) -> None:
    """Have `field` offer `choices`; a form's fields do not say of which kind they are."""
    field.choices = choices
