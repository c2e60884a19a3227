"""Looking at one page after another in one browser: axe, its width, its forms, its error summary.

A page is asked of Django's test client, so that a transaction can take its world back, and served to
the browser as it is, headers and all; style sheets, fonts and scripts come from where they were
collected.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.http import HttpResponse
from playwright.sync_api import Browser, ConsoleMessage, Request
from whitenoise import WhiteNoise

from tests.journeys.accessibility.outline import outline_of
from tests.journeys.conftest import AXE

WIDTHS = (320, 1280)
# A folder for pictures of each page that is looked at, as each kind of reader sees it: `Seen`.
PAGES_TO = os.environ.get("PAGES_TO", "")


class Seen(NamedTuple):
    """One way to see a page.

    Args:
        name: the end of its picture's name.
        width: of the window, in pixels; one of 1280 that is enlarged to 200 % is 640 wide.
        media: colours, as Playwright's `emulate_media` takes them.
        text: how large text is, in per cent of what it is otherwise.
    """

    name: str
    width: int
    media: dict[str, Any] = {}
    text: int = 100


DARK, FORCED = {"color_scheme": "dark"}, {"forced_colors": "active"}
WAYS = (
    Seen("1280", 1280),
    Seen("390", 390),
    Seen("1280-dark", 1280, DARK),
    Seen("390-dark", 390, DARK),
    Seen("1280-forced", 1280, FORCED),
    Seen("390-forced", 390, FORCED),
    Seen("1280-twice", 640),
    Seen("390-text-twice", 390, text=200),
)

# What axe does not look at.
FAULTS = """() => {
    const found = [];
    const control = "input:not([type=hidden]), select, textarea";
    const told = element => element.outerHTML.replace(/\\s+/g, " ").slice(0, 160);
    // Controls in which a browser, unless told otherwise, refuses what was typed in words of its own.
    const refusing = "[required], [min], [max], [pattern], [minlength]" +
        ", [type=email], [type=url], [type=number], [type=date], [type=time]";
    for (const form of document.forms) {
        const controls = [...form.elements].filter(each => each.matches(control));
        if (!form.noValidate && controls.some(each => each.matches(refusing)))
            found.push(`a browser's own refusals: ${told(form)}`);
        for (const each of controls.filter(each => each.checkVisibility())) {
            const labels = [...each.labels].map(label => label.textContent.trim()).join("");
            if (!(labels || each.ariaLabel || each.hasAttribute("aria-labelledby")))
                found.push(`no label: ${told(each)}`);
        }
    }
    const summary = document.querySelector("[data-error-summary]");
    if (summary) {
        if (document.activeElement !== summary) found.push("the error summary has not got the focus");
        if (!summary.querySelector("li")) found.push("the error summary says nothing");
        for (const link of summary.querySelectorAll("a")) {
            const field = document.getElementById(link.hash.slice(1));
            if (!field || !field.matches(control))
                found.push(`leads to no field: ${told(link)}`);
        }
    }
    return found;
}"""
# The rules of a width hold once a frame was drawn.
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
SIDEWAYS = """() => {
    if (document.documentElement.scrollWidth <= window.innerWidth) return [];
    const wide = [...document.body.querySelectorAll("*")]
        .filter(each => each.getBoundingClientRect().right > window.innerWidth);
    return [`scrolls sideways: ${wide.slice(0, 3).map(each => each.outerHTML.slice(0, 120)).join(" | ")}`];
}"""


# A busy machine may draw some frames by the rules of the width before: what is too wide stays so.
AT_THIS_WIDTH = f"""async () => {{
    await ({DRAWN})();
    for (let frames = 0; frames < 30 && ({SIDEWAYS})().length; frames++) await ({DRAWN})();
    return [...({FAULTS})(), ...({SIDEWAYS})()];
}}"""

# Where motion is reduced, colours still change over a moment, and what inherits them a moment later.
SETTLED = f"""async () => {{
    await ({DRAWN})();
    for (let frames = 0; frames < 30 && document.getAnimations().length; frames++) await ({DRAWN})();
}}"""

# In forced colours the contrast is the reader's own.
LEFT_OUT = {str({"forced_colors": "active"}): ("color-contrast",)}


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


class Looking:
    """One browser that looks at pages; what it or another test worker has looked at once, it knows.

    Pages that differ in words alone are one page. What was asked for is read all the same: see
    `Outline.faults`.

    Attributes:
        asked: how many pages were read.
        looked: how many pages were looked at, at each width and in each choice of colours.
    """

    def __init__(self, browser: Browser, axe: Callable[..., None]) -> None:
        self.asked = self.looked = 0
        self._axe = axe
        self._seen = Path(os.environ["TEST_RUN_DIR"]) / "looked-at"
        self._seen.mkdir(exist_ok=True)
        self._wrong: list[str] = []
        self._response: HttpResponse
        files = WhiteNoise(self._answer, root=settings.STATIC_ROOT, prefix="static/", max_age=3600)
        # As a file the browser keeps it, compiled; told anew for each page it takes half as long as a load.
        files.add_files(AXE.parent, prefix="axe/")
        self._server: WSGIServer = make_server("127.0.0.1", 0, files, handler_class=Quiet)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self._host = f"127.0.0.1:{self._server.server_port}"
        # Nothing moves, so that no colour is read half-way.
        self._context = browser.new_context(
            base_url=f"http://{self._host}", locale="en-GB", reduced_motion="reduce"
        )
        self._page = self._context.new_page()
        self._width, self._media = 0, {"color_scheme": ""}
        self._page.on("pageerror", lambda error: self._wrong.append(f"script: {error}"))
        self._page.on("console", self._heard)
        self._page.on("request", self._asks)

    def close(self) -> None:
        self._context.close()
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        status = HTTPStatus(self._response.status_code)
        start(f"{status.value} {status.phrase}", list(self._response.items()))
        return [self._response.content]

    def _heard(self, message: ConsoleMessage) -> None:
        # A page that is refused is reported as an error of its own.
        if message.type == "error" and message.location.get("url") != self._page.url:
            self._wrong.append(f"console: {message.text}")

    def _asks(self, request: Request) -> None:
        if urlsplit(request.url).netloc not in (self._host, ""):
            self._wrong.append(f"asks another host: {request.url}")

    def at(
        self, path: str, response: HttpResponse, name: str, media: dict[str, Any] | None = None
    ) -> list[str]:
        """What is wrong with a page.

        Args:
            path: its address.
            response: what the test client was given there.
            name: what it is, for a message and for its picture's name.
            media: colours to see it in, as Playwright's `emulate_media` takes them.
        """
        self.asked += 1
        outline = outline_of(response)
        found = outline.faults()
        if any([self._is_new(outline.skeleton, media), self._is_new(outline.frame, media)]):
            found += self._look(path, response, name, media or {})
        return [f"{name} ({path}): {fault}" for fault in found]

    def measured(self, path: str, response: HttpResponse, width: int, script: str) -> Any:
        """What `script` finds on a page at one width, in pixels."""
        self._response = response
        self._resize(width)
        self._page.goto(path)
        self._page.evaluate(DRAWN)
        return self._page.evaluate(script)

    def printed(self, path: str, response: HttpResponse, width: int = 1280) -> bytes:
        """A page as it is printed on A4, from a window so wide, of somebody who reads in the dark."""
        self._response, self._media = response, {"color_scheme": ""}
        self._resize(width)
        self._page.emulate_media(color_scheme="dark")
        self._page.goto(path)
        printed = self._page.pdf(format="A4", prefer_css_page_size=True)
        self._page.emulate_media(color_scheme="light")
        return printed

    def _is_new(self, skeleton: str, media: dict[str, Any] | None) -> bool:
        """Whether none of this run's test workers has looked at such a page; from now on one has."""
        colours = "-".join(sorted((media or {}).values()))
        try:
            (self._seen / f"{skeleton}{colours}").touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def _look(self, path: str, response: HttpResponse, name: str, media: dict[str, Any]) -> list[str]:
        page, self._response, self._wrong = self._page, response, []
        found: list[str] = []
        if self._media != media:
            page.emulate_media(**{"color_scheme": "light", "forced_colors": "none", **media})
            self._media = media
        widths = list(WIDTHS[-1:] if media else WIDTHS)  # another width has no other colours
        if widths[-1] == self._width:
            widths.reverse()  # the window begins as the page before left it
        for width in widths:
            self._resize(width)
            if width == widths[0]:
                page.goto(path)
                page.add_script_tag(url=f"/axe/{AXE.name}")
            found += page.evaluate(AT_THIS_WIDTH)
            try:
                self._axe(page, leave_out=LEFT_OUT.get(str(media), ()))
            except AssertionError as violations:
                found.append(f"at {width} px, {violations}")
            self.looked += 1
        if PAGES_TO and not media:
            found += self._pictures(re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"))
        return list(dict.fromkeys(found)) + self._wrong

    def _pictures(self, name: str) -> list[str]:
        """A picture of the page in each of `WAYS`; what is too wide in one, or too pale in the dark."""
        found = []
        for way in WAYS:
            self._resize(way.width)
            self._page.emulate_media(**{"color_scheme": "light", "forced_colors": "none", **way.media})
            self._page.evaluate("size => { document.documentElement.style.fontSize = size; }", f"{way.text}%")
            self._page.evaluate(SETTLED)
            found += [f"{way.name}: {fault}" for fault in self._page.evaluate(AT_THIS_WIDTH)]
            if way.media == DARK:
                try:
                    self._axe(self._page)
                except AssertionError as violations:
                    found.append(f"{way.name}: {violations}")
            self._page.screenshot(path=Path(PAGES_TO) / f"{name}-{way.name}.png", full_page=True)
        self._page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
        self._page.emulate_media(color_scheme="light", forced_colors="none")
        self._media = {}
        return found

    def _resize(self, width: int) -> None:
        if width != self._width:
            self._page.set_viewport_size({"width": width, "height": 800})
            self._width = width
