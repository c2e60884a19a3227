"""Handing a second marking back, settling what two markers judged differently, and the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import ChoiceField, LinesField
from assessments.marking.differences import Pair
from assessments.states import Judged

YES, NO = "yes", "no"


class HandBackForm(forms.Form):
    """Why somebody does not mark what they were asked to."""

    use_required_attribute = False
    because = LinesField(
        label=_("Why do you hand it back?"),
        help_text=_("For example, that you can tell whose answers these are. The AIM Project reads it."),
        max_length=1000,
        error_messages={
            "required": _("Say why you hand it back: The AIM Project then asks somebody else."),
            "max_length": _("Shorten this to 1,000 characters."),
        },
    )


class SayForm(forms.Form):
    """One message in the thread."""

    use_required_attribute = False
    text = LinesField(
        label=_("Your message"),
        help_text=_("The person whom it is about can ask to read it. It does not change once it is sent."),
        max_length=2000,
        error_messages={
            "required": _("Write what you want to say."),
            "max_length": _("Shorten this message to 2,000 characters."),
        },
    )


class SettleForm(forms.Form):
    """One judgement for each criterion that differs.

    Args:
        pairs: those that differ.
        asks_support: whether it is to be said that *competent* is supported where these do not suggest it.
        asks_reason: whether an admin settles it.
    """

    use_required_attribute = False
    supports_override = ChoiceField(
        label=_("If an essential criterion is not fully met: is competent supported all the same?"),
        help_text=_(
            "The trainer recommended competent. Answer only if an essential criterion above is partly met or"
            " not met: without a second person’s support it cannot stand."
        ),
        required=False,
        choices=[(YES, _("Yes, it is supported")), (NO, _("No, it is not"))],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose yes or no.")},
    )
    reason = LinesField(
        label=_("Why do you settle it this way?"),
        help_text=_("Both markers read it."),
        max_length=2000,
        error_messages={
            "required": _("Say why it is settled so. Both markers read it."),
            "max_length": _("Shorten your reason to 2,000 characters."),
        },
    )

    def __init__(
        self,
        data: Any = None,
        *,
        pairs: Sequence[Pair],
        asks_support: bool,
        asks_reason: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.names = [pair.name for pair in pairs]
        for pair in pairs:
            criterion = pair.criterion
            words = _("Question %(number)d: choose met, partly met or not met for “%(criterion)s”.") % {
                "number": criterion.question.number,
                "criterion": criterion.text,
            }
            self.fields[f"judged_{pair.name}"] = ChoiceField(
                label=criterion.text,
                help_text=_("Question %(number)d. First marking: %(first)s. Second marking: %(second)s.")
                % {
                    "number": criterion.question.number,
                    "first": pair.first_said,
                    "second": pair.second_said,
                },
                choices=Judged.choices,
                widget=forms.RadioSelect,
                error_messages={"required": words, "invalid_choice": words},
            )
        support: Any = self.fields["supports_override"]
        support.conditional = True
        if not asks_support:
            del self.fields["supports_override"]
        if not asks_reason:
            del self.fields["reason"]
        last = [name for name in ("supports_override", "reason") if name in self.fields]
        self.order_fields([*(f"judged_{name}" for name in self.names), *last])

    @property
    def judged(self) -> dict[str, str]:
        """What was chosen, by the criterion's name; only of a form that is valid."""
        return {name: self.cleaned_data[f"judged_{name}"] for name in self.names}

    @property
    def supports(self) -> bool | None:
        """What was said of an override; None: nothing. Only of a form that is valid."""
        return {YES: True, NO: False}.get(self.cleaned_data.get("supports_override", ""))


def _number(label: Any, help_text: Any, words: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=0,
        max_value=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-4"}),
        error_messages={"required": words, "invalid": words, "min_value": words, "max_value": words},
    )


class NumbersForm(forms.Form):
    """How much of a programme is marked a second time."""

    use_required_attribute = False
    sample_at_least = _number(
        _("Least number of scripts for each marker on a course"),
        _("All of them, where there are fewer. With 0 here and below no sample is drawn."),
        _("Enter how many scripts: a whole number from 0 to 100."),
    )
    sample_percent = _number(
        _("Least share of each marker’s scripts, in per cent"),
        _("Rounded up. Whichever of the two gives more scripts is used."),
        _("Enter what per cent of the scripts: a whole number from 0 to 100."),
    )
    first_courses = _number(
        _("On how many first courses of an Associate is every not yet competent marked again?"),
        _("Before the person is told. With 0 on none."),
        _("Enter how many first courses: a whole number from 0 to 100."),
    )
    because = LinesField(
        label=_("Why do the numbers change?"),
        help_text=_("Needed where a number changes. It stays on record."),
        required=False,
        max_length=1000,
        error_messages={"max_length": _("Shorten this to 1,000 characters.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        because: Any = self.fields["because"]
        because.conditional = True
