"""Reads one scan in a process of its own, which may use so much memory and time and no more.

python -m assessments.answering.scan_reading < what came > what is kept

The first line that it writes is JSON: `{"content_type": …, "suffix": …, "pages": …}`, followed by the file;
or `{"refused": …}` with one of the words of `REFUSALS`. It knows nothing of Django, so that it starts at
once, and holds no connection, key or setting.
"""

from __future__ import annotations

import json
import resource
import sys
import warnings
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image, ImageOps, UnidentifiedImageError

# What this process may use: of addresses, in bytes, and of the processor, in seconds. Measured: a picture
# of MOST_PIXELS takes up to 0.45 GB of addresses.
MOST_MEMORY = 1024**3
MOST_SECONDS = 100

MOST_PAGES = 100
# Of a picture as it comes. A JPEG is read smaller where it has more than KEPT_PIXELS.
MOST_PIXELS = 50_000_000
KEPT_PIXELS = 20_000_000
# Of a picture on a page of a PDF, which a reader that lacks the memory for it would leave out silently.
MOST_PIXELS_INSIDE = 150_000_000
MOST_OBJECTS = 50_000
# A page of a PDF becomes a picture: 200 dots to an inch, and no more than this of an odd page.
DOTS = 200
MOST_PAGE_PIXELS = 12_000_000
# Of all pages together, as they are kept.
MOST_BYTES = 60 * 1024 * 1024
POINTS = 72

REFUSALS = ("unknown", "damaged picture", "large", "damaged", "locked", "empty", "long", "heavy")


class Unreadable(Exception):
    """It is not kept: one of `REFUSALS`."""


def main() -> None:
    """Read standard input, and write what is kept to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    # Nothing is written to a disk, whatever a library would like to.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        about, kept = read(sys.stdin.buffer.read())
    except Unreadable as refused:
        about, kept = {"refused": str(refused)}, b""
    except MemoryError:
        about, kept = {"refused": "heavy"}, b""
    sys.stdout.buffer.write(json.dumps(about).encode() + b"\n" + kept)


def read(content: bytes) -> tuple[dict[str, Any], bytes]:
    """What is kept of `content`, which is read as what it is, whatever it is called.

    Of a PDF its pages are kept, as pictures: nothing that stood in the file beside what is seen. A
    photograph is turned upright and written anew, without where and when it was taken.

    Raises:
        Unreadable: it is no scan, or too large.
    """
    kind = kind_of(content)
    if kind == "PDF":
        return _pages(content)
    if kind in ("JPEG", "PNG"):
        return _picture(content, kind)
    raise Unreadable("unknown")


def kind_of(content: bytes) -> str:
    """What the first bytes say that it is: "PDF", "JPEG", "PNG" or ""."""
    if content.startswith(b"%PDF-"):
        return "PDF"
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    return "PNG" if content.startswith(b"\x89PNG\r\n\x1a\n") else ""


# --- PDF ------------------------------------------------------------------------------------------


def _pages(content: bytes) -> tuple[dict[str, Any], bytes]:
    # Its structure alone: a file that is broken or locked is told apart here, and is not mended.
    try:
        with pikepdf.open(BytesIO(content), attempt_recovery=False) as structure:
            if structure.is_encrypted:
                raise Unreadable("locked")
            number = len(structure.pages)
            if len(structure.objects) > MOST_OBJECTS:
                raise Unreadable("long")
            if any(_pixels(found) > MOST_PIXELS_INSIDE for found in structure.objects):
                raise Unreadable("large")
    except pikepdf.PasswordError:
        raise Unreadable("locked") from None
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, RecursionError):
        raise Unreadable("damaged") from None
    if number == 0:
        raise Unreadable("empty")
    if number > MOST_PAGES:
        raise Unreadable("long")
    made, taken = pikepdf.Pdf.new(), 0
    try:
        with pypdfium2.PdfDocument(content) as document:
            for index in range(number):
                taken += _add_page(made, document[index])
                if taken > MOST_BYTES:
                    raise Unreadable("long")
    except (pypdfium2.PdfiumError, ValueError, OSError):
        raise Unreadable("damaged") from None
    written = BytesIO()
    made.save(written, deterministic_id=True)
    return {"content_type": "application/pdf", "suffix": ".pdf", "pages": number}, written.getvalue()


def _pixels(found: object) -> int:
    """How many pixels a picture says that it has; 0 for anything else."""
    if not isinstance(found, pikepdf.Stream) or found.get("/Subtype") != "/Image":
        return 0
    return int(found.get("/Width", 0)) * int(found.get("/Height", 0))


def _add_page(made: pikepdf.Pdf, page: pypdfium2.PdfPage) -> int:
    """Add what `page` shows to `made`; how many bytes that takes."""
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        raise Unreadable("damaged")
    scale = min(DOTS / POINTS, (MOST_PAGE_PIXELS / (width * height)) ** 0.5)
    # Neither forms nor notes are drawn: they are no part of a sheet of paper.
    picture = page.render(scale=scale, may_draw_forms=False, draw_annots=False).to_pil().convert("RGB")
    page.close()
    written = BytesIO()
    picture.save(written, "JPEG", quality=80)
    image = pikepdf.Stream(
        made,
        written.getvalue(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    sheet = made.add_blank_page(page_size=(width, height))
    sheet.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Sheet=image))
    sheet.Contents = made.make_stream(f"q {width} 0 0 {height} 0 0 cm /Sheet Do Q".encode())
    return written.tell()


# --- Pictures -------------------------------------------------------------------------------------


def _picture(content: bytes, kind: str) -> tuple[dict[str, Any], bytes]:
    try:
        with warnings.catch_warnings():
            # Its size is looked at here, before a pixel is read.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=[kind]) as opened:
                pixels = opened.width * opened.height
                if pixels > MOST_PIXELS:
                    raise Unreadable("large")
                if kind == "JPEG" and pixels > KEPT_PIXELS:
                    opened.draft(None, (opened.width // 2, opened.height // 2))
                opened.load()
                picture = ImageOps.exif_transpose(opened)
    except Image.DecompressionBombError:
        raise Unreadable("large") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise Unreadable("damaged picture") from None
    written = BytesIO()
    if kind == "JPEG":
        if picture.mode not in ("RGB", "L", "CMYK"):
            picture = picture.convert("RGB")
        _bare(picture).save(written, "JPEG", quality=88)
        return {"content_type": "image/jpeg", "suffix": ".jpg", "pages": 1}, written.getvalue()
    _bare(picture).save(written, "PNG")
    return {"content_type": "image/png", "suffix": ".png", "pages": 1}, written.getvalue()


def _bare(picture: Image.Image) -> Image.Image:
    """The picture alone, without what was written beside it."""
    picture.info = {key: value for key, value in picture.info.items() if key == "transparency"}
    picture.getexif().clear()
    return picture


if __name__ == "__main__":
    main()
