"""What the figures draw with: SVG elements, text broken into lines, and the frame that names a picture.

Presentation attributes carry the look, so that a figure reads alike on a page, on paper and in a PDF;
a page's style sheet may colour its classes.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

FACE = "Atkinson Hyperlegible, sans-serif"
LEADING = 1.3
# Widths of letters in parts of the type's size, as Atkinson Hyperlegible draws them in bold, rounded up.
WIDEST, WIDE, USUAL, NARROW = 1.05, 0.92, 0.62, 0.36
WIDE_LETTERS = frozenset("mwMW@%&—…")
NARROW_LETTERS = frozenset("iljtfr.,:;'’!|()[] ")


@dataclass(frozen=True)
class Box:
    """Where something stands: its left upper corner and its size, in the figure's units."""

    x: int
    y: int
    width: int
    height: int


def width_of(text: str, size: int) -> float:
    """About how wide `text` is drawn; rather too wide than too narrow."""
    return size * sum(map(_letter, text))


def _letter(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return WIDEST
    if letter in WIDE_LETTERS or (letter.isupper() and letter in "GOQDHNU"):
        return WIDE
    return NARROW if letter in NARROW_LETTERS else USUAL if letter.islower() else USUAL + 0.1


def lines_of(text: str, size: int, width: int) -> list[str]:
    """`text` in lines no wider than `width`; a word that is wider by itself is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        whole = f"{line} {word}" if line else word
        if width_of(whole, size) <= width:
            line = whole
            continue
        if line:
            lines.append(line)
        line = ""
        for letter in word:
            if line and width_of(line + letter, size) > width:
                lines.append(line)
                line = ""
            line += letter
    return [*lines, line] if line else lines


def height_of(lines: Sequence[str], size: int) -> int:
    """How tall these lines are."""
    return round(len(lines) * size * LEADING)


def written(
    lines: Iterable[str], *, x: int, y: int, size: int, anchor: str = "start", bold: bool = False
) -> SafeString:
    """`lines` below `y`, one under the other."""
    weight = "700" if bold else "400"
    return format_html_join(
        "",
        '<text x="{}" y="{}" font-size="{}" font-weight="{}" text-anchor="{}">{}</text>',
        (
            (x, round(y + (number * LEADING + 1) * size), size, weight, anchor, line)
            for number, line in enumerate(lines)
        ),
    )


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Elements one after another."""
    return format_html_join("", "{}", ((part,) for part in parts))


def picture(kind: str, *, width: int, height: int, title: str, about: str, inside: SafeString) -> SafeString:
    """The whole drawing, named for those who do not see it.

    Args:
        kind: for its class.
        width: of what is drawn; the page decides how large a unit is.
        height: likewise.
        title: what it is.
        about: what it shows, in a sentence.
        inside: its elements.
    """
    name = f"figure-{hashlib.sha256(f'{title}|{about}|{inside}'.encode()).hexdigest()[:12]}"
    return format_html(
        '<svg class="figure-drawn figure-{kind}" role="img" aria-labelledby="{name}-title"'
        ' aria-describedby="{name}-about" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        ' width="{width}" height="{height}" fill="none" stroke="currentColor" stroke-width="2"'
        ' font-family="{face}"><title id="{name}-title">{title}</title>'
        '<desc id="{name}-about">{about}</desc>{inside}</svg>',
        kind=kind,
        name=name,
        width=width,
        height=height,
        face=FACE,
        title=title,
        about=about,
        inside=inside,
    )
