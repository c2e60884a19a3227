"""A file that is handed over as a file or as the text that stands in it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.validators import ProhibitNullCharactersValidator

from aimcert.foundation.fields import redisplayed


class PastedField(forms.CharField):
    """Text exactly as it was pasted, whose lines keep their numbers; its form says what is hidden in it."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"strip": False, **kwargs})
        self.validators = [
            one for one in self.validators if not isinstance(one, ProhibitNullCharactersValidator)
        ]

    def bound_data(self, data: Any, initial: Any) -> Any:
        return redisplayed(data) if isinstance(data, str) else data


class HandedOverForm(forms.Form):
    """One of two ways to hand over a file: the fields `file` and `text`, which whoever inherits it adds.

    Attributes:
        neither, both: what is said where none of the two was used, or each.
    """

    use_required_attribute = False
    neither: ClassVar[Any]
    both: ClassVar[Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # One of the two is needed: a page that calls both optional would mislead.
        for field in self.fields.values():
            field.conditional = True  # type: ignore[attr-defined]

    @property
    def given(self) -> str:
        """The name of the field that was filled in."""
        return "text" if (self.cleaned_data.get("text") or "").strip() else "file"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_chosen, is_pasted = cleaned.get("file") is not None, self.given == "text"
        if not self.errors and is_chosen == is_pasted:
            self.add_error("file", self.both if is_pasted else self.neither)
        return cleaned
