"""One person's day in a room: signing in, answering until it closes, submitting, each in their own way."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from urllib.parse import urlsplit

from rehearsal.browser import Browser, Form, GivenUp
from rehearsal.device import Device, Person
from rehearsal.plain_forms import answer_by_form
from rehearsal.texts import Asked
from rehearsal.wire import Trouble

GAP_SECONDS = (10.0, 26.0)
# Text that comes this much after closing does not count: `GRACE` of participation, and a little.
TOO_LATE_SECONDS = 32.0


class Manner(StrEnum):
    """How somebody ends."""

    IN_TIME = "in time"
    LAST_MOMENT = "in the last moment"
    IN_GRACE = "typed until it closed, saved within the grace"
    TOO_LATE = "typed on, too late"
    NEVER = "never submits"


@dataclass
class Room:
    """One course.

    Attributes:
        closes_at: when its trainer means to close it, by `time.monotonic`.
        is_closing: whether its trainer has begun to close it.
        closed: set once the trainer was told that it is.
        closed_at: when that was.
    """

    number: int
    closes_at: float
    closed: asyncio.Event
    closed_at: float = 0.0
    is_closing: bool = False


class Dealer:
    """Deals out what befalls devices, by chance, as many of each trouble as the day has come to.

    Attributes:
        due: how many of each are due by now.
    """

    def __init__(self, chance: Random) -> None:
        self.dealt: Counter[Trouble] = Counter()
        self.due = 0.0
        self.chance = chance

    def deal(self, among: Sequence[Trouble] = tuple(Trouble)) -> Trouble | None:
        """What befalls the next save, one of `among`; mostly nothing, unless many are due."""
        behind = [trouble for trouble in among if self.dealt[trouble] < self.due]
        if not behind or self.chance.random() > 0.5:
            return None
        trouble = self.chance.choice(behind)
        self.dealt[trouble] += 1
        return trouble


@dataclass
class Day:
    """What one person does from signing in to their receipt.

    Args:
        enters: how they sign in; None where their session was made.
        has_script: off for somebody whose browser runs none, who uses the plain forms.
        late_ones: whether the rehearsal lasts long enough for somebody to be too late.
        pace: what the gaps between their saves are multiplied by.
    """

    person: Person
    room: Room
    dealer: Dealer
    chance: Random
    has_script: bool = True
    late_ones: bool = True
    pace: float = 1.0
    enters: Callable[[Browser], Awaitable[None]] | None = None

    async def live(self) -> None:
        """The whole day; what cannot go on is noted as an error that a person saw."""
        try:
            if self.enters is not None:
                await self.enters(self.person.browser)
            manner = self._manner()
            if self.has_script:
                await self._answer(manner)
            else:
                await self._answer_by_forms(manner)
            if manner is not Manner.NEVER:
                await self._submit()
        except GivenUp:
            pass

    def _manner(self) -> Manner:
        drawn = self.chance.random()
        if drawn < 0.35:
            return Manner.IN_TIME
        if drawn < 0.65:
            return Manner.LAST_MOMENT
        if drawn < 0.83:
            return Manner.IN_GRACE
        if drawn < 0.95:
            return Manner.TOO_LATE if self.late_ones else Manner.IN_GRACE
        return Manner.NEVER

    def _before_closing(self, manner: Manner) -> float:
        """How many seconds before the room closes they stop typing and begin to submit."""
        last_minute = min(60.0, (self.room.closes_at - time.monotonic()) / 4)
        if manner is Manner.IN_TIME:
            return self.chance.uniform(0.2, 1) * last_minute
        if manner is Manner.LAST_MOMENT:
            return self.chance.uniform(0, 0.1) * last_minute
        return 0.0

    def _goes_on(self, before: float) -> bool:
        return time.monotonic() < self.room.closes_at - before and not self.person.is_over

    # --- Answering with the script ------------------------------------------------------------

    async def _answer(self, manner: Manner) -> None:
        device = Device(self.person)
        await device.open()
        before = self._before_closing(manner)
        while self._goes_on(before):
            number = self._which().number
            if not await device.has(number):
                break
            device.type(number)
            trouble = self.dealer.deal()
            if trouble is Trouble.RELOAD:
                if self.chance.random() < 0.5:
                    await device.leave(number)
                device = device.reloaded()
                await device.open()
                trouble = None
            elif trouble is Trouble.SECOND_TAB:
                await self._second_tab(device, number)
                trouble = None
            await device.save(number, trouble)
            await self._pause(before)
        if manner in (Manner.IN_GRACE, Manner.TOO_LATE):
            number = self._which().number
            if await device.has(number):
                device.type(number)
            await self.room.closed.wait()
            late = manner is Manner.TOO_LATE
            after = TOO_LATE_SECONDS if late else self.chance.uniform(0, 12)
            await asyncio.sleep(max(0.0, self.room.closed_at + after - time.monotonic()))
        await device.flush()

    async def _second_tab(self, device: Device, number: int) -> None:
        """Another tab types into the same question at once: one of the two is told of a conflict."""
        other = Device(self.person)
        await other.open()
        if not await other.has(number):
            return
        other.type(number)
        await asyncio.gather(device.save(number), other.save(number))
        await other.flush()

    async def _pause(self, before: float) -> None:
        gap = self.pace * self.chance.uniform(*GAP_SECONDS)
        await asyncio.sleep(max(0.0, min(gap, self.room.closes_at - before - time.monotonic())))

    def _which(self) -> Asked:
        """The last question is left to the end, and by some left blank."""
        return self.chance.choice(self.person.questions[:-1])

    # --- Answering by plain forms -------------------------------------------------------------

    async def _answer_by_forms(self, manner: Manner) -> None:
        before = self._before_closing(manner)
        while self._goes_on(before):
            trouble = self.dealer.deal((Trouble.REPLY_LOST, Trouble.CUT_IN_HALF))
            await answer_by_form(self.person, self._which(), trouble)
            await self._pause(before)

    # --- Submitting ---------------------------------------------------------------------------

    async def _submit(self) -> None:
        """Confirm what is blank, declare, and look at the receipt; the last click is often a double one."""
        browser, person = self.person.browser, self.person
        check, submit = person.path("check/"), person.path("submit/")
        page = await browser.until(lambda: browser.get(check), {200, 302})
        boxes = [name for name in Form(page.text).boxes if name.startswith("blank_")]
        if boxes:
            form = dict.fromkeys(boxes, "on")
            if (await browser.until(lambda: browser.post(check, form), {302})).status == 302:
                whole = (name.removeprefix("blank_") for name in boxes)
                # Of a question with several parts, each has a box: blank_3_developmental.level.
                person.ledger.blanks.update(int(number) for number in whole if number.isdigit())
        page = await browser.until(lambda: browser.get(submit), {200, 302})
        if page.status == 200:
            named = Form(page.text).values.get("submission", "")
            form = {"submission": named, "declared": "on"}
            trouble = self.dealer.deal((Trouble.REPLY_LOST, Trouble.SENT_TWICE))
            clicks = 1
            if trouble is Trouble.SENT_TWICE:
                trouble, clicks = None, 2
            replies = await asyncio.gather(
                *(browser.until(lambda: browser.post(submit, form), {302}, trouble) for _ in range(clicks))
            )
            leads_to = {urlsplit(reply.headers.get("location", "")).path for reply in replies}
            if leads_to != {person.path("receipt/")}:
                browser.watched.errors.append(f"person {person.number}: submitting led to {sorted(leads_to)}")
                return
        page = await browser.until(lambda: browser.get(person.path("receipt/")), {200})
        person.ledger.receipt = bool(re.search(r"[0-9a-f]{64}", page.text))


async def close_room(room: Room, browser_of_trainer: Person, course: str) -> None:
    """The trainer closes answering when the time has come."""
    browser = browser_of_trainer.browser
    while (left := room.closes_at - time.monotonic()) > 0:
        await asyncio.sleep(min(left, 1.0))
    room.is_closing = True
    try:
        await browser.until(lambda: browser.post(f"/courses/{course}/case-study/close/", {}), {302})
    except GivenUp:
        browser.watched.errors.append(f"room {room.number} could not be closed")
    room.closed_at = time.monotonic()
    room.closed.set()
