"""Agreeing to a version, objecting to a passage of it, and what an AIM admin records about both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from aimcert.foundation.fields import INCOMPLETE, ChoiceField, DayField, LinesField, OneLineField
from assessments.case_studies.changes import Text, place_of, title_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TEXT = 4000
REASON = 2000
SHORT = 1000


def _text(
    label: StrOrPromise, longest: int, missing: StrOrPromise, *, rows: int = 6, help_text: StrOrPromise = ""
) -> LinesField:
    return LinesField(
        label=label,
        help_text=help_text,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing},
    )


class AgreeForm(forms.Form):
    """The declaration, about the text that its reader had before them."""

    use_required_attribute = False
    seen = OneLineField(
        widget=forms.HiddenInput,
        max_length=64,
        required=False,
        error_messages=dict.fromkeys(("max_length", "hidden"), INCOMPLETE),
    )
    declared = forms.BooleanField(
        label=_(
            "I have read this version with its questions, model answers and criteria, and I agree to train"
            " and to mark with it as it stands."
        ),
        error_messages={"required": _("Tick the box if you agree. If you do not, object to a passage.")},
    )


class ObjectForm(forms.Form):
    """Which passage, and why."""

    use_required_attribute = False
    passage = ChoiceField(
        label=_("Which passage do you object to?"),
        error_messages={
            "required": _("Choose the passage that you object to."),
            "invalid_choice": _("Choose a passage of this version."),
        },
    )
    reason = _text(
        _("What should change, and why?"),
        TEXT,
        _("Say what should change in this passage, and why."),
        help_text=_("The authors and every Associate of this programme read it. Name no real person."),
    )

    def __init__(self, *args: Any, text: Text, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["passage"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a passage")),
            *((name, ": ".join(filter(None, [place_of(name, text), title_of(name, text)]))) for name in text),
        ]


class ReplyForm(forms.Form):
    """An answer to an objection."""

    use_required_attribute = False
    text = _text(
        _("Your answer"),
        TEXT,
        _("Write your answer."),
        help_text=_("The authors and every Associate of this programme read it."),
    )


class CloseForm(forms.Form):
    """Why an objection is closed."""

    use_required_attribute = False
    because = _text(_("Why is it closed?"), REASON, _("Say why this objection is closed."), rows=4)


class UnavailableForm(forms.Form):
    """Who cannot be asked, from when until when, and why."""

    use_required_attribute = False
    associate = ChoiceField(
        label=_("Associate"),
        error_messages={
            "required": _("Choose the Associate."),
            "invalid_choice": _("Choose one of the Associates."),
        },
    )
    from_on = DayField(label=_("First day"), error_messages={"required": _("Enter the first day.")})
    until_on = DayField(label=_("Last day"), error_messages={"required": _("Enter the last day.")})
    reason = _text(
        _("Why can they not be asked?"),
        SHORT,
        _("Say why they cannot be asked."),
        rows=3,
        help_text=_(
            "A few words, such as “on leave”. No details of health. Only AIM admins read it, and the"
            " Associate if they ask for everything that is held about them."
        ),
    )

    def __init__(self, *args: Any, associates: Iterable[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {str(person.uuid): person for person in associates}
        self.fields["associate"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose an Associate")),
            *((uuid, person.name) for uuid, person in self.people.items()),
        ]

    def clean_associate(self) -> Person:
        return self.people[self.cleaned_data["associate"]]
