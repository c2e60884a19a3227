"""What people type into a form, made safe to keep: one place for control characters and turned text."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms

# They turn the order of what follows around, or show nothing: a text could pretend to be another.
# Letters of right-to-left scripts need none of them.
_TURNS_TEXT = dict.fromkeys(
    map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
)


def one_line(text: str) -> str:
    """`text` on one line, composed, with single spaces and no control characters."""
    text = unicodedata.normalize("NFC", text).translate(_TURNS_TEXT)
    return " ".join("".join(" " if _is_control(sign) else sign for sign in text).split())


def lines(text: str) -> str:
    """`text` composed, its line breaks and tabs kept, other control characters dropped, ends trimmed."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_TURNS_TEXT)
    return "".join(sign for sign in text if sign in "\n\t" or not _is_control(sign)).strip()


def _is_control(sign: str) -> bool:
    # Surrogates (Cs) cannot be written to PostgreSQL.
    return unicodedata.category(sign) in ("Cc", "Cs")


class OneLineField(forms.CharField):
    """A short text on one line."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")


class LinesField(forms.CharField):
    """A longer text, with line breaks."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return lines(super().to_python(value) or "")
