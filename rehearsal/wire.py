"""One request over one TCP connection, which may break at the worst moment."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from enum import StrEnum
from http.cookies import SimpleCookie
from random import Random
from typing import Any

from bench.load import Ask

ANSWER_SECONDS = 30.0


class Trouble(StrEnum):
    """What happens to a device, or to what it sends."""

    REPLY_LOST = "reply lost"
    CUT_IN_HALF = "request cut in half"
    RELOAD = "reload"
    SECOND_TAB = "second tab"
    SENT_TWICE = "sent twice"


class Broken(Exception):
    """The connection ended before a whole reply came."""


@dataclass(frozen=True)
class Reply:
    """What the server answered.

    Attributes:
        headers: in lower case; of those that come twice, the last.
        cookies: that it set.
        took_ms: from opening the connection to the last byte.
    """

    status: int
    headers: dict[str, str]
    cookies: dict[str, str]
    body: bytes
    took_ms: float

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def told(self) -> dict[str, Any]:
        """The reply's JSON; empty where it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def state(self) -> str:
        return str(self.told.get("state", ""))


async def send(
    host: str, port: int, ask: Ask, chance: Random, trouble: Trouble | None = None, *, source: str = ""
) -> Reply:
    """Send `ask` and read the reply, unless `trouble` breaks the connection on the way.

    Args:
        source: the loopback address that it comes from; "" for the usual one.

    Raises:
        Broken: there is no whole reply: nobody listens, the other end went, it took too long, or `trouble`.
    """
    began = time.perf_counter()
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            own = (source, 0) if source else None
            reader, writer = await asyncio.open_connection(host, port, local_addr=own)
            try:
                content = ask.as_bytes(f"{host}:{port}")
                if trouble is Trouble.CUT_IN_HALF:
                    await _cut(writer, content, chance)
                writer.write(content)
                await writer.drain()
                if trouble is Trouble.REPLY_LOST:
                    # From before the server has read it to after it has answered.
                    await asyncio.sleep(chance.choice([0, 0.002, 0.01, 0.05]))
                    raise Broken("the reply was lost on purpose")
                received = await reader.read()
                while not reader.at_eof():
                    received += await reader.read()
            finally:
                if trouble is None:
                    writer.close()
                else:
                    writer.transport.abort()
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
        raise Broken(f"{type(error).__name__}: {error}") from None
    return _reply(received, 1000 * (time.perf_counter() - began))


async def _cut(writer: asyncio.StreamWriter, content: bytes, chance: Random) -> None:
    """Stop within the body where there is one: in order half of the time, as a dead phone the other half."""
    body = content.index(b"\r\n\r\n") + 4
    end = chance.randint(body, len(content) - 1) if body < len(content) else body // 2
    writer.write(content[:end])
    await writer.drain()
    if chance.random() < 0.5:
        writer.write_eof()
    await asyncio.sleep(chance.choice([0, 0.005, 0.05]))
    raise Broken("the request was cut on purpose")


def _reply(received: bytes, took_ms: float) -> Reply:
    head, separator, body = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    status = lines[0][9:12]
    if not separator or not status.isdigit():
        raise Broken("there was no reply")
    headers: dict[str, str] = {}
    cookies: dict[str, str] = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
        if name.lower() == "set-cookie":
            cookies |= {key: each.value for key, each in SimpleCookie(value.strip()).items()}
    length = headers.get("content-length")
    if length is not None and int(length) != len(body):
        raise Broken("half of the reply came")
    return Reply(int(status), headers, cookies, body, took_ms)
