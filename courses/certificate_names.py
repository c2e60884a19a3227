"""What a certificate can show of a name, and the words that say so where one is typed or decided on."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aimcert.foundation.glyphs import lacking

# The certificate's own, which a higher app renders: its fonts decide.
STYLESHEET = "documents/certificate.css"
SHOWS = gettext_lazy("So far certificates can show Latin, Greek, Cyrillic, Hebrew and Arabic letters.")


def not_shown(name: str) -> tuple[str, ...]:
    """The letters of `name` that a certificate cannot show, each once; see `glyphs.lacking`."""
    return lacking(name, stylesheet=STYLESHEET)


def warning(name: str) -> str:
    """What to say beside `name`; empty where a certificate shows all of it."""
    letters = not_shown(name)
    if not letters:
        return ""
    return _(
        "The certificate cannot show some letters of this name yet: %(letters)s. An empty box would stand in"
        " their place, or an accent beside its letter."
    ) % {"letters": " ".join(letters)}
