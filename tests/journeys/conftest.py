"""The browser of the journeys: real Chromium, CSP in force, nothing loaded from elsewhere.

Fixtures: `page` (one person's browser), `new_page` (another person's), `axe` (accessibility).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, Response, sync_playwright

from ops.machine import chromium
from tests.environment import ROOT
from tests.stack import Stack

CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # Each page is left within a second, and with it what a compiler made of its scripts: that work, a
    # quarter of the browser's, is saved.
    "--js-flags=--no-maglev --no-turbofan",
]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


class Watch:
    """What went wrong in one browser context: script errors, refused resources, other hosts."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.wrong: list[str] = []
        # A journey may well open a page that is refused; the browser reports that as an error too,
        # as it does an icon that it looks for of its own accord.
        self.refused_pages: set[str] = set()

    def follow(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        page.on("console", self._console)
        page.on("request", self._request)
        page.on("response", self._response)

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.request.is_navigation_request():
            self.refused_pages.add(response.url)

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc != self.host:
            self.wrong.append(f"request to another host: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        if message.type == "error" and url not in self.refused_pages and not url.endswith("/favicon.ico"):
            self.wrong.append(f"console: {message.text} ({url})")


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(_playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all journeys of this test worker."""
    path = chromium()
    assert path, "No Chromium runs here: `make test` says how to get one."
    browser = _playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def new_page(browser: Browser, live_stack: Stack) -> Iterator[Callable[..., Page]]:
    """Opens a browser of its own for one more person; takes Playwright's context options.

    Addresses are relative to the stack's: `page.goto("/courses/")`. The test fails at its end if any
    of the pages logged an error or asked another host for anything; `page.watch.wrong` lists these.
    """
    watch, contexts = Watch(live_stack.url), []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(base_url=live_stack.url, locale="en-GB", **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        context.on("page", watch.follow)
        page = context.new_page()
        page.watch = watch  # type: ignore[attr-defined]
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not watch.wrong, "\n".join(watch.wrong)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """The browser of the journey's first person."""
    return new_page()


@pytest.fixture(scope="session")
def axe() -> Callable[..., None]:
    """`axe(page)` fails unless axe finds nothing against WCAG 2.2 AA on the page as it stands."""
    source = AXE.read_text()

    def check(page: Page, *, leave_out: tuple[str, ...] = ()) -> None:
        """Check `page`; `leave_out` names rules of axe to skip, each with its reason beside the call."""
        if not page.evaluate('"axe" in window'):
            page.evaluate(source)
        found = page.evaluate(
            """rules => axe.run(document, {
                   runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
                   resultTypes: ["violations"],
                   rules: Object.fromEntries(rules.map(rule => [rule, {enabled: false}])),
               }).then(result => result.violations)""",
            list(leave_out),
        )
        told = [
            f"{each['id']}: {each['help']}\n" + "\n".join(f"    {node['html']}" for node in each["nodes"])
            for each in found
        ]
        assert not told, f"{page.url}\n" + "\n".join(told)

    return check
