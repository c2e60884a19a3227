"""What an admin takes out of kept texts, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import LinesField

LEAST = 2


class RedactionForm(forms.Form):
    """The passage, letter for letter, and the reason; which occurrences are chosen on the next page."""

    use_required_attribute = False

    passage = LinesField(
        label=_("What must go, letter for letter"),
        help_text=_(
            "Copy it from where you read it: a name, a school, an address. The next page shows each place"
            " where it stands. To take out several passages, do this once for each."
        ),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    reason = LinesField(
        label=_("Why"),
        help_text=_("The person who wrote it reads this. Do not repeat here what must go."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        error_messages={"required": _("Say why.")},
    )

    def __init__(self, *args: Any, has_scans: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._has_scans = has_scans
        # Left empty only where a scan is to go: a page that calls it optional would mislead.
        self.fields["passage"].conditional = True  # type: ignore[attr-defined]

    def clean_passage(self) -> str:
        passage: str = self.cleaned_data["passage"]
        if len(passage) < LEAST and not (self._has_scans and not passage):
            raise ValidationError(_("Enter what must go: two characters or more."), code="required")
        return passage

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        passage = cleaned.get("passage")
        if passage and passage in cleaned.get("reason", ""):
            self.add_error("reason", _("Say why without what must go: who wrote it reads this."))
        return cleaned
