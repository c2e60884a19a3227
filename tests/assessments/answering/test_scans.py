"""Scans: what they truly are, whatever they are called; of what came with them nothing is kept."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.conf import settings
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from assessments.answering.scan_reading import MOST_PIXELS, MOST_SECONDS
from assessments.answering.scans import (
    MOST_WAIT,
    REFUSALS,
    ReadingFailed,
    ScanRefused,
    read_scan,
    said_refusal,
)
from tests.paper import scan_of_paper

# What a PDF that was kept may have in it: sheets of pictures.
KEPT = {"/Catalog", "/Pages", "/Page", "/XObject", "/Image", ""}


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **more: object) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "white").save(written, kind, **more)
    return written.getvalue()


def pdf(**more: object) -> bytes:
    """One blank page, and beside it what `more` says of the document or, with small letters, of the page."""
    made = pikepdf.Pdf.new()
    page = made.add_blank_page()
    for name, value in more.items():
        place = made.Root if name[0].isupper() else page.obj
        place[f"/{name[0].upper()}{name[1:]}"] = made.make_indirect(value)
    written = BytesIO()
    made.save(written)
    return written.getvalue()


def test_each_kind_is_read_as_what_it_is() -> None:
    kept = read_scan(scan_of_paper(pages=3))
    assert (kept.pages, kept.content_type, kept.suffix) == (3, "application/pdf", ".pdf")
    for kind, content_type, suffix in (("JPEG", "image/jpeg", ".jpg"), ("PNG", "image/png", ".png")):
        kept = read_scan(picture(kind))
        assert (kept.pages, kept.content_type, kept.suffix) == (1, content_type, suffix)


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


def test_what_a_page_shows_is_kept_as_a_picture_of_its_size() -> None:
    sheet = Image.new("RGB", (1654, 2339), "white")
    ImageDraw.Draw(sheet).rectangle((400, 500, 900, 800), fill="black")
    came = BytesIO()
    sheet.save(came, "PDF", resolution=200)
    with pypdfium2.PdfDocument(read_scan(came.getvalue()).content) as kept:
        page = kept[0]
        assert [round(side) for side in page.get_size()] == [595, 842]
        shown = page.render(scale=200 / 72).to_pil().convert("L")
    assert shown.getpixel((650, 650)) < 30
    assert shown.getpixel((200, 200)) > 225


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


def actions_and_files() -> dict[str, dict[str, object]]:
    """What a PDF can do or carry, each in its own way; no sheet of paper does."""
    name, dictionary, array, string = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array, pikepdf.String
    goes = dictionary(S=name.URI, URI=string("https://tracker.example/opened"))
    note = {"Type": name.Annot, "Rect": array([0, 0, 9, 9])}

    def on_it(subtype: Any, **more: object) -> dict[str, object]:
        return {"annots": array([dictionary(**note, Subtype=subtype, **more)])}

    return {
        "script": {"OpenAction": dictionary(S=name.JavaScript, JS=string("app.alert(1)"))},
        "address opened on load": {"OpenAction": goes},
        "launch": {"AA": dictionary(WC=dictionary(S=name.Launch, F=string("x.exe")))},
        "when a page is opened": {"aA": dictionary(O=goes)},
        "attachment": {
            "Names": dictionary(
                EmbeddedFiles=dictionary(Names=array([string("a"), dictionary(F=string("CARRIED"))]))
            )
        },
        "attachment without a type": on_it(name.FileAttachment, FS=dictionary(F=string("CARRIED"))),
        "associated file": {"AF": array([dictionary(F=string("CARRIED"))])},
        "form": {"AcroForm": dictionary(Fields=array([]), XFA=string("CARRIED"))},
        "rich media": on_it(name.RichMedia, RichMediaContent=dictionary(Assets=string("CARRIED"))),
        "movie": on_it(name.Movie, Movie=dictionary(F=string("CARRIED"))),
        "screen": on_it(name.Screen, A=dictionary(S=name.Rendition)),
        "link": on_it(name.Link, A=goes),
        "metadata": {"metadata": dictionary(Location=string("CARRIED"))},
        "private data": {"pieceInfo": dictionary(Maker=string("CARRIED"))},
    }


@pytest.mark.parametrize("what", actions_and_files())
def test_of_a_pdf_its_pages_alone_are_kept(what: str) -> None:
    kept = read_scan(pdf(**actions_and_files()[what]))
    assert kept.pages == 1
    assert b"CARRIED" not in kept.content
    assert b"tracker.example" not in kept.content
    with pikepdf.open(BytesIO(kept.content)) as made:
        assert set(made.Root.keys()) == {"/Type", "/Pages"}
        assert set(made.pages[0].obj.keys()) == {
            *("/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"),
        }
        types = {str(one.get("/Type", "")) for one in made.objects if isinstance(one, pikepdf.Dictionary)}
        assert types <= KEPT
        assert "/Info" not in made.trailer


def test_a_locked_pdf_is_refused() -> None:
    made = pikepdf.Pdf.new()
    made.add_blank_page()
    for password in ("", "secret"):
        written = BytesIO()
        made.save(written, encryption=pikepdf.Encryption(owner="owner", user=password))
        with pytest.raises(ScanRefused, match="locked"):
            read_scan(written.getvalue())


def test_a_picture_of_too_many_pixels_is_refused_before_they_are_read() -> None:
    written = BytesIO()
    Image.new("1", (20_000, 20_000)).save(written, "PNG")
    assert len(written.getvalue()) < 200_000
    with pytest.raises(ScanRefused, match="too large"):
        read_scan(written.getvalue())


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_of_a_few_pixels_too_many_is_refused_by_our_own_bound(kind: str) -> None:
    """Pillow's own is seven times as high, and takes the memory that it needs until there."""
    side = int(MOST_PIXELS**0.5)
    written = BytesIO()
    Image.new("L", (side + 1, side + 1)).save(written, kind)
    with pytest.raises(ScanRefused, match="too large"):
        read_scan(written.getvalue())


def test_a_large_photograph_is_kept_smaller() -> None:
    kept = read_scan(picture(size=(7000, 7000)))
    with Image.open(BytesIO(kept.content)) as shown:
        assert shown.size == (3500, 3500)


def test_a_picture_inside_a_pdf_that_would_be_left_out_is_refused() -> None:
    made = pikepdf.Pdf.new()
    page = made.add_blank_page()
    page.Resources = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(
            Im=pikepdf.Stream(
                made, b"", Subtype=pikepdf.Name.Image, Width=40_000, Height=40_000, BitsPerComponent=8
            )
        )
    )
    written = BytesIO()
    made.save(written)
    with pytest.raises(ScanRefused, match="too large"):
        read_scan(written.getvalue())


def test_an_empty_pdf_and_a_far_too_long_one_are_refused() -> None:
    for pages, words in ((0, "no pages"), (101, "too long")):
        with pytest.raises(ScanRefused, match=words):
            read_scan(scan_of_paper(pages=pages))


@pytest.mark.whole_run
def test_reading_takes_no_more_memory_than_it_may() -> None:
    """The largest picture that is read fits; with a tenth of that it is refused, and nothing else dies."""
    written = BytesIO()
    Image.new("RGBA", (7070, MOST_PIXELS // 7070)).save(written, "PNG")
    assert read_scan(written.getvalue()).pages == 1
    tight = (
        "import assessments.answering.scan_reading as reading\n"
        "reading.MOST_MEMORY = 300 * 1024 ** 2\nreading.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", tight], input=written.getvalue(), capture_output=True, check=False
    )
    assert done.stdout == b'{"refused": "heavy"}\n'


@pytest.mark.whole_run
@pytest.mark.parametrize(
    ("limit", "instead"),
    [
        ("MOST_SECONDS = 1", "while True: pass"),
        # Its first byte is one too many.
        ("MOST_SECONDS = 100", "open(sys.argv[1], 'wb', buffering=0).write(b'x')"),
    ],
    ids=["of the processor", "of a disk"],
)
def test_reading_takes_no_more_than_it_may(limit: str, instead: str, tmp_path: Path) -> None:
    """Whatever a library does with a file that was made for it: the process ends, and keeps nothing."""
    made = (
        f"import sys\nimport assessments.answering.scan_reading as reading\nreading.{limit}\n"
        f"def read(content):\n    {instead}\n    return {{}}, b''\nreading.read = read\nreading.main()\n"
    )
    written = tmp_path / "written"
    # Without an end of its own it would be waited for in vain.
    done = subprocess.run(
        [sys.executable, "-c", made, str(written)], input=b"", capture_output=True, check=False, timeout=60
    )
    assert done.returncode != 0
    assert done.stdout == b""
    assert not written.exists() or not written.read_bytes()


def test_reading_ends_before_who_waits_for_it_does() -> None:
    assert MOST_SECONDS < MOST_WAIT < settings.CELERY_TASK_SOFT_TIME_LIMIT


def test_a_reader_that_dies_is_told_from_a_scan_that_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessments.answering.scans.sys.executable", "/bin/false")
    with pytest.raises(ReadingFailed):
        read_scan(picture())


def test_every_refusal_says_what_to_do() -> None:
    for reason in REFUSALS:
        assert any(word in said_refusal(reason) for word in ("again", "Add", "Photograph")), reason
