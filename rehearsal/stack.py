"""The servers that are rehearsed on: PostgreSQL, Redis, web, workers, beat and a mailbox; all end with us."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random

import psycopg2
import redis

from aimcert import embedded
from aimcert.embedded.redis import redis_socket
from bench.serving import environment, free_port, make_tables, serve, started, wait_for
from tests.letters import MailServer, text_of

WEB_WORKERS = 3
CODE = re.compile(r"\b\d{4}(?:-\d{4}){1,2}\b")


class Stack:
    """Everything that runs, on a database and in a folder of its own; ends with this process.

    Attributes:
        port: where the web listens, on loopback.
        env: what its processes see.
    """

    def __init__(self, var: Path) -> None:
        self.var = var
        var.mkdir(parents=True, exist_ok=True)
        for log in var.glob("*.log"):
            log.unlink()
        self.servers = embedded.start_servers(var / "servers", durable=True)
        self.port, mail_port = free_port(), free_port()
        self.env = environment(self.servers, var) | {"EMAIL_PORT": str(mail_port), "SWEEP_SECONDS": "5"}
        self.mail = MailServer(mail_port)
        self.processes: list[subprocess.Popen[bytes]] = []
        self.web: subprocess.Popen[bytes] | None = None

    def make_tables(self) -> None:
        # What was rehearsed before may stay: each rehearsal has rooms of its own.
        make_tables(self.env, self.servers, fresh=False)

    def start(self) -> None:
        """Web, workers, beat and the mailbox, as the Procfile has them."""
        self.mail.start()
        celery = [sys.executable, "-m", "celery", "-A", "aimcert"]
        quiet = ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
        worker = ["worker", "--queues", "celery", "--concurrency", "1", *quiet]
        pool = ["--pool", "threads", "--concurrency", "4", "--hostname", "urgent@%h"]
        urgent = ["worker", "--queues", "urgent", *pool, *quiet]
        beat = ["beat", "--pidfile=", "--loglevel", "WARNING"]
        self.web = serve("aimcert.wsgi", self.port, self.env, self.var, workers=WEB_WORKERS, preload=True)
        self.processes = [
            self.web,
            started("worker", ["nice", "-n", "15", *celery, *worker], self.env, self.var),
            started("urgent", [*celery, *urgent], self.env, self.var),
            started("beat", [*celery, *beat], self.env, self.var),
        ]
        wait_for(self.port, self.var)

    def web_workers(self) -> list[int]:
        """gunicorn's workers: the children of the master that was started here."""
        if self.web is None:
            return []
        pid = self.web.pid
        with suppress(OSError):
            return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return []

    def code_to(self, address: str, label: str) -> str | None:
        """The sign-in code in the letter to `address` whose subject ends with `label`, if it came."""
        for letter in self.mail.to(address):
            if str(letter["Subject"]).endswith(label) and (code := CODE.search(text_of(letter))):
                return code.group()
        return None

    def stop_processes(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes, self.web = [], None

    def stop(self) -> None:
        self.stop_processes()
        self.mail.stop()
        self.servers.stop()


class Faults:
    """What can be done to a running stack.

    PostgreSQL is started again in a thread of its own, which must outlast the stack: a server that a thread
    started ends with that thread.
    """

    KILLED, RESTARTED = "web worker killed", "PostgreSQL restarted"
    CUT, WIPED = "connections cut by PostgreSQL", "Redis wiped"
    KINDS = (KILLED, RESTARTED, CUT, WIPED)

    def __init__(self, stack: Stack, chance: Random) -> None:
        self.stack, self.chance = stack, chance
        self.done: Counter[str] = Counter()
        self.redis = redis.Redis(unix_socket_path=str(redis_socket(stack.servers.run_dir)), socket_timeout=5)

    def do(self, kind: str) -> None:
        """One fault of `kind`; counted only where it truly happened."""
        happened = {
            self.KILLED: self._kill_worker,
            self.RESTARTED: self._restart_postgresql,
            self.CUT: self._cut_connections,
            self.WIPED: self._wipe_redis,
        }[kind]()
        self.done[kind] += happened

    def _kill_worker(self) -> bool:
        workers = self.stack.web_workers()
        if not workers:
            return False
        with suppress(ProcessLookupError):
            os.kill(self.chance.choice(workers), signal.SIGKILL)
            return True
        return False

    def _restart_postgresql(self) -> bool:
        """In order, cutting every connection; each tenth time as if it had crashed, with a recovery."""
        server = self.stack.servers.postgres
        assert server.process is not None
        server.process.send_signal(signal.SIGQUIT if self.chance.random() < 0.1 else signal.SIGINT)
        try:
            server.process.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()
        server.start(wait_seconds=120)
        return True

    def _cut_connections(self) -> bool:
        """As the role of the application, which may end its own; counted where there was one to end."""
        with suppress(psycopg2.Error):
            with (
                psycopg2.connect(self.stack.env["DATABASE_URL"], connect_timeout=5) as own,
                own.cursor() as cursor,
            ):
                cursor.execute(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    " WHERE usename = current_user AND pid <> pg_backend_pid()"
                )
                cut: int = cursor.fetchone()[0]
            own.close()
            return cut > 0
        return False

    def _wipe_redis(self) -> bool:
        return bool(self.redis.flushall())


def until_well(stack: Stack, seconds: float = 60) -> None:
    """Wait until PostgreSQL answers and the web has its workers again."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if embedded.postgres_answers(stack.servers.run_dir) and len(stack.web_workers()) >= WEB_WORKERS:
            return
        time.sleep(0.2)
