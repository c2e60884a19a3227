"""The form that takes a version in: a file, or what stands in one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import HIDDEN, is_readable
from aimcert.foundation.handed_over import HandedOverForm, PastedField
from aimcert.foundation.pages import TOO_BIG
from assessments.case_studies.exchange import LARGEST


class VersionTextField(PastedField):
    """What stands in the file of a version, in which nothing is hidden."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if not is_readable(text):
            raise ValidationError(HIDDEN, code="hidden")
        return text


class ImportForm(HandedOverForm):
    """One of two ways to hand over a version."""

    neither = _("Choose a file, or paste what stands in it.")
    both = _("Choose a file or paste its text, not both.")
    file = forms.FileField(
        label=_("The file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        help_text=_("The JSON file that exporting a version gives, of at most 2 MB."),
    )
    text = VersionTextField(
        label=_("Or what stands in it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("In place of a file: everything from the first { to the last }."),
    )

    @property
    def data_of_file(self) -> bytes:
        """The bytes that were handed over."""
        if self.given == "text":
            return str(self.cleaned_data["text"]).encode()
        return bytes(self.cleaned_data["file"].read())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        file = cleaned.get("file")
        if file is not None and not self.errors and file.size > LARGEST:
            words = _("This file is larger than 2 MB. Choose the file that exporting gave.")
            self.add_error("file", ValidationError(words, code=TOO_BIG))
        return cleaned
