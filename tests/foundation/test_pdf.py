"""The PDF engine: bundled fonts, nothing fetched, the same bytes twice, tagged."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from celery.signals import worker_process_shutdown
from django.contrib.staticfiles import finders
from PIL import Image
from pypdf import PdfReader

from aimcert.foundation.pdf import BundledFontMissing, FontsConfused, GivenImageFailed, render_pdf

CREATED = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SHEET = "documents/certificate.css"


def rendered(body: str, **changed: Any) -> bytes:
    about = {
        "stylesheet": SHEET,
        "title": "A title",
        "language": "en-gb",
        "created": CREATED,
    } | changed
    return render_pdf(f"<!DOCTYPE html><html lang=en-gb><body>{body}</body></html>", **about)


def fonts_in(pdf: bytes) -> set[str]:
    """The names of the fonts in the file, without their subset tags; each is embedded."""
    found = set()
    for page in PdfReader(BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
            found.add(descriptor["/FontName"].split("+")[1])
    return found


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


@pytest.fixture
def stylesheets(settings: Any) -> dict[str, str]:
    """Stylesheets by name, in place of those on disk."""
    sheets: dict[str, str] = {}
    (engine,) = settings.TEMPLATES
    loaders = [("django.template.loaders.locmem.Loader", sheets)]
    settings.TEMPLATES = [engine | {"OPTIONS": engine["OPTIONS"] | {"loaders": loaders}}]
    return sheets


# --- Fonts ------------------------------------------------------------------------------------


def test_fonts_are_the_bundled_ones() -> None:
    pdf = rendered("<p>Plain <em>slanted</em> <strong>strong</strong></p>")
    assert fonts_in(pdf) == {
        "Source-Serif-Latin",
        "Source-Serif-Latin-Italic",
        "Source-Serif-Latin-Semi-Bold",
    }


@pytest.mark.parametrize("name", ["王小明", "😀", "ก้อง", "A\u0327nn"])
def test_what_the_fonts_lack_is_an_empty_box_of_theirs_and_no_font_of_the_machines(name: str) -> None:
    pdf = rendered(f"<p>{name}</p>")
    assert fonts_in(pdf) == {"Source-Serif-Latin"}
    (font,) = PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values()
    # Who copies or hears it gets the letters all the same.
    letters = font.get_object()["/ToUnicode"].get_data().decode()
    assert all(f"<{char.encode('utf-16-be').hex()}>" in letters for char in name if not char.isascii())


def test_fonts_of_another_document_do_not_come_to_help(stylesheets: dict[str, str]) -> None:
    one, other = (
        f'@font-face {{ font-family: "{family}"; src: url("static:vendor/source-serif-4/source-serif-4-'
        f'{subset}-400-normal.woff2"); }} html {{ font-family: "{family}"; }}'
        for family, subset in (("Latin", "latin"), ("Greek", "greek"))
    )
    stylesheets |= {"latin.css": one, "greek.css": other}
    before = rendered("<p>Zoe Ω</p>", stylesheet="latin.css")
    rendered("<p>Ω</p>", stylesheet="greek.css")
    assert rendered("<p>Zoe Ω</p>", stylesheet="latin.css") == before
    assert fonts_in(before) == {"Latin"}


@pytest.mark.parametrize(
    ("name", "font"),
    [
        ("Żaneta Dvořáková-Ștefănescu", "Source-Serif-Latin-Ext-Semi-Bold"),
        ("Nguyễn Thị Ánh", "Source-Serif-Vietnamese-Semi-Bold"),
        ("Αθηνά Ωραία", "Source-Serif-Greek-Semi-Bold"),
        ("Ольга Юрьевна", "Source-Serif-Cyrillic-Semi-Bold"),
        ("נועה כהן־לוי", "Noto-Serif-Hebrew-Semi-Bold"),
        ("فاطمة الزهراء", "Scheherazade-New-Semi-Bold"),
        ("محمد پرویز", "Scheherazade-New-Semi-Bold"),
        ("ڈاکٹر ٹیپو", "Scheherazade-New-Semi-Bold"),
    ],
)
@pytest.mark.parametrize("sheet", [SHEET, "documents/follow_up_report.css"])
def test_names_in_other_scripts_have_their_own_bundled_letters(sheet: str, name: str, font: str) -> None:
    pdf = rendered(f'<h2 class=name style="font-weight: 600" dir=auto>{name}</h2>', stylesheet=sheet)
    # What is copied and read aloud is the name too, letter by letter.
    assert text_of(pdf).split("\n")[0] == name
    beside = {"Source-Serif-Latin-Semi-Bold", "Atkinson-Hyperlegible"}
    assert fonts_in(pdf) - beside == {font}


def test_letters_that_no_bundled_font_has_are_not_written_to_the_logs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rendered("<p class=name>王小明</p>")
    assert "letters without a bundled font" in caplog.text
    assert not set("王小明") & set(caplog.text)
    assert "U+" not in caplog.text


def test_two_font_files_described_alike_are_refused(
    stylesheets: dict[str, str],
) -> None:
    stylesheets["alike.css"] = "".join(
        f"""@font-face {{
            font-family: "Alike"; src: url("static:vendor/source-serif-4/source-serif-4-{subset}.woff2")
        }}"""
        for subset in ("latin-400-normal", "latin-ext-400-normal")
    )
    with pytest.raises(FontsConfused, match="Alike"):
        rendered("<p>x</p>", stylesheet="alike.css")


@pytest.mark.parametrize(
    "source",
    [
        "static:vendor/source-serif-4/no-such-font.woff2",
        "static:css/site.css",
        "file:///usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "http://127.0.0.1:9/font.woff2",
    ],
)
def test_font_that_is_not_bundled_stops_the_document(stylesheets: dict[str, str], source: str) -> None:
    stylesheets["missing.css"] = f'@font-face {{ font-family: "Missing"; src: url("{source}") }}'
    with pytest.raises(BundledFontMissing):
        rendered("<p>x</p>", stylesheet="missing.css")


def test_fonts_are_read_from_the_collected_files_where_there_are_no_packages(
    settings: Any, stylesheets: dict[str, str]
) -> None:
    settings.STATICFILES_DIRS = []
    finders.get_finder.cache_clear()
    stylesheets["collected.css"] = (
        '@font-face { font-family: "Collected"; src: url("static:vendor/source-serif-4/'
        'source-serif-4-latin-400-normal.woff2") } html { font-family: "Collected" }'
    )
    try:
        assert finders.find("vendor/source-serif-4/source-serif-4-latin-400-normal.woff2") is None
        assert fonts_in(rendered("<p>x</p>", stylesheet="collected.css")) == {"Collected"}
    finally:
        finders.get_finder.cache_clear()


@pytest.mark.whole_run
def test_ended_worker_leaves_no_copy_of_the_fonts_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    worker_process_shutdown.send(sender=None)
    before = rendered("<p>x</p>")
    assert list(tmp_path.iterdir())
    worker_process_shutdown.send(sender=None)
    assert not list(tmp_path.iterdir())
    # And a process that goes on makes its own again.
    assert rendered("<p>x</p>") == before
    worker_process_shutdown.send(sender=None)


# --- Nothing fetched --------------------------------------------------------------------------


@pytest.fixture
def asked_for() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine, and what was asked of it."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"SECRET")

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", paths
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.mark.whole_run
def test_hostile_document_fetches_and_attaches_nothing(
    asked_for: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, paths = asked_for
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    places = [
        address,
        secret.as_uri(),
        "data:text/plain,SECRET",
        "ftp://127.0.0.1:9",
        "static:css/site.css",
    ]
    body = "".join(
        f"""
        <img src="{place}/1" alt="x"><img srcset="{place}/2" alt="x"><object data="{place}/3"></object>
        <embed src="{place}/4"><iframe src="{place}/5"></iframe><input type="image" src="{place}/6">
        <link rel="stylesheet" href="{place}/7"><link rel="attachment" href="{place}" title="a">
        <a rel="attachment" href="{place}">attached</a>
        <style>@import url("{place}/8"); p {{ background: url("{place}/9"); content: url("{place}/10") }}
        @font-face {{ font-family: "Fetched"; src: url("{place}/11") }} ul {{ list-style: url("{place}/12") }}
        </style><p style="background-image: url('{place}/13')">x</p><ul><li>x</li></ul>
        <svg xmlns:xlink="http://www.w3.org/1999/xlink"><title>x</title>
        <image href="{place}/14" width="1" height="1"/>
        <image xlink:href="{place}/15" width="1" height="1"/><use href="{place}/16#a"/>
        <style>@import url("{place}/17");</style></svg>"""
        for place in places
    )
    pdf = rendered(f'<base href="{address}/base/">' + body)
    assert paths == []
    reader = PdfReader(BytesIO(pdf))
    assert dict(reader.attachments) == {}
    assert "/EmbeddedFiles" not in reader.trailer["/Root"].get("/Names", {})
    assert "SECRET" not in text_of(pdf)
    assert "x" in text_of(pdf)


# --- The same bytes, and what the file says of itself -------------------------------------------


@pytest.mark.whole_run
def test_same_input_gives_the_same_bytes_in_another_process_too() -> None:
    script = (
        "import django; django.setup()\n"
        "import hashlib\n"
        "from tests.foundation.test_pdf import rendered\n"
        "print(hashlib.sha256(rendered('<h1>Zoë</h1><p class=name>Ștefan</p>')).hexdigest())"
    )
    here = rendered("<h1>Zoë</h1><p class=name>Ștefan</p>")
    assert rendered("<h1>Zoë</h1><p class=name>Ștefan</p>") == here
    there = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert there.stdout.strip() == hashlib.sha256(here).hexdigest()


def test_another_moment_gives_other_bytes() -> None:
    assert rendered("<p>x</p>") != rendered("<p>x</p>", created=CREATED.replace(hour=10))


def test_metadata_is_what_was_given_whatever_the_page_says() -> None:
    title = "Certificate: Zoë O’Neill (\\) & <Sons> ]]>\x00\x0b\n é"
    pdf = rendered(
        '<title>Another</title><meta name="author" content="Mallory">'
        '<meta name="dcterms.created" content="1999">',
        title=title,
        language="cy",
    )
    reader = PdfReader(BytesIO(pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == "Certificate: Zoë O’Neill (\\) & <Sons> ]]> é"
    assert reader.metadata.author is None
    assert reader.metadata.creation_date == CREATED
    assert reader.trailer["/Root"]["/Lang"] == "cy"
    # The same, in the XML that archives read: it parses, and holds the title.
    assert reader.xmp_metadata is not None
    assert reader.xmp_metadata.dc_title == {"x-default": "Certificate: Zoë O’Neill (\\) & <Sons> ]]> é"}


def test_document_is_tagged_and_says_so() -> None:
    pdf = rendered(
        "<h1>Heading</h1><svg viewBox='0 0 1 1'><title>A square</title><path d='M0 0h1v1z'/></svg>"
    )
    root = PdfReader(BytesIO(pdf)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    elements, figures = [root["/StructTreeRoot"]], []
    kinds = set()
    while elements:
        element = elements.pop()
        if hasattr(element, "get"):
            kinds.add(element.get("/S"))
            figures += [element["/Alt"]] if element.get("/S") == "/Figure" else []
            children = element.get("/K", [])
            elements += [
                child.get_object() for child in (children if isinstance(children, list) else [children])
            ]
    assert {"/Document", "/H1", "/Figure"} <= kinds
    assert figures == ["A square"]
    assert b"pdfuaid:part" in PdfReader(BytesIO(pdf)).trailer["/Root"]["/Metadata"].get_data()


# --- What must be there -------------------------------------------------------------------------


@pytest.mark.parametrize("library", ["pango-1", "harfbuzz-subset"])
def test_missing_library_stops_the_start_and_says_what_to_install(library: str) -> None:
    script = f"""
import cffi
real = cffi.FFI.dlopen
def dlopen(self, name, flags=0):
    if "{library}" in name:
        raise OSError("cannot open shared object file")
    return real(self, name, flags)
cffi.FFI.dlopen = dlopen
import aimcert.foundation.pdf
"""
    run = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    assert run.returncode == 1
    assert "ImproperlyConfigured" in run.stderr
    assert "apt-get install" in run.stderr


# --- Images that come with a page ---------------------------------------------------------------


def png(colour: str = "red") -> bytes:
    written = BytesIO()
    Image.new("RGB", (4, 4), colour).save(written, "PNG")
    return written.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4v4z" fill="red"/></svg>'


@pytest.mark.parametrize("image", [png(), SVG])
def test_image_that_came_with_the_page_is_drawn_and_named(image: bytes) -> None:
    body = '<img src="given:mark" alt="A mark" style="width: 100mm; height: 100mm">'
    pdf = rendered(body, images={"mark": image})
    assert rendered(body, images={"mark": image}) == pdf
    assert (255, 0, 0) in colours_of(pdf)
    assert (255, 0, 0) not in colours_of(rendered(body))
    assert b"A mark" not in text_of(pdf).encode()


def colours_of(pdf: bytes) -> set[Any]:
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[0].render(scale=0.5).to_pil().convert("RGB")
    return {colour for _count, colour in picture.getcolors(100_000)}


@pytest.mark.parametrize(
    "image", [png()[:40], b"<svg", b'<svg xmlns="http://www.w3.org/2000/svg"><g/><x</svg>']
)
def test_image_that_cannot_be_drawn_stops_the_document(image: bytes) -> None:
    with pytest.raises(GivenImageFailed):
        rendered('<img src="given:mark" alt="A mark">', images={"mark": image})
    assert "A mark" in text_of(rendered('<img src="given:mark" alt="A mark">'))
