"""The layouts that certificates were given, by the version that stands beside each document.

None goes and none changes: a file that the storage lost is drawn again by the design that it was drawn by. A
new layout is one more line here, with a template and a stylesheet of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from courses.certificate_names import draw_names_by


@dataclass(frozen=True)
class Design:
    """A layout of the certificate.

    Args:
        template: what `certification.documents` renders, with all that it says of a certificate. What it is
            given may grow, and what older designs read stays.
        stylesheet: a template too, which is CSS; its fonts say which letters a name may have.
        qr_dark: the colour of its QR code's squares.
    """

    template: str
    stylesheet: str
    qr_dark: str = "#12423e"


DESIGNS: dict[int, Design] = {
    1: Design("documents/certificate.html", "documents/certificate.css"),
    2: Design("documents/certificate_2.html", "documents/certificate_2.css", qr_dark="#566662"),
}


def newest() -> int:
    """The version by which a certificate that is issued now is drawn."""
    return max(DESIGNS)


draw_names_by(lambda: DESIGNS[newest()].stylesheet)
