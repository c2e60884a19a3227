"""The environment of one test process, set before Django's settings load: servers, ports, folders.

The first process (xdist's controller, or the only one) starts PostgreSQL and Redis and names them in
TEST_DATABASE_OWNER_URL, TEST_DATABASE_URL and TEST_REDIS_URL; workers inherit these. Give all three
to use servers of your own. Each worker has its own database (by pytest-django), its own number in
Redis, its own ports and its own folders.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from aimcert import embedded

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var" / "test"
STATIC_ROOT = VAR / "static"
GIVEN = ("TEST_DATABASE_OWNER_URL", "TEST_DATABASE_URL", "TEST_REDIS_URL")

# "" where xdist is not used, else "gw0", "gw1", …
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")

# Bound now and held, so that nobody else takes the ports before their servers start.
_held: list[socket.socket] = []


def free_port() -> int:
    """A port of the loopback interface, held for its server: both bind it, and only the server listens."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    held.bind(("127.0.0.1", 0))
    _held.append(held)
    port: int = held.getsockname()[1]
    return port


def redis_number(url: str, number: int) -> str:
    """`url` with the database `number`, whether it names a socket or a host."""
    base, _, _ = url.partition("?")
    if base.startswith("redis+socket"):
        return f"{base}?virtual_host={number}"
    return f"{base.rsplit('/', 1)[0] if urlsplit(base).path else base}/{number}"


def _start_servers() -> None:
    """Start PostgreSQL and Redis for the whole test run, and end them with it."""
    VAR.mkdir(parents=True, exist_ok=True)
    for old in VAR.glob("run-*"):
        # The lock of a run that still lasts cannot be had.
        with suppress(OSError), (old / "in-use").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            embedded.forget(old)
    run_dir = Path(tempfile.mkdtemp(prefix="run-", dir=VAR))
    in_use = (run_dir / "in-use").open("w")
    fcntl.flock(in_use, fcntl.LOCK_EX)
    servers = embedded.start_servers(run_dir, durable=False)
    owner = os.getpid()

    def end() -> None:
        if os.getpid() == owner:
            servers.stop()
            embedded.forget(run_dir)
            in_use.close()

    atexit.register(end)
    os.environ["TEST_DATABASE_OWNER_URL"] = servers.database_url(embedded.OWNER)
    os.environ["TEST_DATABASE_URL"] = servers.database_url(embedded.APP)
    os.environ["TEST_REDIS_URL"] = servers.redis_url()
    os.environ["TEST_SECRET_KEY"] = secrets.token_urlsafe(48)
    os.environ["TEST_RUN_DIR"] = str(run_dir)
    os.environ["TEST_TEMPLATE"] = "aimcert_template"


def _own_folder() -> Path:
    """Where this process keeps files and logs."""
    run_dir = os.environ.get("TEST_RUN_DIR")
    if run_dir is None:
        run_dir = os.environ["TEST_RUN_DIR"] = tempfile.mkdtemp(prefix="aimcert-test-")
        atexit.register(shutil.rmtree, run_dir, ignore_errors=True)
    folder = Path(run_dir) / (WORKER or "alone")
    folder.mkdir(exist_ok=True)
    return folder


def prepare() -> None:
    """Set this process's environment; in the first process, start what all of them share.

    Raises:
        SystemExit: only some of the three URLs were given.
    """
    given = [name for name in GIVEN if os.environ.get(name)]
    if given and len(given) < len(GIVEN):
        raise SystemExit(f"Give all of {', '.join(GIVEN)}, or none of them.")
    if not given:
        _start_servers()
    number = int(WORKER.removeprefix("gw")) + 1 if WORKER else 0
    port, folder = free_port(), _own_folder()
    os.environ |= {
        # A test that is about the sample, or about first courses, asks for them itself.
        "SECOND_MARKING": "0 0 0",
        "DJANGO_SETTINGS_MODULE": "aimcert.settings",
        "AIMCERT_TEST": "1",
        "SECRET_KEY": os.environ.setdefault("TEST_SECRET_KEY", secrets.token_urlsafe(48)),
        "SITE_URL": f"http://127.0.0.1:{port}",
        # Browsers make passkeys for names alone.
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "DATABASE_OWNER_URL": os.environ["TEST_DATABASE_OWNER_URL"],
        "DATABASE_URL": os.environ["TEST_DATABASE_URL"],
        "REDIS_URL": redis_number(os.environ["TEST_REDIS_URL"], number),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(free_port()),
        "AIMCERT_VAR": str(folder),
        "FILES_DIR": str(folder / "files"),
        "STATIC_ROOT": str(STATIC_ROOT),
        # Playwright's event loop runs in the test's own thread, where Django would refuse to query.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }
    for name in ("AIMCERT_DEMO", "CSRF_TRUSTED_ORIGINS", "FILES_STORAGE"):
        os.environ.pop(name, None)


def template_database() -> str:
    """The name of a database with every table, for each worker to copy; made by the first that asks.

    Migrating takes each worker many seconds, and copying none. Empty where it is not wanted: by one
    process alone, or on servers that were given, where it would be left behind.
    """
    name = os.environ.get("TEST_TEMPLATE", "")
    if not (WORKER and name):
        return ""
    owner = os.environ["DATABASE_OWNER_URL"]
    made = Path(os.environ["TEST_RUN_DIR"]) / name
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            connection = psycopg2.connect(owner)
            connection.autocommit = True
            connection.cursor().execute(f'CREATE DATABASE "{name}"')
            connection.close()
            environment = os.environ | {"DATABASE_OWNER_URL": f"{owner.rsplit('/', 1)[0]}/{name}"}
            command = [sys.executable, "manage.py", "migrate", "-v0"]
            subprocess.run(command, cwd=ROOT, env=environment, check=True)
            made.touch()
    return name


def collect_static() -> None:
    """Collect the static files, where they changed since the last time; a page fails without them."""
    manifest = STATIC_ROOT / "staticfiles.json"
    sources = [
        ROOT / "package-lock.json",
        ROOT / "aimcert/foundation/static_files.py",
        *(ROOT / "static").rglob("*"),
    ]
    newest = max(path.stat().st_mtime for path in sources)
    if manifest.exists() and manifest.stat().st_mtime > newest:
        return
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(command, cwd=ROOT, check=True)
    os.utime(manifest)
