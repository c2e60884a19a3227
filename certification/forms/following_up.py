"""What a participant and a sponsor write about an outcome."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import LinesField, TypedChoiceField


class CommentForm(forms.Form):
    """The person's own words, beside what their sponsor is told."""

    use_required_attribute = False

    comment = LinesField(
        label=_("Your comment"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("Write your comment, or leave the page: you need not add one."),
            "max_length": _("Shorten your comment to 4,000 characters; it has %(show_value)d."),
        },
    )


class SendOnForm(CommentForm):
    """The same words before it goes, where one need not write any."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comment"].required = False


class StepForm(forms.Form):
    """What was done, when, and whether that is all."""

    use_required_attribute = False

    done = LinesField(
        label=_("What was done"),
        help_text=_(
            "For example: agreed supervised practice until the next course. Write nothing about children, "
            "and no concern about anyone’s suitability: tell The AIM Project’s safeguarding lead instead."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Say what was done."),
            "max_length": _("Shorten what was done to 2,000 characters; it has %(show_value)d."),
        },
    )
    done_on = forms.DateField(
        label=_("Day it was done"),
        widget=forms.DateInput(attrs={"type": "date", "class": "input-10"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Give the day it was done."),
            "invalid": _("Give the day it was done, such as 22/11/2026."),
        },
    )
    closes = TypedChoiceField(
        label=_("Is anything more to be done?"),
        choices=[
            ("no", _("Yes: keep this follow-up open")),
            ("yes", _("No: this is all, close it")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether anything more is to be done.")},
    )
