"""A real mail server on loopback that keeps what it was sent, for tests to read."""

from __future__ import annotations

import asyncio
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller


class MailServer:
    """An SMTP server whose letters can be read.

    Attributes:
        messages: every letter so far, oldest first.
        held: letters that came and whose sender still waits for a yes.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.messages: list[EmailMessage] = []
        self.held: list[EmailMessage] = []
        self._slow_for = ""
        self._controller: Controller | None = None

    def start(self) -> None:
        """Start it, if it does not run."""
        if self._controller is None:
            # With a name given, nobody asks the resolver for this machine's, which may take seconds.
            self._controller = _Reusing(self, "127.0.0.1", self.port, server_hostname="localhost")
            self._controller.start()

    def stop(self) -> None:
        """Stop it: who sends is refused."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def hold(self, address: str) -> None:
        """Let whoever sends a letter to `address` wait for an answer until `release`."""
        self._slow_for = address

    def release(self) -> None:
        """Answer whoever waits, and answer all at once from now on."""
        self._slow_for = ""

    def to(self, address: str) -> list[EmailMessage]:
        """The letters to `address`, oldest first."""
        return [letter for letter in self.messages if address.lower() in str(letter["To"]).lower()]

    def wait_for(
        self, address: str, *, subject: str = "", count: int = 1, seconds: float = 20
    ) -> EmailMessage:
        """The `count`-th letter to `address` with `subject` in its subject, once it came.

        Raises:
            AssertionError: it did not come within `seconds`.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = [letter for letter in self.to(address) if subject in str(letter["Subject"])]
            if len(found) >= count:
                return found[count - 1]
            time.sleep(0.05)
        came = [f"{letter['To']}: {letter['Subject']}" for letter in self.messages]
        raise AssertionError(
            f"No letter number {count} to {address} about {subject!r} in {seconds} s, but {came}"
        )

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        letter = cast(EmailMessage, message_from_bytes(envelope.content, policy=policy.default))
        self.held.append(letter)
        while self._slow_for and self._slow_for in envelope.rcpt_tos:
            await asyncio.sleep(0.05)
        self.held.remove(letter)
        self.messages.append(letter)
        return "250 Kept"


class _Reusing(Controller):
    """Listens on a port that the test process holds bound from its beginning."""

    def _create_server(self) -> Any:
        return self.loop.create_server(
            self._factory_invoker, host=self.hostname, port=self.port, reuse_address=True, reuse_port=True
        )


def text_of(letter: EmailMessage) -> str:
    """The plain text of `letter`."""
    body = letter.get_body(preferencelist=("plain",))
    return "" if body is None else str(body.get_content())
