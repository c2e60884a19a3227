"""One person's browser: their cookies, and sending until an answer comes, as the page's script does."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from html.parser import HTMLParser
from random import Random
from typing import Any

from bench.load import Ask
from rehearsal.texts import authors
from rehearsal.wire import Broken, Reply, Trouble, send

# Longer without an answer, and a person would wonder; much longer, and the rehearsal goes on without it.
SEEN_SECONDS, GIVEN_UP_SECONDS = 15.0, 180.0
FIRST_PAUSE, LONGEST_PAUSE = 0.3, 6.0


class GivenUp(Exception):
    """No answer came, however long it was tried."""


@dataclass
class Watched:
    """What everybody's browsers met, together.

    Attributes:
        saves_ms: how long each save took that was answered by the protocol, the last try alone.
        errors: what a person would have seen, in words.
        healed: tries that failed and were healed by a later one in time.
        sign_ins: how long each signing in took, in seconds, from asking for a code to the first page.
        works: how often one of them had to work first.
    """

    saves_ms: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    healed: int = 0
    requests: int = 0
    sign_ins: list[float] = field(default_factory=list)
    works: int = 0


@dataclass
class Browser:
    """The browser of one person.

    Args:
        person: their number, in each of their pieces.
        cookies: by name.
        source: the loopback address that they come from; "" for the usual one.
    """

    host: str
    port: int
    person: int
    cookies: dict[str, str]
    chance: Random
    watched: Watched
    strangers: list[str]
    source: str = ""

    def get(self, path: str) -> Ask:
        return Ask(path, self._jar)

    def post(self, path: str, form: dict[str, str]) -> Ask:
        return Ask(path, self._jar, {"csrfmiddlewaretoken": self.csrf, **form})

    def json(self, path: str, document: dict[str, Any]) -> Ask:
        return Ask(path, self._jar, document=document, csrf=self.csrf)

    @property
    def csrf(self) -> str:
        return self.cookies.get("csrftoken", "")

    @property
    def _jar(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def once(self, ask: Ask, trouble: Trouble | None = None) -> Reply:
        """Send once.

        Raises:
            Broken: no reply came.
        """
        self.watched.requests += 1
        reply = await send(self.host, self.port, ask, self.chance, trouble, source=self.source)
        self.cookies |= reply.cookies
        if others := authors(reply.text) - {self.person}:
            self.strangers.append(f"was shown words of person {min(others)} at {ask.path}")
        return reply

    async def until(
        self,
        make: Callable[[], Ask],
        good: Container[int],
        trouble: Trouble | None = None,
        *,
        failing: Callable[[], None] | None = None,
    ) -> Reply:
        """Send until one of the statuses in `good` comes; `trouble` befalls the first try alone.

        Raises:
            GivenUp: none came in `GIVEN_UP_SECONDS`, or one that sending again does not change.
        """
        began, pause, failed, seen = time.monotonic(), FIRST_PAUSE, 0, False
        while True:
            what = ""
            try:
                reply = await self.once(make(), trouble)
                if reply.status in good:
                    self.watched.healed += failed
                    return reply
                what = f"{reply.status} {reply.state}"
            except Broken as error:
                what, reply = str(error), None
            ask = make()
            failed += 0 if trouble else 1
            trouble = None
            lasted = time.monotonic() - began
            final = reply is not None and reply.status < 500
            if (final or lasted > SEEN_SECONDS) and not seen:
                seen = True
                self.watched.errors.append(
                    f"person {self.person}: {what} at {_kind(ask)} after {lasted:.0f} s"
                )
            if final or lasted > GIVEN_UP_SECONDS:
                raise GivenUp(what)
            # With jitter, so that a room does not come back all at once.
            await asyncio.sleep(pause * self.chance.uniform(0.5, 1))
            pause = min(2 * pause, LONGEST_PAUSE)


def _kind(ask: Ask) -> str:
    """Which page it is, without whose."""
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", ask.path)
    return f"{'POST' if ask.is_post else 'GET'} {path}"


class Form(HTMLParser):
    """What the forms of a page hold: hidden fields, boxes and a text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.values: dict[str, str] = {}
        self.boxes: list[str] = []
        self._area: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name")
        if tag == "textarea" and name:
            self._area = name
            self.values.setdefault(name, "")
        elif tag == "input" and name:
            if given.get("type") in ("checkbox", "radio"):
                self.boxes.append(name)
            else:
                self.values[name] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.values[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            # The line feed after the tag is the page's.
            self.values[self._area] = self.values[self._area].removeprefix("\n")
            self._area = None
