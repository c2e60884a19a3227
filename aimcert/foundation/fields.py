"""What people type into a form: made clean, or refused in words of ours that say what to do.

Forms take their fields from here wherever Django's own words would be a programmer's.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aimcert.foundation.typed import TURNS, is_seen, tidied, with_line_breaks

_TURNS_TEXT = dict.fromkeys(map(ord, TURNS))
SHOWN_INSTEAD = "\N{REPLACEMENT CHARACTER}"
# Control characters but for tab and line ends, halves of surrogate pairs, which UTF-8 cannot write, and
# what stands where bytes arrived that are no text.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")

TOO_LONG = _("Shorten this to %(limit_value)d characters: it has %(show_value)d.")
HIDDEN = _(
    "This holds a hidden character that cannot be kept. It can come with pasted text. It is shown as"
    " � here: delete it and send the form again."
)
FROM_THE_LIST = _("Choose one from the list.")
INCOMPLETE = _(
    "This form arrived incomplete. Copy what you typed, open the page again and send it from there."
)


def one_line(text: str) -> str:
    """`text` on one line, composed, with single spaces and no sign that turns it around or shows nothing.

    Of a text of which nothing can be seen nothing is left: what is required means something to look at.
    """
    text = " ".join(tidied(unicodedata.normalize("NFC", text)).split())
    return unicodedata.normalize("NFC", text) if is_seen(text) else ""


def lines(text: str) -> str:
    """`text` composed, its line breaks and tabs kept, nothing that turns it around, its ends trimmed.

    Of a text of which nothing can be seen nothing is left, as in `one_line`.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.translate(_TURNS_TEXT).strip() if is_seen(text) else ""


def redisplayed(text: str) -> str:
    """`text` as a refused form shows it again: what cannot be kept stands out instead of vanishing."""
    return _HIDDEN.sub(SHOWN_INSTEAD, text)


def is_readable(text: str) -> bool:
    """Whether `text` holds nothing that a page hides, or that PostgreSQL or UTF-8 cannot write."""
    return _HIDDEN.search(text) is None


class _TextField(forms.CharField):
    default_error_messages = {"max_length": TOO_LONG, "hidden": HIDDEN}

    def to_python(self, value: Any) -> str:
        # Word and others break lines in ways of their own.
        text = with_line_breaks(super().to_python(value) or "")
        if not is_readable(text):
            raise ValidationError(self.error_messages["hidden"], code="hidden")
        return text

    def bound_data(self, data: Any, initial: Any) -> Any:
        return redisplayed(with_line_breaks(data)) if isinstance(data, str) else data


class OneLineField(_TextField):
    """A short text on one line."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value))


class LinesField(_TextField):
    """A longer text, with line breaks."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return lines(super().to_python(value))


class _Offered(forms.Field):
    """What was not offered is refused in the words that ask for a choice."""

    default_error_messages = {"required": FROM_THE_LIST}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "invalid_choice" not in (kwargs.get("error_messages") or {}):
            self.error_messages["invalid_choice"] = self.error_messages["required"]


class ChoiceField(_Offered, forms.ChoiceField):
    """One of a few."""


class TypedChoiceField(_Offered, forms.TypedChoiceField):
    """One of a few, as another type."""


class MultipleChoiceField(_Offered, forms.MultipleChoiceField):
    """Some of a few."""


class ModelChoiceField(_Offered, forms.ModelChoiceField):
    """One of some rows."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError:
            # A text that is no key at all has words of the model's field.
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from None


class DayField(forms.DateField):
    """A date of our time."""

    default_error_messages = {
        "invalid": _("Enter a date that exists, such as 22/11/2026."),
        "year": _("Check the year of this date."),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, **kwargs})

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not 2000 <= value.year <= 2200:
            raise ValidationError(self.error_messages["year"], code="year")


class RevisionField(forms.IntegerField):
    """Which revision a page showed; a hidden field."""

    widget = forms.HiddenInput
    default_error_messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), INCOMPLETE)

    def __init__(self, **kwargs: Any) -> None:
        # What a column of PostgreSQL holds.
        super().__init__(**{"min_value": 0, "max_value": 2**31 - 1, **kwargs})
