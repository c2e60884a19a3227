"""The PDF engine: our own HTML to a tagged PDF, with bundled fonts and nothing fetched from anywhere."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from celery.signals import worker_process_shutdown
from django.core.exceptions import ImproperlyConfigured

from aimcert.foundation.glyphs import FONT_SCHEME, font_file, style_of

# Both tell each of their steps.
for _chatty in ("weasyprint.progress", "fontTools"):
    logging.getLogger(_chatty).setLevel(logging.WARNING)


def _without_letters(record: logging.LogRecord) -> bool:
    # It quotes the letters for which there is no font: they are of somebody's name.
    if str(record.msg).startswith(".notdef"):
        record.msg, record.args = "letters without a bundled font", ()
    return True


logging.getLogger("weasyprint").addFilter(_without_letters)

_INSTALL = "on Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

try:
    import weasyprint
    from weasyprint.pdf.metadata import DocumentMetadata
    from weasyprint.text.ffi import harfbuzz_subset
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
except OSError as error:
    raise ImproperlyConfigured(f"Documents need Pango; {_INSTALL}") from error
if harfbuzz_subset is None:
    # WeasyPrint would go on without it, twelve times slower.
    raise ImproperlyConfigured(f"Documents need HarfBuzz's subsetting; {_INSTALL}")

# A configuration of fontconfig that knows no folder of the machine's.
_NO_FONTS = Path(__file__).with_name("fonts.conf")

# Pango's font maps are not made for several threads.
_one_at_a_time = Lock()


# How a page names an image that it came with.
IMAGE_SCHEME = "given:"


class BundledFontMissing(Exception):
    """A stylesheet names a font file that is not among the static files."""


class FontsConfused(Exception):
    """Two font files of a stylesheet are described alike."""


class GivenImageFailed(Exception):
    """An image that a page came with cannot be drawn."""


class _FailedImages(logging.Handler):
    """Hears of images that cannot be drawn, which WeasyPrint tells to its log alone."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.any = False

    def emit(self, record: logging.LogRecord) -> None:
        # "Failed to load image at …", "Failed to render SVG image …".
        self.any = self.any or str(record.msg).startswith("Failed to")


class _BundledFonts(URLFetcher):
    """Gives a stylesheet its font files, by their static name, and nothing else."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        name = url.removeprefix(FONT_SCHEME)
        if name == url or not name.endswith(".woff2"):
            # WeasyPrint swallows any other error, and DejaVu would stand in silently.
            raise FatalURLFetchingError(f"A document's stylesheet may not fetch {url}")
        try:
            return URLFetcherResponse(url, font_file(name), {"Content-Type": "font/woff2"})
        except OSError as error:
            raise FatalURLFetchingError(f"The font {name} is not among the static files") from error


class _GivenImages(URLFetcher):
    """Gives a page the images that it came with, by their names, and nothing else."""

    def __init__(self, images: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=())
        self._images = images

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        name = url.removeprefix(IMAGE_SCHEME)
        if name == url or name not in self._images:
            return super().fetch(url, headers)
        content = self._images[name]
        kind = "image/png" if content.startswith(b"\x89PNG") else "image/svg+xml"
        return URLFetcherResponse(url, content, {"Content-Type": kind})


class _Fonts(FontConfiguration):
    """WeasyPrint's fonts, refusing two files that it would take for one another.

    It knows a font by its family, style and weight alone: of two subsets that share them, the
    letters of one would be drawn with the shapes of the other, and a name would be wrong.

    And they are the stylesheet's alone: a letter that these lack is drawn as an empty box, never from a
    font of the machine's or of another document, which would give other bytes on another day.
    """

    def __init__(self) -> None:
        # Read while the configuration is made, and only then: a browser that this process starts has its own.
        before = os.environ.get("FONTCONFIG_FILE")
        os.environ["FONTCONFIG_FILE"] = str(_NO_FONTS)
        try:
            super().__init__()
        finally:
            del os.environ["FONTCONFIG_FILE"]
            if before is not None:
                os.environ["FONTCONFIG_FILE"] = before
        self._files: dict[tuple[str, str, str], object] = {}

    def add_font_face(self, rule_descriptors: dict[str, Any], url_fetcher: URLFetcher) -> None:
        if not isinstance(url_fetcher, _BundledFonts):
            # A page's own <style>: fonts last as long as the process, and are the stylesheets' alone.
            return
        described = (
            rule_descriptors["font_family"],
            str(rule_descriptors.get("font_style", "normal")),
            str(rule_descriptors.get("font_weight", "normal")),
        )
        if self._files.get(described, rule_descriptors["src"]) != rule_descriptors["src"]:
            raise FontsConfused(f"Give each subset a family of its own: {described} has two files")
        super().add_font_face(rule_descriptors, url_fetcher)
        self._files[described] = rule_descriptors["src"]


@cache
def _fonts(stylesheet: str) -> _Fonts:
    return _Fonts()


@worker_process_shutdown.connect
def _forget_fonts(**_: Any) -> None:
    # Celery's children end without Python's own tidying, and would leave their copy of the fonts behind.
    _parsed.cache_clear()
    _fonts.cache_clear()
    # A document's boxes hold one another, and the fonts with them, until they are collected.
    gc.collect()


@cache
def _parsed(stylesheet: str) -> weasyprint.CSS:
    try:
        return weasyprint.CSS(
            string=style_of(stylesheet),
            font_config=_fonts(stylesheet),
            url_fetcher=_BundledFonts(),
        )
    except FatalURLFetchingError as error:
        # It derives from BaseException, which would end the worker instead of the task.
        raise BundledFontMissing(str(error)) from error


def render_pdf(
    html: str,
    *,
    stylesheet: str,
    title: str,
    language: str,
    created: datetime,
    images: Mapping[str, bytes] | None = None,
) -> bytes:
    """Write `html` as a tagged PDF (PDF/UA-1, ISO 14289-1).

    The same arguments give the same bytes, on the same versions. Nothing that `html` names is
    fetched: images are inline SVG or among `images`, and fonts come from the stylesheet alone; what they
    lack is an empty box (see `glyphs.lacking`). One font configuration and one parsed copy of each
    stylesheet serve a process for its whole life.

    Args:
        html: a whole document, every value in it escaped by the template engine.
        stylesheet: the name of a template that is CSS, such as "documents/certificate.css"; its
            fonts are written `url("static:<name of a static .woff2 file>")`.
        title: what a reader's window and a screen reader call the document; plain text.
        language: its BCP 47 tag, such as "en-gb".
        created: when the facts in it became so; an aware time. Never "now", which would make two
            renderings of one certificate differ.
        images: PNG or SVG files by the names that `html` calls them by, such as "mark" for
            `<img src="given:mark" alt="…">`; each was checked by who gives it.

    Returns:
        the PDF.

    Raises:
        BundledFontMissing: the stylesheet names a font that is not among the static files.
        FontsConfused: two of its fonts have the same family, style and weight.
        GivenImageFailed: one of `images` cannot be drawn.
    """
    with _one_at_a_time, _complaining(images):
        sheet = _parsed(stylesheet)
        document = weasyprint.HTML(string=html, url_fetcher=_GivenImages(images or {})).render(
            font_config=_fonts(stylesheet), stylesheets=[sheet], pdf_variant="pdf/ua-1"
        )
        # What the page says of itself does not count: metadata and attachments are decided here.
        document.metadata = DocumentMetadata(
            title=_one_line(title),
            generator="AIMcert",
            created=created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            lang=_one_line(language),
        )
        return document.write_pdf(pdf_variant="pdf/ua-1")


@contextmanager
def _complaining(images: Mapping[str, bytes] | None) -> Iterator[None]:
    """Raise where an image was left out; other text stands in its place, and would be kept for good."""
    if not images:
        yield
        return
    failed, log = _FailedImages(), logging.getLogger("weasyprint")
    log.addHandler(failed)
    try:
        yield
    finally:
        log.removeHandler(failed)
    if failed.any:
        raise GivenImageFailed


def _one_line(text: str) -> str:
    """`text` without what XML, in which the metadata is written, refuses."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
