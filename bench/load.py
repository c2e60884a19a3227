"""A small HTTP client that asks as fast as it is answered, over a fixed number of connections."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True)
class Ask:
    """One request: `form` or `document`, sent as JSON, makes it a POST; `cookies` sign it in."""

    path: str
    cookies: str = ""
    form: dict[str, str] | None = None
    expected: int = 200
    document: dict[str, Any] | None = None
    # What goes with a document in the place of a form's own field.
    csrf: str = ""

    @property
    def is_post(self) -> bool:
        return self.form is not None or self.document is not None

    def as_bytes(self, host: str) -> bytes:
        body = urlencode(self.form).encode() if self.form is not None else b""
        if self.document is not None:
            body = json.dumps(self.document, ensure_ascii=False).encode()
        head = [
            f"{'POST' if self.is_post else 'GET'} {self.path} HTTP/1.1",
            f"Host: {host}",
            "Connection: close",
            "Accept-Encoding: identity",
        ]
        if self.cookies:
            head.append(f"Cookie: {self.cookies}")
        if self.is_post:
            kind = "application/x-www-form-urlencoded" if self.document is None else "application/json"
            head += [f"Content-Length: {len(body)}", f"Content-Type: {kind}", f"Referer: http://{host}/"]
        if self.csrf:
            head += ["Accept: application/json", f"X-CSRFToken: {self.csrf}"]
        return "\r\n".join(head).encode() + b"\r\n\r\n" + body


@dataclass(frozen=True)
class Measured:
    """What one run came to."""

    rps: float
    p50_ms: float
    p95_ms: float


class Unexpected(Exception):
    """A server answered otherwise than the ask expected: the figures would mean nothing."""


async def _answered(port: int, ask: Ask) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(ask.as_bytes(f"127.0.0.1:{port}"))
        answer = await reader.read()
        while not reader.at_eof():
            answer += await reader.read()
    finally:
        writer.close()
    status = int(answer[9:12] or 0)
    if status != ask.expected:
        raise Unexpected(
            f"{ask.path}: {status}, not {ask.expected}\n{answer[:2000].decode(errors='replace')}"
        )


async def _run(port: int, asks: Sequence[Ask], connections: int) -> Measured:
    took: list[float] = []

    async def connection(number: int) -> None:
        # A share of its own: what one person sends never overtakes what they sent before.
        for ask in asks[number::connections]:
            began = time.perf_counter()
            await _answered(port, ask)
            took.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(connection(number) for number in range(connections)))
    lasted = time.perf_counter() - began
    cuts = statistics.quantiles(took, n=20) if len(took) > 1 else [took[0]] * 19
    return Measured(len(took) / lasted, 1000 * statistics.median(took), 1000 * cuts[18])


def run(port: int, asks: Iterable[Ask], connections: int) -> Measured:
    """Send `asks`, each once, over `connections` at a time.

    Raises:
        Unexpected: an answer had another status than its ask expected.
    """
    return asyncio.run(_run(port, list(asks), connections))
