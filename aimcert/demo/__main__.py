"""Starts the whole demo, says how to sign in, and ends it: `make demo` and `make reset`.

python -m aimcert.demo          runs it until Ctrl-C; PORT= chooses the port (8000)
python -m aimcert.demo reset    deletes its data
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import TextIO

import yaml

from aimcert import embedded

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = ROOT / "var" / "demo"
LOG = VAR / "demo.log"
READY_SECONDS = 120
# Honcho ends its processes within five seconds, one that hangs included.
END_SECONDS = 8


class Refused(Exception):
    """The demo cannot start; the message says why and what to do."""


class Ended(Exception):
    """Someone asked the demo to end."""


def say(text: str) -> None:
    print(text, flush=True)


def port_from(environment: dict[str, str]) -> int:
    """The port asked for, once it is known to be free.

    Raises:
        Refused: it is no number, or something else listens there.
    """
    given = environment.get("PORT") or "8000"
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise Refused(f"PORT={given} is no port: give a number from 1 to 65535.")
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", int(given)))
        except PermissionError:
            raise Refused(
                f"Port {given} is root's alone: choose another, as in make demo PORT=8000."
            ) from None
        except OSError:
            raise Refused(f"Port {given} is taken: choose another with make demo PORT=8001.") from None
    return int(given)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def hold() -> TextIO:
    """Make sure that one demo at most uses the folder.

    Raises:
        Refused: another one runs.
    """
    VAR.mkdir(parents=True, exist_ok=True)
    held = (VAR / "running").open("w")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refused("The demo runs already: end it with Ctrl-C where it was started.") from None
    return held


class Demo:
    """One run of the demo: its environment and its processes."""

    def __init__(self) -> None:
        given = dict(os.environ)
        self.port = port_from(given)
        self.held = hold()
        self.own_database, self.own_redis = not given.get("DATABASE_URL"), not given.get("REDIS_URL")
        if not self.own_database and not given.get("DATABASE_OWNER_URL"):
            raise Refused(
                "DATABASE_URL is set, so the demo uses that database. Give DATABASE_OWNER_URL too: "
                "the role that owns the tables and migrates them."
            )
        self.url = f"http://localhost:{self.port}"
        self.owner_url = given.pop("DATABASE_OWNER_URL", "") or embedded.database_url(VAR, embedded.OWNER)
        self.environment = given | {
            "AIMCERT_DEMO": "1",
            "AIMCERT_VAR": str(VAR),
            "AIMCERT_PORT": str(self.port),
            "AIMCERT_HOLDER": str(os.getpid()),
            "PYTHON": sys.executable,
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "aimcert.settings",
            "SECRET_KEY": given.get("SECRET_KEY") or embedded.kept_secret(VAR, "SECRET_KEY"),
            "SITE_URL": self.url,
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "DATABASE_URL": given.get("DATABASE_URL") or embedded.database_url(VAR, embedded.APP),
            "REDIS_URL": given.get("REDIS_URL") or embedded.redis_url(VAR),
            # Of the numbers that Ofcom keeps for stories.
            "SAFEGUARDING_NAME": "The safeguarding leads",
            "SAFEGUARDING_PHONE": "020 7946 0999",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(free_port()),
            # Whoever tries things out does not wait half a minute for what a sweep does.
            "SWEEP_SECONDS": given.get("SWEEP_SECONDS") or "5",
        }
        for name in ("EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS", "AIMCERT_TEST"):
            self.environment.pop(name, None)
        self.honcho: subprocess.Popen[bytes] | None = None
        self.commands: dict[subprocess.Popen[bytes], str] = {}

    def step(self, what: str, do: Callable[[], object]) -> None:
        """Do one step, saying what it is and how long it took."""
        started = time.monotonic()
        print(f"  {what} …", end="", flush=True)
        do()
        say(f" {time.monotonic() - started:.1f} s")

    def begin(self, *arguments: str, as_owner: bool = False) -> subprocess.Popen[bytes]:
        """Start one of manage.py's commands, beside what goes on; its output goes to the log."""
        owner = {"DATABASE_OWNER_URL": self.owner_url} if as_owner else {}
        with LOG.open("ab") as log:
            command = subprocess.Popen(
                [sys.executable, "manage.py", *arguments],
                cwd=ROOT,
                env=self.environment | owner,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=embedded.die_with_parent(),
            )
        self.commands[command] = arguments[0]
        return command

    def finish(self, command: subprocess.Popen[bytes] | None) -> None:
        """Wait for a command that began, if one did.

        Raises:
            Refused: it failed.
        """
        if command is not None and command.wait():
            raise Refused(f"manage.py {self.commands[command]} failed. The end of {LOG}:\n{log_tail()}")

    def manage(self, *arguments: str, as_owner: bool = False) -> None:
        """Run one of manage.py's commands.

        Raises:
            Refused: it failed.
        """
        self.finish(self.begin(*arguments, as_owner=as_owner))

    def start(self) -> None:
        """Start the processes, make the database ready, and wait until every part answers."""
        (VAR / "prepared").unlink(missing_ok=True)
        if LOG.exists():
            LOG.replace(LOG.with_suffix(".log.1"))
        if self.own_database:
            self.step("PostgreSQL's files", lambda: embedded.prepare_postgres(VAR))
        names = (
            ["postgres"] * self.own_database
            + ["redis"] * self.own_redis
            + ["mailbox", "web", "worker", "urgent", "beat"]
        )
        with LOG.open("ab") as log:
            self.honcho = subprocess.Popen(
                [sys.executable, "-m", "honcho", "-e", os.devnull, "start", "--no-colour", *names],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=embedded.die_with_parent(),
            )
        if self.own_database:
            self.step("Starting PostgreSQL", lambda: self.wait(lambda: embedded.postgres_answers(VAR)))
        # What needs nothing of one another goes on beside one another, and the rest of it is waited for.
        styles = self.begin("collectstatic", "--noinput", "-v0") if self.static_is_old() else None
        self.step("The tables", self.make_tables)
        self.step("Styles, fonts and pictures", lambda: self.finish(styles))
        self.step("The table of rate limits", lambda: self.manage("createcachetable", as_owner=True))
        # From here on the processes start. Of the courses they see all or nothing.
        sample = None if self.sample_mark.exists() else self.begin("load_sample")
        (VAR / "prepared").touch()
        self.step("Web, workers and beat", lambda: self.wait(self.healthy))
        self.step("Sample people and courses", lambda: self.finish(sample))
        self.sample_mark.touch()

    def make_tables(self) -> None:
        """Migrate the database.

        Raises:
            Refused: it failed, as on data that an earlier version made.
        """
        try:
            self.manage("migrate", "--noinput", as_owner=True)
        except Refused as refusal:
            raise Refused(
                f"{refusal}\n\nAn earlier version's data may not fit: `make reset` deletes the demo's."
            ) from None

    @property
    def sample_mark(self) -> Path:
        """The file that says that this database has the sample."""
        database = hashlib.sha256(self.environment["DATABASE_URL"].encode()).hexdigest()[:12]
        return VAR / f"sample-loaded-{database}"

    def static_is_old(self) -> bool:
        manifest = VAR / "static" / "staticfiles.json"
        sources = [ROOT / "package-lock.json", *(ROOT / "static").rglob("*")]
        return not manifest.exists() or manifest.stat().st_mtime < max(
            path.stat().st_mtime for path in sources
        )

    def healthy(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).close()  # nosec B310
        except OSError:
            return False
        return True

    def wait(self, until: Callable[[], bool]) -> None:
        """Wait for `until`.

        Raises:
            Refused: it took too long, or the processes ended.
        """
        deadline = time.monotonic() + READY_SECONDS
        while not until():
            if self.honcho and self.honcho.poll() is not None:
                raise Refused(f"The processes ended. The end of {LOG}:\n{log_tail()}")
            if time.monotonic() > deadline:
                raise Refused(f"Not ready after {READY_SECONDS} s. The end of {LOG}:\n{log_tail()}")
            time.sleep(0.2)

    def greet(self) -> None:
        """Say where it is and who can sign in."""
        people = yaml.safe_load((ROOT / "certification" / "sample" / "people.yaml").read_text())["sign_ins"]
        width = max(len(person["role"]) for person in people)
        say("")
        say(f"AIMcert is ready: {self.url}/")
        say("")
        say("Sign in with one of these addresses:")
        for person in people:
            say(f"  {person['role']:<{width}}  {person['email']}  ({person['name']})")
        say("")
        say(f"The code that each sign-in asks for arrives at {self.url}/mailbox/")
        say(f"What it logs is in {LOG.relative_to(ROOT)}.")
        say("Ctrl-C ends the demo and keeps its data; `make reset` deletes them.")

    def end(self) -> None:
        """End every process that was started."""
        for command in self.commands:
            command.kill()
            command.wait()
        if self.honcho is None or self.honcho.poll() is not None:
            return
        self.honcho.terminate()
        try:
            self.honcho.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.honcho.pid, signal.SIGKILL)
            self.honcho.wait()


def log_tail() -> str:
    return "\n".join(LOG.read_text(errors="replace").splitlines()[-30:]) if LOG.exists() else ""


def run() -> None:
    """Run the demo until someone ends it.

    Raises:
        Refused: it could not start, or its processes ended.
    """

    def asked_to_end(number: int, frame: FrameType | None) -> None:
        # Once is enough: a second signal must not cut the ending short.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise Ended

    signal.signal(signal.SIGINT, asked_to_end)
    signal.signal(signal.SIGTERM, asked_to_end)
    demo = Demo()
    again = demo.sample_mark.exists()
    say("Starting the demo." if again else "Starting the demo; the first time takes half a minute or more.")
    try:
        demo.start()
        demo.greet()
        if demo.honcho:
            demo.honcho.wait()
        raise Refused(f"The demo's processes ended. The end of {LOG}:\n{log_tail()}")
    except Ended:
        say("\nEnding …")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        demo.end()
    say("Ended. The data are kept.")


def reset() -> None:
    """Delete the demo's data.

    Raises:
        Refused: it runs.
    """
    if VAR.is_dir():
        held = hold()
        embedded.forget(VAR)
        held.close()
    shutil.rmtree(VAR, ignore_errors=True)
    say("The demo's data are deleted.")


if __name__ == "__main__":
    try:
        reset() if sys.argv[1:] == ["reset"] else run()
    except (Refused, embedded.NotStarted) as error:
        sys.exit(f"\n{error}")
    except Ended:
        sys.exit(1)
