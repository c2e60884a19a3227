"""Forms of a participant: confirming blanks, declaring one's own work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.receipts import DECLARATION


class BlanksForm(forms.Form):
    """One box for each question without an answer: it stays blank on purpose."""

    use_required_attribute = False

    def __init__(self, *args: Any, numbers: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in numbers:
            self.fields[f"blank_{number}"] = forms.BooleanField(
                label=_("I leave question %(number)d blank. It counts as answered, and as not met.")
                % {"number": number},
                error_messages={
                    "required": _("Answer question %(number)d, or tick that you leave it blank.")
                    % {"number": number}
                },
            )


class DeclarationForm(forms.Form):
    """The declaration that stands before submitting."""

    use_required_attribute = False
    # The attempt that is on the page, so that an old page never submits a later one.
    submission = forms.CharField(required=False, widget=forms.HiddenInput)
    declared = forms.BooleanField(
        label=DECLARATION,
        error_messages={"required": _("Tick the box to declare that the answers are your own work.")},
    )
