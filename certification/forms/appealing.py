"""Asking for a review, who decides it, and the decision, as typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.addresses import AddressField
from aimcert.foundation.fields import (
    ChoiceField,
    LinesField,
    MultipleChoiceField,
    OneLineField,
)
from certification.actions import Attached, Proposed
from certification.states import AppealFollows, AppealKind, AppealResult, Touches

TYPES = ".pdf,.png,.jpg,.jpeg,.docx,.odt,.txt"


class AskForm(forms.Form):
    """What should be looked at again, in somebody's own words, with a file if they like."""

    use_required_attribute = False

    kinds = MultipleChoiceField(
        label=_("What should be looked at again?"),
        choices=AppealKind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose all that apply."),
        error_messages={"required": _("Choose what should be looked at again.")},
    )
    words = LinesField(
        label=_("In your own words"),
        max_length=10000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What you think went wrong, and what you would like. One sentence is enough."),
        error_messages={"required": _("Write what should be looked at again, in your own words.")},
    )
    file = forms.FileField(
        label=_("A file, if it helps"),
        required=False,
        widget=forms.FileInput(attrs={"accept": TYPES}),
        error_messages={
            "invalid": _("Choose a file."),
            "empty": _("This file is empty. Choose it again."),
            "max_length": _("The name of this file is too long. Give it a shorter one, and choose it again."),
        },
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].help_text = _(
            "One PDF, picture (PNG or JPEG), DOCX, ODT or text file of at most %(most)d MB."
        ) % {"most": settings.AIM["SCAN_MB"]}

    def attached(self) -> Attached | None:
        """The file as it came; None where there is none."""
        file = self.cleaned_data["file"]
        return Attached(file.read(), file.name or "") if file else None


class MemberForm(forms.Form):
    """Who is appointed to decide an appeal."""

    use_required_attribute = False

    side = ChoiceField(
        label=_("Who are they?"),
        choices=[
            ("project", _("On The AIM Project’s staff, or a licensed Associate")),
            ("unconnected", _("Unconnected with The AIM Project: never on its staff, never licensed")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say who they are.")},
    )
    email = AddressField(
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        label=_("Email address"),
        help_text=_("Somebody unconnected gets an account of their own, where they have none."),
        error_messages={"required": _("Enter their email address.")},
    )
    name = OneLineField(
        label=_("Name, of somebody without an account"),
        max_length=150,
        required=False,
    )


class RuleForm(forms.Form):
    """Whether one who decides has to be unconnected with The AIM Project, and why."""

    use_required_attribute = False

    needs = ChoiceField(
        label=_("One of those who decide has to be unconnected with The AIM Project"),
        choices=[("yes", _("Yes, as Ofqual’s condition I1 asks")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say yes or no.")},
    )
    reason = LinesField(
        label=_("Why?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever asked for a review, and those who decide it, read it."),
        error_messages={"required": _("Say why. Every appeal that is decided so shows it.")},
    )


class DraftForm(forms.Form):
    """The decision on an appeal, as one member writes it."""

    use_required_attribute = False

    result = ChoiceField(
        label=_("What you came to"),
        choices=AppealResult.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what you came to.")},
    )
    found = LinesField(
        label=_("What you found"),
        max_length=10000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "For those who decide and The AIM Project; where a new round follows, its trainers read the"
            " beginning. The person it is about can ask to read it."
        ),
        error_messages={"required": _("Write what you found.")},
    )
    follows = ChoiceField(
        label=_("What follows"),
        choices=AppealFollows.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what follows.")},
    )
    answer = LinesField(
        label=_("Your words to the person"),
        max_length=10000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What you looked at, what you came to and why, and what happens next, in plain words."),
        error_messages={"required": _("Write what the person reads.")},
    )
    touches = MultipleChoiceField(
        label=_("A fault that may have touched others"),
        choices=Touches.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Choose whom it may have touched; none where you found no such fault."),
    )

    def proposed(self) -> Proposed:
        """The decision."""
        return Proposed(**self.cleaned_data)


class ViewForm(forms.Form):
    """Whether a member confirms a draft, or what they see otherwise."""

    use_required_attribute = False

    confirms = ChoiceField(
        label=_("Is it your decision too?"),
        choices=[("yes", _("Yes, I confirm it as it stands")), ("no", _("No, I see something otherwise"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether you confirm it.")},
    )
    words = LinesField(
        label=_("What you see otherwise"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed where you do not confirm it; all who decide read it."),
    )
