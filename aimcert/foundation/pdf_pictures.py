"""Pictures of our own PDFs, for pages that show one.

A file of somebody else's making is drawn by a process of its own: docs/adr/0013-a-scan-is-drawn-anew.md.
"""

from __future__ import annotations

from io import BytesIO
from threading import Lock

import pypdfium2

# PDFium is not made for several threads.
_one_at_a_time = Lock()


def picture_of(pdf: bytes, *, width: int) -> bytes:
    """The first page of `pdf` as a PNG.

    Args:
        pdf: as `aimcert.foundation.pdf` wrote it.
        width: of the picture, in pixels.
    """
    written = BytesIO()
    with _one_at_a_time, pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        picture = page.render(scale=width / page.get_width()).to_pil()
        page.close()
    picture.convert("RGB").save(written, "PNG")
    return written.getvalue()
