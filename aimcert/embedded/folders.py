"""Where the servers' data, secrets and sockets lie: private folders, reachable by the user they run as."""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

# The longest path of a unix socket.
SOCKET_PATH_BYTES = 107
# PostgreSQL refuses to run as root, so there it runs as this user, which every system has.
UNPRIVILEGED = "nobody"
# In a folder elsewhere, the file that says which link leads to it.
LINKED_FROM = "linked-from"


class NotStarted(RuntimeError):
    """A server did not start; the message says where its log is."""


@contextmanager
def locked(run_dir: Path) -> Iterator[None]:
    """Hold `run_dir`'s lock, so that two processes never prepare the same folder at once."""
    run_dir.mkdir(parents=True, exist_ok=True)
    with (run_dir / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def kept_secret(run_dir: Path, name: str) -> str:
    """The secret `name` of `run_dir`, made up at first and kept in its secrets.json (mode 0600)."""
    with locked(run_dir):
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


def system_home() -> Path:
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


def name_link(folder: Path, link: Path) -> None:
    """Write into `folder` that `link` leads to it, and no other."""
    (folder / LINKED_FROM).write_text(str(link.parent.resolve() / link.name))


def is_ours(link: Path) -> bool:
    """Whether the folder that `link` leads to names it; a copy of a checkout has a copy of the link."""
    try:
        return (link / LINKED_FROM).read_text() == str(link.parent.resolve() / link.name)
    except OSError:
        return False


def socket_folder(home: Path, name: str) -> Path:
    """A private folder for the socket `name`: `home`/sockets, or a short one where that is too long."""
    folder = home / "sockets"
    usable = folder.is_dir() and (is_ours(folder) or not folder.is_symlink())
    if usable and len(os.fsencode(folder.resolve() / name)) <= SOCKET_PATH_BYTES:
        return folder.resolve()
    if folder.is_dir() and not folder.is_symlink():
        # It came here with a checkout that was moved or copied from a shorter path.
        shutil.rmtree(folder)
    folder.unlink(missing_ok=True)
    if len(os.fsencode(folder / name)) <= SOCKET_PATH_BYTES:
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, home.stat().st_uid, home.stat().st_gid)
        return folder
    short = Path(tempfile.mkdtemp(prefix="aimcert-"))
    folder.symlink_to(short)
    name_link(short, folder)
    return short


def package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise NotStarted(f"The package {name} is missing: install requirements-dev.txt.")
    return Path(next(iter(spec.submodule_search_locations)))


def as_unprivileged() -> dict[str, Any]:
    """What `subprocess` needs to leave root: nothing for anyone else."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(UNPRIVILEGED)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def bare_environment(home: Path) -> dict[str, str]:
    """No secret of ours reaches the server's environment."""
    return {"PATH": "/usr/bin:/bin", "HOME": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
