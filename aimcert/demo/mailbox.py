"""The demo's mail server: keeps every letter as a file instead of delivering it.

python -m aimcert.demo.mailbox    listens on EMAIL_PORT of loopback, writes AIMCERT_VAR/mailbox/*.eml
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import time
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP


class Sink:
    """Writes each letter into `folder`, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        name = f"{time.time_ns()}-{secrets.token_hex(4)}"
        draft = self.folder / f".{name}"
        draft.write_bytes(envelope.content)
        draft.rename(self.folder / f"{name}.eml")
        return "250 Kept"


async def serve(folder: Path, port: int, *, ready: asyncio.Event | None = None) -> None:
    """Take letters on `port` of loopback into `folder` until cancelled."""
    sink = Sink(folder)
    # A name is given, because asking for this machine's may take the resolver seconds.
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(sink, hostname="localhost", enable_SMTPUTF8=True), "127.0.0.1", port, reuse_address=True
    )
    if ready is not None:
        ready.set()
    async with server:
        await server.serve_forever()


def main() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    asyncio.run(serve(Path(os.environ["AIMCERT_VAR"]) / "mailbox", int(os.environ["EMAIL_PORT"])))


if __name__ == "__main__":
    main()
