"""Images that staff upload for certificates: drawn anew, or refused with what to do."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from certification.artwork import (
    KEPT_SIDE,
    MOST_BYTES,
    MOST_KEPT_BYTES,
    REFUSALS,
    ArtworkRefused,
    read_artwork,
)
from tests.certification.artworks import SVG, png


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def refusal(content: bytes) -> str:
    with pytest.raises(ArtworkRefused) as refused:
        read_artwork(content)
    return str(refused.value.message)


def test_png_is_drawn_anew_on_white_without_what_was_beside_it() -> None:
    about = PngImagePlugin.PngInfo()
    about.add_text("Author", "Zoe")
    came = png(400, 100, pnginfo=about) + b"<?php and more ?>"
    kept = read_artwork(came).content
    picture = opened(kept)
    assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (400, 100))
    assert picture.getpixel((399, 99)) == (255, 255, 255)
    assert b"Zoe" not in kept
    assert b"php" not in kept


def test_large_png_is_kept_as_large_as_paper_shows() -> None:
    assert opened(read_artwork(png(2400, 600)).content).size == (KEPT_SIDE, 300)


def test_detailed_png_is_kept_smaller() -> None:
    noise = Image.effect_noise((1000, 500), 30).convert("RGB")
    came = BytesIO()
    noise.save(came, "PNG")
    kept = read_artwork(came.getvalue()).content
    assert len(kept) <= MOST_KEPT_BYTES
    assert opened(kept).size == (600, 300)


@pytest.mark.parametrize("content", [png(400, 100), png(2400, 600), SVG])
def test_read_again_it_stays_as_it_is(content: bytes) -> None:
    kept = read_artwork(content)
    assert read_artwork(kept.content) == kept


def claiming(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and holds next to nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    written = b"\x89PNG\r\n\x1a\n"
    for kind, data in chunks:
        written += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return written


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "unknown"),
        (b"GIF89a", "unknown"),
        (b"%PDF-1.7", "unknown"),
        (b"\xff\xd8\xff\xe0 a JPEG called mark.png", "unknown"),
        (b"<html>", "unknown"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (png(400, 100)[:200], "damaged"),
        (claiming(60_000, 60_000), "large"),
        (claiming(1000, 1000), "damaged"),
        (png(100, 90), "small"),
        (png(1200, 60), "narrow"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * MOST_BYTES, "heavy"),
        (SVG.replace(b"viewBox", b"view"), "size"),
        (SVG.replace(b"0 0 360 80", b"0 0 4000 80"), "narrow"),
        (b"<svg", "no svg"),
    ],
)
def test_what_is_no_image_for_it_is_refused(content: bytes, reason: str) -> None:
    assert refusal(content) == str(REFUSALS[reason])


def test_an_svg_is_refused_for_what_it_holds_by_name() -> None:
    assert "This SVG holds text, which cannot be kept." in refusal(SVG.replace(b"<path", b"<text/><path", 1))
    assert "holds a script (onclick)" in refusal(SVG.replace(b"<path", b'<path onclick="x"', 1))


def test_a_png_is_decoded_by_a_process_of_its_own(monkeypatch: Any) -> None:
    def dies(content: bytes) -> None:
        raise ReadingFailed

    from assessments.answering.scans import ReadingFailed

    monkeypatch.setattr("certification.artwork.read_scan", dies)
    assert refusal(png(400, 100)) == str(REFUSALS["damaged"])
