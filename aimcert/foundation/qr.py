"""QR codes, for a template to draw as SVG."""

from __future__ import annotations

from dataclasses import dataclass

import segno

QUIET = 4  # modules of white around it, as the standard asks


@dataclass(frozen=True)
class QrCode:
    """A QR code as one SVG path, so that a template draws it without markup from elsewhere.

    Attributes:
        path: what is dark, in modules from the corner.
        size: width and height in modules, the white around it included.
    """

    path: str
    size: int


def qr_code(text: str) -> QrCode:
    """`text` as a QR code that bears a seventh of it being covered."""
    code = segno.make(text, error="m", micro=False)
    matrix = [bytes(row) for row in code.matrix]
    dark = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, module in enumerate(row) if module
    )
    return QrCode(dark, len(matrix) + 2 * QUIET)
