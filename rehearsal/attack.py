"""An attack on a room while it comes in, on our own servers: codes asked for in people's names, and guessed.

Each attacker has networks of its own, loopback addresses other than the room's; one sits in the room. They do
all that docs/adr/0016-getting-in.md says somebody may try: ask for codes, work where work is set, type wrong
codes, also a trainer's, and have letters written to addresses without an account.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from rehearsal.browser import Browser, Watched
from rehearsal.entering import CODE, SIGN_IN, work_on
from rehearsal.wire import Broken

ATTACKERS, NETWORKS, PAUSE_SECONDS = 4, 40, 0.05
IN_THE_ROOM = "127.0.0.1"


@dataclass
class Attack:
    """What is done to one room.

    Args:
        emails: of its people.
        room_code: the page that takes a trainer's code.

    Attributes:
        done: how often each thing was tried, and what came of it.
        got_in: addresses as which an attacker got in.
    """

    host: str
    port: int
    emails: Sequence[str]
    room_code: str
    chance: Random
    done: Counter[str] = field(default_factory=Counter)
    got_in: list[str] = field(default_factory=list)

    async def run(self, ends: asyncio.Event) -> None:
        """Attack until `ends` is set."""
        await asyncio.gather(*(self._attacker(number, ends) for number in range(ATTACKERS)))

    async def _attacker(self, number: int, ends: asyncio.Event) -> None:
        while not ends.is_set():
            # The first one sits in the room.
            network = f"127.0.{number}.{self.chance.randint(2, NETWORKS)}" if number else IN_THE_ROOM
            browser = Browser(self.host, self.port, 0, {}, self.chance, Watched(), [], source=network)
            acts = (self._guess, self._guess, self._guess_trainers_code, self._ask_for_strangers)
            try:
                await self.chance.choice(acts)(browser)
            except Broken:
                self.done["no answer"] += 1
            await asyncio.sleep(PAUSE_SECONDS)

    async def _guess(self, browser: Browser) -> None:
        email = self.chance.choice(self.emails)
        await self._ask(browser, email)
        for _ in range(6):
            reply = await browser.once(browser.post(CODE, {"code": self._digits(8)}))
            self.done["codes guessed"] += 1
            if reply.status == 302 and reply.headers.get("location") == "/":
                self.got_in.append(email)

    async def _ask(self, browser: Browser, email: str) -> None:
        await browser.once(browser.get("/account/sign-in/"))
        reply = await browser.once(browser.post(SIGN_IN, {"email": email}))
        self.done["codes asked for"] += 1
        if reply.status == 429:
            self.done["work set"] += 1
            handed_in = await work_on(reply.text)
            reply = await browser.once(browser.post(SIGN_IN, {"email": email, **handed_in}))
            self.done["refused after work"] += reply.status == 429

    async def _guess_trainers_code(self, browser: Browser) -> None:
        await browser.once(browser.get(self.room_code))
        email = self.chance.choice(self.emails)
        for _ in range(5):
            reply = await browser.once(
                browser.post(self.room_code, {"email": email, "code": self._digits(10)})
            )
            self.done["trainer's codes guessed"] += 1
            if reply.status == 302:
                self.got_in.append(email)

    async def _ask_for_strangers(self, browser: Browser) -> None:
        self.done["unknown addresses"] += 1
        await self._ask(browser, f"nobody{self._digits(9)}@elsewhere.example")

    def _digits(self, length: int) -> str:
        return f"{self.chance.randrange(10**length):0{length}d}"
