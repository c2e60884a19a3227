"""`make rehearse`: a training day on servers of its own, or at URL, then the verdict; docs/rehearsal.md."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bench.serving import ROOT, serve_both
from rehearsal.attack import Attack
from rehearsal.browser import Browser, Watched
from rehearsal.days import Day, Dealer, Room, close_room
from rehearsal.device import Person
from rehearsal.entering import sign_in, sign_in_by_trainers_code
from rehearsal.ledger import Ledger
from rehearsal.options import NotRehearsed, Options, options_from
from rehearsal.stack import Faults, Stack, until_well
from rehearsal.texts import Asked
from rehearsal.wire import Trouble

if TYPE_CHECKING:
    from rehearsal.report import Attacked, Report
    from rehearsal.rooms import MadeRoom, Member, Rooms
    from rehearsal.speed import Speed

VAR = Path(os.environ.get("REHEARSAL_VAR") or ROOT / "var" / "rehearse")
# Whoever is too late comes half a minute after the last room closed.
AFTER_SECONDS = 45.0
# A letter that failed is tried again after a pause.
LETTER_SECONDS = 240.0
ONE_IN_WITHOUT_SCRIPT = 10
PACED_SECONDS, PACED_PEOPLE = 45.0, 300


def say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {line}" if line.endswith("…") else line, flush=True)


class Rehearsal:
    """One training day: its rooms and people, and what was written down of it."""

    def __init__(
        self, options: Options, rooms: list[MadeRoom], questions: list[Asked], stack: Stack | None
    ) -> None:
        self.options, self.made, self.questions, self.stack = options, rooms, questions, stack
        self.host = options.host
        self.port = stack.port if stack else urlsplit(options.url).port or 80
        self.watched = Watched()
        self.ledgers: list[Ledger] = []
        # A short day, as a test's, goes faster.
        self.pace = min(1.0, options.seconds / 120)
        self.dealer = Dealer(Random(options.seed + 1))
        self.faults: Faults | None = None
        self.attack: Attack | None = None
        # How much of the day is over, from 0 to 1.
        self.share = 0.0

    def _browser(self, number: int, cookies: dict[str, str], strangers: list[str]) -> Browser:
        chance = Random(f"{self.options.seed}/{number}")
        return Browser(self.host, self.port, number, dict(cookies), chance, self.watched, strangers)

    async def run(self, thread: ThreadPoolExecutor) -> None:
        """The whole day; it ends by itself."""
        began = time.monotonic()
        days: list[Coroutine[Any, Any, None]] = []
        rooms, number = [], 0
        for place, made in enumerate(self.made):
            share = 0.45 + 0.55 * place / max(1, len(self.made) - 1)
            room = Room(place + 1, began + self.options.seconds * share, asyncio.Event())
            trainer = Person(
                0,
                made.course,
                [],
                self._browser(-place - 1, made.trainer_cookies, []),
                Ledger(0, made.course),
            )
            rooms.append(room)
            days.append(close_room(room, trainer, str(made.course)))
            for member in made.members:
                number += 1
                ledger = Ledger(number, member.enrolment)
                self.ledgers.append(ledger)
                browser = self._browser(number, member.cookies, ledger.strangers)
                person = Person(number, member.enrolment, self.questions, browser, ledger)
                day = Day(
                    person,
                    room,
                    self.dealer,
                    browser.chance,
                    has_script=number % ONE_IN_WITHOUT_SCRIPT != 0,
                    late_ones=self.options.is_long,
                    pace=self.pace,
                    enters=self._way_in(made, member) if self.stack and not member.cookies else None,
                )
                days.append(self._after(day))
        came_in, attacking = asyncio.Event(), None
        if self.options.attack:
            attacking = asyncio.create_task(self._attacked(came_in))
            # It is underway before the first one comes.
            await asyncio.sleep(3)
        working = asyncio.gather(*days)
        say(f"{number} people come in …")
        makers = []
        if self.stack is not None and self.options.faults:
            self.faults = Faults(self.stack, Random(self.options.seed + 2))
            makers = [asyncio.create_task(self._make(kind, thread, working)) for kind in Faults.KINDS]
        if self.options.least:
            makers.append(asyncio.create_task(self._stretch(rooms, working, began)))
        most = 2 * self.options.seconds + AFTER_SECONDS + 120
        try:
            async with asyncio.timeout(most):
                await working
        except TimeoutError:
            self.watched.errors.append(f"the day did not end within {most:.0f} s")
        if attacking is not None:
            came_in.set()
            await attacking
        # Each ends after the fault that it is about, so that nothing is left half done.
        await asyncio.gather(*makers)

    def _way_in(self, made: MadeRoom, member: Member) -> Callable[[Browser], Awaitable[None]]:
        """How somebody without a session signs in: by email; under attack, one by their trainer's code."""
        assert self.stack is not None
        code_from = self.stack.code_to
        if not self.options.attack or member is not made.members[-1]:
            return lambda browser: sign_in(browser, member.email, code_from)
        trainer = self._browser(-1, made.trainer_cookies, [])
        give = f"/courses/{made.course}/case-study/people/{member.enrolment}/code/"
        return lambda browser: sign_in_by_trainers_code(browser, trainer, member.email, give, made.room_code)

    async def _attacked(self, came_in: asyncio.Event) -> None:
        """Attack the first room, whose trainer has it open, until all of it are in."""
        made = self.made[0]
        trainer = self._browser(-1, made.trainer_cookies, [])
        await trainer.until(lambda: trainer.get(f"/courses/{made.course}/case-study/"), {200})
        emails = [member.email for member in made.members]
        chance = Random(self.options.seed + 3)
        self.attack = Attack(self.host, self.port, emails, made.room_code, chance)
        attack = asyncio.create_task(self.attack.run(came_in))
        while len(self.watched.sign_ins) < len(emails) and not came_in.is_set():
            await asyncio.sleep(0.5)
        came_in.set()
        await attack

    async def _after(self, day: Day) -> None:
        # A room comes in over some seconds.
        await asyncio.sleep(day.chance.uniform(0, min(40.0, self.options.seconds / 6)))
        await day.live()

    async def _make(self, kind: str, thread: ThreadPoolExecutor, working: asyncio.Future[Any]) -> None:
        """Faults of one kind, as many as the day has come to, with some chance in when; a few more."""
        assert self.faults is not None
        every = self.options.seconds / max(1, self.options.least)
        while not working.done():
            if self.faults.done[kind] < 1.05 * self.share * self.options.least:
                own = thread if kind == Faults.RESTARTED else None
                await asyncio.get_running_loop().run_in_executor(own, self.faults.do, kind)
            await asyncio.wait([working], timeout=every * self.faults.chance.uniform(0.3, 1))

    async def _stretch(self, rooms: list[Room], working: asyncio.Future[Any], began: float) -> None:
        """Keep rooms open longer, twice as long at most, where the machine is too slow for the faults."""
        added = 0
        while not working.done():
            await asyncio.wait([working], timeout=1)
            self.share = min(1.0, (time.monotonic() - began - added) / self.options.seconds)
            self.dealer.due = 1.15 * self.share * self.options.least
            if min(counted(self).values()) < self.share * self.options.least and added < self.options.seconds:
                added += 1
                for room in rooms:
                    if not room.is_closing:
                        room.closes_at += 1


def counted(rehearsal: Rehearsal) -> Counter[str]:
    """Every kind of fault, also one that never happened; none without faults."""
    if not rehearsal.options.faults:
        return Counter()
    counts = Counter({kind.value: rehearsal.dealer.dealt[kind] for kind in Trouble})
    if rehearsal.faults is not None:
        counts.update({kind: rehearsal.faults.done[kind] for kind in Faults.KINDS})
    return counts


def rehearse(options: Options, stack: Stack | None) -> Report:
    """Make the rooms, live the day, and judge it."""
    import django

    django.setup()
    from django.db import connection

    from rehearsal.facts import facts_of, letters_unsent
    from rehearsal.judge import judge
    from rehearsal.report import Report
    from rehearsal.rooms import Rooms

    say("Rooms and people …")
    rooms = Rooms()
    made = [
        rooms.room(place + 1, options.people, by_code=place == 0 and stack is not None)
        for place in range(options.rooms)
    ]
    connection.close()
    began = time.monotonic()
    say(f"The day: about {options.seconds + AFTER_SECONDS:.0f} s …")
    rehearsal = Rehearsal(options, made, rooms.questions, stack)
    # The thread in which PostgreSQL is started again; it ends with it.
    with ThreadPoolExecutor(1) as thread:
        try:
            asyncio.run(rehearsal.run(thread))
            lasted = time.monotonic() - began
            if stack is not None:
                until_well(stack)
            say("The verdict …")
            people = {member.enrolment: member.email for room in made for member in room.members}
            waited_for = list(people.values()) if stack is not None and options.is_long else []
            unsent = letters_unsent(waited_for, LETTER_SECONDS)
            verdict = judge(rehearsal.ledgers, facts_of(people))
            attacked = found_of(rehearsal) if rehearsal.attack is not None else None
            speed = measured_speed(options, stack, rooms) if stack is not None and options.speed else None
        finally:
            if stack is not None:
                stack.stop()
    watched = rehearsal.watched
    return Report(options, lasted, verdict, watched, counted(rehearsal), unsent, speed, attacked)


def found_of(rehearsal: Rehearsal) -> Attacked:
    """What the attack came to, and how many letters it had written."""
    from rehearsal.facts import letters_to_strangers, sign_in_letters
    from rehearsal.report import Attacked

    attack, people = rehearsal.attack, len(rehearsal.made[0].members)
    assert attack is not None
    return Attacked(
        people,
        sorted(rehearsal.watched.sign_ins),
        rehearsal.watched.works,
        attack.done,
        sorted(set(attack.got_in)),
        max(sign_in_letters(attack.emails).values(), default=0),
        letters_to_strangers(),
    )


def measured_speed(options: Options, stack: Stack, rooms: Rooms) -> Speed:
    """Ours and the floor's, two workers each and nothing else beside them."""
    from django.db import connection

    from rehearsal.speed import measure

    say("Speed …")
    stack.stop_processes()
    people = (rooms.savers(PACED_PEOPLE), rooms.savers(PACED_PEOPLE))
    connection.close()
    stack.processes, ours, floor = serve_both(stack.env, stack.var)
    return measure(ours, floor, people, seconds=PACED_SECONDS, chance=Random(options.seed))


def main() -> int:
    try:
        options = options_from(os.environ)
    except NotRehearsed as refused:
        say(str(refused))
        return 2
    stack = None
    if options.url:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aimcert.settings")
    else:
        say("PostgreSQL, Redis, web, worker, beat …")
        stack = Stack(VAR)
        os.environ.pop("DATABASE_OWNER_URL", None)
        os.environ |= stack.env
    try:
        if stack is not None:
            stack.make_tables()
            stack.start()
        report = rehearse(options, stack)
    finally:
        if stack is not None:
            stack.stop()
    written = VAR.parent / "rehearsal.json"
    written.write_text(json.dumps(report.as_json(), indent=1))
    say(report.table())
    say(f"All of it: {written}")
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
