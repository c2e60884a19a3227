"""What is measured and rehearsed runs in here: tables of its own, and gunicorn on a free port of loopback."""

from __future__ import annotations

import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path

from aimcert import embedded

ROOT = Path(__file__).resolve().parent.parent


def environment(servers: embedded.Servers, var: Path) -> dict[str, str]:
    """What the processes see that keep their files in `var`; the floor shares all of it."""
    left_out = {"DATABASE_OWNER_URL", "AIMCERT_DEMO", "CSRF_TRUSTED_ORIGINS", "FILES_STORAGE"}
    return {name: value for name, value in os.environ.items() if name not in left_out} | {
        "AIMCERT_TEST": "1",
        "AIMCERT_VAR": str(var),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "SITE_URL": "http://127.0.0.1",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": servers.database_url(embedded.APP),
        "REDIS_URL": servers.redis_url(),
        "EMAIL_HOST": "127.0.0.1",
        "STATIC_ROOT": str(var / "static"),
        "FILES_DIR": str(var / "files"),
        "DJANGO_SETTINGS_MODULE": "aimcert.settings",
        "LOG_LEVEL": "WARNING",
        "PYTHONWARNINGS": "ignore",
    }


def make_tables(env: dict[str, str], servers: embedded.Servers, *, fresh: bool) -> None:
    """The tables, and the static files.

    Args:
        fresh: whether empty tables take the place of whatever was there.
    """
    owner = env | {"DATABASE_OWNER_URL": servers.database_url(embedded.OWNER)}
    manage = [sys.executable, "manage.py"]
    emptying = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
    drop = f"from django.db import connection; connection.cursor().execute('{emptying}')"
    first = [["shell", "-v0", "-c", drop]] if fresh else []
    for command in (*first, ["migrate", "-v0"], ["createcachetable", "-v0"]):
        subprocess.run([*manage, *command], cwd=ROOT, env=owner, check=True)
    subprocess.run([*manage, "collectstatic", "--noinput", "-v0"], cwd=ROOT, env=env, check=True)


def started(name: str, command: Sequence[str], env: dict[str, str], var: Path) -> subprocess.Popen[bytes]:
    """A process that ends with this one; what it says is in `name`.log."""
    with (var / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=embedded.die_with_parent(),
        )


def serve(
    module: str, port: int, env: dict[str, str], var: Path, *, workers: int = 2, preload: bool = False
) -> subprocess.Popen[bytes]:
    """gunicorn with sync workers, which end with this process.

    Args:
        preload: whether the master loads the application, so that a worker is replaced at once.
    """
    command = [sys.executable, "-m", "gunicorn", module, "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(workers), "--reuse-port", "--no-control-socket", "--log-level", "warning"]
    command += ["--preload"] if preload else []
    return started(module.split(".")[0], command, env, var)


def serve_both(env: dict[str, str], var: Path) -> tuple[list[subprocess.Popen[bytes]], int, int]:
    """Ours and the floor, ready to be asked.

    Returns:
        Both processes, our port and the floor's.

    Raises:
        NotTheFloor: what was started as the floor is not, or ours is: a ratio would compare one with itself.
    """
    ours, floor = free_port(), free_port()
    # In the environment, since gunicorn.conf.py reads the settings before it loads what it serves.
    bare = env | {"DJANGO_SETTINGS_MODULE": "bench.floor.settings"}
    processes = [serve("aimcert.wsgi", ours, env, var), serve("bench.floor.wsgi", floor, bare, var)]
    for port in (ours, floor):
        wait_for(port, var)
    if is_floor(ours) or not is_floor(floor):
        raise NotTheFloor(f"Port {ours} is to be ours, and {floor} the floor's: see {var}")
    return processes, ours, floor


class NotTheFloor(Exception):
    """A server answers as the other one would."""


def is_floor(port: int) -> bool:
    """Whether the floor's settings and pages are what answers there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/floor/")
        return connection.getresponse().status == HTTPStatus.NO_CONTENT
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def wait_for(port: int, var: Path) -> None:
    """Until somebody listens there, a minute at most."""
    for _ in range(600):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"Nothing listens on port {port}: see {var}")
