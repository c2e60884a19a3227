"""Runs one server in the foreground, in place of this process, or forgets a run folder."""

from __future__ import annotations

import argparse
import os
import pwd
import signal
from pathlib import Path

from aimcert.embedded.folders import UNPRIVILEGED, bare_environment
from aimcert.embedded.postgres import postgres_command, prepare_postgres
from aimcert.embedded.redis import redis_command
from aimcert.embedded.servers import end_with, forget


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
    end_with(parent, stop_signal)
    os.chdir("/")
    os.execve(command[0], command, bare_environment(Path("/")))  # noqa: S606 (no shell is wanted)  # nosec B606


if __name__ == "__main__":
    main()
