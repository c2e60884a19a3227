"""Scans and photographs of paper: read as what they say they are, and made harmless before they are kept."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from aimcert.foundation.refusals import Refused

MOST_PAGES = 200
MOST_OBJECTS = 50_000
MOST_PIXELS = 80_000_000
# What makes a reader of PDFs do something, or carries another file along; no scanner writes these.
_ACTS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition"}


class ScanRefused(Refused):
    """A file that is no scan, or that cannot be kept as it is; nothing of it was."""

    status = 422
    field = "sheets"


@dataclass(frozen=True)
class ReadScan:
    """A scan as it is kept.

    Args:
        content: the whole file; of a photograph without what the camera wrote beside the picture.
        content_type: its true type.
        suffix: what its name ends with.
        pages: how many.
    """

    content: bytes
    content_type: str
    suffix: str
    pages: int


def read_scan(content: bytes) -> ReadScan:
    """Read `content` as a PDF, a JPEG or a PNG, whatever its name says.

    A photograph is turned upright and written anew, so that where and when it was taken is gone. A PDF
    stays as it came, and is refused where it holds a script, a form or another file, or is encrypted.

    Raises:
        ScanRefused: it is none of these, or cannot be kept; in words.
    """
    if content.startswith(b"%PDF-"):
        return _read_pdf(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _read_image(content, "JPEG")
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _read_image(content, "PNG")
    raise ScanRefused(
        _("This is neither a PDF, nor a JPEG or PNG picture. Scan or photograph the paper again.")
    )


def _read_pdf(content: bytes) -> ReadScan:
    try:
        with pikepdf.open(BytesIO(content), attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                raise ScanRefused(
                    _("This PDF is locked with a password. Save it without one, and add it again.")
                )
            pages = len(pdf.pages)
            if len(pdf.objects) > MOST_OBJECTS or pages > MOST_PAGES:
                raise ScanRefused(_("This PDF is too long to be one person’s paper. Add their pages alone."))
            acts = any(_acts(found) for found in pdf.objects)
    except pikepdf.PasswordError:
        raise ScanRefused(
            _("This PDF is locked with a password. Save it without one, and add it again.")
        ) from None
    except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError):
        raise ScanRefused(_("This PDF is damaged and cannot be read. Scan the paper again.")) from None
    if not pages:
        raise ScanRefused(_("This PDF has no pages. Scan the paper again."))
    if acts:
        raise ScanRefused(
            _(
                "This PDF holds a form, a script or another file, which a scan does not need. Print it as a "
                "PDF, or photograph the paper, and add that."
            )
        )
    return ReadScan(content, "application/pdf", ".pdf", pages)


def _acts(found: object) -> bool:
    if not isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        return False
    return (
        "/JS" in found
        or "/EmbeddedFiles" in found
        or "/XFA" in found
        or str(found.get("/Type", "")) == "/EmbeddedFile"
        or str(found.get("/S", "")) in _ACTS
        or any(_acts_inside(value) for value in _values(found))
    )


def _values(found: pikepdf.Dictionary | pikepdf.Stream) -> list[object]:
    return [found[key] for key in found.keys()]  # noqa: SIM118  a stream cannot be walked through


def _acts_inside(value: object) -> bool:
    """Of what stands directly inside another object: what is its own is looked at by itself."""
    if isinstance(value, pikepdf.Dictionary) and not value.is_indirect:
        return _acts(value)
    if isinstance(value, pikepdf.Array) and not value.is_indirect:
        return any(_acts_inside(each) for each in value)
    return False


def _read_image(content: bytes, kind: str) -> ReadScan:
    too_large = _("This picture is too large. Take it again with fewer megapixels.")
    # Whoever renders documents in this process lets half a picture pass for a whole one.
    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        with warnings.catch_warnings():
            # Its size is looked at here, before a pixel is read.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=[kind]) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise ScanRefused(too_large)
                opened.load()
                picture = ImageOps.exif_transpose(opened)
    except Image.DecompressionBombError:
        raise ScanRefused(too_large) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise ScanRefused(_("This picture is damaged and cannot be read. Take it again.")) from None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    written = BytesIO()
    if kind == "JPEG":
        if picture.mode not in ("RGB", "L", "CMYK"):
            picture = picture.convert("RGB")
        _bare(picture).save(written, "JPEG", quality=88)
        return ReadScan(written.getvalue(), "image/jpeg", ".jpg", 1)
    _bare(picture).save(written, "PNG")
    return ReadScan(written.getvalue(), "image/png", ".png", 1)


def _bare(picture: Image.Image) -> Image.Image:
    """The picture alone, without what was written beside it."""
    picture.info = {key: value for key, value in picture.info.items() if key == "transparency"}
    picture.getexif().clear()
    return picture
