"""What a certificate can show of a name, and the words that say so where one is typed or decided on."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aimcert.foundation.glyphs import lacking

SHOWS = gettext_lazy("So far certificates can show Latin, Greek, Cyrillic, Hebrew and Arabic letters.")


# Each names a stylesheet that certificates are drawn by now, which a higher app has: its fonts decide.
_stylesheets: list[Callable[[], str]] = []


def draw_names_by(stylesheet: Callable[[], str]) -> None:
    """From now on a name is asked for the letters that this stylesheet's fonts lack too."""
    _stylesheets.append(stylesheet)


def not_shown(name: str) -> tuple[str, ...]:
    """The letters of `name` that a certificate cannot show, each once; see `glyphs.lacking`."""
    found = (letter for sheet in _stylesheets for letter in lacking(name, stylesheet=sheet()))
    return tuple(dict.fromkeys(found))


def warning(name: str) -> str:
    """What to say beside `name`; empty where a certificate shows all of it."""
    letters = not_shown(name)
    if not letters:
        return ""
    return _(
        "The certificate cannot show some letters of this name yet: %(letters)s. They would be printed as"
        " empty boxes, or an accent beside its letter."
    ) % {"letters": " ".join(letters)}
