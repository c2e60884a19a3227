"""A simulated device: one page load, which types, journals and saves as the page's script does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from bench.load import Ask
from rehearsal.browser import Browser, Form, GivenUp
from rehearsal.ledger import Acknowledged, Conflict, Late, Ledger, Sent
from rehearsal.texts import Asked, marks, merged, piece, sha256_of
from rehearsal.wire import Broken, Reply, Trouble

# What a save is answered with; everything else is sent again, or seen by a person.
PROTOCOL = frozenset({200, 409})
TOO_LATE = frozenset({"closed", "submitted"})


@dataclass
class Person:
    """Whose devices they are.

    Attributes:
        number: in each of their pieces.
        pieces: how many they wrote so far, over all devices.
        is_over: whether the server said that nothing more is taken.
    """

    number: int
    enrolment: UUID
    questions: list[Asked]
    browser: Browser
    ledger: Ledger
    devices: int = 0
    pieces: int = 0
    is_over: bool = False

    def path(self, end: str) -> str:
        return f"/my/{self.enrolment}/{end}"

    def asked(self, number: int) -> Asked:
        return next(each for each in self.questions if each.number == number)


@dataclass
class Device:
    """One page load.

    Attributes:
        texts: what stands in each question's field.
        bases: the revision that each was typed over.
        journal: what was typed and is not acknowledged yet.
    """

    person: Person
    journal: dict[int, str] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    bases: dict[int, int] = field(default_factory=dict)
    uuid: UUID = field(default_factory=uuid4)
    sequence: int = 0
    number: int = 0
    submission: str = ""

    def __post_init__(self) -> None:
        self.person.devices += 1
        self.number = self.person.devices

    @property
    def browser(self) -> Browser:
        return self.person.browser

    async def open(self) -> None:
        """Fetch the journal's key, which begins the submission, and restore what the journal held."""
        ask = self.browser.json(self.person.path("journal/"), {})
        told = (await self.browser.until(lambda: ask, {200})).told
        self.submission = told["submission"]
        for number in sorted(self.journal):
            await self.read(number)

    async def read(self, number: int) -> None:
        """Open the page of a question; what the journal holds of it stands beside what was saved, merged."""
        ask = self.browser.get(self.person.path(f"questions/{number}/"))
        reply = await self.browser.until(lambda: ask, {200, 302})
        form = Form(reply.text).values
        if "base_revision" not in form:
            # Closed or submitted: there is nothing to type into, but what the journal holds is sent.
            self.person.is_over = True
            if number in self.journal:
                self.texts[number] = self.journal[number]
            return
        asked = self.person.asked(number)
        saved = form.get("text" if asked.is_plain else f"answer-{asked.field}", "")
        self.bases[number] = int(form["base_revision"])
        unsaved = self.journal.get(number)
        self.texts[number] = saved if unsaved is None else merged(saved, unsaved)
        if unsaved is not None and self.texts[number] == saved:
            del self.journal[number]
        elif unsaved is not None:
            self.journal[number] = self.texts[number]

    async def has(self, number: int) -> bool:
        """Whether a question stands open here to be typed into; opened now where it was not yet."""
        if number not in self.texts:
            await self.read(number)
        return number in self.texts

    def type(self, number: int) -> None:
        """A few words more."""
        self.person.pieces += 1
        more = piece(self.person.number, self.number, self.person.pieces, self.browser.chance)
        self.texts[number] = self.journal[number] = self.texts.get(number, "") + more

    async def save(self, number: int, trouble: Trouble | None = None) -> None:
        """Save a question until the server has answered; conflicts are merged and saved on the new base."""
        for _ in range(20):
            if number not in self.journal:
                return
            reply = await self._sent(number, trouble)
            trouble = None
            if reply is None:
                continue
            if reply.state == "conflict":
                self._resolve(number, reply.told)
                continue
            return
        self.browser.watched.errors.append(f"person {self.person.number}: twenty conflicts in a row")

    async def _sent(self, number: int, trouble: Trouble | None) -> Reply | None:
        """One text, until it is answered; None where the device went on to a newer text in its place."""
        asked, text = self.person.asked(number), self.texts[number]
        kept = asked.kept(text)
        self.sequence += 1
        sent = Sent(number, kept, sha256_of(kept), self.uuid, self.sequence)
        self.person.ledger.sent.append(sent)
        document = {
            "submission": self.submission,
            "device": str(self.uuid),
            "sequence": self.sequence,
            "base": self.bases.get(number, 0),
            "values": {asked.field: text},
            "finished": self.browser.chance.choice([True, False, None]),
        }
        ask = self.browser.json(self.person.path(f"questions/{number}/save/"), document)
        if trouble in (Trouble.REPLY_LOST, Trouble.CUT_IN_HALF) and self.browser.chance.random() < 0.3:
            # The reply is not waited for: more was typed, and a newer save takes its place.
            try:
                await self.browser.once(ask, trouble)
            except Broken:
                self.type(number)
                return None
        twin = None
        if trouble is Trouble.SENT_TWICE:
            trouble, twin = None, asyncio.ensure_future(self._twin(ask))
        try:
            reply = await self.browser.until(lambda: ask, PROTOCOL, trouble)
        finally:
            second = await twin if twin else None
        self.browser.watched.saves_ms.append(reply.took_ms)
        self._note(sent, reply, text)
        if second is not None and second.status == reply.status == 200:
            first, again = reply.told, second.told
            if (first["sha256"], first["revision"]) != (again["sha256"], again["revision"]):
                self.person.ledger.differing.append(
                    f"save {sent.sequence} became revision {first['revision']} and {again['revision']}"
                )
        return reply

    async def _twin(self, ask: Ask) -> Reply | None:
        try:
            return await self.browser.once(ask)
        except Broken:
            return None

    def _note(self, sent: Sent, reply: Reply, text: str) -> None:
        told, ledger, number = reply.told, self.person.ledger, sent.question
        state = reply.state
        if state == "saved":
            if told["sha256"] != sent.sha256:
                ledger.wrong_echoes.append(f"question {number}: told of another text than was sent")
                return
            saved_at = datetime.fromisoformat(told["saved_at"]) if told["saved_at"] else None
            ledger.acknowledged.append(Acknowledged(sent, told["revision"], saved_at))
            self.bases[number] = told["revision"]
            if self.journal.get(number) == text:
                del self.journal[number]
        elif state == "conflict":
            asked = self.person.asked(number)
            values = told["saved"]["values"]
            ledger.conflicts.append(Conflict(number, asked.kept(values.get(asked.field, "")), sent.text))
        elif state in TOO_LATE:
            ledger.late.append(Late(number, sent.text, state))
            self.journal.pop(number, None)
            self.person.is_over = True
        else:
            self.browser.watched.errors.append(
                f"person {self.person.number}: {reply.status} {state} at a save"
            )
            raise GivenUp(state)

    def _resolve(self, number: int, told: dict[str, Any]) -> None:
        """Both texts side by side: mostly they are merged, sometimes the one that was saved is taken."""
        saved = told["saved"]["values"].get(self.person.asked(number).field, "")
        mine = self.texts[number]
        self.bases[number] = told["saved"]["revision"]
        if self.browser.chance.random() < 0.1:
            self.person.ledger.discarded.setdefault(number, set()).update(marks(mine) - marks(saved))
            self.texts[number] = saved
            del self.journal[number]
        else:
            self.texts[number] = self.journal[number] = merged(saved, mine)

    async def flush(self, numbers: Iterable[int] = ()) -> None:
        """Save whatever the journal still holds."""
        for number in [*numbers, *sorted(self.journal)]:
            await self.save(number)

    async def leave(self, number: int) -> None:
        """Send what was typed last without ever reading the reply, as a page that is closed does."""
        if number in self.journal:
            sending = asyncio.ensure_future(self._sent(number, Trouble.REPLY_LOST))
            await asyncio.sleep(0.02)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    def reloaded(self) -> Device:
        """The next page load on the same device: all that it knows is the journal."""
        return Device(self.person, journal=dict(self.journal))
