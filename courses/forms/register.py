"""What a trainer says of somebody who was not there all the time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from aimcert.foundation.fields import ChoiceField, LinesField, ModelChoiceField, TypedChoiceField
from aimcert.foundation.name_order import InOrder
from courses.states import Judgement, Presence


class ReasonForm(forms.Form):
    """Why a register is corrected; a trainer is asked only where what was recorded changes."""

    use_required_attribute = False
    reason = LinesField(
        label=_("Why do you correct this register?"),
        help_text=_("It stays on record."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why you correct this register.")},
    )

    def __init__(self, *args: Any, reason_needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not reason_needed:
            del self.fields["reason"]


class JudgementForm(ReasonForm):
    """What was missed, and what it means."""

    presence = ChoiceField(
        label=_("What did you see?"),
        choices=[(one.value, one.label) for one in (Presence.LATE, Presence.LEFT_EARLY)],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you saw.")},
    )
    minutes_missed = forms.IntegerField(
        label=_("How many minutes were missed?"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "input-4"}),
        error_messages={
            "required": _("Enter how many minutes were missed."),
            "invalid": _("Enter a whole number of minutes, such as 20."),
        },
    )
    judgement = ChoiceField(
        label=_("What is your judgement?"),
        choices=Judgement.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose your judgement.")},
    )
    covered_how = LinesField(
        label=_("If it has been covered: how and when?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("presence", "minutes_missed", "judgement", "covered_how", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["covered_how"].conditional = True  # type: ignore[attr-defined]


class MakeUpForm(forms.Form):
    """An equivalent session, confirmed by the Associate who held it."""

    use_required_attribute = False
    made_up_on = forms.DateField(
        label=_("On which day did you hold the equivalent session?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Enter the day of the equivalent session."),
            "invalid": _("Enter a date that exists, such as 22/11/2026."),
        },
    )
    made_up_how = LinesField(
        label=_("Which session was it, and where?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say which session it was, and where.")},
    )


class AskMakeUpForm(MakeUpForm):
    """An equivalent session that somebody else held, of whom it is asked."""

    associate = ModelChoiceField(
        label=_("Who held the equivalent session?"),
        help_text=_("An Associate licensed for this programme on that day. They are asked by email."),
        queryset=Person.objects.none(),
        to_field_name="uuid",
        empty_label=_("Choose"),
        error_messages={"required": _("Choose who held the equivalent session.")},
    )
    reason = LinesField(
        label=_("Why do you correct this register?"),
        help_text=_("It stays on record."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why you correct this register.")},
    )
    field_order = ("associate", "made_up_on", "made_up_how", "reason")
    prefix = "ask"

    def __init__(self, *args: Any, people: list[Person], reason_needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["associate"]
        field.queryset = Person.objects.filter(pk__in=[one.pk for one in people]).order_by(
            InOrder("name"), "pk"
        )
        self.fields["made_up_on"].label = _("On which day was it?")
        if not reason_needed:
            del self.fields["reason"]


class MakeUpAnswerForm(forms.Form):
    """What the Associate says of whom it is asked."""

    use_required_attribute = False
    confirmed = TypedChoiceField(
        label=_("Is this right?"),
        choices=[
            ("yes", _("Yes: I held this session, and they attended all of it")),
            ("no", _("No, this is not right")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether this is right.")},
    )
    because = LinesField(
        label=_("If not, what is wrong?"),
        help_text=_("The person who asked you reads this."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["because"].conditional = True  # type: ignore[attr-defined]
