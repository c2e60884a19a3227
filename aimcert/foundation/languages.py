"""What a language's words are looked up in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import trans_real


def leave_out_empty_catalogues(language: str) -> None:
    """Have the words of `language` looked up only where there are any.

    Each app whose words Django finds in "en_GB" also brings its "en" to fall back on, which holds no message:
    the English of a source is the message itself. Asking five of these took half the time of each look-up,
    and a page looks up some twenty words.

    Args:
        language: as Django names it, such as "en-gb"; from then on every look-up in it is the shorter one.
    """
    # The one object that every look-up asks, and gettext's own name for what it asks next.
    catalogue: Any = trans_real.translation(language)
    while catalogue._fallback is not None:
        if _messages(catalogue._fallback):
            catalogue = catalogue._fallback
        else:
            catalogue._fallback = catalogue._fallback._fallback


def _messages(catalogue: Any) -> set[object]:
    """What a catalogue holds beside its header, which stands under no words."""
    return {key for key, _text in catalogue._catalog.items()} - {""}
