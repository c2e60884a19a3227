"""The real web server, Celery workers and beat as processes of their own, on this test worker's database.

They sign in as the application's role, with its own password, exactly as in production.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from aimcert.embedded import die_with_parent
from aimcert.foundation.metrics_server import PORTS
from tests.environment import ROOT, WORKER


def wait_until(holds: Callable[[], bool], seconds: float = 90) -> None:
    """Wait for what another process does, and fail where it does not come about in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)


class StackProcess:
    """One process of the stack, which a test may kill and start again."""

    def __init__(
        self, name: str, command: list[str], ready: Callable[[], bool], environment: dict[str, str]
    ) -> None:
        self.name, self.command, self.ready, self.environment = name, command, ready, environment
        self.log = Path(os.environ["AIMCERT_VAR"]) / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._started_at = 0

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, seconds: float = 60) -> None:
        """Start it, if it does not run, and wait until it is ready; let it go on, where it was paused.

        Raises:
            AssertionError: it ended, or was not ready within `seconds`.
        """
        if self.running:
            self._signal(signal.SIGCONT)
            return
        with self.log.open("ab") as log:
            self._started_at = log.tell()
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=_environment() | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        deadline = time.monotonic() + seconds
        while not self.ready():
            if not self.running or time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"{self.name} did not start:\n{self.tail()}")
            time.sleep(0.1)

    def pause(self) -> None:
        """Let it do nothing, as it stands, until it is started."""
        self._signal(signal.SIGSTOP)

    def kill(self) -> None:
        """End it and its children as a crash of the machine would."""
        if self.process is not None:
            self._signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self, seconds: float = 5) -> None:
        """End it in order, or by force when that takes longer than `seconds`."""
        if self.process is not None:
            self.process.terminate()
            self._signal(signal.SIGCONT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        self.kill()

    def restart(self) -> None:
        """Stop it and start it again."""
        self.stop()
        self.start()

    def _signal(self, number: int) -> None:
        """To it and its children: they share its process group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def said(self, words: str) -> bool:
        """Whether its log has had `words` since it was last started."""
        return words.encode() in self.log.read_bytes()[self._started_at :]

    def tail(self, characters: int = 4000) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-characters:] if self.log.exists() else ""


class Stack:
    """Web, both workers and beat, with the address of the first.

    Args:
        environment: what differs from the test worker's own, such as a broker and an address.

    Attributes:
        url: where the pages are.
        web, worker, urgent, beat: each can be killed, stopped, started and restarted.
        metrics: where each serves its metrics.
    """

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        environment = environment or {}
        self.url = environment.get("SITE_URL", settings.SITE_URL)
        port = self.url.rsplit(":", 1)[1]
        name = f"{WORKER or 'alone'}-{port}"
        gunicorn = ["gunicorn", "aimcert.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
        gunicorn += ["--reuse-port", "--no-control-socket", "--graceful-timeout", "2"]
        self.web = StackProcess("web", [sys.executable, "-m", *gunicorn], self._web_answers, environment)
        self.worker = _worker("worker", f"test-{name}@here", ["--queues", "celery"], environment)
        pool = ["--queues", "urgent", "--pool", "threads"]
        self.urgent = _worker("urgent", f"urgent-{name}@here", pool, environment)
        self.beat = StackProcess(
            "beat",
            [sys.executable, "-m", "celery", "-A", "aimcert", "beat", "--pidfile", "", "--loglevel", "INFO"],
            lambda: True,
            environment,
        )
        self.metrics: dict[str, str] = {}
        for process in (self.web, self.worker, self.urgent, self.beat):
            port = _free_port()
            process.environment = process.environment | {"METRICS_PORT": str(port - PORTS[process.name])}
            self.metrics[process.name] = f"http://127.0.0.1:{port}/metrics"
        self.processes = [self.web, self.worker, self.urgent, self.beat]

    def _web_answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/healthz", timeout=5).close()
        except urllib.error.HTTPError:
            return True  # it answers, be it that not everything is well yet
        except OSError:
            return False
        return True

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.stop()


def _worker(name: str, host: str, how: list[str], environment: dict[str, str]) -> StackProcess:
    """One of the two workers, which is ready once it says so: asked over the broker, it might not have it."""
    command = [sys.executable, "-m", "celery", "-A", "aimcert", "worker", "--concurrency", "2", *how]
    command += ["--hostname", host, "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    worker = StackProcess(name, command, lambda: worker.said(f"{host} ready."), environment)
    return worker


def _free_port() -> int:
    """One that nobody holds: the library that serves metrics shares none."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _environment() -> dict[str, str]:
    """The process's environment: this test worker's own, less the owner's URL."""
    name = settings.DATABASES["default"]["NAME"]
    left_out = {"DATABASE_OWNER_URL", "TEST_DATABASE_OWNER_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return {key: value for key, value in os.environ.items() if key not in left_out} | {
        "DATABASE_URL": f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{name}",
        "SWEEP_SECONDS": "1",
    }


def empty_broker() -> None:
    """Forget every message that waits in this test worker's Redis."""
    from aimcert.celery import app

    with app.connection_for_write() as connection:
        connection.default_channel.client.flushdb()  # type: ignore[attr-defined]
