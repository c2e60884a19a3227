"""Forms for deciding, appointing, revoking and looking certificates up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from aimcert.foundation.fields import ChoiceField, LinesField, ModelChoiceField, OneLineField
from aimcert.foundation.name_order import InOrder

APPROVE, RETURN, REFUSE = "approve", "return", "refuse"


class DecisionForm(forms.Form):
    """Approve, return or refuse; the last two with words."""

    use_required_attribute = False
    decision = ChoiceField(
        label=_("What do you decide?"),
        choices=[
            (APPROVE, _("Approve, and issue the certificate now")),
            (RETURN, _("Return to the trainer with a question")),
            (REFUSE, _("Refuse")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you approve, return or refuse.")},
    )
    words = LinesField(
        label=_("Your question, or why you refuse"),
        help_text=_(
            "Needed where you return or refuse. The trainers of the course read it, and the person it is"
            " about may ask to read it."
        ),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, may_approve: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words: Any = self.fields["words"]
        words.conditional = True
        if not may_approve:
            decision: Any = self.fields["decision"]
            decision.choices = decision.choices[1:]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        needed = {
            RETURN: _("Write the question that the trainer should answer."),
            REFUSE: _("Say why you refuse."),
        }
        decision = cleaned.get("decision", "")
        if decision in needed and "words" in cleaned and not cleaned["words"]:
            self.add_error("words", needed[decision])
        return cleaned


class AppointmentForm(forms.Form):
    """Who decides instead, and why."""

    use_required_attribute = False
    associate = ModelChoiceField(
        label=_("Which Associate decides?"),
        help_text=_(
            "Licensed for this programme, with no part in the course and no conflict that we can see."
        ),
        queryset=Person.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose an Associate.")},
    )
    reason = LinesField(
        label=_("Why is no admin free, and why this Associate?"),
        help_text=_("It is kept with the decision."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say why no admin is free, and why you appoint this Associate.")},
    )

    def __init__(self, *args: Any, associates: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["associate"]
        found = Person.objects.filter(pk__in=[person.pk for person in associates])
        field.queryset = found.order_by(InOrder("name"), "pk")
        field.to_field_name = "uuid"


class RevokeForm(forms.Form):
    """Why a certificate is revoked."""

    use_required_attribute = False
    reason = LinesField(
        label=_("Why is it revoked?"),
        help_text=_(
            "Read by AIM admins and by the person it names, not by their organisation or the public. Nothing"
            " about a safeguarding concern: that goes to The AIM Project’s safeguarding lead."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say why the certificate is revoked.")},
    )


class CodeForm(forms.Form):
    """A certificate's code, as somebody typed it."""

    use_required_attribute = False
    code = OneLineField(
        label=_("Code of the certificate"),
        help_text=_(
            "The 26 letters and numbers below the QR code, not the number that begins with AIM. Spaces,"
            " dashes and capitals do not matter. You can also paste the address that the QR code leads to."
        ),
        max_length=500,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages=dict.fromkeys(
            ("required", "max_length", "hidden"), _("Enter the code on the certificate.")
        ),
    )
