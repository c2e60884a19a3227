"""Images that staff upload for certificates: read as what they are, and drawn or written anew."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from io import BytesIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image

from aimcert.foundation.refusals import Refused
from aimcert.foundation.svg import SvgRefused, rewritten
from assessments.answering.scans import ReadingFailed, ScanRefused, read_scan

MOST_BYTES = 1024 * 1024
# Of a PNG as it comes: little enough that a page can wait until it is read.
MOST_PIXELS = 8_000_000
# What 120 mm of paper show at 250 dots to an inch; what is kept is drawn into every certificate.
KEPT_SIDE = 1200
LEAST_SIDE = 150
# Of what is kept: a form that comes back carries two of them.
MOST_KEPT_BYTES = 400_000
_PNG = b"\x89PNG\r\n\x1a\n"

REFUSALS: dict[str, Promise] = {
    "unknown": _("This is neither a PNG nor an SVG. Save it as one of these, and choose it again."),
    "heavy": _("This file has more than 1 MB. Save it smaller, and choose it again."),
    "damaged": _("This picture is damaged and cannot be read. Save it again, and choose it anew."),
    "large": _("This picture has more than 8 megapixels. 1,200 pixels on its longer side are enough."),
    "small": _(
        "This picture is too small to be printed: its longer side needs at least 150 pixels, better 1,200."
    ),
    "detailed": _("This picture has too much detail to be printed small. Use a simpler one, or an SVG."),
    "narrow": _("This picture is more than ten times as long as it is wide. Cut it closer."),
    "no svg": _("This SVG cannot be read. Save it again as plain SVG, and choose it anew."),
    "large svg": _(
        "This SVG is too large or has too many parts. Simplify it, or save it as a PNG of 1,200 pixels."
    ),
    "doctype": _("This SVG has a document type. Save it as plain or optimised SVG, and choose it again."),
    "script": _("This SVG holds a script (%(named)s). Save it as plain SVG, without scripts."),
    "elsewhere": _(
        "This SVG points to something outside itself (%(named)s). Save it with nothing linked, or as a PNG."
    ),
    "element": _(
        "This SVG holds %(named)s, which cannot be kept. Turn letters into paths and styles into attributes,"
        " leave effects and pictures out, or save it as a PNG."
    ),
    "size": _("This SVG does not say how large it is. Give it a view box, or save it as a PNG."),
    "empty": _("This SVG draws nothing. Choose another file."),
}


class ArtworkRefused(Refused):
    """The file is not kept; nothing of it was."""

    status = 422


@dataclass(frozen=True)
class Artwork:
    """An image as it is kept: `read_artwork` alone makes one.

    Args:
        content: the whole file, a PNG or an SVG.
    """

    content: bytes


def read_artwork(content: bytes) -> Artwork:
    """Read `content` as a PNG or an SVG, whatever it is called, and draw or write it anew.

    A PNG is decoded by a process of its own (docs/adr/0013-a-scan-is-drawn-anew.md), set on white, as it is
    printed, and made no larger than paper shows. What this gives, given to it again, stays as it is.

    Raises:
        ArtworkRefused: it is neither, or cannot be kept; it says what to do.
    """
    if len(content) > MOST_BYTES:
        raise _refusal("heavy")
    if content.startswith(_PNG):
        return Artwork(_drawn(content))
    if b"<svg" in content:
        return Artwork(_written(content))
    raise _refusal("unknown")


def _drawn(content: bytes) -> bytes:
    # A PNG says its size before anything else (https://www.w3.org/TR/png-3/#11IHDR).
    if len(content) < 24:
        raise _refusal("damaged")
    width, height = struct.unpack(">II", content[16:24])
    if width * height > MOST_PIXELS:
        raise _refusal("large")
    _must_fit(width, height)
    if max(width, height) < LEAST_SIDE:
        raise _refusal("small")
    try:
        read = read_scan(content).content
    except (ScanRefused, ReadingFailed):
        raise _refusal("damaged") from None
    with Image.open(BytesIO(read), formats=["PNG"]) as opened:
        picture = opened.convert("RGBA")
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture)
    for side in (KEPT_SIDE, KEPT_SIDE * 3 // 4, KEPT_SIDE // 2):
        paper.thumbnail((side, side), Image.Resampling.LANCZOS)
        kept = BytesIO()
        paper.save(kept, "PNG", optimize=True)
        if kept.tell() <= MOST_KEPT_BYTES:
            return kept.getvalue()
    raise _refusal("detailed")


def _written(content: bytes) -> bytes:
    try:
        svg = rewritten(content)
    except SvgRefused as refused:
        reason = "large svg" if refused.reason == "large" else refused.reason
        raise _refusal(reason, refused.named) from None
    _must_fit(svg.width, svg.height)
    return svg.content


def _must_fit(width: float, height: float) -> None:
    if not (width and height and max(width, height) <= 10 * min(width, height)):
        raise _refusal("narrow")


def _refusal(reason: str, named: str = "") -> ArtworkRefused:
    return ArtworkRefused(str(REFUSALS[reason]) % {"named": named})
