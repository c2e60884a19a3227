"""How fast a save is without faults, as ratios to the floor's in the same run."""

from __future__ import annotations

import asyncio
import secrets
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from bench.data import ANSWER, CSRF
from bench.load import Ask, run
from rehearsal.rooms import Saver
from rehearsal.wire import Broken, send

EVERY_SECONDS = 5.0
CONNECTIONS, ASKS = (8, 32), 240
ROUNDS = 5
MOST_P95, LEAST_THROUGHPUT = 20.0, 0.6


@dataclass(frozen=True)
class Speed:
    """What was measured: milliseconds of saves that are sent every 5 seconds, and saves per second.

    Attributes:
        p95_ratio: our p95 to the floor's median: the median of `ROUNDS` pairs, which are `p95_ratios`.
        throughput: by connections, ours to the floor's: the median of `ROUNDS` pairs.
    """

    people: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    floor_p50_ms: float
    floor_p95_ms: float
    p95_ratios: list[float]
    p95_ratio: float
    saves_per_second: dict[int, float]
    floor_saves_per_second: dict[int, float]
    throughput: dict[int, float]

    @property
    def is_met(self) -> bool:
        return self.p95_ratio < MOST_P95 and min(self.throughput.values()) >= LEAST_THROUGHPUT

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def ours(saver: Saver) -> Ask:
    """A save as the page's script sends it, which builds on the one before."""
    document = {
        "submission": str(saver.submission),
        "device": str(saver.device),
        "sequence": saver.revision,
        "base": saver.revision,
        "values": {"text": f"{ANSWER}{secrets.token_hex(8)}"},
        "finished": None,
    }
    saver.revision += 1
    path = f"/my/{saver.enrolment}/questions/{saver.number}/save/"
    return Ask(path, saver.cookies, document=document, csrf=CSRF)


def floors(saver: Saver) -> Ask:
    """The floor's, a form."""
    form = {
        "csrfmiddlewaretoken": CSRF,
        "text": f"{ANSWER}{secrets.token_hex(8)}",
        "base_revision": str(saver.revision),
    }
    saver.revision += 1
    return Ask(f"/my/{saver.enrolment}/questions/{saver.number}/", saver.cookies, form, expected=302)


async def _paced(
    port: int, savers: Sequence[Saver], make: Callable[[Saver], Ask], seconds: float, chance: Random
) -> list[float]:
    """Everybody saves every five seconds, each beginning at their own moment; how long each save took."""
    took: list[float] = []
    began = time.monotonic()

    async def one(saver: Saver) -> None:
        due = began + chance.uniform(0, EVERY_SECONDS)
        while due < began + seconds:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            ask = make(saver)
            reply = await send("127.0.0.1", port, ask, chance)
            if reply.status != ask.expected:
                raise Broken(f"{ask.path}: {reply.status} {reply.text[:500]}")
            took.append(reply.took_ms)
            due += EVERY_SECONDS

    await asyncio.gather(*(one(saver) for saver in savers))
    return took


def measure(
    our_port: int, floor_port: int, people: tuple[list[Saver], list[Saver]], *, seconds: float, chance: Random
) -> Speed:
    """Ours and the floor's in turn: first paced, then as fast as they are answered.

    Args:
        people: ours, and as many others for the floor.
        seconds: how long each of the two is paced, in `ROUNDS` parts.
    """
    mine, bare = people
    sides = [(our_port, mine, ours), (floor_port, bare, floors)]
    for port, savers, make in sides:
        run(port, [make(savers[number % 8]) for number in range(160)], 8)  # warm
    took: dict[int, list[list[float]]] = {our_port: [], floor_port: []}
    for number in range(ROUNDS):
        for port, savers, make in sides if number % 2 == 0 else sides[::-1]:
            took[port].append(asyncio.run(_paced(port, savers, make, seconds / ROUNDS, chance)))
    rates: dict[int, list[tuple[float, float]]] = {}
    for connections in CONNECTIONS:
        for number in range(ROUNDS):
            got = {}
            for port, savers, make in sides if number % 2 == 0 else sides[::-1]:
                asks = [make(savers[place % connections]) for place in range(ASKS)]
                got[port] = run(port, asks, connections).rps
            rates.setdefault(connections, []).append((got[our_port], got[floor_port]))
    cuts = [statistics.quantiles(each, n=100) for each in took[our_port]]
    floor_cuts = [statistics.quantiles(each, n=100) for each in took[floor_port]]
    ratios = [mine[94] / bare[49] for mine, bare in zip(cuts, floor_cuts, strict=True)]
    return Speed(
        people=len(mine),
        p50_ms=round(statistics.median(each[49] for each in cuts), 2),
        p95_ms=round(statistics.median(each[94] for each in cuts), 2),
        p99_ms=round(statistics.median(each[98] for each in cuts), 2),
        floor_p50_ms=round(statistics.median(each[49] for each in floor_cuts), 2),
        floor_p95_ms=round(statistics.median(each[94] for each in floor_cuts), 2),
        p95_ratios=[round(each, 2) for each in ratios],
        p95_ratio=round(statistics.median(ratios), 2),
        saves_per_second={
            at: round(statistics.median(a for a, _ in pairs), 1) for at, pairs in rates.items()
        },
        floor_saves_per_second={
            at: round(statistics.median(b for _, b in pairs), 1) for at, pairs in rates.items()
        },
        throughput={at: round(statistics.median(a / b for a, b in pairs), 2) for at, pairs in rates.items()},
    )
