"""Both servers as children of the calling process, which end with it."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aimcert.embedded.folders import NotStarted, as_unprivileged, bare_environment, is_ours
from aimcert.embedded.postgres import (
    DATABASE,
    database_url,
    postgres_answers,
    postgres_command,
    prepare_postgres,
    running_postgres,
)
from aimcert.embedded.redis import redis_answers, redis_command, redis_url

PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None)


def end_with(parent: int, stop_signal: int) -> None:
    """Have the kernel send `stop_signal` to this process when `parent`, which started it, dies."""
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def die_with_parent(stop_signal: int = signal.SIGTERM) -> Callable[[], None]:
    """A `preexec_fn` by which the child ends when its parent, this process, dies."""
    parent = os.getpid()
    return lambda: end_with(parent, stop_signal)


@dataclass
class Server:
    """One server as a child of this process, which can be killed and started again."""

    name: str
    command: Callable[[], list[str]]
    answers: Callable[[], bool]
    stop_signal: signal.Signals
    log: Path
    as_user: dict[str, Any]
    process: subprocess.Popen[bytes] | None = None

    def start(self, wait_seconds: float = 60) -> None:
        """Start it and wait until it answers.

        Raises:
            NotStarted: it ended, or did not answer in `wait_seconds`.
        """
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=bare_environment(Path("/")),
                cwd="/",
                start_new_session=True,
                preexec_fn=die_with_parent(self.stop_signal),
                **self.as_user,
            )
        deadline = time.monotonic() + wait_seconds
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise NotStarted(f"{self.name} did not start:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a crash would."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def stop(self, wait_seconds: float = 10) -> None:
        """End it in order, or by force when that takes longer than `wait_seconds`."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(wait_seconds)
            except subprocess.TimeoutExpired:
                self.kill()


@dataclass
class Servers:
    """PostgreSQL and Redis of one run folder."""

    run_dir: Path
    postgres: Server
    redis: Server

    def stop(self) -> None:
        """End both, in order."""
        self.redis.stop()
        self.postgres.stop()

    def database_url(self, role: str, database: str = DATABASE) -> str:
        return database_url(self.run_dir, role, database)

    def redis_url(self, number: int = 0) -> str:
        return redis_url(self.run_dir, number)


def redis_server(run_dir: Path) -> Server:
    """Redis of `run_dir`, not started yet."""
    return Server(
        "Redis",
        lambda: redis_command(run_dir),
        lambda: redis_answers(run_dir),
        signal.SIGTERM,
        run_dir / "redis.log",
        {},
    )


def start_servers(run_dir: Path, *, durable: bool = True) -> Servers:
    """Prepare `run_dir`, then start PostgreSQL and Redis as children that end with this process.

    Args:
        run_dir: where data, secrets and logs are kept; made if it is missing.
        durable: off for tests, whose data may go with the machine.

    Raises:
        NotStarted: one of them could not be started.
    """
    run_dir = run_dir.resolve()
    home = prepare_postgres(run_dir)
    postgres = Server(
        "PostgreSQL",
        lambda: postgres_command(run_dir, home, durable=durable),
        lambda: postgres_answers(run_dir),
        signal.SIGINT,
        run_dir / "postgres.log",
        as_unprivileged(),
    )
    redis = redis_server(run_dir)
    servers = Servers(run_dir, postgres, redis)
    try:
        postgres.start()
        redis.start()
    except BaseException:
        servers.stop()
        raise
    return servers


def forget(run_dir: Path) -> None:
    """Delete `run_dir` with the data that lie elsewhere on its behalf.

    Raises:
        NotStarted: a server still runs there.
    """
    run_dir = run_dir.resolve()
    if not run_dir.is_dir():
        return
    elsewhere = [run_dir / "redis" / "sockets"]
    # A link in a copy of a checkout leads to the original's data, which stay.
    if is_ours(run_dir / "postgres") or not (run_dir / "postgres").is_symlink():
        home = (run_dir / "postgres").resolve()
        if (home / "data").is_dir() and running_postgres(home):
            raise NotStarted(f"PostgreSQL still runs on {run_dir}: end it first.")
        elsewhere += [run_dir / "postgres", home / "sockets"]
    for folder in [link.resolve() for link in elsewhere if link.is_symlink() and is_ours(link)]:
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(run_dir)
