"""Scans: what they truly are, whatever they are called; nothing in them acts, nothing says where."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from assessments.scans import ScanRefused, read_scan


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **more: object) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "white").save(written, kind, **more)
    return written.getvalue()


def pdf(pages: int = 1, **more: object) -> bytes:
    made = pikepdf.Pdf.new()
    for _ in range(pages):
        made.add_blank_page()
    for name, value in more.items():
        made.Root[f"/{name}"] = made.make_indirect(value)
    written = BytesIO()
    made.save(written)
    return written.getvalue()


def test_each_kind_is_read_as_what_it_is() -> None:
    assert read_scan(pdf(3)).pages == 3
    assert (read_scan(pdf()).content_type, read_scan(pdf()).suffix) == ("application/pdf", ".pdf")
    assert (read_scan(picture()).content_type, read_scan(picture()).suffix) == ("image/jpeg", ".jpg")
    assert (read_scan(picture("PNG")).content_type, read_scan(picture("PNG")).suffix) == ("image/png", ".png")


def test_a_photograph_loses_where_and_when_it_was_taken_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x9003] = "2026:11:26 10:00:00"
    exif.get_ifd(0x8825)[2] = (53.0, 48.0, 0.0)  # GPS
    exif[0x010F] = "CAMERA-MAKER"
    kept = read_scan(picture(exif=exif, comment=b"COMMENT"))
    with Image.open(BytesIO(kept.content)) as shown:
        assert shown.size == (40, 60)
        assert not shown.getexif()
    for said in (b"CAMERA-MAKER", b"2026:11:26", b"COMMENT", b"Exif"):
        assert said not in kept.content


def test_a_png_loses_its_texts() -> None:
    texts = PngInfo()
    texts.add_text("Location", "SOMEWHERE")
    assert b"SOMEWHERE" not in read_scan(picture("PNG", pnginfo=texts)).content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(50),
        b"%PDF-1.7\n<html>",
        pdf()[:-200],
        pdf()[:60],
        picture()[:80],
        picture("PNG")[:60],
        b"\xff\xd8\xff" + b"<script>" * 9,
        b"PK\x03\x04" + bytes(99),
    ],
)
def test_what_is_no_scan_is_refused(content: bytes) -> None:
    with pytest.raises(ScanRefused) as refused:
        read_scan(content)
    assert "again" in str(refused.value.message)


@pytest.mark.parametrize(
    "acting",
    [
        {"OpenAction": pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))},
        {"AA": pikepdf.Dictionary(WC=pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("x.exe")))},
        {"Names": pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=pikepdf.Array()))},
        {"AcroForm": pikepdf.Dictionary(XFA=pikepdf.String("x"))},
    ],
    ids=["script", "launch", "file", "form"],
)
def test_a_pdf_that_does_something_is_refused(acting: dict[str, object]) -> None:
    with pytest.raises(ScanRefused, match="script or another file"):
        read_scan(pdf(**acting))


def test_a_locked_pdf_is_refused() -> None:
    made = pikepdf.Pdf.new()
    made.add_blank_page()
    for password in ("", "secret"):
        written = BytesIO()
        made.save(written, encryption=pikepdf.Encryption(owner="owner", user=password))
        with pytest.raises(ScanRefused):
            read_scan(written.getvalue())


def test_a_picture_of_too_many_pixels_is_refused_before_they_are_read() -> None:
    written = BytesIO()
    Image.new("1", (20_000, 20_000)).save(written, "PNG")
    assert len(written.getvalue()) < 200_000
    with pytest.raises(ScanRefused, match="too large"):
        read_scan(written.getvalue())


def test_an_empty_pdf_and_a_far_too_long_one_are_refused() -> None:
    for pages in (0, 201):
        with pytest.raises(ScanRefused):
            read_scan(pdf(pages))
