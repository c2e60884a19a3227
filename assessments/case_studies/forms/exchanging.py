"""The form that takes a version in: a file, or what stands in one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.fields import HIDDEN, is_readable, redisplayed
from aimcert.foundation.pages import TOO_BIG
from assessments.case_studies.exchange import LARGEST


class PastedField(forms.CharField):
    """A file's text exactly as it was pasted, so that its lines keep their numbers."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"strip": False, **kwargs})

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if not is_readable(text):
            raise ValidationError(HIDDEN, code="hidden")
        return text

    def bound_data(self, data: Any, initial: Any) -> Any:
        return redisplayed(data) if isinstance(data, str) else data


class ImportForm(forms.Form):
    """One of two ways to hand over a file."""

    use_required_attribute = False
    file = forms.FileField(
        label=_("The file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        help_text=_("The JSON file that exporting a version gives, of at most 2 MB."),
    )
    text = PastedField(
        label=_("Or what stands in it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("In place of a file: everything from the first { to the last }."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # One of the two is needed: a page that calls both optional would mislead.
        for field in self.fields.values():
            field.conditional = True  # type: ignore[attr-defined]

    @property
    def given(self) -> str:
        """The name of the field that was filled in."""
        return "text" if (self.cleaned_data.get("text") or "").strip() else "file"

    @property
    def data_of_file(self) -> bytes:
        """The bytes that were handed over."""
        if self.given == "text":
            return str(self.cleaned_data["text"]).encode()
        return bytes(self.cleaned_data["file"].read())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, is_pasted = cleaned.get("file"), bool((cleaned.get("text") or "").strip())
        if self.errors:
            return cleaned
        if file is None and not is_pasted:
            self.add_error("file", _("Choose a file, or paste what stands in it."))
        elif file is not None and is_pasted:
            self.add_error("file", _("Choose a file or paste its text, not both."))
        elif file is not None and file.size > LARGEST:
            words = _("This file is larger than 2 MB. Choose the file that exporting gave.")
            self.add_error("file", ValidationError(words, code=TOO_BIG))
        return cleaned
